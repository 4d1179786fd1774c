//! 试运行 (X4): what would become of each waiting number of a task if it dialled now, by the very checks of the dial decision.

use crate::{
    Engine,
    campaign::screening::{self, Facts, LeadFacts, Verdict},
    io::{Boot, HopperLead, Input},
    time::{Now, Wall},
};
use hutong_api::{CampaignId, WhyRule, board::IdleReason};

/// A number's lot, at the moment that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Dialled,
    /// Not before then, by this rule.
    Later(Wall, WhyRule),
    /// Closed undialled, by this rule.
    Never(WhyRule),
}

/// What holds for the task as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// Why it does not dial at the moment asked for; its numbers are then judged by its next opening.
    pub closed: Option<IdleReason>,
    /// The moment that the numbers are judged by; None: it never opens within the days looked ahead.
    pub opens: Option<Wall>,
}

/// How far ahead an opening is looked for.
const LOOK_DAYS: i64 = 8;

/// Judges rows by what the store holds. The clock stands still: no call of the task changes what the next one meets.
pub fn judge(boot: Boot, campaign: CampaignId, at: Now, rows: &[HopperLead]) -> (Hours, Vec<Fate>) {
    let mut engine = Engine::new();
    engine.handle(at, Input::Boot(Box::new(boot)));
    let hours = engine.hours_of(campaign);
    if let Some(opens) = hours.opens {
        engine.now.wall = opens;
    }
    let fates = rows.iter().map(|row| engine.fate_of(campaign, row)).collect();
    (hours, fates)
}

impl Engine {
    fn hours_of(&self, id: CampaignId) -> Hours {
        let now = self.now.wall;
        let Some((windows, company)) = self.windows(id) else { return Hours { closed: None, opens: Some(now) } };
        let closed = windows.closed(company.local(now));
        let next = || windows.next_open(&company.zone, now, 0, LOOK_DAYS, |_| true);
        Hours { closed, opens: closed.map_or(Some(now), |_| next()) }
    }

    fn fate_of(&mut self, id: CampaignId, row: &HopperLead) -> Fate {
        let Some(company) = self.tasks.get(&id).map(|task| task.cfg.company) else {
            return Fate::Never(WhyRule::NotSent);
        };
        let facts = Facts {
            running: true,
            storage_ok: true,
            closed: None,
            lead: Ok(LeadFacts {
                area_until: self.area_until(id, &row.phone),
                blocked: self.blocked.blocks(company, &row.phone, self.now.wall),
                live_until: self.live_until(company, &row.phone),
                capped_until: self.capped_until(company, &row.phone),
            }),
            line: None,
            agents: None,
            over_spend: false,
            affordable: true,
        };
        match screening::decide(&facts) {
            Verdict::Dial | Verdict::Hold(_) => Fate::Dialled,
            Verdict::Close => Fate::Never(WhyRule::Blocked),
            Verdict::Delay(until, rule) => Fate::Later(until, rule),
        }
    }
}
