//! Pages of the catalogue: lists, forms, the player, exports.

use crate::fixture::*;
use hutong_api::{
    live::{RefusalText, ServerMsg},
    page::*,
};
use hutong_console::event::{About, AudioEvent, AudioRequest, Event, NetEvent, Request};

#[test]
fn a_form_sends_only_what_changed_and_keeps_errors_in_sight() {
    let mut desk = zh();
    desk.press("5");
    desk.answer_lists();
    desk.press("n<Ctrl-s>");
    assert!(desk.shot().contains("请填写:手机号码"));
    desk.press("<Esc>e");
    let values = [("mobile", "13800138000"), ("name", "谢"), ("hide", "true")];
    let reply = RowReply { id: 1, values: values.map(|(k, v)| (k.to_owned(), v.to_owned())).into() };
    desk.asked();
    desk.net(NetEvent::Row { page: "customers".into(), reply });
    desk.press("<Tab>先生<Ctrl-s>");
    let Some(Request::Save { id, values, .. }) = desk.asked().pop() else { panic!("no save") };
    assert_eq!((id, values), (Some(1), [("name".to_owned(), "谢先生".to_owned())].into()));
    let refusal = RefusalText { code: "x".into(), text: "不行".into() };
    desk.net(NetEvent::Refused { about: About::Save, refusal });
    assert!(desk.shot().contains("不行"));
    desk.press("<Ctrl-s>");
    desk.net(NetEvent::Saved { page: "customers".into(), id: 1 });
    assert!(desk.state.modal.is_none());
    assert!(matches!(desk.asked().pop(), Some(Request::List { .. })), "the list is read again");
}

#[test]
fn a_new_campaigns_file_follows_its_row() {
    let mut desk = zh();
    desk.press("2n新任务<Tab>");
    let choices = vec![Choice { value: "3".into(), label: "转人工".into() }];
    desk.net(NetEvent::Options { page: "campaigns".into(), field: "script".into(), choices });
    desk.press("<Right><Tab>/tmp/名单.csv<Ctrl-s>");
    let Some(Request::Save { id: None, values, .. }) = desk.asked().pop() else { panic!("no save") };
    assert_eq!(values.get("script").map(String::as_str), Some("3"));
    assert!(!values.contains_key("file"), "a path of this machine is not the service's business");
    desk.net(NetEvent::Saved { page: "campaigns".into(), id: 600 });
    let upload =
        Request::Upload { page: "campaigns".into(), campaign: Some(600), sync: false, path: "/tmp/名单.csv".into() };
    assert!(desk.asked().contains(&upload));
}

#[test]
fn filters_and_pages_are_asked_of_the_service() {
    let mut desk = zh();
    desk.press("4");
    desk.answer_lists();
    desk.press("/138<Tab><Right><Enter>");
    let Some(Request::List { query, tag, .. }) = desk.asked().pop() else { panic!("no list") };
    let query: Vec<String> = query.into_iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(query, ["page=1", "size=30", "q.phone=138", "q.state=answered"]);
    let reply = ListReply { rows: vec![], total: 99, page: 1, size: 30, more: false, notes: vec![] };
    desk.net(NetEvent::List { page: "calls".into(), tag: tag - 1, reply: reply.clone() });
    assert!(!desk.shot().contains("99 条"), "an answer to an older question");
    desk.net(NetEvent::List { page: "calls".into(), tag, reply });
    assert!(desk.shot().contains("过滤: 号码=138 呼叫状态=已接听"));
    desk.press("+");
    assert!(matches!(desk.asked().pop(), Some(Request::List { query, .. }) if query[0].1 == "2"));
}

#[test]
fn the_player_plays_seeks_and_stops() {
    let mut desk = zh();
    desk.press("4");
    desk.answer_lists();
    desk.press("<Enter>");
    desk.asked();
    desk.net(NetEvent::Peaks { call: 900, peaks: peaks() });
    desk.net(NetEvent::Recording { call: 900, wav: vec![1] });
    assert_eq!(desk.asked(), [Request::Audio(AudioRequest::Load(vec![1]))]);
    desk.press(" ");
    assert_eq!(desk.asked(), [], "nothing to play on yet");
    desk.feed(Event::Audio(AudioEvent::Ready("USB".into())));
    desk.press(" <Right><Left><Left>");
    let audio = |r| Request::Audio(r);
    let wanted = [AudioRequest::Play, AudioRequest::Pause, AudioRequest::Seek(5.0), AudioRequest::Seek(0.0)];
    assert_eq!(desk.asked()[..4], wanted.map(audio));
    desk.feed(Event::Audio(AudioEvent::Position(75.5)));
    assert!(desk.shot().contains("01:15 / 02:31"));
    desk.press("1");
    assert!(desk.asked().contains(&Request::Audio(AudioRequest::Stop)), "leaving the page ends it");
    desk.press("4");
    desk.answer_lists();
    desk.press("<Down><Down><Down><Enter>");
    assert!(desk.state.player.is_none() && !last(&desk, 0).contains("播放"), "this call has no recording");
}

#[test]
fn actions_of_a_row_ask_by_name() {
    let mut desk = zh();
    desk.press("5");
    desk.answer_lists();
    desk.press(".<Enter>");
    assert!(last(&desk, 1).contains("转移公共池:138****8000 谢先生?"), "{}", last(&desk, 1));
    desk.press("y");
    assert_eq!(desk.asked(), [Request::Action(deed("pool", &[1]))]);
    desk.press("D<Esc>");
    assert_eq!(desk.asked(), []);
}

#[test]
fn permissions_are_ticked_in_their_tree() {
    let mut desk = zh();
    desk.press(":转到 角色管理<Enter>");
    desk.answer_lists();
    desk.press("e");
    assert!(desk.asked().contains(&Request::Permissions));
    desk.net(NetEvent::Permissions(permissions()));
    let values = [("name", "主管"), ("permissions", "calls.play,other.word")];
    let values = values.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    desk.net(NetEvent::Row { page: "roles".into(), reply: RowReply { id: 3, values } });
    desk.press("<Tab> ");
    assert!(desk.shot().contains("[-] 统计报表 / 通话记录"), "{}", desk.shot());
    desk.press(" <Enter><Ctrl-s>");
    let Some(Request::Save { values, .. }) = desk.asked().pop() else { panic!("no save") };
    let wanted = "customers.view,customers.add,customers.delete,calls.play,other.word";
    assert_eq!(values["permissions"], wanted, "what he may not see stays");
}

#[test]
fn news_of_a_page_reads_it_again() {
    let mut desk = customers();
    desk.net(NetEvent::Live(ServerMsg::Changed { page: "popups".into() }));
    assert_eq!(desk.asked(), [], "not on screen");
    desk.net(NetEvent::Live(ServerMsg::Changed { page: "customers".into() }));
    assert!(matches!(desk.asked()[..], [Request::List { .. }]));
    desk.net(NetEvent::Live(ServerMsg::Changed { page: "customer_fields".into() }));
    assert_eq!(desk.asked(), [Request::Catalogue]);
}

#[test]
fn an_export_is_a_workbook_too_and_a_prefix_may_be_left() {
    let mut desk = customers();
    desk.press("xx");
    let path = "/api/p/customers/export?format=xlsx".into();
    assert_eq!(desk.asked(), [Request::Download { path, into: "customers-export.xlsx".into() }]);
    desk.press("x<Esc>xq");
    assert_eq!((desk.asked(), desk.state.quit, desk.state.prefix), (vec![], false, None));
}
