#![allow(clippy::unwrap_used)]

use super::*;
use csv::StringRecord;
use proptest::prelude::*;

/// What a whole file gives: (line, number or reason, name, extra) of each row.
fn read(bytes: &[u8]) -> Result<Vec<(u64, String, String, String)>, Fault> {
    let encoding = detect(bytes)?;
    let separator = sniff(&sample(Decoded::new(bytes, encoding))?);
    let open = || Rows::new(Decoded::new(bytes, encoding), separator);
    let (mut rows, mut record, mut first) = (open(), StringRecord::new(), Vec::new());
    while first.len() < SNIFF_ROWS && rows.next(&mut record)? {
        first.push(record.clone());
    }
    let layout = Layout::find(&first)?;
    let (mut rows, mut seen, mut out) = (open(), 0, Vec::new());
    while rows.next(&mut record)? {
        seen += 1;
        if seen > layout.skip {
            let number = layout.number(&record).map_or_else(|bad| bad.refusal().code.into_owned(), String::from);
            out.push((rows.line(), number, layout.name(&record), layout.extra(&record)));
        }
    }
    Ok(out)
}

fn numbers(text: &[u8]) -> Result<Vec<String>, Fault> {
    read(text).map(|rows| rows.into_iter().map(|row| row.1).collect())
}

fn row(line: u64, number: &str, name: &str, extra: &str) -> (u64, String, String, String) {
    (line, number.into(), name.into(), extra.into())
}

