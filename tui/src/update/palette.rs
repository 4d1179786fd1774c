//! The palette: everything that can be done now and everything there is to go to, in one list.

use super::{acts, deed, pages};
use crate::{
    event::Request,
    keys::{self, Act},
    state::{Finding, Item, Menu, Modal, Screen, State, line::LineEdit},
    theme::ThemeName,
};
use hutong_api::{
    catalogue::Kind,
    page::{ListReply, Row},
};

/// Customers fetched for what is typed.
const MOST_FOUND: usize = 8;

pub fn open(state: &State) -> Menu {
    let mut items: Vec<Item> = Vec::new();
    let moves = |act: &Act| matches!(act, Act::Move(_) | Act::Tab(_) | Act::TurnTab(_) | Act::Palette);
    for bind in keys::bindings(state) {
        if !moves(&bind.act) && !items.iter().any(|i| i.act == bind.act) {
            let label = state.t(&format!("key.{}", bind.words)).to_owned();
            items.push(Item { label, key: bind.shown(state.theme.ascii()).into(), act: bind.act });
        }
    }
    let mut add = |label: String, act: Act| items.push(Item { label, key: String::new(), act });
    for (at, screen) in state.screens().into_iter().enumerate() {
        // Pages are named below, by their own titles.
        if !matches!(screen, Screen::Page(_)) {
            add(state.fill("menu.go", &[("page", &state.title(&screen))]), Act::Tab(at));
        }
    }
    let drawn = |id: &str| state.may("wall.view") && id == "campaigns" || id == "audit";
    for page in state.catalogue.iter().filter(|p| !drawn(&p.id)) {
        add(state.fill("menu.go", &[("page", &page.title)]), Act::Go(Screen::Page(page.id.clone())));
    }
    if state.may("wall.view") {
        for campaign in state.wall_campaigns() {
            add(state.fill("menu.campaign", &[("name", &campaign.name)]), Act::GoCampaign(campaign.id.0));
        }
        for seat in state.wall_seats() {
            let args = [("extension", seat.extension.as_str()), ("name", seat.name.as_str())];
            add(state.fill("menu.seat", &args), Act::GoSeat(seat.id.0));
        }
    }
    for name in [ThemeName::Dark, ThemeName::Light, ThemeName::Contrast, ThemeName::Mono, ThemeName::Ascii] {
        let word = state.t(&format!("key.theme_{}", name.word()));
        add(state.fill("menu.theme", &[("name", word)]), Act::Theme(name));
    }
    add(state.t("menu.speak").into(), Act::Speak);
    add(state.t("menu.logout").into(), Act::Logout);
    // Those read already are found by pinyin, too.
    let known = state.pages.get("customers").map_or(&[][..], |page| &page.rows);
    items.extend(known.iter().filter_map(|row| customer(state, row)));
    let title = state.t("menu.title").into();
    Menu { title, items, typed: LineEdit::default(), at: 0, finding: Some(Finding::default()) }
}

/// A customer as the palette names him, and how his row is found.
fn customer(state: &State, row: &Row) -> Option<Item> {
    let view = state.view_of("customers")?;
    let name = row.cells.get("name").filter(|name| !name.is_empty())?;
    let label = state.fill("menu.customer", &[("name", &deed::name_of(view, &row.cells))]);
    Some(Item { label, key: String::new(), act: Act::GoCustomer { id: row.id, name: name.clone() } })
}

/// Asks for customers of the name or number being typed. One question at a time.
pub fn find(state: &mut State) -> Vec<Request> {
    let Some(Modal::Menu(menu)) = &state.modal else { return Vec::new() };
    let Some(finding) = menu.finding.as_ref().filter(|f| f.tag.is_none()) else { return Vec::new() };
    let typed = menu.typed.text().trim().to_owned();
    let number = typed.chars().all(|c| c.is_ascii_digit());
    let enough = typed.chars().count() >= if typed.is_ascii() { 3 } else { 1 };
    if !enough || typed.contains(' ') || finding.typed == typed {
        return Vec::new();
    }
    let filters = state.view_of("customers").into_iter().flat_map(|v| &v.filters);
    let filter = filters.into_iter().find(|f| if number { f.kind == Kind::Phone } else { f.id == "name" });
    let Some(filter) = filter.map(|f| f.id.clone()) else { return Vec::new() };
    state.last_tag += 1;
    let tag = state.last_tag;
    if let Some(Modal::Menu(Menu { finding: Some(finding), .. })) = &mut state.modal {
        *finding = Finding { tag: Some(tag), typed: typed.clone(), ..std::mem::take(finding) };
    }
    let query =
        vec![("page".into(), "1".into()), ("size".into(), MOST_FOUND.to_string()), (format!("q.{filter}"), typed)];
    vec![Request::List { page: "customers".into(), tag, query }]
}

/// True if the answer was for the palette.
pub fn took(state: &mut State, tag: u64, reply: &ListReply) -> bool {
    let waited = |m: &Modal| matches!(m, Modal::Menu(Menu { finding: Some(f), .. }) if f.tag == Some(tag));
    if !state.modal.as_ref().is_some_and(waited) {
        return false;
    }
    let rows: Vec<Item> = reply.rows.iter().filter_map(|row| customer(state, row)).collect();
    if let Some(Modal::Menu(menu)) = &mut state.modal {
        let known = |item: &Item| menu.items.iter().any(|i| i.act == item.act);
        let found = rows.into_iter().filter(|item| !known(item)).collect();
        if let Some(finding) = &mut menu.finding {
            finding.tag = None;
            finding.items = found;
        }
    }
    true
}

/// The question came to nothing; what is typed next is asked again.
pub fn refused(state: &mut State) {
    if let Some(Modal::Menu(Menu { finding: Some(finding), .. })) = &mut state.modal {
        finding.tag = None;
    }
}

pub fn go_customer(state: &mut State, id: i64, name: String) -> Vec<Request> {
    let page = state.pages.entry("customers".into()).or_default();
    page.refilter([("name".to_owned(), name)].into());
    page.cursor.want(id);
    let mut requests = acts::show(state, Screen::Page("customers".into()));
    requests.extend(pages::options(state, "customers", false));
    requests
}
