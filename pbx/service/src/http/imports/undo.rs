//! Taking an import back.

use crate::{
    desk::{Fault, audit, import, imported, unknown},
    http::{caller::Caller, face::Face, problem::Problem},
};
use hutong_api::{BatchId, Refusal, page::ActionReply, texts::fill};
use rusqlite::OptionalExtension;

/// By whoever may undo imports within reach, or who made this one and may import there.
pub async fn undo_batch(face: &Face, caller: &Caller, client: &str, batch: BatchId) -> Result<ActionReply, Problem> {
    let who = caller.who.clone();
    let allowed = face.read(move |conn| {
        imported::within_reach(conn, &who, batch)?;
        let sql = "SELECT page, seat_id FROM batch WHERE id = ?1";
        let found: Option<(String, i64)> =
            conn.query_row(sql, [batch.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let (page, seat) = found.ok_or_else(unknown)?;
        let word = if page == "campaigns" { "campaigns.append".to_owned() } else { format!("{page}.import") };
        match who.may("imports.undo") || (seat == who.seat.0 && who.may(&word)) {
            true => Ok(()),
            false => Err(Fault::from(Refusal::new("permission.denied").with("word", "imports.undo"))),
        }
    });
    allowed.await?;
    let shell = face.app.shell.clone();
    let undone = import::undo(&face.app.store, caller.company, batch, |input| shell.input(input)).await?;
    face.imports.forget(batch);
    let detail = format!("removed {} restored {} kept {}", undone.removed, undone.restored, undone.kept);
    let (who, client) = (caller.who.clone(), client.to_owned());
    face.write(move |tx| audit::note(tx, &who, &client, "undo", &format!("imports:{batch}"), &detail)).await?;
    let args = [
        ("removed", undone.removed.to_string()),
        ("restored", undone.restored.to_string()),
        ("kept", undone.kept.to_string()),
    ];
    let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
    let text = fill(caller.lang, "import.undone", &args);
    Ok(ActionReply { done: undone.removed + undone.restored, text: Some(text), ..ActionReply::default() })
}
