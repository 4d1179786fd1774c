//! What lies over the screen: help, confirm, prompt, form, menu, import.

use super::{acts, commands, customers, deed, inbox, pages, palette, wizard};
use crate::{
    event::*,
    state::{
        Import, Menu, Modal, Prompt, Screen, State,
        form::{Form, Purpose},
        line::LineEdit,
        pick::Picker,
    },
};
use hutong_api::{catalogue::Kind, page::ImportStage};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::path::PathBuf;

pub fn press(state: &mut State, key: KeyEvent) -> Vec<Request> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    if control && key.code == KeyCode::Char('c') {
        state.modal = None;
        return Vec::new();
    }
    let Some(modal) = state.modal.take() else { return Vec::new() };
    match modal {
        Modal::Help(typed) => {
            in_help(state, typed, key);
            Vec::new()
        }
        Modal::Confirm { text, request } => match key.code {
            KeyCode::Char('y') => vec![request],
            KeyCode::Char('n') | KeyCode::Esc => Vec::new(),
            _ => {
                state.modal = Some(Modal::Confirm { text, request });
                Vec::new()
            }
        },
        Modal::Prompt { prompt, line } => in_prompt(state, prompt, line, key),
        Modal::Form(form) => in_form(state, form, key),
        Modal::Menu(menu) => in_menu(state, menu, key),
        Modal::Import => in_import(state, key),
        Modal::Inbox => inbox::press(state, key),
        Modal::Told(_) => Vec::new(),
        Modal::Pick(mut picker) => {
            match key.code {
                KeyCode::Esc => return Vec::new(),
                KeyCode::Enter => {
                    state.wizard.owners = picker.value();
                    return Vec::new();
                }
                other => tick_key(&mut picker, other),
            }
            state.modal = Some(Modal::Pick(picker));
            Vec::new()
        }
    }
}

pub fn import_runs(state: &State) -> bool {
    state.import.as_ref().is_some_and(|i| match &i.status {
        Some(status) => !matches!(status.stage, ImportStage::Done | ImportStage::Refused),
        None => true,
    })
}

/// The batch of a running import that has been silent for `ms`.
pub fn stale_import(state: &mut State, ms: i64) -> Option<i64> {
    let runs = import_runs(state);
    let now = state.now;
    let import = state.import.as_mut().filter(|i| runs && now - i.since >= ms)?;
    import.since = now;
    import.status.as_ref().map(|s| s.batch.0)
}

fn in_prompt(state: &mut State, prompt: Prompt, mut line: LineEdit, key: KeyEvent) -> Vec<Request> {
    match key.code {
        KeyCode::Esc => return Vec::new(),
        KeyCode::Tab if matches!(prompt, Prompt::Query { .. }) => return pages::filter_form(state),
        KeyCode::Enter if matches!(prompt, Prompt::Query { .. }) => return customers::asked(state, line),
        KeyCode::Enter => return entered(state, prompt, line.text().trim().to_owned()),
        _ => drop(line.key(key)),
    }
    // A filter works while it is typed.
    if prompt == Prompt::Filter {
        set_filter(state, line.text().to_owned());
    }
    state.modal = Some(Modal::Prompt { prompt, line });
    Vec::new()
}

fn entered(state: &mut State, prompt: Prompt, text: String) -> Vec<Request> {
    let (page, campaign) = match prompt {
        Prompt::Count { deed, count, action } => return deed::counted(state, deed, count, action, &text),
        Prompt::Filter => {
            set_filter(state, text);
            return Vec::new();
        }
        Prompt::Query { .. } => return Vec::new(),
        Prompt::Message { .. } if text.is_empty() => return Vec::new(),
        Prompt::Message { seat, who } => return commands::say(state, seat, &who, text),
        Prompt::WizardFile if text.is_empty() => return Vec::new(),
        Prompt::WizardFile => return wizard::named(state, path(&text)),
        Prompt::Append { campaign, .. } => ("campaigns".to_owned(), Some(campaign.0)),
        Prompt::ImportInto { page } => (page, None),
    };
    if text.is_empty() {
        return Vec::new();
    }
    upload(state, page, campaign, false, path(&text))
}

