//! Agents, quick dial, supervisors, money and settings, by hand.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use hutong_api::{
    board::{CampaignStatus, IdleReason},
    live::{Command, SeatState},
    *,
};
use hutong_core::io::*;
use support::{bench::Bench, model::Model, office::*};

fn code(result: Result<(), Refusal>) -> String {
    result.unwrap_err().code.into_owned()
}

fn dial(number: u32) -> Command {
    Command::Dial { number: phone(number).as_str().to_owned() }
}

fn talk(b: &mut Bench, leg: LegId) {
    b.leg(leg, LegEvent::Sent);
    b.leg(leg, LegEvent::Ringing { early_media: false });
    b.leg(leg, LegEvent::Answered);
    b.leg(leg, LegEvent::PlayEnded { prompt: GREETING });
}

fn manual(mut model: Model) -> Bench {
    model.seats.values_mut().for_each(|s| s.auto_answer = false);
    Bench::new(model)
}

#[test]
fn sign_in_needs_the_page_and_the_phone() {
    let mut b = Bench::new(office(1, 0));
    assert_eq!(code(b.ask(1, Command::SignIn)), "agent.offline");
    b.give(Input::Seat { seat: SeatId(1), event: SeatEvent::Online });
    assert_eq!(code(b.ask(1, Command::SignIn)), "agent.no_microphone");
    b.give(Input::Seat { seat: SeatId(1), event: SeatEvent::PhoneUp });
    b.ask(1, Command::SignIn).unwrap();
    assert_eq!(b.state(1), SeatState::Idle);
    assert_eq!(code(b.ask(9, Command::SignIn)), "agent.unknown");
}

#[test]
fn sign_out_and_busy_wait_for_the_end_of_the_call() {
    let mut b = Bench::new(office(1, 3));
    b.arrive(1);
    b.start();
    let first = b.dial();
    talk(&mut b, first.leg);
    b.ask(1, Command::SignOut).unwrap();
    assert_eq!((b.state(1), b.seat(1).after_call), (SeatState::Talking, Some(SeatState::SignedOut)));
    b.ask(1, Command::Busy { reason: "meal".into() }).unwrap();
    b.ask(1, Command::HangUp).unwrap();
    assert_eq!((b.state(1), b.seat(1).reason), (SeatState::Busy, Some("meal".into())), "free before the far end is");
    b.end(first.leg, LegEndHow::WeHungUp, None);
    assert_eq!(b.cdr(first.call).by, EndedBy::Agent);
}

#[test]
fn wrap_up_ends_by_itself_or_is_prolonged() {
    let mut b = Bench::new(office(1, 3));
    b.arrive(1);
    b.start();
    let first = b.dial();
    talk(&mut b, first.leg);
    b.end(first.leg, LegEndHow::FarHangUp, None);
    assert_eq!(b.state(1), SeatState::WrapUp);
    b.pass(9_000);
    b.ask(1, Command::WrapMore).unwrap();
    b.pass(30_999);
    assert_eq!(b.state(1), SeatState::WrapUp);
    b.pass(1);
    assert_eq!(b.state(1), SeatState::Idle);
    assert_eq!(code(b.ask(1, Command::WrapMore)), "agent.not_in_wrap_up");
}

#[test]
fn an_agent_without_auto_answer_is_offered_at_the_answer_and_bridged_after_the_greeting() {
    let mut b = manual(office(1, 1));
    b.arrive(1);
    b.start();
    let d = b.dial();
    b.leg(d.leg, LegEvent::Ringing { early_media: true });
    b.leg(d.leg, LegEvent::Answered);
    assert_eq!(b.state(1), SeatState::Ringing);
    for event in [SeatEvent::PhoneDown, SeatEvent::PhoneUp] {
        b.give(Input::Seat { seat: SeatId(1), event });
    }
    b.ask(1, Command::Answer).unwrap();
    assert!(!b.take().iter().any(|e| matches!(e, Effect::Bridge { .. })), "the greeting still plays");
    b.leg(d.leg, LegEvent::PlayEnded { prompt: GREETING });
    assert!(b.take().contains(&Effect::Bridge { leg: d.leg, seat: SeatId(1) }));
    assert_eq!(b.state(1), SeatState::Talking);
}

