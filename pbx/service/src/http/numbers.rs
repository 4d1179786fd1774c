//! One row's telephone numbers in full, for who reads them where they are masked (D15). Each look is in the audit.

use super::{
    caller::{Caller, Client},
    face::Face,
    problem::{Named, Problem},
};
use crate::desk::{audit, page};
use axum::{Json, extract::State};
use hutong_api::page::RowReply;

pub const WORD: &str = "numbers.unmask";

pub async fn unmask(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    Named((page, id)): Named<(String, i64)>,
) -> Result<Json<RowReply>, Problem> {
    page::permitted(&caller, &page, "view")?;
    if !caller.may(WORD) {
        return Err(Problem::new("permission.denied"));
    }
    // 号码隐藏 is a seat's, whatever its role may (F87).
    if caller.hide_numbers {
        return Err(Problem::new("numbers.hidden"));
    }
    let written = face.write(move |tx| {
        let values = page::with(tx, &caller, &page, |source| source.numbers(tx, &caller, id))?;
        audit::note(tx, &caller, &client.0, WORD, &format!("{page}:{id}"), "")?;
        Ok(RowReply { id, values })
    });
    Ok(Json(written.await?))
}
