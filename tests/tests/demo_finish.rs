//! A list dialled to its end: what the file held, what the carrier saw, what the agents heard, what is recorded and
//! what is booked tell one story.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use hutong_tests::{
    books::Books,
    carrier,
    demo::{Demo, replayed},
    leads, scratch,
    sound::{Recording, seconds_of},
};
use std::{collections::BTreeMap, path::Path, time::Duration};

#[test]
fn a_list_dialled_to_its_end_reconciles() {
    let folder = scratch("finish").unwrap();
    let data = folder.join("office");
    let (list, fates) = leads::forty(&folder).unwrap();
    let journal = folder.join("journal");
    let mut demo = Demo::new(&data).leads(&list).agents(6).journal(&journal).finish().start().unwrap();
    let log = demo.ready.carrier_log.clone();
    let (status, summary) = demo.finished(Duration::from_secs(240)).unwrap();
    println!("{summary:?}");

    assert!(summary.reconciled, "{summary:?}\n{}", demo.told());
    assert!(status.success(), "{status}: {}", demo.told());
    assert_eq!(
        (summary.leads, summary.imported, summary.duplicates, summary.bad, summary.blocked),
        (fates.rows(), fates.added, fates.duplicate, fates.bad, fates.blocked)
    );
    let books = Books::open(&data).unwrap();
    books.audit().unwrap();
    assert_eq!(books.fates().unwrap(), fates);
    let sql = |sql: &str| books.count(sql).unwrap() as u64;
    assert_eq!(summary.dialled, sql("SELECT COUNT(*) FROM lead WHERE state != 'not_called'"));
    assert_eq!(summary.dialled, fates.added, "every number was called");
    assert_eq!(summary.answered, sql("SELECT COUNT(DISTINCT lead_id) FROM cdr WHERE answered IS NOT NULL"));
    assert_eq!(summary.to_agent, sql("SELECT COUNT(*) FROM cdr WHERE result = 'to_agent'"));
    assert_eq!(summary.abandoned, sql("SELECT COUNT(*) FROM cdr WHERE result = 'abandoned'"));
    assert_eq!(summary.cdrs, sql("SELECT COUNT(*) FROM cdr"));
    assert_eq!(summary.recordings, sql("SELECT COUNT(*) FROM recording WHERE verdict = 'saved'"));
    assert_eq!(sql("SELECT COUNT(*) FROM open_call"), 0);
    let money = books.money().unwrap();
    assert_eq!(
        (summary.top_ups_micro_yuan, summary.charges_micro_yuan, summary.balance_micro_yuan),
        (money.top_ups, money.charges, money.balance())
    );
    assert_eq!((summary.seat_fees_micro_yuan, summary.corrections_micro_yuan), (money.seat_fees, money.corrections));
    assert!(summary.to_agent >= 3, "too few talks to prove anything: {summary:?}");
    assert!(summary.charges_micro_yuan > 0);

    decides_the_same_again(&journal, summary.cdrs);
    as_the_carrier_saw_it(&books, &log);
    recorded_as_it_sounded(&books, &data, &log);
}

/// What the running service was told, told to a bare engine: the same turns, word for word.
fn decides_the_same_again(journal: &Path, dials: u64) {
    let said = replayed(journal).unwrap();
    assert!(said.contains(&format!(" {dials} dials")), "{said}");
    // An answer that is not told makes another run: the check can fail.
    let text = std::fs::read_to_string(journal).unwrap();
    let answered = text.lines().find(|line| line.contains(r#""event":"Answered""#)).unwrap();
    let without = journal.with_extension("without");
    std::fs::write(&without, text.replacen(&format!("{answered}\n"), "", 1)).unwrap();
    assert!(replayed(&without).unwrap_err().to_string().contains("replay.differs"));
}

/// Each dialled number once; each answer at the carrier is an answered CDR, and the other way round.
fn as_the_carrier_saw_it(books: &Books, log: &Path) {
    let calls = carrier::calls(log).unwrap();
    let mut numbers: Vec<&str> = calls.values().map(|call| call.number.as_str()).collect();
    numbers.sort_unstable();
    let stored = books.texts("SELECT phone FROM cdr WHERE result != 'not_sent' ORDER BY phone").unwrap();
    assert_eq!(numbers, stored, "one INVITE for each CDR");
    let open: Vec<_> = calls.values().filter(|call| call.ended.is_none()).collect();
    assert!(open.is_empty(), "still open at the carrier: {open:?}");
    let mut answered: Vec<&str> =
        calls.values().filter(|call| call.answered.is_some()).map(|call| call.number.as_str()).collect();
    answered.sort_unstable();
    assert_eq!(answered, books.texts("SELECT phone FROM cdr WHERE answered IS NOT NULL ORDER BY phone").unwrap());
}

/// Callee left, agent right, for as long as the call was up; and the callee heard that agent's voice.
fn recorded_as_it_sounded(books: &Books, data: &Path, log: &Path) {
    let at_carrier: BTreeMap<String, carrier::Call> =
        carrier::calls(log).unwrap().into_values().map(|call| (call.number.clone(), call)).collect();
    let voices = agents_voices(&data.join("bots.jsonl"));
    let mut talks = 0;
    for call in books.answered().unwrap() {
        let (verdict, path) = call.recording.clone().unwrap();
        assert_eq!(verdict, "saved", "{call:?}");
        let sound = Recording::read(&path).unwrap();
        let up = (call.ended - call.answered) as f64 / 1000.0;
        assert!((sound.seconds() - up).abs() < 1.0, "{call:?}: {} s recorded of {up} s", sound.seconds());
        let far = &at_carrier[&call.phone];
        let callee: f64 = carrier::pitches(&call.phone).map(|hz| seconds_of(&sound.callee, hz)).iter().sum();
        assert!(callee > (up - 1.5) * 0.4, "{call:?}: the callee's tone fills {callee} s of {up} s");
        let crossed: f64 = carrier::pitches(&call.phone).map(|hz| seconds_of(&sound.agent, hz)).iter().sum();
        assert!(crossed < 0.5, "{call:?}: the callee is heard in the agent's channel for {crossed} s");
        if call.bridged.is_some() && call.talk_s >= 2 {
            let voice = voices[&call.seat.unwrap()];
            let agent = seconds_of(&sound.agent, voice);
            let talked = call.talk_s as f64;
            assert!(agent > (talked - 1.5) * 0.7, "{call:?}: the agent's {voice} Hz fill {agent} s of {talked} s");
            assert!(far.heard.iter().any(|hz| hz.abs_diff(voice) <= 25), "{call:?}: the callee heard {:?}", far.heard);
            talks += 1;
        }
    }
    assert!(talks > 0, "no talk of two seconds");
}

/// Seat → Hz, as the bots said when they signed in.
fn agents_voices(log: &Path) -> BTreeMap<i64, u32> {
    let text = std::fs::read_to_string(log).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let signed_in = lines.filter(|line| line["event"] == "signed_in");
    signed_in.map(|line| (line["seat"].as_i64().unwrap(), line["hz"].as_u64().unwrap() as u32)).collect()
}
