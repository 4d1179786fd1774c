//! The live board as far as this console knows it.

use hutong_api::board::*;
use std::collections::VecDeque;

/// Lines kept of the event pane.
const MOST_EVENTS: usize = 200;

#[derive(Debug, Default)]
pub struct Board {
    /// None until the first full message, and after a gap.
    seq: Option<u64>,
    seen: bool,
    pub totals: Totals,
    pub campaigns: Vec<CampaignRow>,
    pub trunks: Vec<TrunkRow>,
    pub calls: Vec<CallRow>,
    pub seats: Vec<SeatRow>,
    /// Oldest first.
    pub events: VecDeque<EventRow>,
    /// Events that were here once: an event's number is its place among all of them.
    gone: i64,
    pub acks: Vec<AlarmAck>,
}

impl Board {
    /// Takes in a message. False: one was missed, the board must be asked for again.
    pub fn take(&mut self, msg: BoardMsg) -> bool {
        if msg.full {
            *self = Board { seen: true, ..Board::default() };
        } else {
            match self.seq {
                Some(seq) if msg.seq == seq + 1 => {}
                // A snapshot was asked for already.
                None => return true,
                Some(_) => {
                    self.seq = None;
                    return false;
                }
            }
        }
        self.seq = Some(msg.seq);
        keep(&mut self.totals, msg.totals);
        keep(&mut self.campaigns, msg.campaigns);
        keep(&mut self.trunks, msg.trunks);
        keep(&mut self.calls, msg.calls);
        keep(&mut self.seats, msg.seats);
        keep(&mut self.acks, msg.acks);
        self.events.extend(msg.events.into_iter().flatten());
        while self.events.len() > MOST_EVENTS {
            self.events.pop_front();
            self.gone += 1;
        }
        true
    }

    /// A first snapshot has come.
    pub fn known(&self) -> bool {
        self.seen
    }

    pub fn ack(&self, event: &EventRow) -> Option<&AlarmAck> {
        self.acks.iter().find(|ack| ack.is_of(event))
    }

    /// Alarms that nobody has acknowledged, the oldest first.
    pub fn open_alarms(&self) -> impl DoubleEndedIterator<Item = &EventRow> {
        self.events.iter().filter(|event| event.alarm && self.ack(event).is_none())
    }

    /// Numbers of the events, the newest first, so that the cursor stays on its event while others come.
    pub fn event_ids(&self) -> Vec<i64> {
        (0..self.events.len() as i64).rev().map(|at| self.gone + at).collect()
    }

    pub fn seat(&self, id: hutong_api::SeatId) -> Option<&SeatRow> {
        self.seats.iter().find(|seat| seat.id == id)
    }
}

fn keep<T>(section: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *section = new;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deltas_replace_sections_and_a_gap_is_noticed() {
        let mut board = Board::default();
        let totals = |dialled| Some(Totals { dialled, ..Totals::default() });
        board.take(BoardMsg { seq: 1, totals: totals(9), ..BoardMsg::default() });
        assert!(!board.known(), "a delta before any snapshot");
        assert!(board.take(BoardMsg { seq: 7, full: true, totals: totals(1), ..BoardMsg::default() }));
        assert!(board.take(BoardMsg { seq: 8, calls: Some(vec![]), ..BoardMsg::default() }));
        assert_eq!(board.totals.dialled, 1);
        assert!(!board.take(BoardMsg { seq: 10, totals: totals(2), ..BoardMsg::default() }));
        assert!(board.take(BoardMsg { seq: 11, totals: totals(3), ..BoardMsg::default() }), "asked once is enough");
        assert_eq!(board.totals.dialled, 1, "until a snapshot comes");
        assert!(board.take(BoardMsg { seq: 1, full: true, totals: totals(4), ..BoardMsg::default() }));
        assert_eq!(board.totals.dialled, 4);
    }
}
