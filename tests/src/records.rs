//! A full office: a million invented customers, and lists as workbooks.

use crate::leads::mobile;
use rusqlite::{Connection, params};
use std::{
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

/// Rows of one transaction: the running service writes between them.
const CHUNK: u32 = 20_000;

/// Puts `rows` customers into the company of a running office, beside its service.
///
/// # Errors
/// The database cannot be written.
pub fn customers(data: &Path, rows: u32) -> anyhow::Result<()> {
    let mut conn = Connection::open(data.join("hutong.db"))?;
    conn.busy_timeout(Duration::from_secs(30))?;
    conn.execute_batch("PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -65536;")?;
    let company: i64 = conn.query_row("SELECT min(id) FROM company", [], |row| row.get(0))?;
    let seats: Vec<i64> = {
        let mut statement = conn.prepare("SELECT id FROM seat WHERE company_id = ?1 ORDER BY id")?;
        statement.query_map([company], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    for from in (0..rows).step_by(CHUNK as usize) {
        let tx = conn.transaction()?;
        let sql =
            "INSERT OR IGNORE INTO customer (company_id, mobile, name, landline, organisation, category, owner_id,
            address, note, created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)";
        let mut insert = tx.prepare(sql)?;
        for at in from..(from + CHUNK).min(rows) {
            // Numbers come in no order, as in life: 7919 shares no factor with the count of numbers.
            let number = mobile(((u64::from(at) * 7_919) % 359_999_999) as u32);
            let landline = if at % 5 == 0 { format!("0592{at:08}") } else { String::new() };
            let category = ["", "普通", "重要", "意向", "成交"][at as usize % 5];
            let owner = (at % 4 != 0).then(|| seats[at as usize % seats.len()]);
            let created = 1_700_000_000_000_i64 + i64::from(at / 30);
            insert.execute(params![
                company,
                number,
                format!("客户{at}"),
                landline,
                format!("演示公司{}", at % 50_000),
                category,
                owner,
                format!("演示市演示路{}号", at % 9_999),
                format!("第{at}次回访，客户在考虑"),
                created,
            ])?;
        }
        drop(insert);
        tx.commit()?;
    }
    Ok(())
}

/// `rows` good numbers as a workbook, numbers stored as numbers, with names, companies and notes.
///
/// # Errors
/// The file cannot be written.
pub fn workbook(folder: &Path, rows: u32) -> anyhow::Result<PathBuf> {
    let mut book = rust_xlsxwriter::Workbook::new();
    // Texts in one table for the whole book, as Excel saves them.
    let sheet = book.add_worksheet_with_low_memory()?;
    for (column, word) in (0..).zip(["手机号码", "客户名称", "公司名称", "备注"]) {
        sheet.write_string(0, column, word)?;
    }
    for at in 0..rows {
        sheet.write_number(at + 1, 0, mobile(at + 100).parse::<f64>()?)?;
        sheet.write_string(at + 1, 1, format!("客户{at}"))?;
        sheet.write_string(at + 1, 2, format!("演示公司{}", at % 5_000))?;
        sheet.write_string(at + 1, 3, "展会名单")?;
    }
    let file = folder.join(format!("good-{rows}.xlsx"));
    book.save(&file)?;
    Ok(file)
}

/// `rows` customers as a CSV of every usual column, with two thousand categories and as many projects: the most names that
/// an import may bring.
///
/// # Errors
/// The file cannot be written.
pub fn people(folder: &Path, rows: u32) -> anyhow::Result<PathBuf> {
    let file = folder.join(format!("people-{rows}.csv"));
    let mut out = std::io::BufWriter::new(std::fs::File::create(&file)?);
    writeln!(out, "手机号码,客户名称,电话号码,公司名称,客户分类,归属项目,地址,备注")?;
    for at in 0..rows {
        // Numbers come in no order, as in life.
        let number = mobile(((u64::from(at) * 7_919) % 359_999_999) as u32);
        let (name, landline) = (format!("客户{at}"), format!("0592{:07}", 2_000_000 + at));
        let (kind, project) = (at % 2_000, at / 7 % 2_000);
        writeln!(
            out,
            "{number},{name},{landline},演示公司{},分类{kind},项目{project},演示市{at}号,展会名单",
            at % 5_000
        )?;
    }
    out.flush()?;
    Ok(file)
}
