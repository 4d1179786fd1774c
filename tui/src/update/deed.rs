//! Catalogue actions: what they are done to, what they ask first, and how they are taken back.

use super::pages;
use crate::{
    event::*,
    state::{Modal, Prompt, State, Tone, Undo, form::Form, line::LineEdit},
};
use hutong_api::{
    catalogue::{Kind, PageView, Place},
    page::ActionReply,
};
use std::path::PathBuf;

pub fn begin(state: &mut State, id: &str) -> Vec<Request> {
    let Some((view, page)) = state.page() else { return Vec::new() };
    let Some(action) = view.actions.iter().find(|a| a.id == id) else { return Vec::new() };
    if let (Some(_), Some(row)) = (&action.opens, page.chosen()) {
        let (view, row) = (view.id.clone(), row.id);
        return super::monitor::lead(state, &view, id, row);
    }
    // The rows an import left out are a file.
    if (view.id.as_str(), id) == ("imports", "rejects") {
        let Some(row) = page.chosen() else { return Vec::new() };
        let into = PathBuf::from(format!("import-{}.rejects.csv", row.id));
        return vec![Request::Download { path: format!("/api/import/{}/rejects", row.id), into }];
    }
    let mut deed = Deed { page: view.id.clone(), action: action.id.clone(), ..Deed::default() };
    let chosen = page.chosen();
    match action.place {
        Place::Toolbar => {}
        Place::Selection if page.all && action.all => {
            deed.all = true;
            deed.filters = page.set_filters();
        }
        Place::Selection if !page.marked.is_empty() => deed.ids = page.marked.iter().copied().collect(),
        _ => match chosen {
            Some(row) => deed.ids = vec![row.id],
            None => return Vec::new(),
        },
    }
    let count = if deed.all { page.total } else { deed.ids.len() as u64 };
    let target = match (count, chosen) {
        (0, _) => String::new(),
        (1, Some(row)) if !deed.all && deed.ids == [row.id] => name_of(view, &row.cells),
        _ => state.fill("page.rows", &[("count", &count.to_string())]),
    };
    let words = match target.is_empty() {
        true => action.title.clone(),
        false => state.fill("ask.what", &[("action", &action.title), ("target", &target)]),
    };
    if !action.asks.is_empty() {
        let (asks, of) = (action.asks.clone(), view.id.clone());
        let mut form = Form::of_asks(deed, &asks, words, &pages::yes_no(state));
        pages::fill_options(state, &mut form);
        state.modal = Some(Modal::Form(form));
        return pages::fetch_choices(&of, &asks);
    }
    if deletes(id) && count > 1 {
        return ask_count(state, deed);
    }
    if !action.confirm && !deletes(id) {
        return vec![Request::Action(deed)];
    }
    state.modal = Some(Modal::Confirm { text: words + "?", request: Request::Action(deed) });
    Vec::new()
}

/// 试算 of the chosen campaign: its list is drawn by hand, its question is the catalogue's.
pub fn what_if(state: &mut State) -> Vec<Request> {
    let Some((id, name)) = state.chosen_campaign().map(|row| (row.id.0, row.name.clone())) else { return Vec::new() };
    let Some(view) = state.view_of("campaigns") else { return Vec::new() };
    let Some(action) = view.actions.iter().find(|a| a.id == "what_if") else { return Vec::new() };
    let (page, asks, title) = (view.id.clone(), action.asks.clone(), action.title.clone());
    let deed = Deed { page, action: action.id.clone(), ids: vec![id], ..Deed::default() };
    let words = state.fill("ask.what", &[("action", &title), ("target", &name)]);
    let mut form = Form::of_asks(deed, &asks, words, &pages::yes_no(state));
    pages::fill_options(state, &mut form);
    state.modal = Some(Modal::Form(form));
    Vec::new()
}

/// What the form asked is known; of many rows to delete, the count is typed as well.
pub fn answered(state: &mut State, deed: Deed) -> Result<Request, Vec<Request>> {
    match deletes(&deed.action) && (deed.all || deed.ids.len() > 1) {
        true => Err(ask_count(state, deed)),
        false => Ok(Request::Action(deed)),
    }
}

