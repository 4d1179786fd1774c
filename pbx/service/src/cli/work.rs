//! What the box operator's commands do, on an open store: the same while the service is stopped and while it runs.
//! Money is apart: with a service running the engine owns the balances and posts it.

use super::{admin::AdminCommand, init, store as store_refusal, write};
use crate::{
    desk::{Fault, audit, cfg},
    password,
    store::{
        Store, StoreError, now_ms,
        office::{self, Direction, NewSeat, NewTrunk, OfficeError},
    },
};
use hutong_api::{CompanyId, Micro, Phone, Refusal};
use hutong_core::{
    Wall,
    import::clean,
    io::{BlockEntry, Change, Input, LedgerEntry, LedgerKind, ScriptCfg, Setting},
};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

/// A line for the terminal: text key below `cli.`, and what goes into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub key: String,
    pub args: Vec<(String, String)>,
}

impl Said {
    fn new(key: &str, args: &[(&str, &str)]) -> Said {
        let args = args.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Said { key: key.to_owned(), args }
    }
}

/// Who sits at the box, for the audit.
#[derive(Debug, Clone)]
pub struct By {
    pub user: String,
    /// What the kernel says of the caller, where there is one.
    pub detail: String,
}

/// A command done, and what live work has to hear of it.
#[derive(Debug)]
pub struct Done {
    pub said: Said,
    pub inputs: Vec<Input>,
    pub trunks: bool,
    pub prompts: bool,
}

impl Done {
    fn new(said: Said, inputs: Vec<Input>) -> Done {
        Done { said, inputs, trunks: false, prompts: false }
    }
}

/// A top-up (above 0) or a correction (not 0).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    pub kind: LedgerKind,
    pub amount: Micro,
    pub note: String,
}

/// The company named, or the only one.
pub fn company(store: &Store, code: Option<String>) -> Result<CompanyId, Refusal> {
    let found = write(store, move |tx| match code {
        Some(code) => office::company(tx, &code).map(Some),
        None => Ok(only_company(tx)?),
    })?;
    found.ok_or(Refusal::new("cli.which_company"))
}

/// The money a command is about, None for all other commands.
pub fn money(command: &AdminCommand) -> Result<Option<Money>, Refusal> {
    let (kind, yuan, note) = match command {
        AdminCommand::TopUp { amount, note } => (LedgerKind::TopUp, amount, note),
        AdminCommand::Correct { amount, note } => (LedgerKind::Correction, amount, note),
        _ => return Ok(None),
    };
    if kind == LedgerKind::Correction && note.trim().is_empty() {
        return Err(Refusal::new("cli.note_needed"));
    }
    let fits = |amount: &Micro| *amount > Micro::ZERO || (kind == LedgerKind::Correction && *amount < Micro::ZERO);
    let amount = Micro::parse_yuan(yuan).filter(fits).ok_or(Refusal::new("cli.amount").with("yuan", yuan))?;
    Ok(Some(Money { kind, amount, note: note.clone() }))
}

/// Posts money where no engine runs: a top-up pays first what seat fees are owed (invariant 2). One transaction, as the
/// engine would post it.
pub fn book(store: &Store, company: CompanyId, money: &Money, by: &str) -> Result<(), Refusal> {
    let (balance, owed) = write(store, move |tx| office::money(tx, company))?;
    let (free, unlimited) = write(store, move |tx| office::available(tx, company))?;
    let too_much = || Refusal::new("cli.amount").with("yuan", money.amount);
    let left = free.checked_add(money.amount).ok_or_else(too_much)?;
    if money.amount < Micro::ZERO && left < Micro::ZERO && !unlimited {
        return Err(Refusal::new("money.below_zero").with("available", free));
    }
    let mark = format!("box:{}:{:08x}", now_ms(), rand::random::<u32>());
    let entry = |kind, amount, word: &str| {
        Change::Ledger(LedgerEntry {
            company,
            at: Wall(now_ms()),
            kind,
            amount,
            key: format!("{word}:{mark}"),
            call: None,
            seat: None,
            by: by.to_owned(),
            note: money.note.clone(),
        })
    };
    let top_up = money.kind == LedgerKind::TopUp;
    let mut changes = vec![entry(money.kind, money.amount, if top_up { "topup" } else { "correction" })];
    let available = balance.checked_add(money.amount).ok_or_else(too_much)?;
    let paid = if top_up { owed.min(available).max(Micro::ZERO) } else { Micro::ZERO };
    if paid > Micro::ZERO {
        changes.push(entry(LedgerKind::SeatFee, -paid, "fee_late"));
        changes.push(entry(LedgerKind::SeatFeeOwed, -paid, "owed_paid"));
    }
    store.submit_blocking(changes).map_err(|error| store_refusal(&error))
}