/// As typed, or as a terminal writes a file dropped on it: in quotes.
pub fn path(typed: &str) -> PathBuf {
    PathBuf::from(typed.trim().trim_matches(['"', '\'']))
}

/// Sends a file of this machine up and shows what becomes of it.
pub fn upload(state: &mut State, page: String, campaign: Option<i64>, sync: bool, path: PathBuf) -> Vec<Request> {
    state.import = Some(Import { path: path.clone(), status: None, since: state.now });
    state.modal = Some(Modal::Import);
    vec![Request::Upload { page, campaign, sync, path }]
}

fn set_filter(state: &mut State, text: String) {
    match state.screen {
        Screen::Campaigns => state.campaigns.filter = text,
        Screen::Agents => state.agents.filter = text,
        _ => {}
    }
}

fn in_form(state: &mut State, mut form: Form, key: KeyEvent) -> Vec<Request> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let last = form.focus + 1 >= form.fields.len();
    if let Some(picker) = form.picker.take() {
        in_picker(&mut form, picker, key);
        state.modal = Some(Modal::Form(form));
        return Vec::new();
    }
    let long = form.fields.get(form.focus).is_some_and(|f| f.kind == Kind::LongText);
    let ticks = form.fields.get(form.focus).is_some_and(|f| f.ticks() && !f.locked);
    match key.code {
        KeyCode::Esc => return Vec::new(),
        KeyCode::Char('s') if control => return submit(state, form),
        KeyCode::Enter if key.modifiers.contains(KeyModifiers::ALT) && long => edit_field(&mut form, key),
        KeyCode::Enter if form.purpose == Purpose::Filter || last => return submit(state, form),
        KeyCode::Char(' ') | KeyCode::Right if ticks => form.picker = Some(picker(state, &form)),
        KeyCode::Enter | KeyCode::Tab | KeyCode::Down => form.step(1),
        KeyCode::BackTab | KeyCode::Up => form.step(-1),
        _ => edit_field(&mut form, key),
    }
    state.modal = Some(Modal::Form(form));
    Vec::new()
}

/// The list in which the choices of the focused field are ticked.
fn picker(state: &State, form: &Form) -> Picker {
    let Some(field) = form.fields.get(form.focus) else { return Picker::default() };
    match field.kind {
        Kind::Permissions => Picker::of_tree(field.title.clone(), &state.permissions, field.value()),
        _ => Picker::of_choices(field.title.clone(), &field.choices, field.value()),
    }
}

fn in_picker(form: &mut Form, mut picker: Picker, key: KeyEvent) {
    match key.code {
        KeyCode::Esc => return,
        KeyCode::Enter => {
            if let Some(field) = form.fields.get_mut(form.focus) {
                field.line = LineEdit::new(&picker.value());
            }
            return;
        }
        other => tick_key(&mut picker, other),
    }
    form.picker = Some(picker);
}

pub fn tick_key(picker: &mut Picker, key: KeyCode) {
    match key {
        KeyCode::Char(' ') => {
            picker.toggle();
            picker.step(1);
        }
        KeyCode::Char('a' | '*') => picker.toggle_all(),
        KeyCode::Down | KeyCode::Char('j') => picker.step(1),
        KeyCode::Up | KeyCode::Char('k') => picker.step(-1),
        KeyCode::PageDown => picker.step(10),
        KeyCode::PageUp => picker.step(-10),
        _ => {}
    }
}

