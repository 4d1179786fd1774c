//! Ten calls keep clean audio while a list is imported (`make bench` does it with 300,000 rows).

#![allow(clippy::unwrap_used, clippy::expect_used)]

use hutong_tests::{busy::calls_while_importing, scratch};

#[test]
fn ten_calls_sound_clean_while_a_list_is_imported() {
    let found = calls_while_importing(&scratch("busy").unwrap(), 10, 30_000).unwrap();
    println!("{found:?}");
    assert!(found.throughout >= 8, "too few calls were up all the time: {found:?}");
    assert_eq!((found.gaps, found.holes_of_callees), (0, 0), "{found:?}");
    assert_eq!((found.lost_to_callees, found.lost_to_agents), (0, 0), "{found:?}");
    // A telephone's buffer; what is nearer to the service's own doing is measured where nothing else runs (`make bench`).
    assert!(found.jitter_ms < 100.0, "{found:?}");
}
