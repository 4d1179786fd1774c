//! 弹屏设置 (F103).

use crate::desk::{
    Answer, Fault, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    query::Source,
    work,
};
use hutong_api::{Refusal, catalogue::pages::pop_settings::PAGE};
use rusqlite::{Transaction, types::Value};

pub static SOURCE: Source = Source {
    from: "pop_setting c",
    cells: &[
        cell("kind", Show::KeyOrText, "'@catalogue.pop_settings.kind.' || c.kind"),
        cell("moment", Show::Choice, "c.moment"),
        cell("url", Show::Plain, "c.url"),
    ],
    form: &[cell("moment", Show::Plain, "c.moment"), cell("url", Show::Plain, "c.url")],
    save,
    ..Source::of(&PAGE)
};

/// What a template may name; the shell fills it in.
pub const NAMES: [&str; 4] = ["phone", "name", "call", "seat"];

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let id = id.ok_or_else(|| Fault::from(Refusal::new("page.no_action")))?;
    if let Some(url) = values.get("url").filter(|url| !url.is_empty()) {
        template(url)?;
    }
    let columns: Vec<(&str, Value)> =
        ["moment", "url"].into_iter().filter_map(|name| Some((name, form::text_value(values, name)?))).collect();
    form::update(tx, "pop_setting", who.company.0, id, &columns)?;
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}

/// An http(s) address whose host is fixed: what a caller is called must not decide where the agent's page goes.
fn template(url: &str) -> Answer<()> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let rest = rest.ok_or_else(|| Fault::from(Refusal::new("setting.url")))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || host.contains(['{', '}', '@', '\\']) || url.contains(char::is_whitespace) {
        return Err(Refusal::new("setting.url").into());
    }
    for part in rest.split('{').skip(1) {
        let name = part.split_once('}').map_or(part, |(name, _)| name);
        if !NAMES.contains(&name) || !part.contains('}') {
            return Err(Refusal::new("setting.url_name").with("name", name).into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::desk::{After, page, sample};
    use hutong_core::io::{PopKind, Setting};

    #[test]
    fn a_template_is_checked_and_reaches_the_engine() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let save = |id, url: &str| {
            let values = [("url".to_owned(), url.to_owned()), ("moment".to_owned(), "at_answer".to_owned())];
            page::save(&tx, &who, "pop_settings", Some(id), &values.into())
        };
        let saved = save(1, "https://crm.example/open?tel={phone}&who={name}&call={call}&seat={seat}").unwrap();
        let [After::Setting(setting), After::Changed { .. }] = saved.after.as_slice() else { panic!("{saved:?}") };
        let Setting::Company(cfg) = &**setting else { panic!("{setting:?}") };
        let rule = cfg.work.pops.iter().find(|rule| rule.kind == PopKind::Outbound).unwrap();
        assert!(rule.at_answer && rule.url.starts_with("https://crm.example/"));
        assert_eq!(cfg.work.pops.len(), 3);
        let code = |answer: Answer<Saved>| match answer {
            Err(Fault::Refused(refusal)) => refusal.code.into_owned(),
            other => format!("{other:?}"),
        };
        for bad in ["javascript:alert(1)", "crm.example", "https://{phone}.example/", "https:///x", "https://a@{name}"]
        {
            assert_eq!(code(save(1, bad)), "setting.url", "{bad}");
        }
        for bad in ["https://crm.example/{mobile}", "https://crm.example/{phone"] {
            assert_eq!(code(save(1, bad)), "setting.url_name", "{bad}");
        }
        assert_eq!(code(save(4, "")), "row.unknown", "another company's");
        save(1, "").unwrap();
    }
}
