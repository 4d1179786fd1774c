//! Real files in temporary directories.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use hutong_api::{board::*, live::SeatState, *};
use hutong_core::{Wall, io::*};
use std::sync::mpsc;

mod disk;
mod kill;

pub const NOW: i64 = 1_781_000_000_000;
const COMPANY: CompanyId = CompanyId(1);

/// A company, a seat, a trunk, a script, a campaign with `leads` numbers in a visible batch.
pub fn office(store: &Store, leads: u32) {
    store
        .write_blocking(move |tx| {
            tx.execute_batch(
                "INSERT INTO company (id, code, name, created) VALUES (1, 'c', 'C', 0);
                 INSERT INTO seat (id, company_id, extension, account, password_hash, name, role_id)
                   VALUES (1, 1, '8001', 'a', '', 'A', 1);
                 INSERT INTO trunk (id, company_id, name, host, channels, cps, increment_s, price, callers)
                   VALUES (1, 1, 't', 'localhost', 8, 2, 6, 15000, '[\"05920000000\"]');
                 INSERT INTO script (id, company_id, name, created) VALUES (1, 1, 's', 0);
                 INSERT INTO campaign (id, company_id, name, script_id, trunk_id, run_from, run_to, rest_from, rest_to,
                   creator_id, created) VALUES (1, 1, 'k', 1, 1, 0, 1440, 0, 0, 1, 0);
                 INSERT INTO batch (id, company_id, page, campaign_id, state, file_name, seat_id, created)
                   VALUES (1, 1, 'campaigns', 1, 'visible', 'f', 1, 0);",
            )?;
            for n in 0..leads {
                tx.execute(
                    "INSERT INTO lead (company_id, campaign_id, batch_id, phone) VALUES (1, 1, 1, ?1)",
                    [format!("139{n:08}")],
                )?;
            }
            tx.execute("UPDATE batch SET rows = ?1, added = ?1", [leads])?;
            Ok(())
        })
        .unwrap();
}

pub fn top_up(n: u64, yuan: i64) -> Change {
    Change::Ledger(LedgerEntry {
        company: COMPANY,
        at: Wall(NOW),
        kind: LedgerKind::TopUp,
        amount: Micro::yuan(yuan),
        key: format!("topup:{n}"),
        call: None,
        seat: None,
        by: "root".into(),
        note: String::new(),
    })
}

fn open(n: i64) -> OpenCall {
    OpenCall {
        call: CallId(n),
        leg: LegId(1000 + n),
        company: COMPANY,
        kind: CallKind::Campaign,
        campaign: Some(CampaignId(1)),
        lead: Some(LeadId(n)),
        round: 1,
        tries: 0,
        trunk: TrunkId(1),
        seat: None,
        phone: Phone::from_digits("13900000000").unwrap(),
        name: "某".into(),
        caller: "05920000000".into(),
        started: Wall(NOW),
        answered: None,
        bridged: None,
        proven: None,
        held: Micro(150_000),
        increment_s: 6,
        price: Micro(15_000),
    }
}

/// The turn that ends call `n` after an answer: CDR and charge together.
fn close(n: i64) -> Vec<Change> {
    let answered =
        OpenCall { answered: Some(Wall(NOW)), bridged: Some(Wall(NOW + 200)), seat: Some(SeatId(1)), ..open(n) };
    let cdr = Cdr {
        open: answered,
        ended: Wall(NOW + 7_000),
        state: CallState::Answered,
        result: CallResult::ToAgent,
        by: EndedBy::Callee,
        sip: Some(200),
        q850: Some(16),
        fault: None,
        billable_s: 7,
        talk_s: 7,
        charge: Micro(30_000),
        recorded: true,
    };
    let charge = LedgerEntry {
        company: COMPANY,
        at: Wall(NOW + 7_000),
        kind: LedgerKind::CallCharge,
        amount: Micro(-30_000),
        key: format!("call:{n}"),
        call: Some(CallId(n)),
        seat: None,
        by: "system".into(),
        note: String::new(),
    };
    let lead = LeadChange {
        lead: LeadId(n),
        campaign: CampaignId(1),
        phase: LeadPhase::Done,
        state: CallState::Answered,
        result: Some(CallResult::ToAgent),
        attempts: 1,
        round: 1,
        not_before: None,
        call: Some(CallId(n)),
        bands: 4,
        why: Some(Why { rule: WhyRule::Answered, value: String::new(), at: Wall(NOW) }),
    };
    vec![Change::CloseCall(Box::new(cdr)), Change::Ledger(charge), Change::Lead(lead)]
}

