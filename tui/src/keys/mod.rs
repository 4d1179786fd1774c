//! The keys that work now. One list feeds the hint line, the help, and the dispatch, so a key is never shown dead nor hidden alive.
//! h and l do not move (a vim hand must not hang up a call); kill-type keys are capitals; Esc never quits
//! (docs/rules.md).

mod page;

pub use page::{allows, is_other};

use crate::{
    state::{Modal, Pane, Prefix, Prompt, Screen, Stage, State},
    theme::ThemeName,
};
use hutong_api::{
    board::{CampaignRow, CampaignStatus, SeatRow},
    live::SeatState,
};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Something a key, a click or the palette does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Quit,
    Logout,
    Help,
    Palette,
    Redraw,
    Tab(usize),
    TurnTab(i8),
    NextPane,
    Move(i64),
    Open,
    Back,
    Filter,
    Start,
    Pause,
    Append,
    Redial,
    Delete,
    ForceIn,
    ForceOut,
    ForceIdle,
    HangUp,
    PlayPause,
    Seek(i8),
    ClosePlayer,
    Columns(i8),
    TurnPage(i8),
    Reload,
    New,
    Edit,
    /// The pop-up list of the page's other actions.
    Actions,
    /// A catalogue action on the chosen row, on the ticked ones, or on none.
    Row(String),
    /// Ticks the chosen row.
    Mark,
    /// Ticks whatever the filters find.
    MarkAll,
    Unmark,
    Undo,
    /// 试算 of the chosen campaign.
    WhatIf,
    /// To the page that a button of the chosen campaign leads to.
    Lead(&'static str),
    Prefix(Prefix),
    Theme(ThemeName),
    Go(Screen),
    GoCampaign(i64),
    GoSeat(i64),
    GoCustomer {
        id: i64,
        name: String,
    },
    Message,
    /// From a line of the log to what it is about.
    Jump,
    Acknowledge,
    AcknowledgeAll,
    /// The chosen row's numbers in full.
    Unmask,
    Inbox,
    WizardFile,
    WizardTurn(i8),
    WizardNext,
    WizardBack,
    WizardExisting,
    WizardOwners,
    WizardRejects,
    WizardTask,
    WizardAgain,
    /// The other language.
    Speak,
    /// Play, or download, the chosen call's recording.
    Play,
    Download,
    /// Into a file of this format: csv or xlsx.
    Export(&'static str),
    ImportFile,
    Template,
}

pub struct Bind {
    /// As shown: `s`, `Ctrl-l`, `PgDn`.
    pub name: &'static str,
    pub code: KeyCode,
    pub modifiers: KeyModifiers,
    /// Text key under `console.key.`.
    pub words: &'static str,
    pub act: Act,
    /// Shown on the hint line too, not only in the help.
    pub hint: bool,
}

impl Bind {
    /// The key's name; arrows are spelled out where the terminal draws them two columns wide.
    pub fn shown(&self, ascii: bool) -> &'static str {
        match (ascii, self.name) {
            (true, "←") => "Left",
            (true, "→") => "Right",
            (true, "↑") => "Up",
            (true, "↓") => "Down",
            (_, name) => name,
        }
    }
}

const fn bind(name: &'static str, code: KeyCode, words: &'static str, act: Act) -> Bind {
    Bind { name, code, modifiers: KeyModifiers::NONE, words, act, hint: true }
}

const fn key(name: &'static str, c: char, words: &'static str, act: Act) -> Bind {
    bind(name, KeyCode::Char(c), words, act)
}

const fn quiet(mut bind: Bind) -> Bind {
    bind.hint = false;
    bind
}

const fn control(mut bind: Bind) -> Bind {
    bind.modifiers = KeyModifiers::CONTROL;
    bind.hint = false;
    bind
}

/// What `key` does now, if anything.
pub fn find(state: &State, key: KeyEvent) -> Option<Act> {
    let control = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
    bindings(state).into_iter().find(|b| b.code == key.code && b.modifiers == control).map(|b| b.act)
}

/// The keys of the screen as it stands: its own first, then those that work everywhere.
pub fn bindings(state: &State) -> Vec<Bind> {
    if state.stage != Stage::Open {
        return Vec::new();
    }
    if state.kiosk.is_some() {
        let mut keys = vec![key("q", 'q', "quit", Act::Quit)];
        keys.push(control(bind("Ctrl-c", KeyCode::Char('c'), "quit", Act::Quit)));
        keys.push(control(bind("Ctrl-l", KeyCode::Char('l'), "redraw", Act::Redraw)));
        return keys;
    }
    if let Some(prefix) = state.prefix {
        return follow(prefix);
    }
    let mut keys = match &state.screen {
        Screen::Live => live(state),
        Screen::Campaigns => campaigns(state),
        Screen::Agents => agents(state),
        Screen::Page(_) => page::page(state),
        Screen::Import => page::wizard(state),
        Screen::Log => page::log(state),
    };
    keys.extend(general(state));
    keys
}

