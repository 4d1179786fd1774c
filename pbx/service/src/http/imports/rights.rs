//! Who may import what, and to whom.

use crate::{
    desk::{Reach, Who, page},
    http::{caller::Caller, face::Face, problem::Problem},
};
use hutong_api::{CompanyId, Refusal, SeatId};
use rusqlite::{OptionalExtension, params_from_iter, types::Value};
use std::collections::BTreeSet;

pub(super) fn may_look(caller: &Caller, page: &str) -> Result<(), Problem> {
    match page {
        "customers" | "blocklist" | "seats" => Ok(page::permitted(caller, page, "import").map(drop)?),
        "campaigns" | "preview_tasks" => {
            let allowed = page::permitted(caller, page, "append").or_else(|_| page::permitted(caller, page, "add"));
            Ok(allowed.map(drop)?)
        }
        _ => Err(Problem::new("page.no_action")),
    }
}

/// The seats whose customers the person manages; None = everybody's.
pub(super) async fn reach(face: &Face, who: &Who) -> Result<Option<BTreeSet<SeatId>>, Problem> {
    if who.reach == Reach::All {
        return Ok(None);
    }
    let who = who.clone();
    let found = face.read(move |conn| {
        let mut params = vec![Value::Integer(who.company.0)];
        let within = who.reaches("id IN ({})", "id", &mut params);
        let mut statement = conn.prepare(&format!("SELECT id FROM seat WHERE company_id = ?1 AND {within}"))?;
        let seats = statement.query_map(params_from_iter(params), |row| Ok(SeatId(row.get(0)?)))?;
        Ok(seats.collect::<Result<_, _>>()?)
    });
    Ok(Some(found.await?))
}

/// Those chosen, each once, if all of them are seats the person manages.
pub(super) async fn owners(
    face: &Face,
    company: CompanyId,
    chosen: Vec<SeatId>,
    reach: Option<BTreeSet<SeatId>>,
) -> Result<Vec<SeatId>, Problem> {
    let mut owners = Vec::new();
    for seat in chosen {
        if !owners.contains(&seat) {
            owners.push(seat);
        }
    }
    let asked = owners.clone();
    let known = face.read(move |conn| {
        let sql = "SELECT EXISTS (SELECT 1 FROM seat WHERE id = ?1 AND company_id = ?2 AND deleted IS NULL)";
        let mut statement = conn.prepare(sql)?;
        for seat in &asked {
            let there: bool = statement.query_row([seat.0, company.0], |row| row.get(0))?;
            if !there || reach.as_ref().is_some_and(|reach| !reach.contains(seat)) {
                return Err(Refusal::new("import.owner_unknown").into());
            }
        }
        Ok(())
    });
    known.await?;
    Ok(owners)
}

/// Who may import where: customers by their word; numbers by `append`, or by `add` into a campaign of one's own making.
pub(super) async fn allowed(face: &Face, caller: &Caller, page: &str, campaign: Option<i64>) -> Result<(), Problem> {
    match (page, campaign) {
        ("customers" | "blocklist" | "seats", _) => Ok(page::permitted(caller, page, "import").map(drop)?),
        ("campaigns" | "preview_tasks", Some(id)) => {
            page::permitted(caller, page, "append").or_else(|_| page::permitted(caller, page, "add"))?;
            let (who, page) = (caller.who.clone(), page.to_owned());
            face.read(move |conn| page::source(&page)?.fact(conn, &who, id).map(drop)).await
        }
        _ => Err(Problem::new("page.no_action")),
    }
}

/// 同步到客户资料 ticked when the campaign was made holds for whatever is appended later.
pub(super) async fn campaign_syncs(face: &Face, campaign: Option<i64>) -> Result<bool, Problem> {
    let Some(id) = campaign else { return Ok(false) };
    let sql = "SELECT sync_customers FROM campaign WHERE id = ?1";
    face.read(move |conn| Ok(conn.query_row(sql, [id], |row| row.get(0)).optional()?.unwrap_or(false))).await
}
