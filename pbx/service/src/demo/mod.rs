//! `hutong demo`: a throw-away office with a simulated carrier and bot agents, on loopback only.
//! It never reads trunks of a real office: its data directory is its own, and the carrier refuses any other address.

mod children;
mod office;
mod state;
mod summary;

use crate::{
    config::Config,
    desk::import::{self, Job},
    run::{self, Service},
    store::Store,
};
use anyhow::Context;
use hutong_api::{Lang, board::CampaignStatus, live::Command, texts};
use hutong_core::io::Actor;
use state::State;
use std::{
    io::IsTerminal,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::ExitCode,
};
use tokio::sync::watch;

/// The page's port where it is free, so that a bookmark keeps working.
const USUAL_PORT: u16 = 8642;
/// Trunk RTP of the demo.
const RTP_PORTS: (u16, u16) = (31_000, 31_999);

#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// The same seed gives the same callees and agents.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Bot agents.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u16).range(0..=200))]
    pub agents: u16,
    /// Numbers to dial instead of the demo list (CSV, as 导入数据 takes it).
    #[arg(long)]
    pub leads: Option<PathBuf>,
    /// Keep the office in this directory; an office already there goes on.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Run until the campaign is finished, print a summary and stop.
    #[arg(long)]
    pub finish: bool,
    /// The first and the last line are one JSON object each.
    #[arg(long)]
    pub json: bool,
    /// Ringing and talk last seconds. Media is never skipped.
    #[arg(long)]
    pub quick: bool,
    /// Do not open the console.
    #[arg(long)]
    pub no_console: bool,
    #[arg(long, default_value = "zh-CN")]
    pub lang: String,
}

pub async fn run(options: Options) -> anyhow::Result<ExitCode> {
    let begun = std::time::Instant::now();
    let temporary = if options.data.is_none() { Some(TempDir::new()?) } else { None };
    let data = match (&options.data, &temporary) {
        (Some(dir), _) => dir.clone(),
        (None, Some(temporary)) => temporary.0.clone(),
        (None, None) => anyhow::bail!("no data directory"),
    };
    std::fs::create_dir_all(&data)?;
    crate::log::to_file(&data.join("hutong.log"))?;
    let lang = Lang::parse(&options.lang);
    let known = State::load(&data)?;
    // Its trunks and running campaigns would come to life with it.
    if known.is_none() && data.join(crate::store::FILE).exists() {
        let refusal = hutong_api::Refusal::new("demo.real_office").with("data", data.display());
        eprintln!("[{}] {}", refusal.code, refusal.text(lang));
        return Ok(ExitCode::from(2));
    }
    let store = Store::open(&data)?;
    let (state, fresh) = match known {
        Some(state) => (state, false),
        None => (State::new(&options, free_port()?)?, true),
    };
    let mut children = children::Children::default();
    let carrier = children.carrier(&state, &data).await?;
    let mut state = State { carrier: Some(carrier), ..state };
    state.carrier_pid = children.carrier_pid().or(state.carrier_pid);
    if fresh {
        office::make(&store, &mut state).await?;
        state.save(&data)?;
    }
    let service = run::start(config(&data, &state), store, true).await?;
    if !state.loaded {
        if let Err(refused) = load(&service, &state, &options, &data, lang).await? {
            eprintln!("{}", refused.0);
            service.stop().await;
            children.end().await;
            return Ok(ExitCode::from(2));
        }
        state.loaded = true;
    }
    children.bots(&mut state, &data, &service.address)?;
    state.save(&data)?;
    greet(&options, &state, &data, lang, &service)?;
    let actor = Actor { company: state.company, seat: state.admin_seat, name: "admin".into() };
    if state.starting {
        // A started campaign is running; one that finished meanwhile stays so.
        let _ = service.shell.ask(actor, Command::CampaignStart { campaign: state.campaign }).await;
        state.starting = false;
        state.save(&data)?;
    }
    let lived = live(&options, &state, &service, &mut children, lang).await;
    let code = finish(&options, &state, service, &data, begun.elapsed().as_secs_f64(), lang).await;
    children.end().await;
    drop(temporary);
    lived.and(code)
}

