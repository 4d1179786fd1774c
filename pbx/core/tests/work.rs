//! 系统设置 that agents' work obeys: 示忙分类, 话后设置, 弹屏示忙.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use hutong_api::{
    live::{Command, SeatState},
    *,
};
use hutong_core::io::*;
use support::{bench::Bench, model::Model, office::*};

fn code(result: Result<(), Refusal>) -> String {
    result.unwrap_err().code.into_owned()
}

fn busy(reason: &str) -> Command {
    Command::Busy { reason: reason.into() }
}

fn with(seats: i64, change: impl FnOnce(&mut Model)) -> Bench {
    let mut model = office(seats, 9);
    change(&mut model);
    let mut b = Bench::new(model);
    (1..=seats).for_each(|n| b.arrive(n));
    b
}

fn set(b: &mut Bench, change: impl FnOnce(&mut WorkCfg)) {
    let mut cfg = company();
    change(&mut cfg.work);
    b.give(Input::Setting(Box::new(Setting::Company(cfg))));
}

fn rules(model: &mut Model) -> &mut WorkCfg {
    &mut model.companies.get_mut(&COMPANY).unwrap().cfg.work
}

fn talk(b: &mut Bench, leg: LegId) {
    b.leg(leg, LegEvent::Answered);
    b.leg(leg, LegEvent::PlayEnded { prompt: GREETING });
}

/// The campaign's first call reached agent 1 and is over.
fn after_a_call(b: &mut Bench) -> CallId {
    b.start();
    let dial = b.dials().remove(0);
    talk(b, dial.leg);
    assert_eq!(b.state(1), SeatState::Talking);
    b.end(dial.leg, LegEndHow::FarHangUp, None);
    dial.call
}

fn events(b: &Bench, name: &str) -> usize {
    let key = format!("call.event.{name}");
    b.model.events.iter().filter(|(_, event)| event.text_key == key).count()
}

#[test]
fn a_reason_that_is_not_there_or_switched_off_is_refused() {
    let mut b = with(1, |_| {});
    for reason in ["holiday", "pop", "missed"] {
        assert_eq!(code(b.ask(1, busy(reason))), "agent.busy_unknown", "{reason}");
    }
    b.ask(1, busy("meal")).unwrap();
    b.ask(1, Command::Idle).unwrap();
    set(&mut b, |work| work.busy[1].enabled = false);
    assert_eq!(code(b.ask(1, busy("meal"))), "agent.busy_unknown");
    assert_eq!(b.state(1), SeatState::Idle);
}

#[test]
fn only_so_many_are_away_for_a_reason_at_once() {
    let mut b = with(3, |model| rules(model).busy[0].max_people = 1);
    b.ask(1, busy("break")).unwrap();
    b.ask(1, busy("break")).unwrap();
    let refusal = b.ask(2, busy("break")).unwrap_err();
    assert_eq!((refusal.code.as_ref(), refusal.args["max"].as_str()), ("agent.busy_full", "1"));
    b.ask(2, busy("meal")).unwrap();
    b.ask(1, Command::Idle).unwrap();
    b.ask(3, busy("break")).unwrap();
    set(&mut b, |work| work.busy[0].max_people = 2);
    b.ask(1, busy("break")).unwrap();
    assert_eq!(code(b.ask(2, busy("break"))), "agent.busy_full");
}

#[test]
fn who_is_lost_or_will_be_away_after_his_call_counts_too() {
    let mut b = with(2, |model| rules(model).busy[0].max_people = 1);
    b.ask(1, busy("break")).unwrap();
    b.give(Input::Seat { seat: SeatId(1), event: SeatEvent::PhoneDown });
    assert_eq!(b.state(1), SeatState::Lost);
    assert_eq!(code(b.ask(2, busy("break"))), "agent.busy_full");
    b.give(Input::Seat { seat: SeatId(1), event: SeatEvent::PhoneUp });
    b.ask(1, Command::Dial { number: phone(7).as_str().into() }).unwrap();
    assert_eq!(code(b.ask(2, busy("break"))), "agent.busy_full", "he dials out of it and comes back to it");
}