/// What may follow a prefix key.
fn follow(prefix: Prefix) -> Vec<Bind> {
    let mut keys = match prefix {
        Prefix::Export => {
            vec![key("c", 'c', "as_csv", Act::Export("csv")), key("x", 'x', "as_xlsx", Act::Export("xlsx"))]
        }
        Prefix::Theme => vec![
            key("d", 'd', "theme_dark", Act::Theme(ThemeName::Dark)),
            key("l", 'l', "theme_light", Act::Theme(ThemeName::Light)),
            key("h", 'h', "theme_contrast", Act::Theme(ThemeName::Contrast)),
            key("m", 'm', "theme_mono", Act::Theme(ThemeName::Mono)),
            key("a", 'a', "theme_ascii", Act::Theme(ThemeName::Ascii)),
        ],
    };
    keys.push(bind("Esc", KeyCode::Esc, "cancel", Act::Back));
    keys
}

fn general(state: &State) -> Vec<Bind> {
    let mut keys = Vec::new();
    if state.undo.is_some() {
        keys.push(key("u", 'u', "undo", Act::Undo));
    }
    keys.extend([key("?", '?', "help", Act::Help), key(":", ':', "palette", Act::Palette)]);
    keys.push(key("q", 'q', "quit", Act::Quit));
    keys.push(control(bind("Ctrl-k", KeyCode::Char('k'), "palette", Act::Palette)));
    keys.push(control(bind("Ctrl-l", KeyCode::Char('l'), "redraw", Act::Redraw)));
    keys.push(control(bind("Ctrl-c", KeyCode::Char('c'), "quit", Act::Quit)));
    const TABS: [&str; 9] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    for (at, name) in TABS.iter().take(state.screens().len()).enumerate() {
        keys.push(quiet(key(name, (b'1' + at as u8) as char, "tab", Act::Tab(at))));
    }
    if state.screen != Screen::Log && state.may("wall.view") && state.board.open_alarms().next().is_some() {
        keys.push(quiet(key("!", '!', "alarms", Act::Go(Screen::Log))));
    }
    keys.push(quiet(key("N", 'N', "inbox", Act::Inbox)));
    keys.push(quiet(key("T", 'T', "theme", Act::Prefix(Prefix::Theme))));
    keys.push(quiet(key("]", ']', "next_tab", Act::TurnTab(1))));
    keys.push(quiet(key("[", '[', "previous_tab", Act::TurnTab(-1))));
    keys.push(quiet(bind("↓", KeyCode::Down, "down", Act::Move(1))));
    keys.push(quiet(bind("↑", KeyCode::Up, "up", Act::Move(-1))));
    keys.push(quiet(key("j", 'j', "down", Act::Move(1))));
    keys.push(quiet(key("k", 'k', "up", Act::Move(-1))));
    keys.push(quiet(bind("PgDn", KeyCode::PageDown, "page_down", Act::Move(10))));
    keys.push(quiet(bind("PgUp", KeyCode::PageUp, "page_up", Act::Move(-10))));
    keys.push(quiet(key("g", 'g', "first", Act::Move(i64::MIN))));
    keys.push(quiet(key("G", 'G', "last", Act::Move(i64::MAX))));
    keys
}

fn live(state: &State) -> Vec<Bind> {
    let mut keys = vec![bind("Tab", KeyCode::Tab, "pane", Act::NextPane)];
    let opens = match state.wall.pane {
        Pane::Campaigns | Pane::Agents => true,
        Pane::Calls => {
            state.wall.calls.id().is_some_and(|id| state.board.calls.iter().any(|c| c.id.0 == id && c.seat.is_some()))
        }
        Pane::Trunks => false,
    };
    if opens {
        keys.push(bind("Enter", KeyCode::Enter, "open", Act::Open));
    }
    keys.extend(campaign_keys(state));
    keys.extend(seat_keys(state));
    if state.wall.pane == Pane::Calls && state.wall.calls.id().is_some() && state.may("calls.hang_up") {
        keys.push(key("H", 'H', "hang_up", Act::HangUp));
    }
    keys
}

