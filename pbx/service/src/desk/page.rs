//! From a page's id to its SQL.

use super::{
    Answer, Fault, Who, form,
    pages::{self, campaign_defaults},
    query::Source,
};
use hutong_api::{
    CampaignId, CompanyId, Phone, Refusal, SeatId,
    catalogue::{self, ColumnView, Page, PageView, Place, page_view, pages::campaigns},
    page::RowReply,
};
use hutong_core::io::{BlockEntry, Setting};
use rusqlite::{Connection, Transaction};
use std::collections::BTreeMap;

/// What live work must hear once the transaction is committed.
#[derive(Debug, Clone, PartialEq)]
pub enum After {
    Setting(Box<Setting>),
    Block(BlockEntry),
    Unblock {
        company: CompanyId,
        phone: Phone,
        prefix: bool,
    },
    /// Numbers were added to a task by hand; or rows of a seat's own wait again.
    Leads {
        campaign: CampaignId,
        added: u32,
    },
    LeadsAgain {
        campaign: CampaignId,
        leads: u32,
    },
    /// What was done, for the person who asked, where "done" does not say it.
    Said(String),
    /// SIP reads the trunks again.
    Trunks,
    /// Media reads the prompts again.
    Prompts,
    /// The seat's sessions are gone; its sockets get Bye with this code.
    Kick(SeatId, &'static str),
    /// The company's open pages read this catalogue page's rows again.
    Changed {
        company: CompanyId,
        page: &'static str,
    },
}

/// A row written.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    pub id: i64,
    pub after: Vec<After>,
}

impl Saved {
    pub fn plain(id: i64) -> Saved {
        Saved { id, after: Vec::new() }
    }
}

pub fn source(page: &str) -> Answer<&'static Source<'static>> {
    let found = pages::ALL.iter().find(|source| source.page.id == page);
    found.copied().ok_or_else(|| Refusal::new("page.unknown").into())
}

/// The page's SQL as the person's company has set it.
pub fn with<T>(conn: &Connection, who: &Who, page: &str, work: impl FnOnce(&Source<'_>) -> Answer<T>) -> Answer<T> {
    let base = source(page)?;
    match base.overlay {
        None => work(base),
        Some(overlay) => overlay(conn, who)?.with(base, work),
    }
}

/// The catalogue as this person sees it: what his role permits, as his company has set it.
pub fn views(conn: &Connection, who: &Who) -> Answer<Vec<PageView>> {
    let mut views = catalogue::views(who.lang, &who.permissions);
    for view in &mut views {
        if view.id == campaigns::PAGE.id {
            let defaults = campaign_defaults::of_new_tasks(conn, who.company)?;
            for field in &mut view.form {
                field.default = defaults.get(field.id.as_str()).unwrap_or(&field.default).clone();
            }
        }
        if let Some(overlay) = source(&view.id)?.overlay {
            overlay(conn, who)?.apply(view, who.lang);
        }
    }
    Ok(views)
}

/// The columns of a page with their titles, for exports: who may export need not be one who may look.
pub fn columns(conn: &Connection, who: &Who, page: &str) -> Answer<Vec<ColumnView>> {
    let page = catalogue::find(page).ok_or_else(|| Fault::from(Refusal::new("page.unknown")))?;
    let mut view = page_view(page, who.lang, &who.permissions);
    if let Some(overlay) = source(page.id)?.overlay {
        overlay(conn, who)?.apply(&mut view, who.lang);
    }
    Ok(view.columns)
}

/// A form's values, checked against the page as the company has set it.
pub fn clean(
    conn: &Connection,
    who: &Who,
    page: &'static Page,
    typed: &BTreeMap<String, String>,
    new: bool,
) -> Answer<form::Values> {
    match source(page.id)?.overlay {
        None if new && page.id == campaigns::PAGE.id => {
            // What is not said is as the company has it (F50).
            let mut said = typed.clone();
            for (field, value) in campaign_defaults::of_new_tasks(conn, who.company)? {
                if said.get(field).is_none_or(|typed| typed.trim().is_empty()) {
                    said.insert(field.to_owned(), value);
                }
            }
            form::clean(page, &said, new, who.lang)
        }
        None => form::clean(page, typed, new, who.lang),
        Some(overlay) => overlay(conn, who)?.clean(typed, new, who.lang),
    }
}

/// Refused unless the page exists and the person may do this there.
pub fn permitted(who: &Who, page: &str, action: &str) -> Answer<&'static Page> {
    let page = catalogue::find(page).ok_or_else(|| Fault::from(Refusal::new("page.unknown")))?;
    if action != "view" && page.action(action).is_none() {
        return Err(Refusal::new("page.no_action").into());
    }
    match who.may(&page.word(action)) {
        true => Ok(page),
        false => Err(Refusal::new("permission.denied").with("word", page.word(action)).into()),
    }
}

