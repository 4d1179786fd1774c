//! Bodies of the HTTP interface (all JSON, under /api). Errors are `{code, text}` (live::RefusalText) with status
//! 400 bad input · 401 not logged in · 403 not permitted · 404 not yours · 409 conflicts with the state · 429 slow down · 503 busy.
//!
//! ```text
//! POST /api/login                      LoginRequest → Session (and a cookie)
//! POST /api/logout
//! GET  /api/me                         Session
//! POST /api/me                         {lang} → Session: the session's language from now on
//! POST /api/me/password                PasswordChange → 204: one's own web password; other sessions with the old one end
//! GET  /api/texts/{zh-CN|en}           {key: text}; no login needed
//! GET  /api/catalogue                  [catalogue::PageView]: the pages this role may see, in the session's language
//! GET  /api/permissions                [PermissionGroup]: the tree of 角色管理, what the asker has himself
//! GET  /api/openapi.json               this interface as an OpenAPI 3.1 document, as `hutong openapi` prints it
//! GET  /api/home                       Home
//! GET  /api/p/{page}?page=1&size=30&sort=-field&exact=1&q.{filter}=…   ListReply
//! GET  /api/p/{page}/{id}              RowReply: every form field's value
//! POST /api/p/{page}                   {field: value} → Created
//! POST /api/p/{page}/{id}              {field: value} → Created
//! POST /api/p/{page}/action/{action}   ActionRequest → ActionReply
//! GET  /api/p/{page}/export?q.…        text/csv, UTF-8 with BOM; &format=xlsx: a workbook with text cells
//! GET  /api/p/{page}/options/{field}   [Choice]: for select fields with `options_from`
//! GET  /api/template/{page}            the import template, CSV
//! POST /api/import/{page}?campaign=ID&sync=true   multipart, part `file` → ImportStatus (then live, or polled:)
//! POST /api/import/{page}/look         multipart, part `file` → ImportLook: what the file seems to be; nothing is stored yet
//! POST /api/import/{page}/run          ImportWish → ImportStatus: imports a file looked at before
//! GET  /api/import/{batch}             ImportStatus
//! GET  /api/import/{batch}/rejects     text/csv: the original rows with line and reason
//! POST /api/undo/{id}                  ActionReply: takes back "assign-7", "import-12" … within its time
//! POST /api/file/{page}/{id}           multipart, part `file` → Created: the file of a row (系统语音), as a new version
//! GET  /api/file/{page}/{id}?version=N the row's file as audio/wav
//! GET  /api/work                       WorkView: what the workbench of an agent needs of the company's settings
//! GET  /api/notices                    [Notice]: those that are up now and meant for the asker
//! POST /api/notices/{id}/read          204: read receipt
//! GET  /api/recording/{call}           audio/wav; Range; ?download=1
//! GET  /api/recording/{call}/peaks     Peaks
//! POST /api/phone                      PhoneOffer → PhoneAnswer: the seat's standing WebRTC leg
//! POST /api/activity                   ActivityRequest → Created: 业务记录 and the customer card of a call
//! GET  /api/live                       WebSocket, see live.rs
//! GET  /api/health                     {"ok":true}; no login
//! ```
//! A session is the cookie `hutong` (over https `__Host-hutong`; HttpOnly, SameSite=Strict) or `Authorization: Bearer <token>`. Requests that change
//! something and carry the cookie must also carry the header `X-Hutong: 1`, and an Origin, where sent, of this host.

