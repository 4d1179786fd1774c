//! The seat's standing WebRTC leg: offer in, answer out.

use super::{
    caller::Caller,
    face::Face,
    problem::{Body, Problem},
};
use crate::media::OfferError;
use axum::{Json, extract::State};
use hutong_api::page::{PhoneAnswer, PhoneOffer};

pub async fn offer(
    State(face): State<Face>,
    caller: Caller,
    Body(offer): Body<PhoneOffer>,
) -> Result<Json<PhoneAnswer>, Problem> {
    caller.needs("seat.work")?;
    match face.app.media.seat_offer(caller.seat, offer.sdp).await {
        Ok(sdp) => Ok(Json(PhoneAnswer { sdp })),
        Err(error) => {
            tracing::info!(seat = caller.seat.0, %error, "phone offer refused");
            Err(Problem::new(match error {
                OfferError::Bad(_) => "phone.bad_offer",
                OfferError::NoCodec => "phone.no_codec",
                OfferError::Gone => "phone.gone",
            }))
        }
    }
}