fn campaigns(state: &State) -> Vec<Bind> {
    let mut keys = campaign_keys(state);
    if state.view_of("campaigns").is_some() {
        if state.may("campaigns.add") {
            keys.push(key("n", 'n', "new", Act::New));
        }
        if state.may("campaigns.edit") && state.chosen_campaign().is_some() {
            keys.push(key("e", 'e', "edit", Act::Edit));
        }
        if state.may("campaigns.what_if") && state.chosen_campaign().is_some() {
            keys.push(quiet(key("w", 'w', "what_if", Act::WhatIf)));
        }
        for (name, c, action) in [("v", 'v', "results"), ("b", 'b', "report")] {
            if leads(state, action) && state.chosen_campaign().is_some() {
                keys.push(quiet(key(name, c, action, Act::Lead(action))));
            }
        }
        if state.may("campaigns.export") && state.campaigns.detail.is_none() {
            keys.push(quiet(key("x", 'x', "export", Act::Prefix(Prefix::Export))));
        }
    }
    if state.campaigns.detail.is_some() {
        keys.push(bind("Esc", KeyCode::Esc, "back", Act::Back));
    } else {
        if state.chosen_campaign().is_some() {
            keys.insert(0, bind("Enter", KeyCode::Enter, "open", Act::Open));
        }
        keys.push(key("/", '/', "filter", Act::Filter));
        if !state.campaigns.filter.is_empty() {
            keys.push(bind("Esc", KeyCode::Esc, "unfilter", Act::Back));
        }
    }
    keys
}

/// The campaigns' button is there and leads to a page.
fn leads(state: &State, action: &str) -> bool {
    let buttons = state.view_of("campaigns").map(|view| view.actions.as_slice()).unwrap_or_default();
    buttons.iter().any(|button| button.id == action && button.opens.is_some())
}

/// What may be done to the chosen campaign in the state it is in.
fn campaign_keys(state: &State) -> Vec<Bind> {
    let Some(CampaignRow { status, .. }) = state.chosen_campaign() else { return Vec::new() };
    let mut keys = Vec::new();
    let startable = matches!(status, CampaignStatus::Ready | CampaignStatus::Paused);
    if startable && state.may("campaigns.start") {
        keys.push(key("s", 's', "start", Act::Start));
    }
    if *status == CampaignStatus::Running && state.may("campaigns.pause") {
        keys.push(key("p", 'p', "pause", Act::Pause));
    }
    if state.may("campaigns.append") {
        keys.push(key("a", 'a', "append", Act::Append));
    }
    if *status == CampaignStatus::Finished && state.may("campaigns.redial") {
        keys.push(key("r", 'r', "redial", Act::Redial));
    }
    if *status != CampaignStatus::Running && state.screen == Screen::Campaigns && state.may("campaigns.delete") {
        keys.push(quiet(key("D", 'D', "delete", Act::Delete)));
    }
    keys
}

fn agents(state: &State) -> Vec<Bind> {
    let mut keys = seat_keys(state);
    keys.push(key("/", '/', "filter", Act::Filter));
    if !state.agents.filter.is_empty() {
        keys.push(bind("Esc", KeyCode::Esc, "unfilter", Act::Back));
    }
    keys
}

/// What may be done to the chosen seat in the state it is in.
fn seat_keys(state: &State) -> Vec<Bind> {
    let Some(SeatRow { state: is, call, .. }) = state.chosen_seat() else { return Vec::new() };
    let mut keys = Vec::new();
    if state.may("seats.force") {
        match is {
            SeatState::SignedOut => keys.push(key("i", 'i', "force_in", Act::ForceIn)),
            _ => keys.push(key("O", 'O', "force_out", Act::ForceOut)),
        }
        if state.screen == Screen::Agents && *is != SeatState::SignedOut {
            keys.push(key("m", 'm', "message", Act::Message));
        }
        if matches!(is, SeatState::Busy | SeatState::WrapUp) {
            keys.push(key("f", 'f', "force_idle", Act::ForceIdle));
        }
    }
    if call.is_some() && state.may("calls.hang_up") {
        keys.push(key("H", 'H', "hang_up", Act::HangUp));
    }
    keys
}

/// The short line shown while something lies over the screen.
pub fn modal_hint(state: &State) -> Option<&'static str> {
    Some(match state.modal.as_ref()? {
        Modal::Help(_) => "hint.help",
        Modal::Confirm { .. } => "hint.confirm",
        Modal::Prompt { prompt: Prompt::Query { .. }, .. } => "hint.query",
        Modal::Prompt { .. } => "hint.prompt",
        Modal::Form(form) if form.picker.is_some() => "hint.pick",
        Modal::Form(_) => "hint.form",
        Modal::Menu(_) => "hint.menu",
        Modal::Import => "hint.import",
        Modal::Pick(_) => "hint.pick",
        Modal::Inbox if state.inbox.open.is_some() => "hint.letter",
        Modal::Inbox => "hint.inbox",
        Modal::Told(_) => "hint.told",
    })
}
