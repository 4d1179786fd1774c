//! How many numbers to dial now. The seam where prediction will stand; for now one dial per free agent.

/// One agent group at one moment, over every campaign that feeds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacingInput {
    /// Signed in, idle, phone up.
    pub free: u32,
    /// Calls on their way that no agent has yet: dialling, ringing, in the script, waiting.
    pub in_flight: u32,
}

pub fn decide(input: &PacingInput) -> u32 {
    input.free.saturating_sub(input.in_flight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_call_on_its_way_for_each_free_agent() {
        assert_eq!(decide(&PacingInput { free: 3, in_flight: 1 }), 2);
        assert_eq!(decide(&PacingInput { free: 1, in_flight: 2 }), 0);
    }
}
