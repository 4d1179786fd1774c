//! The machine in virtual time: losses, copies, races and hostile bytes, with nothing left behind.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod world;

use super::{
    SipEvent, SipTrunk,
    stack::{Input, Output, Stack},
};
use hutong_api::{LegId, TrunkId};
use hutong_core::io::{Dial, LegEnd, LegEndHow, LegEvent};
use world::{CHALLENGE, LEG, SDP, World, answer, dial, header, peer, with_sdp};

#[test]
fn no_answer_at_all_is_lost_after_32_s() {
    let mut w = World::new();
    w.dial(LEG);
    w.pass(40_000);
    assert_eq!(w.count("INVITE"), 7);
    w.ended(LegEndHow::Lost, None);
    assert_eq!(w.record, None);
}

#[test]
fn what_may_not_be_sent_ends_as_not_sent() {
    let mut w = World::new();
    w.run(Input::Dial(dial(LEG, "13800138000", "0592\r\nX: y")));
    w.ended(LegEndHow::NotSent, None);
    let mut w = World::new();
    w.run(Input::Dial(Dial { trunk: TrunkId(9), ..dial(LEG, "13800138000", "1") }));
    w.ended(LegEndHow::NotSent, None);
    let mut w = World::new();
    w.dial(LegId(7));
    w.sent.clear();
    w.dial(LEG);
    w.run(Input::Trunks(vec![]));
    assert_eq!(
        w.events.last().unwrap(),
        &(LEG, LegEvent::Ended(LegEnd { how: LegEndHow::NotSent, sip: None, q850: None }))
    );
    assert_eq!(w.count("INVITE"), 0);
}

#[test]
fn cancel_waits_for_a_sign_of_the_far_end() {
    let mut w = World::new();
    w.dial(LEG);
    w.run(Input::HangUp(LEG));
    assert_eq!(w.count("CANCEL"), 0);
    let invite = w.last("INVITE");
    w.answer(&invite, "100 Trying", "");
    let cancel = w.last("CANCEL");
    for name in ["Via", "From", "To", "Call-ID"] {
        assert_eq!(header(&cancel, name), header(&invite, name));
    }
    w.answer(&cancel, "200 OK", "");
    w.answer(&invite, "487 Request Terminated", "");
    assert_eq!(w.count("ACK"), 1);
    w.ended(LegEndHow::WeHungUp, Some(487));
}

#[test]
fn a_cancel_that_nobody_answers_gives_up() {
    let mut w = World::new();
    w.dial(LEG);
    let invite = w.last("INVITE");
    w.answer(&invite, "180 Ringing", "");
    w.run(Input::HangUp(LEG));
    w.pass(w.now + 33_000);
    w.ended(LegEndHow::WeHungUp, None);
}

#[test]
fn copies_of_a_failure_are_acknowledged_without_state() {
    let mut w = World::new();
    w.dial(LEG);
    let invite = w.last("INVITE");
    (0..3).for_each(|_| w.answer(&invite, "486 Busy Here", ""));
    assert_eq!(w.count("ACK"), 3);
    let ack = w.last("ACK");
    assert_eq!(ack.lines().next().unwrap(), "ACK sip:13800138000@192.0.2.9 SIP/2.0");
    assert_eq!((header(&ack, "Via"), header(&ack, "CSeq")), (header(&invite, "Via"), "1 ACK".into()));
    w.ended(LegEndHow::Refused, Some(486));
}