pub fn get(conn: &Connection, who: &Who, page: &str, id: i64) -> Answer<RowReply> {
    permitted(who, page, "view")?;
    with(conn, who, page, |source| source.get(conn, who, id))
}

/// Adds (`id` None) or edits a row from a form's values.
pub fn save(
    tx: &Transaction<'_>,
    who: &Who,
    page_id: &str,
    id: Option<i64>,
    typed: &BTreeMap<String, String>,
) -> Answer<Saved> {
    let page = permitted(who, page_id, if id.is_some() { "edit" } else { "add" })?;
    if let Some(id) = id {
        source(page_id)?.fact(tx, who, id)?;
    }
    let values = clean(tx, who, page, typed, id.is_none())?;
    (source(page_id)?.save)(tx, who, id, &values, typed)
}

/// Acts on one row. What the engine decides (start, pause, redial …) does not come here.
pub fn act(
    tx: &Transaction<'_>,
    who: &Who,
    page_id: &str,
    action: &str,
    id: i64,
    args: &BTreeMap<String, String>,
) -> Answer<Saved> {
    let (page, args) = asked(who, page_id, action, args, |place| place != Place::Toolbar)?;
    source(page.id)?.fact(tx, who, id)?;
    (source(page.id)?.act)(tx, who, action, id, &args)
}

/// Does what a toolbar button asks, which concerns no row.
pub fn tool(
    tx: &Transaction<'_>,
    who: &Who,
    page_id: &str,
    action: &str,
    args: &BTreeMap<String, String>,
) -> Answer<Saved> {
    let (page, args) = asked(who, page_id, action, args, |place| place == Place::Toolbar)?;
    (source(page.id)?.tool)(tx, who, action, &args)
}

