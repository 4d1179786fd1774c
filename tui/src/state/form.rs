//! A form being filled in: a page's fields, or its filters.

use super::{line::LineEdit, pick::Picker};
use crate::event::Deed;
use hutong_api::{
    catalogue::{FieldView, Kind, PageView},
    page::Choice,
};
use std::collections::BTreeMap;

pub struct Form {
    pub page: String,
    pub title: String,
    pub purpose: Purpose,
    pub fields: Vec<FormField>,
    pub focus: usize,
    /// Waits for the row's values or for the answer to a save.
    pub waiting: bool,
    pub error: Option<String>,
    /// What is done with the answers of `Purpose::Ask`.
    pub deed: Option<Deed>,
    /// Lies over the form while the choices of the focused field are ticked.
    pub picker: Option<Picker>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Filter,
    New,
    Edit(i64),
    /// What an action asks before it is done.
    Ask,
}

pub struct FormField {
    pub id: String,
    pub title: String,
    pub kind: Kind,
    pub required: bool,
    /// Cannot be changed any more.
    pub locked: bool,
    pub max_chars: usize,
    pub choices: Vec<Choice>,
    /// The choices come from the service.
    pub fetched: bool,
    pub group: String,
    pub hint: String,
    pub advanced: bool,
    pub line: LineEdit,
    /// As the service knows it; only what differs is sent.
    was: String,
}

impl FormField {
    pub fn value(&self) -> &str {
        self.line.text()
    }

    pub fn set(&mut self, value: &str) {
        self.line = LineEdit::new(value);
        self.was = value.to_owned();
    }

    pub fn changed(&self) -> bool {
        self.value() != self.was
    }

    pub fn picks(&self) -> bool {
        matches!(self.kind, Kind::Select | Kind::YesNo)
    }

    /// Several choices, ticked in a list of their own.
    pub fn ticks(&self) -> bool {
        matches!(self.kind, Kind::Choices | Kind::Permissions)
    }

    /// The next or previous choice; a filter and an optional field may also be empty.
    pub fn turn(&mut self, by: i64) {
        let mut values: Vec<&str> = self.choices.iter().map(|c| c.value.as_str()).collect();
        if !self.required {
            values.insert(0, "");
        }
        if values.is_empty() {
            return;
        }
        let at = values.iter().position(|v| *v == self.value()).map_or(0, |at| at as i64 + by);
        let value = values[at.rem_euclid(values.len() as i64) as usize].to_owned();
        self.line = LineEdit::new(&value);
    }

    /// The value as people read it.
    pub fn shown(&self) -> String {
        let value = self.value();
        match self.kind {
            Kind::Password => "*".repeat(value.chars().count()),
            Kind::Choices => {
                let label =
                    |v: &str| self.choices.iter().find(|c| c.value == v).map_or(v.to_owned(), |c| c.label.clone());
                value.split(',').filter(|v| !v.is_empty()).map(label).collect::<Vec<_>>().join("、")
            }
            _ => self.choices.iter().find(|c| c.value == value).map_or_else(|| value.to_owned(), |c| c.label.clone()),
        }
    }
}

impl Form {
    /// The page's form, empty (its defaults) or for the row whose values are on their way.
    pub fn of_page(view: &PageView, title: String, purpose: Purpose, yes_no: &[Choice; 2]) -> Form {
        Form::of_fields(view.id.clone(), &view.form, title, purpose, yes_no)
    }

    /// What an action asks, and what is then done with it.
    pub fn of_asks(deed: Deed, asks: &[FieldView], title: String, yes_no: &[Choice; 2]) -> Form {
        let form = Form::of_fields(deed.page.clone(), asks, title, Purpose::Ask, yes_no);
        Form { deed: Some(deed), ..form }
    }

    fn of_fields(page: String, fields: &[FieldView], title: String, purpose: Purpose, yes_no: &[Choice; 2]) -> Form {
        let fields = fields.iter().map(|f| FormField {
            id: f.id.clone(),
            title: f.title.clone(),
            kind: f.kind,
            required: f.required,
            locked: f.fixed && matches!(purpose, Purpose::Edit(_)),
            max_chars: usize::from(f.max_chars),
            choices: if f.kind == Kind::YesNo { yes_no.to_vec() } else { f.choices.clone() },
            fetched: f.options_from.is_some(),
            group: f.group.clone(),
            hint: f.hint.clone(),
            advanced: f.advanced,
            line: LineEdit::new(&f.default),
            was: String::new(),
        });
        let fields = fields.collect();
        let waiting = matches!(purpose, Purpose::Edit(_));
        let mut form = Form { page, title, purpose, fields, focus: 0, waiting, error: None, deed: None, picker: None };
        form.step(0);
        form
    }

    pub fn of_filters(view: &PageView, title: String, set: &BTreeMap<String, String>, yes_no: &[Choice; 2]) -> Form {
        let fields = view.filters.iter().map(|f| FormField {
            id: f.id.clone(),
            title: f.title.clone(),
            kind: f.kind,
            required: false,
            locked: false,
            max_chars: 0,
            choices: if f.kind == Kind::YesNo { yes_no.to_vec() } else { f.choices.clone() },
            fetched: f.options_from.is_some(),
            group: String::new(),
            hint: String::new(),
            advanced: false,
            line: LineEdit::new(set.get(&f.id).map_or("", String::as_str)),
            was: String::new(),
        });
        let (page, purpose) = (view.id.clone(), Purpose::Filter);
        let fields = fields.collect();
        Form { page, title, purpose, fields, focus: 0, waiting: false, error: None, deed: None, picker: None }
    }

    /// Moves the focus, past fields that cannot be changed.
    pub fn step(&mut self, by: i64) {
        let count = self.fields.len() as i64;
        if count == 0 {
            return;
        }
        let mut at = (self.focus as i64 + by).rem_euclid(count);
        for _ in 0..count {
            if !self.fields[at as usize].locked {
                break;
            }
            at = (at + if by < 0 { -1 } else { 1 }).rem_euclid(count);
        }
        self.focus = at as usize;
    }

    /// What a save sends: a new row whole, of a known row what was changed.
    pub fn values(&self) -> BTreeMap<String, String> {
        let new = !matches!(self.purpose, Purpose::Edit(_));
        let sent = self.fields.iter().filter(|f| !f.locked && (new || f.value() != f.was));
        sent.map(|f| (f.id.clone(), f.value().to_owned())).collect()
    }

    /// The first required field left empty.
    pub fn lacks(&self) -> Option<usize> {
        self.fields.iter().position(|f| f.required && !f.locked && f.value().trim().is_empty() && !self.kept(f))
    }

    /// A password field of a known row may stay empty: it is left as it is.
    fn kept(&self, field: &FormField) -> bool {
        field.kind == Kind::Password && matches!(self.purpose, Purpose::Edit(_))
    }
}
