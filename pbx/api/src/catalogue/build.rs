//! Short hands for writing pages down. All `const`, so that a page is a static.

use super::{Action, Column, Field, Filter, Kind, Opens, Place};

impl Column {
    pub const fn new(id: &'static str, kind: Kind, width: u16) -> Column {
        Column { id, kind, width }
    }
}

impl Filter {
    pub const fn new(id: &'static str, kind: Kind) -> Filter {
        Filter { id, kind, choices: &[], options_from: None }
    }

    pub const fn of(id: &'static str, choices: &'static [&'static str]) -> Filter {
        Filter { id, kind: Kind::Select, choices, options_from: None }
    }

    pub const fn from(id: &'static str, rows: &'static str) -> Filter {
        Filter { id, kind: Kind::Select, choices: &[], options_from: Some(rows) }
    }
}

impl Field {
    pub const fn new(id: &'static str, kind: Kind) -> Field {
        Field {
            id,
            kind,
            required: false,
            max_chars: 0,
            choices: &[],
            options_from: None,
            default: "",
            fixed: false,
            advanced: false,
            group: "",
            hint: false,
        }
    }

    pub const fn of(id: &'static str, choices: &'static [&'static str]) -> Field {
        let mut field = Field::new(id, Kind::Select);
        field.choices = choices;
        field
    }

    pub const fn from(id: &'static str, rows: &'static str) -> Field {
        let mut field = Field::new(id, Kind::Select);
        field.options_from = Some(rows);
        field
    }

    pub const fn required(mut self) -> Field {
        self.required = true;
        self
    }

    pub const fn max(mut self, chars: u16) -> Field {
        self.max_chars = chars;
        self
    }

    pub const fn default(mut self, value: &'static str) -> Field {
        self.default = value;
        self
    }

    pub const fn fixed(mut self) -> Field {
        self.fixed = true;
        self
    }

    pub const fn advanced(mut self) -> Field {
        self.advanced = true;
        self
    }

    pub const fn group(mut self, group: &'static str) -> Field {
        self.group = group;
        self
    }

    pub const fn hint(mut self) -> Field {
        self.hint = true;
        self
    }

    /// Several of the choices.
    pub const fn several(mut self) -> Field {
        self.kind = Kind::Choices;
        self
    }
}

impl Action {
    pub const fn toolbar(id: &'static str) -> Action {
        Action::at(id, Place::Toolbar)
    }

    pub const fn selection(id: &'static str) -> Action {
        Action::at(id, Place::Selection)
    }

    pub const fn row(id: &'static str) -> Action {
        Action::at(id, Place::Row)
    }

    const fn at(id: &'static str, place: Place) -> Action {
        Action { id, place, confirm: false, asks: &[], all: false, opens: None }
    }

    pub const fn asks(mut self, fields: &'static [Field]) -> Action {
        self.asks = fields;
        self
    }

    /// Also on all rows that the filters find.
    pub const fn all(mut self) -> Action {
        self.all = true;
        self
    }

    /// Leads to a page whose filter takes the row's id.
    pub const fn opens(mut self, page: &'static str, filter: &'static str) -> Action {
        self.opens = Some(Opens { page, filter });
        self
    }

    pub const fn confirmed(mut self) -> Action {
        self.confirm = true;
        self
    }
}
