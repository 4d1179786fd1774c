//! 任务监控 of the task that is open, and the pages its buttons lead to.

use super::{acts, pages};
use crate::{
    event::Request,
    state::{Link, Screen, Stage, State},
};
use hutong_api::monitor::TaskMonitor;

/// What is seen is no older than this while answers come.
const EVERY_MS: i64 = 1_000;
/// After a question that failed.
const RETRY_MS: i64 = 5_000;

/// Asks for the open task anew: one question at a time, a second after the last.
pub fn follow(state: &mut State) -> Vec<Request> {
    let here = state.stage == Stage::Open && state.screen == Screen::Campaigns && state.link == Link::Up;
    let may = here && state.may("campaigns.monitor");
    let Some(id) = state.campaigns.detail.filter(|_| may) else { return Vec::new() };
    let (now, watch) = (state.now, &mut state.campaigns.watch);
    let due = match watch.asked {
        Some((of, at)) if of == id => !watch.waits && now >= at + EVERY_MS,
        _ => true,
    };
    if !due {
        return Vec::new();
    }
    watch.asked = Some((id, now));
    watch.waits = true;
    vec![Request::Monitor(id.0)]
}

pub fn told(state: &mut State, seen: TaskMonitor) {
    let watch = &mut state.campaigns.watch;
    if watch.asked.is_some_and(|(of, _)| of == seen.id) {
        watch.waits = false;
        watch.seen = Some(seen);
    }
}

/// What is on screen stays there: it says its own age by standing still.
pub fn refused(state: &mut State) {
    let watch = &mut state.campaigns.watch;
    watch.waits = false;
    watch.asked = watch.asked.map(|(of, at)| (of, at + RETRY_MS));
}

/// A button that only leads to another page, filtered to this row.
pub fn lead(state: &mut State, page: &str, action: &str, row: i64) -> Vec<Request> {
    let view = state.view_of(page).and_then(|view| view.actions.iter().find(|a| a.id == action));
    let Some(opens) = view.and_then(|action| action.opens.clone()) else { return Vec::new() };
    let target = state.pages.entry(opens.page.clone()).or_default();
    target.refilter([(opens.filter, row.to_string())].into());
    let mut requests = acts::show(state, Screen::Page(opens.page.clone()));
    requests.extend(pages::options(state, &opens.page, false));
    requests
}