fn temp() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    (dir, store)
}

fn settle_recording(store: &Store, call: i64) {
    store.write_blocking(move |tx| recording_closed(tx, CallId(call), 10, 10, &[(1, 2)], None)).unwrap();
}

#[test]
fn a_call_goes_from_intent_to_cdr_and_the_sums_agree() {
    let (_dir, store) = temp();
    office(&store, 3);
    store.submit_blocking(vec![top_up(1, 10), Change::OpenCall(open(1))]).unwrap();
    store
        .submit_blocking(vec![
            Change::CallAnswered { call: CallId(1), at: Wall(NOW) },
            Change::CallBridged { call: CallId(1), seat: SeatId(1), at: Wall(NOW + 200) },
            Change::CallProven { call: CallId(1), at: Wall(NOW + 5_000) },
            Change::CallHold { call: CallId(1), held: Micro(300_000) },
        ])
        .unwrap();
    let up = &store.boot().unwrap().open_calls[0];
    assert_eq!((up.answered, up.bridged, up.proven), (Some(Wall(NOW)), Some(Wall(NOW + 200)), Some(Wall(NOW + 5_000))));
    assert_eq!((up.seat, up.held), (Some(SeatId(1)), Micro(300_000)));
    let state = CampaignState {
        status: CampaignStatus::Running,
        round: 1,
        total: 3,
        dialled: 1,
        answered: 1,
        to_agent: 1,
        abandoned: 0,
    };
    let mut turn = close(1);
    turn.push(Change::Campaign { campaign: CampaignId(1), state });
    store.submit_blocking(turn).unwrap();
    let look = |store: &Store| sums(&store.inner.pool.take().unwrap(), COMPANY).unwrap();
    assert_eq!(look(&store).faults, ["1 answered CDRs without a recording that can be played"]);
    settle_recording(&store, 1);
    let sums = look(&store);
    assert_eq!(sums.faults, Vec::<String>::new());
    assert_eq!((sums.cdrs, sums.dialled, sums.answered, sums.to_agent, sums.recordings), (1, 1, 1, 1, 1));
    assert_eq!((sums.top_ups, sums.charges, sums.balance), (Micro::yuan(10), Micro(30_000), Micro(9_970_000)));
}

#[test]
fn boot_tells_what_the_last_process_left() {
    let (dir, store) = temp();
    office(&store, 2);
    let span = |from, to: Option<i64>| Span {
        company: COMPANY,
        seat: SeatId(1),
        state: SeatState::Idle,
        reason: None,
        from: Wall(from),
        to: to.map(Wall),
    };
    store
        .submit_blocking(vec![
            Change::OpenCall(open(7)),
            Change::Span(span(NOW - 9_000, None)),
            Change::Span(span(NOW - 9_000, Some(NOW))),
            Change::Span(span(NOW, None)),
            Change::Alive { at: Wall(NOW + 3) },
            Change::Alive { at: Wall(NOW + 4) },
            Change::AutoAnswer { seat: SeatId(1), on: false },
            Change::Event {
                company: COMPANY,
                event: EventRow { at: NOW, alarm: true, text_key: "call.event.x".into(), args: vec![] },
            },
        ])
        .unwrap();
    drop(store);
    let boot = Store::open(dir.path()).unwrap().boot().unwrap();
    assert_eq!(boot.open_calls, [open(7)]);
    assert_eq!(boot.open_spans, [span(NOW, None)]);
    assert_eq!((boot.next_call, boot.next_leg, boot.last_alive), (8, 1008, Some(Wall(NOW + 4))));
    assert_eq!(boot.campaigns[0].state.total, 2, "counted, not believed");
    assert!(!boot.seats[0].auto_answer);
    assert_eq!(boot.trunks[0].callers, ["05920000000"]);
}