fn ask_count(state: &mut State, deed: Deed) -> Vec<Request> {
    let Some((view, page)) = state.page() else { return Vec::new() };
    let count = if deed.all { page.total } else { deed.ids.len() as u64 };
    let title = view.actions.iter().find(|a| a.id == deed.action).map_or("", |a| a.title.as_str());
    let prompt = Prompt::Count { deed, count, action: title.to_owned() };
    state.modal = Some(Modal::Prompt { prompt, line: LineEdit::default() });
    Vec::new()
}

fn deletes(action: &str) -> bool {
    action.split('_').any(|part| part == "delete")
}

/// The count was typed. Another number is no yes.
pub fn counted(state: &mut State, deed: Deed, count: u64, action: String, typed: &str) -> Vec<Request> {
    if typed.parse() == Ok(count) {
        return vec![Request::Action(deed)];
    }
    let text = state.fill("ask.miscounted", &[("action", &action), ("count", &count.to_string())]);
    state.say(Tone::Bad, text);
    Vec::new()
}

/// How a question names a row: its first two cells with something in them.
pub fn name_of(view: &PageView, cells: &std::collections::BTreeMap<String, String>) -> String {
    let shown = view.columns.iter().filter(|c| c.kind != Kind::Audio);
    let words = shown.filter_map(|c| cells.get(&c.id).filter(|v| !v.is_empty()).map(|v| (c.kind, v)));
    let words = words.take(2).map(|(kind, v)| match kind {
        Kind::Phone => crate::view::page::masked(v),
        _ => v.clone(),
    });
    words.collect::<Vec<_>>().join(" ")
}

pub fn done(state: &mut State, page: &str, reply: ActionReply) -> Vec<Request> {
    let asked = |m: &mut Modal| matches!(m, Modal::Form(f) if f.page == page && f.deed.is_some());
    let what = match state.modal.take_if(asked) {
        Some(Modal::Form(form)) => Some(form.title),
        _ => None,
    };
    report(state, &reply, what);
    if let Some(screen) = state.pages.get_mut(page) {
        screen.unmark();
    }
    pages::changed(state, page)
}

pub fn undone(state: &mut State, reply: &ActionReply) -> Vec<Request> {
    state.undo = None;
    if let Some(import) = state.import.as_mut().and_then(|i| i.status.as_mut()) {
        import.undo = None;
    }
    report(state, reply, None);
    let page = state.page_id().map(str::to_owned);
    page.map_or_else(Vec::new, |page| pages::changed(state, &page))
}

/// `what` was done, where the person was asked about it.
fn report(state: &mut State, reply: &ActionReply, what: Option<String>) {
    let count = reply.done.to_string();
    let mut text = reply.text.clone().unwrap_or_else(|| state.fill("did.action", &[("count", &count)]));
    if let Some(id) = &reply.undo {
        state.undo = Some(Undo { id: id.clone(), what: what.unwrap_or_else(|| text.clone()) });
        text = state.fill("did.undoable", &[("text", &text)]);
    }
    let Some((_, first)) = reply.refused.first() else {
        if text.contains('\n') {
            state.modal = Some(Modal::Told(text));
            return;
        }
        return state.say(Tone::Good, text);
    };
    let refused = reply.refused.len().to_string();
    let text = match (reply.done, reply.refused.len()) {
        (0, 1) => first.text.clone(),
        _ => state.fill("did.partly", &[("text", &text), ("refused", &refused), ("why", &first.text)]),
    };
    state.say(Tone::Bad, text);
}

/// Asks before anything is taken back.
pub fn undo(state: &mut State) -> Vec<Request> {
    if let Some(undo) = &state.undo {
        let text = state.fill("ask.undo", &[("what", &undo.what)]);
        state.modal = Some(Modal::Confirm { text, request: Request::Undo(undo.id.clone()) });
    }
    Vec::new()
}