#[test]
fn a_span_that_lasts_too_long_is_told_once() {
    let mut b = with(1, |model| rules(model).busy[0].max_minutes = 10);
    b.ask(1, busy("break")).unwrap();
    b.pass(599_999);
    assert_eq!(events(&b, "busy_long"), 0);
    b.pass(1);
    assert_eq!(events(&b, "busy_long"), 1);
    set(&mut b, |work| work.busy[0].max_minutes = 5);
    b.pass(3_600_000);
    assert_eq!(events(&b, "busy_long"), 1);
    b.ask(1, Command::Idle).unwrap();
    b.ask(1, busy("break")).unwrap();
    b.pass(299_999);
    set(&mut b, |work| work.busy[0].max_minutes = 1);
    b.pass(1);
    assert_eq!(events(&b, "busy_long"), 2, "a shorter limit holds for the span that runs");
    b.ask(1, Command::Idle).unwrap();
    b.pass(3_600_000);
    assert_eq!(events(&b, "busy_long"), 2);
}

#[test]
fn wrap_up_lasts_and_is_prolonged_as_set_and_by_department() {
    let own = WrapCfg { seconds: 3, more_s: 5, must_save: false, after_failed: true };
    let mut b = with(2, |model| {
        rules(model).wrap_of = vec![(DepartmentId(4), own)];
        model.seats.get_mut(&SeatId(1)).unwrap().department_id = Some(DepartmentId(4));
    });
    after_a_call(&mut b);
    b.ask(1, Command::WrapMore).unwrap();
    b.pass(7_999);
    assert_eq!(b.state(1), SeatState::WrapUp);
    b.pass(1);
    assert_eq!(b.state(1), SeatState::Idle);
    let mut b = with(1, |model| rules(model).wrap.more_s = 0);
    after_a_call(&mut b);
    assert_eq!(code(b.ask(1, Command::WrapMore)), "agent.no_more_wrap");
    b.pass(10_000);
    set(&mut b, |work| work.wrap.seconds = 0);
    let dial = b.dials().remove(0);
    talk(&mut b, dial.leg);
    b.end(dial.leg, LegEndHow::FarHangUp, None);
    assert_eq!(b.state(1), SeatState::Idle, "the new rule holds for the next call");
}

#[test]
fn an_unsuccessful_dial_by_hand_is_followed_by_wrap_up_only_where_set() {
    for (after_failed, state) in [(true, SeatState::WrapUp), (false, SeatState::Idle)] {
        let mut b = with(1, |model| rules(model).wrap.after_failed = after_failed);
        b.ask(1, Command::Dial { number: phone(7).as_str().into() }).unwrap();
        let dial = b.dial();
        b.end(dial.leg, LegEndHow::Refused, Some(486));
        assert_eq!(b.state(1), state);
    }
}

#[test]
fn the_record_comes_before_idle_where_it_must_be_saved() {
    let mut b = with(1, |model| rules(model).wrap.must_save = true);
    let call = after_a_call(&mut b);
    assert_eq!(code(b.ask(1, Command::Idle)), "agent.must_save");
    assert_eq!(code(b.ask(1, busy("meal"))), "agent.must_save");
    b.pass(60_000);
    assert_eq!((b.state(1), b.seat(1).until), (SeatState::WrapUp, None), "it waits");
    b.give(Input::Saved { seat: SeatId(1), call: CallId(call.0 + 9) });
    assert_eq!(b.state(1), SeatState::WrapUp, "of another call");
    b.ask(1, Command::CardClosed { call }).unwrap();
    assert_eq!(b.state(1), SeatState::WrapUp, "closing is not saving");
    b.give(Input::Saved { seat: SeatId(1), call });
    assert_eq!(b.state(1), SeatState::Idle);
}