#[test]
fn a_refused_or_missed_offer_goes_to_the_next_agent() {
    let mut b = manual(office(2, 1));
    b.arrive(1);
    b.pass(10);
    b.arrive(2);
    b.start();
    let d = b.dials().remove(0);
    b.leg(d.leg, LegEvent::Answered);
    assert_eq!((b.state(1), b.state(2)), (SeatState::Ringing, SeatState::Idle));
    b.leg(d.leg, LegEvent::PlayEnded { prompt: GREETING });
    b.ask(1, Command::Reject).unwrap();
    assert_eq!((b.state(1), b.state(2)), (SeatState::Idle, SeatState::Ringing));
    b.pass(2_000);
    assert_eq!(b.state(2), SeatState::Idle);
    b.end(d.leg, LegEndHow::FarHangUp, None);
    assert_eq!(b.cdr(d.call).result, CallResult::Abandoned);
    assert_eq!(code(b.ask(2, Command::Answer)), "agent.no_offer");
}

/// How the card of the seat's last call ended.
fn over_for(b: &Bench, me: SeatId) -> Option<CallState> {
    let over = |e: &Effect| match e {
        Effect::CallOver { seat, state, .. } if *seat == me => Some(*state),
        _ => None,
    };
    b.effects.iter().rev().find_map(over)
}

/// Two agents, only the second answers by himself and is busy; the first is offered a call and does nothing.
fn offered(b: &mut Bench) -> Dial {
    b.ask(2, Command::Busy { reason: "break".into() }).unwrap();
    let d = b.dial();
    b.leg(d.leg, LegEvent::Answered);
    assert_eq!(b.state(1), SeatState::Ringing);
    d
}

fn hand_and_auto() -> Bench {
    let mut model = office(2, 9);
    model.seats.get_mut(&SeatId(1)).unwrap().auto_answer = false;
    let mut b = Bench::new(model);
    b.arrive(1);
    b.arrive(2);
    b.ask(2, Command::Busy { reason: "break".into() }).unwrap();
    b.start();
    b
}

#[test]
fn offers_missed_in_a_row_make_the_agent_busy_however_they_end() {
    let mut b = hand_and_auto();
    let first = offered(&mut b);
    b.pass(3_000);
    b.ask(2, Command::Idle).unwrap();
    b.leg(first.leg, LegEvent::PlayEnded { prompt: GREETING });
    assert_eq!((b.state(1), b.state(2)), (SeatState::Idle, SeatState::Talking), "another took it");
    assert_eq!(over_for(&b, SeatId(1)), Some(CallState::NoAnswer));
    b.end(first.leg, LegEndHow::FarHangUp, None);
    let second = offered_again(&mut b);
    b.pass(3_000);
    b.end(second.leg, LegEndHow::FarHangUp, None);
    assert_eq!((b.state(1), b.seat(1).reason), (SeatState::Busy, Some("missed".into())), "the callee gave up");
    assert_eq!(over_for(&b, SeatId(1)), Some(CallState::NoAnswer));
}

/// The call that was dialled when the last one left.
fn offered_again(b: &mut Bench) -> Dial {
    b.ask(2, Command::Busy { reason: "break".into() }).unwrap();
    b.pass(10_000);
    let d = b.dials().pop().unwrap();
    b.leg(d.leg, LegEvent::Answered);
    assert_eq!(b.state(1), SeatState::Ringing);
    d
}

#[test]
fn an_offer_that_hardly_rang_is_no_miss_and_a_word_of_the_agent_forgives() {
    let mut b = hand_and_auto();
    let first = offered(&mut b);
    b.pass(2_999);
    b.end(first.leg, LegEndHow::FarHangUp, None);
    for _ in 0..2 {
        let d = offered_again(&mut b);
        b.pass(3_000);
        b.end(d.leg, LegEndHow::FarHangUp, None);
        assert_eq!(b.state(1), SeatState::Idle);
        b.ask(1, Command::Ping { quality: None }).unwrap();
        assert_eq!(code(b.ask(1, Command::Answer)), "agent.no_offer", "late, but there");
    }
    let d = offered_again(&mut b);
    b.ask(1, Command::Answer).unwrap();
    b.pass(3_000);
    b.end(d.leg, LegEndHow::FarHangUp, None);
    assert_eq!(b.engine.seat_view(SeatId(1)).unwrap().state, SeatState::Idle);
    let d = offered_again(&mut b);
    b.pass(3_000);
    b.end(d.leg, LegEndHow::FarHangUp, None);
    assert_eq!(b.state(1), SeatState::Idle, "the first in a row");
}

