//! A line being typed.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineEdit {
    text: String,
    /// Characters before the cursor.
    at: usize,
}

const MOST_CHARS: usize = 4000;

impl LineEdit {
    pub fn new(text: &str) -> LineEdit {
        LineEdit { text: text.to_owned(), at: text.chars().count() }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text before and after the cursor.
    pub fn split(&self) -> (&str, &str) {
        self.text.split_at(self.byte(self.at))
    }

    pub fn insert(&mut self, more: &str) {
        for c in more.chars().filter(|c| !c.is_control()) {
            if self.text.chars().count() < MOST_CHARS {
                self.text.insert(self.byte(self.at), c);
                self.at += 1;
            }
        }
    }

    /// Only where several lines make sense.
    pub fn newline(&mut self) {
        self.text.insert(self.byte(self.at), '\n');
        self.at += 1;
    }

    /// True if the key was one of an editor's.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let count = self.text.chars().count();
        match key.code {
            KeyCode::Char('u') if control => self.clear(),
            KeyCode::Char('a') if control => self.at = 0,
            KeyCode::Char('e') if control => self.at = count,
            KeyCode::Char(c) if !control && !key.modifiers.contains(KeyModifiers::ALT) => {
                self.insert(c.encode_utf8(&mut [0; 4]));
            }
            KeyCode::Backspace if self.at > 0 => {
                self.at -= 1;
                self.text.remove(self.byte(self.at));
            }
            KeyCode::Delete if self.at < count => drop(self.text.remove(self.byte(self.at))),
            KeyCode::Backspace | KeyCode::Delete => {}
            KeyCode::Left => self.at = self.at.saturating_sub(1),
            KeyCode::Right => self.at = (self.at + 1).min(count),
            KeyCode::Home => self.at = 0,
            KeyCode::End => self.at = count,
            _ => return false,
        }
        true
    }

    pub fn clear(&mut self) {
        self.text.clear();
        self.at = 0;
    }

    fn byte(&self, chars: usize) -> usize {
        self.text.char_indices().nth(chars).map_or(self.text.len(), |(i, _)| i)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_by_character_not_by_byte() {
        let mut line = LineEdit::new("名单");
        for code in [KeyCode::Left, KeyCode::Char('a'), KeyCode::Backspace, KeyCode::Backspace, KeyCode::Backspace] {
            line.key(code.into());
        }
        assert_eq!((line.text(), line.split()), ("单", ("", "单")));
        line.key(KeyCode::Delete.into());
        line.insert("/a\nb");
        assert_eq!(line.text(), "/ab");
        assert!(!line.key(KeyCode::Enter.into()));
    }
}
