//! What one watcher of the board is sent: first everything, then only what changed since his last message.

use hutong_api::board::{BoardMsg, EventRow};

#[derive(Debug, Default)]
pub struct Feed {
    sent: Option<BoardMsg>,
    seq: u64,
}

impl Feed {
    /// The next message for the newest board, or None when nothing changed.
    pub fn next(&mut self, newest: BoardMsg) -> Option<BoardMsg> {
        let mut message = match &self.sent {
            None => BoardMsg { full: true, ..newest.clone() },
            Some(sent) => changes(sent, &newest)?,
        };
        self.seq += 1;
        message.seq = self.seq;
        self.sent = Some(newest);
        Some(message)
    }

    /// He missed some: the next message is a full one.
    pub fn start_over(&mut self) {
        self.sent = None;
    }
}

fn changes(sent: &BoardMsg, newest: &BoardMsg) -> Option<BoardMsg> {
    let events = new_events(sent.events.as_deref().unwrap_or_default(), newest.events.as_deref().unwrap_or_default());
    let message = BoardMsg {
        seq: 0,
        full: false,
        at: newest.at,
        totals: changed(&sent.totals, &newest.totals),
        campaigns: changed(&sent.campaigns, &newest.campaigns),
        trunks: changed(&sent.trunks, &newest.trunks),
        calls: changed(&sent.calls, &newest.calls),
        seats: changed(&sent.seats, &newest.seats),
        events: (!events.is_empty()).then(|| events.to_vec()),
        acks: changed(&sent.acks, &newest.acks),
    };
    let empty = BoardMsg { at: newest.at, ..BoardMsg::default() };
    (message != empty).then_some(message)
}

fn changed<T: Clone + PartialEq>(sent: &Option<T>, newest: &Option<T>) -> Option<T> {
    if sent == newest { None } else { newest.clone() }
}

/// The events behind those sent; all of them where the last sent has left the list already. Equal rows may repeat,
/// so a place counts only where everything before it was sent as well.
fn new_events<'a>(sent: &[EventRow], newest: &'a [EventRow]) -> &'a [EventRow] {
    let known = (1..=newest.len()).rev().find(|end| {
        let common = sent.len().min(*end);
        common > 0 && sent[sent.len() - common..] == newest[end - common..*end]
    });
    &newest[known.unwrap_or_default()..]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use hutong_api::board::Totals;

    fn event(at: i64) -> EventRow {
        EventRow { at, alarm: false, text_key: "call.event.x".into(), args: Vec::new() }
    }

    fn board(dialled: u32, events: &[i64]) -> BoardMsg {
        BoardMsg {
            at: i64::from(dialled),
            totals: Some(Totals { dialled, ..Totals::default() }),
            campaigns: Some(Vec::new()),
            events: Some(events.iter().copied().map(event).collect()),
            ..BoardMsg::default()
        }
    }

    #[test]
    fn first_everything_then_only_changes_counted_without_gap() {
        let mut feed = Feed::default();
        let first = feed.next(board(1, &[1])).unwrap();
        assert!(first.full && first.seq == 1 && first.campaigns.is_some());
        assert_eq!(feed.next(board(1, &[1])), None);
        let second = feed.next(board(2, &[1])).unwrap();
        assert!(!second.full && second.seq == 2 && second.totals.is_some());
        assert!(second.campaigns.is_none() && second.events.is_none());
        feed.start_over();
        let third = feed.next(board(2, &[1])).unwrap();
        assert!(third.full && third.seq == 3 && third.events.unwrap().len() == 1);
    }

    #[test]
    fn only_new_events_are_sent() {
        let mut feed = Feed::default();
        feed.next(board(1, &[1, 2, 3])).unwrap();
        let rows = |message: BoardMsg| message.events.unwrap().iter().map(|row| row.at).collect::<Vec<_>>();
        assert_eq!(rows(feed.next(board(1, &[2, 3, 4, 5])).unwrap()), [4, 5]);
        assert_eq!(rows(feed.next(board(1, &[7, 8])).unwrap()), [7, 8], "all were missed");
        assert!(feed.next(board(2, &[7, 8])).unwrap().events.is_none());
    }
}