/// What a page that comes anew is told: the card of the seat's call, then the seat.
fn told_anew(b: &mut Bench) -> Vec<&'static str> {
    b.take();
    b.give(Input::Seat { seat: SeatId(1), event: SeatEvent::Online });
    let name = |e: Effect| match e {
        Effect::Pop { .. } => "pop",
        Effect::CallOver { .. } => "over",
        Effect::Seat(_) => "seat",
        _ => "other",
    };
    b.take().into_iter().map(name).collect()
}

#[test]
fn a_page_that_comes_anew_gets_the_card_of_its_call() {
    let mut b = manual(office(1, 2));
    assert_eq!(told_anew(&mut b), ["seat"]);
    b.arrive(1);
    b.start();
    let d = b.dial();
    b.leg(d.leg, LegEvent::Answered);
    assert_eq!(told_anew(&mut b), ["pop", "seat"], "an offer");
    b.ask(1, Command::Answer).unwrap();
    b.leg(d.leg, LegEvent::PlayEnded { prompt: GREETING });
    assert_eq!(told_anew(&mut b), ["pop", "seat"], "talking");
    b.end(d.leg, LegEndHow::FarHangUp, None);
    assert_eq!((b.state(1), told_anew(&mut b)), (SeatState::WrapUp, vec!["pop", "over", "seat"]));
    b.give(Input::Seat { seat: SeatId(1), event: SeatEvent::Offline });
    assert_eq!((b.state(1), told_anew(&mut b)), (SeatState::Lost, vec!["pop", "over", "seat"]), "a reload");
    b.ask(1, Command::Idle).unwrap();
    assert_eq!(told_anew(&mut b), ["seat"]);
}

#[test]
fn a_new_page_without_a_phone_stays_lost_until_it_has_one() {
    let mut b = Bench::new(office(1, 0));
    b.arrive(1);
    for event in [SeatEvent::Offline, SeatEvent::PhoneDown, SeatEvent::Online] {
        b.give(Input::Seat { seat: SeatId(1), event });
    }
    assert_eq!((b.state(1), code(b.ask(1, Command::SignIn))), (SeatState::Lost, "agent.no_microphone".into()));
    b.give(Input::Seat { seat: SeatId(1), event: SeatEvent::PhoneUp });
    b.ask(1, Command::SignIn).unwrap();
    assert_eq!(b.state(1), SeatState::Idle);
    b.give(Input::Seat { seat: SeatId(1), event: SeatEvent::PhoneDown });
    b.pass(30_000);
    assert_eq!(b.state(1), SeatState::SignedOut);
}

#[test]
fn a_stop_ends_dialling_without_an_alarm() {
    let mut b = Bench::new(office(1, 3));
    b.start();
    b.take();
    let changes = b.changes.len();
    b.give(Input::Stopping);
    assert!(!b.changes[changes..].iter().any(|c| matches!(c, Change::Event { .. })));
    b.give(Input::Storage { ok: false });
    b.give(Input::Storage { ok: true });
    b.arrive(1);
    assert_eq!((b.dials(), b.why()), (vec![], IdleReason::Storage));
    assert_eq!(code(b.ask(1, dial(9))), "service.stopping");
}

#[test]
fn a_campaign_without_numbers_does_not_start() {
    let mut b = Bench::new(office(1, 0));
    let start = Command::CampaignStart { campaign: CampaignId(1) };
    assert_eq!(code(b.ask(1, start.clone())), "campaign.empty");
    assert_eq!(b.board().campaigns.unwrap()[0].status, CampaignStatus::Ready);
    let added = b.model.add_rows(CampaignId(1), &[phone(1)]);
    b.give(Input::LeadsAdded { campaign: CampaignId(1), added });
    b.ask(1, start).unwrap();
}