/// Until the campaign is finished (--finish), the console is closed, or a signal comes.
async fn live(
    options: &Options,
    state: &State,
    service: &Service,
    children: &mut children::Children,
    lang: Lang,
) -> anyhow::Result<()> {
    if options.finish {
        tokio::select! {
            () = campaign_finished(service, state) => {}
            stopped = run::until_stopped() => stopped?,
        }
        return Ok(());
    }
    let console = !options.no_console && !options.json && std::io::stdout().is_terminal();
    if console {
        return children.console(state, &service.address, lang).await;
    }
    Ok(run::until_stopped().await?)
}

async fn campaign_finished(service: &Service, state: &State) {
    let mut board = service.shell.board(state.company);
    loop {
        let finished = board.borrow_and_update().campaigns.as_ref().is_some_and(|campaigns| {
            campaigns.iter().any(|c| c.id == state.campaign && c.status == CampaignStatus::Finished)
        });
        if finished || board.changed().await.is_err() {
            return;
        }
    }
}

async fn finish(
    options: &Options,
    state: &State,
    service: Service,
    data: &Path,
    seconds: f64,
    lang: Lang,
) -> anyhow::Result<ExitCode> {
    let store = service.store.clone();
    service.stop().await;
    if !options.finish {
        return Ok(ExitCode::SUCCESS);
    }
    let summary = summary::of(&store, state, data, seconds).await?;
    if options.json {
        println!("{}", serde_json::to_string(&summary)?)
    } else {
        print!("{}", summary.text(lang))
    }
    Ok(if summary.reconciled { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A refused leads file, as its sentence with the code.
struct Refused(String);

async fn load(
    service: &Service,
    state: &State,
    options: &Options,
    data: &Path,
    lang: Lang,
) -> anyhow::Result<Result<(), Refused>> {
    let spool = data.join("import").join("demo-leads.csv");
    std::fs::create_dir_all(data.join("import"))?;
    let file_name = match &options.leads {
        Some(file) => {
            std::fs::copy(file, &spool).with_context(|| file.display().to_string())?;
            file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
        }
        None => {
            std::fs::write(&spool, office::LEADS)?;
            "leads.csv".to_owned()
        }
    };
    let job = Job {
        store: service.store.clone(),
        shell: service.shell.clone(),
        company: state.company,
        seat: state.admin_seat,
        page: "campaigns".into(),
        campaign: Some(state.campaign),
        sync_customers: false,
        path: spool.clone(),
        file_name,
        lang,
        how: Default::default(),
    };
    let (progress, _) = watch::channel(import::not_begun());
    let outcome = import::run(job, progress).await;
    std::fs::remove_file(spool)?;
    Ok(outcome.map(drop).map_err(|refusal| Refused(format!("[{}] {}", refusal.code, refusal.text(lang)))))
}

fn greet(options: &Options, state: &State, data: &Path, lang: Lang, service: &Service) -> anyhow::Result<()> {
    let url = format!("http://{}", service.address);
    if options.json {
        let line = serde_json::json!({
            "url": url, "company": office::COMPANY, "account": "admin", "password": state.admin_password,
            "agent_account": state.person.account, "agent_password": state.person.password,
            "data": data, "carrier_log": data.join(children::CARRIER_LOG), "pid": std::process::id(),
        });
        println!("{line}");
        return Ok(());
    }
    let args = [
        ("url", url.as_str()),
        ("company", office::COMPANY),
        ("password", state.admin_password.as_str()),
        ("agent", state.person.account.as_str()),
        ("agent_password", state.person.password.as_str()),
    ];
    println!("{}", texts::fill(lang, "cli.demo.greeting", &args));
    Ok(())
}

fn config(data: &Path, state: &State) -> Config {
    let local = |port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
    Config {
        data_dir: data.to_owned(),
        http_listen: local(state.http_port),
        tls: false,
        sip_listen: local(state.sip_port),
        external_ip: None,
        rtp_ports: RTP_PORTS,
        browser_media_port: 0,
        browser_ips: vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
        x_numbers: Default::default(),
    }
}

fn free_port() -> std::io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, USUAL_PORT))
        .or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
    Ok(listener.local_addr()?.port())
}

/// A directory removed at the end.
struct TempDir(PathBuf);

impl TempDir {
    fn new() -> std::io::Result<TempDir> {
        let path = std::env::temp_dir().join(format!("hutong-demo-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(TempDir(path))
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "the demo's directory could not be removed");
        }
    }
}
