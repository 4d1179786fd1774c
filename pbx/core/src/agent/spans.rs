//! Status spans (F76): they tile the signed-in time without gap or overlap.

use crate::{
    io::{Change, Span},
    time::Wall,
};
use hutong_api::{CompanyId, SeatId, live::SeatState};

/// Ends `open` and begins `state` (nothing while signed out). Returns the new open span; its changes go to `changes`.
/// A clock that ran back never makes a span end before it began, nor begin before `floor`, where the last one ended.
pub(crate) fn turn_over(
    open: Option<Span>,
    next: (CompanyId, SeatId, SeatState, Option<String>),
    now: Wall,
    floor: &mut Wall,
    changes: &mut Vec<Change>,
) -> Option<Span> {
    let (company, seat, state, reason) = next;
    let at = now.max(*floor);
    *floor = at;
    let signed_in = state != SeatState::SignedOut;
    if let Some(mut old) = open {
        // A span without length is replaced by its successor, which has the same key.
        if !(signed_in && old.from == at) {
            old.to = Some(at);
            changes.push(Change::Span(old));
        }
    }
    let new = signed_in.then_some(Span { company, seat, state, reason, from: at, to: None });
    changes.extend(new.clone().map(Change::Span));
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_meet_even_when_the_clock_runs_back() {
        let mut floor = Wall(0);
        let mut to = |open, state, now| {
            let mut changes = Vec::new();
            (turn_over(open, (CompanyId(1), SeatId(2), state, None), Wall(now), &mut floor, &mut changes), changes)
        };
        let (idle, changes) = to(None, SeatState::Idle, 100);
        assert_eq!(changes.len(), 1);
        let (talking, changes) = to(idle, SeatState::Talking, 50);
        assert_eq!((talking.as_ref().map(|s| s.from), changes.len()), (Some(Wall(100)), 1), "replaces the empty one");
        let (none, changes) = to(talking, SeatState::SignedOut, 180);
        assert_eq!((none, changes.len()), (None, 1));
        let (again, _) = to(None, SeatState::Idle, 120);
        assert_eq!(again.map(|s| s.from), Some(Wall(180)), "signs in again while the clock is behind");
    }
}
