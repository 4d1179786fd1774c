//! Calls that are up while the office imports a list: what both ends heard of each other meanwhile.

use crate::{
    api::Person,
    books::{Answered, Books},
    carrier,
    demo::{DESK_TIMES, Demo, Running},
    leads,
    sound::{Recording, holes, seconds_of},
    within,
};
use anyhow::{Context, ensure};
use std::{
    collections::BTreeMap,
    path::Path,
    time::{Instant, SystemTime},
};

/// What was found. Counts are of all calls together, figures the worst of any.
#[derive(Debug, Default)]
pub struct Found {
    pub import_seconds: f64,
    /// The longest transaction of the desk, ms.
    pub longest_desk_ms: f64,
    /// Calls up during the import, and those of them that were up from its first to its last second.
    pub calls: usize,
    pub throughout: usize,
    /// Blocks of 10 ms without sound in what was recorded of callees, and of agents, while both spoke. All agents are one
    /// process: where the machine makes it wait, all of them are silent at once, and that is not the service's doing.
    pub holes_of_callees: usize,
    pub holes_of_agents: usize,
    /// Stretches that the recorder marked as lost.
    pub gaps: usize,
    /// Packets that never came to a callee, or to an agent.
    pub lost_to_callees: u64,
    pub lost_to_agents: u64,
    /// At the callees.
    pub jitter_ms: f64,
    pub late_ms: f64,
}

/// `calls` talks at once, and then `rows` numbers imported into the running campaign. Callees and agents speak a steady
/// tone each; every call that was up meanwhile is looked at from both ends and in its recording.
///
/// # Errors
/// The office does not come up, the import fails, or one end did not hear the other at all.
pub fn calls_while_importing(folder: &Path, calls: u32, rows: u32) -> anyhow::Result<Found> {
    let data = folder.join("office");
    // Callees who talk until they are hung up on; some to spare for agents who end theirs early.
    let list = leads::all_like(folder, calls * 10, "0004")?;
    let many = leads::good(folder, rows)?;
    let mut demo = Demo::new(&data).leads(&list).agents(calls).unhurried().log(DESK_TIMES).start()?;
    let books = Books::open(&data)?;
    let talking = || books.count("SELECT COUNT(*) FROM open_call WHERE bridged IS NOT NULL");
    let all_talk = within(60, || talking().is_ok_and(|talking| talking >= i64::from(calls)));
    ensure!(all_talk, "{} calls of {calls} are up: {}", talking()?, demo.told());
    let logged = demo.logged().len();
    let (from, begun) = (now_ms(), Instant::now());
    import(&demo, &books, &many, rows)?;
    let (until, import_seconds) = (now_ms(), begun.elapsed().as_secs_f64());
    let longest_desk_ms = demo.desk_times(logged).into_iter().fold(0.0, f64::max);
    ensure!(longest_desk_ms > 0.0, "no transaction was logged");
    ensure!(demo.stop()?.success(), "{}", demo.told());
    books.audit()?;
    let mut found = Found { import_seconds, longest_desk_ms, ..Found::default() };
    let voices = Voices::of(&data, &demo.ready.carrier_log)?;
    for call in books.answered()? {
        let Some(bridged) = call.bridged.filter(|bridged| *bridged < until && call.ended > from) else { continue };
        found.calls += 1;
        found.throughout += usize::from(bridged <= from && call.ended >= until);
        look(&mut found, &books, &voices, &call)?;
    }
    Ok(found)
}

fn import(demo: &Running, books: &Books, file: &Path, rows: u32) -> anyhow::Result<()> {
    let ready = &demo.ready;
    let admin = Person::login(&ready.url, &ready.company, &ready.account, &ready.password)?;
    let campaign = books.count("SELECT MAX(id) FROM campaign")?;
    let status = admin.import(&format!("/api/import/campaigns?campaign={campaign}"), file)?.done()?;
    ensure!(status.rows == rows && status.added + status.duplicate == rows, "{status:?}");
    Ok(())
}

/// What carrier and bots tell of their own.
struct Voices {
    callees: BTreeMap<String, carrier::Call>,
    /// Seat → Hz.
    agents: BTreeMap<i64, u32>,
    /// Call → Hz that its agent heard, and packets that he missed.
    heard: BTreeMap<i64, u32>,
    missed: BTreeMap<i64, u64>,
}

impl Voices {
    fn of(data: &Path, log: &Path) -> anyhow::Result<Voices> {
        let callees = carrier::calls(log)?.into_values().map(|call| (call.number.clone(), call)).collect();
        let mut voices = Voices { callees, agents: BTreeMap::new(), heard: BTreeMap::new(), missed: BTreeMap::new() };
        let bots = std::fs::read_to_string(data.join("bots.jsonl"))?;
        for line in bots.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
            let line: serde_json::Value = serde_json::from_str(line)?;
            let number = |name: &str| line[name].as_i64().unwrap_or_default();
            match line["event"].as_str() {
                Some("signed_in") => drop(voices.agents.insert(number("seat"), number("hz") as u32)),
                Some("heard_hz") => drop(voices.heard.insert(number("call"), number("hz") as u32)),
                Some("missed") => *voices.missed.entry(number("call")).or_default() += number("packets") as u64,
                _ => {}
            }
        }
        Ok(voices)
    }
}

fn look(found: &mut Found, books: &Books, voices: &Voices, call: &Answered) -> anyhow::Result<()> {
    let (verdict, path) = call.recording.clone().context("no recording")?;
    ensure!(verdict == "saved", "{call:?}");
    found.gaps += books
        .texts(&format!("SELECT value FROM recording, json_each(recording.gaps) WHERE call_id = {}", call.call))?
        .len();
    let sound = Recording::read(&path)?;
    let begun = (call.bridged.unwrap_or(call.answered) - call.answered).max(0) as usize * 8;
    let callee = &voices.callees[&call.phone];
    let agent_hz = call.seat.and_then(|seat| voices.agents.get(&seat)).context("an agent without a voice")?;
    let [callee_hz, _] = carrier::pitches(&call.phone);
    let sides = [
        (&sound.callee, callee_hz, &mut found.holes_of_callees),
        (&sound.agent, *agent_hz, &mut found.holes_of_agents),
    ];
    for (lane, hz, found) in sides {
        // The talk alone: before it the callee hears the greeting, which pauses as people do.
        let talk = lane.get(begun + 800..).unwrap_or_default();
        let (seconds, heard) = (talk.len() as f64 / 8000.0, seconds_of(talk, hz));
        ensure!(heard > seconds - 1.5, "{call:?}: {hz} Hz for {heard} s of {seconds} s");
        *found += holes(talk);
    }
    let both = callee.heard.iter().any(|hz| hz.abs_diff(*agent_hz) <= 25)
        && voices.heard.get(&call.call).is_some_and(|hz| hz.abs_diff(callee_hz) <= 2);
    ensure!(both || call.talk_s < 2, "{call:?}: the callee heard {:?}", callee.heard);
    found.lost_to_callees += callee.lost;
    found.lost_to_agents += voices.missed.get(&call.call).copied().unwrap_or_default();
    found.jitter_ms = found.jitter_ms.max(callee.jitter_ms);
    found.late_ms = found.late_ms.max(callee.late_ms);
    Ok(())
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}