#[test]
fn a_record_saved_early_leaves_the_rest_of_wrap_up() {
    let mut b = with(1, |model| rules(model).wrap.must_save = true);
    b.start();
    let dial = b.dials().remove(0);
    talk(&mut b, dial.leg);
    b.give(Input::Saved { seat: SeatId(1), call: dial.call });
    b.end(dial.leg, LegEndHow::FarHangUp, None);
    assert_eq!(b.state(1), SeatState::WrapUp);
    b.pass(10_000);
    assert_eq!(b.state(1), SeatState::Idle);
    // Without seconds it only waits for the record, and what was asked for meanwhile comes after it.
    set(&mut b, |work| work.wrap = WrapCfg { seconds: 0, more_s: 0, must_save: true, after_failed: true });
    let dial = b.dials().remove(0);
    talk(&mut b, dial.leg);
    b.ask(1, busy("meal")).unwrap();
    b.end(dial.leg, LegEndHow::FarHangUp, None);
    assert_eq!(b.state(1), SeatState::WrapUp);
    b.give(Input::Saved { seat: SeatId(1), call: dial.call });
    assert_eq!((b.state(1), b.seat(1).reason), (SeatState::Busy, Some("meal".into())));
}

#[test]
fn an_owed_record_survives_a_lost_page_and_ends_with_the_rule_or_the_supervisor() {
    let mut b = with(2, |model| rules(model).wrap.must_save = true);
    after_a_call(&mut b);
    b.pass(20_000);
    for event in [SeatEvent::PhoneDown, SeatEvent::PhoneUp] {
        b.give(Input::Seat { seat: SeatId(1), event });
    }
    assert_eq!(b.state(1), SeatState::WrapUp);
    b.ask(2, Command::ForceIdle { seat: SeatId(1) }).unwrap();
    assert_eq!(b.state(1), SeatState::Idle);
    let mut b = with(1, |model| rules(model).wrap.must_save = true);
    after_a_call(&mut b);
    b.pass(20_000);
    set(&mut b, |_| {});
    assert_eq!(b.state(1), SeatState::Idle);
}

fn pop_busy(model: &mut Model) {
    model.seats.values_mut().for_each(|seat| seat.pop_busy = true);
}

#[test]
fn no_further_call_comes_while_the_card_is_open() {
    let mut b = with(1, pop_busy);
    let call = after_a_call(&mut b);
    b.take();
    assert_eq!(code(b.ask(1, Command::Idle)), "agent.card_open");
    b.pass(10_000);
    assert_eq!((b.state(1), b.seat(1).reason), (SeatState::Busy, Some("pop".into())));
    b.pass(300_000);
    assert!(b.dials().is_empty(), "nobody is free");
    b.ask(1, Command::CardClosed { call: CallId(call.0 + 9) }).unwrap();
    assert_eq!(b.state(1), SeatState::Busy, "another card");
    b.ask(1, Command::CardClosed { call }).unwrap();
    assert_eq!(b.state(1), SeatState::Idle);
    assert!(!b.dials().is_empty());
}

#[test]
fn saving_closes_the_card_and_switching_the_option_off_frees_the_seat() {
    let mut b = with(1, pop_busy);
    let call = after_a_call(&mut b);
    b.give(Input::Saved { seat: SeatId(1), call });
    b.pass(10_000);
    assert_eq!(b.state(1), SeatState::Idle);
    let mut b = with(1, pop_busy);
    after_a_call(&mut b);
    b.pass(10_000);
    assert_eq!(b.state(1), SeatState::Busy);
    b.give(Input::Setting(Box::new(Setting::Seat(seat(1)))));
    assert_eq!(b.state(1), SeatState::Idle);
}

#[test]
fn a_card_of_an_offer_that_went_elsewhere_holds_nobody() {
    let mut b = with(2, |model| {
        pop_busy(model);
        model.seats.get_mut(&SeatId(1)).unwrap().auto_answer = false;
    });
    b.ask(2, busy("meal")).unwrap();
    b.start();
    let dial = b.dials().remove(0);
    b.leg(dial.leg, LegEvent::Answered);
    assert_eq!(b.state(1), SeatState::Ringing);
    b.ask(1, Command::Reject).unwrap();
    assert_eq!(b.state(1), SeatState::Idle);
}

