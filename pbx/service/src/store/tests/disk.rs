//! Full disks, and a log that must not fill one.

use super::*;
use std::{path::PathBuf, process::Command};

#[test]
fn a_full_disk_refuses_the_turn_whole_and_room_brings_it_back() {
    let (_dir, store) = temp();
    office(&store, 1);
    let limit = |pages: u32| {
        store.write_blocking(move |tx| Ok(tx.pragma_update(None, "max_page_count", pages)?)).unwrap();
    };
    limit(1);
    let (tell, told) = mpsc::channel();
    // Holds the writer until both are queued, so that they share a commit.
    let (go, gate) = mpsc::channel::<()>();
    store.submit(vec![], Box::new(move |_| gate.recv().unwrap()));
    let big = LedgerEntry {
        note: "n".repeat(300_000),
        ..match top_up(1, 1) {
            Change::Ledger(entry) => entry,
            _ => unreachable!(),
        }
    };
    for changes in [vec![Change::OpenCall(open(1)), Change::Ledger(big)], vec![Change::Alive { at: Wall(1) }]] {
        let tell = tell.clone();
        let done = move |outcome: Result<&Connection, &StoreError>| {
            tell.send(outcome.map(drop).map_err(|error| matches!(error, StoreError::Full))).unwrap();
        };
        store.submit(changes, Box::new(done));
    }
    go.send(()).unwrap();
    assert_eq!(told.iter().take(2).collect::<Vec<_>>(), [Err(true), Ok(())]);
    assert_eq!(store.boot().unwrap().open_calls.len(), 0);
    limit(1 << 30);
    store.submit_blocking(vec![Change::OpenCall(open(1)), top_up(1, 1)]).unwrap();
    assert_eq!(store.boot().unwrap().open_calls.len(), 1);
}

/// A small file system of its own; None where this user may not mount.
struct Tmpfs(PathBuf);

impl Tmpfs {
    fn mount(at: &Path, kib: u32) -> Option<Tmpfs> {
        std::fs::create_dir_all(at).unwrap();
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={kib}k"), "tmpfs"]).arg(at).output();
        done.is_ok_and(|out| out.status.success()).then(|| Tmpfs(at.to_owned()))
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.0).output());
    }
}

#[test]
fn a_disk_that_is_really_full() {
    let dir = tempfile::tempdir().unwrap();
    let Some(_disk) = Tmpfs::mount(&dir.path().join("small"), 3_072) else {
        eprintln!("skipped: no right to mount");
        return;
    };
    let data = dir.path().join("small");
    let store = Store::open(&data).unwrap();
    office(&store, 1);
    std::fs::write(data.join("ballast"), vec![0; 1_800_000]).unwrap();
    let mut stored = 0;
    let refused = (1..5_000).find(|n| match store.submit_blocking(vec![top_up(*n, 1)]) {
        Ok(()) => {
            stored += 1;
            false
        }
        Err(error) => {
            assert!(matches!(error, StoreError::Full), "{error}");
            true
        }
    });
    let refused = refused.expect("the disk fills up");
    let sums = |store: &Store| sums(&store.inner.pool.take().unwrap(), COMPANY).unwrap();
    assert_eq!((sums(&store).balance, sums(&store).faults), (Micro::yuan(stored), vec![]), "readable, nothing half");
    std::fs::remove_file(data.join("ballast")).unwrap();
    store.submit_blocking(vec![top_up(refused, 1)]).unwrap();
    drop(store);
    let store = Store::open(&data).unwrap();
    assert_eq!((sums(&store).balance, sums(&store).faults), (Micro::yuan(stored + 1), vec![]));
}

#[test]
fn the_log_stays_short_under_steady_writing() {
    let (dir, store) = temp();
    office(&store, 1);
    let wal = dir.path().join("hutong.db-wal");
    let mut longest = 0;
    let begun = std::time::Instant::now();
    // 100 MiB of pages; without checkpoints the log would hold them all.
    for n in 0..100u32 {
        let change = move |tx: &Transaction<'_>| {
            let sql = "INSERT INTO prompt (company_id, name, alaw, created) VALUES (1, ?1, zeroblob(1048576), 0)";
            Ok(tx.execute(sql, [n])?)
        };
        store.write_blocking(change).unwrap();
        longest = longest.max(std::fs::metadata(&wal).unwrap().len());
        // At most 40 MiB a second: a steady office, not a benchmark.
        let due = std::time::Duration::from_millis(25 * u64::from(n));
        std::thread::sleep(due.saturating_sub(begun.elapsed()));
    }
    assert!(longest <= 64 << 20, "{longest} bytes");
}
