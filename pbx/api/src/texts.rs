//! Every text a person reads, in both languages, from data/texts. One file per area; keys are `area.name`.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::LazyLock};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
pub enum Lang {
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    #[serde(rename = "en")]
    En,
}

impl Lang {
    pub fn parse(tag: &str) -> Lang {
        if tag.to_ascii_lowercase().starts_with("en") { Lang::En } else { Lang::Zh }
    }
}

/// The text of `key`, or the key itself where none exists (a test forbids that for shipped keys).
pub fn text(lang: Lang, key: &str) -> &'static str {
    match catalogue(lang).get(key) {
        Some(text) => text,
        None => missing(key),
    }
}

/// The text of `key` with `{name}` replaced by its value.
pub fn fill(lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
    let mut out = text(lang, key).to_owned();
    for (name, value) in args {
        out = out.replace(&format!("{{{name}}}"), value);
    }
    out
}

/// All texts of a language, for the page and for tests.
pub fn catalogue(lang: Lang) -> &'static BTreeMap<String, String> {
    static ZH: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| load(&ZH_FILES));
    static EN: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| load(&EN_FILES));
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

/// The catalogue's texts are several files, one a menu group, all with the prefix `catalogue`.
macro_rules! files {
    ($lang:literal) => {
        [
            ("call", include_str!(concat!("../../../data/texts/", $lang, "/call.toml"))),
            ("catalogue", include_str!(concat!("../../../data/texts/", $lang, "/catalogue.toml"))),
            ("catalogue", include_str!(concat!("../../../data/texts/", $lang, "/catalogue_customers.toml"))),
            ("catalogue", include_str!(concat!("../../../data/texts/", $lang, "/catalogue_organisation.toml"))),
            ("catalogue", include_str!(concat!("../../../data/texts/", $lang, "/catalogue_settings.toml"))),
            ("catalogue", include_str!(concat!("../../../data/texts/", $lang, "/catalogue_tasks.toml"))),
            ("cli", include_str!(concat!("../../../data/texts/", $lang, "/cli.toml"))),
            ("console", include_str!(concat!("../../../data/texts/", $lang, "/console.toml"))),
            ("import", include_str!(concat!("../../../data/texts/", $lang, "/import.toml"))),
            ("page", include_str!(concat!("../../../data/texts/", $lang, "/page.toml"))),
            ("refusal", include_str!(concat!("../../../data/texts/", $lang, "/refusal.toml"))),
            ("route", include_str!(concat!("../../../data/texts/", $lang, "/route.toml"))),
        ]
    };
}

static ZH_FILES: [(&str, &str); 12] = files!("zh-CN");
static EN_FILES: [(&str, &str); 12] = files!("en");

/// Keys of file `area.toml` become `area.<key>`, nested tables joined by dots.
fn load(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for (area, source) in files {
        if let Ok(table) = source.parse::<toml::Table>() {
            flatten(area, &table, &mut out);
        }
    }
    out
}

fn flatten(prefix: &str, table: &toml::Table, out: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        let key = format!("{prefix}.{key}");
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, out),
            toml::Value::String(text) => drop(out.insert(key, text.clone())),
            other => drop(out.insert(key, other.to_string())),
        }
    }
}

fn missing(key: &str) -> &'static str {
    static SEEN: LazyLock<std::sync::Mutex<BTreeMap<String, &'static str>>> = LazyLock::new(Default::default);
    let mut seen = SEEN.lock().unwrap_or_else(|e| e.into_inner());
    if let Some(text) = seen.get(key) {
        return text;
    }
    let leaked: &'static str = Box::leak(key.to_owned().into_boxed_str());
    seen.insert(key.to_owned(), leaked);
    leaked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_keys_and_placeholders() {
        for files in [&ZH_FILES, &EN_FILES] {
            for (area, source) in files {
                assert!(source.parse::<toml::Table>().is_ok(), "data/texts: {area}.toml does not parse");
            }
        }
        let (zh, en) = (catalogue(Lang::Zh), catalogue(Lang::En));
        let only = |a: &BTreeMap<String, String>, b: &BTreeMap<String, String>| {
            a.keys().filter(|k| !b.contains_key(*k)).cloned().collect::<Vec<_>>()
        };
        assert_eq!(only(zh, en), Vec::<String>::new(), "only in zh-CN");
        assert_eq!(only(en, zh), Vec::<String>::new(), "only in en");
        let holes = |text: &str| {
            let mut found: Vec<String> =
                text.split('{').skip(1).filter_map(|s| s.split_once('}')).map(|(n, _)| n.to_owned()).collect();
            found.sort();
            found.dedup();
            found
        };
        for (key, text) in zh {
            assert_eq!(holes(text), holes(&en[key]), "placeholders of {key}");
        }
    }
}
