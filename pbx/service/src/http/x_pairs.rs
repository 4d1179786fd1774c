//! Asks the carrier about pairs of X numbers: at once for who waits, and by the clock for what was not answered (D12, F89).

use super::{
    caller::Caller,
    face::Face,
    problem::{Problem, said_to},
};
use crate::desk::{
    now,
    pages::x_pairs::{self, Answered, Ask},
};
use hutong_api::{Refusal, page::ActionReply};
use std::time::Duration;

/// Between two looks at what is due.
const EVERY: Duration = Duration::from_secs(15);

/// Refused where no carrier is set: a pair that nobody can bind is not written down.
pub fn carrier_is_set(face: &Face) -> Result<(), Problem> {
    match face.carrier {
        Some(_) => Ok(()),
        None => Err(Problem::new("x_pair.no_carrier")),
    }
}

/// After the pair was written down. A refusal of the carrier is the asker's; silence is not: it is asked again.
pub async fn bind(face: &Face, id: i64) -> Result<(), Problem> {
    settle(face, id).await?;
    let (_, state, words) = face.read(move |conn| x_pairs::stands(conn, id)).await?;
    match state.as_str() {
        "pair_failed" => Err(Refusal::new("x_pair.refused").with("words", words).into()),
        _ => Ok(()),
    }
}

/// The same for what was to be unbound.
pub async fn unbind(face: &Face, caller: &Caller, ids: &[i64], reply: &mut ActionReply) -> Result<(), Problem> {
    for id in ids.iter().copied() {
        if reply.refused.iter().any(|(refused, _)| *refused == id) {
            continue;
        }
        settle(face, id).await?;
        let (_, state, words) = face.read(move |conn| x_pairs::stands(conn, id)).await?;
        if state == "pair_bound" {
            let refusal = Refusal::new("x_pair.refused").with("words", words);
            reply.done = reply.done.saturating_sub(1);
            reply.refused.push((id, said_to(&refusal, caller.lang, caller.hide_numbers)));
        }
    }
    Ok(())
}

/// For as long as the service runs.
pub async fn keep_asking(face: Face) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(problem) = round(&face, now()).await {
            tracing::warn!(code = %problem.0.code, "pairs of X numbers are looked at again");
        }
    }
}

/// Every pair that is due at this moment, epoch ms.
pub async fn round(face: &Face, at: i64) -> Result<(), Problem> {
    for id in face.read(move |conn| x_pairs::due(conn, at)).await? {
        settle_at(face, id, at).await?;
    }
    Ok(())
}

async fn settle(face: &Face, id: i64) -> Result<(), Problem> {
    settle_at(face, id, now()).await
}

async fn settle_at(face: &Face, id: i64, at: i64) -> Result<(), Problem> {
    // Twice where the first answer says what is to be unbound.
    for _ in 0..2 {
        let Some(ask) = face.read(move |conn| x_pairs::ask(conn, id, at)).await? else { return Ok(()) };
        let came = put(face, ask).await?;
        let more = face.write(move |tx| x_pairs::answered(tx, id, &came, at)).await?;
        let (company, ..) = face.read(move |conn| x_pairs::stands(conn, id)).await?;
        face.sockets.tell_company(company, "x_pairs");
        if !more {
            break;
        }
    }
    Ok(())
}

async fn put(face: &Face, ask: Ask) -> Result<Answered, Problem> {
    use crate::carrier_x::Outcome::Silent;
    let carrier = face.carrier.clone();
    let work = move || match (ask, carrier) {
        (Ask::Ended, _) => Answered::Ended,
        (Ask::Bind(bind), Some(carrier)) => Answered::Bind(carrier.bind(&bind)),
        (Ask::Unbind(id), Some(carrier)) => Answered::Unbind(carrier.unbind(&id)),
        (Ask::Bind(_), None) => Answered::Bind(Silent),
        (Ask::Unbind(_), None) => Answered::Unbind(Silent),
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Problem::new("request.failed"))
}
