//! 预览式外呼: rows dialled by their agents, under every rule of a task. By hand.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use hutong_api::{board::CampaignStatus, board::IdleReason, live::Command, live::SeatState, *};
use hutong_core::io::*;
use support::{bench::Bench, model::Model, office::*};

fn office_of(leads: u32, change: impl FnOnce(&mut Model)) -> Bench {
    let mut model = office(2, leads);
    let task = model.campaigns.get_mut(&CampaignId(1)).unwrap();
    task.cfg.pacing.mode = PacingMode::Preview;
    // A task of this kind has no script of its own.
    task.cfg.script = ScriptId(0);
    task.cfg.ring_s = 50;
    change(&mut model);
    Bench::new(model)
}

fn started(leads: u32) -> Bench {
    let mut bench = office_of(leads, |_| {});
    bench.start();
    bench.arrive(1);
    bench.arrive(2);
    bench
}

/// The store gives the seat the first row that waits.
fn dials(b: &mut Bench, seat: i64) -> Result<(), Refusal> {
    let Input::Hopper { leads, .. } = b.model.load(CampaignId(1), 1, b.now.wall) else { panic!() };
    dials_row(b, seat, leads[0].clone())
}

fn dials_row(b: &mut Bench, seat: i64, row: HopperLead) -> Result<(), Refusal> {
    let req = ReqId(9_000_000 + row.lead.0 as u64);
    let who = Actor { company: COMPANY, seat: SeatId(seat), name: format!("agent{seat}") };
    let from = b.effects.len();
    b.give(Input::PreviewDial { req, who, campaign: CampaignId(1), row });
    let reply = b.effects[from..].iter().find_map(|e| match e {
        Effect::Reply { req: r, refusal } if *r == req => Some(refusal.clone()),
        _ => None,
    });
    reply.unwrap().map_or(Ok(()), Err)
}

fn code(answer: Result<(), Refusal>) -> String {
    answer.unwrap_err().code.into_owned()
}

#[test]
fn nothing_is_dialled_by_itself_and_the_agent_hears_from_the_first_ring() {
    let mut b = started(3);
    b.pass(60_000);
    assert_eq!((b.dials().len(), b.why()), (0, IdleReason::ByHand));
    dials(&mut b, 1).unwrap();
    let pop = b.effects.iter().find(|e| matches!(e, Effect::Pop { kind: CallKind::Preview, lead: Some(_), .. }));
    assert!(pop.is_some(), "the card comes with the first ring");
    let dial = b.dial();
    assert_eq!((b.state(1), b.why()), (SeatState::Ringing, IdleReason::Dialling));
    b.leg(dial.leg, LegEvent::Sent);
    b.leg(dial.leg, LegEvent::Ringing { early_media: true });
    let heard = |e: &Effect| matches!(e, Effect::Bridge { leg, seat } if *leg == dial.leg && *seat == SeatId(1));
    assert!(b.take().iter().any(heard), "what the carrier plays is the agent's to hear");
    b.leg(dial.leg, LegEvent::Answered);
    assert_eq!(b.state(1), SeatState::Talking);
    assert!(!b.take().iter().any(|e| matches!(e, Effect::Play { .. })), "no greeting: he speaks himself");
    b.pass(20_000);
    b.end(dial.leg, LegEndHow::FarHangUp, None);
    let (cdr, row) = (b.cdr(dial.call), &b.model.rows[&LeadId(1)]);
    assert_eq!((cdr.open.kind, cdr.result, cdr.talk_s), (CallKind::Preview, CallResult::ToAgent, 20));
    assert_eq!((row.phase, row.state), (LeadPhase::Done, CallState::Answered));
    let state = b.model.campaigns[&CampaignId(1)].state;
    assert_eq!((state.dialled, state.answered, state.to_agent), (1, 1, 1));
}

