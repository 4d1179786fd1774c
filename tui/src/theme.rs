//! Colours and glyphs. Colour is never the only signal: every state also has a glyph and a word (docs/rules.md).

use ratatui::{
    style::{Color, Modifier, Style},
    symbols::border,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum ThemeName {
    #[default]
    Dark,
    Light,
    Contrast,
    Mono,
    /// For terminals that draw box characters two columns wide.
    Ascii,
}

impl ThemeName {
    /// What was asked for; else what this terminal can draw, and what its owner wants (NO_COLOR).
    pub fn choose(asked: Option<ThemeName>, ambiguous_is_wide: bool, no_color: bool) -> ThemeName {
        match asked {
            Some(theme) => theme,
            None if ambiguous_is_wide => ThemeName::Ascii,
            None if no_color => ThemeName::Mono,
            None => ThemeName::Dark,
        }
    }

    /// As in text keys.
    pub const fn word(self) -> &'static str {
        match self {
            ThemeName::Dark => "dark",
            ThemeName::Light => "light",
            ThemeName::Contrast => "contrast",
            ThemeName::Mono => "mono",
            ThemeName::Ascii => "ascii",
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Theme {
    pub name: ThemeName,
    pub text: Style,
    pub dim: Style,
    pub title: Style,
    pub head: Style,
    pub select: Style,
    pub good: Style,
    pub warn: Style,
    pub bad: Style,
    pub glyphs: &'static Glyphs,
}

#[derive(Debug)]
pub struct Glyphs {
    pub border: border::Set<'static>,
    /// Eight rising levels.
    pub levels: [&'static str; 8],
    pub full: &'static str,
    pub empty: &'static str,
    pub run: &'static str,
    pub pause: &'static str,
    pub ready: &'static str,
    pub done: &'static str,
    pub talk: &'static str,
    pub ring: &'static str,
    pub idle: &'static str,
    pub wrap: &'static str,
    pub busy: &'static str,
    pub lost: &'static str,
    pub off: &'static str,
    pub yes: &'static str,
    pub play: &'static str,
    pub mark: &'static str,
    pub rule: &'static str,
    pub cursor: &'static str,
}

const FINE: Glyphs = Glyphs {
    border: border::PLAIN,
    levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    full: "█",
    empty: "·",
    run: "▶",
    pause: "‖",
    ready: "·",
    done: "✓",
    talk: "●",
    ring: "◆",
    idle: "○",
    wrap: "◇",
    busy: "‖",
    lost: "✗",
    off: "·",
    yes: "✓",
    play: "▶",
    mark: "▲",
    rule: "─",
    cursor: "▏",
};

const ASCII: Glyphs = Glyphs {
    border: border::Set {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        vertical_left: "|",
        vertical_right: "|",
        horizontal_top: "-",
        horizontal_bottom: "-",
    },
    levels: [" ", ".", ":", "-", "=", "+", "*", "#"],
    full: "#",
    empty: ".",
    run: ">",
    pause: "=",
    ready: ".",
    done: "v",
    talk: "*",
    ring: "!",
    idle: "o",
    wrap: "w",
    busy: "=",
    lost: "x",
    off: ".",
    yes: "v",
    play: ">",
    mark: "^",
    rule: "-",
    cursor: "_",
};

impl Theme {
    pub fn new(name: ThemeName) -> Theme {
        let plain = Style::new();
        let fg = |c| Style::new().fg(c);
        let reversed = Style::new().add_modifier(Modifier::REVERSED);
        let bold = Style::new().add_modifier(Modifier::BOLD);
        let base = Theme {
            name,
            text: plain,
            dim: Style::new().add_modifier(Modifier::DIM),
            title: bold,
            head: Style::new().add_modifier(Modifier::UNDERLINED),
            select: reversed,
            good: bold,
            warn: bold,
            bad: bold,
            glyphs: if name == ThemeName::Ascii { &ASCII } else { &FINE },
        };
        match name {
            ThemeName::Mono | ThemeName::Ascii => base,
            ThemeName::Dark => Theme {
                dim: fg(Color::DarkGray),
                title: bold.fg(Color::Cyan),
                head: fg(Color::Gray),
                select: Style::new().fg(Color::Black).bg(Color::Cyan),
                good: fg(Color::Green),
                warn: fg(Color::Yellow),
                bad: bold.fg(Color::LightRed),
                ..base
            },
            ThemeName::Light => Theme {
                text: fg(Color::Black),
                dim: fg(Color::Gray),
                title: bold.fg(Color::Blue),
                head: fg(Color::DarkGray),
                select: Style::new().fg(Color::White).bg(Color::Blue),
                good: fg(Color::Green),
                warn: fg(Color::Magenta),
                bad: bold.fg(Color::Red),
                ..base
            },
            ThemeName::Contrast => Theme {
                text: fg(Color::White),
                dim: fg(Color::White),
                title: bold.fg(Color::White),
                head: bold.fg(Color::White),
                select: bold.fg(Color::Black).bg(Color::White),
                good: bold.fg(Color::LightGreen),
                warn: bold.fg(Color::LightYellow),
                bad: bold.fg(Color::White).bg(Color::Red),
                ..base
            },
        }
    }

    pub fn ascii(&self) -> bool {
        self.name == ThemeName::Ascii
    }

    /// A bar of `columns`, `part` of `whole` filled, rounded.
    pub fn bar(&self, part: u64, whole: u64, columns: usize) -> String {
        let filled = |whole| (part.min(whole) * columns as u64 * 2 + whole) / (whole * 2);
        let full = if whole == 0 { 0 } else { filled(whole) as usize };
        self.glyphs.full.repeat(full) + &self.glyphs.empty.repeat(columns - full)
    }

    /// One glyph a value, scaled to the largest.
    pub fn spark(&self, values: &[u32]) -> String {
        let top = values.iter().copied().max().unwrap_or(0).max(1);
        values.iter().map(|v| self.glyphs.levels[(u64::from(*v) * 7 / u64::from(top)) as usize]).collect()
    }
}
