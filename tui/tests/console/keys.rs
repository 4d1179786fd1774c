//! What keys ask for, what they may not, and what the colours say.

use crate::fixture::*;
use hutong_api::{
    CallId, CampaignId, Lang, SeatId,
    board::BoardMsg,
    live::{Command, RefusalText, ServerMsg},
    page::*,
};
use hutong_console::{
    event::{About, AudioEvent, AudioRequest, Deed, Event, Hit, NetEvent, Request},
    state::{Screen, Stage},
};
use ratatui::{
    crossterm::event::{KeyCode, KeyEvent, KeyModifiers},
    style::Color,
};

fn zh() -> Desk {
    Desk::open(Lang::Zh, (120, 36))
}

fn sends(desk: &mut Desk) -> Vec<Command> {
    let asked = desk.asked();
    asked.into_iter().filter_map(|r| if let Request::Send { cmd, .. } = r { Some(cmd) } else { None }).collect()
}

fn deed(action: &str, ids: &[i64]) -> Deed {
    Deed { page: "customers".into(), action: action.into(), ids: ids.to_vec(), ..Deed::default() }
}

fn last(desk: &Desk, from_end: usize) -> String {
    desk.shot().lines().rev().nth(from_end).unwrap_or_default().to_owned()
}

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
fn the_palette_narrows_and_goes() {
    let mut desk = zh();
    desk.press(":转到 坐席<Enter>");
    assert_eq!(desk.state.screen, Screen::Agents);
    desk.press("<Ctrl-k>退出登录<Enter>");
    assert_eq!((desk.asked().pop(), &desk.state.stage), (Some(Request::Logout), &Stage::Login));
}

#[test]
fn the_session_may_end_from_the_other_side() {
    let mut desk = zh();
    desk.net(NetEvent::Live(ServerMsg::Bye(RefusalText { code: "x".into(), text: "已在别处登录".into() })));
    assert_eq!(desk.asked(), [Request::Logout]);
    assert!(desk.shot().contains("已在别处登录"));
}

