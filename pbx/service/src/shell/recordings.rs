//! What becomes of recordings: begun, closed, or found open after a crash.

use crate::{
    media::{self, RecordingClosed},
    store::{self, Store, StoreError, Verdict},
};
use hutong_api::{CallId, CompanyId};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// How long the recorder may take to close the last files of a stopping service, and how often that is looked at.
const CLOSING: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(50);

pub(crate) fn begun(store: &Store, company: CompanyId, call: CallId, path: String) {
    let store = store.clone();
    tokio::spawn(async move {
        let begun = store.write(move |tx| store::recording_begun(tx, company, call, &path)).await;
        if let Err(error) = begun {
            tracing::error!(%call, %error, "the recording's row could not be written");
        }
    });
}

/// Waveform and verdict of a closed file; the waveform is computed once, here.
pub(crate) async fn closed(store: Store, closed: RecordingClosed) {
    let call = closed.call;
    let peaks = peaks_of(closed.path.clone()).await;
    let saved = store
        .write(move |tx| {
            store::recording_closed(tx, closed.call, closed.bytes, closed.millis, &closed.gaps, peaks.as_deref())
        })
        .await;
    if let Err(error) = saved {
        tracing::error!(%call, %error, "the recording's verdict could not be stored");
    }
}

/// After a crash: gives each recording that was still being written its right length, or the verdict "lost".
pub(crate) async fn salvage(store: &Store, data_dir: &Path) -> Result<(), StoreError> {
    for open in store.read(store::open_recordings).await? {
        let full = data_dir.join(&open.path);
        let (verdict, bytes, millis) = match media::salvage(&full) {
            Ok((bytes, millis)) => (Verdict::Salvaged, bytes, millis),
            Err(error) => {
                tracing::warn!(call = %open.call, %error, "recording lost");
                (Verdict::Lost, 0, 0)
            }
        };
        let peaks = if verdict == Verdict::Salvaged { peaks_of(full).await } else { None };
        let call = open.call;
        store.write(move |tx| store::recording_settled(tx, call, verdict, bytes, millis, peaks.as_deref())).await?;
    }
    Ok(())
}

/// Waits until every recording has its verdict, for a few seconds at most.
pub async fn recordings_closed(store: &Store) -> Result<(), StoreError> {
    let deadline = tokio::time::Instant::now() + CLOSING;
    while !store.read(store::open_recordings).await?.is_empty() && tokio::time::Instant::now() < deadline {
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

async fn peaks_of(path: PathBuf) -> Option<Vec<u8>> {
    let found = tokio::task::spawn_blocking(move || media::peaks(&path)).await.ok()?;
    found.ok().and_then(|peaks| serde_json::to_vec(&peaks).ok())
}
