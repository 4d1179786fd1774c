//! The keys that work now. One list feeds the hint line, the help, and the dispatch, so a key is never shown dead nor hidden alive.
//! h and l do not move (a vim hand must not hang up a call); kill-type keys are capitals; Esc never quits
//! (docs/rules.md).

use crate::{
    state::{LogPane, Modal, Pane, Prefix, Prompt, Screen, Stage, State, player::Sound, wizard::Step},
    theme::ThemeName,
};
use hutong_api::{
    board::{CampaignRow, CampaignStatus, SeatRow},
    catalogue::{ActionView, Place},
    live::SeatState,
    page::Row,
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
        Screen::Page(_) => page(state),
        Screen::Import => wizard(state),
        Screen::Log => log(state),
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

fn wizard(state: &State) -> Vec<Bind> {
    let wizard = &state.wizard;
    let mut keys = Vec::new();
    let ran = wizard.step == Step::Run && !crate::update::import_runs(state);
    match wizard.step {
        Step::File if wizard.looking => {}
        Step::File => keys.push(bind("Enter", KeyCode::Enter, "wizard_file", Act::WizardFile)),
        Step::Map => {
            keys.push(bind("→", KeyCode::Right, "wizard_field", Act::WizardTurn(1)));
            keys.push(quiet(bind("←", KeyCode::Left, "wizard_field", Act::WizardTurn(-1))));
            keys.push(bind("Enter", KeyCode::Enter, "wizard_next", Act::WizardNext));
        }
        Step::Options => {
            keys.push(key("m", 'm', "wizard_existing", Act::WizardExisting));
            if !crate::update::wizard_owners(state).is_empty() {
                keys.push(key("o", 'o', "wizard_owners", Act::WizardOwners));
            }
            keys.push(bind("Enter", KeyCode::Enter, "wizard_run", Act::WizardNext));
        }
        Step::Run => {}
    }
    if matches!(wizard.step, Step::Map | Step::Options) {
        keys.push(key("b", 'b', "wizard_back", Act::WizardBack));
        keys.push(key("f", 'f', "wizard_file", Act::WizardFile));
    }
    if ran {
        keys.push(bind("Enter", KeyCode::Enter, "wizard_again", Act::WizardAgain));
        if crate::update::wizard_has_rejects(state) {
            keys.push(key("w", 'w', "rejects", Act::WizardRejects));
        }
        if state.may("campaigns.add") && state.view_of("campaigns").is_some() {
            keys.push(key("t", 't', "wizard_task", Act::WizardTask));
        }
    }
    keys
}

fn log(state: &State) -> Vec<Bind> {
    let mut keys = Vec::new();
    if state.may("wall.view") && state.view_of("audit").is_some() {
        keys.push(bind("Tab", KeyCode::Tab, "pane", Act::NextPane));
    }
    let chosen = match state.log.pane {
        LogPane::Events => !state.board.events.is_empty(),
        LogPane::Audit => state.page().is_some_and(|(_, page)| page.chosen().is_some()),
    };
    if chosen {
        keys.push(bind("Enter", KeyCode::Enter, "jump", Act::Jump));
    }
    if state.log.pane == LogPane::Audit {
        let listed = page(state);
        let of_list =
            ["export", "filter", "unfilter", "next_page", "previous_page", "columns", "columns_back", "reload"];
        keys.extend(listed.into_iter().filter(|b| of_list.contains(&b.words)));
    }
    keys
}

/// Keys of 客户资料 that stand for actions of its catalogue, by whatever of these names it gives them.
const CUSTOMER_KEYS: [(&str, char, &str, &[&str]); 3] = [
    ("A", 'A', "assign", &["assign"]),
    ("P", 'P', "pool", &["release", "pool", "to_pool"]),
    ("B", 'B', "block", &["block", "blocklist", "to_blocklist"]),
];

fn customers(state: &State) -> Vec<Bind> {
    let Some((view, screen)) = state.page() else { return Vec::new() };
    let mut keys = Vec::new();
    let does = |id: &str| view.actions.iter().any(|a| a.id == id);
    for (name, c, words, ids) in CUSTOMER_KEYS {
        let action = view.actions.iter().find(|a| ids.contains(&a.id.as_str()));
        if let Some(action) = action.filter(|a| screen.chosen().is_some_and(|row| allows(row, a))) {
            keys.push(key(name, c, words, Act::Row(action.id.clone())));
        }
    }
    if does("import") {
        keys.push(key("i", 'i', "import", Act::Go(Screen::Import)));
    }
    if does("add") && !view.form.is_empty() {
        keys.push(quiet(key("a", 'a', "new", Act::New)));
    }
    if state.view_of("customer_fields").is_some() {
        keys.push(quiet(key("F", 'F', "fields", Act::Go(Screen::Page("customer_fields".into())))));
    }
    if !crate::view::customers::wide(state) {
        keys.push(bind("Tab", KeyCode::Tab, "pane", Act::NextPane));
    }
    keys
}

fn page(state: &State) -> Vec<Bind> {
    let Some((view, screen)) = state.page() else { return Vec::new() };
    let is_customers = view.id == "customers";
    let mut keys = if is_customers { customers(state) } else { Vec::new() };
    if state.tree_here().len() > 1 {
        keys.push(bind("Tab", KeyCode::Tab, "pane", Act::NextPane));
        if state.in_tree {
            keys.push(bind("Enter", KeyCode::Enter, "open", Act::NextPane));
            return keys;
        }
    }
    let does = |id: &str| view.actions.iter().any(|a| a.id == id);
    let row = screen.chosen();
    let on_row = |id: &str| view.actions.iter().any(|a| a.id == id && row.is_some_and(|row| allows(row, a)));
    if on_row("play") {
        keys.push(bind("Enter", KeyCode::Enter, "play", Act::Play));
    } else if on_row("edit") && !view.form.is_empty() {
        keys.push(bind("Enter", KeyCode::Enter, "edit", Act::Edit));
    }
    player(state, &mut keys);
    if does("add") && !view.form.is_empty() {
        keys.push(key("n", 'n', "new", Act::New));
    }
    if on_row("edit") && !view.form.is_empty() {
        keys.push(quiet(key("e", 'e', "edit", Act::Edit)));
    }
    if row.is_some() && state.player.is_none() && view.actions.iter().any(|a| a.place == Place::Selection) {
        keys.push(bind("Space", KeyCode::Char(' '), "mark", Act::Mark));
        if view.actions.iter().any(|a| a.place == Place::Selection && a.all) {
            keys.push(key("*", '*', "mark_all", Act::MarkAll));
        }
    }
    if on_row("download") {
        keys.push(key("d", 'd', "download", Act::Download));
    }
    if on_row("delete") {
        keys.push(key("D", 'D', "delete", Act::Row("delete".into())));
    }
    if does("import") && !is_customers {
        keys.push(key("a", 'a', "import", Act::ImportFile));
        keys.push(quiet(key("t", 't', "template", Act::Template)));
    }
    if does("import") && is_customers {
        keys.push(quiet(key("t", 't', "template", Act::Template)));
    }
    if does("export") {
        keys.push(key("x", 'x', "export", Act::Prefix(Prefix::Export)));
    }
    if view.actions.iter().any(|a| is_other(&a.id) && (a.place == Place::Toolbar || row.is_some_and(|r| allows(r, a))))
    {
        keys.push(key(".", '.', "actions", Act::Actions));
    }
    if !view.filters.is_empty() {
        keys.push(key("/", '/', "filter", Act::Filter));
    }
    if screen.page < screen.pages() {
        keys.push(key("+", '+', "next_page", Act::TurnPage(1)));
    }
    if screen.page > 1 {
        keys.push(key("-", '-', "previous_page", Act::TurnPage(-1)));
    }
    if state.player.is_none() {
        if crate::view::page::hides_columns(state) {
            keys.push(bind("→", KeyCode::Right, "columns", Act::Columns(1)));
            keys.push(quiet(bind("←", KeyCode::Left, "columns_back", Act::Columns(-1))));
        }
        if screen.meant() > 0 {
            keys.push(bind("Esc", KeyCode::Esc, "unmark", Act::Unmark));
        } else if screen.filters.values().any(|v| !v.is_empty()) {
            keys.push(bind("Esc", KeyCode::Esc, "unfilter", Act::Back));
        }
    }
    keys.push(quiet(control(bind("Ctrl-r", KeyCode::Char('r'), "reload", Act::Reload))));
    keys
}

/// The action may be done to this row now. A row lists its own buttons; what acts on ticked rows is always allowed.
pub fn allows(row: &Row, action: &ActionView) -> bool {
    match action.place {
        Place::Row => row.actions.contains(&action.id),
        Place::Selection => true,
        Place::Toolbar => false,
    }
}

/// Actions with no key of their own.
pub fn is_other(id: &str) -> bool {
    !["add", "edit", "delete", "import", "export", "play", "download"].contains(&id)
}

fn player(state: &State, keys: &mut Vec<Bind>) {
    let Some(player) = &state.player else { return };
    if matches!(player.sound, Sound::Ready(_)) {
        keys.push(bind("Space", KeyCode::Char(' '), "play_pause", Act::PlayPause));
    }
    if player.peaks.is_some() {
        keys.push(bind("←", KeyCode::Left, "seek_back", Act::Seek(-5)));
        keys.push(bind("→", KeyCode::Right, "seek_on", Act::Seek(5)));
    }
    keys.push(bind("Esc", KeyCode::Esc, "close", Act::ClosePlayer));
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
    })
}