#[test]
fn an_import_taken_back_leaves_nothing_to_start_with() {
    let mut b = Bench::new(office(1, 0));
    let campaign = CampaignId(1);
    b.give(Input::LeadsAdded { campaign, added: 3 });
    b.give(Input::LeadsRemoved { campaign, removed: 2 });
    assert_eq!(b.board().campaigns.unwrap()[0].total, 1);
    b.give(Input::LeadsRemoved { campaign, removed: 1 });
    assert_eq!(code(b.ask(1, Command::CampaignStart { campaign })), "campaign.empty");
    b.give(Input::LeadsRemoved { campaign: CampaignId(9), removed: 1 });
}

#[test]
fn quick_dial_hears_early_media_or_our_ring_back() {
    let mut b = Bench::new(office(1, 0));
    b.arrive(1);
    b.ask(1, Command::Busy { reason: "break".into() }).unwrap();
    b.take();
    b.ask(1, dial(77)).unwrap();
    let effects = b.take();
    let d = effects.iter().find_map(|e| if let Effect::Dial(d) = e { Some(d.clone()) } else { None }).unwrap();
    assert!(effects.iter().any(|e| matches!(e, Effect::Pop { kind: CallKind::Outbound, .. })));
    let me = SeatId(1);
    b.leg(d.leg, LegEvent::Ringing { early_media: false });
    assert!(b.take().contains(&Effect::Tone { seat: me, tone: Tone::RingBack }));
    b.leg(d.leg, LegEvent::Ringing { early_media: true });
    assert!(b.take().contains(&Effect::Bridge { leg: d.leg, seat: me }));
    b.pass(5_000);
    b.leg(d.leg, LegEvent::Answered);
    assert!(b.take().contains(&Effect::Record { leg: d.leg, call: d.call }));
    assert_eq!(b.state(1), SeatState::Talking);
    b.ask(1, Command::Dtmf { key: '7' }).unwrap();
    assert!(b.take().contains(&Effect::SendKey { leg: d.leg, key: '7' }));
    assert_eq!(code(b.ask(1, Command::Dtmf { key: 'x' })), "call.bad_key");
    b.pass(20_000);
    b.end(d.leg, LegEndHow::FarHangUp, None);
    b.pass(10_000);
    assert_eq!((b.state(1), b.seat(1).reason), (SeatState::Busy, Some("break".into())), "back to what he was");
    assert_eq!(b.cdr(d.call).result, CallResult::ToAgent);
}

#[test]
fn quick_dial_says_which_check_stopped_it() {
    let mut b = Bench::new(office(2, 0));
    assert_eq!(code(b.ask(1, Command::Dial { number: "12a".into() })), "number.bad");
    assert_eq!(code(b.ask(1, dial(5))), "agent.not_signed_in");
    b.arrive(1);
    b.arrive(2);
    b.give(Input::Block(BlockEntry::number(COMPANY, phone(5), true)));
    assert_eq!(code(b.ask(1, dial(5))), "number.blocked");
    b.give(Input::Storage { ok: false });
    assert_eq!(code(b.ask(1, dial(6))), "storage.full");
    b.give(Input::Storage { ok: true });
    b.give(Input::Trunk { trunk: TRUNK, up: false, fault: None });
    assert_eq!(code(b.ask(1, dial(6))), "trunk.down");
    b.give(Input::Trunk { trunk: TRUNK, up: true, fault: None });
    b.ask(1, dial(6)).unwrap();
    assert_eq!(code(b.ask(1, dial(7))), "agent.in_call");
    assert_eq!(code(b.ask(2, dial(6))), "number.in_call");
    let d = b.dial();
    b.end(d.leg, LegEndHow::Refused, Some(486));
    assert!(b.take().contains(&Effect::Tone { seat: SeatId(1), tone: Tone::Busy }));
    assert_eq!(b.state(1), SeatState::WrapUp, "话后 also after an unsuccessful dial");
    assert_eq!(code(b.ask(2, dial(6))), "number.capped");
    b.jump_wall(14 * 3_600_000);
    assert_eq!(code(b.ask(2, dial(6))), "hours.hard_stop");
}

