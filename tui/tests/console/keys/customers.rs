//! 客户资料 and the import wizard.

use crate::fixture::*;
use hutong_api::{
    Lang, SeatId,
    live::{RefusalText, ServerMsg},
    page::*,
};
use hutong_console::{
    event::{About, Deed, Event, NetEvent, Request},
    state::Screen,
};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

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
