//! The page `customers` as a company has set it (字段设置, F26–F28): the catalogue's columns, filters and fields in the company's
//! order and words, and the fields it added. Values of these are `customer.extra`, by "f<id>".

mod own_field;
#[cfg(test)]
mod tests;

pub use own_field::kind_of;

use super::{
    Answer, Who,
    cell::{Cell, Show, cell},
    form::{self, Values},
    query::{By, Source},
};
use hutong_api::{
    Lang,
    catalogue::{ColumnView, FieldView, FilterView, Kind, PageView, field_view, pages::customers::PAGE},
    texts::text,
};
use own_field::OwnField;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// The newest recording of the customer's number. An index finds it; only shown rows ask.
const RECORDING: &str = "(SELECT r.call_id FROM cdr d JOIN recording r ON r.call_id = d.call_id WHERE d.company_id = c.company_id \
    AND d.phone = c.mobile AND r.verdict IN ('saved', 'salvaged') ORDER BY d.call_id DESC LIMIT 1)";
/// Columns that are only there where a company shows them.
const SPARE_CELLS: [(Cell<'static>, Kind, u16); 2] = [
    (cell("recording_id", Show::Plain, RECORDING), Kind::Text, 10),
    (cell("recording_file", Show::Plain, RECORDING), Kind::Audio, 8),
];
/// Filters that are only there where a company asks for them: (field, filter, how).
const SPARE_FILTERS: [(&str, &str, Kind, By<'static>); 4] = [
    ("landline", "landline", Kind::Phone, By::Phone { of: &["c.landline"], or: &[] }),
    ("address", "address", Kind::Text, By::CustomerText(&["c.address"])),
    ("updated", "updated_from", Kind::DateTime, By::From("c.updated")),
    ("updated", "updated_to", Kind::DateTime, By::To("c.updated")),
];

/// A company's fields in its order.

#[derive(Debug, Default)]
pub struct Overlay {
    fields: Vec<OwnField>,
}

impl Overlay {
    pub fn load(conn: &Connection, who: &Who) -> Answer<Overlay> {
        let sql = "SELECT id, system, name, kind, length, width, shown, popped, queried, heading, options
                   FROM customer_field WHERE company_id = ?1 ORDER BY position, id";
        let mut statement = conn.prepare_cached(sql)?;
        let fields = statement.query_map([who.company.0], OwnField::read)?.collect::<Result<_, _>>()?;
        Ok(Overlay { fields })
    }

    /// Turns the catalogue's page into the company's.
    pub fn apply(&self, view: &mut PageView, lang: Lang) {
        view.columns = self.columns(std::mem::take(&mut view.columns), lang);
        view.filters = self.filters(std::mem::take(&mut view.filters), lang);
        view.form = self.form(lang);
    }

    /// The form as this company's people fill it in: every field that is shown.
    pub fn form(&self, lang: Lang) -> Vec<FieldView> {
        let mut own: Vec<(usize, FieldView)> = Vec::new();
        for field in PAGE.form {
            let view = field_view(&PAGE, field, lang);
            match self.find(field.id) {
                Some((at, set)) if set.shown => own.push((at, set.dress(view))),
                Some(_) => {}
                None => own.push((usize::MAX, view)),
            }
        }
        own.extend(self.added().map(|(at, field)| (at, field.field())));
        sorted(own)
    }

    /// A form's values as typed, checked against the company's fields.
    pub fn clean(&self, typed: &BTreeMap<String, String>, new: bool, lang: Lang) -> Answer<Values> {
        form::clean_views(&self.form(lang), typed, new)
    }

    /// The page's SQL with the company's columns and filters.
    pub fn with<T>(&self, base: &Source<'static>, work: impl FnOnce(&Source<'_>) -> T) -> T {
        let own: Vec<(&OwnField, [&str; 1])> = self.added().map(|(_, field)| (field, [field.sql.as_str()])).collect();
        let own_cells = || own.iter().map(|(field, sql)| cell(&field.id, field.show(), sql[0]));
        let spare =
            SPARE_CELLS.iter().map(|(cell, ..)| *cell).filter(|cell| self.find(cell.id).is_some_and(|f| f.1.shown));
        let shown = base.cells.iter().copied().filter(|cell| self.shows(cell.id));
        let cells: Vec<Cell<'_>> = shown.chain(spare).chain(own_cells()).collect();
        let form: Vec<Cell<'_>> = base.form.iter().copied().chain(own_cells()).collect();
        let asked = base.filters.iter().copied().filter(|(id, _)| self.asks(id));
        let spare = SPARE_FILTERS.iter().filter(|(field, ..)| self.asks(field)).map(|(_, id, _, by)| (*id, *by));
        let mut filters: Vec<(&str, By<'_>)> = asked.chain(spare).collect();
        for (field, sql) in own.iter().filter(|(field, _)| field.queried) {
            filters.push((&field.id, field.by(sql)));
        }
        work(&Source { cells: &cells, form: &form, filters: &filters, ..base.clone() })
    }

    fn columns(&self, views: Vec<ColumnView>, lang: Lang) -> Vec<ColumnView> {
        let spare = SPARE_CELLS.iter().filter(|(cell, ..)| self.find(cell.id).is_some()).map(|(cell, kind, width)| {
            let title = text(lang, &format!("catalogue.customer_fields.system.{}", cell.id)).to_owned();
            ColumnView { id: cell.id.to_owned(), title, kind: *kind, width: *width }
        });
        let mut own: Vec<(usize, ColumnView)> = Vec::new();
        for mut view in views.into_iter().chain(spare) {
            match self.find(&view.id) {
                Some((at, field)) if field.shown => {
                    field.name(&mut view.title);
                    view.width = field.columns(view.width);
                    own.push((at, view));
                }
                Some(_) => {}
                None => own.push((usize::MAX, view)),
            }
        }
        own.extend(self.added().map(|(at, field)| (at, field.column())));
        sorted(own)
    }

    fn filters(&self, views: Vec<FilterView>, lang: Lang) -> Vec<FilterView> {
        let spare = SPARE_FILTERS.iter().filter(|(field, ..)| self.find(field).is_some()).map(|(_, id, kind, _)| {
            let title = text(lang, &format!("catalogue.customer_fields.filter.{id}")).to_owned();
            FilterView { id: (*id).to_owned(), title, kind: *kind, choices: Vec::new(), options_from: None }
        });
        let mut own: Vec<(usize, FilterView)> = Vec::new();
        for mut view in views.into_iter().chain(spare) {
            match self.find(field_of(&view.id)) {
                Some((at, field)) if field.shown && field.queried => {
                    if field_of(&view.id) == view.id {
                        field.name(&mut view.title);
                    }
                    own.push((at, view));
                }
                Some(_) => {}
                None => own.push((usize::MAX, view)),
            }
        }
        own.extend(self.added().filter(|(_, f)| f.queried).map(|(at, field)| (at, field.filter())));
        sorted(own)
    }

    fn find(&self, id: &str) -> Option<(usize, &OwnField)> {
        self.fields.iter().enumerate().find(|(_, field)| field.id == id)
    }

    /// Added fields that are shown.
    fn added(&self) -> impl Iterator<Item = (usize, &OwnField)> {
        self.fields.iter().enumerate().filter(|(_, field)| field.added && field.shown)
    }

    fn shows(&self, id: &str) -> bool {
        self.find(id).is_none_or(|(_, field)| field.shown)
    }

    fn asks(&self, filter: &str) -> bool {
        self.find(field_of(filter)).is_none_or(|(_, field)| field.shown && field.queried)
    }
}

/// The field a filter asks of: a span of time has two.
fn field_of(filter: &str) -> &str {
    filter.strip_suffix("_from").or_else(|| filter.strip_suffix("_to")).unwrap_or(filter)
}

fn sorted<T>(mut own: Vec<(usize, T)>) -> Vec<T> {
    own.sort_by_key(|(at, _)| *at);
    own.into_iter().map(|(_, view)| view).collect()
}