#[test]
fn a_lost_page_gives_the_callee_ten_seconds_and_the_agent_thirty() {
    let mut b = Bench::new(office(1, 3));
    b.arrive(1);
    b.start();
    let d = b.dial();
    talk(&mut b, d.leg);
    let me = SeatId(1);
    b.give(Input::Seat { seat: me, event: SeatEvent::PhoneDown });
    b.pass(9_999);
    b.take();
    b.give(Input::Seat { seat: me, event: SeatEvent::PhoneUp });
    assert!(b.take().contains(&Effect::Bridge { leg: d.leg, seat: me }));
    b.give(Input::Seat { seat: me, event: SeatEvent::Offline });
    b.pass(10_000);
    assert!(b.take().contains(&Effect::HangUp { leg: d.leg }));
    assert_eq!(b.state(1), SeatState::Lost);
    b.pass(29_999);
    b.give(Input::Seat { seat: me, event: SeatEvent::Online });
    assert_eq!(b.state(1), SeatState::Idle, "话后 is over meanwhile");
    b.give(Input::Seat { seat: me, event: SeatEvent::Offline });
    b.pass(30_000);
    assert_eq!((b.state(1), b.why()), (SeatState::SignedOut, IdleReason::NoAgent));
}

#[test]
fn supervisors_force_and_hang_up() {
    let mut b = Bench::new(office(2, 3));
    assert_eq!(code(b.ask(2, Command::ForceSignIn { seat: SeatId(1) })), "agent.offline");
    b.arrive(1);
    b.start();
    let d = b.dial();
    talk(&mut b, d.leg);
    b.ask(2, Command::ForceSignOut { seat: SeatId(1) }).unwrap();
    b.ask(2, Command::HangUpCall { call: d.call }).unwrap();
    assert_eq!(b.state(1), SeatState::SignedOut);
    assert!(b.take().iter().any(|e| matches!(e, Effect::Toast { seat: SeatId(1), .. })));
    b.end(d.leg, LegEndHow::WeHungUp, None);
    assert_eq!(b.cdr(d.call).by, EndedBy::Supervisor);
    assert_eq!(code(b.ask(2, Command::HangUpCall { call: d.call })), "call.unknown");
    assert_eq!(code(b.ask(2, Command::ForceIdle { seat: SeatId(1) })), "agent.not_signed_in");
}

#[test]
fn money_that_runs_out_warns_and_cuts_when_the_reservation_ends() {
    let mut model = office(1, 1);
    let spend =
        LedgerEntry { amount: Micro(150_000) - Micro::yuan(100), key: "t".into(), ..model.company().ledger[0].clone() };
    model.apply(&[Change::Ledger(spend)]);
    let mut b = Bench::new(model);
    b.arrive(1);
    b.start();
    let d = b.dial();
    talk(&mut b, d.leg);
    b.pass(29_999);
    b.take();
    b.pass(1);
    assert!(b.take().iter().any(|e| matches!(e, Effect::Toast { refusal, .. } if refusal.code == "call.money_ends")));
    b.pass(29_999);
    assert!(!b.take().contains(&Effect::HangUp { leg: d.leg }));
    b.pass(1);
    assert!(b.take().contains(&Effect::HangUp { leg: d.leg }));
    b.pass(3_000);
    b.end(d.leg, LegEndHow::WeHungUp, None);
    let cdr = b.cdr(d.call);
    assert_eq!((cdr.billable_s, cdr.charge, b.model.company().balance), (60, Micro(100_000), Micro(50_000)));
    assert_eq!(cdr.fault.as_deref(), Some("call.fault.money"));
}

#[test]
fn a_top_up_in_time_saves_the_call() {
    let mut model = office(1, 1);
    let spend =
        LedgerEntry { amount: Micro(150_000) - Micro::yuan(100), key: "t".into(), ..model.company().ledger[0].clone() };
    model.apply(&[Change::Ledger(spend)]);
    let mut b = Bench::new(model);
    b.arrive(1);
    b.start();
    let d = b.dial();
    talk(&mut b, d.leg);
    b.pass(40_000);
    money(&mut b, LedgerKind::TopUp, Micro::yuan(1)).unwrap();
    b.pass(25_000);
    assert_eq!((b.state(1), b.model.held(COMPANY)), (SeatState::Talking, Micro(200_000)));
}