#[test]
fn today_begins_at_the_company_s_midnight() {
    let (_dir, store) = temp();
    office(&store, 2);
    // 2026-06-10 00:00:00 in Shanghai.
    let midnight = 1_781_020_800_000;
    for (n, started) in [(1, midnight - 1), (2, midnight)] {
        let mut turn = close(n);
        for change in &mut turn {
            match change {
                Change::CloseCall(cdr) => cdr.open.started = Wall(started),
                Change::Ledger(entry) => entry.at = Wall(started),
                _ => {}
            }
        }
        turn.insert(0, Change::OpenCall(OpenCall { started: Wall(started), ..open(n) }));
        turn.push(Change::Span(Span {
            company: COMPANY,
            seat: SeatId(1),
            state: SeatState::WrapUp,
            reason: None,
            from: Wall(started),
            to: Some(Wall(started + 15_000)),
        }));
        store.submit_blocking(turn).unwrap();
    }
    let conn = store.inner.pool.take().unwrap();
    let boot = boot::load(&conn, midnight + 1_000).unwrap();
    let today = &boot.companies[0].today;
    assert_eq!((today.dialled, today.answered, today.to_agent, today.charged), (1, 1, 1, Micro(30_000)));
    assert_eq!((today.dialled_by_hour[0], today.dialled_by_hour[23]), (1, 0));
    // The earlier wrap-up runs over midnight with all but one millisecond.
    assert_eq!(today.seats, [(SeatId(1), 1, 7, 29)]);
    assert_eq!(boot.attempts.len(), 2, "caps look back 24 hours, not to midnight");
}

#[test]
fn a_refused_turn_leaves_no_trace_and_its_neighbours_stand() {
    let (_dir, store) = temp();
    office(&store, 1);
    let (tell, told) = mpsc::channel();
    // Holds the writer until all three are queued, so that they share a commit.
    let (go, gate) = mpsc::channel::<()>();
    store.submit(vec![], Box::new(move |_| gate.recv().unwrap()));
    let mut bad = vec![Change::OpenCall(open(5))];
    bad.push(top_up(1, 1));
    for (n, changes) in [(1, vec![top_up(1, 1)]), (2, bad), (3, vec![top_up(3, 1)])] {
        let tell = tell.clone();
        store.submit(changes, Box::new(move |outcome| tell.send((n, outcome.is_ok())).unwrap()));
    }
    go.send(()).unwrap();
    assert_eq!(told.iter().take(3).collect::<Vec<_>>(), [(1, true), (2, false), (3, true)]);
    let boot = store.boot().unwrap();
    assert_eq!((boot.open_calls.len(), boot.companies[0].balance), (0, Micro::yuan(2)));
}

#[test]
fn a_cdr_without_its_intent_is_refused_with_its_charge() {
    let (_dir, store) = temp();
    office(&store, 1);
    assert!(store.submit_blocking(close(1)).is_err());
    store.submit_blocking(vec![Change::OpenCall(open(1))]).unwrap();
    store.submit_blocking(close(1)).unwrap();
    assert!(store.submit_blocking(close(1)).is_err(), "a call is billed once");
    assert_eq!(store.boot().unwrap().companies[0].balance, Micro(-30_000));
}

