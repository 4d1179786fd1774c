//! 公告 and the lines of text that came while the console was open.

use hutong_api::page::Notice;
use std::collections::VecDeque;

/// Lines of text kept; they are only told, not stored for their reader.
const MOST_LINES: usize = 50;

#[derive(Debug, Default)]
pub struct Inbox {
    pub notices: Vec<Notice>,
    lines: VecDeque<Line>,
    last_line: u64,
    /// Of the list, from the top.
    pub at: usize,
    /// The chosen one is being read.
    pub open: Option<Letter>,
    /// Lines of it gone through.
    pub gone: usize,
}

#[derive(Debug, Clone)]
struct Line {
    number: u64,
    from: String,
    text: String,
    at: i64,
    read: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letter {
    Notice(i64),
    Line(u64),
}

/// A notice or a line of text as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub letter: Letter,
    pub title: String,
    pub body: String,
    pub by: String,
    /// Epoch ms.
    pub at: i64,
    pub urgent: bool,
    pub read: bool,
}

impl Inbox {
    pub fn heard(&mut self, from: String, text: String, at: i64) {
        self.last_line += 1;
        self.lines.push_back(Line { number: self.last_line, from, text, at, read: false });
        while self.lines.len() > MOST_LINES {
            self.lines.pop_front();
        }
    }

    pub fn unread(&self) -> usize {
        self.notices.iter().filter(|n| !n.read).count() + self.lines.iter().filter(|l| !l.read).count()
    }

    /// Urgent ones in front until they are read, then the newest.
    pub fn entries(&self) -> Vec<Entry> {
        let notices = self.notices.iter().map(|n| Entry {
            letter: Letter::Notice(n.id),
            title: n.title.clone(),
            body: n.body.clone(),
            by: n.by.clone(),
            at: n.at,
            urgent: n.urgent,
            read: n.read,
        });
        let lines = self.lines.iter().map(|l| Entry {
            letter: Letter::Line(l.number),
            title: l.text.clone(),
            body: l.text.clone(),
            by: l.from.clone(),
            at: l.at,
            urgent: false,
            read: l.read,
        });
        let mut all: Vec<Entry> = notices.chain(lines).collect();
        all.sort_by_key(|e| (std::cmp::Reverse(e.urgent && !e.read), std::cmp::Reverse(e.at)));
        all
    }

    pub fn reading(&self) -> Option<Entry> {
        let open = self.open?;
        self.entries().into_iter().find(|e| e.letter == open)
    }

    /// Opens the chosen one. The id of a notice that is read for the first time.
    pub fn read(&mut self) -> Option<i64> {
        let entry = self.entries().into_iter().nth(self.at)?;
        self.open = Some(entry.letter);
        self.gone = 0;
        match entry.letter {
            Letter::Line(number) => {
                self.lines.iter_mut().filter(|l| l.number == number).for_each(|l| l.read = true);
                None
            }
            Letter::Notice(id) => {
                self.notices.iter_mut().filter(|n| n.id == id).for_each(|n| n.read = true);
                (!entry.read).then_some(id)
            }
        }
    }

    /// Back to the list, onto what was read.
    pub fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.at = self.entries().iter().position(|e| e.letter == open).unwrap_or_default();
        }
    }

    pub fn step(&mut self, by: i64) {
        let last = self.entries().len().saturating_sub(1) as i64;
        self.at = (self.at as i64).saturating_add(by).clamp(0, last) as usize;
    }
}