#[test]
fn who_dials_with_a_card_open_is_busy_with_the_newer_one_only() {
    let mut b = with(1, pop_busy);
    after_a_call(&mut b);
    b.pass(10_000);
    b.take();
    b.ask(1, Command::Dial { number: phone(70).as_str().into() }).unwrap();
    let dial = b.dial();
    b.end(dial.leg, LegEndHow::Refused, Some(486));
    b.ask(1, Command::CardClosed { call: dial.call }).unwrap();
    b.pass(10_000);
    assert_eq!(b.state(1), SeatState::Idle);
}

#[test]
fn a_blocked_beginning_stops_campaign_and_quick_dial_at_once_and_its_end_lets_them_go() {
    let mut b = with(1, |_| {});
    let until = b.now.wall.after_ms(60_000);
    let number = BlockEntry::number(COMPANY, phone(70), true);
    let first_digits = Phone::from_digits("0999").unwrap();
    b.give(Input::Block(BlockEntry { phone: first_digits, prefix: true, until: Some(until), ..number }));
    let dial = Command::Dial { number: phone(70).as_str().into() };
    assert_eq!(code(b.ask(1, dial.clone())), "number.blocked");
    b.start();
    assert!(b.dials().is_empty());
    assert_eq!(b.board().campaigns.unwrap()[0].total, 0, "closed undialled");
    b.pass(60_000);
    b.ask(1, dial).unwrap();
    assert_eq!(b.dial().phone, phone(70));
}

#[test]
fn a_campaign_dials_a_number_whose_entry_has_ended_or_is_about_calls_that_come_in() {
    let mut b = with(1, |_| {});
    let entry = BlockEntry::number(COMPANY, phone(1), true);
    b.give(Input::Block(BlockEntry { until: Some(b.now.wall), ..entry.clone() }));
    b.give(Input::Block(BlockEntry { phone: phone(2), outbound: false, ..entry }));
    b.start();
    let first = b.dials().remove(0);
    assert_eq!(first.phone, phone(1));
    b.end(first.leg, LegEndHow::Refused, Some(404));
    assert_eq!(b.dials().remove(0).phone, phone(2));
}

fn at_answer(model: &mut Model) {
    rules(model).pops = vec![PopCfg { kind: PopKind::Outbound, at_answer: true, url: String::new() }];
}

/// Where the pop and the bridge stand among what was asked for.
fn pops_and_bridges(b: &mut Bench) -> String {
    let word = |e: Effect| match e {
        Effect::Pop { .. } => Some('p'),
        Effect::Bridge { .. } => Some('b'),
        _ => None,
    };
    b.take().into_iter().filter_map(word).collect()
}

#[test]
fn the_card_of_a_call_dialled_by_hand_pops_at_the_dial_or_at_the_answer() {
    for (change, ringing, talking) in [(at_answer as fn(&mut Model), "", "pb"), (|_| {}, "p", "b")] {
        let mut b = with(1, change);
        b.take();
        b.ask(1, Command::Dial { number: phone(70).as_str().into() }).unwrap();
        let leg = b.effects.iter().find_map(|e| if let Effect::Dial(d) = e { Some(d.leg) } else { None }).unwrap();
        assert_eq!(pops_and_bridges(&mut b), ringing);
        b.leg(leg, LegEvent::Answered);
        assert_eq!(pops_and_bridges(&mut b), talking, "never after the audio");
    }
}

#[test]
fn the_card_of_an_offer_pops_with_it_or_with_the_talk_once() {
    for (change, offered, talking) in [(at_answer as fn(&mut Model), "", "pb"), (|_| {}, "p", "b")] {
        let mut b = with(1, |model| {
            change(model);
            model.seats.get_mut(&SeatId(1)).unwrap().auto_answer = false;
        });
        b.start();
        let dial = b.dials().remove(0);
        talk(&mut b, dial.leg);
        assert_eq!(pops_and_bridges(&mut b), offered);
        b.ask(1, Command::Answer).unwrap();
        assert_eq!(pops_and_bridges(&mut b), talking);
    }
    let mut b = with(1, at_answer);
    b.start();
    let dial = b.dials().remove(0);
    talk(&mut b, dial.leg);
    assert_eq!(pops_and_bridges(&mut b), "pb", "answered by itself: both at once");
}