/// Notes money that is posted already. Whatever fails here must not read as if it were not.
pub fn booked(store: &Store, company: CompanyId, money: &Money, by: &By) -> Result<Said, Refusal> {
    let (action, key) = match money.kind {
        LedgerKind::Correction => ("correct", "admin.corrected"),
        _ => ("top_up", "admin.topped_up"),
    };
    let noter = by.clone();
    let noted = write(store, move |tx| {
        Ok(audit::operator(tx, company, &noter.user, action, &format!("company:{company}"), &noter.detail)?)
    });
    if let Err(refusal) = noted {
        tracing::warn!(%refusal, "a posting of money is not in the audit");
    }
    let (balance, _) =
        write(store, move |tx| office::money(tx, company)).map_err(|_| Refusal::new("operator.no_answer"))?;
    Ok(Said::new(key, &[("amount", &money.amount.to_string()), ("balance", &balance.to_string())]))
}

/// Runs a command that is not about money; `alaw` is the audio of a prompt.
pub fn run(store: &Store, company: CompanyId, command: &AdminCommand, alaw: Vec<u8>, by: &By) -> Result<Done, Refusal> {
    let desk = Bench { store, company, by };
    match command {
        AdminCommand::TrunkAdd { .. } => desk.trunk_add(command),
        AdminCommand::SeatAdd { .. } => desk.seat_add(command),
        AdminCommand::PromptAdd { name, abandon, .. } => desk.prompt_add(name, *abandon, alaw),
        AdminCommand::ScriptAdd { name, greeting } => desk.script_add(name, greeting.clone()),
        AdminCommand::Block { numbers, reason } => desk.block(numbers, reason),
        AdminCommand::CompanyDisable => desk.company_open(false),
        AdminCommand::CompanyEnable => desk.company_open(true),
        AdminCommand::TopUp { .. } | AdminCommand::Correct { .. } | AdminCommand::List => {
            Err(Refusal::new("operator.bad_request"))
        }
    }
}

struct Bench<'a> {
    store: &'a Store,
    company: CompanyId,
    by: &'a By,
}

