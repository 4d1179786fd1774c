//! The import of customers, step by step.

use hutong_api::{
    SeatId,
    page::{ImportLook, ImportWish},
};
use std::path::PathBuf;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Step {
    #[default]
    File,
    Map,
    Options,
    /// It runs, or has run.
    Run,
}

#[derive(Debug, Default)]
pub struct Wizard {
    pub step: Step,
    pub path: PathBuf,
    /// The file is on its way up.
    pub looking: bool,
    pub look: Option<ImportLook>,
    /// The field each column is given to, "" = ignored.
    pub columns: Vec<String>,
    /// The column whose field the arrow keys change.
    pub at: usize,
    pub existing: Existing,
    /// Seats the new customers are dealt to, a comma between.
    pub owners: String,
    pub error: Option<String>,
}

/// What becomes of customers that are there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Existing {
    #[default]
    Skip,
    Merge,
    Overwrite,
}

impl Existing {
    pub const fn word(self) -> &'static str {
        match self {
            Existing::Skip => "skip",
            Existing::Merge => "merge",
            Existing::Overwrite => "overwrite",
        }
    }

    pub const fn next(self) -> Existing {
        match self {
            Existing::Skip => Existing::Merge,
            Existing::Merge => Existing::Overwrite,
            Existing::Overwrite => Existing::Skip,
        }
    }
}

impl Wizard {
    pub fn took(&mut self, look: ImportLook) {
        self.columns = look.columns.iter().map(|c| c.field.clone()).collect();
        self.look = Some(look);
        self.looking = false;
        self.at = 0;
        self.step = Step::Map;
    }

    /// Gives the chosen column to the next or previous field; 忽略 stands before the first.
    pub fn turn(&mut self, by: i64) {
        let Some(look) = &self.look else { return };
        let Some(column) = self.columns.get_mut(self.at) else { return };
        let at = look.fields.iter().position(|f| f.value == *column).map_or(0, |at| at as i64 + 1);
        let next = (at + by).rem_euclid(look.fields.len() as i64 + 1) as usize;
        *column = next.checked_sub(1).map_or(String::new(), |at| look.fields[at].value.clone());
    }

    pub fn field_title(&self, id: &str) -> Option<&str> {
        let look = self.look.as_ref()?;
        look.fields.iter().find(|f| f.value == id).map(|f| f.label.as_str())
    }

    /// A field that two columns were given to.
    pub fn twice(&self) -> Option<&str> {
        let given = |id: &&String| !id.is_empty() && self.columns.iter().filter(|c| c == id).count() > 1;
        let id = self.columns.iter().find(given)?;
        self.field_title(id).or(Some(id))
    }

    pub fn wish(&self) -> Option<ImportWish> {
        Some(ImportWish {
            look: self.look.as_ref()?.look.clone(),
            columns: self.columns.clone(),
            existing: self.existing.word().into(),
            owners: self.owners.split(',').filter_map(|id| id.parse().ok()).map(SeatId).collect(),
            campaign: None,
            sync: false,
        })
    }
}
