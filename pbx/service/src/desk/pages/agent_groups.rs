//! 转坐席配置 (F51): acts on the next answered call and the next dial decision.

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    query::{By, Source},
    unknown, work,
};
use hutong_api::catalogue::pages::agent_groups::PAGE;
use rusqlite::{OptionalExtension, Transaction, params};

const SEATS: &str = "(SELECT group_concat(s.name || '(' || s.extension || ')', ' ') FROM agent_group_seat m \
                     JOIN seat s ON s.id = m.seat_id WHERE m.group_id = c.id AND s.deleted IS NULL)";
const CAMPAIGNS: &str = "(SELECT count(*) FROM campaign k WHERE k.agent_group = c.id AND k.deleted IS NULL)";

pub static SOURCE: Source = Source {
    from: "agent_group c",
    cells: &[
        cell("name", Show::Plain, "c.name"),
        cell("seats", Show::Plain, SEATS),
        cell("campaigns", Show::Plain, CAMPAIGNS),
    ],
    filters: &[("name", By::Like(&["c.name"]))],
    form: &[
        cell("name", Show::Plain, "c.name"),
        cell(
            "seats",
            Show::Plain,
            "(SELECT group_concat(m.seat_id, ',') FROM agent_group_seat m JOIN seat s ON s.id = m.seat_id \
             WHERE m.group_id = c.id AND s.deleted IS NULL)",
        ),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    ..Source::of(&PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let columns: Vec<_> = form::text_value(values, "name").map(|name| ("name", name)).into_iter().collect();
    let id = form::put(tx, who, "agent_group", id, columns, values.get("name").map_or("", String::as_str))?;
    if let Some(seats) = values.get("seats") {
        members(tx, who, id, &form::ids(seats).unwrap_or_default())?;
    }
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}

fn members(tx: &Transaction<'_>, who: &Who, group: i64, seats: &[i64]) -> Answer<()> {
    if seats.is_empty() {
        return Err(form::missing(&PAGE, "seats", who.lang));
    }
    tx.execute("DELETE FROM agent_group_seat WHERE group_id = ?1", [group])?;
    let ours = "SELECT id FROM seat WHERE id = ?1 AND company_id = ?2 AND deleted IS NULL";
    for seat in seats {
        let seat: Option<i64> = tx.query_row(ours, params![seat, who.company.0], |row| row.get(0)).optional()?;
        let seat = seat.ok_or_else(unknown)?;
        tx.execute("INSERT OR IGNORE INTO agent_group_seat (group_id, seat_id) VALUES (?1, ?2)", [group, seat])?;
    }
    Ok(())
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    form::remove_unused(tx, who, "agent_group", id, CAMPAIGNS)?;
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use crate::desk::sample::{code, values};
    use crate::desk::{After, page, sample};
    use hutong_core::io::{PacingMode, Setting};

    #[test]
    fn groups_and_pacing_reach_the_engine_and_hold_only_the_companys_seats() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let save =
            |page: &str, id: Option<i64>, pairs: &[(&str, &str)]| page::save(&tx, &who, page, id, &values(pairs));
        let group = save("agent_groups", None, &[("name", "一组"), ("seats", "1")]).unwrap();
        let Some(After::Setting(setting)) = group.after.first() else { panic!("{group:?}") };
        assert!(matches!(&**setting, Setting::Company(cfg) if cfg.groups[0].seats[0].0 == 1));
        assert_eq!(code(save("agent_groups", None, &[("name", "二组"), ("seats", "11")])), "row.unknown");
        assert_eq!(code(save("agent_groups", None, &[("name", "一组"), ("seats", "1")])), "field.taken");
        let of_group = group.id.to_string();
        let pairs = [("agent_group", of_group.as_str()), ("pacing", "power"), ("ratio", "2.5"), ("cap", "0.75")];
        let task = save("campaigns", Some(1), &pairs).unwrap();
        let Some(After::Setting(setting)) = task.after.first() else { panic!("{task:?}") };
        let Setting::Campaign(cfg) = &**setting else { panic!("{setting:?}") };
        assert_eq!((cfg.group, cfg.pacing.mode), (Some(group.id), PacingMode::Power));
        assert_eq!((cfg.pacing.ratio_tenths, cfg.pacing.cap_bp), (25, 75));
        for (field, bad) in [("ratio", "0.5"), ("ratio", "x"), ("cap", "11"), ("cap", "-1"), ("weight", "0")] {
            assert_eq!(code(save("campaigns", Some(1), &[(field, bad)])), "field.range", "{field} {bad}");
        }
        let delete = || page::act(&tx, &who, "agent_groups", "delete", group.id, &values(&[]));
        assert_eq!(code(delete()), "row.in_use");
        save("campaigns", Some(1), &[("agent_group", "")]).unwrap();
        delete().unwrap();
    }
}
