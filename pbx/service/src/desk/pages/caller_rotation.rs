//! 呼叫轮询 (F105): acts on the next dial decision.

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    query::{By, Source},
    unknown, work,
};
use hutong_api::{Refusal, catalogue::pages::caller_rotation::PAGE};
use rusqlite::{OptionalExtension, Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "caller_rotation c LEFT JOIN trunk t ON t.id = c.trunk_id LEFT JOIN number_group g ON g.id = c.group_id \
           LEFT JOIN campaign k ON k.id = c.campaign_id",
    cells: &[
        cell("campaign", Show::Plain, "k.name"),
        cell("group", Show::Plain, "g.name"),
        cell("trunk", Show::Plain, "t.name"),
        cell("policy", Show::Choice, "c.policy"),
        cell("per_hour", Show::Plain, "c.per_hour"),
        cell("per_day", Show::Plain, "c.per_day"),
    ],
    filters: &[("trunk", By::Is("c.trunk_id")), ("group", By::Is("c.group_id"))],
    form: &[
        cell("campaign", Show::Plain, "c.campaign_id"),
        cell("group", Show::Plain, "c.group_id"),
        cell("trunk", Show::Plain, "c.trunk_id"),
        cell("policy", Show::Plain, "c.policy"),
        cell("per_hour", Show::Plain, "c.per_hour"),
        cell("per_day", Show::Plain, "c.per_day"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    ..Source::of(&PAGE)
};

/// Form field, its column, and the table whose row it names.
const TARGETS: [(&str, &str, &str); 3] =
    [("campaign", "campaign_id", "campaign"), ("group", "group_id", "number_group"), ("trunk", "trunk_id", "trunk")];

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut columns = Vec::new();
    columns.extend(form::text_value(values, "policy").map(|policy| ("policy", policy)));
    for field in ["per_hour", "per_day"] {
        columns.extend(form::within(&PAGE, values, field, 0, 100_000, who.lang)?.map(|n| (field, Value::Integer(n))));
    }
    let id = match id {
        Some(id) => {
            form::update(tx, "caller_rotation", who.company.0, id, &columns)?;
            id
        }
        None => {
            let name = target(tx, who, values, &mut columns)?;
            columns.push(("company_id", Value::Integer(who.company.0)));
            form::unique(form::insert(tx, "caller_rotation", &columns), &name)?
        }
    };
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}

/// What the rule is about: one of three, and the company's. Returns its name.
fn target(
    tx: &Transaction<'_>,
    who: &Who,
    values: &Values,
    columns: &mut Vec<(&'static str, Value)>,
) -> Answer<String> {
    let chosen: Vec<_> = TARGETS.iter().filter_map(|t| Some((t, form::int(values, t.0)?))).collect();
    let [((_, column, table), id)] = chosen.as_slice() else { return Err(Refusal::new("setting.one_target").into()) };
    let sql = format!("SELECT name FROM {table} WHERE id = ?1 AND company_id = ?2");
    let name: Option<String> = tx.query_row(&sql, params![id, who.company.0], |row| row.get(0)).optional()?;
    columns.push((column, Value::Integer(*id)));
    name.ok_or_else(unknown)
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    tx.execute("DELETE FROM caller_rotation WHERE id = ?1 AND company_id = ?2", params![id, who.company.0])?;
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::desk::sample::{code, values};
    use crate::desk::{After, page, sample};
    use hutong_core::io::{CallerPolicy, CallerTarget, Setting};

    #[test]
    fn groups_and_rules_reach_the_engine_and_only_of_what_is_the_companys() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let save = |page: &str, pairs: &[(&str, &str)]| page::save(&tx, &who, page, None, &values(pairs));
        let callers = |saved: &Saved| match saved.after.first() {
            Some(After::Setting(setting)) => match &**setting {
                Setting::Company(cfg) => cfg.callers.clone(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
        let group = save("number_groups", &[("name", "厦门"), ("numbers", "0592 0000000\n05920000000")]).unwrap();
        assert_eq!(callers(&group).groups, [(group.id, vec!["05920000000".to_owned()])]);
        assert_eq!(code(save("number_groups", &[("name", "x"), ("numbers", "05920000001")])), "setting.not_our_number");
        let of_group = group.id.to_string();
        let rule =
            save("caller_rotation", &[("group", &of_group), ("policy", "least_used"), ("per_hour", "60")]).unwrap();
        let told = callers(&rule).rules[0];
        assert_eq!(
            (told.target, told.policy, told.per_hour),
            (CallerTarget::Group(group.id), CallerPolicy::LeastUsed, 60)
        );
        assert_eq!(code(save("caller_rotation", &[("group", &of_group)])), "field.taken");
        assert_eq!(code(save("caller_rotation", &[("group", &of_group), ("trunk", "1")])), "setting.one_target");
        assert_eq!(code(save("caller_rotation", &[])), "setting.one_target");
        assert_eq!(code(save("caller_rotation", &[("trunk", "11")])), "row.unknown", "another company's");
        let delete = |page: &str, id| page::act(&tx, &who, page, "delete", id, &values(&[]));
        assert_eq!(code(delete("number_groups", group.id)), "row.in_use");
        assert_eq!(callers(&delete("caller_rotation", rule.id).unwrap()).rules, []);
        let campaign = page::save(&tx, &who, "campaigns", Some(1), &values(&[("number_group", &of_group)])).unwrap();
        let Some(After::Setting(setting)) = campaign.after.first() else { panic!("{campaign:?}") };
        assert!(matches!(&**setting, Setting::Campaign(cfg) if cfg.number_group == Some(group.id)));
        assert_eq!(code(delete("number_groups", group.id)), "row.in_use");
        let none = page::save(&tx, &who, "campaigns", Some(1), &values(&[("number_group", "")])).unwrap();
        let Some(After::Setting(setting)) = none.after.first() else { panic!("{none:?}") };
        assert!(matches!(&**setting, Setting::Campaign(cfg) if cfg.number_group.is_none()));
    }
}
