//! The command line.

use crate::theme::ThemeName;
use clap::Parser;

/// Hutong 呼通: the supervisor's console.
#[derive(Debug, Parser)]
#[command(name = "hutong-console", version)]
pub struct Args {
    /// The service: http://127.0.0.1:PORT or https://host:port
    #[arg(long, env = "HUTONG_CONNECT", default_value = "https://127.0.0.1:8443")]
    pub connect: String,
    /// 公司账号
    #[arg(long, env = "HUTONG_COMPANY", default_value = "")]
    pub company: String,
    /// 账号
    #[arg(long, env = "HUTONG_ACCOUNT", default_value = "")]
    pub account: String,
    /// zh-CN or en
    #[arg(long, env = "HUTONG_LANG", default_value = "zh-CN")]
    pub lang: String,
    /// Colours and glyphs; NO_COLOR means mono
    #[arg(long, value_enum)]
    pub theme: Option<ThemeName>,
    /// IANA zone in which times of day are shown, instead of the company's
    #[arg(long, env = "HUTONG_ZONE")]
    pub zone: Option<String>,
    /// A screen on the wall: nothing can be done there, running tasks take turns, q leaves
    #[arg(long)]
    pub wall: bool,
    /// Draw one frame of this size (such as 120x36) once the board is there, as text, and exit
    #[arg(long, value_name = "WxH", value_parser = size)]
    pub once: Option<(u16, u16)>,
    /// With --once: the tab to draw, from 1
    #[arg(long, default_value_t = 1, requires = "once")]
    pub tab: usize,
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let parsed = text.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    parsed.filter(|(w, h)| (1..=500).contains(w) && (1..=300).contains(h)).ok_or_else(|| "wanted: 120x36".into())
}
