//! The rules of a task, one at a time: refusals of further calls, 自动重呼, hours by area and day, spending.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use hutong_api::{
    board::{CampaignStatus, IdleReason},
    live::Command,
    *,
};
use hutong_core::io::*;
use support::{bench::Bench, model::Model, office::*};

const TASK: CampaignId = CampaignId(1);

fn rules(model: &mut Model, rules: TaskRules) {
    model.campaigns.get_mut(&TASK).unwrap().cfg.rules = rules;
}

fn limits(model: &mut Model) -> &mut LimitsCfg {
    &mut model.companies.get_mut(&COMPANY).unwrap().cfg.limits
}

fn ring(b: &mut Bench, leg: LegId) {
    b.leg(leg, LegEvent::Sent);
    b.leg(leg, LegEvent::Ringing { early_media: false });
    b.pass(3_000);
    b.leg(leg, LegEvent::Answered);
}

fn talk(b: &mut Bench, leg: LegId) {
    ring(b, leg);
    b.pass(2_000);
    b.leg(leg, LegEvent::PlayEnded { prompt: GREETING });
}

fn row(b: &Bench, lead: i64) -> &support::model::Row {
    &b.model.rows[&LeadId(lead)]
}

fn why(b: &Bench, lead: i64) -> WhyRule {
    row(b, lead).why.as_ref().unwrap().rule
}

fn events(b: &mut Bench, name: &str) -> usize {
    let key = format!("call.event.{name}");
    b.take().iter().filter(|e| matches!(e, Effect::Event { event, .. } if event.text_key == key)).count()
}

/// Two tasks hold the same callee; the agent of the first call has its card open when the second task decides to dial him.
/// The refusal comes before the decision, between it and the INVITE, or behind the INVITE.
#[test]
fn a_refusal_stops_every_dial_that_has_not_left() {
    for step in ["before", "decided", "sent"] {
        let mut model = office(2, 1);
        model.companies.get_mut(&COMPANY).unwrap().cfg.work.wrap.seconds = 3_600;
        let second = CampaignBoot { cfg: campaign(2), ..model.campaigns[&TASK].clone() };
        model.campaigns.insert(CampaignId(2), second);
        model.add_rows(CampaignId(2), &[phone(1)]);
        let mut b = Bench::new(model);
        b.arrive(1);
        b.start();
        let first = b.dial();
        talk(&mut b, first.leg);
        b.end(first.leg, LegEndHow::FarHangUp, None);
        b.ask(1, Command::CampaignStart { campaign: CampaignId(2) }).unwrap();
        let refuse = Command::OptOut { call: first.call };
        if step == "before" {
            b.ask(1, refuse.clone()).unwrap();
        }
        b.arrive(2);
        b.take();
        b.pass(70_000);
        let dials = b.dials();
        if step == "before" {
            assert!(dials.is_empty(), "{dials:?}");
            assert_eq!((row(&b, 2).phase, why(&b, 2)), (LeadPhase::Closed, WhyRule::Blocked));
            continue;
        }
        let dial = dials.into_iter().next().unwrap();
        if step == "sent" {
            b.leg(dial.leg, LegEvent::Sent);
        }
        b.ask(1, refuse).unwrap();
        let dropped = b.take().contains(&Effect::HangUp { leg: dial.leg });
        assert_eq!(dropped, step == "decided", "{step}: a call that is out goes on");
        let proof = b.model.opt_outs.last().unwrap();
        assert_eq!((proof.how, proof.seat, proof.call), (OptOutHow::Agent, Some(SeatId(1)), first.call));
        if step == "decided" {
            b.end(dial.leg, LegEndHow::NotSent, None);
            b.pass(20_000);
            assert!(b.dials().is_empty());
            assert_eq!((row(&b, 2).phase, row(&b, 2).state), (LeadPhase::Closed, CallState::Blocked));
            b.boot();
            assert!(b.model.boot(b.now.wall).blocklist.iter().any(|e| e.phone == phone(1)), "after a restart too");
        }
    }
}

