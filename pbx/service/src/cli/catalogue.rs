//! `hutong catalogue`: every page of the two faces with its texts, for whoever writes a client, a manual or a translation.

use super::Desk;
use hutong_api::{
    Lang, Refusal,
    catalogue::{BUILT_IN_ROLES, PageView, Permissions, permission, views},
    texts::text,
};
use serde_json::{Map, Value, json};

#[derive(Debug, Clone, clap::Args)]
pub struct CatalogueArgs {
    #[arg(long = "json")]
    pub whole: bool,
}

/// Prints the catalogue as a table in this terminal's language, or whole, in both languages.
pub fn catalogue(args: &CatalogueArgs, desk: &mut Desk<'_>) -> Result<(), Refusal> {
    let text = if args.whole { whole() } else { table(desk.lang) };
    // A closed pipe (`| head`) is no failure.
    drop(desk.out.write_all(text.as_bytes()));
    Ok(())
}

/// Pages, permission tree and built-in roles in the order of the menu; a text is `{"zh-CN": …, "en": …}`.
pub fn whole() -> String {
    let all = Permissions::of(["*"]);
    let pages = [Lang::Zh, Lang::En].map(|lang| json!(views(lang, &all)));
    let tree = [Lang::Zh, Lang::En].map(|lang| json!(permission::tree(lang, &all)));
    let roles = BUILT_IN_ROLES.iter().map(|role| {
        let name = [Lang::Zh, Lang::En].map(|lang| json!(text(lang, &format!("catalogue.role.{}", role.code))));
        json!({"code": role.code, "name": both(name), "scope": role.scope, "words": role.words})
    });
    let document =
        json!({"pages": merged(pages, PAGE), "permissions": merged(tree, TREE), "roles": roles.collect::<Vec<_>>()});
    format!("{document:#}\n")
}

/// Keys of what a person reads, of a page and of the permission tree. All else is the same in every language.
const PAGE: &[&str] = &["title", "menu_title", "label", "group", "hint"];
const TREE: &[&str] = &["title", "menu", "label"];

/// One value of the same catalogue in two languages, its texts side by side.
fn merged(pair: [Value; 2], read: &[&str]) -> Value {
    match pair {
        [Value::Object(zh), Value::Object(mut en)] => {
            let joined = zh.into_iter().map(|(key, value)| {
                let pair = [value, en.remove(&key).unwrap_or_default()];
                let value = if read.contains(&key.as_str()) { both(pair) } else { merged(pair, read) };
                (key, value)
            });
            Value::Object(joined.collect::<Map<_, _>>())
        }
        [Value::Array(zh), Value::Array(en)] => zh.into_iter().zip(en).map(|(a, b)| merged([a, b], read)).collect(),
        [same, _] => same,
    }
}

fn both([zh, en]: [Value; 2]) -> Value {
    json!({"zh-CN": zh, "en": en})
}

fn table(lang: Lang) -> String {
    let pages = views(lang, &Permissions::of(["*"]));
    let head = ["menu", "page", "id", "columns", "filters", "fields", "buttons"];
    let mut rows = vec![head.map(|word| text(lang, &format!("cli.catalogue.{word}")).to_owned())];
    rows.extend(pages.iter().map(row));
    let widths: Vec<usize> =
        (0..head.len()).map(|at| rows.iter().map(|row| width(&row[at])).max().unwrap_or(0)).collect();
    let line = |row: &[String; 7]| {
        let cells = row.iter().zip(&widths).map(|(cell, wide)| format!("{cell}{}", " ".repeat(wide - width(cell))));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

fn row(page: &PageView) -> [String; 7] {
    let buttons: Vec<_> = page.actions.iter().map(|action| action.title.as_str()).collect();
    [
        page.menu_title.clone(),
        page.title.clone(),
        page.id.clone(),
        page.columns.len().to_string(),
        page.filters.len().to_string(),
        page.form.len().to_string(),
        buttons.join(" "),
    ]
}

/// Columns on a terminal: Han characters and full-width signs take two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}') { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use hutong_api::catalogue;

    #[test]
    fn the_whole_catalogue_holds_every_page_with_every_text_in_both_languages() {
        let text = whole();
        assert_eq!(text, whole(), "the order is stable");
        let document: Value = serde_json::from_str(&text).unwrap();
        let pages = document["pages"].as_array().unwrap();
        let ids: Vec<_> = pages.iter().map(|page| page["id"].as_str().unwrap()).collect();
        assert_eq!(ids, catalogue::all().iter().map(|page| page.id).collect::<Vec<_>>(), "in the order of the menu");
        for (page, described) in pages.iter().zip(catalogue::all()) {
            for part in ["columns", "filters", "form", "actions"] {
                for item in page[part].as_array().unwrap() {
                    said(&item["title"], &format!("{}.{part}", described.id));
                }
            }
            said(&page["title"], described.id);
            assert_eq!(page["columns"].as_array().unwrap().len(), described.columns.len());
            assert_eq!(page["actions"].as_array().unwrap().len(), described.actions.len());
        }
        let customers = &pages[ids.iter().position(|id| *id == "customers").unwrap()];
        assert_eq!(customers["title"], json!({"zh-CN": "客户资料", "en": "Customers"}));
        assert_eq!(
            document["roles"][3]["name"]["zh-CN"],
            json!(hutong_api::texts::text(Lang::Zh, "catalogue.role.agent"))
        );
    }

    fn said(title: &Value, place: &str) {
        let two = ["zh-CN", "en"].iter().all(|lang| title[lang].as_str().is_some_and(|text| !text.is_empty()));
        assert!(two, "{place}: {title}");
    }

    #[test]
    fn the_table_has_a_line_a_page_and_its_columns_stand_under_each_other() {
        for lang in [Lang::Zh, Lang::En] {
            let table = table(lang);
            let lines: Vec<_> = table.lines().collect();
            assert_eq!(lines.len(), catalogue::all().len() + 1);
            let at = |line: &str, id: &str| width(line.split_once(id).unwrap().0);
            let places: Vec<_> = catalogue::all()
                .iter()
                .zip(&lines[1..])
                .map(|(page, line)| at(line, &format!("  {}  ", page.id)).max(at(line, &format!("  {} ", page.id))))
                .collect();
            assert!(places.iter().all(|place| *place == places[0]), "{table}");
        }
    }
}
