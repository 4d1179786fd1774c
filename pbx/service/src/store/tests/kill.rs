//! kill -9 of a process that writes, and what the next one finds.

use super::*;
use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

const CHILD_DIR: &str = "HUTONG_TEST_STORE_DIR";

/// Not a test by itself: the process that `nothing_acknowledged_is_lost_by_kill_9` kills.
#[test]
fn child_writes_until_killed() {
    let Ok(dir) = std::env::var(CHILD_DIR) else { return };
    let store = Store::open(Path::new(&dir)).unwrap();
    let next = store.boot().unwrap().next_call;
    for n in next.. {
        let mut turn = vec![Change::OpenCall(open(n)), top_up(n as u64, 1)];
        turn.extend(close(n));
        let acknowledge = move |outcome: Result<&Connection, &StoreError>| {
            if outcome.is_err() {
                // A panic would be caught by the writer, and the parent would wait for ever.
                std::process::exit(1);
            }
            let mut out = std::io::stdout().lock();
            writeln!(out, "stored {n}").unwrap();
            out.flush().unwrap();
        };
        store.submit(turn, Box::new(acknowledge));
        // A third of them alone, the rest in groups.
        if n % 3 == 0 {
            store.submit_blocking(vec![]).unwrap();
        }
    }
}

#[test]
fn nothing_acknowledged_is_lost_by_kill_9() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    office(&store, 1);
    drop(store);
    let mut acknowledged = 0;
    for run in 0..20 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::tests::kill::child_writes_until_killed", "--nocapture"])
            .env(CHILD_DIR, dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut seen = 0;
        for line in out.lines().map_while(Result::ok) {
            if let Some(n) = line.strip_prefix("stored ").and_then(|n| n.parse::<i64>().ok()) {
                acknowledged = n;
                seen += 1;
            }
            // Killed in the middle of what follows; what it says afterwards still counts.
            if seen == 20 + run * 7 {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let conn = store.inner.pool.take().unwrap();
        let stored: i64 = conn.query_row("SELECT max(call_id) FROM cdr", [], |row| row.get(0)).unwrap();
        let count: i64 = conn.query_row("SELECT count(*) FROM cdr", [], |row| row.get(0)).unwrap();
        assert!(stored >= acknowledged, "run {run}: acknowledged {acknowledged}, stored {stored}");
        assert_eq!(count, stored, "run {run}: a hole");
        let sums = sums(&conn, COMPANY).unwrap();
        assert_eq!(sums.charges, Micro(30_000 * stored));
        assert_eq!(sums.balance, Micro(970_000 * stored));
        assert_eq!(verify_ledger(&conn).unwrap(), Ok(()));
        assert_eq!(conn.query_row("SELECT count(*) FROM open_call", [], |row| row.get::<_, i64>(0)), Ok(0));
    }
    assert!(acknowledged > 500);
}
