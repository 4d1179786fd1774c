//! Logins that failed, in the audit of the company that was named: which account, from where. A flood cannot fill the table.

use super::face::Face;
use crate::desk::audit;
use hutong_api::CompanyId;
use std::{
    collections::BTreeMap,
    sync::Mutex,
    time::{Duration, Instant},
};

/// Rows in an hour, of one company and of one client there; one more says that there are more.
pub const OF_COMPANY: u32 = 100;
pub const OF_CLIENT: u32 = 20;
const WINDOW: Duration = Duration::from_secs(3600);
/// Characters kept of an account as typed.
const ACCOUNT: usize = 32;

#[derive(Debug, Default)]
pub struct Failures {
    windows: Mutex<BTreeMap<CompanyId, Window>>,
}

#[derive(Debug)]
struct Window {
    began: Instant,
    rows: u32,
    /// At most as many clients as rows.
    clients: BTreeMap<String, u32>,
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Note,
    /// The last row for now.
    Many,
    Drop,
}

impl Failures {
    fn judge(&self, company: CompanyId, client: &str, now: Instant) -> Verdict {
        let mut windows = self.windows.lock().unwrap_or_else(|e| e.into_inner());
        let fresh = || Window { began: now, rows: 0, clients: BTreeMap::new() };
        let window = windows.entry(company).or_insert_with(fresh);
        if now.duration_since(window.began) >= WINDOW {
            *window = fresh();
        }
        if window.rows > OF_COMPANY {
            return Verdict::Drop;
        }
        let of_client = window.clients.entry(client.to_owned()).or_default();
        *of_client += 1;
        match *of_client {
            many if many > OF_CLIENT + 1 => return Verdict::Drop,
            _ => window.rows += 1,
        }
        if *of_client > OF_CLIENT || window.rows > OF_COMPANY { Verdict::Many } else { Verdict::Note }
    }
}

/// Apart from the answer, whose time must not tell whether there is such a company.
pub fn note(face: &Face, code: String, account: &str, client: String) {
    let account: String = account.chars().filter(|c| !c.is_control()).take(ACCOUNT).collect();
    let face = face.clone();
    tokio::spawn(async move {
        let found = face.read(move |conn| audit::company(conn, &code)).await;
        let Ok(Some(company)) = found else { return };
        let action = match face.failures.judge(company, &client, Instant::now()) {
            Verdict::Note => "login_failed",
            Verdict::Many => "login_failed_many",
            Verdict::Drop => return,
        };
        let written = face.write(move |tx| audit::nobody(tx, company, &client, action, &account)).await;
        if let Err(problem) = written {
            tracing::warn!(code = %problem.0.code, "a failed login is not in the audit");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_told_once_and_then_dropped_until_the_hour_is_over() {
        let (failures, start) = (Failures::default(), Instant::now());
        let company = CompanyId(1);
        let count = |client: &str, tries: u32, at| {
            let mut rows = 0;
            for _ in 0..tries {
                rows += u32::from(failures.judge(company, client, at) != Verdict::Drop);
            }
            rows
        };
        assert_eq!(count("10.0.0.1", 500, start), OF_CLIENT + 1);
        assert_eq!(failures.judge(company, "10.0.0.2", start), Verdict::Note, "another client is still written down");
        let mut rows = OF_CLIENT + 2;
        for n in 0..1_000 {
            rows += count(&format!("10.1.{}.{}", n / 250, n % 250), 3, start);
        }
        assert_eq!(rows, OF_COMPANY + 1);
        assert_eq!(failures.judge(CompanyId(2), "10.0.0.1", start), Verdict::Note, "another company");
        assert_eq!(failures.judge(company, "10.0.0.1", start + WINDOW), Verdict::Note);
    }
}
