//! 公告 and messages: how many wait, and that reading is told to the service once.

use crate::fixture::*;
use hutong_api::{Lang, live::ServerMsg};
use hutong_console::event::{NetEvent, Request};

fn message(desk: &mut Desk, text: &str) {
    desk.net(NetEvent::Live(ServerMsg::Message { from: "赵磊(8001)".into(), text: text.into(), at: NOW }));
}

#[test]
fn what_waits_is_counted_and_reading_marks_it() {
    let mut desk = zh();
    desk.net(NetEvent::Notices(notices()));
    message(&mut desk, "下午开会");
    let head = |desk: &Desk| desk.shot().lines().next().unwrap().to_owned();
    assert!(head(&desk).contains("消息2"), "{}", head(&desk));
    desk.press("N");
    assert_eq!(desk.asked(), [Request::Notices]);
    desk.net(NetEvent::Notices(notices()));
    assert!(desk.shot().contains("公告与消息  未读 2") && desk.shot().contains("!紧急"), "{}", desk.shot());
    desk.press("<Enter>");
    assert_eq!(desk.asked(), [Request::NoticeRead(3)], "the urgent one stands first");
    assert!(desk.shot().contains("18:00 到 18:30 停止外呼"), "{}", desk.shot());
    desk.press("<Esc><Enter>");
    assert_eq!(desk.asked(), [], "it is read already");
    desk.press("<Esc>gkkk<Enter>");
    assert!(desk.shot().contains("赵磊(8001)"), "{}", desk.shot());
    desk.press("<Esc><Esc>");
    assert!(desk.state.modal.is_none() && !head(&desk).contains("消息"), "{}", head(&desk));
}

#[test]
fn a_notice_taken_back_while_it_is_read_closes() {
    let mut desk = Desk::open(Lang::En, (80, 24));
    desk.press("N");
    assert!(desk.shot().contains("no notices or messages"));
    desk.net(NetEvent::Notices(notices()));
    desk.press("<Enter>");
    desk.asked();
    desk.net(NetEvent::Live(ServerMsg::Changed { page: "notices".into() }));
    assert_eq!(desk.asked(), [Request::Notices]);
    desk.net(NetEvent::Notices(notices().split_off(1)));
    assert!(desk.shot().contains("六月排班") && !desk.shot().contains("停止外呼"), "{}", desk.shot());
    assert_eq!(desk.state.inbox.unread(), 0);
}

#[test]
fn a_long_notice_is_read_to_its_end() {
    let mut desk = Desk::open(Lang::Zh, (80, 24));
    let mut long = notices();
    long[0].body = (1..=40).map(|n| format!("第{n}条\n")).collect();
    desk.press("N");
    desk.net(NetEvent::Notices(long));
    desk.press("<Enter>");
    assert!(desk.shot().contains("第1条") && !desk.shot().contains("第40条"));
    desk.press(&"j".repeat(60));
    assert!(desk.shot().contains("第40条") && !desk.shot().contains("第1条"), "{}", desk.shot());
}