fn money(b: &mut Bench, kind: LedgerKind, amount: Micro) -> Result<(), Refusal> {
    let req = ReqId(1_000_000);
    b.take();
    b.give(Input::Money { req, company: COMPANY, kind, amount, by: "box".into(), note: String::new() });
    let reply = b.take().into_iter().find_map(|e| match e {
        Effect::Reply { req: r, refusal } if r == req => Some(refusal),
        _ => None,
    });
    reply.expect("a reply").map_or(Ok(()), Err)
}

#[test]
fn no_balance_no_dial_and_the_reason_is_told() {
    let mut model = office(1, 2);
    let spend =
        LedgerEntry { amount: Micro(99_999) - Micro::yuan(100), key: "t".into(), ..model.company().ledger[0].clone() };
    model.apply(&[Change::Ledger(spend)]);
    let mut b = Bench::new(model);
    b.arrive(1);
    b.start();
    assert_eq!((b.dials(), b.why()), (vec![], IdleReason::NoBalance));
    assert_eq!(code(b.ask(1, dial(9))), "balance.empty");
    assert_eq!(code(money(&mut b, LedgerKind::Correction, Micro(-100_000))), "money.below_zero");
    assert_eq!(code(money(&mut b, LedgerKind::TopUp, Micro(-1))), "money.bad_amount");
    money(&mut b, LedgerKind::TopUp, Micro(1)).unwrap();
    assert_eq!(b.why(), IdleReason::Dialling);
}

#[test]
fn a_seat_fee_without_money_is_owed_and_paid_from_the_next_top_up() {
    let mut model = office(2, 0);
    let spend =
        LedgerEntry { amount: Micro(15) - Micro::yuan(100), key: "t".into(), ..model.company().ledger[0].clone() };
    model.apply(&[Change::Ledger(spend)]);
    model.companies.get_mut(&COMPANY).unwrap().cfg.seat_fee_month = Micro(300);
    let mut b = Bench::new(model);
    let books = |b: &Bench| (b.model.company().balance, b.model.company().owed);
    assert_eq!(books(&b), (Micro(0), Micro(5)), "10 a day and seat in June, 15 there");
    b.boot();
    assert_eq!(books(&b), (Micro(0), Micro(5)), "posted once a day");
    money(&mut b, LedgerKind::TopUp, Micro(100)).unwrap();
    assert_eq!(books(&b), (Micro(95), Micro(0)));
    // 08:30 → midnight, within one heartbeat.
    b.pass(15 * 3_600_000 + 29 * 60_000);
    assert_eq!(books(&b), (Micro(95), Micro(0)));
    b.pass(66_000);
    assert_eq!(books(&b), (Micro(75), Micro(0)));
    b.jump_wall(2 * 86_400_000);
    b.boot();
    assert_eq!(books(&b), (Micro(35), Micro(0)), "days without a process are posted late");
    b.model.recount();
}

#[test]
fn blocked_numbers_leave_the_total_and_a_finished_task_reads_whole() {
    let mut model = office(1, 3);
    model.blocklist.insert((COMPANY, phone(1)));
    let mut b = Bench::new(model);
    b.arrive(1);
    b.start();
    let d = b.dial();
    assert_eq!(d.phone, phone(2));
    b.give(Input::Block(BlockEntry::number(COMPANY, phone(3), true)));
    b.end(d.leg, LegEndHow::Refused, Some(404));
    let row = b.board().campaigns.unwrap().remove(0);
    assert_eq!((row.status, row.total, row.dialled), (CampaignStatus::Finished, 1, 1));
}

