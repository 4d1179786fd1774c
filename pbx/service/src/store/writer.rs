//! The one thread that writes. Turns of the engine first, several in one commit; desk work between them.

use super::{Done, StoreError, apply};
use hutong_core::io::Change;
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior, ffi};
use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, Sender, channel},
    thread::JoinHandle,
    time::{Duration, Instant},
};

pub type Desk = Box<dyn FnOnce(&mut Connection) + Send>;

/// Turns of one commit at most, so that the first of them is not kept waiting by an endless stream.
const GROUP: usize = 256;
/// Desk work older than this goes before further turns, so that a busy dialler cannot starve the office.
const DESK_PATIENCE: Duration = Duration::from_millis(200);
/// sysexits' EX_SOFTWARE: the supervisor restarts the service, which then recovers from the log.
const EXIT_STORAGE: i32 = 70;

struct Turn {
    changes: Vec<Change>,
    done: Done,
}

enum Job {
    Turn(Turn),
    Desk(Instant, Desk),
}

/// A way to the writer's queue that keeps nobody waiting. All are gone before the writer is.
#[derive(Clone)]
pub struct Jobs(Sender<Job>);

impl Jobs {
    pub fn desk(&self, work: Desk) {
        drop(self.0.send(Job::Desk(Instant::now(), work)));
    }
}

/// Dropping it finishes what is queued and joins the thread.
pub struct Writer {
    jobs: Option<Jobs>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub fn start(conn: Connection) -> Result<Writer, StoreError> {
        let (jobs, queue) = channel();
        let thread = std::thread::Builder::new().name("store-writer".into()).spawn(move || run(conn, &queue))?;
        Ok(Writer { jobs: Some(Jobs(jobs)), thread: Some(thread) })
    }

    pub fn jobs(&self) -> Option<Jobs> {
        self.jobs.clone()
    }

    pub fn turn(&self, changes: Vec<Change>, done: Done) {
        if let Err(Job::Turn(turn)) = self.send(Job::Turn(Turn { changes, done })) {
            (turn.done)(Err(&StoreError::Gone));
        }
    }

    pub fn desk(&self, work: Desk) {
        drop(self.send(Job::Desk(Instant::now(), work)));
    }

    fn send(&self, job: Job) -> Result<(), Job> {
        match &self.jobs {
            Some(jobs) => jobs.0.send(job).map_err(|refused| refused.0),
            None => Err(job),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        // The last handle may die inside a `done`, that is on the thread itself.
        if let Some(thread) = self.thread.take().filter(|t| t.thread().id() != std::thread::current().id()) {
            drop(thread.join());
        }
    }
}

fn run(mut conn: Connection, queue: &Receiver<Job>) {
    let mut turns: VecDeque<Turn> = VecDeque::new();
    let mut desk: VecDeque<(Instant, Desk)> = VecDeque::new();
    loop {
        if turns.is_empty() && desk.is_empty() {
            match queue.recv() {
                Ok(job) => sort(job, &mut turns, &mut desk),
                Err(_) => return,
            }
        }
        queue.try_iter().for_each(|job| sort(job, &mut turns, &mut desk));
        let group: Vec<Turn> = turns.drain(..turns.len().min(GROUP)).collect();
        store_group(&conn, group);
        queue.try_iter().for_each(|job| sort(job, &mut turns, &mut desk));
        let desk_is_due = desk.front().is_some_and(|(since, _)| turns.is_empty() || since.elapsed() > DESK_PATIENCE);
        if desk_is_due && let Some((_, work)) = desk.pop_front() {
            let begun = Instant::now();
            work(&mut conn);
            // The law of 50 ms is measured by this line (`make bench`); HUTONG_LOG=hutong::store::writer=debug shows it.
            tracing::debug!(micros = begun.elapsed().as_micros() as u64, "desk transaction");
        }
    }
}

fn sort(job: Job, turns: &mut VecDeque<Turn>, desk: &mut VecDeque<(Instant, Desk)>) {
    match job {
        Job::Turn(turn) => turns.push_back(turn),
        Job::Desk(since, work) => desk.push_back((since, work)),
    }
}

/// Stores the group in one commit; where that fails as a whole, turn by turn. Then tells each, in order.
fn store_group(conn: &Connection, turns: Vec<Turn>) {
    let outcomes = match commit(conn, &turns) {
        Ok(outcomes) => outcomes,
        Err(error) if turns.len() == 1 => vec![Err(settle(error))],
        Err(_) => turns.iter().map(|turn| alone(conn, turn)).collect(),
    };
    for (turn, outcome) in turns.into_iter().zip(outcomes) {
        if let Err(error) = &outcome {
            tracing::error!(%error, "a turn was not stored");
        }
        let done = turn.done;
        if catch_unwind(AssertUnwindSafe(|| done(outcome.as_ref().map(|()| conn)))).is_err() {
            tracing::error!("a callback of the store panicked");
        }
        // A callback may leave a read open; nothing of the next commit may hang on it.
        if !conn.is_autocommit() {
            drop(conn.execute_batch("ROLLBACK"));
        }
    }
}

fn alone(conn: &Connection, turn: &Turn) -> Result<(), StoreError> {
    match commit(conn, std::slice::from_ref(turn)) {
        Ok(mut outcomes) => outcomes.pop().unwrap_or(Ok(())),
        Err(error) => Err(settle(error)),
    }
}

/// One transaction with a savepoint for each turn: what is refused inside is undone alone. An error outside means that
/// the whole transaction is gone.
fn commit(conn: &Connection, turns: &[Turn]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    if turns.iter().all(|turn| turn.changes.is_empty()) {
        return Ok(turns.iter().map(|_| Ok(())).collect());
    }
    begin(conn)?;
    let mut outcomes = Vec::with_capacity(turns.len());
    for turn in turns {
        outcomes.push(apply_one(conn, &turn.changes)?);
    }
    conn.execute_batch("COMMIT").inspect_err(|_| roll_back(conn))?;
    Ok(outcomes)
}

fn apply_one(conn: &Connection, changes: &[Change]) -> Result<Result<(), StoreError>, StoreError> {
    if changes.is_empty() {
        return Ok(Ok(()));
    }
    conn.execute_batch("SAVEPOINT turn").inspect_err(|_| roll_back(conn))?;
    let applied = changes.iter().try_for_each(|change| apply::apply(conn, change));
    // SQLite may undo everything by itself when the disk is full (sqlite.org/lang_transaction.html §3.1).
    if conn.is_autocommit() {
        return Err(applied.err().unwrap_or(StoreError::Full));
    }
    let (end, outcome) = match applied {
        Ok(()) => ("RELEASE turn", Ok(())),
        Err(error) => ("ROLLBACK TO turn; RELEASE turn", Err(settle(error))),
    };
    conn.execute_batch(end).inspect_err(|_| roll_back(conn))?;
    Ok(outcome)
}

/// The desk's transaction. A panic in `work` rolls back and comes back as an error.
pub fn transact<T>(
    conn: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let run = || {
        let tx = patiently(|| Transaction::new_unchecked(conn, TransactionBehavior::Immediate))?;
        let value = work(&tx)?;
        tx.commit()?;
        Ok(value)
    };
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(outcome) => outcome.map_err(settle),
        Err(_) => Err(StoreError::Other("work of the desk panicked".into())),
    }
}