#[test]
fn the_same_sheet_in_every_encoding_and_separator() {
    let expected = vec![row(2, "13900001111", "李雷", r#"{"意向":"高"}"#), row(3, "13900002222", "韩梅梅", "{}")];
    for separator in [",", ";", "\t"] {
        for newline in ["\n", "\r\n"] {
            let text = ["手机号码,客户名称,意向", "13900001111,李雷,高", "139 0000 2222,韩梅梅,"].join("\n");
            let text = text.replace(',', separator).replace('\n', newline);
            let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            for (bytes, encoding) in [
                (text.as_bytes().to_vec(), Encoding::Utf8),
                ([b"\xef\xbb\xbf", text.as_bytes()].concat(), Encoding::Utf8Bom),
                (encoding_rs::GB18030.encode(&text).0.into_owned(), Encoding::Gb18030),
                (encoding_rs::GBK.encode(&text).0.into_owned(), Encoding::Gb18030),
                ([b"\xff\xfe", &utf16[..]].concat(), Encoding::Utf16Le),
            ] {
                assert_eq!(detect(&bytes[..]), Ok(encoding));
                assert_eq!(read(&bytes).unwrap(), expected, "{encoding:?} {separator:?} {newline:?}");
            }
        }
    }
}

#[test]
fn rare_characters_need_gb18030() {
    let text = "手机,姓名\n13900001111,𠮷野㐂\n";
    let bytes = encoding_rs::GB18030.encode(text).0.into_owned();
    assert_eq!(read(&bytes).unwrap(), [row(2, "13900001111", "𠮷野㐂", "{}")]);
}

#[test]
fn sheets_without_a_header() {
    assert_eq!(read(b"13900001111\n13900002222\n").unwrap().len(), 2);
    let rows = read("001;李雷;13900001111;高\n002;韩梅梅;13900002222;低\n".as_bytes()).unwrap();
    assert_eq!(rows[0], row(1, "13900001111", "李雷", r#"{"A":"001","D":"高"}"#));
}

#[test]
fn odd_headers() {
    // A title above, brackets and marks in the header, the number in the second of two number columns.
    let text =
        "2026年名单,,\n,,\n电话号码,手机号码（必填）*,客户名称\n0592-8888888,,李雷\n0592-8888888,13900001111,韩梅梅\n";
    let rows = read(text.as_bytes()).unwrap();
    assert_eq!(rows[0], row(4, "05928888888", "李雷", "{}"));
    assert_eq!(rows[1], row(5, "13900001111", "韩梅梅", r#"{"电话号码":"0592-8888888"}"#));
    // A header whose words say nothing.
    assert_eq!(numbers(b"id,x\n1,13900001111\n2,13900002222\n").unwrap(), ["13900001111", "13900002222"]);
    assert_eq!(read(b"id,x\n1,2\n"), Err(Fault::NoNumbers { header: "id | x".into() }), "and none with numbers");
    assert_eq!(read(b""), Err(Fault::Empty));
    assert_eq!(read(b"\n\n , \n"), Err(Fault::Empty));
    // Excel's own first line.
    assert_eq!(numbers("sep=;\n手机;姓名\n13900001111;a,b,c\n".as_bytes()).unwrap(), ["13900001111"]);
}

#[test]
fn quotes_newlines_and_line_numbers() {
    let text = "手机,备注\n13900001111,\"第一行\n第二行, \"\"引号\"\"\"\n\n13900002222,\n坏,\n";
    let rows = read(text.as_bytes()).unwrap();
    assert_eq!(rows[0], row(2, "13900001111", "", r#"{"备注":"第一行 第二行, \"引号\""}"#));
    assert_eq!((rows[1].0, rows[2].0), (5, 6));
    assert_eq!(rows[2].1, "import.number.not_a_number");
}

#[test]
fn a_cell_with_other_separators_inside_does_not_mislead() {
    let text = "手机,姓名\n13900001111;13900002222,a\n13900003333;13900004444,b\n";
    assert_eq!(numbers(text.as_bytes()).unwrap(), ["13900001111", "13900003333"]);
    let text = "手机;地址\n13900001111;某路1号,2楼\n13900002222;某路3号\n13900003333;a,b,c\n";
    assert_eq!(numbers(text.as_bytes()).unwrap().len(), 3);
}

#[test]
fn broken_files_are_refused_with_their_line() {
    let header = "手机,姓名\n13900001111,a\n";
    let with = |tail: &[u8]| read(&[header.as_bytes(), tail].concat());
    assert_eq!(with(b"13900002222,\"open\n13900003333,b\n"), Err(Fault::OpenQuote { line: 3 }));
    assert_eq!(with(b"13900002222,\"closed\"\n").unwrap().len(), 2);
    assert_eq!(with(b"13900002222,\0\n"), Err(Fault::Nul { line: 3 }));
    assert_eq!(with(b"13900002222,\xff\xff\n"), Err(Fault::Encoding { line: 3 }));
    assert_eq!(
        with(&[b"13900002222,", "x".repeat(MAX_CELL + 1).as_bytes()].concat()),
        Err(Fault::LongCell { line: 3 })
    );
    let endless = format!("13900002222,\"{}", "13900003333,b\n".repeat(200_000));
    assert_eq!(with(endless.as_bytes()), Err(Fault::LongRow { line: 3 }));
    let swallowed = format!("13900002222,\"{}\"\n", "13900003333,b\n".repeat(200));
    assert_eq!(with(swallowed.as_bytes()), Err(Fault::OpenQuote { line: 3 }));
    let mut cut = "手机,姓名\n13900001111,一二三四五六七八九十\n".repeat(3).into_bytes();
    cut.truncate(cut.len() - 2);
    assert_eq!(read(&cut), Err(Fault::Damaged), "UTF-8 cut in a character is not GB18030");
    assert_eq!(read(b"PK\x03\x04 workbook"), Err(Fault::Workbook));
}

#[test]
fn names_are_short_and_harmless() {
    let long = "名".repeat(200);
    let text = format!("手机,姓名\n13900001111,\u{1b}[31m红\u{202e}\n13900002222,{long}\n");
    let rows = read(text.as_bytes()).unwrap();
    assert_eq!(rows[0].2, "[31m红");
    assert_eq!(rows[1].2.chars().count(), layout::MAX_NAME);
    assert!(rows[1].3.contains(&long), "the whole cell is kept");
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = read(&bytes);
    }

    #[test]
    fn no_csv_like_bytes_panic(
        text in "([手机姓名0-9+\\-eE.\",;\t\r\n '＋１２\u{202d}\u{feff}]|13900001111|sep=;|\"\"){0,200}",
        cut in 0usize..4,
    ) {
        let bytes = text.as_bytes();
        let _ = read(&bytes[..bytes.len().saturating_sub(cut)]);
        let _ = read(&encoding_rs::GB18030.encode(&text).0);
    }

    #[test]
    fn every_row_written_is_read_again(
        rows in prop::collection::vec(("1[3-9][0-9]{9}", "[^\u{0}\u{1}]{0,20}"), 1..60),
        separator in prop::sample::select(b",;\t".to_vec()),
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
        writer.write_record(["手机号码", "备注"]).unwrap();
        for (number, note) in &rows {
            writer.write_record([number, note]).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let read = numbers(&bytes);
        prop_assert_eq!(read, Ok(rows.iter().map(|row| row.0.clone()).collect::<Vec<_>>()));
    }
}