#[test]
fn nine_refuses_in_greeting_queue_and_talk_unless_the_company_does_not_want_it() {
    for (stage, wanted) in [("greeting", true), ("queue", true), ("talk", true), ("talk", false), ("ringing", true)] {
        let mut model = office(1, 2);
        limits(&mut model).opt_out_key = wanted;
        let mut b = Bench::new(model);
        b.arrive(1);
        b.start();
        let dial = b.dial();
        match stage {
            "ringing" => b.leg(dial.leg, LegEvent::Sent),
            "greeting" => ring(&mut b, dial.leg),
            "queue" => {
                ring(&mut b, dial.leg);
                b.ask(1, Command::Busy { reason: "break".into() }).unwrap();
                b.leg(dial.leg, LegEvent::PlayEnded { prompt: GREETING });
            }
            _ => talk(&mut b, dial.leg),
        }
        b.take();
        b.leg(dial.leg, LegEvent::Key('5'));
        assert!(b.model.opt_outs.is_empty());
        b.leg(dial.leg, LegEvent::Key('9'));
        b.leg(dial.leg, LegEvent::Key('9'));
        let said = usize::from(wanted && stage != "ringing");
        assert_eq!(b.model.opt_outs.len(), said, "{stage}: once, however often he presses");
        let effects = b.take();
        let hung_up = effects.contains(&Effect::HangUp { leg: dial.leg });
        assert_eq!(hung_up, matches!(stage, "greeting" | "queue"), "{stage}");
        let told =
            effects.iter().any(|e| matches!(e, Effect::Toast { refusal, .. } if refusal.code == "opt_out.by_key"));
        assert_eq!(told, stage == "talk" && wanted);
        if hung_up {
            b.end(dial.leg, LegEndHow::WeHungUp, None);
            let cdr = b.cdr(dial.call);
            assert_eq!((cdr.result, cdr.fault.as_deref()), (CallResult::HungUpEarly, Some("call.fault.opted_out")));
            assert_eq!(b.board().campaigns.unwrap()[0].abandoned, 0, "he left; nobody was missing");
        }
    }
}

#[test]
fn a_busy_number_is_tried_again_after_its_wait_also_over_a_restart_and_counts_once() {
    let mut model = office(1, 1);
    rules(&mut model, TaskRules { redial: RedialCfg { attempts: 3, ..RedialCfg::default() }, ..TaskRules::default() });
    let mut b = Bench::new(model);
    b.arrive(1);
    b.start();
    for attempt in 1..=3 {
        let dial = b.dial();
        b.leg(dial.leg, LegEvent::Sent);
        b.end(dial.leg, LegEndHow::Refused, Some(486));
        let counted = b.board().campaigns.unwrap().swap_remove(0);
        assert_eq!((counted.dialled, counted.total), (1, 1), "a number, not its attempts");
        assert_eq!(row(&b, 1).attempts, attempt);
        if attempt == 3 {
            break;
        }
        assert_eq!(
            (row(&b, 1).phase, why(&b, 1), counted.status),
            (LeadPhase::Waiting, WhyRule::Retry, CampaignStatus::Running)
        );
        b.pass(200_000);
        assert_eq!((b.dials().len(), b.why()), (0, IdleReason::Waiting), "five minutes are not over");
        if attempt == 2 {
            b.boot();
            b.arrive(1);
        }
        b.pass(110_000);
    }
    assert_eq!((row(&b, 1).phase, why(&b, 1)), (LeadPhase::Done, WhyRule::Attempts));
    assert_eq!(row(&b, 1).why.as_ref().unwrap().value, "3");
    b.pass(10_000);
    assert_eq!(b.board().campaigns.unwrap()[0].status, CampaignStatus::Finished);
    b.model.recount();
}

#[test]
fn a_refused_number_that_waits_for_its_next_try_leaves_without_being_uncounted() {
    let mut model = office(1, 1);
    rules(&mut model, TaskRules { redial: RedialCfg { attempts: 2, ..RedialCfg::default() }, ..TaskRules::default() });
    let mut b = Bench::new(model);
    b.arrive(1);
    b.start();
    let dial = b.dial();
    b.end(dial.leg, LegEndHow::Refused, Some(486));
    b.model.blocklist.insert((COMPANY, phone(1)));
    b.give(Input::Block(BlockEntry::number(COMPANY, phone(1), true)));
    b.pass(320_000);
    let counted = b.board().campaigns.unwrap().swap_remove(0);
    assert_eq!((counted.dialled, counted.total, counted.status), (1, 1, CampaignStatus::Finished));
    assert_eq!((row(&b, 1).phase, why(&b, 1)), (LeadPhase::Done, WhyRule::Blocked));
    b.model.recount();
}

#[test]
fn the_best_hour_is_one_not_tried_yet() {
    let mut model = office(1, 1);
    let redial = RedialCfg { attempts: 3, best_hour: true, ..RedialCfg::default() };
    rules(&mut model, TaskRules { redial, ..TaskRules::default() });
    let mut b = Bench::new(model);
    b.arrive(1);
    b.start();
    let dial = b.dial();
    b.leg(dial.leg, LegEvent::Sent);
    b.end(dial.leg, LegEndHow::Refused, Some(486));
    assert_eq!(why(&b, 1), WhyRule::BestHour);
    let at = row(&b, 1).not_before.unwrap();
    assert_eq!(support::model::local_minute(at), 720, "tried in the morning: noon is next");
}