impl Bench<'_> {
    /// One transaction: the work, which names the object it made, and its line in the audit.
    fn noted(
        &self,
        action: &'static str,
        work: impl FnOnce(&Connection, CompanyId) -> Result<(String, Vec<Input>), OfficeError> + Send + 'static,
    ) -> Result<Vec<Input>, Refusal> {
        let (company, by) = (self.company, self.by.clone());
        write(self.store, move |tx| {
            let (object, inputs) = work(tx, company)?;
            audit::operator(tx, company, &by.user, action, &object, &by.detail)?;
            Ok(inputs)
        })
    }

    fn trunk_add(&self, command: &AdminCommand) -> Result<Done, Refusal> {
        let new = new_trunk(command)?;
        let name = new.name.clone();
        let inputs = self.noted("add", move |tx, company| {
            let trunk = office::create_trunk(tx, company, &new)?;
            Ok((format!("trunks:{trunk}"), vec![setting(Setting::Trunk(cfg::trunk(tx, trunk.0).map_err(fault)?))]))
        })?;
        Ok(Done { trunks: true, ..Done::new(Said::new("admin.trunk_added", &[("name", &name)]), inputs) })
    }

    fn seat_add(&self, command: &AdminCommand) -> Result<Done, Refusal> {
        let AdminCommand::SeatAdd { extension, account, name, role, department } = command else {
            return Err(Refusal::new("operator.bad_request"));
        };
        init::word(account)?;
        if !(3..=8).contains(&extension.len()) || !extension.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::new("cli.extension").with("extension", extension));
        }
        let secret = password::random();
        let password_hash = password::hash(&secret).map_err(|why| Refusal::new("service.store").with("why", why))?;
        let mut new = NewSeat {
            extension: extension.clone(),
            account: account.clone(),
            password_hash,
            name: name.clone(),
            role: role.clone(),
            department: None,
            trunk: None,
        };
        let department = department.clone();
        let inputs = self.noted("add", move |tx, company| {
            new.department = department.map(|name| office::department(tx, company, &name)).transpose()?;
            let seat = office::create_seat(tx, company, &new)?;
            Ok((format!("seats:{seat}"), vec![setting(Setting::Seat(cfg::seat(tx, seat.0).map_err(fault)?))]))
        })?;
        let facts = [("extension", extension.as_str()), ("account", account), ("password", &secret)];
        Ok(Done::new(Said::new("admin.seat_added", &facts), inputs))
    }

    fn prompt_add(&self, name: &str, abandon: bool, alaw: Vec<u8>) -> Result<Done, Refusal> {
        if alaw.is_empty() {
            return Err(Refusal::new("operator.bad_request"));
        }
        let title = name.to_owned();
        let inputs = self.noted("add", move |tx, company| {
            let prompt = office::create_prompt(tx, company, &title, &alaw)?;
            let mut inputs = Vec::new();
            if abandon {
                office::set_abandon_prompt(tx, company, prompt)?;
                inputs.push(setting(Setting::Company(cfg::company(tx, company).map_err(fault)?)));
            }
            Ok((format!("prompts:{prompt}"), inputs))
        })?;
        Ok(Done { prompts: true, ..Done::new(Said::new("admin.prompt_added", &[("name", name)]), inputs) })
    }

    fn script_add(&self, name: &str, greeting: Option<String>) -> Result<Done, Refusal> {
        let title = name.to_owned();
        let inputs = self.noted("add", move |tx, company| {
            let greeting = greeting.map(|name| office::prompt(tx, company, &name)).transpose()?;
            let id = office::create_script(tx, company, &title, greeting)?;
            let cfg = ScriptCfg { id, company, name: title, greeting, to_agent: true };
            Ok((format!("scripts:{id}"), vec![setting(Setting::Script(cfg))]))
        })?;
        Ok(Done::new(Said::new("admin.script_added", &[("name", name)]), inputs))
    }

    /// Open sockets look at their session each second and follow.
    fn company_open(&self, open: bool) -> Result<Done, Refusal> {
        let (action, said) = match open {
            true => ("enable", "admin.company_enabled"),
            false => ("disable", "admin.company_disabled"),
        };
        let inputs = self.noted(action, move |tx, company| {
            office::set_disabled(tx, company, !open)?;
            Ok((format!("company:{company}"), Vec::new()))
        })?;
        Ok(Done::new(Said::new(said, &[]), inputs))
    }

    fn block(&self, numbers: &[String], reason: &str) -> Result<Done, Refusal> {
        let phones = all_good(numbers)?;
        let (count, reason) = (phones.len().to_string(), reason.to_owned());
        let inputs = self.noted("add", move |tx, company| {
            phones.iter().try_for_each(|phone| office::block(tx, company, phone, Direction::Both, &reason))?;
            let object = format!("blocklist:{}", phones.len());
            let entry = |phone| Input::Block(BlockEntry::number(company, phone, true));
            Ok((object, phones.into_iter().map(entry).collect()))
        })?;
        Ok(Done::new(Said::new("admin.blocked", &[("count", &count)]), inputs))
    }
}

fn new_trunk(command: &AdminCommand) -> Result<NewTrunk, Refusal> {
    let AdminCommand::TrunkAdd { name, host, user, password, register, channels, cps, increment, price, callers } =
        command
    else {
        return Err(Refusal::new("operator.bad_request"));
    };
    if *channels == 0 || *cps == 0 || *increment == 0 {
        return Err(Refusal::new("cli.zero"));
    }
    Ok(NewTrunk {
        name: name.clone(),
        host: host.clone(),
        user: user.clone(),
        password: password.clone(),
        register: *register,
        simulated: false,
        channels: *channels,
        cps: *cps,
        increment_s: *increment,
        price: init::amount(price)?,
        callers: callers.iter().map(|number| phone(number)).collect::<Result<_, _>>()?,
    })
}

fn only_company(conn: &Connection) -> rusqlite::Result<Option<CompanyId>> {
    let sql = "SELECT min(id) FROM company HAVING count(*) = 1";
    let mut statement = conn.prepare(sql)?;
    statement.query_map([], |row| Ok(CompanyId(row.get(0)?)))?.next().transpose()
}

/// All or nothing: someone who pastes a list must learn of every number that would be missing.
fn all_good(numbers: &[String]) -> Result<Vec<Phone>, Refusal> {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for number in numbers {
        clean(number).map_or_else(|_| bad.push(number.as_str()), |phone| good.push(phone));
    }
    if bad.is_empty() { Ok(good) } else { Err(Refusal::new("cli.nothing_blocked").with("numbers", bad.join(", "))) }
}

fn phone(number: &str) -> Result<Phone, Refusal> {
    clean(number).map_err(|_| Refusal::new("cli.number").with("number", number))
}

fn setting(setting: Setting) -> Input {
    Input::Setting(Box::new(setting))
}

fn fault(fault: Fault) -> OfficeError {
    OfficeError::Store(match fault {
        Fault::Store(error) => error,
        Fault::Refused(refusal) => StoreError::Other(refusal.to_string()),
    })
}
