//! Acknowledging alarms from a console.

use super::{face::Face, problem::Problem};
use crate::{
    desk::{Who, alarms, audit},
    shell::EVENTS_KEPT,
};

/// `text_key` None = every alarm up to `at`, epoch ms.
pub async fn acknowledge(
    face: &Face,
    who: &Who,
    client: &str,
    at: i64,
    text_key: Option<String>,
) -> Result<(), Problem> {
    if !who.may("alarms.ack") {
        return Err(Problem::new("permission.denied"));
    }
    let (writer, from) = (who.clone(), client.to_owned());
    let acks = face.write(move |tx| {
        let acks = alarms::acknowledge(tx, &writer, at, text_key.as_deref(), EVENTS_KEPT as u32)?;
        audit::note(tx, &writer, &from, "alarms.ack", text_key.as_deref().unwrap_or("*"), "")?;
        Ok(acks)
    });
    face.app.shell.acknowledged(who.company, acks.await?);
    Ok(())
}
