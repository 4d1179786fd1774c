//! How an unanswered call ended, read from the one closed table data/endings.csv (F61, F62).

use crate::io::{LegEnd, LegEndHow};
use hutong_api::CallState;
use std::sync::LazyLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redial {
    /// In the default set of 任务重呼 (D14).
    Yes,
    /// A tick-box, off by default.
    Option,
    No,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    pub state: CallState,
    /// Text key of 失败原因.
    pub fault: String,
    pub redial: Redial,
    pub uses_attempt: bool,
}

impl Ending {
    pub fn is_line_fault(&self) -> bool {
        self.state == CallState::LineFault
    }

    /// The line has no room (429, 503, Q.850 34/41/42), rather than being broken.
    pub fn is_line_full(&self) -> bool {
        self.fault == "call.fault.line_full"
    }
}

/// The row for an unanswered leg.
pub fn ending(end: &LegEnd) -> &'static Ending {
    let hung_up_or_not_sent = matches!(end.how, LegEndHow::WeHungUp | LegEndHow::NotSent);
    if !hung_up_or_not_sent {
        if let Some(found) = end.q850.and_then(|q| find(Source::Q850, q)) {
            return found;
        }
        if let Some(found) = end.sip.and_then(|s| find(Source::Sip, s)) {
            return found;
        }
    }
    find(Source::How, how_code(end.how)).unwrap_or(&FALLBACK)
}

/// The states of 任务重呼: the default set, and those of the tick-boxes that are ticked (D14).
pub fn redial_states(ticked: &[CallState]) -> Vec<CallState> {
    let of = |state: CallState, kind| TABLE.iter().any(|r| r.ending.state == state && r.ending.redial == kind);
    let wanted = |state: &&CallState| {
        of(**state, Redial::Yes)
            || ticked.contains(state) && (of(**state, Redial::Option) || **state == CallState::Suspended)
    };
    CallState::ALL.iter().filter(wanted).copied().collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Sip,
    Q850,
    How,
}

#[derive(Debug)]
struct Row {
    source: Source,
    codes: (u16, u16),
    ending: Ending,
}

static FALLBACK: LazyLock<Ending> = LazyLock::new(|| Ending {
    state: CallState::LineFault,
    fault: "call.fault.line_fault".into(),
    redial: Redial::Yes,
    uses_attempt: false,
});

/// Rows that do not parse are left out; a test holds the shipped file to having none.
static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| read().filter_map(|row| parse(&row.ok()?)).collect());

fn read() -> impl Iterator<Item = Result<csv::StringRecord, csv::Error>> {
    let source: &'static str = include_str!("../../../../data/endings.csv");
    csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(source.as_bytes()).into_records()
}

fn find(source: Source, code: u16) -> Option<&'static Ending> {
    TABLE.iter().find(|r| r.source == source && (r.codes.0..=r.codes.1).contains(&code)).map(|r| &r.ending)
}

fn parse(row: &csv::StringRecord) -> Option<Row> {
    let source = match &row[0] {
        "sip" => Source::Sip,
        "q850" => Source::Q850,
        "how" => Source::How,
        _ => return None,
    };
    let codes = match (source, row[1].split_once('-')) {
        (Source::How, _) => [how_code(how_of(&row[1])?); 2].into(),
        (_, Some((from, to))) => (from.parse().ok()?, to.parse().ok()?),
        (_, None) => [row[1].parse().ok()?; 2].into(),
    };
    let redial = match &row[4] {
        "yes" => Redial::Yes,
        "option" => Redial::Option,
        "no" => Redial::No,
        _ => return None,
    };
    let ending =
        Ending { state: CallState::parse(&row[2])?, fault: row[3].to_owned(), redial, uses_attempt: &row[5] == "yes" };
    Some(Row { source, codes, ending })
}

fn how_of(word: &str) -> Option<LegEndHow> {
    Some(match word {
        "refused" => LegEndHow::Refused,
        "far_hang_up" => LegEndHow::FarHangUp,
        "we_hung_up" => LegEndHow::WeHungUp,
        "lost" => LegEndHow::Lost,
        "not_sent" => LegEndHow::NotSent,
        _ => return None,
    })
}

const fn how_code(how: LegEndHow) -> u16 {
    how as u16
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use hutong_api::{Lang, texts};

    fn refused(sip: u16, q850: Option<u16>) -> &'static Ending {
        ending(&LegEnd { how: LegEndHow::Refused, sip: Some(sip), q850 })
    }

    #[test]
    fn every_row_parses_and_has_its_sentence() {
        assert_eq!(TABLE.len(), read().count());
        for row in TABLE.iter() {
            assert_ne!(texts::text(Lang::Zh, &row.ending.fault), row.ending.fault, "no text for {}", row.ending.fault);
            assert_eq!(
                row.ending.is_line_fault(),
                !row.ending.uses_attempt && row.ending.state != CallState::NotCalled
            );
        }
    }

    /// Fails when a row is taken out of the table, e.g. `600-699`.
    #[test]
    fn every_sip_failure_maps_to_something() {
        for code in 300..=699 {
            assert!(find(Source::Sip, code).is_some(), "SIP {code} has no row");
        }
        for how in ["refused", "far_hang_up", "we_hung_up", "lost", "not_sent"] {
            assert!(find(Source::How, how_code(how_of(how).unwrap())).is_some(), "{how}");
        }
    }

    #[test]
    fn the_documented_endings() {
        use CallState::*;
        for (sip, state) in [(486, Busy), (600, Busy), (603, Rejected), (607, Rejected), (404, Vacant), (484, Vacant)] {
            assert_eq!(refused(sip, None).state, state, "{sip}");
        }
        for (sip, state) in
            [(480, Unreachable), (408, NoAnswer), (302, Unreachable), (403, LineFault), (488, LineFault)]
        {
            assert_eq!(refused(sip, None).state, state, "{sip}");
        }
        assert_eq!(refused(480, Some(20)).state, PoweredOff, "Q.850 names it closer");
        assert_eq!(refused(480, Some(16)).state, Unreachable, "normal clearing says nothing");
        assert!(refused(503, None).is_line_full() && refused(486, Some(34)).is_line_full());
        assert_eq!(ending(&LegEnd { how: LegEndHow::WeHungUp, sip: Some(487), q850: None }).state, NoAnswer);
        assert_eq!(ending(&LegEnd { how: LegEndHow::Lost, sip: None, q850: None }).state, LineFault);
        assert_eq!(redial_states(&[]), [NoAnswer, Busy, Unreachable, PoweredOff, LineFault]);
        let ticked = redial_states(&[Rejected, Suspended, Blocked]);
        assert_eq!(
            ticked,
            [NoAnswer, Busy, Rejected, Unreachable, PoweredOff, Suspended, LineFault],
            "never the blocked"
        );
    }
}
