//! The engine driven by hand: each input is stored at once, numbers are loaded at once, time moves when told.

use super::{model::Model, office::*};
use hutong_api::{
    live::{Command, SeatState, SeatView},
    *,
};
use hutong_core::{Engine, Mono, Now, io::*};

pub struct Bench {
    pub engine: Engine,
    pub model: Model,
    pub now: Now,
    /// Everything asked for since the last `take`.
    pub effects: Vec<Effect>,
    pub changes: Vec<Change>,
    req: u64,
}

impl Bench {
    pub fn new(model: Model) -> Bench {
        let now = Now { mono: Mono(1_000), wall: MORNING };
        let mut bench = Bench { engine: Engine::new(), model, now, effects: Vec::new(), changes: Vec::new(), req: 0 };
        bench.boot();
        bench
    }

    /// The process dies and starts again.
    pub fn boot(&mut self) {
        self.engine = Engine::new();
        let boot = self.model.boot(self.now.wall);
        self.give(Input::Boot(Box::new(boot)));
    }

    pub fn give(&mut self, input: Input) {
        let turn = self.engine.handle(self.now, input);
        let told = self.model.apply(&turn.changes);
        self.changes.extend(turn.changes);
        let loads = turn.effects.iter().filter_map(|e| match e {
            Effect::LoadLeads { campaign, want } => Some(self.model.load(*campaign, *want, self.now.wall)),
            _ => None,
        });
        let loads: Vec<Input> = loads.collect();
        self.effects.extend(turn.effects);
        for input in told.into_iter().chain(loads) {
            self.give(input);
        }
    }

    /// Lets time pass, ringing every timer at its moment.
    pub fn pass(&mut self, ms: u64) {
        let end = self.now.mono.after_ms(ms);
        while let Some(due) = self.engine.next_deadline().filter(|d| *d <= end) {
            self.move_to(due.max(self.now.mono));
            self.give(Input::Tick);
        }
        self.move_to(end);
    }

    pub fn leg(&mut self, leg: LegId, event: LegEvent) {
        self.give(Input::Leg { leg, event });
    }

    pub fn end(&mut self, leg: LegId, how: LegEndHow, sip: Option<u16>) {
        self.leg(leg, LegEvent::Ended(LegEnd { how, sip, q850: None }));
    }

    pub fn ask(&mut self, seat: i64, cmd: Command) -> Result<(), Refusal> {
        self.req += 1;
        let req = ReqId(self.req);
        let who = Actor { company: COMPANY, seat: SeatId(seat), name: format!("agent{seat}") };
        let from = self.effects.len();
        self.give(Input::Ask { req, who, cmd });
        let replies: Vec<_> = self.effects[from..]
            .iter()
            .filter_map(|e| match e {
                Effect::Reply { req: r, refusal } if *r == req => Some(refusal.clone()),
                _ => None,
            })
            .collect();
        assert_eq!(replies.len(), 1, "exactly one reply");
        replies.into_iter().flatten().next().map_or(Ok(()), Err)
    }

    pub fn arrive(&mut self, seat: i64) {
        self.give(Input::Seat { seat: SeatId(seat), event: SeatEvent::Online });
        self.give(Input::Seat { seat: SeatId(seat), event: SeatEvent::PhoneUp });
        self.ask(seat, Command::SignIn).unwrap();
    }

    pub fn start(&mut self) {
        self.ask(1, Command::CampaignStart { campaign: CampaignId(1) }).unwrap();
    }

    pub fn take(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    pub fn dials(&mut self) -> Vec<Dial> {
        let dial = |e: Effect| match e {
            Effect::Dial(dial) => Some(dial),
            _ => None,
        };
        self.take().into_iter().filter_map(dial).collect()
    }

    /// The one dial that went out.
    pub fn dial(&mut self) -> Dial {
        let dials = self.dials();
        assert_eq!(dials.len(), 1, "{dials:?}");
        dials.into_iter().next().unwrap()
    }

    pub fn seat(&self, n: i64) -> SeatView {
        self.engine.seat_view(SeatId(n)).unwrap()
    }

    pub fn state(&self, n: i64) -> SeatState {
        self.seat(n).state
    }

    pub fn cdr(&self, call: CallId) -> &Cdr {
        &self.model.cdrs[&call]
    }

    pub fn board(&self) -> board::BoardMsg {
        self.engine.board(COMPANY, self.now).unwrap()
    }

    pub fn why(&self) -> board::IdleReason {
        self.board().campaigns.unwrap()[0].why
    }

    pub fn jump_wall(&mut self, ms: i64) {
        self.now.wall = self.now.wall.after_ms(ms);
    }

    fn move_to(&mut self, mono: Mono) {
        let ms = mono.0 - self.now.mono.0;
        self.now = Now { mono, wall: self.now.wall.after_ms(ms as i64) };
    }
}
