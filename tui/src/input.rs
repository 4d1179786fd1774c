//! Keys as they come from the terminal. Over a slow line an arrow's escape sequence may arrive in pieces and be read as
//! Esc, `[`, `C`: keys with other meanings. They are put together again here.

use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind};
use std::{io, time::Duration};

/// Pieces of one sequence come within this time of each other; a person's Esc is delayed by it.
const PIECE: Duration = Duration::from_millis(80);
/// The longest sequence put together, after Esc.
const LONGEST: usize = 4;

/// Blocks for the next events.
pub fn read() -> io::Result<Vec<Event>> {
    let mut events = vec![event::read()?];
    if plain(&events[0]) != Some(KeyCode::Esc) {
        return Ok(events);
    }
    let mut tail = String::new();
    while tail.chars().count() < LONGEST && event::poll(PIECE)? {
        events.push(event::read()?);
        let Some(KeyCode::Char(c)) = events.last().and_then(plain) else { break };
        tail.push(c);
        match sequence(&tail) {
            Sequence::Whole(code) => return Ok(vec![Event::Key(KeyEvent::from(code))]),
            Sequence::Part => {}
            Sequence::None => break,
        }
    }
    Ok(events)
}

#[derive(Debug, PartialEq)]
enum Sequence {
    Whole(KeyCode),
    Part,
    None,
}

/// What follows Esc in the sequences of cursor keys, CSI and SS3.
fn sequence(tail: &str) -> Sequence {
    let Some(rest) = tail.strip_prefix(['[', 'O']) else { return Sequence::None };
    Sequence::Whole(match rest {
        "" | "1" | "2" | "3" | "4" | "5" | "6" => return Sequence::Part,
        "A" => KeyCode::Up,
        "B" => KeyCode::Down,
        "C" => KeyCode::Right,
        "D" => KeyCode::Left,
        "H" | "1~" => KeyCode::Home,
        "F" | "4~" => KeyCode::End,
        "Z" => KeyCode::BackTab,
        "3~" => KeyCode::Delete,
        "5~" => KeyCode::PageUp,
        "6~" => KeyCode::PageDown,
        _ => return Sequence::None,
    })
}

fn plain(event: &Event) -> Option<KeyCode> {
    match event {
        Event::Key(key)
            if key.kind == KeyEventKind::Press && (key.modifiers - event::KeyModifiers::SHIFT).is_empty() =>
        {
            Some(key.code)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_a_cursor_key_are_one_key() {
        assert_eq!(sequence("["), Sequence::Part);
        assert_eq!(sequence("[C"), Sequence::Whole(KeyCode::Right));
        assert_eq!(sequence("OA"), Sequence::Whole(KeyCode::Up));
        assert_eq!(sequence("[5"), Sequence::Part);
        assert_eq!(sequence("[5~"), Sequence::Whole(KeyCode::PageUp));
        assert_eq!(sequence("q"), Sequence::None);
        assert_eq!(sequence("[x"), Sequence::None);
    }
}
