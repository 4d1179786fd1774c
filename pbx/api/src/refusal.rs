//! A refusal: why something asked for was not done, as a stable code with its facts.
//! The sentences, in both languages and saying what to do, are `refusal.<code>` in data/texts.

use crate::texts::{self, Lang};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeMap};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code} {args:?}")]
pub struct Refusal {
    /// Stable, dotted-lowercase, e.g. "balance.empty". HTTP answers carry it as `code`.
    pub code: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
}

impl Refusal {
    pub const fn new(code: &'static str) -> Refusal {
        Refusal { code: Cow::Borrowed(code), args: BTreeMap::new() }
    }

    pub fn with(mut self, name: &str, value: impl ToString) -> Refusal {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    pub fn text(&self, lang: Lang) -> String {
        let args: Vec<(&str, &str)> = self.args.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        texts::fill(lang, &format!("refusal.{}", self.code), &args)
    }
}
