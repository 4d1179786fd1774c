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
        let number = mobile(behaving(at));
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
        writeln!(text, "{};重复;\r", mobile(behaving(at)))?;
    }
    text.push_str("1.54E+10;坏行;\r\n1540001;坏行;\r\n");
    writeln!(text, "{};黑名单;\r", blocked_number()?)?;
    let file = folder.join("forty.csv");
    std::fs::write(&file, gb18030(&text))?;
    Ok((file, Fates { added: 34, duplicate: 3, bad: 2, blocked: 1 }))
}

/// The simulated carrier answers endings 0013 and 0015 with a line fault every time, and a line fault is tried again a
/// minute later: such a list takes longer than a test may.
fn behaving(at: u32) -> u32 {
    if [13, 15].contains(&at) { at + 100 } else { at }
}

/// `rows` good numbers in UTF-8 with commas, whose callees behave as those of an office's day.
pub fn good(folder: &Path, rows: u32) -> anyhow::Result<PathBuf> {
    let mut text = String::from("手机号码,客户名称\n");
    for at in 0..rows {
        writeln!(text, "{},客户{at}", mobile(at + 100))?;
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
///
/// # Errors
/// The file cannot be read.
pub fn blocked_number() -> anyhow::Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/demo/blocklist.csv");
    let text = std::fs::read_to_string(path)?;
    let row = text.lines().nth(1).unwrap_or_default();
    Ok(row.split(',').next().unwrap_or_default().to_owned())
}

fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use hutong_core::import::{Decoded, Encoding, Layout, Rows, clean, detect, sample, sniff};
    use std::collections::BTreeSet;

    /// What becomes of a file's rows, decided by the core's own reading and nothing else.
    fn fates(bytes: &[u8], blocked: &BTreeSet<String>) -> (Encoding, u8, Fates) {
        let encoding = detect(bytes).unwrap();
        let separator = sniff(&sample(Decoded::new(bytes, encoding)).unwrap());
        let rows = || Rows::new(Decoded::new(bytes, encoding), separator);
        let mut record = Default::default();
        let mut first = Vec::new();
        let mut top = rows();
        while first.len() < 50 && top.next(&mut record).unwrap() {
            first.push(record.clone());
        }
        let layout = Layout::find(&first).unwrap();
        let (mut all, mut seen) = (rows(), BTreeSet::new());
        let mut fates = Fates { added: 0, duplicate: 0, bad: 0, blocked: 0 };
        let mut at = 0;
        while all.next(&mut record).unwrap() {
            at += 1;
            if at <= layout.skip {
                continue;
            }
            match layout.number(&record) {
                Err(_) => fates.bad += 1,
                Ok(phone) if blocked.contains(phone.as_str()) => fates.blocked += 1,
                Ok(phone) if !seen.insert(phone.as_str().to_owned()) => fates.duplicate += 1,
                Ok(_) => fates.added += 1,
            }
        }
        (encoding, separator, fates)
    }

    fn demo(name: &str) -> Vec<u8> {
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/demo").join(name)).unwrap()
    }

    fn demo_blocklist() -> BTreeSet<String> {
        let text = String::from_utf8(demo("blocklist.csv")).unwrap();
        let numbers = text.lines().skip(1).map(|row| row.split(',').next().unwrap().to_owned());
        numbers.inspect(|number| assert_eq!(clean(number).unwrap().as_str(), number)).collect()
    }

    #[test]
    fn the_demo_list_holds_what_its_readme_says() {
        let expected: serde_json::Value = serde_json::from_slice(&demo("expected.json")).unwrap();
        let readme = String::from_utf8(demo("README.md")).unwrap();
        let (encoding, separator, fates) = fates(&demo("leads.csv"), &demo_blocklist());
        assert_eq!((encoding, separator), (Encoding::Gb18030, b';'));
        let found = [fates.rows(), fates.added, fates.duplicate, fates.bad, fates.blocked];
        let wanted = ["rows", "added", "duplicate", "bad", "blocked"].map(|fate| expected[fate].as_u64().unwrap());
        assert_eq!(found, wanted);
        let row = format!("| {} |", found.map(|n| n.to_string()).join(" | "));
        assert!(readme.contains(&row), "data/demo/README.md does not say {row}");
    }

    #[test]
    fn the_lists_of_these_tests_hold_what_they_say() {
        let folder = tempfile::tempdir().unwrap();
        let (file, wanted) = forty(folder.path()).unwrap();
        let (_, _, found) = fates(&std::fs::read(file).unwrap(), &demo_blocklist());
        assert_eq!(found, wanted);
        let file = good(folder.path(), 25_000).unwrap();
        assert_eq!(fates(&std::fs::read(file).unwrap(), &BTreeSet::new()).2.added, 25_000);
        let file = all_like(folder.path(), 9_000, "0012").unwrap();
        assert_eq!(fates(&std::fs::read(file).unwrap(), &BTreeSet::new()).2.added, 9_000);
    }
}
