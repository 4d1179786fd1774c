//! All the console knows. Only `update` changes it, only `view` draws it.

pub mod board;
pub mod cursor;
pub mod form;
pub mod history;
pub mod inbox;
pub mod line;
pub mod page;
pub mod pick;
pub mod player;
pub mod tabs;
pub mod watch;
pub mod wizard;

use crate::{
    event::{Deed, Request},
    theme::{Theme, ThemeName},
    words,
};
use board::Board;
use cursor::Cursor;
use form::Form;
use hutong_api::{
    CampaignId, Lang,
    board::{CampaignRow, CampaignStatus, EventRow, SeatRow},
    catalogue::{Kind, PageView},
    page::{Choice, ImportStatus, PermissionGroup, Session},
};
use jiff::tz::TimeZone;
use line::LineEdit;
use page::PageScreen;
use pick::Picker;
use player::Player;
use std::{collections::BTreeMap, path::PathBuf};

pub struct State {
    /// Local time, epoch ms.
    pub now: i64,
    /// Service time − local time, ms.
    pub skew: i64,
    pub zone: TimeZone,
    /// `zone` was given by hand: the company's does not replace it.
    pub own_zone: bool,
    /// host:port, for the login screen.
    pub server: String,
    pub size: (u16, u16),
    pub lang: Lang,
    pub theme: Theme,
    pub stage: Stage,
    pub login: Login,
    pub session: Option<Session>,
    pub link: Link,
    pub board: Board,
    pub catalogue: Vec<PageView>,
    /// Choices fetched: (page, field).
    pub options: BTreeMap<(String, String), Vec<Choice>>,
    /// The tree of 角色管理, once asked for.
    pub permissions: Vec<PermissionGroup>,
    pub screen: Screen,
    /// A key was pressed that others follow.
    pub prefix: Option<Prefix>,
    /// What can be taken back now.
    pub undo: Option<Undo>,
    pub wall: Wall,
    pub campaigns: Campaigns,
    pub agents: Agents,
    pub pages: BTreeMap<String, PageScreen>,
    /// The page a tab with a tree showed last.
    pub last_pages: BTreeMap<tabs::Tab, String>,
    /// The keys move in the tree, not in the list beside it.
    pub in_tree: bool,
    pub history: history::History,
    pub wizard: wizard::Wizard,
    pub log: Log,
    pub inbox: inbox::Inbox,
    pub unmasked: Option<Unmasked>,
    pub player: Option<Player>,
    pub import: Option<Import>,
    pub modal: Option<Modal>,
    pub toast: Option<Toast>,
    /// Commands sent and not answered yet: number → what was asked, in words.
    pub pending: BTreeMap<u32, String>,
    pub last_req: u32,
    pub last_tag: u64,
    /// A screen on the wall: nothing can be done, tasks take turns.
    pub kiosk: Option<Kiosk>,
    pub quit: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    Login,
    /// The service's certificate is new (or has changed) and waits for a yes.
    Trust {
        fingerprint: String,
        known: Option<String>,
    },
    Open,
}

