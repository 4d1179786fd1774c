//! Every drawn screen in both languages at two sizes, reached by key presses.

use crate::fixture::*;
use hutong_api::Lang;
use hutong_console::event::{AudioEvent, Event, NetEvent, Request};

const SIZES: [(u16, u16); 2] = [(120, 36), (80, 24)];

fn each(name: &str, show: impl Fn(&mut Desk)) {
    for (lang, tag) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        for size in SIZES {
            let mut desk = Desk::open(lang, size);
            show(&mut desk);
            let shot = desk.shot();
            for line in shot.lines() {
                assert!(hutong_console::text::width(line) <= size.0.into(), "{line}");
            }
            insta::assert_snapshot!(format!("{name}_{tag}_{}x{}", size.0, size.1), shot);
        }
    }
}

#[test]
fn login() {
    for (lang, tag) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let mut desk = Desk::closed(lang, (80, 24));
        desk.press("admin<Tab>秘密");
        insta::assert_snapshot!(format!("login_{tag}"), desk.shot());
    }
}

#[test]
fn certificate() {
    for (lang, tag) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let mut desk = Desk::closed(lang, (80, 24));
        let fingerprint = "0123456789abcdef".repeat(4);
        desk.net(NetEvent::Certificate { fingerprint, known: None });
        insta::assert_snapshot!(format!("certificate_{tag}"), desk.shot());
    }
}

#[test]
fn wall() {
    each("wall", |_| {});
}

#[test]
fn campaign_list() {
    each("campaigns", |desk| {
        desk.press("2<Down>");
    });
}

#[test]
fn campaign_detail() {
    each("campaign", |desk| {
        desk.press("<Enter>");
        let values = [("name", "cs8000000"), ("script", "3"), ("run", "08:00~20:00"), ("rest", "12:00~14:00")];
        let values = values.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        let choices = vec![hutong_api::page::Choice { value: "3".into(), label: "转人工".into() }];
        desk.net(NetEvent::Row { page: "campaigns".into(), reply: hutong_api::page::RowReply { id: 537, values } });
        desk.net(NetEvent::Options { page: "campaigns".into(), field: "script".into(), choices });
    });
}

#[test]
fn campaign_watched() {
    each("monitor", |desk| {
        desk.press("<Enter>");
        let seen = monitor(desk.state.lang, 537);
        desk.net(NetEvent::Monitor(Box::new(seen)));
    });
}

#[test]
fn agents() {
    each("agents", |desk| {
        desk.press("3<Down>");
    });
}

#[test]
fn hang_up_asks() {
    each("hang_up", |desk| {
        desk.press("3H");
    });
}

#[test]
fn calls_with_player() {
    each("calls", |desk| {
        desk.press("4");
        desk.answer_lists();
        desk.press("<Down><Enter>");
        let asked = desk.asked();
        assert!(asked.contains(&Request::Peaks(899)) && asked.contains(&Request::Recording(899)), "{asked:?}");
        desk.net(NetEvent::Peaks { call: 899, peaks: peaks() });
        desk.feed(Event::Audio(AudioEvent::NoDevice));
        desk.press("<Right><Right>");
    });
}

#[test]
fn other_page_with_form() {
    each("customers", |desk| {
        desk.press("5");
        desk.answer_lists();
        desk.press("n1380<Tab>谢<Tab><Right>");
    });
}

#[test]
fn import_progress() {
    each("import", |desk| {
        desk.press("2a/tmp/名单.csv<Enter>");
        desk.net(NetEvent::Import(import_status()));
    });
}

/// The largest screen the console is drawn for.
#[test]
fn wall_of_a_large_screen() {
    insta::assert_snapshot!("wall_zh_200x60", Desk::open(Lang::Zh, (200, 60)).shot());
}

#[test]
fn help() {
    each("help", |desk| {
        desk.press("?");
    });
}

#[test]
fn palette() {
    each("palette", |desk| {
        desk.press(":");
    });
}

#[test]
fn customers_and_one_of_them() {
    each("customers_list", |desk| {
        desk.press("5");
        desk.answer_lists();
        desk.press(" <Down> <Down>");
        desk.answer_lists();
    });
    each("customers_detail", |desk| {
        desk.press("5");
        desk.answer_lists();
        desk.press("G<Tab>");
        desk.answer_lists();
    });
}

