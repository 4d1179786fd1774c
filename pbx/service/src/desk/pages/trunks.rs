//! 线路 (F39). The secret is in no SELECT; peers and rates are changed on the box only.

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    cfg,
    form::{self, Values},
    page::After,
    query::{By, Source},
};
use hutong_api::{Refusal, catalogue::pages::trunks::PAGE};
use hutong_core::io::Setting;
use rusqlite::{Transaction, types::Value};

pub static SOURCE: Source = Source {
    from: "trunk c",
    cells: &[
        cell("name", Show::Plain, "c.name"),
        cell("host", Show::Plain, "c.host"),
        cell("callers", Show::Plain, "(SELECT group_concat(value, ' ') FROM json_each(c.callers))"),
        cell("channels", Show::Plain, "c.channels"),
        cell("cps", Show::Plain, "c.cps"),
        cell("increment", Show::Plain, "c.increment_s"),
        cell("rate", Show::Price, "c.price || '/' || c.increment_s"),
        cell("enabled", Show::YesNo, "c.enabled"),
        cell("simulated", Show::YesNo, "c.simulated"),
    ],
    filters: &[("name", By::Like(&["c.name"]))],
    form: &[
        cell("name", Show::Plain, "c.name"),
        cell("channels", Show::Plain, "c.channels"),
        cell("cps", Show::Plain, "c.cps"),
        cell("enabled", Show::Flag, "c.enabled"),
    ],
    save,
    ..Source::of(&PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let id = id.ok_or_else(|| crate::desk::Fault::from(Refusal::new("page.no_action")))?;
    let mut columns = Vec::new();
    columns.extend(form::text_value(values, "name").map(|name| ("name", name)));
    columns
        .extend(form::within(&PAGE, values, "channels", 1, 2000, who.lang)?.map(|n| ("channels", Value::Integer(n))));
    columns.extend(form::within(&PAGE, values, "cps", 1, 100, who.lang)?.map(|n| ("cps", Value::Integer(n))));
    columns.extend(form::bit(values, "enabled").map(|bit| ("enabled", bit)));
    let name = values.get("name").map_or("", String::as_str);
    form::unique(form::update(tx, "trunk", who.company.0, id, &columns), name)?;
    let setting = After::Setting(Box::new(Setting::Trunk(cfg::trunk(tx, id)?)));
    Ok(Saved { id, after: vec![setting, After::Trunks] })
}
