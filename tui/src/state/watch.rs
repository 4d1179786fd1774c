//! 任务监控: the task that is open, as the service told of it last.

use hutong_api::{CampaignId, monitor::TaskMonitor};

#[derive(Debug, Default)]
pub struct Watch {
    pub seen: Option<TaskMonitor>,
    /// Which task was asked for last, and when (local epoch ms).
    pub asked: Option<(CampaignId, i64)>,
    /// The answer is on its way.
    pub waits: bool,
}

impl Watch {
    pub fn of(&self, id: CampaignId) -> Option<&TaskMonitor> {
        self.seen.as_ref().filter(|seen| seen.id == id)
    }
}
