//! What if (X3): the same question has the same answer, and the answers go the way the world goes.
#![allow(clippy::unwrap_used)]

mod support;

use hutong_api::*;
use hutong_core::{
    Now,
    io::*,
    whatif::{
        Answer, Question, answer,
        rows::{self, Fate},
    },
};
use support::{bench::Bench, office::*};

fn question(agents: u32, numbers: u32, mode: PacingMode, cap_bp: u32) -> Question {
    let mut campaign = campaign(1);
    campaign.pacing = PacingCfg { mode, cap_bp, ..PacingCfg::default() };
    let script = ScriptCfg {
        id: campaign.script,
        company: COMPANY,
        name: String::new(),
        greeting: Some(PromptId(1)),
        to_agent: true,
    };
    Question {
        company: company(),
        trunk: TrunkCfg { channels: 200, cps: 20, ..trunk() },
        script,
        campaign,
        seat: seat(1),
        agents,
        numbers,
        from: MORNING,
        answer_rate: 0.3,
        greeting_s: 4.0,
        learnt: String::new(),
        crew: String::new(),
    }
}

fn play(agents: u32, mode: PacingMode, cap_bp: u32) -> Answer {
    answer(&question(agents, 600, mode, cap_bp), 7)
}

#[test]
fn the_same_question_has_the_same_answer() {
    assert_eq!(play(4, PacingMode::Predictive, 300), play(4, PacingMode::Predictive, 300));
}

#[test]
fn more_agents_are_sooner_done_and_dialling_ahead_keeps_them_busier() {
    let (few, many) = (play(3, PacingMode::Progressive, 300), play(6, PacingMode::Progressive, 300));
    assert_eq!((few.finished, many.finished), (5, 5));
    assert!(many.seconds < 0.7 * few.seconds, "{many:?} {few:?}");
    assert!((few.dialled - 600.0).abs() < 1.0 && (few.answered / few.dialled - 0.3).abs() < 0.05, "{few:?}");
    let ahead = play(6, PacingMode::Predictive, 300);
    assert!(ahead.occupancy > many.occupancy + 0.05, "{ahead:?} {many:?}");
    assert!(ahead.seconds < many.seconds, "{ahead:?} {many:?}");
    assert!(ahead.abandon_share() < 0.05, "{ahead:?}");
    assert!(many.cost > Micro::ZERO);
}

#[test]
fn a_cap_of_nothing_is_progressive() {
    let (none, progressive) = (play(4, PacingMode::Predictive, 0), play(4, PacingMode::Progressive, 300));
    assert_eq!(none, progressive);
}

#[test]
fn a_day_without_agents_or_numbers_ends() {
    let nobody = play(0, PacingMode::Predictive, 300);
    assert_eq!((nobody.dialled, nobody.finished), (0.0, 0));
    let nothing = answer(&question(3, 0, PacingMode::Predictive, 300), 7);
    assert_eq!(nothing.dialled, 0.0);
}

#[test]
#[ignore]
fn table() {
    for mode in [PacingMode::Progressive, PacingMode::Power, PacingMode::Predictive] {
        for agents in [1, 2, 5, 10] {
            let mut asked = question(agents, 5_000, mode, 300);
            asked.campaign.run = (480, 960);
            let a = answer(&asked, 3);
            println!(
                "{mode:?} {agents}: occupancy {:.1} abandon {:.2} % served {:.0} in {:.0} s",
                100.0 * a.occupancy,
                100.0 * a.abandon_share(),
                a.served,
                a.seconds
            );
        }
    }
}

/// X4: with the clock standing still, what the dry run says is dialled is what is dialled, to the number.
#[test]
fn the_dry_run_names_the_numbers_that_are_dialled_then() {
    let mut model = office(3, 40);
    let books = model.companies.get_mut(&COMPANY).unwrap();
    books.cfg.caps = [1, 2, 2];
    let west = AreaCfg { name: "west".into(), prefixes: vec![phone(7).to_string()], later_min: 600 };
    books.cfg.limits.areas = vec![west];
    model.trunks.get_mut(&TRUNK).unwrap().cps = 1_000;
    model.campaigns.get_mut(&CampaignId(1)).unwrap().cfg.run = (8 * 60, 20 * 60);
    for blocked in [3, 4, 5] {
        model.blocklist.insert((COMPANY, phone(blocked)));
    }
    let mut bench = Bench::new(model);
    for seat in 1..=3 {
        bench.arrive(seat);
    }
    // Two callees were tried by hand a moment ago: one cap each.
    for number in [11, 12] {
        bench.ask(1, live::Command::Dial { number: phone(number).to_string() }).unwrap();
        let dial = bench.dial();
        bench.end(dial.leg, LegEndHow::Refused, Some(486));
        bench.ask(1, live::Command::Idle).unwrap();
    }
    let Input::Hopper { leads, .. } = bench.model.load(CampaignId(1), 99, bench.now.wall) else { panic!() };
    let boot = bench.model.boot(bench.now.wall);
    let (hours, fates) = rows::judge(boot, CampaignId(1), bench.now, &leads);
    assert_eq!(hours.closed, None);
    let will: Vec<Phone> = leads
        .iter()
        .zip(&fates)
        .filter(|(_, fate)| **fate == Fate::Dialled)
        .map(|(row, _)| row.phone.clone())
        .collect();
    let rule = |n: u32| fates[n as usize - 1];
    assert!((3..=5).all(|n| rule(n) == Fate::Never(WhyRule::Blocked)));
    assert!(matches!(rule(7), Fate::Later(_, WhyRule::Area)) && matches!(rule(11), Fate::Later(_, WhyRule::Capped)));
    bench.start();
    let mut dialled = Vec::new();
    loop {
        let dials = bench.dials();
        if dials.is_empty() {
            break;
        }
        for dial in dials {
            dialled.push(dial.phone.clone());
            bench.end(dial.leg, LegEndHow::Refused, Some(480));
        }
    }
    assert_eq!(dialled, will);
    // At night it is judged by the morning.
    let night = Now { wall: bench.now.wall.after_ms(14 * 3_600_000), ..bench.now };
    let (hours, fates) = rows::judge(bench.model.boot(night.wall), CampaignId(1), night, &leads[..1]);
    assert_eq!((hours.closed, fates[0]), (Some(board::IdleReason::OffHours), Fate::Dialled));
    assert!(hours.opens.is_some_and(|opens| opens > night.wall));
}
