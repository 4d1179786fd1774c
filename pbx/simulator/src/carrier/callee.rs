//! Who answers a number, and how: the same for the same seed and number.

/// Numbers that end so behave so whatever the seed; the rest are drawn.
///
/// | ends in | behaviour |
/// |---|---|
/// | 0001 | busy: 486 after 0.3 s |
/// | 0002 | no answer: rings until CANCEL (or 120 s) |
/// | 0003 | vacant: 183 with an announcement (tone pattern), then 404 with Q.850 cause 1 |
/// | 0004 | answers at once and talks until BYE |
/// | 0005 | 183 with early media for 1 s, then answers and talks until BYE |
/// | 0006 | rejects: 603 with Q.850 cause 21 after 0.5 s |
/// | 0007 | answers at once, hangs up after 1 s |
/// | 0008 | powered off: 480 with Q.850 cause 20 |
/// | 0009 | voicemail: answers after 0.5 s, beeps at 450 Hz, hangs up after 6 s |
/// | 0010 | answers at once, presses 9 after 1 s, talks until BYE |
/// | 0011 | answers at once, presses 1 after 1 s, talks until BYE |
/// | 0012 | answers after 2 s of ringing, hangs up after 5 s of talk |
/// | 0013 | no circuit: 503 the first time, then drawn like the rest |
/// | 0014 | moved: 302 |
/// | 0015 | answers without a session description |
/// | 0016 | vacant, with its reason phrase in GBK |
/// | 9017 | busy, with hostile text in every place a message has for text |
/// | 9018 | answers with such text, talks, and hangs up with it after 3 s |
/// | 9019 | asks for a password under such a name |
const BY_ENDING: [(&str, Kind); 19] = [
    ("0001", Kind::Busy),
    ("0002", Kind::NoAnswer),
    ("0003", Kind::Vacant),
    ("0004", Kind::AtOnce),
    ("0005", Kind::Early),
    ("0006", Kind::Reject),
    ("0007", Kind::ShortAnswer),
    ("0008", Kind::PoweredOff),
    ("0009", Kind::Voicemail),
    ("0010", Kind::Key('9')),
    ("0011", Kind::Key('1')),
    ("0012", Kind::RingTalk),
    ("0013", Kind::NoCircuit),
    ("0014", Kind::Moved),
    ("0015", Kind::NoSdp),
    ("0016", Kind::VacantGbk),
    ("9017", Kind::HostileBusy),
    ("9018", Kind::HostileTalk),
    ("9019", Kind::HostileRealm),
];

/// An office's day, in percent; 46 answer.
const DAY: [(u64, Kind); 10] = [
    (27, Kind::Talk),
    (5, Kind::Voicemail),
    (7, Kind::Early),
    (5, Kind::HangUpEarly),
    (2, Kind::Key('9')),
    (24, Kind::NoAnswer),
    (3, Kind::Reject),
    (11, Kind::Busy),
    (8, Kind::Vacant),
    (8, Kind::PoweredOff),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Rings, answers, talks, hangs up or lets the other.
    Talk,
    NoAnswer,
    Busy,
    Reject,
    Vacant,
    VacantGbk,
    PoweredOff,
    Voicemail,
    HangUpEarly,
    Key(char),
    AtOnce,
    Early,
    ShortAnswer,
    RingTalk,
    NoCircuit,
    Moved,
    NoSdp,
    HostileBusy,
    HostileTalk,
    HostileRealm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Ring,
    /// 183 with our description; the announcement's pattern is heard.
    EarlyMedia,
    Answer,
    AnswerWithoutSdp,
    HangUp,
    Key(char),
    Refuse {
        code: u16,
        q850: Option<u16>,
    },
    /// 404 with a phrase in GBK bytes.
    RefuseGbk,
    /// From here every message is as `hostile` writes it.
    TurnHostile,
    /// 407 under a realm of hostile text.
    Challenge,
    Redirect,
}

/// When each act happens, ms after the INVITE, and the pitch of the voice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub acts: Vec<(u64, Act)>,
    pub voice: Voice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    Tone(u32),
    /// 450 Hz on and off, as an announcement or a voicemail's beep.
    Beeps,
}

/// 500–1500 Hz in steps of 50, from the last four digits alone, so that a test can say where to listen.
pub fn pitch(number: &str) -> u32 {
    let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
    let last = digits.iter().rev().take(4).rev().fold(0, |n, d| n * 10 + d);
    500 + 50 * (last % 21)
}

pub fn plan(seed: u64, number: &str, quick: bool) -> Plan {
    plan_of(fixed(number), seed, number, quick)
}

/// What a number that found no circuit does when it is tried again.
pub fn next_try(seed: u64, number: &str, quick: bool) -> Option<Plan> {
    (fixed(number) == Some(Kind::NoCircuit)).then(|| plan_of(None, seed, number, quick))
}

fn fixed(number: &str) -> Option<Kind> {
    BY_ENDING.iter().find(|(ending, _)| number.ends_with(ending)).map(|(_, kind)| *kind)
}