#[test]
fn it_rings_fifty_seconds_and_the_last_row_finishes_the_task() {
    let mut b = started(1);
    dials(&mut b, 1).unwrap();
    let dial = b.dial();
    b.leg(dial.leg, LegEvent::Sent);
    b.leg(dial.leg, LegEvent::Ringing { early_media: false });
    let cancelled = |b: &mut Bench| b.take().iter().any(|e| matches!(e, Effect::HangUp { .. }));
    b.pass(49_900);
    assert!(!cancelled(&mut b));
    b.pass(200);
    assert!(cancelled(&mut b), "CANCEL at 振铃时长 (F53)");
    assert_eq!(b.model.campaigns[&CampaignId(1)].state.status, CampaignStatus::Running, "a call is up (D5)");
    b.end(dial.leg, LegEndHow::WeHungUp, Some(487));
    assert_eq!(b.model.campaigns[&CampaignId(1)].state.status, CampaignStatus::Finished);
    assert_eq!(b.model.rows[&LeadId(1)].state, CallState::NoAnswer);
    // 失败重呼: the desk gives his rows back, and the task goes on.
    let row = b.model.rows.get_mut(&LeadId(1)).unwrap();
    (row.phase, row.state, row.round, row.attempts) = (LeadPhase::Waiting, CallState::NotCalled, 2, 0);
    b.model.waiting.entry(CampaignId(1)).or_default().insert(LeadId(1));
    b.give(Input::Redialled { campaign: CampaignId(1), leads: 1 });
    assert_eq!(b.model.campaigns[&CampaignId(1)].state.status, CampaignStatus::Running);
    assert_eq!(b.why(), IdleReason::ByHand);
}

#[test]
fn every_check_of_a_task_refuses_with_its_reason() {
    let mut b = started(9);
    b.ask(1, Command::CampaignPause { campaign: CampaignId(1) }).unwrap();
    assert_eq!(code(dials(&mut b, 1)), "campaign.not_running");
    b.start();
    let blocked = BlockEntry::number(COMPANY, phone(1), true);
    b.give(Input::Block(blocked));
    assert_eq!(code(dials(&mut b, 1)), "number.blocked");
    b.give(Input::Unblock { company: COMPANY, phone: phone(1), prefix: false });
    b.ask(2, Command::Dial { number: phone(1).to_string() }).unwrap();
    assert_eq!(code(dials(&mut b, 1)), "number.in_call");
    b.ask(2, Command::HangUp).unwrap();
    assert_eq!(code(dials(&mut b, 3)), "agent.unknown");
    let mut cfg = b.model.campaigns[&CampaignId(1)].cfg.clone();
    cfg.rest = (0, 1439);
    b.give(Input::Setting(Box::new(Setting::Campaign(cfg.clone()))));
    assert_eq!(code(dials(&mut b, 1)), "hours.rest");
    cfg.rest = (720, 720);
    cfg.pacing.mode = PacingMode::Progressive;
    cfg.script = ScriptId(1);
    b.give(Input::Setting(Box::new(Setting::Campaign(cfg))));
    assert_eq!(code(dials(&mut b, 1)), "campaign.not_preview");
}

#[test]
fn a_running_task_is_switched_and_one_that_lacks_what_its_mode_needs_is_paused() {
    let mut b = started(9);
    let mut cfg = b.model.campaigns[&CampaignId(1)].cfg.clone();
    b.dials();
    cfg.pacing.mode = PacingMode::Progressive;
    cfg.script = ScriptId(1);
    b.give(Input::Setting(Box::new(Setting::Campaign(cfg.clone()))));
    assert_eq!(b.dials().len(), 2, "one for each free agent");
    cfg.pacing.mode = PacingMode::Preview;
    b.give(Input::Setting(Box::new(Setting::Campaign(cfg.clone()))));
    b.pass(30_000);
    assert_eq!(b.dials().len(), 0);
    let mut company = b.model.companies[&COMPANY].cfg.clone();
    company.abandon_prompt = None;
    b.give(Input::Setting(Box::new(Setting::Company(company))));
    cfg.pacing.mode = PacingMode::Predictive;
    b.give(Input::Setting(Box::new(Setting::Campaign(cfg))));
    assert_eq!(b.model.campaigns[&CampaignId(1)].state.status, CampaignStatus::Paused, "no abandon notice");
    assert_eq!(b.dials().len(), 0);
}

