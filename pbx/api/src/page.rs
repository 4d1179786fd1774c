//! Bodies of the HTTP interface (all JSON, under /api). Errors are `{code, text}` (live::RefusalText) with status
//! 400 bad input · 401 not logged in · 403 not permitted · 404 not yours · 409 conflicts with the state · 429 slow down · 503 busy.
//!
//! ```text
//! POST /api/login                      LoginRequest → Session (and a cookie)
//! POST /api/logout
//! GET  /api/me                         Session
//! POST /api/me                         {lang} → Session: the session's language from now on
//! GET  /api/texts/{zh-CN|en}           {key: text}; no login needed
//! GET  /api/catalogue                  [catalogue::PageView]: the pages this role may see, in the session's language
//! GET  /api/home                       Home
//! GET  /api/p/{page}?page=1&size=30&sort=-field&q.{filter}=…   ListReply
//! GET  /api/p/{page}/{id}              RowReply: every form field's value
//! POST /api/p/{page}                   {field: value} → Created
//! POST /api/p/{page}/{id}              {field: value} → Created
//! POST /api/p/{page}/action/{action}   ActionRequest → ActionReply
//! GET  /api/p/{page}/export?q.…        text/csv, UTF-8 with BOM
//! GET  /api/p/{page}/options/{field}   [Choice]: for select fields with `options_from`
//! GET  /api/template/{page}            the import template, CSV
//! POST /api/import/{page}?campaign=ID&sync=true   multipart, part `file` → ImportStatus (then live, or polled:)
//! GET  /api/import/{batch}             ImportStatus
//! GET  /api/import/{batch}/rejects     text/csv: the original rows with line and reason
//! GET  /api/recording/{call}           audio/wav; Range; ?download=1
//! GET  /api/recording/{call}/peaks     Peaks
//! POST /api/phone                      PhoneOffer → PhoneAnswer: the seat's standing WebRTC leg
//! POST /api/activity                   ActivityRequest → Created: 业务记录 and the customer card of a call
//! GET  /api/live                       WebSocket, see live.rs
//! GET  /api/health                     {"ok":true}; no login
//! ```
//! A session is the cookie `hutong` (HttpOnly, SameSite=Strict) or `Authorization: Bearer <token>`. Requests that change
//! something and carry the cookie must also carry the header `X-Hutong: 1`, and an Origin, where sent, of this host.

use crate::{live::RefusalText, *};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Serialize, Deserialize)]
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

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// Only in the answer to a login: for consoles and bots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Home {
    /// Admin's cards; absent without the permission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<Micro>,
    /// Charges per local day, oldest first: (date, amount).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges_by_day: Vec<(String, Micro)>,
    /// 最后登陆时间: the previous login, epoch ms.
    pub last_login: Option<i64>,
    pub new_customers_today: u32,
    pub new_activities_today: u32,
    pub my_campaigns: u32,
    /// Calls and answers per local hour: own for an agent, the scope's otherwise.
    pub calls_by_hour: Vec<u32>,
    pub answered_by_hour: Vec<u32>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListReply {
    pub rows: Vec<Row>,
    /// 共 N 条.
    pub total: u64,
    pub page: u32,
    pub size: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    pub id: i64,
    /// Column id → text as shown, already masked, translated and formatted.
    pub cells: BTreeMap<String, String>,
    /// Row actions allowed now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RowReply {
    pub id: i64,
    pub values: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Created {
    pub id: i64,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ActionRequest {
    #[serde(default)]
    pub ids: Vec<i64>,
    #[serde(default)]
    pub args: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ActionReply {
    /// Rows changed.
    pub done: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<(i64, RefusalText)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportStage {
    Reading,
    Storing,
    Done,
    Refused,
}

/// Rows by what became of them; their sum is `rows` (invariant 5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    pub refusal: Option<RefusalText>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RejectSample {
    /// 1 = the first line of the file.
    pub line: u32,
    pub raw: String,
    /// "duplicate", "bad" or "blocked".
    pub kind: String,
    pub reason: RefusalText,
}

/// Waveform of a recording: 600 pairs (min, max) a lane, -127..=127.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Peaks {
    pub seconds: f64,
    pub callee: Vec<(i8, i8)>,
    pub agent: Vec<(i8, i8)>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PhoneOffer {
    pub sdp: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PhoneAnswer {
    pub sdp: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ActivityRequest {
    pub call: CallId,
    /// 回访类型, 营销结果: choice codes of the default form.
    pub visit_type: String,
    pub disposition: String,
    pub content: String,
    /// Changed card fields: field id → value.
    #[serde(default)]
    pub card: BTreeMap<String, String>,
    /// 保存并空闲
    #[serde(default)]
    pub then_idle: bool,
}
