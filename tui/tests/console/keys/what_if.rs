//! 试算 of a campaign by keys, and its answer of several lines.

use crate::fixture::*;
use hutong_api::{
    Lang,
    catalogue::{self, Permissions},
    page::ActionReply,
};
use hutong_console::{
    event::{NetEvent, Request},
    state::Modal,
};

#[test]
fn a_campaign_s_day_is_asked_for_and_told_at_every_size() {
    for (lang, size) in [(Lang::Zh, (120, 36)), (Lang::En, (80, 24))] {
        let mut desk = Desk::open(lang, size);
        desk.net(NetEvent::Catalogue(catalogue::views(lang, &Permissions::of(["*"]))));
        desk.press("2");
        desk.asked();
        desk.press("w");
        assert!(matches!(desk.state.modal, Some(Modal::Form(_))), "{}", desk.shot());
        desk.press("<Ctrl-s>");
        let asked = desk.asked().into_iter().find_map(|asked| match asked {
            Request::Action(deed) => Some(deed),
            _ => None,
        });
        let deed = asked.expect("the question is sent");
        assert_eq!((deed.page.as_str(), deed.action.as_str(), deed.ids.len()), ("campaigns", "what_if", 1));
        assert_eq!(deed.args.get("agents").map(String::as_str), Some("5"));
        let text = Some("一二三\n四五六".to_owned());
        let reply = ActionReply { done: 1, text, ..ActionReply::default() };
        desk.net(NetEvent::ActionDone { page: "campaigns".into(), reply });
        let shot = desk.shot();
        let told: Vec<_> = shot.lines().filter(|line| line.contains("一二三") || line.contains("四五六")).collect();
        assert_eq!(told.len(), 2, "{shot}");
        desk.press("<Enter>");
        assert!(desk.state.modal.is_none() && !desk.shot().contains("四五六"));
    }
}