#[test]
fn the_lock_leaves_preview_alone() {
    let mut b = office_of(3, |m| m.companies.get_mut(&COMPANY).unwrap().cfg.preview_only = true);
    b.start();
    b.arrive(1);
    dials(&mut b, 1).unwrap();
    b.dial();
    let company = b.model.companies[&COMPANY].cfg.clone();
    b.give(Input::Setting(Box::new(Setting::Company(company))));
    assert_eq!(b.model.campaigns[&CampaignId(1)].state.status, CampaignStatus::Running);
}

#[test]
fn pause_block_or_opt_out_before_the_dial_leaves_stops_it() {
    let mut b = started(3);
    dials(&mut b, 1).unwrap();
    let dial = b.dial();
    b.give(Input::Block(BlockEntry::number(COMPANY, dial.phone.clone(), true)));
    assert!(b.take().iter().any(|e| matches!(e, Effect::HangUp { leg } if *leg == dial.leg)), "not sent yet");
    b.end(dial.leg, LegEndHow::NotSent, None);
    b.ask(1, Command::Idle).unwrap();
    let again = HopperLead { phone: dial.phone, ..row_of(&b, 1) };
    assert_eq!(code(dials_row(&mut b, 1, again)), "number.blocked");
}

fn row_of(b: &Bench, lead: i64) -> HopperLead {
    let row = &b.model.rows[&LeadId(lead)];
    HopperLead {
        lead: LeadId(lead),
        phone: row.phone.clone(),
        name: row.name.clone(),
        round: row.round,
        attempts: row.attempts,
        bands: row.bands,
        answered_before: row.ever_answered,
    }
}

#[test]
fn a_row_asked_for_twice_at_once_is_dialled_once() {
    let mut b = started(3);
    let stale = row_of(&b, 1);
    dials_row(&mut b, 1, stale.clone()).unwrap();
    let dial = b.dial();
    b.leg(dial.leg, LegEvent::Sent);
    b.end(dial.leg, LegEndHow::Refused, Some(486));
    b.ask(1, Command::Idle).unwrap();
    b.pass(61_000);
    assert_eq!(code(dials_row(&mut b, 1, stale)), "number.taken");
}

#[test]
fn a_finished_task_that_lacks_its_notice_by_now_neither_redials_nor_goes_on() {
    let mut b = office_of(1, |m| {
        let task = m.campaigns.get_mut(&CampaignId(1)).unwrap();
        (task.cfg.pacing.mode, task.cfg.script) = (PacingMode::Progressive, ScriptId(1));
        m.companies.get_mut(&COMPANY).unwrap().cfg.abandon_prompt = None;
    });
    b.start();
    b.arrive(1);
    let dial = b.dial();
    b.end(dial.leg, LegEndHow::Refused, Some(486));
    let status = |b: &Bench| b.model.campaigns[&CampaignId(1)].state.status;
    assert_eq!(status(&b), CampaignStatus::Finished);
    let mut cfg = b.model.campaigns[&CampaignId(1)].cfg.clone();
    cfg.pacing.mode = PacingMode::Predictive;
    b.give(Input::Setting(Box::new(Setting::Campaign(cfg))));
    assert_eq!(code(b.ask(1, Command::CampaignRedial { campaign: CampaignId(1) })), "campaign.no_abandon_notice");
    b.model.add_rows(CampaignId(1), &[phone(50)]);
    b.give(Input::LeadsAdded { campaign: CampaignId(1), added: 1 });
    assert_eq!((status(&b), b.dials().len()), (CampaignStatus::Paused, 0));
}

#[test]
fn a_script_that_leads_to_no_agent_any_more_pauses_its_running_tasks() {
    let mut b = office_of(5, |m| {
        let task = m.campaigns.get_mut(&CampaignId(1)).unwrap();
        (task.cfg.pacing.mode, task.cfg.script) = (PacingMode::Progressive, ScriptId(1));
    });
    b.start();
    let script = ScriptCfg { to_agent: false, ..b.model.scripts[&ScriptId(1)].clone() };
    b.give(Input::Setting(Box::new(Setting::Script(script))));
    assert_eq!(b.model.campaigns[&CampaignId(1)].state.status, CampaignStatus::Paused);
    b.arrive(1);
    assert_eq!(b.dials().len(), 0);
}
