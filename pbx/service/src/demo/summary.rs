//! The sums of a finished demo.

use super::state::State;
use crate::store::{self, Store};
use hutong_api::{Lang, texts};
use serde::Serialize;
use std::path::Path;

/// The last line of `--finish --json`. Money in micro-yuan; charges and fees positive. `dialled` and `answered` count
/// numbers, not attempts.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    leads: u64,
    imported: u64,
    duplicates: u64,
    bad: u64,
    blocked: u64,
    dialled: u64,
    answered: u64,
    to_agent: u64,
    abandoned: u64,
    recordings: u64,
    cdrs: u64,
    top_ups_micro_yuan: i64,
    charges_micro_yuan: i64,
    seat_fees_micro_yuan: i64,
    corrections_micro_yuan: i64,
    balance_micro_yuan: i64,
    /// Every invariant of the books and the records holds.
    pub reconciled: bool,
    seconds: f64,
    /// What does not agree; empty when reconciled.
    faults: Vec<String>,
    data: String,
}

pub(super) async fn of(store: &Store, state: &State, data: &Path, seconds: f64) -> anyhow::Result<Summary> {
    let company = state.company;
    let sums = store.read(move |conn| store::sums(conn, company)).await?;
    Ok(Summary {
        leads: sums.leads,
        imported: sums.imported,
        duplicates: sums.duplicates,
        bad: sums.bad,
        blocked: sums.blocked,
        dialled: sums.dialled,
        answered: sums.answered,
        to_agent: sums.to_agent,
        abandoned: sums.abandoned,
        recordings: sums.recordings,
        cdrs: sums.cdrs,
        top_ups_micro_yuan: sums.top_ups.0,
        charges_micro_yuan: sums.charges.0,
        seat_fees_micro_yuan: sums.seat_fees.0,
        corrections_micro_yuan: sums.corrections.0,
        balance_micro_yuan: sums.balance.0,
        reconciled: sums.reconciled(),
        seconds: (seconds * 1_000.0).round() / 1_000.0,
        faults: sums.faults,
        data: data.display().to_string(),
    })
}

impl Summary {
    /// A line a figure, as people read it.
    pub(super) fn text(&self, lang: Lang) -> String {
        let money = |micro: i64| hutong_api::Micro(micro).to_string();
        let verdict = if self.reconciled { "cli.demo.reconciled" } else { "cli.demo.not_reconciled" };
        let args: [(&str, String); 16] = [
            ("leads", self.leads.to_string()),
            ("imported", self.imported.to_string()),
            ("duplicates", self.duplicates.to_string()),
            ("bad", self.bad.to_string()),
            ("blocked", self.blocked.to_string()),
            ("dialled", self.dialled.to_string()),
            ("answered", self.answered.to_string()),
            ("to_agent", self.to_agent.to_string()),
            ("abandoned", self.abandoned.to_string()),
            ("recordings", self.recordings.to_string()),
            ("top_ups", money(self.top_ups_micro_yuan)),
            ("charges", money(self.charges_micro_yuan)),
            ("seat_fees", money(self.seat_fees_micro_yuan)),
            ("balance", money(self.balance_micro_yuan)),
            ("seconds", format!("{:.0}", self.seconds)),
            ("verdict", texts::text(lang, verdict).to_owned()),
        ];
        let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let mut text = texts::fill(lang, "cli.demo.summary", &args);
        for fault in &self.faults {
            text.push_str(&format!("  ! {fault}\n"));
        }
        text
    }
}
