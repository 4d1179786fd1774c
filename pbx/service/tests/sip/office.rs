//! Our side of a test: the SIP room with its events at hand.

use hutong::{
    media::{Media, MediaConfig},
    sip::{DialogRecord, Sip, SipConfig, SipEvent, SipTrunk},
};
use hutong_api::{CallId, CompanyId, LegId, Phone, TrunkId};
use hutong_core::{
    io::{Dial, LegEnd, LegEndHow, LegEvent},
    time::Mono,
};
use std::{collections::VecDeque, net::SocketAddr, time::Duration};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

pub const TRUNK: TrunkId = TrunkId(1);
/// Longer than anything that is waited for; reached only by a failing test.
const PATIENCE: Duration = Duration::from_secs(40);

pub struct Office {
    pub sip: Sip,
    events: UnboundedReceiver<SipEvent>,
    aside: VecDeque<SipEvent>,
    pub record: Option<DialogRecord>,
    pub records: usize,
}

impl Office {
    pub async fn new(carrier: SocketAddr) -> Office {
        Office::with(trunk(carrier)).await
    }

    pub async fn with(trunk: SipTrunk) -> Office {
        let (media_events, _) = unbounded_channel();
        let config = MediaConfig { trunk_ip: [127, 0, 0, 1].into(), trunk_ports: (0, 0), browser: vec![] };
        let media = Media::start(config, media_events).unwrap();
        let (tx, events) = unbounded_channel();
        let config = SipConfig { listen: "127.0.0.1:0".parse().unwrap(), external_ip: None };
        let sip = Sip::start(config, media, tx).await.unwrap();
        sip.set_trunks(vec![trunk]);
        Office { sip, events, aside: VecDeque::new(), record: None, records: 0 }
    }

    pub fn dial(&self, leg: i64, number: &str) -> LegId {
        self.sip.dial(Dial {
            leg: LegId(leg),
            call: CallId(leg),
            company: CompanyId(1),
            trunk: TRUNK,
            phone: Phone::from_digits(number).unwrap(),
            caller: "05928888888".into(),
            not_after: Mono(u64::MAX),
        });
        LegId(leg)
    }

    /// The next event that is not about a dialog; those are kept in `record`.
    pub async fn event(&mut self) -> SipEvent {
        if let Some(event) = self.aside.pop_front() {
            return event;
        }
        loop {
            let event = tokio::time::timeout(PATIENCE, self.events.recv()).await.expect("an event in time").unwrap();
            match event {
                SipEvent::Dialog { record, .. } => {
                    self.record = record;
                    self.records += 1;
                }
                event => return event,
            }
        }
    }

    /// Whatever comes next.
    pub async fn any(&mut self) -> SipEvent {
        tokio::time::timeout(PATIENCE, self.events.recv()).await.expect("an event in time").unwrap()
    }

    /// The next event of a leg; what the trunk says meanwhile is passed over.
    pub async fn leg(&mut self, leg: LegId) -> LegEvent {
        loop {
            if let SipEvent::Leg { leg: of, event } = self.event().await {
                assert_eq!(of, leg);
                return event;
            }
        }
    }

    pub async fn until(&mut self, leg: LegId, wanted: LegEvent) {
        while self.leg(leg).await != wanted {}
    }

    pub async fn end(&mut self, leg: LegId) -> LegEnd {
        loop {
            if let LegEvent::Ended(end) = self.leg(leg).await {
                return end;
            }
        }
    }

    /// The dialog's record is gone: the far end confirmed the end.
    pub async fn cleared(&mut self) {
        while self.record.is_some() || self.records == 0 {
            let event = tokio::time::timeout(PATIENCE, self.events.recv()).await.expect("an event in time").unwrap();
            match event {
                SipEvent::Dialog { record, .. } => {
                    self.record = record;
                    self.records += 1;
                }
                event => self.aside.push_back(event),
            }
        }
    }
}

pub fn trunk(carrier: SocketAddr) -> SipTrunk {
    SipTrunk {
        id: TRUNK,
        host: carrier.to_string(),
        user: "office".into(),
        password: String::new(),
        register: false,
        cps: 20,
    }
}

pub fn ended(how: LegEndHow, sip: Option<u16>, q850: Option<u16>) -> LegEnd {
    LegEnd { how, sip, q850 }
}