#[test]
fn a_filter_line_that_is_not_understood() {
    each("customers_query", |desk| {
        desk.press("5");
        desk.answer_lists();
        desk.press("/星座:狮子<Enter>");
    });
}

#[test]
fn assign_asks() {
    each("customers_assign", |desk| {
        desk.press("5");
        desk.answer_lists();
        desk.press("  A");
        desk.net(NetEvent::Options { page: "customers".into(), field: "owner".into(), choices: owners() });
        desk.press("  ");
    });
}

#[test]
fn import_wizard() {
    each("wizard_file", |desk| {
        desk.press("6");
    });
    let mapped = |desk: &mut Desk| {
        desk.press("6<Enter>/tmp/客户名单6月.csv<Enter>");
        let lang = desk.state.lang;
        desk.net(NetEvent::Looked(look(lang)));
    };
    each("wizard_map", |desk| {
        mapped(desk);
        desk.press("G<Left>");
    });
    each("wizard_options", |desk| {
        mapped(desk);
        desk.press("<Enter>");
        desk.net(NetEvent::Options { page: "customers".into(), field: "owner".into(), choices: owners() });
        desk.press("mo <Enter>");
    });
    each("wizard_result", |desk| {
        mapped(desk);
        desk.press("<Enter><Enter>");
        desk.net(NetEvent::Import(import_done()));
    });
}

#[test]
fn settings() {
    each("settings", |desk| {
        desk.press("8");
        desk.answer_lists();
    });
    each("settings_form", |desk| {
        desk.press("8");
        desk.answer_lists();
        desk.press("<Enter>");
        let values = [("when", "ring"), ("url", "https://crm.example/{mobile}")];
        let values = values.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        desk.net(NetEvent::Row { page: "popups".into(), reply: hutong_api::page::RowReply { id: 8, values } });
    });
}

#[test]
fn permissions_of_a_role() {
    each("permissions", |desk| {
        desk.press(":角色管理 <Enter>");
        desk.press(":Roles<Enter>");
        desk.answer_lists();
        desk.press("e");
        desk.net(NetEvent::Permissions(permissions()));
        let values = [("name", "主管"), ("permissions", "customers.view,customers.add,calls.view,calls.play")];
        let values = values.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        desk.net(NetEvent::Row { page: "roles".into(), reply: hutong_api::page::RowReply { id: 3, values } });
        desk.press("<Tab> ");
    });
}

#[test]
fn log() {
    each("log", |desk| {
        desk.press("9");
        desk.answer_lists();
    });
}

#[test]
fn an_alarm_that_is_acknowledged() {
    each("log_acknowledged", |desk| {
        let ack = hutong_api::board::AlarmAck {
            event_at: NOW - 14_000,
            text_key: "console.link.not_sent".into(),
            by: "张敏(8004)".into(),
            at: NOW,
        };
        let board = hutong_api::board::BoardMsg { seq: 2, at: NOW, acks: Some(vec![ack]), ..Default::default() };
        desk.net(NetEvent::Live(hutong_api::live::ServerMsg::Board(board)));
        desk.press("9");
        desk.answer_lists();
    });
}

#[test]
fn the_inbox_and_a_notice() {
    each("inbox", |desk| {
        desk.net(NetEvent::Notices(notices()));
        desk.press("N");
    });
    each("notice", |desk| {
        desk.press("N");
        desk.net(NetEvent::Notices(notices()));
        desk.press("<Enter>");
    });
}

#[test]
fn one_number_in_full() {
    each("unmasked", |desk| {
        desk.press("5");
        desk.answer_lists();
        desk.press("GM");
        let values = [("mobile".to_owned(), "15400001111".to_owned())].into();
        let reply = hutong_api::page::RowReply { id: 3, values };
        desk.net(NetEvent::Numbers { page: "customers".into(), reply });
    });
}

#[test]
fn palette_by_initials() {
    each("palette_zm", |desk| {
        desk.press("5");
        desk.answer_lists();
        desk.press("1:zm");
    });
}

#[test]
fn which_key_after_a_prefix() {
    each("which_key", |desk| {
        desk.press("T");
    });
}

#[test]
fn kiosk() {
    each("kiosk", |desk| {
        desk.state.kiosk = Some(Default::default());
    });
}