#[test]
fn a_silent_new_login_leaves_the_screen_alone() {
    let mut desk = zh();
    desk.press("3");
    desk.net(NetEvent::LoggedIn(Box::new(session(Lang::Zh, &["*"]))));
    assert_eq!((desk.asked(), &desk.state.screen), (vec![Request::Catalogue], &Screen::Agents));
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

fn customers() -> Desk {
    let mut desk = zh();
    desk.press("5");
    desk.answer_lists();
    desk.asked();
    desk
}

#[test]
fn ticked_rows_are_deleted_by_typing_how_many() {
    let mut desk = customers();
    assert!(desk.shot().contains("公共池 12 条"), "the page's note");
    desk.press("  D");
    assert!(
        desk.shot().contains("已选 2 条") && last(&desk, 1).contains("批量删除 2 条,请输入条数确认"),
        "{}",
        last(&desk, 1)
    );
    desk.asked();
    desk.press("3<Enter>");
    assert_eq!(desk.asked(), [], "another number is no yes");
    assert!(last(&desk, 1).contains("条数不符"));
    desk.press("D2<Enter>");
    assert_eq!(desk.asked(), [Request::Action(deed("delete", &[1, 2]))]);
    let reply =
        ActionReply {
            done: 2, text: Some("已删除 2 条".into()), undo: Some("delete-9".into()), ..Default::default()
        };
    desk.net(NetEvent::ActionDone { page: "customers".into(), reply });
    assert!(last(&desk, 1).contains("已删除 2 条  按 u 撤销") && !desk.shot().contains("已选 2 条"));
    assert!(matches!(desk.asked().pop(), Some(Request::List { .. })));
    desk.press("u");
    assert!(last(&desk, 1).contains("撤销“已删除 2 条”?"));
    desk.press("y");
    assert_eq!(desk.asked(), [Request::Undo("delete-9".into())]);
    desk.net(NetEvent::Undone(ActionReply { done: 2, text: Some("已恢复 2 条".into()), ..Default::default() }));
    desk.press("u");
    assert!(desk.state.modal.is_none(), "once is enough");
}

#[test]
fn an_action_asks_and_may_mean_everything_found() {
    let mut desk = customers();
    desk.press("/谢<Enter>");
    desk.asked.retain(|r| matches!(r, Request::List { .. }));
    let Some(Request::List { tag, .. }) = desk.asked().pop() else { panic!("no list") };
    let reply = ListReply { total: 10_000, more: true, ..list("customers", Lang::Zh) };
    desk.net(NetEvent::List { page: "customers".into(), tag, reply });
    assert!(desk.shot().contains("共 10000+ 条"));
    desk.press("*");
    let Some(Request::List { tag, query, .. }) = desk.asked().pop() else { panic!("counted") };
    assert!(query.contains(&("exact".into(), "1".into())), "how many is asked, since it is to be typed: {query:?}");
    let reply = ListReply { total: 12_345, ..list("customers", Lang::Zh) };
    desk.net(NetEvent::List { page: "customers".into(), tag, reply });
    desk.press("D12345<Enter>");
    let filters = [("name".to_owned(), "谢".to_owned())].into();
    let all = Deed { all: true, filters, ..deed("delete", &[]) };
    assert_eq!(desk.asked(), [Request::Action(all.clone())]);

    desk.press(".<Down><Enter>");
    assert!(desk.asked().contains(&Request::Options { page: "customers".into(), field: "owner".into() }));
    let choice = |v: &str, l: &str| Choice { value: v.into(), label: l.into() };
    let choices = vec![choice("4", "8004 张敏"), choice("7", "8007 刘洋"), choice("9", "8009 周倩")];
    desk.net(NetEvent::Options { page: "customers".into(), field: "owner".into(), choices });
    assert!(desk.shot().contains("分配:12345 条") && desk.shot().contains("多选时平均分配。"), "{}", desk.shot());
    desk.press("  <Down> <Enter>");
    assert!(desk.shot().contains("8004 张敏、8009 周倩"), "{}", desk.shot());
    desk.press("<Ctrl-s>");
    let args = [("owner".to_owned(), "4,9".to_owned()), ("note".to_owned(), String::new())].into();
    assert_eq!(desk.asked(), [Request::Action(Deed { action: "assign".into(), args, ..all })]);
    let refusal = RefusalText { code: "x".into(), text: "坐席 8009 已停用".into() };
    desk.net(NetEvent::Refused { about: About::Save, refusal });
    assert!(desk.shot().contains("坐席 8009 已停用") && desk.state.modal.is_some(), "said in the form, which stays");
    let reply = ActionReply { done: 12_345, undo: Some("assign-1".into()), ..Default::default() };
    desk.net(NetEvent::ActionDone { page: "customers".into(), reply });
    assert!(desk.state.modal.is_none() && last(&desk, 1).contains("已处理 12345 条"));
    desk.press("u");
    assert!(last(&desk, 1).contains("撤销“分配:12345 条”?"), "{}", last(&desk, 1));
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

#[test]
fn themes_are_changed_by_two_keys() {
    let mut desk = zh();
    desk.press("Ta");
    assert!(desk.state.theme.ascii() && !desk.shot().contains('│'));
    desk.press("Td");
    assert!(desk.shot().contains('│'));
}

#[test]
fn a_filter_line_is_understood_or_said_to_be_not() {
    let mut desk = customers();
    desk.press("/");
    assert!(desk.asked().contains(&Request::Options { page: "customers".into(), field: "owner".into() }));
    desk.net(NetEvent::Options { page: "customers".into(), field: "owner".into(), choices: owners() });
    desk.press("138 归属人:8004 分类:意向 更新>06-01 更新＜2026-06-09<Enter>");
    let Some(Request::List { query, .. }) = desk.asked().pop() else { panic!("no list") };
    let query: Vec<String> = query.into_iter().skip(2).map(|(k, v)| format!("{k}={v}")).collect();
    let wanted = [
        "q.category=3",
        "q.mobile=138",
        "q.owner=4",
        "q.updated_from=2026-06-01 00:00:00",
        "q.updated_to=2026-06-09 23:59:59",
    ];
    assert_eq!(query, wanted);
    for (line, sentence) in [
        ("星座:狮子", "没有过滤项“星座”。可用:手机号码、客户名称"),
        ("归属人:9999", "归属人 没有“9999”这个选项"),
        ("归属人:800", "“800”不止一个:8004 张敏、8007 刘洋"),
        ("更新>13-45", "“13-45”不是日期"),
    ] {
        desk.press("/<Ctrl-u>").press(line).press("<Enter>");
        assert!(desk.shot().contains(sentence), "{line}\n{}", desk.shot());
        assert!(!desk.asked().iter().any(|r| matches!(r, Request::List { .. })), "{line}");
        desk.press("<Esc>");
    }
    desk.press("/");
    assert!(last(&desk, 1).contains("138 归属人:8004"), "the line that counts is there to be changed");
    desk.press("<Tab>");
    assert!(desk.shot().contains("过滤 客户资料"), "the form is there as well");
}

#[test]
fn the_chosen_customer_is_followed_one_question_at_a_time() {
    let mut desk = zh();
    desk.press("5");
    desk.answer_lists();
    assert!(desk.shot().contains("号码已隐藏"), "a hidden number finds nothing");
    assert_eq!(desk.asked(), []);
    desk.press("G");
    let asked = desk.asked();
    let lists: Vec<(&str, u64)> = asked
        .iter()
        .filter_map(|r| match r {
            Request::List { page, tag, query } => {
                assert!(query.contains(&("q.phone".into(), "15400001111".into())), "{query:?}");
                Some((page.as_str(), *tag))
            }
            _ => None,
        })
        .collect();
    assert_eq!(lists.iter().map(|(page, _)| *page).collect::<Vec<_>>(), ["activities", "calls"]);
    desk.press("gG");
    assert_eq!(desk.asked(), [], "until those have come");
    for (page, tag) in lists {
        desk.net(NetEvent::List { page: page.into(), tag, reply: list(page, Lang::Zh) });
    }
    assert!(desk.shot().contains("要资料,留微信"), "{}", desk.shot());
    assert!(!desk.shot().contains("15400001111"), "the console masks");
}

#[test]
fn the_keys_of_the_customers_are_the_catalogues() {
    let mut desk = customers();
    let line = last(&desk, 0);
    for key in ["<A>分配", "<P>公共池", "<B>黑名单", "<i>导入"] {
        assert!(line.contains(key), "{key}: {line}");
    }
    desk.press("B");
    assert!(last(&desk, 1).contains("加入黑名单:138****8000 谢先生?"));
    desk.press("yF");
    assert_eq!(desk.asked()[0], Request::Action(deed("block", &[1])));
    assert_eq!(desk.state.screen, Screen::Page("customer_fields".into()));
    let mut pages = pages(Lang::Zh);
    pages.iter_mut().find(|p| p.id == "customers").unwrap().actions.retain(|a| a.id == "edit");
    desk.net(NetEvent::Catalogue(pages));
    desk.press("5");
    desk.answer_lists();
    let line = last(&desk, 0);
    assert!(!["<A>", "<P>", "<B>", "<D>", "<i>", "<x>"].iter().any(|key| line.contains(key)), "{line}");
    assert!(!desk.shot().contains("6导入"), "no import, no wizard");
}

#[test]
fn the_wizard_looks_maps_runs_and_takes_back() {
    let mut desk = customers();
    desk.press("i");
    assert_eq!(desk.state.screen, Screen::Import);
    desk.press("<Enter>/tmp/客户.csv<Enter>");
    assert_eq!(desk.asked(), [Request::Look { page: "customers".into(), path: "/tmp/客户.csv".into() }]);
    let refusal = RefusalText { code: "x".into(), text: "文件里没有表头".into() };
    desk.net(NetEvent::Refused { about: About::Look, refusal });
    assert!(desk.shot().contains("文件里没有表头"));
    desk.press("<Enter><Ctrl-u>/tmp/客户.csv<Enter>");
    desk.asked();
    desk.net(NetEvent::Looked(look(Lang::Zh)));
    assert!(desk.shot().contains("[2列对应]") && desk.shot().contains("客户名称 (按上次)"), "{}", desk.shot());
    desk.press("GJ<Right><Enter>");
    assert!(desk.shot().contains("“手机号码”对应了两列"), "{}", desk.shot());
    desk.press("<Left><Left><Enter>");
    assert!(desk.asked().contains(&Request::Options { page: "customers".into(), field: "owner".into() }));
    desk.net(NetEvent::Options { page: "customers".into(), field: "owner".into(), choices: owners() });
    desk.press("mo <Down> <Enter>");
    assert!(desk.shot().contains("已有客户: 补空   归属: 8004 张敏、8009 周倩"), "{}", desk.shot());
    desk.press("<Enter>");
    let wish = ImportWish {
        look: "look-1".into(),
        columns: ["", "mobile", "name", "organisation"].map(str::to_owned).to_vec(),
        existing: "merge".into(),
        owners: vec![SeatId(4), SeatId(9)],
        campaign: None,
        sync: false,
    };
    assert_eq!(desk.asked(), [Request::RunImport { page: "customers".into(), wish }]);
    desk.net(NetEvent::Import(import_status()));
    assert!(!desk.shot().contains("可整批撤销"));
    desk.net(NetEvent::Live(ServerMsg::Import(import_done())));
    assert!(desk.shot().contains("本次导入可整批撤销") && desk.shot().contains("有效 958"), "{}", desk.shot());
    desk.press("w");
    let into = "/tmp/客户.rejects.csv".into();
    assert_eq!(desk.asked(), [Request::Download { path: "/api/import/7/rejects".into(), into }]);
    desk.press("t");
    assert!(desk.shot().contains("新建 呼叫任务") && desk.shot().contains("/tmp/客户.csv"), "{}", desk.shot());
    desk.press("<Esc>uy");
    assert!(desk.asked().contains(&Request::Undo("import-7".into())));
    desk.net(NetEvent::Undone(ActionReply {
        done: 958, text: Some("已撤销导入 958 条".into()), ..Default::default()
    }));
    assert!(!desk.shot().contains("可整批撤销"));
    desk.press("<Enter>");
    assert!(desk.shot().contains("[1文件]"));
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

#[test]
fn a_delete_that_asks_is_still_counted_and_long_texts_have_lines() {
    let mut desk = customers();
    let mut pages = pages(Lang::Zh);
    let actions = &mut pages.iter_mut().find(|p| p.id == "customers").unwrap().actions;
    let mut asks = actions.iter().find(|a| a.id == "assign").unwrap().asks.clone();
    asks.remove(0);
    asks[0].kind = hutong_api::catalogue::Kind::LongText;
    asks[0].options_from = None;
    actions.iter_mut().find(|a| a.id == "delete").unwrap().asks = asks;
    desk.net(NetEvent::Catalogue(pages));
    desk.answer_lists();
    desk.asked();
    desk.press("  D甲");
    desk.feed(Event::Key(KeyEvent::new(KeyCode::Enter, KeyModifiers::ALT)));
    desk.press("乙");
    assert!(desk.shot().contains("甲↵乙") && desk.shot().contains("Alt-Enter 换行"), "{}", desk.shot());
    desk.press("<Ctrl-s>");
    assert!(!desk.asked().iter().any(|r| matches!(r, Request::Action(_))), "the count is missing");
    desk.press("2<Enter>");
    let args = [("note".to_owned(), "甲\n乙".to_owned())].into();
    assert!(desk.asked().contains(&Request::Action(Deed { args, ..deed("delete", &[1, 2]) })));
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
