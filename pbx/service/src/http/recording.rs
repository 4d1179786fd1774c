//! Recordings: by call id only, with ranges, each hearing written down (F70).

use super::{
    caller::{Caller, Client},
    face::Face,
    problem::{Asked, Named, Problem},
};
use crate::{desk::recording, media};
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use hutong_api::page::Peaks;
use std::{io::SeekFrom, path::PathBuf};
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// Read from the disk at once, in bytes.
const CHUNK: u64 = 64 << 10;

#[derive(Debug, Default, serde::Deserialize)]
pub struct Wish {
    download: Option<u8>,
}

pub async fn audio(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    headers: HeaderMap,
    Named(call): Named<i64>,
    Asked(wish): Asked<Wish>,
) -> Result<Response, Problem> {
    let download = wish.download.is_some_and(|n| n != 0);
    let word = if download { "calls.download" } else { "calls.play" };
    caller.needs(word)?;
    let path = path(&face, &caller, call).await?;
    let mut file = tokio::fs::File::open(path).await.map_err(|_| Problem::new("recording.gone"))?;
    let size = file.metadata().await.map_err(|_| Problem::new("recording.gone"))?.len();
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let (from, to) = match range.map(|text| parse(text, size)) {
        None | Some(Range::Whole) => (0, size),
        Some(Range::Part(from, to)) => (from, to),
        Some(Range::Outside) => {
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, format!("bytes */{size}"))])
                .into_response());
        }
    };
    // A player asks for many ranges of one hearing; the first is the one written down.
    if from == 0 {
        face.audit(&caller, &client.0, word, format!("call:{call}")).await?;
    }
    file.seek(SeekFrom::Start(from)).await.map_err(|_| Problem::new("recording.gone"))?;
    let disposition = if download { "attachment" } else { "inline" };
    let mut response = (
        [
            (header::CONTENT_TYPE, "audio/wav".to_owned()),
            (header::ACCEPT_RANGES, "bytes".to_owned()),
            (header::CONTENT_LENGTH, (to - from).to_string()),
            (header::CONTENT_DISPOSITION, format!("{disposition}; filename=\"{call}.wav\"")),
        ],
        Body::from_stream(stream(file, to - from)),
    )
        .into_response();
    if to - from < size {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let value = format!("bytes {from}-{}/{size}", to - 1);
        response.headers_mut().extend(value.parse().ok().map(|value| (header::CONTENT_RANGE, value)));
    }
    Ok(response)
}

pub async fn peaks(State(face): State<Face>, caller: Caller, Named(call): Named<i64>) -> Result<Json<Peaks>, Problem> {
    caller.needs("calls.play")?;
    let path = path(&face, &caller, call).await?;
    let peaks =
        tokio::task::spawn_blocking(move || media::peaks(&path)).await.map_err(|_| Problem::new("request.failed"))?;
    peaks.map(Json).map_err(|_| Problem::new("recording.gone"))
}

async fn path(face: &Face, caller: &Caller, call: i64) -> Result<PathBuf, Problem> {
    let who = caller.who.clone();
    let found = face.read(move |conn| recording::find(conn, &who, call)).await?;
    let data_dir = &face.app.config.data_dir;
    let gone = |_| Problem::new("recording.gone");
    let (root, path) =
        (data_dir.canonicalize().map_err(gone)?, data_dir.join(found.path).canonicalize().map_err(gone)?);
    // Nor may a link in it lead elsewhere.
    if path.starts_with(&root) { Ok(path) } else { Err(Problem::new("row.unknown")) }
}

fn stream(file: tokio::fs::File, left: u64) -> impl futures_util::Stream<Item = Result<bytes::Bytes, std::io::Error>> {
    futures_util::stream::unfold((file, left), |(mut file, left)| async move {
        if left == 0 {
            return None;
        }
        let mut chunk = vec![0; usize::try_from(left.min(CHUNK)).unwrap_or_default()];
        match file.read(&mut chunk).await {
            Ok(0) => None,
            Ok(n) => {
                chunk.truncate(n);
                Some((Ok(chunk.into()), (file, left - n as u64)))
            }
            Err(error) => Some((Err(error), (file, 0))),
        }
    })
}

#[derive(Debug, PartialEq, Eq)]
enum Range {
    /// Not one plain range of bytes: the whole is sent (RFC 9110 §14.2).
    Whole,
    /// [from, to)
    Part(u64, u64),
    Outside,
}

/// RFC 9110 §14.1.2; several ranges are answered with the whole.
fn parse(text: &str, size: u64) -> Range {
    let Some((from, to)) = text.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Range::Whole;
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    match (from.trim().is_empty(), to.trim().is_empty(), number(from), number(to)) {
        (true, _, _, Some(0)) => Range::Outside,
        (true, _, _, Some(last)) if size > 0 => Range::Part(size.saturating_sub(last), size),
        (false, true, Some(from), _) if from < size => Range::Part(from, size),
        (false, false, Some(from), Some(to)) if from <= to && from < size => {
            Range::Part(from, to.saturating_add(1).min(size))
        }
        (false, true, Some(_), _) | (true, false, _, Some(_)) => Range::Outside,
        (false, false, Some(from), Some(to)) if from <= to => Range::Outside,
        _ => Range::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_as_the_rfc_has_them() {
        assert_eq!(parse("bytes=0-9", 100), Range::Part(0, 10));
        assert_eq!(parse("bytes=90-", 100), Range::Part(90, 100));
        assert_eq!(parse("bytes=-10", 100), Range::Part(90, 100));
        assert_eq!(parse("bytes=-1000", 100), Range::Part(0, 100));
        assert_eq!(parse("bytes=50-1000", 100), Range::Part(50, 100));
        assert_eq!(parse("bytes=100-", 100), Range::Outside);
        assert_eq!(parse("bytes=200-300", 100), Range::Outside);
        assert_eq!(parse("bytes=-0", 100), Range::Outside);
        for odd in ["bytes=9-2", "bytes=0-1,5-6", "items=0-1", "bytes=x-", "bytes=-", ""] {
            assert_eq!(parse(odd, 100), Range::Whole, "{odd}");
        }
        assert_eq!(parse("bytes=18446744073709551615-", 100), Range::Outside);
        assert_eq!(parse("bytes=0-18446744073709551615", 100), Range::Part(0, 100));
    }
}
