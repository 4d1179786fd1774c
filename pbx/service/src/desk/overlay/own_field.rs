//! One field of a company: how it is shown, asked for and filtered by.

use crate::desk::{cell::Show, query::By};
use hutong_api::{
    catalogue::{ColumnView, FieldView, FilterView, Kind},
    page::Choice,
};
use rusqlite::Row;

/// 标准 of 控件长度: as wide as the catalogue says.
const STANDARD: u16 = 150;
/// Pixels of a console's column, about.
const PIXELS: u16 = 10;

#[derive(Debug)]
pub(super) struct OwnField {
    /// The catalogue's, or "f<id>".
    pub(super) id: String,
    pub(super) added: bool,
    /// Empty = the catalogue's.
    pub(super) title: String,
    pub(super) kind: Kind,
    pub(super) max_chars: u16,
    pub(super) width: u16,
    pub(super) shown: bool,
    pub(super) popped: bool,
    pub(super) queried: bool,
    pub(super) heading: String,
    pub(super) options: Vec<String>,
    /// Of an added field: its text.
    pub(super) sql: String,
}

impl OwnField {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<OwnField> {
        let (id, system): (i64, String) = (row.get(0)?, row.get(1)?);
        let added = system.is_empty();
        let kind: String = row.get(3)?;
        Ok(OwnField {
            id: if added { format!("f{id}") } else { system },
            added,
            title: row.get(2)?,
            kind: kind_of(&kind),
            max_chars: row.get(4)?,
            width: row.get(5)?,
            shown: row.get(6)?,
            popped: row.get(7)?,
            queried: row.get(8)?,
            heading: row.get(9)?,
            options: serde_json::from_str(&row.get::<_, String>(10)?).unwrap_or_default(),
            // As text, so that a choice that looks like a number is compared as what it is; numbers sort as numbers.
            sql: format!(
                "CAST(json_extract(c.extra, '$.f{id}') AS {})",
                if kind == "field_number" { "INTEGER" } else { "TEXT" }
            ),
        })
    }

    pub(super) fn name(&self, title: &mut String) {
        if !self.title.is_empty() {
            title.clone_from(&self.title);
        }
    }

    pub(super) fn dress(&self, mut view: FieldView) -> FieldView {
        self.name(&mut view.title);
        // A choice is as long as it is.
        if self.max_chars > 0 && view.kind != Kind::Select {
            view.max_chars = self.max_chars;
        }
        view.width = self.width;
        view.popped = self.popped;
        view.group.clone_from(&self.heading);
        view
    }

    pub(super) fn choices(&self) -> Vec<Choice> {
        self.options.iter().map(|option| Choice { value: option.clone(), label: option.clone() }).collect()
    }

    pub(super) fn field(&self) -> FieldView {
        FieldView {
            id: self.id.clone(),
            title: self.title.clone(),
            kind: self.kind,
            required: false,
            // The choices bound themselves.
            max_chars: if self.options.is_empty() { self.max_chars } else { 0 },
            choices: self.choices(),
            options_from: None,
            default: String::new(),
            fixed: false,
            advanced: false,
            group: self.heading.clone(),
            hint: String::new(),
            width: self.width,
            popped: self.popped,
        }
    }

    pub(super) fn column(&self) -> ColumnView {
        let kind = match self.kind {
            Kind::LongText | Kind::Choices | Kind::Select => Kind::Text,
            kind => kind,
        };
        ColumnView { id: self.id.clone(), title: self.title.clone(), kind, width: self.columns(STANDARD / PIXELS) }
    }

    pub(super) fn filter(&self) -> FilterView {
        let kind = match self.kind {
            Kind::LongText => Kind::Text,
            Kind::Choices => Kind::Select,
            Kind::DateTime => Kind::Date,
            kind => kind,
        };
        FilterView { id: self.id.clone(), title: self.title.clone(), kind, choices: self.choices(), options_from: None }
    }

    pub(super) fn columns(&self, standard: u16) -> u16 {
        if matches!(self.width, 0 | STANDARD) { standard } else { (self.width / PIXELS).clamp(4, 60) }
    }

    pub(super) fn show(&self) -> Show {
        // A day is no number that must be hidden.
        if matches!(self.kind, Kind::Date | Kind::DateTime) { Show::Plain } else { Show::Text }
    }

    pub(super) fn by<'a>(&'a self, sql: &'a [&'a str; 1]) -> By<'a> {
        match self.kind {
            Kind::Date | Kind::DateTime => By::Like(sql),
            Kind::Number | Kind::Select => By::Is(sql[0]),
            Kind::Choices => By::Among(sql[0]),
            _ => By::InJson { json: "c.extra", text: sql[0] },
        }
    }
}

/// A word of 控件类型.
pub fn kind_of(word: &str) -> Kind {
    match word {
        "field_number" => Kind::Number,
        "field_date" => Kind::Date,
        "field_datetime" => Kind::DateTime,
        "field_one" => Kind::Select,
        "field_several" => Kind::Choices,
        "field_long" => Kind::LongText,
        _ => Kind::Text,
    }
}
