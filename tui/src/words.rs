//! The console's own words: `console.*` of data/texts.

use hutong_api::{Lang, texts};

pub fn t(lang: Lang, key: &str) -> &'static str {
    texts::text(lang, &format!("console.{key}"))
}

pub fn fill(lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
    texts::fill(lang, &format!("console.{key}"), args)
}
