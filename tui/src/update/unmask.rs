//! One row's numbers in full (D15): asked of the service, which writes it down, and shown until the cursor leaves the row.

use crate::{
    event::Request,
    state::{Link, State, Unmasked},
};
use hutong_api::page::RowReply;

pub fn ask(state: &State) -> Vec<Request> {
    match state.masked_row() {
        Some((page, id)) if state.link == Link::Up => vec![Request::Numbers { page: page.to_owned(), id }],
        _ => Vec::new(),
    }
}

/// An answer that comes when the cursor has gone on shows nothing.
pub fn told(state: &mut State, page: String, reply: RowReply) {
    state.unmasked = Some(Unmasked { page, id: reply.id, numbers: reply.values });
    settle(state);
}

pub fn settle(state: &mut State) {
    let here = state.page().and_then(|(view, page)| Some((view.id.clone(), page.chosen()?.id)));
    state.unmasked = state.unmasked.take().filter(|shown| here == Some((shown.page.clone(), shown.id)));
}
