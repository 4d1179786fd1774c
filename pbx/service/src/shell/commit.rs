//! Commit, then act: turns go to the store in order; effects that wait for a commit come back as `Msg::Stored`.
//! A full disk parks this and every later turn until the oldest can be stored (docs/rules.md).

use super::Msg;
use crate::store::{self, Store, StoreError};
use hutong_core::io::{Change, Effect, Input};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::mpsc::UnboundedSender;

/// How often a parked turn is tried again.
pub(crate) const RETRY_MS: u64 = 1_000;

pub(crate) struct Commits {
    store: Store,
    inbox: UnboundedSender<Msg>,
    /// Turns that wait for space, oldest first. Shared with the writer's callbacks, which park what failed.
    parked: Arc<Mutex<VecDeque<Turn>>>,
    in_flight: Arc<std::sync::atomic::AtomicUsize>,
}

#[derive(Clone)]
struct Turn {
    changes: Vec<Change>,
    waiting: Vec<Effect>,
}

impl Commits {
    pub(crate) fn new(store: Store, inbox: UnboundedSender<Msg>) -> Commits {
        Commits { store, inbox, parked: Arc::default(), in_flight: Arc::default() }
    }

    pub(crate) fn submit(&self, changes: Vec<Change>, waiting: Vec<Effect>) {
        let turn = Turn { changes, waiting };
        if !self.lock().is_empty() {
            self.lock().push_back(turn);
            return;
        }
        self.send(turn, false);
    }

    /// Tries the parked turns again. True when none is left.
    pub(crate) fn retry(&self) -> bool {
        if self.in_flight.load(std::sync::atomic::Ordering::Acquire) > 0 {
            return false;
        }
        let Some(turn) = self.lock().pop_front() else { return true };
        self.send(turn, true);
        false
    }

    /// Nothing parked and nothing on its way to the disk.
    pub(crate) fn at_rest(&self) -> bool {
        self.lock().is_empty() && self.in_flight.load(std::sync::atomic::Ordering::Acquire) == 0
    }

    fn send(&self, turn: Turn, front: bool) {
        let (inbox, parked, in_flight) = (self.inbox.clone(), self.parked.clone(), self.in_flight.clone());
        in_flight.fetch_add(1, std::sync::atomic::Ordering::AcqRel);
        let changes = turn.changes.clone();
        self.store.submit(
            changes,
            Box::new(move |stored| {
                let msgs = match stored {
                    Ok(conn) => {
                        let mut msgs = after_commit(conn, turn);
                        if front {
                            // Wakes the engine's task for the next parked turn.
                            msgs.push(Msg::Stored(Vec::new()));
                        }
                        msgs
                    }
                    Err(StoreError::Gone) => Vec::new(),
                    Err(StoreError::Full) => {
                        tracing::error!("the disk is full; new dials stop until a turn can be stored");
                        let mut parked = parked.lock().unwrap_or_else(PoisonError::into_inner);
                        if front {
                            parked.push_front(turn)
                        } else {
                            parked.push_back(turn)
                        }
                        vec![Msg::Full]
                    }
                    // The engine and the books no longer say the same. Trying again would not mend it, going on would bill
                    // by a wrong state: leave, and let the restart begin from what is stored.
                    Err(error) => store::leave(&error),
                };
                in_flight.fetch_sub(1, std::sync::atomic::Ordering::AcqRel);
                for msg in msgs {
                    // The engine's task only ends with the process.
                    let _ = inbox.send(msg);
                }
            }),
        );
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Turn>> {
        self.parked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// On the writer thread, right behind the commit: loads are answered here so that they see every earlier change.
fn after_commit(conn: &rusqlite::Connection, turn: Turn) -> Vec<Msg> {
    let mut msgs = Vec::new();
    for change in &turn.changes {
        if let Change::Redial { campaign, round, .. } = change {
            let leads = store::redialled(conn, *campaign, *round).unwrap_or(0);
            msgs.push(Msg::Input(Box::new(Input::Redialled { campaign: *campaign, leads })));
        }
    }
    let mut waiting = Vec::new();
    for effect in turn.waiting {
        match effect {
            Effect::LoadLeads { campaign, want } => {
                // Every load is answered once; a failed one leaves the engine to ask again.
                let found = store::load_leads(conn, campaign, want, super::wall_now().0);
                let (leads, more) = found.map_or_else(
                    |error| {
                        tracing::error!(%error, %campaign, "could not load numbers");
                        (Vec::new(), true)
                    },
                    |found| (found.leads, found.more),
                );
                msgs.push(Msg::Input(Box::new(Input::Hopper { campaign, leads, more })));
            }
            other => waiting.push(other),
        }
    }
    if !waiting.is_empty() {
        msgs.push(Msg::Stored(waiting));
    }
    msgs
}