use crate::{live::RefusalText, *};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LoginRequest {
    /// 公司账号
    pub company: String,
    /// 账号
    pub account: String,
    /// 密码
    pub password: String,
    #[serde(default)]
    pub lang: Lang,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PasswordChange {
    pub old: String,
    pub new: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Only in the answer to a login: for consoles and bots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub token: Option<String>,
    pub company: String,
    pub company_name: String,
    pub seat: SeatId,
    /// 坐席号
    pub extension: String,
    pub account: String,
    pub name: String,
    pub role: String,
    /// Permission words, `page.action`, e.g. "campaigns.start"; "seat.work" lets a seat sign in.
    pub permissions: Vec<String>,
    pub demo: bool,
    pub lang: Lang,
    /// IANA zone of the company: every time of day a person reads is in it.
    #[serde(default = "default_zone")]
    pub zone: String,
}

fn default_zone() -> String {
    "Asia/Shanghai".into()
}

/// 首页 (F4–F8).
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Home {
    /// Admin's cards; absent without the permission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub balance: Option<Micro>,
    /// Charges per local day, oldest first: (date, amount).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges_by_day: Vec<(String, Micro)>,
    /// 最后登陆时间: the previous login, epoch ms.
    #[schema(required)]
    pub last_login: Option<i64>,
    pub new_customers_today: u32,
    pub new_activities_today: u32,
    pub my_campaigns: u32,
    /// 待回访: promises to call again that are due by tonight, within reach.
    pub callbacks_today: u32,
    /// Calls and answers per local hour: own for an agent, the scope's otherwise.
    pub calls_by_hour: Vec<u32>,
    pub answered_by_hour: Vec<u32>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ListReply {
    pub rows: Vec<Row>,
    /// 共 N 条.
    pub total: u64,
    pub page: u32,
    pub size: u32,
    /// `total` stopped counting: there are at least so many. Ask again with `exact=1` for the number.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// Sentences beside the toolbar, e.g. 可用号码: 1个 (F81).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Row {
    pub id: i64,
    /// Column id → text as shown, already masked, translated and formatted.
    pub cells: BTreeMap<String, String>,
    /// Row actions allowed now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RowReply {
    pub id: i64,
    pub values: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Created {
    pub id: i64,
    /// What came of it besides, e.g. how many pasted numbers were taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub text: Option<String>,
}

impl From<i64> for Created {
    fn from(id: i64) -> Created {
        Created { id, text: None }
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct ActionRequest {
    #[serde(default)]
    pub ids: Vec<i64>,
    /// Values of what the action asks.
    #[serde(default)]
    pub args: BTreeMap<String, String>,
    /// Every row that `filters` find, instead of `ids`; where the action says so.
    #[serde(default)]
    pub all: bool,
    #[serde(default)]
    pub filters: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct ActionReply {
    /// Rows changed.
    pub done: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<(i64, RefusalText)>,
    /// What was done, where "done N" does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub text: Option<String>,
    /// What POST /api/undo/{id} takes back, e.g. "assign-7".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub undo: Option<String>,
}

/// One page of the permission tree with its words in the order of its buttons.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PermissionGroup {
    /// Menu heading.
    pub menu: String,
    pub title: String,
    /// value = permission word, label = its button.
    pub words: Vec<Choice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportStage {
    Reading,
    Storing,
    Done,
    Refused,
}

/// Rows by what became of them; their sum is `rows` (invariant 5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ImportStatus {
    pub batch: BatchId,
    pub stage: ImportStage,
    /// "UTF-8", "UTF-8 BOM" or "GB18030"; ',' ';' or tab as a word.
    pub encoding: String,
    pub separator: String,
    pub bytes_read: u64,
    pub bytes_total: u64,
    pub rows: u32,
    pub added: u32,
    pub duplicate: u32,
    pub bad: u32,
    pub blocked: u32,
    /// First rejects for the screen (at most 20): line, raw cell, what became of it, reason text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<RejectSample>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub refusal: Option<RefusalText>,
    /// What POST /api/undo takes, while the import can be undone as a whole (24 hours).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub undo: Option<String>,
    /// Rows that changed a customer that was there (merge, overwrite); they count as duplicate, too.
    #[serde(default, skip_serializing_if = "is_none")]
    pub updated: u32,
    /// Seats were made: GET /api/import/{batch}/passwords gives their passwords, once, to whoever imported them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub passwords: bool,
}

fn is_none(count: &u32) -> bool {
    *count == 0
}

/// A file as understood before anything is stored; the person may change the mapping.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ImportLook {
    /// Names the spooled file for `run`, for an hour.
    pub look: String,
    pub file_name: String,
    pub bytes: u64,
    pub encoding: String,
    pub separator: String,
    pub rows: u32,
    /// The sheet's columns in order.
    pub columns: Vec<LookColumn>,
    /// The first rows (at most 8): each cell as it stands there.
    pub first: Vec<Vec<String>>,
    /// Fields a column may be given to; "" (ignore) is always one more.
    pub fields: Vec<Choice>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LookColumn {
    pub header: String,
    /// Field id it is taken for, or "".
    pub field: String,
    /// Known from an earlier import of the same shape, not by its header.
    #[serde(default)]
    pub remembered: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ImportWish {
    pub look: String,
    /// Field id of each column in order, "" = ignored. Empty = as looked.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Customers that exist already: "skip" (the default), "merge" (fill what is empty) or "overwrite".
    #[serde(default)]
    pub existing: String,
    /// Seats the new customers are dealt to evenly; empty = nobody's (公共池) or the importing agent's own.
    #[serde(default)]
    pub owners: Vec<SeatId>,
    #[serde(default)]
    pub campaign: Option<CampaignId>,
    #[serde(default)]
    pub sync: bool,
}

/// What an agent's workbench needs of 系统设置.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WorkView {
    pub busy_reasons: Vec<BusyReason>,
    /// 话后 seconds, 0 = none.
    pub wrap_s: u32,
    /// What 再给时间 adds, in seconds; 0 = not allowed.
    pub wrap_more_s: u32,
    /// The record must be saved before 话后 ends by itself.
    pub must_save: bool,
    /// 弹屏示忙 of this seat.
    pub pop_busy: bool,
    /// The agent may hand the callee to the survey by a button (评价设置).
    pub survey_button: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BusyReason {
    /// What `Command::Busy` carries.
    pub code: String,
    pub label: String,
    /// "#rrggbb".
    pub colour: String,
    /// Longest span in minutes, 0 = no limit.
    pub max_minutes: u32,
}

/// 公告 as its reader sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Notice {
    pub id: i64,
    pub title: String,
    pub body: String,
    /// Shown as a modal until read.
    pub urgent: bool,
    pub read: bool,
    pub by: String,
    /// Epoch ms.
    pub at: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RejectSample {
    /// 1 = the first line of the file.
    pub line: u32,
    pub raw: String,
    /// "duplicate", "bad" or "blocked".
    pub kind: String,
    pub reason: RefusalText,
}

/// Waveform of a recording: 600 pairs (min, max) a lane, -127..=127.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Peaks {
    pub seconds: f64,
    pub callee: Vec<(i8, i8)>,
    pub agent: Vec<(i8, i8)>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PhoneOffer {
    pub sdp: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PhoneAnswer {
    pub sdp: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct ActivityRequest {
    pub call: CallId,
    /// 回访类型, 营销结果: choice codes of the default form.
    pub visit_type: String,
    pub disposition: String,
    pub content: String,
    /// Changed card fields: field id → value.
    #[serde(default)]
    pub card: BTreeMap<String, String>,
    /// Further fields of the project's form (项目界面): field id → value.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// 预约回访: date and time in the company's zone; empty = none.
    #[serde(default)]
    pub callback_at: String,
    /// 保存并空闲
    #[serde(default)]
    pub then_idle: bool,
}