#[test]
fn the_dialog_uses_contact_and_reversed_routes_untouched() {
    let mut w = World::new();
    w.dial(LEG);
    let invite = w.last("INVITE");
    w.answer(&invite, "200 OK", &format!("Record-Route: <sip:a@192.0.2.9;lr>, <sip:b@192.0.2.9;lr>\r\n{}", with_sdp()));
    w.run(Input::HangUp(LEG));
    for request in [w.last("ACK"), w.last("BYE")] {
        assert!(request.contains(" sip:far%23@192.0.2.9:5062 SIP/2.0"), "{request}");
        assert!(request.find("<sip:b@192.0.2.9;lr>").unwrap() < request.find("<sip:a@192.0.2.9;lr>").unwrap());
    }
    assert_eq!(header(&w.last("BYE"), "CSeq"), "2 BYE");
    w.ended(LegEndHow::WeHungUp, Some(200));
    assert!(w.record.is_some(), "cleared only once the BYE is answered");
    let bye = w.last("BYE");
    w.answer(&bye, "200 OK", "");
    assert_eq!((w.record.clone(), w.stack.held()), (None, (0, 0)));
}

#[test]
fn a_second_branch_that_answers_is_ended_and_the_first_lives() {
    let mut w = World::new();
    let invite = w.up();
    w.answer(&invite, "200 OK", &with_sdp());
    assert_eq!((w.count("ACK"), w.count("BYE")), (2, 0), "a copy brings another ACK");
    (0..2).for_each(|_| w.hear(&answer(&invite, "200 OK", "fork", &with_sdp())));
    assert_eq!((w.count("ACK"), w.count("BYE")), (4, 1));
    assert!(header(&w.last("BYE"), "To").ends_with(";tag=fork"));
    assert!(w.ends().is_empty());
}

#[test]
fn answers_to_a_dead_process_are_ended() {
    let mut w = World::new();
    w.dial(LEG);
    let invite = w.last("INVITE");
    let mut w = World::new();
    (0..2).for_each(|_| w.answer(&invite, "180 Ringing", ""));
    assert_eq!(w.count("CANCEL"), 1);
    (0..2).for_each(|_| w.answer(&invite, "200 OK", &with_sdp()));
    assert_eq!((w.count("ACK"), w.count("BYE")), (2, 1));
    let other = invite.replace("Call-ID: ht", "Call-ID: xx");
    w.sent.clear();
    w.answer(&other, "200 OK", &with_sdp());
    assert!(w.sent.is_empty(), "another's Call-ID is nothing of ours");
}

#[test]
fn a_ringing_dialog_is_cleared_even_if_its_answer_was_never_stored() {
    let mut w = World::new();
    w.dial(LEG);
    let invite = w.last("INVITE");
    w.answer(&invite, "180 Ringing", "");
    let record = w.record.clone().unwrap();
    assert!(!record.answered);
    let mut w = World::new();
    w.run(Input::Clear(record));
    let cancel = w.last("CANCEL");
    assert_eq!(cancel.lines().next().unwrap(), "CANCEL sip:13800138000@192.0.2.9 SIP/2.0");
    for name in ["Via", "From", "To", "Call-ID"] {
        assert_eq!(header(&cancel, name), header(&invite, name));
    }
    w.answer(&cancel, "481 Gone", "");
    let bye = w.last("BYE");
    assert!(header(&bye, "To").ends_with(";tag=far"));
    w.answer(&bye, "200 OK", "");
    assert_eq!(w.stack.held(), (0, 0));
}

#[test]
fn a_challenged_bye_is_repeated_once_with_credentials() {
    let mut w = World::new();
    w.dial(LEG);
    let invite = w.last("INVITE");
    let answered = answer(&invite, "200 OK", "far", &with_sdp()).replace("far%23@", "far@");
    w.hear(&answered);
    w.run(Input::HangUp(LEG));
    for _ in 0..2 {
        let bye = w.last("BYE");
        w.answer(&bye, "401 Unauthorized", CHALLENGE);
    }
    assert_eq!(w.count("BYE"), 2);
    assert!(header(&w.last("BYE"), "Authorization").contains("uri=\"sip:far@192.0.2.9:5062\""));
    assert_eq!(w.stack.held(), (0, 0));
}