fn edit_field(form: &mut Form, key: KeyEvent) {
    let Some(field) = form.fields.get_mut(form.focus).filter(|f| !f.locked) else { return };
    match key.code {
        KeyCode::Right | KeyCode::Char(' ') if field.picks() => field.turn(1),
        KeyCode::Left if field.picks() => field.turn(-1),
        KeyCode::Backspace | KeyCode::Delete if field.picks() && !field.required => field.line.clear(),
        KeyCode::Backspace | KeyCode::Delete if field.ticks() => field.line.clear(),
        _ if field.picks() || field.ticks() => {}
        KeyCode::Enter => field.line.newline(),
        KeyCode::Char(_) if field.max_chars > 0 && field.value().chars().count() >= field.max_chars => {}
        _ => drop(field.line.key(key)),
    }
}

fn submit(state: &mut State, mut form: Form) -> Vec<Request> {
    if form.waiting {
        state.modal = Some(Modal::Form(form));
        return Vec::new();
    }
    if form.purpose == Purpose::Filter {
        let id = form.page.clone();
        let page = state.pages.entry(id).or_default();
        page.refilter(form.values());
        return pages::load(state);
    }
    if let Some(empty) = form.lacks() {
        form.error = Some(state.fill("form.lacks", &[("field", &form.fields[empty].title)]));
        form.focus = empty;
        state.modal = Some(Modal::Form(form));
        return Vec::new();
    }
    let id = match form.purpose {
        Purpose::Edit(id) => Some(id),
        _ => None,
    };
    let mut values = form.values();
    // A file goes up once its row exists; the path of this machine means nothing to the service.
    values.retain(|id, _| !form.fields.iter().any(|f| f.kind == Kind::File && f.id == *id));
    let request = match form.deed.clone() {
        Some(deed) => match deed::answered(state, Deed { args: values, ..deed }) {
            Ok(request) => request,
            Err(asked) => return asked,
        },
        None => Request::Save { page: form.page.clone(), id, values },
    };
    form.waiting = true;
    form.error = None;
    state.modal = Some(Modal::Form(form));
    vec![request]
}

fn in_help(state: &mut State, mut typed: LineEdit, key: KeyEvent) {
    let first = typed.text().is_empty() && matches!(key.code, KeyCode::Char('?' | 'q'));
    if !first && !matches!(key.code, KeyCode::Esc | KeyCode::Enter) {
        typed.key(key);
        state.modal = Some(Modal::Help(typed));
    }
}

fn in_menu(state: &mut State, mut menu: Menu, key: KeyEvent) -> Vec<Request> {
    let count = menu.shown().len();
    match key.code {
        KeyCode::Esc => return Vec::new(),
        KeyCode::Enter => {
            let chosen = menu.shown().get(menu.at).map(|item| item.act.clone());
            return chosen.map_or_else(Vec::new, |act| acts::act(state, act));
        }
        KeyCode::Down | KeyCode::Tab => menu.at = (menu.at + 1).min(count.saturating_sub(1)),
        KeyCode::Up | KeyCode::BackTab => menu.at = menu.at.saturating_sub(1),
        _ => {
            menu.typed.key(key);
            menu.at = 0;
        }
    }
    state.modal = Some(Modal::Menu(menu));
    palette::find(state)
}

fn in_import(state: &mut State, key: KeyEvent) -> Vec<Request> {
    let runs = import_runs(state);
    let rejects = state.import.as_ref().and_then(|i| i.status.as_ref().map(|s| (i, s)));
    match key.code {
        KeyCode::Char('w') if !runs => {
            if let Some((import, status)) = rejects.filter(|(_, s)| s.duplicate + s.bad + s.blocked > 0) {
                let into = import.path.with_extension("rejects.csv");
                let path = format!("/api/import/{}/rejects", status.batch);
                state.modal = Some(Modal::Import);
                return vec![Request::Download { path, into }];
            }
        }
        KeyCode::Char('q') if runs => {
            state.quit = true;
            return Vec::new();
        }
        KeyCode::Esc | KeyCode::Enter => {
            if !runs {
                state.import = None;
            }
            return Vec::new();
        }
        _ => {}
    }
    state.modal = Some(Modal::Import);
    Vec::new()
}
