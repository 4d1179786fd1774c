//! Sees to it that every Dial ends exactly once, whatever happens to the task or the machine between.

use super::{DialogRecord, SipEvent};
use hutong_api::LegId;
use hutong_core::io::{LegEnd, LegEndHow, LegEvent};
use tokio::sync::mpsc::UnboundedSender;

#[derive(Debug)]
pub struct Guard {
    leg: LegId,
    events: Option<UnboundedSender<SipEvent>>,
    sent: bool,
    /// The last record told, to clear the far end with when the machine is lost.
    pub record: Option<DialogRecord>,
}

impl Guard {
    pub fn new(leg: LegId, events: UnboundedSender<SipEvent>) -> Guard {
        Guard { leg, events: Some(events), sent: false, record: None }
    }

    /// From now on a loss is a lost call, no longer one not sent.
    pub fn sent(&mut self) {
        self.sent = true;
    }

    /// The leg's own `Ended` goes out; the guard stands down.
    pub fn disarm(mut self) {
        self.events = None;
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(events) = self.events.take() {
            let how = if self.sent { LegEndHow::Lost } else { LegEndHow::NotSent };
            let event = LegEvent::Ended(LegEnd { how, sip: None, q850: None });
            // Nobody listens only when the process is going down.
            let _ = events.send(SipEvent::Leg { leg: self.leg, event });
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_lost_guard_ends_its_leg_and_a_disarmed_one_is_silent() {
        let (events, mut heard) = tokio::sync::mpsc::unbounded_channel();
        let how = |event| match event {
            SipEvent::Leg { event: LegEvent::Ended(end), .. } => end.how,
            other => panic!("{other:?}"),
        };
        drop(Guard::new(LegId(1), events.clone()));
        assert_eq!(how(heard.try_recv().unwrap()), LegEndHow::NotSent);
        let mut guard = Guard::new(LegId(1), events.clone());
        guard.sent();
        drop(guard);
        assert_eq!(how(heard.try_recv().unwrap()), LegEndHow::Lost);
        Guard::new(LegId(1), events).disarm();
        assert!(heard.try_recv().is_err());
    }
}