/// The page and the clean values of what its action asks, where the person may do it.
pub fn asked(
    who: &Who,
    page_id: &str,
    action: &str,
    args: &BTreeMap<String, String>,
    fits: fn(Place) -> bool,
) -> Answer<(&'static Page, form::Values)> {
    let page = permitted(who, page_id, action)?;
    match page.action(action) {
        Some(found) if fits(found.place) => Ok((page, form::clean_fields(page, found.asks, args, true, who.lang)?)),
        _ => Err(Refusal::new("page.no_action").into()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::desk::sample;
    use hutong_api::catalogue::Kind;

    #[test]
    fn every_page_has_sql_for_its_columns_filters_and_form() {
        for page in catalogue::all() {
            let source = source(page.id).unwrap();
            let columns: Vec<_> = page.columns.iter().map(|c| c.id).collect();
            assert_eq!(source.cells.iter().map(|c| c.id).collect::<Vec<_>>(), columns, "{}", page.id);
            let filters: Vec<_> = page.filters.iter().map(|f| f.id).collect();
            assert_eq!(source.filters.iter().map(|f| f.0).collect::<Vec<_>>(), filters, "{}", page.id);
            let secret = |kind| matches!(kind, Kind::File | Kind::Password);
            let form: Vec<_> = page.form.iter().filter(|f| !secret(f.kind)).map(|f| f.id).collect();
            if page.action("edit").is_some() {
                assert_eq!(source.form.iter().map(|c| c.id).collect::<Vec<_>>(), form, "{}", page.id);
            }
        }
    }

    fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    fn phone(digits: &str) -> Phone {
        Phone::from_digits(digits).unwrap()
    }

    #[test]
    fn live_work_hears_of_blocks_as_they_change() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let (who, company) = (sample::who(1, "admin"), CompanyId(1));
        let blocked = |digits: &str, outbound| After::Block(BlockEntry::number(company, phone(digits), outbound));
        let made = save(&tx, &who, "blocklist", None, &values(&[("phone", "+86 154-0000-0003")])).unwrap();
        assert_eq!(made.after, [blocked("15400000003", true)]);
        let edit = values(&[("phone", "15400000004"), ("direction", "inbound")]);
        let moved = save(&tx, &who, "blocklist", Some(made.id), &edit).unwrap();
        let unblocked = After::Unblock { company, phone: phone("15400000003"), prefix: false };
        assert_eq!(moved.after, [unblocked, blocked("15400000004", false)]);
        let gone = act(&tx, &who, "blocklist", "delete", made.id, &values(&[])).unwrap();
        assert_eq!(gone.after, [After::Unblock { company, phone: phone("15400000004"), prefix: false }]);
    }

    #[test]
    fn live_work_hears_of_settings_with_their_new_values() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let form =
            values(&[("name", "新"), ("script", "1"), ("trunk", "1"), ("run", "00:00~24:00"), ("channels", "3")]);
        let campaign = save(&tx, &who, "campaigns", None, &form).unwrap();
        let [After::Setting(setting)] = campaign.after.as_slice() else { panic!("{campaign:?}") };
        let Setting::Campaign(cfg) = &**setting else { panic!("{setting:?}") };
        assert_eq!((cfg.run, cfg.rest, cfg.ring_s, cfg.channels, cfg.company.0), ((0, 1440), (720, 840), 30, 3, 1));
        let trunk = save(&tx, &who, "trunks", Some(1), &values(&[("channels", "7"), ("enabled", "false")])).unwrap();
        let [After::Setting(setting), After::Trunks] = trunk.after.as_slice() else { panic!("{trunk:?}") };
        let Setting::Trunk(cfg) = &**setting else { panic!("{setting:?}") };
        assert_eq!((cfg.channels, cfg.enabled, cfg.callers.len(), cfg.price.0), (7, false, 1, 150_000));
        let seat = save(&tx, &who, "seats", Some(4), &values(&[("hide_numbers", "true")])).unwrap();
        let [After::Setting(setting), After::Kick(SeatId(4), _)] = seat.after.as_slice() else { panic!("{seat:?}") };
        assert!(matches!(&**setting, Setting::Seat(cfg) if cfg.hide_numbers && cfg.enabled));
    }

    #[test]
    fn departments_stay_a_tree() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let refused = |answer: Answer<Saved>| match answer {
            Err(Fault::Refused(refusal)) => refusal.code.into_owned(),
            other => format!("{other:?}"),
        };
        assert_eq!(refused(save(&tx, &who, "departments", Some(1), &values(&[("parent", "2")]))), "field.cycle");
        assert_eq!(refused(save(&tx, &who, "departments", Some(1), &values(&[("parent", "1")]))), "field.cycle");
        assert_eq!(refused(act(&tx, &who, "departments", "delete", 1, &values(&[]))), "row.in_use");
        let empty = save(&tx, &who, "departments", None, &values(&[("name", "空"), ("parent", "2")])).unwrap();
        act(&tx, &who, "departments", "delete", empty.id, &values(&[])).unwrap();
    }

    #[test]
    fn a_refusal_half_way_leaves_nothing() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let outcome: Result<(), Refusal> = super::super::all_or_nothing(&tx, |tx| {
            tx.execute("DELETE FROM customer", [])?;
            Err(Refusal::new("row.unknown").into())
        })
        .unwrap();
        assert!(outcome.is_err());
        let left: i64 = tx.query_row("SELECT count(*) FROM customer", [], |row| row.get(0)).unwrap();
        assert_eq!(left, 2);
    }
}
