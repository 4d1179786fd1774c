//! The demo's company: 演示, an admin, the four roles, departments, seats, one trunk to the simulated carrier, the script
//! 转人工 and one campaign.

use super::state::State;
use crate::{
    media, password,
    store::{
        Store, StoreError, now_ms,
        office::{self, Direction, NewCampaign, NewCompany, NewSeat, NewTrunk, OfficeError},
    },
};
use anyhow::Context;
use hutong_api::{CampaignId, CompanyId, DepartmentId, Micro, Phone, SeatId};
use hutong_core::{
    Wall,
    io::{Change, LedgerEntry, LedgerKind},
};
use rusqlite::Connection;

/// 公司账号 of the demo.
pub(super) const COMPANY: &str = "demo";
pub(super) const LEADS: &[u8] = include_bytes!("../../../../data/demo/leads.csv");
const BLOCKLIST: &str = include_str!("../../../../data/demo/blocklist.csv");
const GREETING: &[u8] = include_bytes!("../../../../data/prompts/greeting.wav");
const ABANDON: &[u8] = include_bytes!("../../../../data/prompts/abandon.wav");

/// Prepaid: enough for the whole list, little enough that one sees it fall.
const TOP_UP: Micro = Micro::yuan(500);
const SEAT_FEE_MONTH: Micro = Micro::yuan(60);
/// 0.015 yuan per started 6 seconds.
const INCREMENT_S: u32 = 6;
const PRICE: Micro = Micro(15_000);
/// The demo's callees ring out after this; 15 s is the floor for predictive dialling (docs/rules.md).
const RING_S: u32 = 25;
const QUICK_RING_S: u32 = 15;
/// Numbers the simulated trunk owns: landlines of no place.
const CALLERS: [&str; 2] = ["05920000001", "05920000002"];

pub(super) async fn make(store: &Store, state: &mut State) -> anyhow::Result<()> {
    let plan = Plan {
        carrier: state.carrier.context("no carrier")?.to_string(),
        greeting: media::prompt_from_wav(GREETING)?,
        abandon: media::prompt_from_wav(ABANDON)?,
        people: people(state)?,
        ring_s: if state.quick { QUICK_RING_S } else { RING_S },
        wrap_s: if state.quick { 5 } else { 15 },
        seed: state.seed,
    };
    let made = store.write(move |tx| plan.write(tx).map_err(|error| StoreError::Other(error.to_string()))).await?;
    state.company = made.company;
    state.campaign = made.campaign;
    state.admin_seat = made.admin;
    let entry = LedgerEntry {
        company: made.company,
        at: Wall(now_ms()),
        kind: LedgerKind::TopUp,
        amount: TOP_UP,
        key: "topup:demo".into(),
        call: None,
        seat: None,
        by: "demo".into(),
        note: String::new(),
    };
    let store = store.clone();
    tokio::task::spawn_blocking(move || store.submit_blocking(vec![Change::Ledger(entry)])).await??;
    Ok(())
}

struct Person {
    extension: String,
    hash: String,
    name: String,
    role: &'static str,
}

/// The admin first, then the seat for a person, then the bots'.
fn people(state: &State) -> anyhow::Result<Vec<Person>> {
    const NAMES: [&str; 12] =
        ["一号", "二号", "三号", "四号", "五号", "六号", "七号", "八号", "九号", "十号", "十一号", "十二号"];
    let person = |extension: &str, password: &str, name: String, role| -> anyhow::Result<Person> {
        let hash = password::hash(password).map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
        Ok(Person { extension: extension.to_owned(), hash, name, role })
    };
    let mut people = vec![
        person("admin", &state.admin_password, "管理员".into(), "admin")?,
        person(&state.person.account, &state.person.password, "体验坐席".into(), "agent")?,
    ];
    for (i, login) in state.bots.iter().enumerate() {
        let name = NAMES.get(i).map_or_else(|| format!("{}号", i + 1), |n| (*n).to_owned());
        people.push(person(&login.account, &login.password, format!("演示{name}"), "agent")?);
    }
    Ok(people)
}

struct Plan {
    carrier: String,
    greeting: Vec<u8>,
    abandon: Vec<u8>,
    people: Vec<Person>,
    ring_s: u32,
    wrap_s: u32,
    seed: u64,
}

struct Made {
    company: CompanyId,
    campaign: CampaignId,
    admin: SeatId,
}

impl Plan {
    fn write(self, conn: &Connection) -> Result<Made, OfficeError> {
        office::set_seed(conn, self.seed)?;
        let new = NewCompany {
            code: COMPANY.into(),
            name: "演示".into(),
            zone: "Asia/Shanghai".into(),
            unlimited: false,
            demo: true,
        };
        let company = office::create_company(conn, &new)?;
        office::set_terms(conn, company, self.wrap_s, SEAT_FEE_MONTH)?;
        let greeting = office::create_prompt(conn, company, "问候语", &self.greeting)?;
        let abandon = office::create_prompt(conn, company, "无坐席提示", &self.abandon)?;
        office::set_abandon_prompt(conn, company, abandon)?;
        let trunk = office::create_trunk(conn, company, &self.trunk())?;
        let script = office::create_script(conn, company, "转人工", Some(greeting))?;
        office::create_department(conn, company, "客服部")?;
        let sales = office::create_department(conn, company, "业务部")?;
        let mut seats = Vec::new();
        for person in &self.people {
            seats.push(office::create_seat(conn, company, &person.seat(sales))?);
        }
        let admin = seats.first().copied().unwrap_or_default();
        let campaign = NewCampaign {
            name: "演示任务".into(),
            script,
            trunk,
            run: (0, 1440),
            rest: (720, 720),
            ring_s: self.ring_s,
            channels: 0,
            sync_customers: false,
            creator: admin,
        };
        let campaign = office::create_campaign(conn, company, &campaign)?;
        for (number, direction) in blocked() {
            office::block(conn, company, &number, direction, "")?;
        }
        Ok(Made { company, campaign, admin })
    }

    fn trunk(&self) -> NewTrunk {
        NewTrunk {
            name: "模拟线路".into(),
            host: self.carrier.clone(),
            user: String::new(),
            password: String::new(),
            register: false,
            simulated: true,
            channels: 60,
            cps: 10,
            increment_s: INCREMENT_S,
            price: PRICE,
            callers: CALLERS.iter().filter_map(|number| Phone::from_digits(number)).collect(),
        }
    }
}

impl Person {
    fn seat(&self, department: DepartmentId) -> NewSeat {
        NewSeat {
            extension: self.extension.clone(),
            account: self.extension.clone(),
            password_hash: self.hash.clone(),
            name: self.name.clone(),
            role: self.role.into(),
            department: Some(department),
            trunk: None,
        }
    }
}

/// Number and direction of each line of the demo's blocklist.
fn blocked() -> Vec<(Phone, Direction)> {
    let mut reader = csv::Reader::from_reader(BLOCKLIST.trim_start_matches('\u{feff}').as_bytes());
    let direction = |word: &str| match word {
        "限制呼入" => Direction::Inbound,
        "限制呼出" => Direction::Outbound,
        _ => Direction::Both,
    };
    let rows = reader.records().flatten();
    rows.filter_map(|row| Some((Phone::from_digits(row.get(0)?)?, direction(row.get(1).unwrap_or_default())))).collect()
}
