//! 点拨 and 下一个 (F59): the store gives the row to the seat, then the engine screens it and dials, or it is given back.

use super::{caller::Caller, face::Face, problem::Problem};
use crate::desk::{
    Answer, form,
    preview::{self, Claimed},
};
use hutong_api::{Refusal, page::ActionReply};
use rusqlite::Transaction;
use std::collections::BTreeMap;

pub async fn dial(face: &Face, caller: &Caller, ids: &[i64]) -> Result<ActionReply, Problem> {
    let &[lead] = ids else { return Err(Problem::new("request.bad")) };
    let who = caller.who.clone();
    take(face, caller, move |tx| preview::claim(tx, &who, lead)).await
}

pub async fn next(face: &Face, caller: &Caller, args: &BTreeMap<String, String>) -> Result<ActionReply, Problem> {
    let (who, campaign) = (caller.who.clone(), form::int(args, "campaign"));
    take(face, caller, move |tx| preview::next(tx, &who, campaign)).await
}

async fn take(
    face: &Face,
    caller: &Caller,
    claim: impl FnOnce(&Transaction<'_>) -> Answer<Claimed> + Send + 'static,
) -> Result<ActionReply, Problem> {
    caller.needs("seat.work")?;
    let Claimed { campaign, row, pulled } = face.write(claim).await?;
    let lead = row.lead;
    let refused: Option<Refusal> = face.app.shell.preview_dial(caller.actor(), campaign, row).await.err();
    let who = caller.who.clone();
    if refused.is_some() && pulled {
        face.write(move |tx| Ok(preview::give_back(tx, &who, lead.0)?)).await?;
    }
    match refused {
        Some(refusal) => Err(refusal.into()),
        None => Ok(ActionReply { done: 1, ..ActionReply::default() }),
    }
}
