//! No size and no screen makes the console panic or draw past its edge.

use crate::fixture::*;
use hutong_api::Lang;
use hutong_console::event::{Event, NetEvent};

#[test]
fn every_screen_at_every_size() {
    let keys = [
        "",
        "2",
        "2<Enter>",
        "3",
        "3H",
        "4",
        "5",
        "5n",
        "5/",
        "5<Tab>",
        "5.",
        "6",
        "7",
        "8",
        "8<Tab>",
        "9",
        "N",
        "T",
        "?",
        ":",
        ":zm",
        "2a/x<Enter>",
    ];
    for lang in [Lang::Zh, Lang::En] {
        for keys in keys {
            let mut desk = Desk::open(lang, (120, 36));
            desk.press(keys);
            desk.answer_lists();
            if keys == "4" {
                desk.press("<Enter>");
                desk.net(NetEvent::Peaks { call: 900, peaks: peaks() });
            }
            for w in (1..=200).step_by(7).chain([59, 60, 79, 80, 99, 100, 200]) {
                for h in (1..=60).step_by(3).chain([14, 15, 23, 24, 29, 30, 60]) {
                    desk.feed(Event::Resize(w, h));
                    desk.shot();
                }
            }
        }
    }
    for size in [(1, 1), (60, 15), (200, 60)] {
        let mut desk = Desk::closed(Lang::Zh, size);
        desk.shot();
        desk.net(NetEvent::Certificate { fingerprint: "é".repeat(9), known: Some("x".into()) });
        desk.shot();
    }
}

/// Where ambiguous glyphs are two columns wide, none may be drawn.
#[test]
fn the_ascii_theme_draws_no_ambiguous_glyph() {
    use hutong_console::theme::{Theme, ThemeName};
    for lang in [Lang::Zh, Lang::En] {
        for keys in
            ["", "2", "2<Enter>", "3", "3H", "4", "5", "5n", "6", "8", "8<Tab>", "9", "N", "?", ":", "2a/x<Enter>"]
        {
            let mut desk = Desk::open(lang, (120, 36));
            desk.state.theme = Theme::new(ThemeName::Ascii);
            desk.press(keys);
            desk.answer_lists();
            let shot = desk.shot();
            let ambiguous = |c: &char| !c.is_ascii() && *c != '¥' && hutong_console::text::width(&c.to_string()) < 2;
            let found: Vec<char> = shot.chars().filter(ambiguous).collect();
            assert!(found.is_empty(), "{found:?}\n{shot}");
        }
    }
}

/// What the colours say is also said without them.
#[test]
fn without_colour_the_words_are_the_same() {
    use hutong_console::theme::{Theme, ThemeName};
    use ratatui::style::{Color, Modifier};
    let mut desk = Desk::open(Lang::Zh, (120, 36));
    let coloured = desk.shot();
    desk.state.theme = Theme::new(ThemeName::Mono);
    assert_eq!(desk.shot(), coloured);
    let buf = desk.buffer();
    assert!(buf.content.iter().all(|c| c.fg == Color::Reset && c.bg == Color::Reset));
    assert!(buf.content.iter().any(|c| c.modifier.contains(Modifier::REVERSED)), "the chosen row is seen");
}

#[test]
fn too_small_asks_for_more() {
    assert!(Desk::open(Lang::En, (59, 15)).shot().starts_with("window too small"));
    assert!(Desk::open(Lang::Zh, (60, 15)).shot().contains("任务"));
}

/// Every pop-up goes through the one place that knows how wide glyphs lose a border (docs/rules.md).
#[test]
fn nothing_is_cleared_but_by_the_overlay() {
    fn files(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
    }
    let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let all = files(&src);
    assert!(all.len() > 40, "the sources are where they are looked for");
    for path in all {
        let text = std::fs::read_to_string(&path).unwrap();
        if !path.ends_with("text.rs") {
            assert!(!text.contains("widgets::Clear") && !text.contains("Clear.render"), "{}", path.display());
            assert!(!text.contains("widgets::{Clear") && !text.contains(", Clear,"), "{}", path.display());
            let said = |line: &&str| !line.trim_start().starts_with("//");
            assert!(!text.lines().filter(said).any(|line| line.contains('…')), "cut with ~: {}", path.display());
        }
    }
}

#[test]
fn the_theme_is_what_was_asked_for_or_what_the_terminal_can_draw() {
    use hutong_console::theme::ThemeName::{self, *};
    assert_eq!(ThemeName::choose(None, false, false), Dark);
    assert_eq!(ThemeName::choose(None, false, true), Mono);
    assert_eq!(ThemeName::choose(None, true, true), Ascii, "a broken frame is worse than no colour");
    assert_eq!(ThemeName::choose(Some(Light), true, true), Light);
}
