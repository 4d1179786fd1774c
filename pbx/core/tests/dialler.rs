//! How a task dials ahead: modes, groups, weights, the clock of an abandon, and what is learnt. By hand.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use hutong_api::{live::SeatState, *};
use hutong_core::io::*;
use support::{bench::Bench, model::Model, office::*};

fn with(mode: PacingMode, seats: i64, change: impl FnOnce(&mut Model)) -> Bench {
    let mut model = office(seats, 60);
    model.campaigns.get_mut(&CampaignId(1)).unwrap().cfg.pacing.mode = mode;
    change(&mut model);
    let mut bench = Bench::new(model);
    bench.start();
    bench
}

fn answered(b: &mut Bench, leg: LegId) {
    b.leg(leg, LegEvent::Sent);
    b.leg(leg, LegEvent::Ringing { early_media: false });
    b.pass(3_000);
    b.leg(leg, LegEvent::Answered);
}

fn greeted(b: &mut Bench, leg: LegId) {
    answered(b, leg);
    b.pass(5_000);
    b.leg(leg, LegEvent::PlayEnded { prompt: GREETING });
}

/// A second task with its own numbers.
fn second(model: &mut Model) {
    let first = model.campaigns[&CampaignId(1)].clone();
    let cfg = CampaignCfg { id: CampaignId(2), name: "task2".into(), ..first.cfg.clone() };
    model.campaigns.insert(CampaignId(2), CampaignBoot { cfg, ..first });
    let phones: Vec<Phone> = (700..760).map(phone).collect();
    model.add_rows(CampaignId(2), &phones);
}

#[test]
fn progressive_power_and_a_cap_of_nothing() {
    let mut b = with(PacingMode::Progressive, 2, |_| {});
    b.arrive(1);
    b.arrive(2);
    assert_eq!(b.dials().len(), 2);
    let mut b =
        with(PacingMode::Power, 2, |m| m.campaigns.get_mut(&CampaignId(1)).unwrap().cfg.pacing.ratio_tenths = 25);
    b.arrive(1);
    assert_eq!(b.dials().len(), 2, "2.5 for one, whole calls");
    b.arrive(2);
    assert_eq!(b.dials().len(), 3, "5 for two");
    let mut b = with(PacingMode::Predictive, 2, |m| m.campaigns.get_mut(&CampaignId(1)).unwrap().cfg.pacing.cap_bp = 0);
    b.arrive(1);
    b.arrive(2);
    assert_eq!(b.dials().len(), 2, "nothing may be abandoned: one each");
}

#[test]
fn predictive_dials_more_than_agents_are_free_where_the_list_answers_seldom() {
    let mut b = with(PacingMode::Predictive, 5, |m| m.trunks.get_mut(&TRUNK).unwrap().cps = 100);
    b.arrive(1);
    for _ in 0..12 {
        let dials = b.dials();
        for dial in &dials {
            b.leg(dial.leg, LegEvent::Sent);
        }
        b.pass(20_000);
        for dial in dials {
            b.end(dial.leg, LegEndHow::Refused, Some(480));
        }
    }
    b.dials();
    for seat in 2..=5 {
        b.arrive(seat);
    }
    b.pass(1_000);
    let rings = b.model.open.len();
    assert!(rings > 5, "{rings} calls on their way for 5 free agents");
}

#[test]
fn dialling_ahead_needs_the_abandon_notice() {
    let silent = |m: &mut Model| m.companies.get_mut(&COMPANY).unwrap().cfg.abandon_prompt = None;
    for (mode, code) in [(PacingMode::Predictive, true), (PacingMode::Power, true), (PacingMode::Progressive, false)] {
        let mut model = office(1, 3);
        model.campaigns.get_mut(&CampaignId(1)).unwrap().cfg.pacing.mode = mode;
        silent(&mut model);
        let mut b = Bench::new(model);
        let answer = b.ask(1, live::Command::CampaignStart { campaign: CampaignId(1) });
        assert_eq!(answer.err().map(|r| r.code == "campaign.no_abandon_notice"), code.then_some(true), "{mode:?}");
    }
}

