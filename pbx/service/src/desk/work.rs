//! 系统设置 as the agents' work needs them: for their pages (GET /api/work), and what live work hears of a change.

use super::{Answer, Who, cell::Show, cfg, page::After, pages::busy_reasons};
use crate::store;
use hutong_api::{
    CompanyId, SeatId,
    page::{BusyReason, WorkView},
};
use hutong_core::io::Setting;
use rusqlite::{Connection, types::Value};

/// The engine gets the company's rules anew, and its pages are told which of them changed.
pub fn changed(conn: &Connection, company: CompanyId, page: &'static str) -> Answer<Vec<After>> {
    let setting = Setting::Company(cfg::company(conn, company)?);
    Ok(vec![After::Setting(Box::new(setting)), After::Changed { company, page }])
}

pub fn view(conn: &Connection, who: &Who) -> Answer<WorkView> {
    let rules = store::boot::work(conn, who.company)?;
    let own = rules.wrap_of.iter().find(|(department, _)| who.department == Some(department.0));
    let wrap = own.map_or(rules.wrap, |(_, wrap)| *wrap);
    Ok(WorkView {
        busy_reasons: reasons(conn, who)?,
        wrap_s: wrap.seconds,
        wrap_more_s: wrap.more_s,
        must_save: wrap.must_save,
        pop_busy: pop_busy(conn, who.seat)?,
        // No call is handed to a survey yet.
        survey_button: false,
    })
}

fn pop_busy(conn: &Connection, seat: SeatId) -> Answer<bool> {
    Ok(conn.query_row("SELECT pop_busy FROM seat WHERE id = ?1", [seat.0], |row| row.get(0))?)
}

