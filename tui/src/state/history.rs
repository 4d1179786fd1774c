//! What is known of the chosen customer besides his row: 业务记录 and calls.

use hutong_api::page::Row;

#[derive(Debug, Default)]
pub struct History {
    /// Whose.
    pub customer: Option<i64>,
    /// Numbers of the list requests on their way: activities, calls.
    pub tags: [Option<u64>; 2],
    pub activities: Vec<Row>,
    pub calls: Vec<Row>,
    /// The number is hidden from this session, so that nothing can be found by it.
    pub hidden: bool,
    /// On a narrow screen it takes the place of the list.
    pub open: bool,
}

impl History {
    pub fn waits(&self) -> bool {
        self.tags.iter().any(Option::is_some)
    }
}
