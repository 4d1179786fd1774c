//! Lists of numbers for tests. Mobile prefixes that no network has: 154, 160, 161, 163 (data/demo/README.md).

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

/// A list and what becomes of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fates {
    pub added: u64,
    pub duplicate: u64,
    pub bad: u64,
    pub blocked: u64,
}

impl Fates {
    pub fn rows(&self) -> u64 {
        self.added + self.duplicate + self.bad + self.blocked
    }
}

/// The `at`th fictitious mobile number; its last four digits decide how the simulated callee behaves.
pub fn mobile(at: u32) -> String {
    let prefix = ["154", "160", "161", "163"][(at / 90_000_000) as usize % 4];
    format!("{prefix}{:04}{:04}", 1 + at / 10_000 % 9_000, at % 10_000)
}

/// 40 rows in GB18030 with semicolons: 34 good in several spellings, 3 duplicates, 2 bad, 1 on the demo's blocklist.
pub fn forty(folder: &Path) -> anyhow::Result<(PathBuf, Fates)> {
    let mut text = String::from("手机号码;客户名称;备注\r\n");
    for at in 0..34 {
        let number = mobile(at);
        let cell = match at % 5 {
            0 => format!("+86{number}"),
            1 => format!("{} {} {}", &number[..3], &number[3..7], &number[7..]),
            2 => number.chars().filter_map(|c| char::from_u32(0xff10 + c.to_digit(10)?)).collect(),
            3 => format!("{number}.0"),
            _ => number,
        };
        writeln!(text, "{cell};\"客户;{at}\";测试\r")?;
        if at == 20 {
            text.push_str("\r\n");
        }
    }
    for at in [3, 11, 19] {
        writeln!(text, "{};重复;\r", mobile(at))?;
    }
    text.push_str("1.54E+10;坏行;\r\n1540001;坏行;\r\n");
    writeln!(text, "{};黑名单;\r", blocked_number()?)?;
    let file = folder.join("forty.csv");
    std::fs::write(&file, gb18030(&text))?;
    Ok((file, Fates { added: 34, duplicate: 3, bad: 2, blocked: 1 }))
}

/// `rows` good numbers in UTF-8 with commas.
pub fn good(folder: &Path, rows: u32) -> anyhow::Result<PathBuf> {
    let mut text = String::from("手机号码,客户名称\n");
    for at in 0..rows {
        writeln!(text, "{},客户{at}", mobile(at))?;
    }
    let file = folder.join(format!("good-{rows}.csv"));
    std::fs::write(&file, text)?;
    Ok(file)
}

/// `rows` good numbers (at most 9,000) that all end alike, so that all callees behave alike.
pub fn all_like(folder: &Path, rows: u32, ending: &str) -> anyhow::Result<PathBuf> {
    let mut text = String::from("手机号码\n");
    for at in 0..rows {
        writeln!(text, "{}{ending}", &mobile(at * 10_000)[..7])?;
    }
    let file = folder.join(format!("like-{ending}.csv"));
    std::fs::write(&file, text)?;
    Ok(file)
}

/// The first number of data/demo/blocklist.csv, which the demo blocks before it imports.
fn blocked_number() -> anyhow::Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/demo/blocklist.csv");
    let text = std::fs::read_to_string(path)?;
    let row = text.lines().nth(1).unwrap_or_default();
    Ok(row.split(',').next().unwrap_or_default().to_owned())
}

fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}
