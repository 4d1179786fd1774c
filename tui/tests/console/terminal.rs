//! The real binary in a real terminal (tmux), against the small service.

use crate::{fixture, server::Server};
use hutong_api::{live::Command as Live, live::ServerMsg};
use std::{
    process::Command,
    time::{Duration, Instant},
};

struct Tmux {
    socket: String,
    home: tempfile::TempDir,
}

/// A sound card that is not there, and one that takes everything at once.
const NO_CARD: &str = "pcm.!default { type absent }";
const NULL_CARD: &str = "pcm.!default { type null }";

impl Tmux {
    /// Runs the console in a terminal of its own, of this size.
    fn start(name: &str, url: &str, size: (u16, u16), more: &str) -> Tmux {
        Tmux::with_card(NO_CARD, name, url, size, more)
    }

    fn with_card(card: &str, name: &str, url: &str, size: (u16, u16), more: &str) -> Tmux {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join(".asoundrc"), card).unwrap();
        let home_dir = home.path().display().to_string();
        let tmux = Tmux { socket: format!("hutong-test-{name}-{}", std::process::id()), home };
        let binary = env!("CARGO_BIN_EXE_hutong-console");
        let command = format!(
            "env -u NO_COLOR -u XDG_STATE_HOME -u XDG_CONFIG_HOME LC_ALL=C.UTF-8 HOME={home_dir} HUTONG_PASSWORD=right {binary} --connect {url} --company ab01 \
             --account admin {more}; echo left; sleep 60"
        );
        let (w, h) = (size.0.to_string(), size.1.to_string());
        tmux.run(&["-f", "/dev/null", "new-session", "-d", "-x", &w, "-y", &h, &command]);
        tmux
    }

    fn run(&self, args: &[&str]) -> String {
        let out = Command::new("tmux").args(["-u", "-L", &self.socket]).args(args).output().expect("tmux is installed");
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    }

    fn keys(&self, keys: &[&str]) {
        let mut args = vec!["send-keys"];
        args.extend(keys);
        self.run(&args);
    }

    fn screen(&self) -> String {
        self.run(&["capture-pane", "-p"])
    }

    /// The screen once it holds `text`.
    fn wait(&self, text: &str) -> String {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let screen = self.screen();
            if screen.contains(text) {
                return screen;
            }
            assert!(Instant::now() < until, "no {text:?} on\n{screen}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        drop(Command::new("tmux").args(["-L", &self.socket, "kill-server"]).output());
    }
}

#[test]
fn a_supervisors_minute() {
    let server = Server::start("127.0.0.1:0", None);
    let at = server.at.to_string();
    let tmux = Tmux::start("minute", &server.url(), (120, 36), "");
    let screen = tmux.wait("cs8000000");
    assert!(screen.contains("●已连") && screen.contains("张敏"), "{screen}");

    let mut board = fixture::board();
    board.totals.as_mut().unwrap().dialled = 4321;
    server.push(ServerMsg::Board(board));
    tmux.wait("4321 通");
    tmux.keys(&["p"]);
    tmux.wait("已暂停 cs8000000");
    assert!(server.commands.try_iter().any(|c| matches!(c, Live::CampaignPause { .. })));

    tmux.keys(&["4"]);
    tmux.wait("2026-06-10 10:22:04");
    tmux.keys(&["Enter"]);
    tmux.wait("无声卡 no sound device");
    if cfg!(feature = "audio") {
        let log = tmux.home.path().join(".local/state/hutong/console.log");
        assert!(std::fs::read_to_string(log).unwrap().contains("ALSA"), "the sound library writes elsewhere");
    }
    tmux.keys(&["1"]);
    tmux.wait("事件");
    tmux.run(&["resize-window", "-x", "80", "-y", "24"]);
    let screen = tmux.wait("接通率 ");
    assert!(screen.lines().all(|l| hutong_console::text::width(l) <= 80), "{screen}");
    tmux.run(&["resize-window", "-x", "20", "-y", "3"]);
    tmux.wait("窗口太小");
    tmux.run(&["resize-window", "-x", "120", "-y", "36"]);

    drop(server);
    tmux.wait("后重试");
    tmux.keys(&["3"]);
    tmux.wait("[3坐席]");
    let _server = Server::start(&at, None);
    tmux.wait("●已连");
    tmux.keys(&["q"]);
    tmux.wait("left");
}

/// A card that takes everything at once plays the two seconds in no time, to their end.
#[cfg(feature = "audio")]
#[test]
fn a_recording_is_played() {
    let server = Server::start("127.0.0.1:0", None);
    let tmux = Tmux::with_card(NULL_CARD, "play", &server.url(), (120, 36), "");
    tmux.wait("cs8000000");
    tmux.keys(&["4"]);
    tmux.wait("10:22:04");
    tmux.keys(&["Enter"]);
    tmux.wait("02:31 / 02:31   ‖");
    tmux.keys(&["Left"]);
    tmux.wait("02:26 / 02:31");
}