fn plan_of(kind: Option<Kind>, seed: u64, number: &str, quick: bool) -> Plan {
    let mut dice = Dice(number.bytes().fold(mix(seed), |h, b| mix(h ^ u64::from(b))));
    let fixed = kind.is_some();
    let kind = kind.unwrap_or_else(|| draw(&mut dice));
    let ring = match (fixed, quick) {
        (true, _) => 300,
        (false, true) => dice.between(500, 3_000),
        (false, false) => dice.between(3_000, 20_000),
    };
    let talk = if quick { dice.between(2_000, 6_000) } else { dice.between(10_000, 90_000) };
    // Half wait for the other side; they hang up in the end all the same.
    let patience = if dice.between(0, 1) == 0 { 1 } else { 10 };
    let voice = if kind == Kind::Voicemail { Voice::Beeps } else { Voice::Tone(pitch(number)) };
    Plan { acts: acts(kind, ring, talk, talk * patience, fixed), voice }
}

fn draw(dice: &mut Dice) -> Kind {
    let mut at = dice.between(0, 99);
    for (share, kind) in DAY {
        if at < share {
            return kind;
        }
        at -= share;
    }
    Kind::Talk
}

fn acts(kind: Kind, ring: u64, talk: u64, patient: u64, fixed: bool) -> Vec<(u64, Act)> {
    const SOON: u64 = 20;
    let refuse = |code, q850| Act::Refuse { code, q850: Some(q850) };
    match kind {
        Kind::Talk => vec![(SOON, Act::Ring), (ring, Act::Answer), (ring + patient, Act::HangUp)],
        Kind::NoAnswer => vec![(SOON, Act::Ring), (120_000, refuse(480, 19))],
        Kind::Busy => vec![(if fixed { 300 } else { ring.min(2_000) }, refuse(486, 17))],
        Kind::Reject => vec![(SOON, Act::Ring), (ring.max(500), refuse(603, 21))],
        Kind::Vacant => vec![(100, Act::EarlyMedia), (1_600, refuse(404, 1))],
        Kind::VacantGbk => vec![(100, Act::RefuseGbk)],
        Kind::PoweredOff => vec![(ring.min(1_500), refuse(480, 20))],
        Kind::Voicemail => vec![(SOON, Act::Ring), (500, Act::Answer), (6_500, Act::HangUp)],
        Kind::HangUpEarly => vec![(SOON, Act::Ring), (ring, Act::Answer), (ring + 800, Act::HangUp)],
        Kind::Key(key) if fixed => vec![(SOON, Act::Answer), (1_000, Act::Key(key))],
        Kind::Key(key) => {
            vec![
                (SOON, Act::Ring),
                (ring, Act::Answer),
                (ring + 1_000, Act::Key(key)),
                (ring + 1_000 + talk, Act::HangUp),
            ]
        }
        Kind::AtOnce => vec![(SOON, Act::Answer)],
        Kind::Early if fixed => vec![(SOON, Act::EarlyMedia), (1_000, Act::Answer)],
        Kind::Early => vec![(SOON, Act::EarlyMedia), (ring, Act::Answer), (ring + patient, Act::HangUp)],
        Kind::ShortAnswer => vec![(SOON, Act::Answer), (1_020, Act::HangUp)],
        Kind::RingTalk => vec![(SOON, Act::Ring), (2_000, Act::Answer), (7_000, Act::HangUp)],
        Kind::NoCircuit => vec![(SOON, Act::Refuse { code: 503, q850: Some(34) })],
        Kind::Moved => vec![(SOON, Act::Redirect)],
        Kind::NoSdp => vec![(SOON, Act::AnswerWithoutSdp)],
        Kind::HostileBusy => vec![(0, Act::TurnHostile), (SOON, Act::Ring), (300, refuse(486, 17))],
        Kind::HostileTalk => {
            vec![(0, Act::TurnHostile), (SOON, Act::Ring), (200, Act::Answer), (3_200, Act::HangUp)]
        }
        Kind::HostileRealm => vec![(0, Act::TurnHostile), (SOON, Act::Challenge)],
    }
}

/// splitmix64.
pub fn mix(x: u64) -> u64 {
    let mut z = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

struct Dice(u64);

impl Dice {
    fn between(&mut self, from: u64, to: u64) -> u64 {
        self.0 = mix(self.0);
        from + self.0 % (to - from + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_behaves_the_same_every_time() {
        assert_eq!(plan(7, "13800138000", true), plan(7, "13800138000", true));
        assert!((0..50).any(|seed| plan(seed, "13800138000", true) != plan(seed + 1, "13800138000", true)));
    }

    #[test]
    fn close_to_half_of_a_days_numbers_answer() {
        let numbers = (0..2_000).map(|n| format!("1390000{:04}", n + 100));
        let answered = numbers.filter(|n| plan(1, n, false).acts.iter().any(|(_, a)| *a == Act::Answer)).count();
        assert!((800..1_050).contains(&answered), "{answered}");
    }

    #[test]
    fn pitches_lie_where_they_are_looked_for() {
        assert_eq!(pitch("13800138000"), 500 + 50 * (8000 % 21));
        assert!((0..300).map(|n| pitch(&n.to_string())).all(|hz| (500..=1_500).contains(&hz)));
    }

    #[test]
    fn quick_calls_are_seconds() {
        for n in 0..500 {
            let plan = plan(3, &format!("1370000{:04}", 200 + n), true);
            let answer = plan.acts.iter().find(|(_, a)| *a == Act::Answer).map(|(at, _)| *at);
            assert!(answer.is_none_or(|at| at <= 3_000), "{plan:?}");
        }
    }
}
