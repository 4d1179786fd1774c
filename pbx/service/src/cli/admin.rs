//! `hutong admin …`: trunks, seats, top-ups, prompts and scripts, until pages make them.

use super::{Desk, WavToAlaw, init, office as refused, open, os_user, password, store as store_refusal, write};
use crate::store::{
    self, Store, now_ms,
    office::{self, Direction, NewSeat, NewTrunk},
};
use hutong_api::{CompanyId, Micro, Phone, Refusal};
use hutong_core::{
    Wall,
    import::clean,
    io::{Change, LedgerEntry, LedgerKind},
};
use rusqlite::Connection;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, clap::Args)]
pub struct AdminArgs {
    #[arg(long, default_value = "/var/lib/hutong", global = true)]
    pub data: PathBuf,
    #[arg(long, global = true)]
    pub company: Option<String>,
    #[command(subcommand)]
    pub command: AdminCommand,
}

#[derive(Debug, Clone, clap::Subcommand)]
pub enum AdminCommand {
    TrunkAdd {
        #[arg(long)]
        name: String,
        #[arg(long)]
        host: String,
        #[arg(long, default_value = "")]
        user: String,
        /// Read from the environment rather than shown in the process list.
        #[arg(long, env = "HUTONG_TRUNK_PASSWORD", hide_env_values = true, default_value = "")]
        password: String,
        #[arg(long)]
        register: bool,
        #[arg(long, default_value_t = 10)]
        channels: u32,
        #[arg(long, default_value_t = 2)]
        cps: u32,
        #[arg(long, default_value_t = 60)]
        increment: u32,
        #[arg(long, value_name = "YUAN")]
        price: String,
        #[arg(long = "caller", required = true)]
        callers: Vec<String>,
    },
    SeatAdd {
        #[arg(long)]
        extension: String,
        #[arg(long)]
        account: String,
        #[arg(long)]
        name: String,
        #[arg(long, default_value = "agent")]
        role: String,
        #[arg(long)]
        department: Option<String>,
    },
    TopUp {
        #[arg(value_name = "YUAN")]
        amount: String,
        #[arg(long, default_value = "")]
        note: String,
    },
    PromptAdd {
        file: PathBuf,
        #[arg(long)]
        name: String,
        #[arg(long)]
        abandon: bool,
    },
    ScriptAdd {
        #[arg(long)]
        name: String,
        #[arg(long)]
        greeting: Option<String>,
    },
    Block {
        #[arg(required = true)]
        numbers: Vec<String>,
        #[arg(long, default_value = "")]
        reason: String,
    },
    List,
}

/// Runs one command. `List` also works while the service runs.
pub fn admin(args: &AdminArgs, desk: &mut Desk<'_>, wav: WavToAlaw<'_>) -> Result<(), Refusal> {
    if matches!(args.command, AdminCommand::List) {
        return list(&args.data, desk);
    }
    let store = open(&args.data)?;
    let company = company(&store, args.company.as_deref())?;
    match &args.command {
        AdminCommand::TrunkAdd { .. } => trunk_add(&store, company, &args.command, desk),
        AdminCommand::SeatAdd { .. } => seat_add(&store, company, &args.command, desk),
        AdminCommand::TopUp { amount, note } => top_up(&store, company, amount, note, desk),
        AdminCommand::PromptAdd { file, name, abandon } => {
            let alaw = prompt_file(file, wav)?;
            let (title, abandon) = (name.clone(), *abandon);
            write(&store, move |tx| {
                let prompt = office::create_prompt(tx, company, &title, &alaw)?;
                if abandon { office::set_abandon_prompt(tx, company, prompt) } else { Ok(()) }
            })?;
            desk.say("admin.prompt_added", &[("name", name)]);
            Ok(())
        }
        AdminCommand::ScriptAdd { name, greeting } => {
            let (title, greeting) = (name.clone(), greeting.clone());
            write(&store, move |tx| {
                let greeting = greeting.map(|name| office::prompt(tx, company, &name)).transpose()?;
                office::create_script(tx, company, &title, greeting)
            })?;
            desk.say("admin.script_added", &[("name", name)]);
            Ok(())
        }
        AdminCommand::Block { numbers, reason } => block(&store, company, numbers, reason, desk),
        AdminCommand::List => Ok(()),
    }
}

/// The company named, or the only one.
fn company(store: &Store, code: Option<&str>) -> Result<CompanyId, Refusal> {
    let code = code.map(str::to_owned);
    let found = write(store, move |tx| match code {
        Some(code) => office::company(tx, &code).map(Some),
        None => Ok(only_company(tx)?),
    })?;
    found.ok_or(Refusal::new("cli.which_company"))
}

fn only_company(conn: &Connection) -> rusqlite::Result<Option<CompanyId>> {
    let sql = "SELECT min(id) FROM company HAVING count(*) = 1";
    let mut statement = conn.prepare(sql)?;
    statement.query_map([], |row| Ok(CompanyId(row.get(0)?)))?.next().transpose()
}

