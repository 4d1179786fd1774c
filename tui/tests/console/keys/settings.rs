//! Every page that is drawn from the catalogue, as the service describes it: list, add, edit, delete and a refusal, each by keys.

use crate::fixture::*;
use hutong_api::{
    Lang,
    catalogue::{self, Kind, PageView, Permissions},
    live::RefusalText,
    page::{ListReply, Row, RowReply},
};
use hutong_console::{
    event::{About, NetEvent, Request},
    state::{Modal, Screen, line::LineEdit},
};

/// Drawn by hand or reached in another way, each with tests of its own.
const OWN: [&str; 5] = ["campaigns", "customers", "imports", "audit", "notices"];

fn each(work: impl Fn(&mut Desk, &PageView)) {
    for (lang, size) in [(Lang::Zh, (120, 36)), (Lang::En, (80, 24))] {
        let views = catalogue::views(lang, &Permissions::of(["*"]));
        // Rows are told apart here by their first text.
        let by_text = |view: &&PageView| view.columns.first().is_some_and(|c| c.kind == Kind::Text);
        for view in views.iter().filter(|view| !OWN.contains(&view.id.as_str())).filter(by_text) {
            let (page, views, view) = (view.id.as_str(), views.clone(), view.clone());
            let mut desk = Desk::open(lang, size);
            desk.net(NetEvent::Catalogue(views));
            desk.press(&format!(":{} <Enter>", view.title));
            assert_eq!(desk.state.screen, Screen::Page(page.into()), "{page}");
            work(&mut desk, &view);
        }
    }
}

/// Answers the list with one row, whose first cell is `word`.
fn listed(desk: &mut Desk, view: &PageView, word: &str) {
    let mut lists = desk.asked().into_iter().filter_map(|asked| match asked {
        Request::List { page, tag, .. } if page == view.id => Some(tag),
        _ => None,
    });
    let tag = lists.next_back().expect("the list is read");
    let cells = view.columns.iter().map(|c| (c.id.clone(), if c.kind == Kind::Text { word } else { "" }.to_owned()));
    let actions = view.actions.iter().filter(|a| a.place == catalogue::Place::Row).map(|a| a.id.clone()).collect();
    let rows = vec![Row { id: 7, cells: cells.collect(), actions }];
    let reply = ListReply { total: 1, rows, page: 1, size: 30, more: false, notes: vec!["说明".into()] };
    desk.net(NetEvent::List { page: view.id.clone(), tag, reply });
}

fn does(view: &PageView, action: &str) -> bool {
    view.actions.iter().any(|a| a.id == action)
}

/// Fills what is required and has no default.
fn fill(desk: &mut Desk) {
    let Some(Modal::Form(form)) = &mut desk.state.modal else { panic!("no form") };
    for field in form.fields.iter_mut().filter(|f| f.required && f.value().is_empty()) {
        field.set(if field.kind == Kind::Phone { "15400000001" } else { "1" });
    }
}

#[test]
fn a_new_row_is_sent_and_what_is_refused_stays_to_be_mended() {
    each(|desk, view| {
        listed(desk, view, "甲");
        assert!(desk.shot().contains('甲') && desk.shot().contains("说明"), "{}\n{}", view.id, desk.shot());
        desk.press("n");
        if !does(view, "add") {
            assert!(desk.state.modal.is_none(), "{}", view.id);
            return;
        }
        let asked = desk.asked();
        for field in view.form.iter().filter(|f| f.options_from.is_some()) {
            let options = Request::Options { page: view.id.clone(), field: field.id.clone() };
            assert!(asked.contains(&options), "{}: {asked:?}", view.id);
        }
        fill(desk);
        desk.press("<Ctrl-s>");
        let Some(Request::Save { page, id: None, values }) = desk.asked().pop() else { panic!("{}", view.id) };
        assert_eq!(page, view.id);
        for field in view.form.iter().filter(|f| f.required) {
            assert!(values.get(&field.id).is_some_and(|v| !v.is_empty()), "{} {}: {values:?}", view.id, field.id);
        }
        let refusal = RefusalText { code: "row.x".into(), text: "这样不行,请改一改".into() };
        desk.net(NetEvent::Refused { about: About::Save, refusal });
        assert!(desk.shot().contains("这样不行"), "{}\n{}", view.id, desk.shot());
        desk.press("<Ctrl-s>");
        assert!(matches!(desk.asked().pop(), Some(Request::Save { id: None, .. })), "{}: sent again", view.id);
        desk.net(NetEvent::Saved { page: view.id.clone(), id: 8 });
        assert!(desk.state.modal.is_none(), "{}", view.id);
        listed(desk, view, "乙");
        assert!(desk.shot().contains('乙'), "{}", view.id);
    });
}

#[test]
fn a_row_is_changed_and_only_what_changed_is_sent() {
    each(|desk, view| {
        listed(desk, view, "甲");
        if !does(view, "edit") {
            return;
        }
        desk.press("e");
        assert!(desk.asked().contains(&Request::Row { page: view.id.clone(), id: 7 }), "{}", view.id);
        let values = view.form.iter().map(|f| (f.id.clone(), "1".to_owned())).collect();
        desk.net(NetEvent::Row { page: view.id.clone(), reply: RowReply { id: 7, values } });
        let Some(Modal::Form(form)) = &mut desk.state.modal else { panic!("{}", view.id) };
        let found = form.fields.iter_mut().find(|f| !f.locked && f.kind == Kind::Number);
        let number = found.map(|field| {
            field.line = LineEdit::new("25");
            field.id.clone()
        });
        desk.press("<Ctrl-s>");
        let sent = desk.asked().pop();
        if let Some(number) = number {
            let Some(Request::Save { id: Some(7), values, .. }) = sent else { panic!("{}: {sent:?}", view.id) };
            assert_eq!(values.into_iter().collect::<Vec<_>>(), [(number, "25".to_owned())], "{}", view.id);
        }
    });
}

#[test]
fn a_row_is_deleted_after_a_question() {
    each(|desk, view| {
        listed(desk, view, "甲");
        desk.press("D");
        if !does(view, "delete") {
            assert!(desk.state.modal.is_none() && !last(desk, 0).contains("<D>"), "{}", view.id);
            return;
        }
        // What must be known first is asked in a form.
        if matches!(desk.state.modal, Some(Modal::Form(_))) {
            return;
        }
        let bare = desk.asked();
        assert!(!bare.iter().any(|r| matches!(r, Request::Action(_))), "{}: not without a yes", view.id);
        assert!(last(desk, 1).contains('甲'), "{}: the question names it: {}", view.id, last(desk, 1));
        desk.press("y");
        let asked = desk.asked();
        let gone =
            |r: &Request| matches!(r, Request::Action(d) if d.page == view.id && d.action == "delete" && d.ids == [7]);
        assert!(asked.iter().any(gone), "{}: {asked:?}", view.id);
    });
}
