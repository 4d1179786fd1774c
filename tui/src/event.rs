//! What reaches the console, and what it asks for in turn. `update` turns the one into the other and touches nothing else.

use hutong_api::{
    Lang,
    catalogue::PageView,
    live::{Command, RefusalText, ServerMsg},
    monitor::TaskMonitor,
    page::*,
};
use ratatui::crossterm::event::KeyEvent;
use std::{collections::BTreeMap, path::PathBuf};

#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Event {
    /// Local time, epoch ms. Sent before every other event and once a second.
    Tick(i64),
    Key(KeyEvent),
    Paste(String),
    /// A click or a wheel turn on something drawn.
    Hit(Hit),
    Wheel(i32),
    Resize(u16, u16),
    Net(NetEvent),
    Audio(AudioEvent),
}

/// Something on the screen that answers the mouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hit {
    Tab(usize),
    /// A row of a pane: pane number on its screen, row number.
    Row(usize, usize),
    /// A key's name on the bottom line.
    Act(crate::keys::Act),
}

#[derive(Debug)]
pub enum NetEvent {
    LoggedIn(Box<Session>),
    LoginRefused(RefusalText),
    /// No answer from the service while logging in; it is tried again by itself when the password came from outside.
    LoginFailed(String),
    /// First sight of this certificate, or another than the one pinned (`known`). SHA-256 of the leaf, hex.
    Certificate {
        fingerprint: String,
        known: Option<String>,
    },
    LinkUp,
    /// The live socket is gone; tried again at this local epoch ms.
    LinkDown {
        retry_at: i64,
    },
    Live(ServerMsg),
    Catalogue(Vec<PageView>),
    List {
        page: String,
        tag: u64,
        reply: ListReply,
    },
    Row {
        page: String,
        reply: RowReply,
    },
    /// A row's telephone numbers in full, by column.
    Numbers {
        page: String,
        reply: RowReply,
    },
    /// One task as it stands.
    Monitor(Box<TaskMonitor>),
    Notices(Vec<Notice>),
    NoticeRead,
    Options {
        page: String,
        field: String,
        choices: Vec<Choice>,
    },
    Saved {
        page: String,
        id: i64,
    },
    ActionDone {
        page: String,
        reply: ActionReply,
    },
    /// Something was taken back.
    Undone(ActionReply),
    /// The tree of 角色管理.
    Permissions(Vec<PermissionGroup>),
    Looked(ImportLook),
    /// The session speaks another language from now on.
    Spoken(Box<Session>),
    Import(ImportStatus),
    /// A file was written here.
    FileSaved(PathBuf),
    Peaks {
        call: i64,
        peaks: Peaks,
    },
    /// A recording, whole.
    Recording {
        call: i64,
        wav: Vec<u8>,
    },
    /// An HTTP request was refused or failed.
    Refused {
        about: About,
        refusal: RefusalText,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The rows of this page.
    List(String),
    /// The form on screen.
    Save,
    Upload,
    /// A file being looked at before its import.
    Look,
    /// Sound or waveform of this call.
    Recording(i64),
    /// The task that is open; it is asked again by itself.
    Monitor,
    Other,
}

#[derive(Debug)]
pub enum AudioEvent {
    /// The device's name.
    Ready(String),
    NoDevice,
    /// The file is none the player can decode.
    BadFile,
    /// Seconds from the beginning.
    Position(f64),
    Ended,
}

/// A catalogue action and what it is done to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Deed {
    pub page: String,
    pub action: String,
    pub ids: Vec<i64>,
    /// What the action asked.
    pub args: BTreeMap<String, String>,
    /// Every row that `filters` find, instead of `ids`.
    pub all: bool,
    pub filters: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    Login {
        company: String,
        account: String,
        password: String,
        lang: Lang,
    },
    /// The person accepts this certificate for the service from now on.
    Trust(String),
    Logout,
    /// A live command; the reply carries the same number.
    Send {
        req: u32,
        cmd: Command,
    },
    Catalogue,
    List {
        page: String,
        tag: u64,
        query: Vec<(String, String)>,
    },
    Row {
        page: String,
        id: i64,
    },
    /// A row's telephone numbers in full; the service writes down who asked.
    Numbers {
        page: String,
        id: i64,
    },
    /// One task as it stands.
    Monitor(i64),
    Notices,
    NoticeRead(i64),
    Options {
        page: String,
        field: String,
    },
    Save {
        page: String,
        id: Option<i64>,
        values: BTreeMap<String, String>,
    },
    Action(Deed),
    /// Takes back what a reply named.
    Undo(String),
    Permissions,
    /// What a file of this machine seems to be; nothing is stored yet.
    Look {
        page: String,
        path: PathBuf,
    },
    RunImport {
        page: String,
        wish: ImportWish,
    },
    /// The file of a row, as a new version.
    RowFile {
        page: String,
        id: i64,
        path: PathBuf,
    },
    /// The session's language from now on.
    Speak(Lang),
    /// Import a file of this machine into `page`, or into a campaign's list.
    Upload {
        page: String,
        campaign: Option<i64>,
        /// 同步客户资料: the rows become customers too.
        sync: bool,
        path: PathBuf,
    },
    PollImport(i64),
    /// GET `path` of the service into a file of this machine.
    Download {
        path: String,
        into: PathBuf,
    },
    Peaks(i64),
    Recording(i64),
    Audio(AudioRequest),
    /// Draw everything anew.
    Redraw,
}

#[derive(Debug, Clone, PartialEq)]
pub enum AudioRequest {
    Load(Vec<u8>),
    Play,
    Pause,
    /// Seconds from the beginning.
    Seek(f64),
    Stop,
}