fn trunk_add(store: &Store, company: CompanyId, command: &AdminCommand, desk: &mut Desk<'_>) -> Result<(), Refusal> {
    let AdminCommand::TrunkAdd { name, host, user, password, register, channels, cps, increment, price, callers } =
        command
    else {
        return Ok(());
    };
    if *channels == 0 || *cps == 0 || *increment == 0 {
        return Err(Refusal::new("cli.zero"));
    }
    let new = NewTrunk {
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
    };
    write(store, move |tx| office::create_trunk(tx, company, &new))?;
    desk.say("admin.trunk_added", &[("name", name)]);
    Ok(())
}

fn seat_add(store: &Store, company: CompanyId, command: &AdminCommand, desk: &mut Desk<'_>) -> Result<(), Refusal> {
    let AdminCommand::SeatAdd { extension, account, name, role, department } = command else { return Ok(()) };
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
    write(store, move |tx| {
        new.department = department.map(|name| office::department(tx, company, &name)).transpose()?;
        office::create_seat(tx, company, &new)
    })?;
    desk.say("admin.seat_added", &[("extension", extension), ("account", account), ("password", &secret)]);
    Ok(())
}

fn top_up(store: &Store, company: CompanyId, yuan: &str, note: &str, desk: &mut Desk<'_>) -> Result<(), Refusal> {
    let amount = init::amount(yuan)?;
    if amount == Micro::ZERO {
        return Err(Refusal::new("cli.amount").with("yuan", yuan));
    }
    book_top_up(store, company, amount, note)?;
    let (balance, _) = write(store, move |tx| office::money(tx, company))?;
    desk.say("admin.topped_up", &[("amount", &amount.to_string()), ("balance", &balance.to_string())]);
    Ok(())
}

/// The top-up, and from it first what seat fees are owed (invariant 2): one transaction, as the engine would post them.
pub fn book_top_up(store: &Store, company: CompanyId, amount: Micro, note: &str) -> Result<(), Refusal> {
    let (balance, owed) = write(store, move |tx| office::money(tx, company))?;
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
            by: os_user(),
            note: note.to_owned(),
        })
    };
    let mut changes = vec![entry(LedgerKind::TopUp, amount, "topup")];
    let available = balance.checked_add(amount).ok_or(Refusal::new("cli.amount").with("yuan", amount))?;
    let paid = owed.min(available).max(Micro::ZERO);
    if paid > Micro::ZERO {
        changes.push(entry(LedgerKind::SeatFee, -paid, "fee_late"));
        changes.push(entry(LedgerKind::SeatFeeOwed, -paid, "owed_paid"));
    }
    store.submit_blocking(changes).map_err(|error| store_refusal(&error))
}

fn block(
    store: &Store,
    company: CompanyId,
    numbers: &[String],
    reason: &str,
    desk: &mut Desk<'_>,
) -> Result<(), Refusal> {
    let phones = all_good(numbers)?;
    let (count, reason) = (phones.len().to_string(), reason.to_owned());
    write(store, move |tx| {
        phones.iter().try_for_each(|phone| office::block(tx, company, phone, Direction::Both, &reason))
    })?;
    desk.say("admin.blocked", &[("count", &count)]);
    Ok(())
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

fn prompt_file(file: &Path, wav: WavToAlaw<'_>) -> Result<Vec<u8>, Refusal> {
    let bad = |why: String| Refusal::new("cli.prompt_file").with("file", file.display()).with("why", why);
    let bytes = std::fs::read(file).map_err(|error| bad(error.to_string()))?;
    wav(&bytes).map_err(bad)
}

fn list(data: &Path, desk: &mut Desk<'_>) -> Result<(), Refusal> {
    let conn = store::peek(data).map_err(|error| store_refusal(&error))?;
    let sql = "SELECT code, name, balance, unlimited, (SELECT count(*) FROM seat s WHERE s.company_id = c.id AND
        s.deleted IS NULL), (SELECT group_concat(name, ', ') FROM trunk t WHERE t.company_id = c.id),
        (SELECT group_concat(name, ', ') FROM script t WHERE t.company_id = c.id),
        (SELECT group_concat(name, ', ') FROM prompt t WHERE t.company_id = c.id) FROM company c ORDER BY id";
    let failed = |error: rusqlite::Error| refused(error.into());
    let mut statement = conn.prepare(sql).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let text = |column: usize| row.get::<_, Option<String>>(column).map(Option::unwrap_or_default);
        let (code, name, trunks) = (text(0).map_err(failed)?, text(1).map_err(failed)?, text(5).map_err(failed)?);
        let (scripts, prompts) = (text(6).map_err(failed)?, text(7).map_err(failed)?);
        let balance = Micro(row.get(2).map_err(failed)?).to_string();
        let seats = row.get::<_, i64>(4).map_err(failed)?.to_string();
        let key = if row.get(3).map_err(failed)? { "admin.list_unlimited" } else { "admin.list_prepaid" };
        let facts = [
            ("code", code.as_str()),
            ("name", &name),
            ("balance", &balance),
            ("seats", &seats),
            ("trunks", &trunks),
            ("scripts", &scripts),
            ("prompts", &prompts),
        ];
        desk.say(key, &facts);
    }
    Ok(())
}