/// Half glyphs must not stay behind while Chinese lists scroll (docs/rules.md).
#[test]
fn scrolling_leaves_what_a_fresh_drawing_shows() {
    let server = Server::start("127.0.0.1:0", None);
    let tmux = Tmux::start("scroll", &server.url(), (100, 15), "--theme dark");
    tmux.wait("cs8000000");
    tmux.keys(&["4"]);
    tmux.wait("10:22:04");
    for round in 0..60 {
        tmux.keys(&[["j", "k", "G", "g", "?", "Enter"][round % 6], "Right", "j"]);
    }
    tmux.keys(&["?"]);
    tmux.wait("┌─ 现在可用的键");
    tmux.keys(&["q"]);
    tmux.wait("┌─ 通话记录 ─");
    tmux.keys(&["Left", "Left", "Left", "Left", "Left", "Left", "Left", "Left", "G"]);
    tmux.wait("10:10:28");
    let scrolled = tmux.screen();
    tmux.keys(&["C-l"]);
    // The next frame changes something else too, so that the redraw is known to have happened.
    tmux.keys(&["/"]);
    tmux.wait("过滤 通话记录");
    tmux.keys(&["Escape"]);
    let until = Instant::now() + Duration::from_secs(10);
    let clockless = |s: &str| s.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    while clockless(&tmux.screen()) != clockless(&scrolled) {
        assert!(Instant::now() < until, "before:\n{scrolled}\nafter:\n{}", tmux.screen());
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Whoever ends the console with a signal finds the terminal as it was.
#[test]
fn a_signal_gives_the_terminal_back() {
    let server = Server::start("127.0.0.1:0", None);
    let tmux = Tmux::start("signal", &server.url(), (100, 30), "");
    tmux.wait("cs8000000");
    let parent = tmux.run(&["display-message", "-p", "#{pane_pid}"]);
    let children = Command::new("pgrep").args(["-P", parent.trim()]).output().unwrap();
    let child = String::from_utf8(children.stdout).unwrap();
    assert!(Command::new("kill").arg(child.trim()).status().unwrap().success());
    let screen = tmux.wait("left");
    assert!(!screen.contains("cs8000000"), "{screen}");
}

#[test]
fn one_frame_as_text() {
    let server = Server::start("127.0.0.1:0", None);
    let run = |tab: &str, password: &str| {
        Command::new(env!("CARGO_BIN_EXE_hutong-console"))
            .args(["--connect", &server.url(), "--company", "ab01", "--account", "admin", "--lang", "en"])
            .args(["--once", "120x36", "--tab", tab])
            .env("HUTONG_PASSWORD", password)
            .output()
            .unwrap()
    };
    let out = run("1", "right");
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(out.status.success() && text.contains("[1Live]") && text.contains("cs8000000"), "{text}");
    assert_eq!(text.lines().count(), 36);
    let text = String::from_utf8(run("4", "right").stdout).unwrap();
    assert!(text.contains("2026-06-10 10:22:04"), "{text}");
    let out = run("1", "wrong");
    assert!(!out.status.success() && String::from_utf8_lossy(&out.stderr).contains("密码不对"));
}

/// From the customers into the import wizard, and back by undo.
#[test]
fn customers_are_imported_and_taken_back() {
    let server = Server::start("127.0.0.1:0", None);
    let tmux = Tmux::start("wizard", &server.url(), (120, 36), "");
    tmux.wait("cs8000000");
    let file = tmux.home.path().join("客户.csv");
    std::fs::write(&file, "序号,电话,姓名,单位\n1,15400001111,谢先生,云栖\n").unwrap();
    tmux.keys(&["5"]);
    tmux.wait("[5客户]");
    let screen = tmux.wait("154****1111");
    assert!(screen.contains("[5客户]") && !screen.contains("15400001111"), "{screen}");
    tmux.keys(&["G"]);
    tmux.wait("要资料,留微信");
    tmux.keys(&["i"]);
    tmux.wait("[1文件]");
    tmux.keys(&["Enter"]);
    tmux.wait("本机文件路径");
    tmux.keys(&["-l", &file.display().to_string()]);
    tmux.keys(&["Enter"]);
    tmux.wait("[2列对应]");
    tmux.keys(&["Enter"]);
    tmux.wait("[3选项]");
    tmux.keys(&["o"]);
    tmux.wait("8007 刘洋");
    tmux.keys(&["Space", "Enter"]);
    tmux.wait("归属: 8004 张敏");
    tmux.keys(&["Enter"]);
    tmux.wait("本次导入可整批撤销");
    assert_eq!(server.wishes()[0].owners, [hutong_api::SeatId(4)]);
    tmux.keys(&["u"]);
    tmux.wait("撤销“本次导入 958 条”?");
    tmux.keys(&["y"]);
    tmux.wait("已撤销 import-7");
    tmux.keys(&["q"]);
    tmux.wait("left");
}

#[test]
fn a_screen_on_the_wall() {
    let server = Server::start("127.0.0.1:0", None);
    let tmux = Tmux::start("kiosk", &server.url(), (120, 36), "--wall");
    tmux.wait("看板模式");
    tmux.keys(&["s", "3", "q"]);
    tmux.wait("left");
    assert!(!server.commands.try_iter().any(|c| matches!(c, Live::CampaignStart { .. })));
}