#[test]
fn a_block_drops_the_dial_that_has_not_left() {
    let mut b = Bench::new(office(1, 1));
    b.arrive(1);
    b.start();
    let d = b.dial();
    b.give(Input::Block(BlockEntry::number(COMPANY, phone(1), true)));
    assert!(b.take().contains(&Effect::HangUp { leg: d.leg }));
    b.end(d.leg, LegEndHow::NotSent, None);
    assert!(b.model.company().ledger.iter().all(|e| e.call.is_none()), "no line for a leg never sent");
    b.pass(11_000);
    let row = b.board().campaigns.unwrap().remove(0);
    assert_eq!((row.status, row.total), (CampaignStatus::Finished, 0));
}

#[test]
fn redial_takes_the_failed_and_only_of_a_finished_campaign() {
    let mut model = office(1, 3);
    model.companies.get_mut(&COMPANY).unwrap().cfg.caps = [0, 0, 0];
    let mut b = Bench::new(model);
    let redial = Command::CampaignRedial { campaign: CampaignId(1) };
    assert_eq!(code(b.ask(1, redial.clone())), "campaign.not_finished");
    b.arrive(1);
    b.start();
    for sip in [486, 404, 408] {
        let d = b.dial();
        b.end(d.leg, LegEndHow::Refused, Some(sip));
    }
    b.ask(1, redial.clone()).unwrap();
    let row = b.board().campaigns.unwrap().remove(0);
    assert_eq!((row.status, row.round, row.dialled), (CampaignStatus::Running, 2, 3));
    for number in [1, 3] {
        let d = b.dial();
        assert_eq!(d.phone, phone(number), "not the vacant number");
        b.end(d.leg, LegEndHow::Refused, Some(603));
    }
    b.ask(1, redial).unwrap();
    let row = b.board().campaigns.unwrap().remove(0);
    assert_eq!((row.status, row.round, row.dialled, row.total), (CampaignStatus::Finished, 2, 3, 3), "none left");
    b.model.recount();
}

#[test]
fn under_the_lock_no_task_starts_and_what_runs_is_paused() {
    let mut b = Bench::new(office(1, 2));
    b.arrive(1);
    b.start();
    let lock = |b: &mut Bench, preview_only| {
        b.give(Input::Setting(Box::new(Setting::Company(CompanyCfg { preview_only, ..company() }))));
    };
    lock(&mut b, true);
    let status = |b: &mut Bench| b.board().campaigns.unwrap().remove(0).status;
    assert_eq!(status(&mut b), CampaignStatus::Paused);
    let start = Command::CampaignStart { campaign: CampaignId(1) };
    assert_eq!(code(b.ask(1, start.clone())), "campaign.preview_only");
    assert_eq!(code(b.ask(1, Command::CampaignRedial { campaign: CampaignId(1) })), "campaign.preview_only");
    lock(&mut b, false);
    assert_eq!(status(&mut b), CampaignStatus::Paused, "nobody started it");
    b.ask(1, start).unwrap();
    assert_eq!(status(&mut b), CampaignStatus::Running);
}

#[test]
fn append_to_a_finished_campaign_sets_it_to_work_again() {
    let mut b = Bench::new(office(1, 1));
    b.arrive(1);
    b.start();
    let d = b.dial();
    b.end(d.leg, LegEndHow::Refused, Some(404));
    assert_eq!(code(b.ask(1, Command::CampaignStart { campaign: CampaignId(1) })), "campaign.finished");
    let added = b.model.add_rows(CampaignId(1), &[phone(1), phone(2)]);
    b.give(Input::LeadsAdded { campaign: CampaignId(1), added });
    assert_eq!((added, b.dial().phone), (1, phone(2)));
    assert_eq!(code(b.ask(1, Command::CampaignDelete { campaign: CampaignId(1) })), "campaign.running");
    b.ask(1, Command::CampaignPause { campaign: CampaignId(1) }).unwrap();
    b.ask(1, Command::CampaignPause { campaign: CampaignId(1) }).unwrap();
    assert_eq!(code(b.ask(1, Command::CampaignDelete { campaign: CampaignId(1) })), "campaign.calls_up");
}

#[test]
fn news_of_an_append_that_died_with_the_process_is_made_up_for() {
    let mut b = Bench::new(office(1, 1));
    b.arrive(1);
    b.start();
    let d = b.dial();
    b.end(d.leg, LegEndHow::Refused, Some(404));
    b.model.add_rows(CampaignId(1), &[phone(2)]);
    b.boot();
    b.arrive(1);
    assert_eq!(b.dial().phone, phone(2));
}

