//! `hutong admin …`: trunks, seats, top-ups, prompts and scripts, until pages make them.

use super::{
    Desk, WavToAlaw, office as refused, os_user, store as store_refusal,
    work::{self, By, Said},
};
use crate::{
    operator::{self, Request},
    store::{self, Store, StoreError},
};
use hutong_api::{Micro, Refusal};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Largest WAV file taken as a prompt.
pub const PROMPT_BYTES: u64 = 8 << 20;

#[derive(Debug, Clone, clap::Args)]
pub struct AdminArgs {
    #[arg(long, default_value = "/var/lib/hutong", global = true)]
    pub data: PathBuf,
    #[arg(long, global = true)]
    pub company: Option<String>,
    #[command(subcommand)]
    pub command: AdminCommand,
}

#[derive(Debug, Clone, Serialize, Deserialize, clap::Subcommand)]
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
    /// 更正: either sign.
    Correct {
        #[arg(long, value_name = "YUAN", allow_hyphen_values = true)]
        amount: String,
        #[arg(long)]
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
    /// Nobody of it can log in any more; its records stay.
    CompanyDisable,
    CompanyEnable,
    List,
}

/// Runs one command: on the store itself, or through the service where one runs on it. `List` only looks.
pub fn admin(args: &AdminArgs, desk: &mut Desk<'_>, wav: WavToAlaw<'_>) -> Result<(), Refusal> {
    if matches!(args.command, AdminCommand::List) {
        return list(&args.data, desk);
    }
    let alaw = match &args.command {
        AdminCommand::PromptAdd { file, .. } => prompt_file(file, wav)?,
        _ => Vec::new(),
    };
    let said = match Store::open(&args.data) {
        Ok(store) => here(&store, args, alaw)?,
        Err(StoreError::Locked) => {
            let request = Request::new(args.company.clone(), os_user(), args.command.clone(), &alaw);
            operator::send(&args.data, &request).unwrap_or(Err(Refusal::new("service.running")))?
        }
        Err(error) => return Err(store_refusal(&error)),
    };
    let facts: Vec<(&str, &str)> = said.args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    desk.say(&said.key, &facts);
    Ok(())
}

/// No service runs: nobody has to hear of it.
fn here(store: &Store, args: &AdminArgs, alaw: Vec<u8>) -> Result<Said, Refusal> {
    let company = work::company(store, args.company.clone())?;
    let by = By { user: os_user(), detail: String::new() };
    if let Some(money) = work::money(&args.command)? {
        work::book(store, company, &money, &by.user)?;
        return work::booked(store, company, &money, &by);
    }
    Ok(work::run(store, company, &args.command, alaw, &by)?.said)
}

fn prompt_file(file: &Path, wav: WavToAlaw<'_>) -> Result<Vec<u8>, Refusal> {
    let bad = |why: String| Refusal::new("cli.prompt_file").with("file", file.display()).with("why", why);
    let size = std::fs::metadata(file).map_err(|error| bad(error.to_string()))?.len();
    if size > PROMPT_BYTES {
        return Err(Refusal::new("cli.prompt_size").with("file", file.display()).with("mib", PROMPT_BYTES >> 20));
    }
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