#[derive(Debug, Default)]
pub struct Login {
    /// Company, account, password.
    pub fields: [LineEdit; 3],
    pub focus: usize,
    pub waiting: bool,
    pub error: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    Connecting,
    Up,
    /// Tried again at this local epoch ms.
    Down {
        retry_at: i64,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Screen {
    Live,
    Campaigns,
    Agents,
    /// A catalogue page.
    Page(String),
    /// The import wizard.
    Import,
    /// Events and 操作日志.
    Log,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pane {
    #[default]
    Campaigns,
    Trunks,
    Calls,
    Agents,
}

#[derive(Debug, Default)]
pub struct Wall {
    pub pane: Pane,
    pub campaigns: Cursor,
    pub trunks: Cursor,
    pub calls: Cursor,
    pub agents: Cursor,
}

#[derive(Debug, Default)]
pub struct Campaigns {
    pub cursor: Cursor,
    pub filter: String,
    /// The detail of one is open.
    pub detail: Option<CampaignId>,
    /// Form values of the open one.
    pub values: BTreeMap<String, String>,
    pub watch: watch::Watch,
}

#[derive(Debug, Default)]
pub struct Agents {
    pub cursor: Cursor,
    pub filter: String,
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Kiosk {
    /// Local epoch ms since when this view stands.
    pub since: i64,
    /// 0 = the whole wall, then every running task.
    pub at: usize,
}

#[derive(Debug, Default)]
pub struct Log {
    pub pane: LogPane,
    /// Of the events, the newest first.
    pub cursor: Cursor,
}

/// The numbers of the row the cursor stands on, in full.
#[derive(Debug)]
pub struct Unmasked {
    pub page: String,
    pub id: i64,
    /// Column id → number.
    pub numbers: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogPane {
    #[default]
    Events,
    Audit,
}

pub struct Import {
    pub path: PathBuf,
    /// None until the service answers.
    pub status: Option<ImportStatus>,
    pub since: i64,
}

pub enum Modal {
    /// The keys, narrowed by what is typed.
    Help(LineEdit),
    /// `y` sends the request.
    Confirm {
        text: String,
        request: Request,
    },
    Prompt {
        prompt: Prompt,
        line: LineEdit,
    },
    Form(Form),
    Menu(Menu),
    Import,
    /// Seats that share what is imported.
    Pick(Picker),
    Inbox,
    /// What a button told, more than one line of it.
    Told(String),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Prompt {
    /// Of the campaign list or the agents.
    Filter,
    /// A file to append to this campaign.
    Append { campaign: CampaignId, name: String },
    /// A file to import into this page.
    ImportInto { page: String },
    /// The filter line of 客户资料; what was not understood of it.
    Query { error: Option<String> },
    /// The file of the import wizard.
    WizardFile,
    /// A line of text to an agent's page.
    Message { seat: hutong_api::SeatId, who: String },
    /// How many rows are deleted, typed by who deletes them.
    Count { deed: Deed, count: u64, action: String },
}

/// A list of things to do, chosen by typing and Enter.
pub struct Menu {
    pub title: String,
    pub items: Vec<Item>,
    pub typed: LineEdit,
    pub at: usize,
    /// Of the palette: customers the service is asked for.
    pub finding: Option<Finding>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub label: String,
    /// The key that does the same; empty = none.
    pub key: String,
    pub act: crate::keys::Act,
}

#[derive(Debug, Default)]
pub struct Finding {
    /// Number of the question on its way.
    pub tag: Option<u64>,
    /// What was asked for last.
    pub typed: String,
    pub items: Vec<Item>,
}

impl Menu {
    /// Items that match what was typed, the best first.
    pub fn shown(&self) -> Vec<&Item> {
        let found = self.finding.iter().flat_map(|f| &f.items);
        let typed = self.typed.text();
        let scored = self.items.iter().chain(found).filter_map(|i| Some((crate::fuzzy::score(typed, &i.label)?, i)));
        let mut scored: Vec<_> = scored.collect();
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        scored.into_iter().map(|(_, item)| item).collect()
    }
}

/// A key that others follow: the bottom line shows which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    Export,
    Theme,
}

/// The newest thing that POST /api/undo takes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    pub id: String,
    pub what: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Bad,
}

#[derive(Debug, Clone)]
pub struct Toast {
    pub text: String,
    pub tone: Tone,
    pub until: i64,
}

const TOAST_MS: i64 = 8000;

impl State {
    pub fn new(lang: Lang, theme: ThemeName, zone: TimeZone) -> State {
        State {
            now: 0,
            skew: 0,
            zone,
            own_zone: false,
            server: String::new(),
            size: (0, 0),
            lang,
            theme: Theme::new(theme),
            stage: Stage::Login,
            login: Login::default(),
            session: None,
            link: Link::Connecting,
            board: Board::default(),
            catalogue: Vec::new(),
            options: BTreeMap::new(),
            permissions: Vec::new(),
            screen: Screen::Live,
            prefix: None,
            undo: None,
            wall: Wall::default(),
            campaigns: Campaigns::default(),
            agents: Agents::default(),
            pages: BTreeMap::new(),
            last_pages: BTreeMap::new(),
            in_tree: false,
            history: history::History::default(),
            wizard: wizard::Wizard::default(),
            log: Log::default(),
            inbox: inbox::Inbox::default(),
            unmasked: None,
            player: None,
            import: None,
            modal: None,
            toast: None,
            pending: BTreeMap::new(),
            last_req: 0,
            last_tag: 0,
            kiosk: None,
            quit: false,
        }
    }

    pub fn t(&self, key: &str) -> &'static str {
        words::t(self.lang, key)
    }

    pub fn fill(&self, key: &str, args: &[(&str, &str)]) -> String {
        words::fill(self.lang, key, args)
    }

    /// The role has this permission word.
    pub fn may(&self, word: &str) -> bool {
        self.session.as_ref().is_some_and(|s| s.permissions.iter().any(|p| p == word || p == "*"))
    }

    pub fn say(&mut self, tone: Tone, text: String) {
        self.toast = Some(Toast { text, tone, until: self.now + TOAST_MS });
    }

    /// The whole screen.
    pub fn area(&self) -> ratatui::layout::Rect {
        ratatui::layout::Rect::new(0, 0, self.size.0, self.size.1)
    }

    /// Epoch ms by the service's clock.
    pub fn service_now(&self) -> i64 {
        self.now + self.skew
    }

    pub fn title(&self, screen: &Screen) -> String {
        match screen {
            Screen::Live => self.t("tab.live").into(),
            Screen::Campaigns => self.t("tab.campaigns").into(),
            Screen::Agents => self.t("tab.agents").into(),
            Screen::Import | Screen::Log => self.tab_title(screen),
            Screen::Page(id) => self.view_of(id).map_or_else(|| id.clone(), |p| p.title.clone()),
        }
    }

    pub fn view_of(&self, page: &str) -> Option<&PageView> {
        self.catalogue.iter().find(|p| p.id == page)
    }

    /// Campaigns as the list shows them: running ones first, then by id, newest first; filtered.
    pub fn campaign_rows(&self) -> Vec<&CampaignRow> {
        let mut rows: Vec<&CampaignRow> =
            self.board.campaigns.iter().filter(|c| holds(&c.name, &self.campaigns.filter)).collect();
        rows.sort_by_key(|c| (rank(c.status), std::cmp::Reverse(c.id)));
        rows
    }

    pub fn wall_campaigns(&self) -> Vec<&CampaignRow> {
        let mut rows: Vec<&CampaignRow> = self.board.campaigns.iter().collect();
        rows.sort_by_key(|c| (rank(c.status), std::cmp::Reverse(c.id)));
        rows
    }

    pub fn seat_rows(&self) -> Vec<&SeatRow> {
        let filter = &self.agents.filter;
        let mut rows: Vec<&SeatRow> = self.board.seats.iter().collect();
        rows.retain(|s| holds(&s.name, filter) || holds(&s.extension, filter) || holds(&s.department, filter));
        rows.sort_by_key(|s| (seat_rank(s), s.since, s.id));
        rows
    }

    pub fn wall_seats(&self) -> Vec<&SeatRow> {
        let mut rows: Vec<&SeatRow> = self.board.seats.iter().collect();
        rows.sort_by_key(|s| (seat_rank(s), s.since, s.id));
        rows
    }

    /// The campaign the keys s, p, a, r act on.
    pub fn chosen_campaign(&self) -> Option<&CampaignRow> {
        let id = match self.screen {
            Screen::Live if self.wall.pane == Pane::Campaigns => self.wall.campaigns.id(),
            Screen::Campaigns => self.campaigns.detail.map(|c| c.0).or(self.campaigns.cursor.id()),
            _ => None,
        }?;
        self.board.campaigns.iter().find(|c| c.id.0 == id)
    }

    /// The seat the keys i, O, f, H act on.
    pub fn chosen_seat(&self) -> Option<&SeatRow> {
        let id = match self.screen {
            Screen::Live if self.wall.pane == Pane::Agents => self.wall.agents.id(),
            Screen::Agents => self.agents.cursor.id(),
            _ => None,
        }?;
        self.board.seats.iter().find(|s| s.id.0 == id)
    }

    pub fn page(&self) -> Option<(&PageView, &PageScreen)> {
        let id = self.page_id()?;
        Some((self.view_of(id)?, self.pages.get(id)?))
    }

    /// The chosen row, if a number of it is masked here and not by the service.
    pub fn masked_row(&self) -> Option<(&str, i64)> {
        let (view, page) = self.page()?;
        let row = page.chosen()?;
        let whole = |number: &String| !number.is_empty() && !number.contains('*');
        let mut phones = view.columns.iter().filter(|c| c.kind == Kind::Phone);
        let open = self.unmasked.as_ref().is_some_and(|u| u.page == view.id && u.id == row.id);
        let masked = phones.any(|c| row.cells.get(&c.id).is_some_and(whole)) && !open;
        masked.then_some((view.id.as_str(), row.id))
    }

    /// The chosen event of the log, the newest being the first.
    pub fn chosen_event(&self) -> Option<&EventRow> {
        self.board.events.iter().rev().nth(self.log.cursor.at)
    }

    /// The catalogue page on screen.
    pub fn page_id(&self) -> Option<&str> {
        match &self.screen {
            Screen::Page(id) => Some(id),
            Screen::Log if self.view_of("audit").is_some() => Some("audit"),
            _ => None,
        }
    }
}

fn holds(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}

fn rank(status: CampaignStatus) -> u8 {
    match status {
        CampaignStatus::Running => 0,
        CampaignStatus::Paused => 1,
        CampaignStatus::Ready => 2,
        CampaignStatus::Finished => 3,
    }
}

/// Who needs a supervisor's eye first.
fn seat_rank(seat: &SeatRow) -> u8 {
    use hutong_api::live::SeatState::*;
    match seat.state {
        Talking => 0,
        Ringing => 1,
        WrapUp => 2,
        Idle => 3,
        Busy => 4,
        Lost => 5,
        SignedOut => 6,
    }
}
