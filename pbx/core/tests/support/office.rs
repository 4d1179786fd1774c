//! A small office to test in: one company, one trunk, one script, campaigns and seats.

use super::model::{Books, Model};
use hutong_api::{board::CampaignStatus, *};
use hutong_core::{Wall, io::*};
use std::collections::BTreeSet;

pub const COMPANY: CompanyId = CompanyId(1);
pub const TRUNK: TrunkId = TrunkId(1);
pub const GREETING: PromptId = PromptId(1);
pub const NOTICE: PromptId = PromptId(2);
/// Wednesday 2026-06-10, 08:30 in Shanghai.
pub const MORNING: Wall = Wall(1_781_049_600_000 + 30 * 60_000);

pub fn phone(n: u32) -> Phone {
    Phone::from_digits(&format!("0999{n:07}")).unwrap()
}

pub fn company() -> CompanyCfg {
    CompanyCfg {
        id: COMPANY,
        code: "test".into(),
        name: "Test".into(),
        zone: "Asia/Shanghai".into(),
        unlimited: false,
        hard_stop_lifted: false,
        seat_fee_month: Micro::ZERO,
        caps: [1, 5, 5],
        abandon_prompt: Some(NOTICE),
        demo: false,
        preview_only: false,
        work: work(),
        callers: CallersCfg::default(),
        limits: LimitsCfg::default(),
        groups: Vec::new(),
    }
}

pub fn work() -> WorkCfg {
    let busy = |code: &str| BusyCfg { code: code.into(), enabled: true, max_minutes: 0, max_people: 0 };
    WorkCfg {
        wrap: WrapCfg { seconds: 10, more_s: 30, must_save: false, after_failed: true },
        wrap_of: Vec::new(),
        busy: ["break", "meal"].map(busy).into(),
        pops: Vec::new(),
    }
}

pub fn trunk() -> TrunkCfg {
    TrunkCfg {
        id: TRUNK,
        company: COMPANY,
        name: "line".into(),
        enabled: true,
        simulated: false,
        channels: 20,
        cps: 10,
        increment_s: 60,
        price: Micro(100_000),
        callers: vec!["0999100".into(), "0999101".into()],
    }
}

pub fn seat(n: i64) -> SeatCfg {
    SeatCfg {
        id: SeatId(n),
        company: COMPANY,
        extension: format!("{}", 8000 + n),
        name: format!("agent{n}"),
        department: "sales".into(),
        department_id: None,
        enabled: true,
        auto_answer: true,
        hide_numbers: false,
        pop_busy: false,
        trunk: None,
        callers: vec![],
    }
}

pub fn campaign(n: i64) -> CampaignCfg {
    CampaignCfg {
        id: CampaignId(n),
        company: COMPANY,
        name: format!("task{n}"),
        script: ScriptId(1),
        trunk: TRUNK,
        run: (0, 1440),
        rest: (720, 720),
        ring_s: 30,
        channels: 0,
        creator: "admin".into(),
        number_group: None,
        rules: TaskRules::default(),
        pacing: PacingCfg { mode: PacingMode::Progressive, ..PacingCfg::default() },
        group: None,
    }
}

/// `seats` seats, one campaign with `leads` numbers, a greeting, and 100 yuan.
pub fn office(seats: i64, leads: u32) -> Model {
    let mut model = Model::default();
    model.companies.insert(
        COMPANY,
        Books { cfg: company(), balance: Micro::ZERO, owed: Micro::ZERO, ledger: Vec::new(), keys: BTreeSet::new() },
    );
    model.trunks.insert(TRUNK, trunk());
    let script = ScriptCfg {
        id: ScriptId(1),
        company: COMPANY,
        name: "to agent".into(),
        greeting: Some(GREETING),
        to_agent: true,
    };
    model.scripts.insert(ScriptId(1), script);
    for n in 1..=seats {
        model.seats.insert(SeatId(n), seat(n));
    }
    let state = CampaignState {
        status: CampaignStatus::Ready,
        round: 1,
        total: leads,
        dialled: 0,
        answered: 0,
        to_agent: 0,
        abandoned: 0,
    };
    model.campaigns.insert(CampaignId(1), boot(campaign(1), state));
    let phones: Vec<Phone> = (1..=leads).map(phone).collect();
    model.add_rows(CampaignId(1), &phones);
    let entry = LedgerEntry {
        company: COMPANY,
        at: MORNING,
        kind: LedgerKind::TopUp,
        amount: Micro::yuan(100),
        key: "topup:first".into(),
        call: None,
        seat: None,
        by: "test".into(),
        note: String::new(),
    };
    model.apply(&[Change::Ledger(entry)]);
    model
}

/// A task that has learnt nothing and dialled nothing yet.
pub fn boot(cfg: CampaignCfg, state: CampaignState) -> CampaignBoot {
    CampaignBoot { cfg, state, learnt: String::new(), ledger: AbandonLedger::default() }
}
