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
