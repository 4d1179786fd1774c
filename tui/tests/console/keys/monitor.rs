//! 任务监控 by keys, and where the buttons of a task lead.

use crate::fixture::*;
use hutong_api::{
    CampaignId, Lang,
    catalogue::{self, Permissions},
    live::RefusalText,
};
use hutong_console::{
    event::{About, Event, NetEvent, Request},
    state::Screen,
};

fn asked(desk: &mut Desk) -> Vec<i64> {
    desk.asked()
        .into_iter()
        .filter_map(|asked| if let Request::Monitor(id) = asked { Some(id) } else { None })
        .collect()
}

#[test]
fn the_open_task_is_asked_for_once_a_second_and_one_question_at_a_time() {
    let mut desk = zh();
    desk.press("<Enter>");
    assert_eq!(asked(&mut desk), [537]);
    desk.feed(Event::Tick(NOW + 5_000));
    assert_eq!(asked(&mut desk), [0; 0], "the answer is on its way");
    desk.net(NetEvent::Monitor(Box::new(monitor(Lang::Zh, 537))));
    assert_eq!(asked(&mut desk), [537]);
    desk.net(NetEvent::Monitor(Box::new(monitor(Lang::Zh, 537))));
    desk.feed(Event::Tick(NOW + 5_900));
    assert_eq!(asked(&mut desk), [0; 0]);
    assert!(desk.shot().contains("近 1 小时平均空等 11 秒"), "{}", desk.shot());
    desk.feed(Event::Tick(NOW + 6_000));
    assert_eq!(asked(&mut desk), [537]);
    let refusal = RefusalText { code: "request.busy".into(), text: "忙".into() };
    desk.net(NetEvent::Refused { about: About::Monitor, refusal });
    desk.feed(Event::Tick(NOW + 8_000));
    assert_eq!(asked(&mut desk), [0; 0], "a moment's rest after a failure");
    assert!(desk.shot().contains("近 1 小时平均空等 11 秒"), "what was seen stays");
    desk.feed(Event::Tick(NOW + 12_000));
    assert_eq!(asked(&mut desk), [537]);
    desk.press("<Esc>");
    desk.feed(Event::Tick(NOW + 20_000));
    assert_eq!(asked(&mut desk), [0; 0], "nobody looks");
}

#[test]
fn an_answer_about_another_task_is_not_shown_and_who_may_not_watch_does_not_ask() {
    let mut desk = zh();
    desk.press("<Enter><Esc><Down><Enter>");
    desk.net(NetEvent::Monitor(Box::new(monitor(Lang::Zh, 537))));
    assert_eq!(desk.state.campaigns.detail, Some(CampaignId(536)));
    assert!(!desk.shot().contains("平均空等"), "{}", desk.shot());
    let mut desk = Desk::with(Lang::Zh, (120, 36), &["wall.view", "campaigns.view"]);
    desk.press("<Enter>");
    assert_eq!(asked(&mut desk), [0; 0]);
}

#[test]
fn a_task_s_buttons_lead_to_its_numbers_and_its_report() {
    for (key, page) in [("v", "task_numbers"), ("b", "call_report")] {
        let mut desk = zh();
        desk.net(NetEvent::Catalogue(catalogue::views(Lang::Zh, &Permissions::of(["*"]))));
        desk.press("2");
        let id = desk.state.chosen_campaign().map(|row| row.id.0).expect("a task is chosen");
        desk.asked();
        desk.press(key);
        assert_eq!(desk.state.screen, Screen::Page(page.into()));
        let asked = desk.asked();
        let listed = asked.iter().any(|asked| match asked {
            Request::List { page: of, query, .. } => {
                of == page && query.contains(&("q.campaign".into(), id.to_string()))
            }
            _ => false,
        });
        assert!(listed, "{asked:?}");
    }
    let mut desk = zh();
    desk.net(NetEvent::Catalogue(catalogue::views(
        Lang::Zh,
        &Permissions::of(["campaigns.view", "campaigns.results"]),
    )));
    desk.press("2v");
    assert_eq!(desk.state.screen, Screen::Campaigns, "a page he may not look at");
}
