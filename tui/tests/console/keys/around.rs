//! Palette, help, mouse, themes, the trees and the log.

use crate::fixture::*;
use hutong_api::{CampaignId, Lang};
use hutong_console::{
    event::{Event, Hit, NetEvent, Request},
    state::{Screen, Stage},
};

#[test]
fn the_mouse_chooses_tabs_and_rows() {
    let mut desk = zh();
    desk.feed(Event::Hit(Hit::Row(3, 1)));
    assert_eq!(desk.state.chosen_seat().unwrap().extension, "8004");
    desk.feed(Event::Wheel(3));
    assert_eq!(desk.state.chosen_seat().unwrap().extension, "8005");
    desk.feed(Event::Hit(Hit::Tab(1)));
    assert_eq!(desk.state.screen, Screen::Campaigns);
}

#[test]
fn the_palette_narrows_and_goes() {
    let mut desk = zh();
    desk.press(":转到 坐席<Enter>");
    assert_eq!(desk.state.screen, Screen::Agents);
    desk.press("<Ctrl-k>退出登录<Enter>");
    assert_eq!((desk.asked().pop(), &desk.state.stage), (Some(Request::Logout), &Stage::Login));
}

#[test]
fn themes_are_changed_by_two_keys() {
    let mut desk = zh();
    desk.press("Ta");
    assert!(desk.state.theme.ascii() && !desk.shot().contains('│'));
    desk.press("Td");
    assert!(desk.shot().contains('│'));
}

#[test]
fn the_tree_of_settings_is_walked() {
    let mut desk = zh();
    desk.press("8");
    assert_eq!(desk.state.screen, Screen::Page("popups".into()), "系统设置 first");
    desk.press("<Tab><Down>");
    assert_eq!(desk.state.screen, Screen::Page("activities".into()));
    desk.press("5<Esc>8");
    assert_eq!(desk.state.screen, Screen::Page("activities".into()), "where one was");
    desk.press("<Tab><Up><Enter>");
    desk.answer_lists();
    desk.press("<Enter>");
    assert!(desk.shot().contains("振铃时弹出"), "{}", desk.shot());
}

#[test]
fn the_log_jumps_to_what_it_is_about() {
    let mut desk = zh();
    desk.press("9<Down><Enter>");
    assert_eq!(desk.state.campaigns.detail, Some(CampaignId(537)), "{}", desk.shot());
    desk.press("9");
    desk.answer_lists();
    desk.press("<Tab><Enter>");
    assert_eq!(desk.state.campaigns.detail, Some(CampaignId(537)));
    desk.press("9");
    desk.answer_lists();
    desk.press("<Tab><Down><Enter>");
    assert_eq!(desk.state.chosen_seat().map(|s| s.extension.as_str()), Some("8004"));
}

#[test]
fn the_palette_finds_people_by_their_initials() {
    let mut desk = customers();
    desk.press("1:zm<Enter>");
    assert_eq!(desk.state.screen, Screen::Agents, "an agent");
    assert_eq!(desk.state.chosen_seat().unwrap().extension, "8004");
    desk.press(":客户 zm<Enter>");
    assert_eq!(
        (&desk.state.screen, desk.state.pages["customers"].cursor.id()),
        (&Screen::Page("customers".into()), Some(3))
    );
    desk.asked();
    desk.press(":谢");
    let Some(Request::List { page, tag, query }) = desk.asked().pop() else { panic!("customers are looked for") };
    assert_eq!((page.as_str(), query[2].clone()), ("customers", ("q.name".into(), "谢".into())));
    desk.press("大");
    assert_eq!(desk.asked(), [], "one question at a time");
    let mut reply = list("customers", Lang::Zh);
    reply.rows.truncate(1);
    reply.rows[0].id = 77;
    reply.rows[0].cells.insert("name".into(), "谢大海".into());
    desk.net(NetEvent::List { page, tag, reply });
    assert!(desk.shot().contains("客户 138****8000 谢大海"), "{}", desk.shot());
    assert!(matches!(desk.asked().pop(), Some(Request::List { query, .. }) if query[2].1 == "谢大"), "then the next");
    desk.press("<Enter>");
    assert_eq!(desk.state.pages["customers"].filters["name"], "谢大海");
}

#[test]
fn the_help_is_searched() {
    let mut desk = zh();
    desk.press("?zt");
    assert!(desk.shot().contains("主题") && !desk.shot().contains("重画"), "{}", desk.shot());
    desk.press("<Esc>?q");
    assert!(desk.state.modal.is_none() && !desk.state.quit);
}

#[test]
fn the_bottom_line_is_clicked() {
    let mut desk = zh();
    let hits = desk.hits();
    let quit =
        hits.iter().find(|(_, hit)| *hit == Hit::Act(hutong_console::keys::Act::Quit)).expect("a place to click");
    assert_eq!(quit.0.y, 35);
    desk.feed(Event::Hit(quit.1.clone()));
    assert!(desk.state.quit);
}

#[test]
fn a_row_of_the_log_names_a_row_of_a_page() {
    let mut desk = zh();
    desk.press("9");
    let mut reply = list("audit", Lang::Zh);
    reply.rows[0].cells.insert("object".into(), "客户资料 3".into());
    let Some(Request::List { tag, .. }) = desk.asked().pop() else { panic!("no list") };
    desk.net(NetEvent::List { page: "audit".into(), tag, reply });
    desk.press("<Tab><Enter>");
    desk.answer_lists();
    assert_eq!(
        (&desk.state.screen, desk.state.pages["customers"].cursor.id()),
        (&Screen::Page("customers".into()), Some(3))
    );
}
