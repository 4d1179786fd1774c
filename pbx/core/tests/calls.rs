//! Campaign calls one at a time, by hand.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use hutong_api::{
    board::{CampaignStatus, IdleReason},
    live::{Command, SeatState},
    *,
};
use hutong_core::io::*;
use support::{bench::Bench, office::*};

/// Rings and is answered; the greeting plays.
fn answer(bench: &mut Bench, leg: LegId) {
    bench.leg(leg, LegEvent::Sent);
    bench.leg(leg, LegEvent::Ringing { early_media: false });
    bench.pass(4_000);
    bench.leg(leg, LegEvent::Answered);
}

fn greeted(bench: &mut Bench, leg: LegId) {
    answer(bench, leg);
    bench.pass(3_000);
    bench.leg(leg, LegEvent::PlayEnded { prompt: GREETING });
}

#[test]
fn a_campaign_call_from_dial_to_ledger() {
    let mut b = Bench::new(office(2, 3));
    b.start();
    assert_eq!((b.dials(), b.why()), (vec![], IdleReason::NoAgent));
    b.arrive(1);
    let dial = b.dial();
    assert_eq!((dial.phone.clone(), b.why()), (phone(1), IdleReason::Dialling));
    assert_eq!(b.model.held(COMPANY), Micro(100_000));
    answer(&mut b, dial.leg);
    let effects = b.take();
    assert!(effects.contains(&Effect::Record { leg: dial.leg, call: dial.call }));
    assert!(effects.contains(&Effect::Play { leg: dial.leg, prompt: GREETING }));
    b.pass(3_000);
    b.take();
    b.leg(dial.leg, LegEvent::PlayEnded { prompt: GREETING });
    let names: Vec<_> = b
        .take()
        .into_iter()
        .filter_map(|e| match e {
            Effect::Pop { seat, call, .. } => Some(("pop", seat, Some(call))),
            Effect::Tone { seat, tone: Tone::Beep } => Some(("beep", seat, None)),
            Effect::Bridge { seat, .. } => Some(("bridge", seat, None)),
            _ => None,
        })
        .collect();
    let me = SeatId(1);
    assert_eq!(names, [("pop", me, Some(dial.call)), ("beep", me, None), ("bridge", me, None)]);
    assert_eq!(b.state(1), SeatState::Talking);
    b.pass(57_001);
    b.end(dial.leg, LegEndHow::FarHangUp, None);
    let cdr = b.cdr(dial.call);
    // Answer to end is 60.001 s: the script is billed too (D7), and 61 s are two started minutes.
    assert_eq!((cdr.billable_s, cdr.talk_s, cdr.charge), (61, 57, Micro(200_000)));
    assert_eq!((cdr.state, cdr.result, cdr.by), (CallState::Answered, CallResult::ToAgent, EndedBy::Callee));
    assert_eq!((b.model.company().balance, b.model.held(COMPANY)), (Micro(99_800_000), Micro::ZERO));
    assert_eq!(b.state(1), SeatState::WrapUp);
    b.pass(10_000);
    assert_eq!((b.state(1), b.dial().phone), (SeatState::Idle, phone(2)));
    b.model.recount();
}

#[test]
fn finished_when_nothing_is_left_and_no_call_is_up() {
    let mut b = Bench::new(office(1, 1));
    b.arrive(1);
    b.start();
    let dial = b.dial();
    assert_eq!(b.board().campaigns.unwrap()[0].status, CampaignStatus::Running);
    b.end(dial.leg, LegEndHow::Refused, Some(486));
    let row = b.board().campaigns.unwrap().remove(0);
    assert_eq!((row.status, row.dialled, row.answered), (CampaignStatus::Finished, 1, 0));
    assert_eq!(b.cdr(dial.call).state, CallState::Busy);
    b.model.recount();
}

#[test]
fn nobody_within_two_seconds_is_an_abandoned_call() {
    let mut b = Bench::new(office(1, 1));
    b.arrive(1);
    b.start();
    let dial = b.dial();
    greeted_without_agent(&mut b, dial.leg);
    b.pass(1_999);
    assert!(!b.take().iter().any(|e| matches!(e, Effect::Play { prompt: NOTICE, .. })));
    b.pass(1);
    assert!(b.take().contains(&Effect::Play { leg: dial.leg, prompt: NOTICE }));
    b.leg(dial.leg, LegEvent::PlayEnded { prompt: NOTICE });
    assert!(b.take().contains(&Effect::HangUp { leg: dial.leg }));
    b.end(dial.leg, LegEndHow::WeHungUp, None);
    assert_eq!(b.cdr(dial.call).result, CallResult::Abandoned);
    assert_eq!(b.board().totals.unwrap().abandoned, 1);
}

#[test]
fn an_agent_who_comes_free_within_the_two_seconds_is_bridged_at_once() {
    let mut b = Bench::new(office(1, 1));
    b.arrive(1);
    b.start();
    let dial = b.dial();
    greeted_without_agent(&mut b, dial.leg);
    b.pass(1_900);
    b.ask(1, Command::Idle).unwrap();
    assert!(b.take().contains(&Effect::Bridge { leg: dial.leg, seat: SeatId(1) }));
}

fn greeted_without_agent(b: &mut Bench, leg: LegId) {
    b.ask(1, Command::Busy { reason: "break".into() }).unwrap();
    greeted(b, leg);
}

#[test]
fn a_crash_charges_to_the_last_proven_second_and_dials_nobody_twice() {
    let mut b = Bench::new(office(2, 4));
    b.arrive(1);
    b.start();
    let answered = b.dial();
    greeted(&mut b, answered.leg);
    b.arrive(2);
    let ringing = b.dial();
    b.pass(30_000);
    b.boot();
    let effects = b.take();
    for leg in [answered.leg, ringing.leg] {
        assert!(effects.contains(&Effect::Clear { leg }));
    }
    let cdr = b.cdr(answered.call);
    assert_eq!((cdr.result, cdr.state), (CallResult::Interrupted, CallState::Answered));
    assert!((28..=33).contains(&cdr.billable_s), "{}", cdr.billable_s);
    assert_eq!(cdr.charge, Micro(100_000));
    assert_eq!((b.cdr(ringing.call).state, b.cdr(ringing.call).charge), (CallState::NoAnswer, Micro::ZERO));
    assert_eq!(b.board().campaigns.unwrap()[0].status, CampaignStatus::Running, "resumes by itself");
    b.arrive(1);
    assert_eq!(b.dial().phone, phone(3));
    b.model.recount();
}
