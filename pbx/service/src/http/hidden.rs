//! What a seat with 号码隐藏 gets over its socket (F87): people write numbers where a name or a sentence belongs, so every
//! text about customers loses them on its way out.

use crate::desk::cell::scrub;
use hutong_api::{
    board::BoardMsg,
    live::{Pop, RefusalText, ServerMsg},
    page::ImportStatus,
};

pub fn of(message: ServerMsg) -> ServerMsg {
    match message {
        ServerMsg::Board(board) => ServerMsg::Board(self::board(board)),
        ServerMsg::Pop(pop) => ServerMsg::Pop(self::pop(pop)),
        ServerMsg::Import(status) => ServerMsg::Import(import(status)),
        ServerMsg::Message { from, text, at } => ServerMsg::Message { from, text: scrub(&text), at },
        ServerMsg::Toast(said) => ServerMsg::Toast(refusal(said)),
        ServerMsg::Bye(said) => ServerMsg::Bye(refusal(said)),
        ServerMsg::Reply { req, refusal: said } => ServerMsg::Reply { req, refusal: said.map(refusal) },
        other => other,
    }
}

fn board(mut board: BoardMsg) -> BoardMsg {
    for call in board.calls.iter_mut().flatten() {
        call.number = scrub(&call.number);
        call.name = scrub(&call.name);
    }
    let args = board.events.iter_mut().flatten().flat_map(|event| &mut event.args);
    args.for_each(|(_, value)| *value = scrub(value));
    board
}

fn pop(mut pop: Pop) -> Pop {
    pop.number = scrub(&pop.number);
    pop.card.values_mut().for_each(|value| *value = scrub(value));
    pop
}

/// Not even the rows that were refused show their numbers.
pub fn import(mut status: ImportStatus) -> ImportStatus {
    for sample in &mut status.samples {
        sample.raw = scrub(&sample.raw);
        sample.reason.text = scrub(&sample.reason.text);
    }
    status.refusal = status.refusal.map(refusal);
    status
}

fn refusal(said: RefusalText) -> RefusalText {
    RefusalText { text: scrub(&said.text), ..said }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_api::{CallId, CallKind, board::*};

    const NUMBER: &str = "15400001234";

    #[test]
    fn no_message_carries_a_number_somebody_wrote_into_a_text() {
        let call = CallRow {
            id: CallId(1),
            kind: CallKind::Campaign,
            stage: CallStage::Talking,
            since: 0,
            seat: None,
            campaign: None,
            trunk: String::new(),
            number: "154****1234".into(),
            name: format!("张 {NUMBER}"),
        };
        let event = EventRow {
            at: 0,
            alarm: false,
            text_key: "call.event.x".into(),
            args: vec![("name".into(), format!("{NUMBER}先生"))],
        };
        let said = || RefusalText { code: "x".into(), text: format!("{NUMBER} 已存在") };
        let pop = Pop {
            call: CallId(1),
            kind: CallKind::Campaign,
            number: NUMBER.into(),
            campaign: None,
            customer: None,
            card: [("note".to_owned(), "154-0000-1234".to_owned())].into(),
            form: Vec::new(),
            url: None,
        };
        let board = BoardMsg { calls: Some(vec![call]), events: Some(vec![event]), ..BoardMsg::default() };
        for message in [
            ServerMsg::Board(board),
            ServerMsg::Pop(pop),
            ServerMsg::Message { from: "a".into(), text: format!("回 {NUMBER}"), at: 0 },
            ServerMsg::Toast(said()),
            ServerMsg::Bye(said()),
            ServerMsg::Reply { req: 1, refusal: Some(said()) },
        ] {
            let sent = serde_json::to_string(&of(message)).unwrap_or_default();
            let digits: String = sent.chars().filter(char::is_ascii_digit).collect();
            assert!(!sent.is_empty() && !digits.contains(NUMBER), "{sent}");
        }
    }
}
