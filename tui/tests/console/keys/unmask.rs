//! One row's number in full (D15): asked for each time, and gone with the cursor.

use crate::fixture::*;
use hutong_api::{Lang, page::RowReply};
use hutong_console::event::{NetEvent, Request};

fn reply(id: i64) -> NetEvent {
    let values = [("mobile".to_owned(), "15400001111".to_owned())].into();
    NetEvent::Numbers { page: "customers".into(), reply: RowReply { id, values } }
}

#[test]
fn a_number_is_shown_whole_until_the_cursor_moves() {
    for (lang, size) in [(Lang::Zh, (120, 36)), (Lang::En, (80, 24))] {
        let mut desk = Desk::open(lang, size);
        desk.press("5");
        desk.answer_lists();
        desk.asked();
        desk.press("M");
        assert_eq!(desk.asked(), [], "the service masks this row: there is nothing to ask for");
        desk.press("G");
        desk.asked();
        assert!(desk.shot().contains("154****1111") && !desk.shot().contains("15400001111"), "{}", desk.shot());
        desk.press("M");
        assert_eq!(desk.asked(), [Request::Numbers { page: "customers".into(), id: 3 }]);
        desk.net(reply(3));
        assert!(desk.shot().contains("15400001111"), "{}", desk.shot());
        desk.press("<Up>");
        assert!(!desk.shot().contains("15400001111"));
        desk.press("<Down>");
        assert!(!desk.shot().contains("15400001111"), "each look is asked for");
        desk.press("M<Up>");
        desk.net(reply(3));
        desk.press("<Down>");
        assert!(!desk.shot().contains("15400001111"), "the answer came too late");
    }
}

#[test]
fn who_may_not_has_no_key_and_nothing_shows() {
    let mut desk = Desk::with(Lang::Zh, (120, 36), &["customers.view"]);
    desk.press(":客户资料<Enter>");
    desk.answer_lists();
    desk.press("G");
    desk.asked();
    assert!(!last(&desk, 0).contains("<M>"));
    desk.press("M");
    assert_eq!(desk.asked(), []);
}
