//! What a leg plays by the 20 ms clock: prompts and keys to a trunk leg, tones to a seat.

use hutong_api::PromptId;
use hutong_core::{
    io::Tone,
    media::{FRAME, dtmf, g711, tone},
};
use std::{collections::VecDeque, sync::Arc};

/// Keys waiting on one leg; more are dropped.
const MAX_KEYS: usize = 32;

pub type Frame = [u8; FRAME];

/// What leaves on one tick of a trunk leg.
#[derive(Debug, PartialEq, Eq)]
pub enum Out {
    /// A-law.
    Audio(Frame),
    Event {
        first: bool,
        payload: [u8; dtmf::EVENT],
    },
    /// Between keys.
    Quiet,
    /// The prompt was played to its end.
    Ended(PromptId),
    /// Nothing left to play.
    Idle,
}

/// A trunk leg's player: keys go before the prompt, which goes before the relay.
#[derive(Debug, Default)]
pub struct Speaker {
    prompt: Option<(PromptId, Arc<[u8]>, usize)>,
    keys: VecDeque<char>,
    key: Option<Key>,
}

#[derive(Debug)]
struct Key {
    key: char,
    frame: u16,
    /// In-band tones, where the far end knows no events.
    tones: Option<Vec<u8>>,
}

impl Speaker {
    /// While it is active the relay is silent.
    pub fn active(&self) -> bool {
        self.prompt.is_some() || self.key.is_some() || !self.keys.is_empty()
    }

    pub fn play(&mut self, prompt: PromptId, alaw: Arc<[u8]>) {
        self.prompt = Some((prompt, alaw, 0));
    }

    pub fn stop(&mut self) {
        self.prompt = None;
    }

    pub fn press(&mut self, key: char) {
        if dtmf::code(key).is_some() && self.keys.len() < MAX_KEYS {
            self.keys.push_back(key);
        }
    }

    /// The next 20 ms. `events`: the far end knows telephone events.
    pub fn tick(&mut self, events: bool) -> Out {
        if self.key.is_none()
            && let Some(key) = self.keys.pop_front()
        {
            let tones = if events { None } else { dtmf::tones(key) };
            self.key = Some(Key { key, frame: 0, tones });
        }
        match &mut self.key {
            Some(key) => match key.tick() {
                Some(out) => out,
                None => {
                    self.key = None;
                    Out::Quiet
                }
            },
            None => self.tick_prompt(),
        }
    }

    fn tick_prompt(&mut self) -> Out {
        let Some((prompt, alaw, at)) = &mut self.prompt else {
            return Out::Idle;
        };
        match cut(alaw, at) {
            Some(frame) => Out::Audio(frame),
            None => {
                let prompt = *prompt;
                self.prompt = None;
                Out::Ended(prompt)
            }
        }
    }
}

impl Key {
    fn tick(&mut self) -> Option<Out> {
        let frame = self.frame;
        self.frame += 1;
        match &self.tones {
            Some(tones) => {
                let mut at = usize::from(frame) * FRAME;
                let over = frame >= dtmf::KEY_FRAMES + dtmf::GAP_FRAMES;
                (!over).then(|| cut(tones, &mut at).map_or(Out::Quiet, Out::Audio))
            }
            None => match dtmf::Event::of_key(self.key, frame) {
                Some(event) => Some(Out::Event { first: frame == 0, payload: event.write() }),
                None => (frame < dtmf::KEY_FRAMES + 2 * dtmf::GAP_FRAMES).then_some(Out::Quiet),
            },
        }
    }
}

/// A seat's tone.
#[derive(Debug)]
pub struct SeatTone {
    alaw: Arc<[u8]>,
    at: usize,
    looped: bool,
}

impl SeatTone {
    /// A tone that loops gives way to the far end's own audio.
    pub fn yields(&self) -> bool {
        self.looped
    }

    /// None at its end.
    pub fn tick(&mut self) -> Option<Frame> {
        if self.looped && self.at >= self.alaw.len() {
            self.at = 0;
        }
        cut(&self.alaw, &mut self.at)
    }
}

/// The tones, made once.
#[derive(Debug)]
pub struct Tones {
    ring_back: Arc<[u8]>,
    beep: Arc<[u8]>,
    busy: Arc<[u8]>,
}

impl Default for Tones {
    fn default() -> Self {
        Tones { ring_back: tone::ring_back().into(), beep: tone::beep().into(), busy: tone::busy().into() }
    }
}

impl Tones {
    /// None for silence.
    pub fn of(&self, tone: Tone) -> Option<SeatTone> {
        let (alaw, looped) = match tone {
            Tone::Silence => return None,
            Tone::RingBack => (&self.ring_back, true),
            Tone::Beep => (&self.beep, false),
            Tone::Busy => (&self.busy, false),
        };
        Some(SeatTone { alaw: alaw.clone(), at: 0, looped })
    }
}

/// The next frame, filled up with silence; None at the end.
fn cut(alaw: &[u8], at: &mut usize) -> Option<Frame> {
    let rest = alaw.get(*at..).filter(|rest| !rest.is_empty())?;
    let mut frame = [g711::ALAW_SILENCE; FRAME];
    let len = rest.len().min(FRAME);
    frame[..len].copy_from_slice(&rest[..len]);
    *at += len;
    Some(frame)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_prompt_is_filled_up_and_ends_once() {
        let mut speaker = Speaker::default();
        speaker.play(PromptId(3), vec![7; 200].into());
        assert_eq!(speaker.tick(true), Out::Audio([7; FRAME]));
        let Out::Audio(last) = speaker.tick(true) else { panic!("audio") };
        assert_eq!((last[39], last[40]), (7, g711::ALAW_SILENCE));
        assert!(speaker.active(), "the last frame is still sounding");
        assert_eq!(speaker.tick(true), Out::Ended(PromptId(3)));
        assert_eq!(speaker.tick(true), Out::Idle);
        assert!(!speaker.active());
    }

    #[test]
    fn a_key_goes_before_the_prompt_which_then_goes_on() {
        let mut speaker = Speaker::default();
        speaker.play(PromptId(3), vec![7; 320].into());
        speaker.press('5');
        speaker.press('x');
        let mut out: Vec<_> = std::iter::from_fn(|| Some(speaker.tick(true))).take(17).collect();
        assert!(matches!(out[0], Out::Event { first: true, payload: [5, 10, 0, 160] }));
        assert_eq!(out.iter().filter(|out| matches!(out, Out::Event { .. })).count(), 11);
        out.drain(..15);
        assert_eq!(out, [Out::Audio([7; FRAME]), Out::Audio([7; FRAME])]);
    }

    #[test]
    fn without_events_a_key_is_a_tone() {
        let mut speaker = Speaker::default();
        speaker.press('1');
        let out: Vec<_> = std::iter::from_fn(|| Some(speaker.tick(false))).take(14).collect();
        assert_eq!(out.iter().filter(|out| matches!(out, Out::Audio(_))).count(), 8);
        assert_eq!(out.last(), Some(&Out::Idle));
    }

    #[test]
    fn ring_back_goes_on_and_a_beep_ends() {
        let tones = Tones::default();
        let mut ring = tones.of(Tone::RingBack).unwrap();
        assert!((0..600).all(|_| ring.tick().is_some()), "12 s and no end");
        let mut beep = tones.of(Tone::Beep).unwrap();
        assert_eq!((0..600).take_while(|_| beep.tick().is_some()).count(), 14);
        assert!(tones.of(Tone::Silence).is_none());
    }
}
