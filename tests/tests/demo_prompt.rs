//! A prompt uploaded as MP3 while the office works is what the next callee hears (F109).

#![allow(clippy::unwrap_used, clippy::expect_used)]

use hutong_tests::{
    api::{Answer, Person},
    books::Books,
    carrier,
    demo::Demo,
    leads, scratch,
    sound::{Recording, seconds_of},
    within,
};
use std::path::Path;

/// Neither a callee's voice nor an agent's.
const TONE: u32 = 1_750;
const SECONDS: f64 = 3.0;

#[test]
fn an_uploaded_mp3_is_heard_from_the_next_call_on() {
    let folder = scratch("prompt").unwrap();
    let data = folder.join("office");
    let list = leads::all_like(&folder, 60, "0012").unwrap();
    let mut demo = Demo::new(&data).leads(&list).agents(2).start().unwrap();
    let ready = demo.ready.clone();
    let admin = Person::login(&ready.url, &ready.company, &ready.account, &ready.password).unwrap();
    let books = Books::open(&data).unwrap();
    let greeting = books.count("SELECT greeting FROM script").unwrap();
    let talks = |since: i64| {
        let sql = format!("SELECT COUNT(*) FROM cdr WHERE bridged IS NOT NULL AND started > {since}");
        books.count(&sql).unwrap()
    };
    assert!(within(40, || talks(0) > 0), "no call: {}", demo.told());

    let sound = Path::new(env!("CARGO_MANIFEST_DIR")).join("sounds/tone-1750hz.mp3");
    match admin.put_file(&format!("/api/file/prompts/{greeting}"), &sound).unwrap() {
        Answer::Done(saved) => assert_eq!(saved.id, greeting),
        Answer::Refused(status, refusal) => panic!("{status} {refusal:?}"),
    }
    let uploaded = books.count("SELECT MAX(created) FROM prompt_version").unwrap();
    let millis = books.count("SELECT millis FROM prompt_version ORDER BY version DESC LIMIT 1").unwrap();
    assert!((2_950..3_200).contains(&millis), "{millis} ms of {SECONDS} s");
    assert!(within(40, || talks(uploaded) > 0), "no call after the upload: {}", demo.told());
    assert!(demo.stop().unwrap().success(), "{}", demo.told());

    let heard = carrier::calls(&ready.carrier_log).unwrap();
    let mut news = 0;
    for call in books.answered().unwrap() {
        let there = heard.values().find(|there| there.number == call.phone).unwrap();
        let recorded = seconds_of(&Recording::read(&call.recording.clone().unwrap().1).unwrap().agent, TONE);
        // A call that began about then may have had either.
        if call.ended < uploaded {
            assert!(!there.heard.contains(&TONE) && recorded == 0.0, "too early: {call:?} {there:?}");
        } else if call.answered > uploaded + 1_000 && call.bridged.is_some() {
            assert!(there.heard.contains(&TONE), "the callee of {call:?} heard {:?}", there.heard);
            assert!((recorded - SECONDS).abs() < 0.5, "{call:?}: {recorded} s of the tone are recorded");
            news += 1;
        }
    }
    assert!(news > 0, "no talk after the upload");
}
