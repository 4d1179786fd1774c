//! What keys ask of the live floor, and what they may not.

use crate::fixture::*;
use hutong_api::{
    CallId, CampaignId, Lang, SeatId,
    board::BoardMsg,
    live::{Command, RefusalText, ServerMsg},
    page::*,
};
use hutong_console::{
    event::{Event, Hit, NetEvent, Request},
    state::Screen,
};
use ratatui::style::Color;

#[test]
fn start_asks_first_and_pause_does_not() {
    let mut desk = zh();
    desk.press("<Down><Down>s");
    assert!(last(&desk, 1).contains("启动任务 0514?将开始呼叫剩余 1206 个号码"), "{}", last(&desk, 1));
    assert_eq!(sends(&mut desk), []);
    desk.press("<Enter>x");
    assert_eq!(sends(&mut desk), []);
    desk.press("y");
    assert_eq!(sends(&mut desk), [Command::CampaignStart { campaign: CampaignId(514) }]);
    desk.press("gp");
    assert_eq!(sends(&mut desk), [Command::CampaignPause { campaign: CampaignId(537) }]);
}

#[test]
fn a_refusal_is_shown_and_so_is_success() {
    let mut desk = zh();
    desk.press("p");
    let Some(Request::Send { req, .. }) = desk.asked().pop() else { panic!("no command") };
    let text = "任务不在运行".to_owned();
    let refusal = Some(RefusalText { code: "campaign.not_running".into(), text });
    desk.net(NetEvent::Live(ServerMsg::Reply { req, refusal }));
    assert!(last(&desk, 1).contains("任务不在运行"));
    desk.press("p");
    let Some(Request::Send { req, .. }) = desk.asked().pop() else { panic!("no command") };
    desk.net(NetEvent::Live(ServerMsg::Reply { req, refusal: None }));
    assert!(last(&desk, 1).contains("已暂停 cs8000000"));
    desk.feed(Event::Tick(NOW + 9000));
    assert!(!last(&desk, 1).contains("已暂停"), "gone after a while");
}

#[test]
fn the_agents_keys_act_on_the_chosen_one() {
    let mut desk = zh();
    desk.press("3");
    assert!(desk.shot().contains("8002 何静"), "longest in talk comes first");
    desk.press("H");
    assert!(last(&desk, 1).contains("挂断坐席 8002 何静 与 李先生 170****7781 的通话"), "{}", last(&desk, 1));
    desk.press("y");
    assert_eq!(sends(&mut desk), [Command::HangUpCall { call: CallId(95) }]);
    desk.press("Oy");
    assert_eq!(sends(&mut desk), [Command::ForceSignOut { seat: SeatId(2) }]);
    desk.press("i");
    assert_eq!(sends(&mut desk), [], "who is signed in is not signed in again");
    desk.press("Giy");
    assert_eq!(sends(&mut desk), [Command::ForceSignIn { seat: SeatId(3) }]);
    desk.press("H");
    assert!(desk.state.modal.is_none(), "no call, no hang-up");
    desk.press("/倩<Enter>fy");
    assert_eq!(sends(&mut desk), [Command::ForceIdle { seat: SeatId(9) }]);
    desk.press("<Esc>");
    assert!(desk.shot().contains("张敏"));
}

#[test]
fn what_the_role_may_not_has_no_key() {
    let may = ["wall.view", "campaigns.pause"];
    let mut desk = Desk::with(Lang::Zh, (120, 36), &may);
    assert!(last(&desk, 0).contains("<p>暂停") && !last(&desk, 0).contains("<a>"));
    desk.press("<Down><Down>");
    assert!(!last(&desk, 0).contains("<s>"));
    desk.press("say3");
    assert!(!last(&desk, 0).contains("<H>") && !last(&desk, 0).contains("<O>"));
    desk.press("HyOyiyfy");
    assert_eq!(sends(&mut desk), []);
    assert!(!desk.shot().contains("挂断其通话"));
    let mut desk = Desk::with(Lang::Zh, (120, 36), &["customers.view"]);
    assert_eq!(desk.state.screens().len(), 6, "no wall: the catalogue's pages only");
    assert!(matches!(desk.state.screen, Screen::Page(_)));
    desk.press("?");
    assert!(!desk.shot().contains("挂机"));
}

#[test]
fn the_task_list_is_exported_by_who_may() {
    let mut desk = zh();
    desk.press("2x");
    assert!(last(&desk, 0).contains("<c>存为 CSV") && last(&desk, 0).contains("<x>存为 XLSX"), "{}", last(&desk, 0));
    desk.press("c");
    let file = Request::Download { path: "/api/p/campaigns/export?".into(), into: "campaigns-export.csv".into() };
    assert!(desk.asked().contains(&file));
    let mut desk = Desk::with(Lang::Zh, (120, 36), &["wall.view", "campaigns.view"]);
    desk.press("2xc");
    assert!(!desk.asked().iter().any(|asked| matches!(asked, Request::Download { .. })));
}

