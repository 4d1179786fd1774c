//! Acknowledging alarms: by whom and when is the service's to say, and every console shows it.

use crate::fixture::*;
use hutong_api::{
    Lang,
    board::{AlarmAck, BoardMsg},
    live::{Command, ServerMsg},
};
use hutong_console::{
    event::{NetEvent, Request},
    state::Screen,
};

const ALARM: &str = "console.link.not_sent";

fn acked(desk: &mut Desk, seq: u64) {
    let ack = AlarmAck { event_at: NOW - 14_000, text_key: ALARM.into(), by: "张敏(8004)".into(), at: NOW };
    desk.net(NetEvent::Live(ServerMsg::Board(BoardMsg { seq, at: NOW, acks: Some(vec![ack]), ..Default::default() })));
}

#[test]
fn an_alarm_waits_until_somebody_acknowledges_it() {
    let mut desk = zh();
    assert!(last(&desk, 1).contains("1 条告警未确认,按 ! 查看"), "{}", last(&desk, 1));
    desk.press("!");
    assert_eq!(desk.state.screen, Screen::Log);
    assert!(desk.shot().contains("告警 1  未确认 1"), "{}", desk.shot());
    desk.press("<Down>a");
    assert_eq!(sends(&mut desk), [], "what is no alarm has no such key");
    assert!(!last(&desk, 0).contains("<a>") && last(&desk, 0).contains("<A>全部确认"), "{}", last(&desk, 0));
    desk.press("<Up>a");
    let ack = Command::AlarmAck { at: NOW - 14_000, text_key: Some(ALARM.into()) };
    let Some(Request::Send { req, cmd }) = desk.asked().pop() else { panic!("nothing sent") };
    assert_eq!(cmd, ack);
    assert!(desk.shot().contains("未确认 1"), "until the service says so");
    desk.net(NetEvent::Live(ServerMsg::Reply { req, refusal: None }));
    acked(&mut desk, 2);
    assert!(desk.shot().contains("张敏(8004) 10:23:45") && desk.shot().contains("未确认 0"), "{}", desk.shot());
    desk.press("aA");
    assert_eq!(sends(&mut desk), [], "nothing is left to acknowledge");
    desk.press("1");
    assert!(!desk.shot().contains("按 ! 查看"));
}

#[test]
fn all_at_once_means_those_shown_and_the_cursor_stays_on_its_event() {
    let mut desk = zh();
    desk.press("9A");
    assert_eq!(sends(&mut desk), [Command::AlarmAck { at: NOW - 14_000, text_key: None }]);
    let events = Some(vec![event(0, true, ALARM, "")]);
    desk.net(NetEvent::Live(ServerMsg::Board(BoardMsg { seq: 2, at: NOW, events, ..Default::default() })));
    desk.press("a");
    let first = Command::AlarmAck { at: NOW - 14_000, text_key: Some(ALARM.into()) };
    assert_eq!(sends(&mut desk), [first], "not the one that came meanwhile");
}

#[test]
fn who_may_not_has_no_key() {
    let mut desk = Desk::with(Lang::En, (80, 24), &["wall.view"]);
    desk.press("!aA");
    assert_eq!((sends(&mut desk), desk.state.screen.clone()), (vec![], Screen::Log));
    acked(&mut desk, 2);
    assert!(desk.shot().contains("张敏(8004)"), "he sees who did: {}", desk.shot());
}