#[test]
fn credentials_ride_on_the_ack_and_the_record_follows_the_second_invite() {
    let mut w = World::new();
    w.dial(LEG);
    let first = w.last("INVITE");
    w.answer(&first, "401 Unauthorized", CHALLENGE);
    let second = w.last("INVITE");
    assert_eq!(header(&second, "CSeq"), "2 INVITE");
    assert_ne!(header(&second, "Via"), header(&first, "Via"));
    assert_eq!(header(&second, "Call-ID"), header(&first, "Call-ID"));
    assert_eq!(w.record.clone().unwrap().via, header(&second, "Via"));
    w.answer(&second, "200 OK", &with_sdp());
    assert_eq!(header(&w.last("ACK"), "Authorization"), header(&second, "Authorization"));
}

#[test]
fn their_requests_are_answered_and_copies_alike() {
    let mut w = World::new();
    let invite = w.up();
    let reinvite = w.far_request(
        &invite,
        "INVITE",
        5,
        &format!("Content-Type: application/sdp\r\n\r\n{}", SDP.replace("4000", "4002")),
    );
    w.hear(reinvite.trim_end_matches("\r\n"));
    let first = w.last("SIP/2.0 200");
    w.hear(reinvite.trim_end_matches("\r\n"));
    assert_eq!(w.count("SIP/2.0 200"), 2);
    assert_eq!(w.last("SIP/2.0 200"), first);
    let late = w.far_request(&invite, "INFO", 4, "");
    w.hear(&late);
    assert!(w.last("SIP/2.0 ").starts_with("SIP/2.0 500"));
    let alien = w.far_request(&invite, "BYE", 9, "").replace("tag=far", "tag=guess");
    w.hear(&alien);
    assert!(w.last("SIP/2.0 ").starts_with("SIP/2.0 481"));
    assert!(w.ends().is_empty());
    let bye = w.far_request(&invite, "BYE", 6, "");
    w.hear(&bye);
    assert!(w.last("SIP/2.0 ").starts_with("SIP/2.0 200"));
    w.ended(LegEndHow::FarHangUp, Some(200));
}

#[test]
fn a_reinvite_whose_answer_is_never_acknowledged_ends_the_call() {
    let mut w = World::new();
    let invite = w.up();
    let reinvite = w.far_request(&invite, "INVITE", 5, "");
    w.hear(&reinvite);
    w.pass(w.now + 33_000);
    assert!(w.count("SIP/2.0 200") >= 10);
    assert!(w.count("BYE") >= 1);
    w.ended(LegEndHow::Lost, Some(200));
}

#[test]
fn the_pace_is_kept_to_the_millisecond() {
    let mut w = World::new();
    (1..=20).for_each(|n| w.dial(LegId(n)));
    let mut times = vec![w.now];
    while let Some(due) = w.stack.next_due().filter(|due| *due < 6_000) {
        w.pass(due);
        let sent = w.events.iter().filter(|(_, e)| *e == LegEvent::Sent).count();
        times.resize(sent, w.now);
    }
    assert_eq!(times.len(), 20);
    assert!(times.windows(2).all(|p| p[1] - p[0] >= 100), "{times:?}");
}

#[test]
fn a_trunk_that_is_nowhere_ends_what_waits_for_it() {
    let mut w = World::new();
    w.run(Input::Trunks(vec![SipTrunk {
        id: TrunkId(1),
        host: "nowhere.example".into(),
        user: String::new(),
        password: String::new(),
        register: false,
        cps: 1,
    }]));
    w.dial(LEG);
    assert!(w.ends().is_empty());
    w.run(Input::Resolved { trunk: TrunkId(1), host: "nowhere.example".into(), found: None });
    w.ended(LegEndHow::NotSent, None);
}

#[test]
fn strangers_are_not_heard() {
    let mut w = World::new();
    w.dial(LEG);
    let invite = w.last("INVITE");
    w.sent.clear();
    for from in ["198.51.100.1:5060", "[::1]:5060"] {
        let bytes = answer(&invite, "486 Busy Here", "far", "");
        w.run(Input::Datagram { from: from.parse().unwrap(), bytes: bytes.as_bytes() });
        w.run(Input::Datagram { from: from.parse().unwrap(), bytes: b"OPTIONS sip:a@b SIP/2.0\r\n\r\n" });
    }
    assert!(w.sent.is_empty() && w.ends().is_empty());
}

