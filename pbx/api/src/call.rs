//! Words for a call's life and end (F61, F69–F72). Texts: `call.state.*`, `call.result.*`, `call.kind.*`, `call.by.*`.

use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $area:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),* }
        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// The stable word stored in the database and sent in JSON.
            pub const fn word(self) -> &'static str { match self { $($name::$variant => $word),* } }
            pub fn parse(word: &str) -> Option<$name> { match word { $($word => Some($name::$variant),)* _ => None } }
            /// Key of its text in data/texts.
            pub fn key(self) -> String { format!(concat!("call.", $area, ".{}"), self.word()) }
            pub fn text(self, lang: crate::Lang) -> &'static str { crate::texts::text(lang, &self.key()) }
        }
        // By hand, since the derive does not see words that come through this macro.
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = $name::ALL.iter().map(|name| name.word());
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
            }
        }
        impl ToSchema for $name {}
    };
}

words! {
    /// 呼叫状态 (F61).
    CallState, "state" {
        /// 未呼叫
        NotCalled = "not_called",
        /// 呼叫中
        Calling = "calling",
        /// 已接听
        Answered = "answered",
        /// 未接听
        NoAnswer = "no_answer",
        /// 忙
        Busy = "busy",
        /// 拒接
        Rejected = "rejected",
        /// 空号
        Vacant = "vacant",
        /// 无法接通
        Unreachable = "unreachable",
        /// 关机
        PoweredOff = "powered_off",
        /// 停机
        Suspended = "suspended",
        /// 超时
        TimedOut = "timed_out",
        /// 线路故障
        LineFault = "line_fault",
        /// 黑名单
        Blocked = "blocked",
        /// 频次限制
        Capped = "capped",
        /// 非时段
        OffHours = "off_hours",
    }
}

words! {
    /// 呼叫结果: the business outcome of a call.
    CallResult, "result" {
        /// 转人工: talked with an agent.
        ToAgent = "to_agent",
        /// 呼损: answered, but no agent in time (D17).
        Abandoned = "abandoned",
        /// Answered, hung up by the callee before an agent was due.
        HungUpEarly = "hung_up_early",
        /// Not answered.
        NotConnected = "not_connected",
        /// 系统中断: the service died with the call up.
        Interrupted = "interrupted",
        /// Never left the box (paused, opted out, no balance meanwhile).
        NotSent = "not_sent",
    }
}

words! {
    /// 呼叫类型 (F72).
    CallKind, "kind" {
        /// 呼出: quick dial.
        Outbound = "outbound",
        /// 群呼转人工: predictive campaign.
        Campaign = "campaign",
        /// 预览
        Preview = "preview",
    }
}

impl CallKind {
    /// An agent dialled it, and hears it from the first ring.
    pub const fn by_hand(self) -> bool {
        matches!(self, CallKind::Outbound | CallKind::Preview)
    }
}

words! {
    /// 挂机原因: who ended it (F71).
    EndedBy, "by" {
        /// 被叫
        Callee = "callee",
        /// 坐席
        Agent = "agent",
        /// 主管
        Supervisor = "supervisor",
        /// 系统
        System = "system",
        /// 线路
        Trunk = "trunk",
    }
}

words! {
    /// Why a number is closed, waits or is done: one sentence of `call.why.*` (X5).
    WhyRule, "why" {
        /// On the blocklist.
        Blocked = "blocked",
        /// It is not yet, or no longer, the hour to call where the callee is.
        Area = "area",
        /// Tried as often as one callee may be; the value is how often.
        Capped = "capped",
        /// Another call of the company has him.
        InCall = "in_call",
        /// 自动重呼: tried again; the value is the cause.
        Retry = "retry",
        /// The same, in another part of the day than the tries so far.
        BestHour = "best_hour",
        /// The line was at fault, not the callee.
        LineFault = "line_fault",
        /// The dial never left.
        NotSent = "not_sent",
        /// Answered: final.
        Answered = "answered",
        /// 呼损: kept for 任务重呼.
        Abandoned = "abandoned",
        /// Every attempt is used; the value is how many.
        Attempts = "attempts",
        /// This cause is not tried again by itself; the value is the cause.
        Cause = "cause",
        /// The call died with the service; a number is never dialled twice in a round.
        Interrupted = "interrupted",
    }
}

words! {
    /// How a callee refused further calls (X14).
    OptOutHow, "opt_out" {
        /// He pressed 9.
        Key = "key",
        /// The agent's button 勿再打.
        Agent = "agent",
        /// 营销结果 勿再打.
        Disposition = "disposition",
    }
}