#[test]
fn a_line_fault_costs_the_line_not_the_number() {
    let mut b = Bench::new(office(1, 1));
    b.arrive(1);
    b.start();
    for attempt in 0..3 {
        let d = b.dial();
        b.end(d.leg, LegEndHow::Refused, Some(503));
        assert_eq!(b.model.rows[&LeadId(1)].attempts, 0);
        b.pass(if attempt < 2 { 66_000 } else { 0 });
    }
    let row = &b.model.rows[&LeadId(1)];
    assert_eq!((row.phase, row.state), (LeadPhase::Done, CallState::LineFault), "given up for this round");
}

#[test]
fn a_wall_clock_that_jumps_is_an_alarm_and_bills_nobody() {
    let mut b = Bench::new(office(1, 1));
    b.arrive(1);
    b.start();
    let d = b.dial();
    talk(&mut b, d.leg);
    b.pass(10_000);
    b.jump_wall(3_600_000);
    b.pass(1_000);
    b.end(d.leg, LegEndHow::FarHangUp, None);
    assert_eq!(b.cdr(d.call).billable_s, 11);
    let alarm = |e: &Effect| matches!(e, Effect::Event { event, .. } if event.text_key == "call.event.wall_jump");
    assert_eq!(b.take().iter().filter(|e| alarm(e)).count(), 1);
}

#[test]
fn two_campaigns_share_the_agents_in_turn() {
    let mut model = office(2, 10);
    let second = CampaignBoot { cfg: campaign(2), ..model.campaigns[&CampaignId(1)].clone() };
    model.campaigns.insert(CampaignId(2), second);
    model.add_rows(CampaignId(2), &(100..110).map(phone).collect::<Vec<_>>());
    let mut b = Bench::new(model);
    b.start();
    b.ask(1, Command::CampaignStart { campaign: CampaignId(2) }).unwrap();
    b.arrive(1);
    b.arrive(2);
    let phones: Vec<_> = b.dials().into_iter().map(|d| d.phone).collect();
    assert_eq!(phones, [phone(1), phone(100)], "two agents, two calls, one of each");
    let mut whys: Vec<_> = b.board().campaigns.unwrap().iter().map(|c| c.why).collect();
    whys.dedup();
    assert_eq!(whys, [IdleReason::Dialling]);
}

#[test]
fn a_disabled_seat_leaves_and_an_unknown_leg_says_nothing() {
    let mut b = Bench::new(office(1, 0));
    b.arrive(1);
    b.end(LegId(4711), LegEndHow::Lost, None);
    b.give(Input::Setting(Box::new(Setting::Seat(SeatCfg { enabled: false, ..seat(1) }))));
    assert_eq!((b.state(1), code(b.ask(1, Command::SignIn))), (SeatState::SignedOut, "agent.disabled".into()));
    b.give(Input::Setting(Box::new(Setting::SeatGone { seat: SeatId(1) })));
    assert!(b.engine.seat_view(SeatId(1)).is_none());
}

/// Every code the engine refuses with has its sentence in both languages (and no placeholder is left unfilled by chance).
#[test]
fn every_refusal_has_its_sentence() {
    let sources = [
        "command",
        "setting",
        "agent/seat",
        "call/dial",
        "call/leg",
        "call/queue",
        "campaign/task",
        "campaign/opt_out",
        "billing/ledger",
    ];
    let mut seen = 0;
    for name in sources {
        let path = format!("{}/src/{name}.rs", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(path).unwrap();
        let dotted = |s: &&str| s.contains('.') && s.chars().all(|c| c.is_ascii_lowercase() || "._".contains(c));
        for code in source.split('"').skip(1).step_by(2).filter(dotted).filter(|c| !c.starts_with("call.fault")) {
            for lang in [Lang::Zh, Lang::En] {
                let key = format!("refusal.{code}");
                assert_ne!(texts::text(lang, &key), key, "no {lang:?} sentence for {code}");
            }
            seen += 1;
        }
    }
    assert!(seen > 40, "found only {seen}");
}