#[test]
fn with_the_clock_at_the_answer_the_agent_must_be_there_when_the_greeting_ends() {
    let connect = |m: &mut Model| m.campaigns.get_mut(&CampaignId(1)).unwrap().cfg.pacing.clock = AbandonClock::Connect;
    let mut b = with(PacingMode::Progressive, 1, connect);
    b.arrive(1);
    let dial = b.dial();
    greeted(&mut b, dial.leg);
    assert_eq!(b.state(1), SeatState::Talking, "he is: the call is his");
    let mut b = with(PacingMode::Progressive, 1, connect);
    b.arrive(1);
    let dial = b.dial();
    answered(&mut b, dial.leg);
    b.ask(1, live::Command::SignOut).unwrap();
    b.pass(5_000);
    b.take();
    b.leg(dial.leg, LegEvent::PlayEnded { prompt: GREETING });
    b.pass(10);
    let notice = |e: &Effect| matches!(e, Effect::Play { prompt, .. } if *prompt == NOTICE);
    assert!(b.take().iter().any(notice), "he is not: no two seconds more");
}

#[test]
fn a_group_s_tasks_are_taken_by_its_agents_only() {
    let mut b = with(PacingMode::Progressive, 2, |m| {
        second(m);
        let group = |id, seat| AgentGroup { id, seats: vec![SeatId(seat)] };
        m.companies.get_mut(&COMPANY).unwrap().cfg.groups = vec![group(1, 1), group(2, 2)];
        for (id, task) in &mut m.campaigns {
            task.cfg.group = Some(id.0);
        }
    });
    b.ask(1, live::Command::CampaignStart { campaign: CampaignId(2) }).unwrap();
    b.arrive(2);
    let dials = b.dials();
    assert_eq!(dials.len(), 1, "nobody of the first group is there");
    assert_eq!(b.model.open[&dials[0].call].campaign, Some(CampaignId(2)));
    b.arrive(1);
    b.dials();
    greeted(&mut b, dials[0].leg);
    assert_eq!((b.state(1), b.state(2)), (SeatState::Idle, SeatState::Talking));
}

#[test]
fn tasks_share_a_group_by_weight() {
    let mut b = with(PacingMode::Progressive, 1, |m| {
        second(m);
        m.campaigns.get_mut(&CampaignId(1)).unwrap().cfg.pacing.weight = 3;
    });
    b.ask(1, live::Command::CampaignStart { campaign: CampaignId(2) }).unwrap();
    b.arrive(1);
    let mut count = [0; 2];
    for _ in 0..24 {
        let dial = b.dial();
        count[(b.model.open[&dial.call].campaign == Some(CampaignId(2))) as usize] += 1;
        b.leg(dial.leg, LegEvent::Sent);
        b.end(dial.leg, LegEndHow::Refused, Some(404));
        b.pass(2_000);
    }
    assert_eq!(count, [18, 6]);
}

#[test]
fn an_abandoned_callee_waits_three_days_where_no_agent_is_guaranteed() {
    for (mode, waits) in [(PacingMode::Power, true), (PacingMode::Progressive, false)] {
        let mut b = with(mode, 1, |_| {});
        b.arrive(1);
        let dial = b.dial();
        answered(&mut b, dial.leg);
        b.ask(1, live::Command::SignOut).unwrap();
        b.leg(dial.leg, LegEvent::PlayEnded { prompt: GREETING });
        b.pass(2_000);
        b.leg(dial.leg, LegEvent::PlayEnded { prompt: NOTICE });
        b.end(dial.leg, LegEndHow::WeHungUp, None);
        let (call, row) = (b.cdr(dial.call).clone(), &b.model.rows[&LeadId(1)]);
        assert_eq!(call.result, CallResult::Abandoned);
        assert_eq!(row.not_before, waits.then(|| call.ended.after_ms(72 * 3_600_000)), "{mode:?}");
    }
}

#[test]
fn what_was_learnt_is_stored_and_comes_back() {
    let mut b = with(PacingMode::Predictive, 1, |_| {});
    b.arrive(1);
    let dial = b.dial();
    greeted(&mut b, dial.leg);
    b.pass(30_000);
    b.end(dial.leg, LegEndHow::FarHangUp, None);
    b.pass(90_000);
    assert!(
        b.model.campaigns[&CampaignId(1)].learnt.contains("answers"),
        "{:?}",
        b.model.campaigns[&CampaignId(1)].learnt
    );
    assert!(b.model.crews.contains_key(&None));
    let before = (b.model.campaigns[&CampaignId(1)].learnt.clone(), b.model.crews.clone());
    b.boot();
    b.arrive(1);
    b.pass(120_000);
    let after = &b.model.campaigns[&CampaignId(1)].learnt;
    assert!(after.len() > 100 && before.0.len() > 100, "{after}");
}
