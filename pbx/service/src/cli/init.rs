//! `hutong init`: the first company and its admin.

use super::{
    Desk, open, os_user,
    work::{Money, book},
    write,
};
use crate::password;
use crate::store::office::{NewCompany, NewSeat, create_company, create_department, create_seat};
use hutong_api::{Micro, Refusal, texts::text};
use hutong_core::io::LedgerKind;
use std::path::PathBuf;

#[derive(Debug, Clone, clap::Args)]
pub struct InitArgs {
    #[arg(long, default_value = "/var/lib/hutong")]
    pub data: PathBuf,
    #[arg(long)]
    pub company: String,
    #[arg(long)]
    pub name: String,
    #[arg(long, default_value = "Asia/Shanghai")]
    pub zone: String,
    #[arg(long, default_value = "admin")]
    pub account: String,
    #[arg(long, conflicts_with = "prepaid")]
    pub unlimited: bool,
    #[arg(long, value_name = "YUAN")]
    pub prepaid: Option<String>,
}

/// Makes the company, its four roles, a department and an admin, whose random password is said once and kept nowhere.
pub fn init(args: &InitArgs, desk: &mut Desk<'_>) -> Result<(), Refusal> {
    word(&args.company)?;
    word(&args.account)?;
    if args.name.trim().is_empty() {
        return Err(Refusal::new("cli.no_name"));
    }
    if jiff::tz::TimeZone::get(&args.zone).is_err() {
        return Err(Refusal::new("cli.zone").with("zone", &args.zone));
    }
    let (unlimited, credit) = limit(args, desk)?;
    let store = open(&args.data)?;
    let secret = password::random();
    let password_hash = password::hash(&secret).map_err(|why| Refusal::new("service.store").with("why", why))?;
    let company = NewCompany {
        code: args.company.clone(),
        name: args.name.trim().to_owned(),
        zone: args.zone.clone(),
        unlimited,
        demo: false,
    };
    let (account, department) = (args.account.clone(), text(desk.lang, "cli.first_department"));
    let id = write(&store, move |tx| {
        let id = create_company(tx, &company)?;
        let department = create_department(tx, id, department)?;
        let admin = NewSeat {
            extension: "8000".into(),
            name: account.clone(),
            account,
            password_hash,
            role: "admin".into(),
            department: Some(department),
            trunk: None,
        };
        create_seat(tx, id, &admin)?;
        Ok(id)
    })?;
    if credit > Micro::ZERO {
        let money = Money { kind: LedgerKind::TopUp, amount: credit, note: "init".into() };
        book(&store, id, &money, &os_user())?;
    }
    desk.say("init.done", &[("company", &args.company), ("account", &args.account), ("password", &secret)]);
    Ok(())
}

/// 不限额, or prepaid with its first top-up: asked where no flag says so.
fn limit(args: &InitArgs, desk: &mut Desk<'_>) -> Result<(bool, Micro), Refusal> {
    let answer = match (args.unlimited, &args.prepaid) {
        (true, _) => return Ok((true, Micro::ZERO)),
        (false, Some(yuan)) => yuan.clone(),
        (false, None) => desk.question("init.ask_limit").ok_or(Refusal::new("cli.limit_needed"))?,
    };
    match answer.as_str() {
        "unlimited" | "不限额" => Ok((true, Micro::ZERO)),
        yuan => Ok((false, amount(yuan)?)),
    }
}

/// An amount in yuan, zero or more.
pub fn amount(yuan: &str) -> Result<Micro, Refusal> {
    Micro::parse_yuan(yuan).filter(|amount| *amount >= Micro::ZERO).ok_or(Refusal::new("cli.amount").with("yuan", yuan))
}

/// Company codes and accounts are typed at every login: 2 to 20 letters, digits, - or _.
pub fn word(word: &str) -> Result<(), Refusal> {
    let fits = (2..=20).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if fits { Ok(()) } else { Err(Refusal::new("cli.word").with("word", word)) }
}