#[test]
fn tampering_with_the_ledger_is_found() {
    let tampered = |sql: &'static str| {
        let (_dir, store) = temp();
        office(&store, 1);
        for n in 1..=5 {
            store.submit_blocking(vec![top_up(n, 1)]).unwrap();
        }
        store.write_blocking(move |tx| Ok(tx.execute_batch(sql)?)).unwrap();
        verify_ledger(&store.inner.pool.take().unwrap()).unwrap().map_err(|bad| bad.id)
    };
    assert_eq!(tampered("SELECT 1"), Ok(()));
    assert_eq!(tampered("UPDATE ledger SET amount = 7 WHERE id = 3"), Err(3));
    assert_eq!(tampered("UPDATE ledger SET note = 'x' WHERE id = 4"), Err(4));
    assert_eq!(tampered("DELETE FROM ledger WHERE id = 2"), Err(2));
    assert_eq!(tampered("DELETE FROM ledger WHERE id = 5"), Err(0));
    assert_eq!(tampered("UPDATE company SET balance = balance + 1"), Err(0));
}

#[test]
fn owed_fees_leave_the_balance_alone() {
    let (_dir, store) = temp();
    office(&store, 1);
    let entry = |kind, amount, key: &str| {
        let Change::Ledger(base) = top_up(1, 1) else { unreachable!() };
        Change::Ledger(LedgerEntry { kind, amount: Micro(amount), key: key.into(), seat: Some(SeatId(1)), ..base })
    };
    store.submit_blocking(vec![entry(LedgerKind::SeatFeeOwed, 500, "owed:1:2026-06-10")]).unwrap();
    let boot = |store: &Store| store.boot().unwrap().companies[0].clone();
    assert_eq!((boot(&store).balance, boot(&store).owed), (Micro(0), Micro(500)));
    store
        .submit_blocking(vec![
            top_up(2, 1),
            entry(LedgerKind::SeatFee, -500, "paid:1"),
            entry(LedgerKind::SeatFeeOwed, -500, "paid:1:owed"),
        ])
        .unwrap();
    assert_eq!((boot(&store).balance, boot(&store).owed), (Micro(999_500), Micro(0)));
    assert_eq!(verify_ledger(&store.inner.pool.take().unwrap()).unwrap(), Ok(()));
}

#[test]
fn only_due_numbers_of_visible_batches_are_loaded() {
    let (_dir, store) = temp();
    office(&store, 5);
    store
        .write_blocking(|tx| {
            tx.execute_batch(
                "INSERT INTO batch (id, company_id, page, campaign_id, state, file_name, seat_id, created)
                   VALUES (2, 1, 'campaigns', 1, 'staging', 'g', 1, 0);
                 INSERT INTO lead (id, company_id, campaign_id, batch_id, phone) VALUES (6, 1, 1, 2, '13800000000');
                 UPDATE lead SET not_before = 1000 WHERE id = 2;
                 UPDATE lead SET not_before = 2000 WHERE id = 3;
                 UPDATE lead SET phase = 'done' WHERE id = 4;",
            )?;
            Ok(())
        })
        .unwrap();
    let load = |want, now| {
        let conn = store.inner.pool.take().unwrap();
        let found = load_leads(&conn, CampaignId(1), want, now).unwrap();
        (found.leads.iter().map(|lead| lead.lead.0).collect::<Vec<_>>(), found.more, found.next_due)
    };
    assert_eq!(load(10, 999), (vec![1, 5], true, Some(1000)));
    assert_eq!(load(10, 1000), (vec![1, 2, 5], true, Some(2000)));
    assert_eq!(load(10, 2000), (vec![1, 2, 3, 5], false, None));
    assert_eq!(load(2, 2000), (vec![1, 2], true, None));
    assert_eq!(load(4, 2000), (vec![1, 2, 3, 5], false, None));
    store.write_blocking(|tx| Ok(tx.execute_batch("UPDATE batch SET state = 'visible'")?)).unwrap();
    assert_eq!(load(10, 2000).0, [1, 2, 3, 5, 6]);
}

