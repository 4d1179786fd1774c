//! Puts the rooms together: store → engine → SIP and media, and the tasks that carry their events.

use super::{
    Shell,
    actor::{Actor, EVENTS_KEPT, Names},
    cards::Cards,
    commit::Commits,
    journal::Journal,
    people::People,
    pop_urls::PopUrls,
    recordings,
};
use crate::{
    media::{Media, MediaEvent},
    sip::{DialogRecord, Sip, SipEvent},
    store::{self, Store},
};
use hutong_api::LegId;
use hutong_core::{
    Engine,
    io::{Input, LegEvent, SeatEvent},
};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, atomic::AtomicU64},
    time::Instant,
};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

pub struct Parts {
    pub data_dir: PathBuf,
    pub store: Store,
    pub media: Media,
    pub media_events: UnboundedReceiver<MediaEvent>,
    pub sip: Sip,
    pub sip_events: UnboundedReceiver<SipEvent>,
}

/// Boots the engine from the store and starts its task.
pub async fn start(parts: Parts) -> anyhow::Result<Shell> {
    let Parts { data_dir, store, media, media_events, sip, sip_events } = parts;
    let boot = tokio::task::block_in_place(|| store.boot())?;
    // Before the engine closes these calls: their rows go with them, and the far ends are still to be told.
    let mut dead_dialogs = BTreeMap::new();
    for leg in boot.open_calls.iter().map(|open| open.leg) {
        if let Some(record) = store.read(move |conn| store::dialog_of(conn, leg)).await? {
            dead_dialogs.insert(leg, record);
        }
    }
    sip.set_trunks(store.read(store::sip_trunks).await?);
    recordings::salvage(&store, &data_dir).await?;
    for (id, alaw) in store.read(store::prompts).await? {
        media.load_prompt(id, alaw.into());
    }
    let (inbox, receive) = unbounded_channel();
    let people = Arc::new(People::default());
    let shell = Shell {
        inbox: inbox.clone(),
        people: people.clone(),
        next_req: Arc::new(AtomicU64::new(1)),
        asks: Arc::new(tokio::sync::Semaphore::new(super::MAX_ASKS)),
    };
    let mut actor = Actor {
        engine: Engine::new(),
        journal: Journal::of_environment(),
        commits: Commits::new(store.clone(), inbox.clone()),
        store: store.clone(),
        media,
        sip: sip.clone(),
        people,
        inbox,
        data_dir: data_dir.clone(),
        begun: Instant::now(),
        cards: Cards::default(),
        names: Names::default(),
        pop_urls: PopUrls::new(store.read(store::boot::pop_key).await?),
        pending: BTreeMap::new(),
        answers: BTreeMap::new(),
        events: BTreeMap::new(),
        acks: BTreeMap::new(),
        board_built: Instant::now(),
        board_dirty: false,
        full: false,
        retry_at: Instant::now(),
        draining: None,
        open_legs: BTreeMap::new(),
        dead_dialogs,
    };
    for campaign in &boot.campaigns {
        actor.names.campaigns.insert(campaign.cfg.id, campaign.cfg.name.clone());
    }
    for seat in &boot.seats {
        actor.learn_seat(seat);
    }
    boot.companies.iter().for_each(|company| actor.pop_urls.learn_company(&company.cfg));
    for company in boot.companies.iter().map(|company| company.cfg.id) {
        let events = store.read(move |conn| store::recent_events(conn, company, EVENTS_KEPT as u32)).await?;
        actor.events.insert(company, events.into());
        let acks = store.read(move |conn| store::recent_acks(conn, company, EVENTS_KEPT as u32)).await?;
        actor.acks.insert(company, acks);
    }
    actor.handle(Input::Boot(Box::new(boot)));
    tokio::spawn(actor.run(receive));
    tokio::spawn(carry_media(shell.clone(), sip.clone(), store.clone(), media_events));
    tokio::spawn(carry_sip(shell.clone(), store.clone(), sip_events));
    Ok(shell)
}

async fn carry_media(shell: Shell, sip: Sip, store: Store, mut events: UnboundedReceiver<MediaEvent>) {
    while let Some(event) = events.recv().await {
        match event {
            MediaEvent::PlayEnded { leg, prompt } => {
                shell.input(Input::Leg { leg, event: LegEvent::PlayEnded { prompt } });
            }
            MediaEvent::Key { leg, key } => shell.input(Input::Leg { leg, event: LegEvent::Key(key) }),
            MediaEvent::SeatUp { seat } => shell.input(Input::Seat { seat, event: SeatEvent::PhoneUp }),
            MediaEvent::SeatDown { seat } => shell.input(Input::Seat { seat, event: SeatEvent::PhoneDown }),
            // The far end is gone without a BYE (RC9).
            MediaEvent::Silent { leg } => sip.hang_up(leg),
            MediaEvent::RecordingClosed(closed) => {
                tokio::spawn(recordings::closed(store.clone(), closed));
            }
        }
    }
}

async fn carry_sip(shell: Shell, store: Store, mut events: UnboundedReceiver<SipEvent>) {
    // Dialogs are written by a task of their own: a slow disk must not hold up what a leg tells.
    let (dialogs, to_write) = unbounded_channel();
    tokio::spawn(write_dialogs(store, to_write));
    while let Some(event) = events.recv().await {
        match event {
            SipEvent::Leg { leg, event } => shell.input(Input::Leg { leg, event }),
            SipEvent::Trunk { trunk, up, fault } => shell.input(Input::Trunk { trunk, up, fault }),
            SipEvent::Dialog { leg, record } => {
                let _ = dialogs.send((leg, record));
            }
        }
    }
}

async fn write_dialogs(store: Store, mut dialogs: UnboundedReceiver<(LegId, Option<DialogRecord>)>) {
    while let Some((leg, record)) = dialogs.recv().await {
        if let Err(error) = store.write(move |tx| store::save_dialog(tx, leg, record.as_ref())).await {
            tracing::error!(%leg, %error, "a dialog could not be stored");
        }
    }
}