#[test]
fn a_number_of_a_later_place_waits_for_its_morning() {
    let mut model = office(2, 2);
    limits(&mut model).areas =
        vec![AreaCfg { name: "west".into(), prefixes: vec![phone(1).to_string()], later_min: 120 }];
    model.campaigns.get_mut(&TASK).unwrap().cfg.run = (480, 1200);
    let mut b = Bench::new(model);
    b.arrive(1);
    b.arrive(2);
    b.start();
    assert_eq!(b.dial().phone, phone(2), "08:30 here");
    assert_eq!((why(&b, 1), row(&b, 1).state), (WhyRule::Area, CallState::OffHours));
    b.pass(88 * 60_000);
    assert!(b.dials().is_empty(), "09:58");
    b.pass(3 * 60_000);
    assert_eq!(b.dial().phone, phone(1));
}

#[test]
fn a_holiday_is_its_own_reason_and_an_unknown_year_is_told_once() {
    let mut model = office(1, 2);
    rules(&mut model, TaskRules { skip_holidays: true, ..TaskRules::default() });
    let mut b = Bench::new(model);
    b.jump_wall(9 * 86_400_000);
    b.arrive(1);
    b.start();
    b.pass(6_000);
    assert_eq!((b.dials().len(), b.why()), (0, IdleReason::Holiday), "2026-06-19");
    b.jump_wall(5 * 365 * 86_400_000);
    b.pass(60_000);
    assert_eq!(events(&mut b, "calendar_unknown"), 1);
    assert_ne!(b.why(), IdleReason::Holiday);
}

#[test]
fn the_day_s_spending_holds_is_told_once_and_outlives_a_restart() {
    let mut model = office(1, 5);
    limits(&mut model).spend_day = Micro(250_000);
    let mut b = Bench::new(model);
    b.arrive(1);
    b.start();
    for _ in 0..2 {
        let dial = b.dial();
        talk(&mut b, dial.leg);
        b.end(dial.leg, LegEndHow::FarHangUp, None);
        b.ask(1, Command::Idle).unwrap();
    }
    b.pass(30_000);
    let effects = b.take();
    assert!(!effects.iter().any(|e| matches!(e, Effect::Dial(_))), "0.2 charged, 0.1 more would pass 0.25");
    let told = |e: &&Effect| matches!(e, Effect::Event { event, .. } if event.text_key == "call.event.spend_cap");
    assert_eq!((b.why(), effects.iter().filter(told).count()), (IdleReason::SpendCap, 1));
    b.boot();
    b.arrive(1);
    b.pass(10_000);
    assert_eq!((b.dials().len(), b.why()), (0, IdleReason::SpendCap), "the sum is the store's");
    b.jump_wall(86_400_000);
    b.pass(6_000);
    assert_eq!(b.dials().len(), 1, "another day");
}

#[test]
fn a_seat_s_own_spending_stops_its_dialling_by_hand() {
    let mut model = office(1, 0);
    limits(&mut model).spend_seat_day = Micro(150_000);
    let mut b = Bench::new(model);
    b.arrive(1);
    b.ask(1, Command::Dial { number: phone(50).to_string() }).unwrap();
    let dial = b.dial();
    ring(&mut b, dial.leg);
    b.end(dial.leg, LegEndHow::FarHangUp, None);
    b.ask(1, Command::Idle).unwrap();
    let refused = b.ask(1, Command::Dial { number: phone(51).to_string() }).unwrap_err();
    assert_eq!(refused.code, "spend.seat");
}

#[test]
fn redial_takes_what_is_ticked() {
    let mut model = office(1, 3);
    let redial = RedialCfg { also: vec![CallState::Vacant], ..RedialCfg::default() };
    rules(&mut model, TaskRules { redial, ..TaskRules::default() });
    let mut b = Bench::new(model);
    b.arrive(1);
    b.start();
    for sip in [404, 603, 486] {
        let dial = b.dial();
        b.end(dial.leg, LegEndHow::Refused, Some(sip));
    }
    let redialled = |c: &Change| match c {
        Change::Redial { states, .. } => Some(states.clone()),
        _ => None,
    };
    b.ask(1, Command::CampaignRedial { campaign: TASK }).unwrap();
    let states = b.changes.iter().find_map(redialled).unwrap();
    assert!(states.contains(&CallState::Vacant) && !states.contains(&CallState::Rejected));
}

#[test]
fn every_reason_has_its_sentence_in_both_languages() {
    let keys = WhyRule::ALL.iter().map(|rule| rule.key()).chain(OptOutHow::ALL.iter().map(|how| how.key()));
    for key in keys.chain([IdleReason::Holiday, IdleReason::SpendCap].map(|reason| reason.key())) {
        for lang in [Lang::Zh, Lang::En] {
            assert_ne!(texts::text(lang, &key), key, "{lang:?}");
        }
    }
}