#[test]
fn a_redial_takes_exactly_the_named_endings() {
    let (_dir, store) = temp();
    office(&store, 5);
    store
        .write_blocking(|tx| {
            tx.execute_batch(
                "UPDATE lead SET phase = 'done', attempts = 1, state = 'busy', not_before = 5 WHERE id = 1;
                 UPDATE lead SET phase = 'done', attempts = 1, state = 'vacant' WHERE id = 2;
                 UPDATE lead SET phase = 'done', attempts = 1, state = 'answered', result = 'to_agent' WHERE id = 3;
                 UPDATE lead SET phase = 'done', attempts = 1, state = 'answered', result = 'abandoned', not_before = 9
                   WHERE id = 4;
                 UPDATE lead SET phase = 'closed', state = 'busy' WHERE id = 5;",
            )?;
            Ok(())
        })
        .unwrap();
    let (tell, told) = mpsc::channel();
    let change = Change::Redial {
        campaign: CampaignId(1),
        round: 2,
        states: vec![CallState::Busy, CallState::NoAnswer],
        abandoned: true,
    };
    let done = move |conn: Result<&Connection, &StoreError>| {
        tell.send(redialled(conn.unwrap(), CampaignId(1), 2).unwrap()).unwrap();
    };
    store.submit(vec![change], Box::new(done));
    assert_eq!(told.recv().unwrap(), 2);
    let conn = store.inner.pool.take().unwrap();
    let loaded = load_leads(&conn, CampaignId(1), 9, 0).unwrap();
    assert_eq!(loaded.leads.iter().map(|l| (l.lead.0, l.round, l.attempts)).collect::<Vec<_>>(), [(1, 2, 0)]);
    assert_eq!(loaded.next_due, Some(9), "an abandoned number keeps its 72 hours");
}

#[tokio::test]
async fn the_desk_writes_and_reads_and_survives_a_panic() {
    let (_dir, store) = temp();
    office(&store, 1);
    let refused = store
        .write(|tx| -> Result<(), StoreError> {
            tx.execute("DELETE FROM lead", [])?;
            panic!("on purpose")
        })
        .await;
    assert!(matches!(refused, Err(StoreError::Other(_))));
    let count = |conn: &Connection| Ok(conn.query_row("SELECT count(*) FROM lead", [], |row| row.get::<_, u32>(0))?);
    assert_eq!(store.read(count).await.unwrap(), 1);
    assert!(store.read(|conn| Ok(conn.execute("DELETE FROM lead", [])?)).await.is_err(), "readers cannot write");
    store.write(|tx| Ok(tx.execute("DELETE FROM lead", [])?)).await.unwrap();
    assert_eq!(store.read(count).await.unwrap(), 0);
}

#[test]
fn one_process_at_a_time() {
    let (dir, store) = temp();
    assert!(matches!(Store::open(dir.path()), Err(StoreError::Locked)));
    drop(store);
    Store::open(dir.path()).unwrap();
}

/// X14: what the engine says of a refusal is on the blocklist and kept as proof, whatever stood there before.
#[test]
fn a_refusal_is_blocked_both_ways_and_kept() {
    let (dir, store) = temp();
    let phone = Phone::from_digits("15400000044").unwrap();
    let told = OptOut { company: COMPANY, phone, at: Wall(NOW), how: OptOutHow::Key, call: CallId(7), seat: None };
    let (first, again) = (told.clone(), OptOut { how: OptOutHow::Agent, at: Wall(NOW + 5), ..told });
    store
        .write_blocking(|tx| {
            tx.execute_batch(
                "INSERT INTO blocklist (company_id, phone, direction, created, expires)
                   VALUES (1, '15400000044', 'inbound', 0, 9);",
            )?;
            Ok(())
        })
        .unwrap();
    store.submit_blocking(vec![Change::OptOut(first), Change::OptOut(again)]).unwrap();
    let conn = rusqlite::Connection::open(dir.path().join(super::FILE)).unwrap();
    let blocked = "SELECT direction || coalesce(expires, '') FROM blocklist WHERE phone = '15400000044'";
    assert_eq!(conn.query_row(blocked, [], |r| r.get::<_, String>(0)).unwrap(), "both");
    assert_eq!(conn.query_row("SELECT count(*) FROM opt_out", [], |r| r.get::<_, i64>(0)).unwrap(), 2);
}