#[test]
fn h_and_l_and_escape_do_nothing_dangerous() {
    let mut desk = zh();
    desk.press("3hlL<Esc><Esc>");
    assert_eq!((desk.asked(), desk.state.quit), (vec![], false));
    desk.press("q");
    assert!(desk.state.quit);
}

#[test]
fn a_long_refusal_is_read_whole() {
    let mut desk = Desk::open(Lang::Zh, (80, 24));
    desk.press("p");
    let Some(Request::Send { req, .. }) = desk.asked().pop() else { panic!("no command") };
    let text = "余额不足:".to_owned() + &"请先充值再启动任务,".repeat(6) + "谢谢";
    let refusal = Some(RefusalText { code: "balance.empty".into(), text });
    desk.net(NetEvent::Live(ServerMsg::Reply { req, refusal }));
    let shot = desk.shot();
    assert!(shot.contains("余额不足") && shot.contains("谢谢"), "{shot}");
}

#[test]
fn the_chosen_row_is_marked_and_follows_its_row() {
    let mut desk = zh();
    desk.press("<Down>");
    let marked = |desk: &Desk| (0..36).find(|y| desk.buffer()[(4, *y)].bg == Color::Cyan);
    let before = marked(&desk).expect("a marked row");
    assert!(desk.shot().lines().nth(before.into()).unwrap().contains("618回访"));
    let mut campaigns = board().campaigns.unwrap();
    campaigns[0].status = hutong_api::board::CampaignStatus::Finished;
    let msg = BoardMsg { seq: 2, at: NOW, campaigns: Some(campaigns), ..BoardMsg::default() };
    desk.net(NetEvent::Live(ServerMsg::Board(msg)));
    let after = marked(&desk).expect("a marked row");
    assert_eq!(after, before - 1);
    assert!(desk.shot().lines().nth(after.into()).unwrap().contains("618回访"));
}

#[test]
fn append_uploads_a_file_and_shows_its_end() {
    let mut desk = zh();
    desk.press("2a");
    assert!(last(&desk, 1).contains("向 cs8000000 追加号码"));
    desk.press("/tmp/a.csv<Enter>");
    let upload =
        Request::Upload { page: "campaigns".into(), campaign: Some(537), sync: false, path: "/tmp/a.csv".into() };
    assert_eq!(desk.asked(), [upload]);
    let mut status = ImportStatus {
        batch: hutong_api::BatchId(7),
        stage: ImportStage::Reading,
        encoding: "UTF-8".into(),
        separator: ",".into(),
        bytes_read: 0,
        bytes_total: 10,
        rows: 0,
        added: 0,
        duplicate: 0,
        bad: 0,
        blocked: 0,
        samples: vec![],
        refusal: None,
        undo: None,
        updated: 0,
        passwords: false,
    };
    desk.net(NetEvent::Import(status.clone()));
    desk.feed(Event::Tick(NOW + 2500));
    assert_eq!(desk.asked(), [Request::PollImport(7)], "no news: it is asked for");
    desk.press("<Esc>q");
    assert!(!desk.state.quit, "an import is open");
    status.stage = ImportStage::Done;
    (status.rows, status.added, status.bad) = (3, 2, 1);
    desk.net(NetEvent::Live(ServerMsg::Import(status)));
    assert!(desk.shot().contains("导入完成"));
    desk.press("w");
    let rejects = Request::Download { path: "/api/import/7/rejects".into(), into: "/tmp/a.rejects.csv".into() };
    assert_eq!(desk.asked(), [rejects]);
    desk.press("<Esc>q");
    assert!(desk.state.quit);
}

#[test]
fn a_line_goes_to_an_agents_page() {
    let mut desk = zh();
    desk.press("3m");
    assert!(last(&desk, 1).contains("发给 8002 何静:"), "{}", last(&desk, 1));
    desk.press("慢一点<Enter>");
    assert_eq!(sends(&mut desk), [Command::Message { seat: SeatId(2), text: "慢一点".into() }]);
    let mut desk = Desk::with(Lang::Zh, (120, 36), &["wall.view"]);
    desk.press("3m");
    assert!(desk.state.modal.is_none());
}

#[test]
fn on_the_wall_tasks_take_turns_and_nothing_can_be_done() {
    let mut desk = zh();
    desk.state.kiosk = Some(Default::default());
    desk.feed(Event::Tick(NOW + 1));
    assert_eq!(desk.state.campaigns.detail, Some(CampaignId(537)));
    desk.press("sp2Hx:");
    desk.feed(Event::Hit(Hit::Tab(2)));
    desk.feed(Event::Wheel(3));
    assert_eq!((sends(&mut desk), desk.state.modal.is_none()), (vec![], true));
    desk.feed(Event::Tick(NOW + 13_000));
    assert_eq!(desk.state.campaigns.detail, Some(CampaignId(536)));
    assert!(last(&desk, 0).trim() == "<q>退出", "{}", last(&desk, 0));
    desk.feed(Event::Tick(NOW + 26_000));
    assert_eq!(desk.state.screen, Screen::Live);
    desk.press("q");
    assert!(desk.state.quit);
}
