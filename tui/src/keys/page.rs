//! The keys of the pages of the catalogue, of the import wizard and of the log.

use super::{Act, Bind, bind, control, key, quiet};
use crate::state::{LogPane, Prefix, Screen, State, player::Sound, wizard::Step};
use hutong_api::{
    catalogue::{ActionView, Place},
    page::Row,
};
use ratatui::crossterm::event::KeyCode;

pub fn wizard(state: &State) -> Vec<Bind> {
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

pub fn log(state: &State) -> Vec<Bind> {
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
    if state.log.pane == LogPane::Events && state.may("alarms.ack") {
        if state.chosen_event().is_some_and(|event| event.alarm && state.board.ack(event).is_none()) {
            keys.push(key("a", 'a', "ack", Act::Acknowledge));
        }
        if state.board.open_alarms().next().is_some() {
            keys.push(key("A", 'A', "ack_all", Act::AcknowledgeAll));
        }
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

pub fn page(state: &State) -> Vec<Bind> {
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
    if state.may("numbers.unmask") && state.masked_row().is_some() {
        keys.push(key("M", 'M', "unmask", Act::Unmask));
    }
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