#[test]
fn a_silent_trunk_is_told_down_once_and_up_again() {
    let mut stack = Stack::new(5060, None, [1; 32]);
    let trunk = SipTrunk {
        id: TrunkId(1),
        host: "192.0.2.9".into(),
        user: String::new(),
        password: String::new(),
        register: false,
        cps: 1,
    };
    stack.handle(0, Input::Trunks(vec![trunk]));
    let found = Some((vec![peer()], "192.0.2.1".parse().unwrap()));
    let mut outputs = stack.handle(0, Input::Resolved { trunk: TrunkId(1), host: "192.0.2.9".into(), found });
    let (mut told, mut now) = (vec![], 0);
    while now < 120_000 {
        for output in std::mem::take(&mut outputs) {
            match output {
                Output::Event(SipEvent::Trunk { up, .. }) => told.push(up),
                Output::Send(_, bytes) if now > 70_000 => {
                    let bytes = answer(std::str::from_utf8(&bytes).unwrap(), "404 Not Found", "x", "");
                    outputs.extend(stack.handle(now, Input::Datagram { from: peer(), bytes: bytes.as_bytes() }));
                }
                _ => {}
            }
        }
        now = stack.next_due().unwrap();
        outputs.extend(stack.handle(now, Input::Tick));
    }
    assert_eq!(told, [false, true]);
}

/// Bytes of a hostile or broken trunk within calls: no panic, one end each, nothing kept.
#[test]
fn mutated_messages_leave_every_call_with_one_end() {
    use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
    let mut dice = StdRng::seed_from_u64(3);
    let lines = [
        "100 Trying",
        "180 Ringing",
        "183 Progress",
        "200 OK",
        "486 Busy",
        "401 Unauthorized",
        "302 Moved",
        "487 Gone",
    ];
    let mut w = World::new();
    let mut heard = 0;
    for n in 1..=400 {
        w.sent.clear();
        w.dial(LegId(n));
        w.pass(w.now + 150);
        for _ in 0..dice.random_range(1..25) {
            let Some(request) = w.sent.choose(&mut dice).cloned().filter(|s| !s.starts_with("SIP/")) else { continue };
            let more = if dice.random() { with_sdp() } else { CHALLENGE.into() };
            let mut bytes = match dice.random_range(0..3) {
                0 => w.far_request(
                    &request,
                    ["BYE", "INVITE", "UPDATE", "INFO", "ACK"].choose(&mut dice).unwrap(),
                    dice.random_range(0..9),
                    &more,
                ),
                _ => answer(
                    &request,
                    lines.choose(&mut dice).unwrap(),
                    ["far", "fork"].choose(&mut dice).unwrap(),
                    &more,
                ),
            }
            .into_bytes();
            if dice.random() {
                for _ in 0..dice.random_range(1..6) {
                    let at = dice.random_range(0..bytes.len());
                    match dice.random_range(0..3) {
                        0 => bytes[at] = dice.random(),
                        1 => drop(bytes.remove(at)),
                        _ => bytes.truncate(at.max(8)),
                    }
                }
            }
            heard += 1;
            w.run(Input::Datagram { from: peer(), bytes: &bytes });
        }
        if dice.random() {
            w.run(Input::HangUp(LegId(n)));
        }
    }
    (1..=400).for_each(|n| w.run(Input::HangUp(LegId(n))));
    w.pass(w.now + 400_000);
    let mut ends: Vec<LegId> =
        w.events.iter().filter(|(_, e)| matches!(e, LegEvent::Ended(_))).map(|(l, _)| *l).collect();
    ends.sort();
    assert_eq!(ends, (1..=400).map(LegId).collect::<Vec<_>>());
    assert_eq!((w.open, w.stack.held().0), (0, 0));
    assert!(w.stack.held().1 <= 1, "at most a ping is under way");
    assert!(heard > 2_000);
}
