//! What buttons of 坐席设置 need around the transaction: passwords made and hashed before it, customers handed over in chunks.

use super::{
    caller::{Caller, Client},
    face::Face,
    pages::Values,
    problem::{Problem, said_to},
};
use crate::desk::{
    access::SHORTEST_PASSWORD,
    audit, page,
    pages::{seat_heir, seat_range, seats},
};
use hutong_api::{
    Refusal,
    catalogue::Place,
    page::{ActionReply, ActionRequest},
    texts::{fill, text},
};

/// Without the characters that are taken for each other.
const ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const RANDOM_PASSWORD: usize = 12;

/// Does the action, or prepares it (None) for the desk.
pub async fn action(
    face: &Face,
    caller: &Caller,
    client: &Client,
    action: &str,
    request: &ActionRequest,
) -> Result<Option<ActionReply>, Problem> {
    match action {
        "add_many" => add_many(face, caller, client, &request.args).await.map(Some),
        "phone_password" => phone_passwords(face, caller, client, &request.ids).await.map(Some),
        "delete" => hand_over(face, caller, request).await.map(|()| None),
        _ => Ok(None),
    }
}

async fn add_many(face: &Face, caller: &Caller, client: &Client, args: &Values) -> Result<ActionReply, Problem> {
    let (_, args) = page::asked(caller, "seats", "add_many", args, |place| place == Place::Toolbar)?;
    let (who, wish) = (caller.who.clone(), args.clone());
    let extensions = face.read(move |conn| seat_range::plan(conn, &who, &wish)).await?;
    let one = args.get("one_password").filter(|password| !password.is_empty()).cloned();
    if one.as_ref().is_some_and(|password| password.chars().count() < SHORTEST_PASSWORD) {
        return Err(Refusal::new("field.short_password").with("min", SHORTEST_PASSWORD).into());
    }
    let mut sheet = text(caller.lang, "catalogue.seats.done.passwords").to_owned();
    let mut seats = Vec::new();
    for extension in extensions {
        let password = one.clone().unwrap_or_else(random_password);
        sheet.push_str(&format!("\r\n{extension},{extension},{password}"));
        seats.push((extension, face.gate.hash(password).await?));
    }
    let (who, client, done) = (caller.who.clone(), client.0.clone(), seats.len());
    let saved = face.write(move |tx| {
        let saved = seat_range::add(tx, &who, &args, &seats)?;
        let ends = [seats.first(), seats.last()].map(|seat| seat.map_or("", |(extension, _)| extension.as_str()));
        audit::note(tx, &who, &client, "add_many", "page:seats", &ends.join("-"))?;
        Ok(saved)
    });
    face.tell(saved.await?.after);
    let text = one.is_none().then_some(sheet);
    Ok(ActionReply { done: u32::try_from(done).unwrap_or_default(), text, ..ActionReply::default() })
}

async fn phone_passwords(face: &Face, caller: &Caller, client: &Client, ids: &[i64]) -> Result<ActionReply, Problem> {
    let mut reply = ActionReply::default();
    let mut lines = Vec::new();
    for id in ids.iter().copied() {
        let password = random_password();
        let (who, client, new) = (caller.who.clone(), client.0.clone(), password.clone());
        let seat = face.write(move |tx| {
            let seat = seats::phone_password(tx, &who, id, &new)?;
            audit::note(tx, &who, &client, "phone_password", &format!("seats:{id}"), "")?;
            Ok(seat)
        });
        match seat.await {
            Ok(seat) => {
                reply.done += 1;
                let args = [("seat", seat.as_str()), ("password", password.as_str())];
                lines.push(fill(caller.lang, "catalogue.seats.done.phone_password", &args));
            }
            Err(problem) => reply.refused.push((id, said_to(&problem.0, caller.lang, caller.hide_numbers))),
        }
    }
    reply.text = (!lines.is_empty()).then(|| lines.join("\n"));
    Ok(reply)
}

/// A seat's customers may be many: they change hands a chunk at a time, and the desk deletes the seat when none is left.
/// What the desk would refuse is left to it.
async fn hand_over(face: &Face, caller: &Caller, request: &ActionRequest) -> Result<(), Problem> {
    let (_, args) = page::asked(caller, "seats", "delete", &request.args, |place| place != Place::Toolbar)?;
    for id in request.ids.iter().copied() {
        loop {
            let (who, args) = (caller.who.clone(), args.clone());
            let more = face.write(move |tx| {
                if seats::deletable(tx, &who, id).is_err() {
                    return Ok(false);
                }
                match seat_heir::heir(tx, &who, &args, id)? {
                    Some(heir) => seat_heir::hand_over(tx, &who, id, heir),
                    None => Ok(false),
                }
            });
            if !more.await? {
                break;
            }
        }
    }
    Ok(())
}

pub fn random_password() -> String {
    let pick = |_| ALPHABET.get(rand::random::<u32>() as usize % ALPHABET.len()).copied().map_or('a', char::from);
    (0..RANDOM_PASSWORD).map(pick).collect()
}
