//! The import wizard: file, columns, options, run.

use super::{modal, pages};
use crate::{
    event::*,
    keys::Act,
    state::{
        Import, Modal, Prompt, State, Undo,
        form::Purpose,
        line::LineEdit,
        pick::Picker,
        wizard::{Step, Wizard},
    },
};
use hutong_api::page::{ImportLook, ImportStatus};
use std::path::PathBuf;

/// The page customers are imported into.
const PAGE: &str = "customers";

pub fn act(state: &mut State, act: &Act) -> Vec<Request> {
    match act {
        Act::WizardFile => {
            let line = LineEdit::new(&state.wizard.path.display().to_string());
            state.modal = Some(Modal::Prompt { prompt: Prompt::WizardFile, line });
        }
        Act::WizardTurn(by) => state.wizard.turn(i64::from(*by)),
        Act::WizardNext => return next(state),
        Act::WizardBack => {
            state.wizard.error = None;
            state.wizard.step = match state.wizard.step {
                Step::Options => Step::Map,
                _ => Step::File,
            };
        }
        Act::WizardExisting => state.wizard.existing = state.wizard.existing.next(),
        Act::WizardOwners => {
            let choices = owners(state);
            let picker = Picker::of_choices(state.t("wizard.owners").into(), &choices, &state.wizard.owners);
            state.modal = Some(Modal::Pick(picker));
        }
        Act::WizardRejects => return rejects(state),
        Act::WizardTask => return task(state),
        Act::WizardAgain => {
            state.wizard = Wizard::default();
            state.import = None;
        }
        _ => {}
    }
    Vec::new()
}

/// Seats that can be chosen; none until they have come.
pub fn owners(state: &State) -> Vec<hutong_api::page::Choice> {
    state.options.get(&(PAGE.to_owned(), "owner".to_owned())).cloned().unwrap_or_default()
}

pub fn named(state: &mut State, path: PathBuf) -> Vec<Request> {
    state.wizard = Wizard { path: path.clone(), looking: true, ..Wizard::default() };
    vec![Request::Look { page: PAGE.into(), path }]
}

pub fn looked(state: &mut State, look: ImportLook) {
    if state.wizard.looking {
        state.wizard.took(look);
    }
}

fn next(state: &mut State) -> Vec<Request> {
    let wizard = &mut state.wizard;
    wizard.error = None;
    match wizard.step {
        Step::Map => {
            if let Some(field) = wizard.twice().map(str::to_owned) {
                let error = state.fill("wizard.twice", &[("field", &field)]);
                state.wizard.error = Some(error);
                return Vec::new();
            }
            wizard.step = Step::Options;
            pages::options(state, PAGE, false).into_iter().filter(is_owner).collect()
        }
        Step::Options => {
            let Some(wish) = wizard.wish() else { return Vec::new() };
            wizard.step = Step::Run;
            let path = wizard.path.clone();
            state.import = Some(Import { path, status: None, since: state.now });
            vec![Request::RunImport { page: PAGE.into(), wish }]
        }
        Step::File | Step::Run => Vec::new(),
    }
}

fn is_owner(request: &Request) -> bool {
    matches!(request, Request::Options { field, .. } if field == "owner")
}

/// The file was not understood, or the import not begun: said where the person is looking.
pub fn refused(state: &mut State, text: String) {
    state.wizard.looking = false;
    if state.wizard.step == Step::Run {
        state.wizard.step = Step::Options;
    }
    state.wizard.error = Some(text);
}

/// What ran can be taken back as a whole.
pub fn done(state: &mut State, status: &ImportStatus) {
    if let Some(id) = &status.undo {
        let what = state.fill("wizard.whole", &[("count", &status.added.to_string())]);
        state.undo = Some(Undo { id: id.clone(), what });
    }
}

fn rejects(state: &mut State) -> Vec<Request> {
    let Some(import) = &state.import else { return Vec::new() };
    let Some(status) = &import.status else { return Vec::new() };
    let into = import.path.with_extension("rejects.csv");
    vec![Request::Download { path: format!("/api/import/{}/rejects", status.batch), into }]
}

/// A task of the same file: its form with the path filled in.
fn task(state: &mut State) -> Vec<Request> {
    let path = state.wizard.path.display().to_string();
    let requests = pages::form_of(state, "campaigns", Purpose::New);
    if let Some(Modal::Form(form)) = &mut state.modal
        && let Some(file) = form.fields.iter_mut().find(|f| f.kind == hutong_api::catalogue::Kind::File)
    {
        file.line = LineEdit::new(&path);
    }
    requests
}

pub fn has_rejects(state: &State) -> bool {
    let status = state.import.as_ref().and_then(|i| i.status.as_ref());
    !modal::import_runs(state) && status.is_some_and(|s| s.duplicate + s.bad + s.blocked > 0)
}