fn reasons(conn: &Connection, who: &Who) -> Answer<Vec<BusyReason>> {
    let sql = format!(
        "SELECT c.code, {}, c.colour, c.max_minutes FROM busy_reason c
         WHERE c.company_id = ?1 AND c.enabled = 1 ORDER BY c.sort, c.id",
        busy_reasons::NAME
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([who.company.0], |row| {
        let label: Value = row.get(1)?;
        Ok(BusyReason {
            code: row.get(0)?,
            label: Show::KeyOrText.cell(&label, who),
            colour: row.get(2)?,
            max_minutes: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::desk::{Fault, Saved, page, sample};
    use hutong_api::{Lang, SeatId};
    use hutong_core::io::{CompanyCfg, WrapCfg};
    use std::collections::BTreeMap;

    fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    /// The company as the engine hears of it, which must come with the news for the pages.
    fn told(saved: &Saved, page: &'static str) -> CompanyCfg {
        let [After::Setting(setting), After::Changed { company: CompanyId(1), page: told }] = saved.after.as_slice()
        else {
            panic!("{saved:?}")
        };
        assert_eq!(*told, page);
        match &**setting {
            Setting::Company(cfg) => cfg.clone(),
            other => panic!("{other:?}"),
        }
    }

    fn code(answer: Answer<Saved>) -> String {
        match answer {
            Err(Fault::Refused(refusal)) => refusal.code.into_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_company_starts_with_the_manuals_reasons_in_the_readers_language() {
        let conn = sample::database();
        let mut who = sample::who(1, "agent");
        let view = super::view(&conn, &who).unwrap();
        let codes: Vec<_> = view.busy_reasons.iter().map(|r| r.code.as_str()).collect();
        assert_eq!(codes, ["break", "meal", "training", "meeting", "dialling_out"]);
        assert_eq!((view.busy_reasons[0].label.as_str(), view.busy_reasons[4].label.as_str()), ("小休", "外拨"));
        assert_eq!((view.wrap_s, view.wrap_more_s, view.must_save, view.pop_busy), (15, 30, false, false));
        who.lang = Lang::En;
        assert_eq!(super::view(&conn, &who).unwrap().busy_reasons[0].label, "break");
    }

    #[test]
    fn reasons_are_added_switched_off_and_told() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let save = |id, pairs: &[(&str, &str)]| page::save(&tx, &who, "busy_reasons", id, &values(pairs));
        let made = save(None, &[("name", "点名"), ("max_people", "2"), ("sort", "0")]).unwrap();
        let cfg = told(&made, "busy_reasons");
        let rule = cfg.work.busy.last().unwrap();
        assert_eq!((rule.max_people, rule.max_minutes, rule.enabled), (2, 0, true));
        assert_eq!(view(&tx, &who).unwrap().busy_reasons[0].label, "点名", "by order");
        let off = save(Some(made.id), &[("enabled", "false")]).unwrap();
        assert!(!told(&off, "busy_reasons").work.busy.last().unwrap().enabled);
        assert_eq!(view(&tx, &who).unwrap().busy_reasons.len(), 5);
        assert_eq!(code(save(None, &[])), "field.required");
        assert_eq!(code(save(None, &[("name", "x"), ("code", "pop")])), "field.bad");
        assert_eq!(code(save(None, &[("name", "x"), ("code", "meal")])), "field.taken");
        assert_eq!(code(save(None, &[("name", "x"), ("colour", "red")])), "field.bad");
        assert_eq!(code(save(Some(made.id), &[("name", "")])), "field.required");
        assert_eq!(code(save(Some(1), &[("name", "")])).split('(').next(), Some("Ok"), "a seeded one has its text");
        assert_eq!(code(save(Some(1), &[("max_minutes", "1441")])), "field.range");
    }

    #[test]
    fn the_last_reason_stays() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let delete = |id| page::act(&tx, &who, "busy_reasons", "delete", id, &values(&[]));
        (1..=4).for_each(|id| drop(told(&delete(id).unwrap(), "busy_reasons")));
        assert_eq!(code(delete(5)), "setting.last_reason");
        assert_eq!(code(delete(6)), "row.unknown", "another company's");
    }

    #[test]
    fn a_department_has_a_wrap_up_of_its_own() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let save = |id, pairs: &[(&str, &str)]| page::save(&tx, &who, "wrap_settings", id, &values(pairs));
        let made =
            save(None, &[("department", "2"), ("seconds", "60"), ("more_s", "0"), ("must_save", "true")]).unwrap();
        let own = WrapCfg { seconds: 60, more_s: 0, must_save: true, after_failed: true };
        let cfg = told(&made, "wrap_settings");
        assert_eq!(cfg.work.wrap_of, [(hutong_api::DepartmentId(2), own)]);
        let seen =
            |role: &str| view(&tx, &sample::who(1, role)).map(|v| (v.wrap_s, v.wrap_more_s, v.must_save)).unwrap();
        assert_eq!((seen("agent"), seen("admin")), ((60, 0, true), (15, 30, false)));
        assert_eq!(told(&save(Some(1), &[("seconds", "0")]).unwrap(), "wrap_settings").work.wrap.seconds, 0);
        assert_eq!(code(save(None, &[("department", "2")])), "field.taken");
        assert_eq!(code(save(None, &[("department", "12")])), "row.unknown", "another company's");
        assert_eq!(code(save(None, &[])), "field.required");
        let delete = |id| page::act(&tx, &who, "wrap_settings", "delete", id, &values(&[]));
        assert_eq!(code(delete(1)), "setting.company_row");
        assert_eq!(told(&delete(made.id).unwrap(), "wrap_settings").work.wrap_of, []);
    }

    #[test]
    fn the_seat_option_reaches_the_engine_and_the_seats_page() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let saved =
            page::save(&tx, &sample::who(1, "admin"), "seats", Some(4), &values(&[("pop_busy", "true")])).unwrap();
        let Some(After::Setting(setting)) = saved.after.first() else { panic!("{saved:?}") };
        assert!(matches!(&**setting, Setting::Seat(cfg) if cfg.pop_busy && cfg.id == SeatId(4)));
        assert!(view(&tx, &sample::who(1, "agent")).unwrap().pop_busy);
    }
}
