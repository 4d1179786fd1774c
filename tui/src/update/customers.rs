//! 客户资料: the filter line, and what is known of the chosen customer.

use super::{pages, query};
use crate::{
    event::*,
    state::{Modal, Prompt, State, line::LineEdit},
};
use hutong_api::{catalogue::Kind, page::ListReply};

/// Lists beside the customer, and how many rows of each.
const LISTS: [(&str, u32); 2] = [("activities", 6), ("calls", 5)];

pub fn ask(state: &mut State) -> Vec<Request> {
    let Some((view, page)) = state.page() else { return Vec::new() };
    let (line, id) = (LineEdit::new(&page.typed), view.id.clone());
    state.modal = Some(Modal::Prompt { prompt: Prompt::Query { error: None }, line });
    pages::options(state, &id, false)
}

pub fn asked(state: &mut State, line: LineEdit) -> Vec<Request> {
    let Some((view, _)) = state.page() else { return Vec::new() };
    let (id, parsed) = (view.id.clone(), query::parse(state, view, line.text()));
    match parsed {
        Err(error) => {
            state.modal = Some(Modal::Prompt { prompt: Prompt::Query { error: Some(error) }, line });
            Vec::new()
        }
        Ok(filters) => {
            let page = state.pages.entry(id).or_default();
            page.refilter(filters);
            page.typed = line.text().to_owned();
            pages::load(state)
        }
    }
}

/// Asks for the lists of the customer the cursor stands on. One question at a time: a fast hand is not followed row by row.
pub fn follow(state: &mut State) -> Vec<Request> {
    if state.page_id() != Some("customers") || !crate::view::customers::shows_detail(state) || state.history.waits() {
        return Vec::new();
    }
    let Some((view, page)) = state.page() else { return Vec::new() };
    let Some(row) = page.chosen() else { return Vec::new() };
    if state.history.customer == Some(row.id) {
        return Vec::new();
    }
    let number = view.columns.iter().filter(|c| c.kind == Kind::Phone).find_map(|c| row.cells.get(&c.id));
    let number = number.filter(|n| !n.is_empty()).cloned();
    let customer = Some(row.id);
    let open = state.history.open;
    state.history = crate::state::history::History { customer, open, ..Default::default() };
    let Some(number) = number else { return Vec::new() };
    if number.contains('*') {
        state.history.hidden = true;
        return Vec::new();
    }
    let mut requests = Vec::new();
    for (at, (list, size)) in LISTS.into_iter().enumerate() {
        let filter = state.view_of(list).and_then(|v| v.filters.iter().find(|f| f.kind == Kind::Phone));
        let Some(filter) = filter.map(|f| f.id.clone()) else { continue };
        state.last_tag += 1;
        state.history.tags[at] = Some(state.last_tag);
        let query = vec![
            ("page".into(), "1".into()),
            ("size".into(), size.to_string()),
            (format!("q.{filter}"), number.clone()),
        ];
        requests.push(Request::List { page: list.into(), tag: state.last_tag, query });
    }
    requests
}

/// True if the answer was for the detail and not for a page.
pub fn took(state: &mut State, tag: u64, reply: &ListReply) -> bool {
    let Some(at) = state.history.tags.iter().position(|t| *t == Some(tag)) else { return false };
    state.history.tags[at] = None;
    let rows = reply.rows.clone();
    if at == 0 {
        state.history.activities = rows
    } else {
        state.history.calls = rows
    }
    true
}

/// A list that did not come is not waited for.
pub fn refused(state: &mut State, page: &str) {
    if let Some(at) = LISTS.iter().position(|(list, _)| *list == page) {
        state.history.tags[at] = None;
    }
}
