//! Logging in, the link, and what the session brings.

use crate::fixture::*;
use hutong_api::{
    Lang,
    board::BoardMsg,
    live::{Command, RefusalText, ServerMsg},
    page::*,
};
use hutong_console::{
    event::{Event, NetEvent, Request},
    state::{Screen, Stage},
};
use ratatui::style::Color;

#[test]
fn the_login_sends_its_three_parts() {
    let mut desk = Desk::closed(Lang::Zh, (80, 24));
    desk.press("admin<Enter>");
    assert_eq!(desk.asked(), [], "the password is missing");
    desk.press("secret<Enter>");
    let Some(Request::Login { company, account, password, .. }) = desk.asked().pop() else { panic!("no login") };
    assert_eq!((company.as_str(), account.as_str(), password.as_str()), ("ab01", "admin", "secret"));
    assert!(!desk.shot().contains("secret"));
    desk.press("<Enter>");
    assert_eq!(desk.asked(), [], "one login at a time");
    desk.net(NetEvent::LoginRefused(RefusalText { code: "x".into(), text: "密码不对".into() }));
    assert!(desk.shot().contains("密码不对"));
}

#[test]
fn a_certificate_is_accepted_by_y_alone() {
    let mut desk = Desk::closed(Lang::Zh, (80, 24));
    desk.net(NetEvent::Certificate { fingerprint: "ab".repeat(32), known: None });
    desk.press("<Enter>x");
    assert_eq!(desk.asked(), []);
    desk.press("y");
    let asked = desk.asked();
    assert_eq!(asked[0], Request::Trust("ab".repeat(32)));
    assert!(matches!(asked[1], Request::Login { .. }));
    desk.net(NetEvent::Certificate { fingerprint: "cd".repeat(32), known: Some("ab".repeat(32)) });
    assert!(desk.shot().contains("与上次不同"));
    desk.press("n");
    assert_eq!((desk.asked(), &desk.state.stage), (vec![], &Stage::Login));
}

#[test]
fn a_silent_new_login_leaves_the_screen_alone() {
    let mut desk = zh();
    desk.press("3");
    desk.net(NetEvent::LoggedIn(Box::new(session(Lang::Zh, &["*"]))));
    assert_eq!((desk.asked(), &desk.state.screen), (vec![Request::Catalogue, Request::Notices], &Screen::Agents));
}

#[test]
fn the_session_may_end_from_the_other_side() {
    let mut desk = zh();
    desk.net(NetEvent::Live(ServerMsg::Bye(RefusalText { code: "x".into(), text: "已在别处登录".into() })));
    assert_eq!(desk.asked(), [Request::Logout]);
    assert!(desk.shot().contains("已在别处登录"));
}

#[test]
fn times_are_in_the_company_s_zone_unless_another_was_given() {
    for (given, zone) in [(false, "America/New_York"), (true, "Asia/Shanghai")] {
        let mut desk = zh();
        desk.state.own_zone = given;
        desk.net(NetEvent::LoggedIn(Box::new(Session {
            zone: "America/New_York".into(),
            ..session(Lang::Zh, &["*"])
        })));
        assert_eq!(desk.state.zone.iana_name(), Some(zone));
    }
}

#[test]
fn deltas_show_and_a_gap_asks_again() {
    let mut desk = zh();
    let mut totals = board().totals.unwrap();
    totals.dialled = 7777;
    let msg = |seq| BoardMsg { seq, at: NOW, totals: Some(totals.clone()), ..BoardMsg::default() };
    desk.net(NetEvent::Live(ServerMsg::Board(msg(2))));
    assert!(desk.shot().contains("7777 通"));
    assert_eq!(sends(&mut desk), []);
    desk.net(NetEvent::Live(ServerMsg::Board(msg(4))));
    assert_eq!(sends(&mut desk), [Command::WatchBoard { on: true }]);
}

#[test]
fn a_lost_link_greys_the_board_counts_down_and_keeps_no_command() {
    let mut desk = zh();
    let normal = desk.buffer()[(3, 8)].fg;
    desk.net(NetEvent::LinkDown { retry_at: NOW + 8000 });
    assert!(last(&desk, 1).contains("连接断开,8s 后重试"), "{}", last(&desk, 1));
    assert_eq!(desk.buffer()[(3, 8)].fg, Color::DarkGray);
    assert_ne!(normal, Color::DarkGray);
    desk.feed(Event::Tick(NOW + 3000));
    assert!(last(&desk, 1).contains("5s 后重试"));
    desk.press("p");
    assert_eq!(sends(&mut desk), []);
    assert!(last(&desk, 1).contains("命令没有发出"));
    desk.press("3");
    assert_eq!(desk.state.screen, Screen::Agents, "keys still work");
    desk.net(NetEvent::LinkUp);
    desk.net(NetEvent::Live(ServerMsg::Board(board())));
    assert!(desk.shot().contains("●已连"));
    desk.press("1p");
    assert_eq!(sends(&mut desk).len(), 1);
}
