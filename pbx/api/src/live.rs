//! The live protocol of `/api/live` (WebSocket, JSON text frames): agents' pages, consoles and bots all speak it.
//! A client sends `ClientMsg`; the service answers each with one `ServerMsg::Reply` of the same `req`, and pushes the rest.

use crate::{board::BoardMsg, *};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ClientMsg {
    /// Chosen by the client; echoed in the reply.
    pub req: u32,
    #[serde(flatten)]
    pub cmd: Command,
}

/// What a person asks for. The first group is an agent's own seat, the second a supervisor's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "cmd", rename_all = "snake_case")]
pub enum Command {
    /// Keep-alive every 5 s; two missed make an agent 失联. Carries what the page measured of its own leg.
    Ping {
        #[serde(default)]
        quality: Option<Quality>,
    },

    /// 签入. Refused (`agent.no_microphone`) unless the standing media leg is up.
    SignIn,
    /// 签出. During a call it takes effect after it.
    SignOut,
    /// 示忙 with a reason code of 示忙分类 (`break`, `meal`, `training`, `meeting`). During a call: after it.
    Busy {
        reason: String,
    },
    /// 示闲; ends 示忙 and 话后.
    Idle,
    /// 再给 30s of 话后.
    WrapMore,
    AutoAnswer {
        on: bool,
    },
    /// The card of this call was closed without saving: ends 弹屏示忙 (F86).
    CardClosed {
        call: CallId,
    },
    /// 快速拨号 (F10). `number` as typed.
    Dial {
        number: String,
    },
    /// Accept an offered call (自动接听 off).
    Answer,
    Reject,
    /// Hang up the seat's call.
    HangUp,
    /// 勿再打 (X14): the callee of this call of the seat's is not called again, from now on.
    OptOut {
        call: CallId,
    },
    /// One DTMF key to the far end: 0-9 * #.
    Dtmf {
        key: char,
    },

    /// Wants `ServerMsg::Board`: the whole company, as its scope allows.
    WatchBoard {
        on: bool,
    },
    CampaignStart {
        campaign: CampaignId,
    },
    CampaignPause {
        campaign: CampaignId,
    },
    /// 任务重呼: only of a finished campaign (D3), the failed set of D14.
    CampaignRedial {
        campaign: CampaignId,
    },
    CampaignDelete {
        campaign: CampaignId,
    },
    ForceSignIn {
        seat: SeatId,
    },
    ForceSignOut {
        seat: SeatId,
    },
    ForceIdle {
        seat: SeatId,
    },
    HangUpCall {
        call: CallId,
    },
    /// A line of text to an agent's page.
    Message {
        seat: SeatId,
        text: String,
    },
    /// Acknowledges the alarm of this moment (`EventRow.at`) and kind; without a kind all of the event pane up to that moment.
    AlarmAck {
        at: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        text_key: Option<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Quality {
    pub rtt_ms: u32,
    pub jitter_ms: u32,
    pub loss_permille: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "msg", rename_all = "snake_case")]
pub enum ServerMsg {
    Reply {
        req: u32,
        /// Absent when done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        refusal: Option<RefusalText>,
    },
    /// The seat's own state; sent on opening and on every change.
    Seat(SeatView),
    /// 弹屏: sent before the audio is bridged.
    Pop(Pop),
    /// The seat's call is over; the card stays until saved or closed.
    CallOver {
        call: CallId,
        state: CallState,
        talk_s: u32,
    },
    Board(BoardMsg),
    /// Progress of an import this session started.
    Import(page::ImportStatus),
    /// Rows of this catalogue page changed, and who uses them reads again: "customer_fields" the catalogue, "notices" the
    /// notices, pages of 系统设置 `WorkView`.
    Changed {
        page: String,
    },
    /// A supervisor's line of text.
    Message {
        from: String,
        text: String,
        /// Epoch ms.
        at: i64,
    },
    /// Something a person should see at once, e.g. signed out by the supervisor.
    Toast(RefusalText),
    /// The session ended (newer login, role changed, disabled); the socket closes.
    Bye(RefusalText),
}

/// A refusal with its sentence in the session's language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RefusalText {
    pub code: String,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeatState {
    /// 离线: not logged in, or signed out (签出) while logged in.
    SignedOut,
    Idle,
    /// 示忙
    Busy,
    /// A call is offered (自动接听 off) or being dialled by hand.
    Ringing,
    Talking,
    /// 话后
    WrapUp,
    /// 失联
    Lost,
}

impl SeatState {
    /// Text key, `call.seat.*`.
    pub const fn key(self) -> &'static str {
        match self {
            SeatState::SignedOut => "call.seat.signed_out",
            SeatState::Idle => "call.seat.idle",
            SeatState::Busy => "call.seat.busy",
            SeatState::Ringing => "call.seat.ringing",
            SeatState::Talking => "call.seat.talking",
            SeatState::WrapUp => "call.seat.wrap_up",
            SeatState::Lost => "call.seat.lost",
        }
    }
}

/// What a seat's page shows of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SeatView {
    pub seat: SeatId,
    pub state: SeatState,
    /// Busy reason code, when Busy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
    /// Epoch ms when this state began.
    pub since: i64,
    /// Epoch ms when 话后 ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub until: Option<i64>,
    pub auto_answer: bool,
    /// The standing media leg is up.
    pub phone: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub call: Option<CallId>,
    /// A sign-out or busy that waits for the call's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub after_call: Option<SeatState>,
    /// Today: answered calls and talk seconds.
    pub today_calls: u32,
    pub today_talk_s: u32,
}

/// 弹屏.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Pop {
    pub call: CallId,
    pub kind: CallKind,
    /// Number as this seat may see it (masked where 号码隐藏 is on).
    pub number: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub campaign: Option<String>,
    /// The customer known by this number, or the blank card with the list row's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub customer: Option<CustomerId>,
    /// Card fields: catalogue field id → value.
    pub card: std::collections::BTreeMap<String, String>,
    /// The 业务记录 form of the customer's or the campaign's project (项目界面); empty = the page's own form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub form: Vec<catalogue::FieldView>,
    /// 弹屏设置's URL template, filled in; opened in a tab of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub url: Option<String>,
}