fn begin(conn: &Connection) -> Result<(), StoreError> {
    Ok(patiently(|| conn.execute_batch("BEGIN IMMEDIATE"))?)
}

/// Somebody outside (an sqlite3 shell, a checkpoint) may hold the file: waiting loses nothing, failing would (RD5).
fn patiently<T>(mut action: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    loop {
        match action() {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                tracing::warn!("the database is held by another process; waiting");
            }
            outcome => return outcome,
        }
    }
}

fn roll_back(conn: &Connection) {
    if !conn.is_autocommit() {
        drop(conn.execute_batch("ROLLBACK"));
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    /// Room is missing: refused now, works again once there is room.
    Full,
    /// What is on the disk can no longer be trusted.
    Broken,
    /// A fault of the statement or its data.
    Fault,
}

fn kind(error: &rusqlite::Error) -> Kind {
    let Some(found) = error.sqlite_error() else { return Kind::Fault };
    match found.code {
        ErrorCode::DiskFull => Kind::Full,
        // The shared-memory file could not be grown: nothing was written yet, and it is room that is missing.
        ErrorCode::SystemIoFailure if found.extended_code == ffi::SQLITE_IOERR_SHMSIZE => Kind::Full,
        ErrorCode::SystemIoFailure | ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Kind::Broken,
        _ => Kind::Fault,
    }
}

/// After a failed write or fsync nobody knows what the disk holds: leave, and let the restart recover from the log.
/// Retrying would trust pages the kernel may already have dropped.
fn settle(error: StoreError) -> StoreError {
    let StoreError::Sqlite(inner) = &error else { return error };
    match kind(inner) {
        Kind::Full => StoreError::Full,
        Kind::Fault => error,
        Kind::Broken => leave(&error),
    }
}

/// Ends the process: the next start recovers from what is stored.
pub fn leave(error: &StoreError) -> ! {
    tracing::error!(%error, "storage failed; leaving");
    eprintln!("hutong: storage failed: {error}");
    std::process::exit(EXIT_STORAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_missing_room_is_survived() {
        let sqlite = |code| rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        assert_eq!(kind(&sqlite(ffi::SQLITE_FULL)), Kind::Full);
        assert_eq!(kind(&sqlite(ffi::SQLITE_IOERR_SHMSIZE)), Kind::Full);
        for broken in [ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_CORRUPT, ffi::SQLITE_NOTADB] {
            assert_eq!(kind(&sqlite(broken)), Kind::Broken);
        }
        assert_eq!(kind(&sqlite(ffi::SQLITE_CONSTRAINT_UNIQUE)), Kind::Fault);
    }
}
