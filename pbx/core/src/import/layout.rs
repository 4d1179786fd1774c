//! Which column of a sheet is what, decided on its first rows.

use super::{
    BadNumber, Fault, clean,
    header::{self, Field},
};
use csv::StringRecord;
use hutong_api::Phone;

/// Longest 客户名称 in characters (F26); a longer cell stays whole among the further columns.
pub const MAX_NAME: usize = 60;
/// Rows above the header (a title, a date) that are passed over.
const TITLE_ROWS: usize = 5;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The sheet's own header, each word once; without one A, B, C … as a spreadsheet names its columns.
    pub header: Vec<String>,
    /// The sheet has a header row.
    pub has_header: bool,
    /// Records before the first row of data.
    pub skip: usize,
    fields: Vec<Field>,
    /// Columns that may hold the number, in the order they are tried (D8).
    numbers: Vec<usize>,
    name: Option<usize>,
}

impl Layout {
    /// From the first records of the sheet, up to `SNIFF_ROWS`.
    pub fn find(first: &[StringRecord]) -> Result<Layout, Fault> {
        Layout::find_among(first, &[])
    }

    /// `added`: titles of the company's own fields.
    pub fn find_among(first: &[StringRecord], added: &[String]) -> Result<Layout, Fault> {
        let layout = Layout::guess(first, added)?;
        match layout.numbers.is_empty() {
            true => Err(layout.without_numbers(first)),
            false => Ok(layout),
        }
    }

    /// The same for a sheet whose columns a person will assign: it may have no column of numbers.
    pub fn guess(first: &[StringRecord], added: &[String]) -> Result<Layout, Fault> {
        let Some(top) = first.first() else { return Err(Fault::Empty) };
        let found = with_known_header(first, added).or_else(|| by_content(first, added));
        Ok(found.unwrap_or_else(|| Layout {
            header: unique(top),
            has_header: true,
            skip: 1,
            fields: top.iter().map(|cell| header::field_among(cell, added)).collect(),
            numbers: Vec::new(),
            name: None,
        }))
    }

    /// Of a file of seats (F80), whether or not its 坐席号 is found.
    pub fn of_seats(first: &[StringRecord]) -> Result<Layout, Fault> {
        let fields = |record: &StringRecord| record.iter().map(header::seat_field).collect::<Vec<_>>();
        let known = |record: &&StringRecord| fields(record).contains(&Field::Extension);
        let at = first.iter().take(TITLE_ROWS + 1).position(|record| known(&record)).unwrap_or(0);
        let Some(top) = first.get(at) else { return Err(Fault::Empty) };
        let (header, fields) = (unique(top), fields(top));
        Ok(Layout { header, has_header: true, skip: at + 1, fields, numbers: Vec::new(), name: None })
    }

    /// The same with its columns given by a person (empty = as found); refused without a column of 坐席号.
    pub fn of_seats_assigned(first: &[StringRecord], fields: Vec<Field>) -> Result<Layout, Fault> {
        let mut layout = Layout::of_seats(first)?;
        if !fields.is_empty() {
            layout.fields = fields;
        }
        match layout.fields.contains(&Field::Extension) {
            true => Ok(layout),
            false => Err(Fault::NoSeats { header: top(first) }),
        }
    }

    /// With the columns as a person assigned them; `Other` where a column was given to nothing.
    pub fn assigned(mut self, first: &[StringRecord], fields: Vec<Field>) -> Result<Layout, Fault> {
        let of =
            |wanted: Field| fields.iter().enumerate().filter(move |(_, f)| **f == wanted).map(|(column, _)| column);
        self.numbers = of(Field::Mobile).chain(of(Field::Landline)).collect();
        self.name = of(Field::Name).next();
        self.fields = fields;
        if self.numbers.is_empty() { Err(self.without_numbers(first)) } else { Ok(self) }
    }

    /// What each column is taken for.
    pub fn taken(&self) -> Vec<Field> {
        let mut fields = self.fields.clone();
        fields.resize(self.header.len().max(fields.len()), Field::Other);
        if let [only] = self.numbers.as_slice()
            && fields.get(*only) == Some(&Field::Other)
        {
            fields[*only] = Field::Mobile;
        }
        if let Some(name) = self.name.and_then(|name| fields.get_mut(name)) {
            *name = Field::Name;
        }
        fields
    }

    fn without_numbers(&self, first: &[StringRecord]) -> Fault {
        Fault::NoNumbers { header: top(first) }
    }

    /// The number of a row: the first number column that is not blank decides.
    pub fn number(&self, record: &StringRecord) -> Result<Phone, BadNumber> {
        clean(self.number_cell(record))
    }

    /// The cell that `number` reads.
    pub fn number_cell<'a>(&self, record: &'a StringRecord) -> &'a str {
        let cells = self.numbers.iter().filter_map(|column| record.get(*column));
        cells.map(str::trim).find(|cell| !cell.is_empty()).unwrap_or("")
    }

    /// 客户名称, tidied and at most `MAX_NAME` characters.
    pub fn name(&self, record: &StringRecord) -> String {
        let cell = self.name.and_then(|column| record.get(column)).unwrap_or("");
        tidy(cell).chars().take(MAX_NAME).collect()
    }

    /// The cell of the first column of this kind, tidied.
    pub fn cell(&self, record: &StringRecord, field: Field) -> String {
        let column = self.fields.iter().position(|found| *found == field);
        tidy(column.and_then(|column| record.get(column)).unwrap_or(""))
    }

    /// What the sheet calls this kind of column; empty where it has none.
    pub fn header_of(&self, field: Field) -> &str {
        let column = self.fields.iter().position(|found| *found == field);
        column.and_then(|column| self.header.get(column)).map_or("", String::as_str)
    }

    /// What is neither the number nor the name, as a JSON object header → cell in the sheet's order; blank cells left out.
    pub fn extra(&self, record: &StringRecord) -> String {
        let used = self.number_cell(record);
        let mut out = String::from("{");
        for (column, cell) in record.iter().enumerate() {
            let cell = tidy(cell);
            let number = cell == used && self.numbers.contains(&column);
            let name = Some(column) == self.name && cell.chars().count() <= MAX_NAME;
            let ours = self.fields.get(column) == Some(&Field::Ours);
            if cell.is_empty() || number || name || ours {
                continue;
            }
            let letters = letters(column);
            let header = self.header.get(column).unwrap_or(&letters);
            if out.len() > 1 {
                out.push(',');
            }
            out.push_str(&json(header));
            out.push(':');
            out.push_str(&json(&cell));
        }
        out.push('}');
        out
    }
}

/// The first row as a refusal quotes it.
fn top(first: &[StringRecord]) -> String {
    first.first().map(|top| top.iter().take(8).collect::<Vec<_>>().join(" | ")).unwrap_or_default()
}

fn with_known_header(first: &[StringRecord], added: &[String]) -> Option<Layout> {
    for (at, record) in first.iter().enumerate().take(TITLE_ROWS + 1) {
        let fields: Vec<Field> = record.iter().map(|cell| header::field_among(cell, added)).collect();
        let of =
            |wanted: Field| fields.iter().enumerate().filter(move |(_, f)| **f == wanted).map(|(column, _)| column);
        let numbers: Vec<usize> = of(Field::Mobile).chain(of(Field::Landline)).collect();
        if !numbers.is_empty() {
            let name = of(Field::Name).next();
            return Some(Layout { header: unique(record), has_header: true, skip: at + 1, numbers, name, fields });
        }
        if has_number(record) {
            return None;
        }
    }
    None
}

/// No header, or one whose words say nothing: the column in which at least half of the cells are numbers.
fn by_content(first: &[StringRecord], added: &[String]) -> Option<Layout> {
    let skip = usize::from(!has_number(first.first()?));
    let data = first.get(skip..).filter(|data| !data.is_empty())?;
    let width = data.iter().map(StringRecord::len).max()?;
    let count = |column: usize, is: &dyn Fn(&str) -> bool| {
        data.iter().filter_map(|record| record.get(column)).filter(|cell| is(cell)).count()
    };
    let numbers = |column: &usize| count(*column, &|cell| clean(cell).is_ok());
    // The leftmost of equals.
    let number = (0..width).rev().max_by_key(numbers)?;
    if numbers(&number) * 2 < data.len() {
        return None;
    }
    let header: Vec<String> = match skip {
        0 => (0..width).map(letters).collect(),
        _ => unique(&first[0]),
    };
    let fields: Vec<Field> = match skip {
        0 => vec![Field::Other; width],
        _ => first[0].iter().map(|cell| header::field_among(cell, added)).collect(),
    };
    let words = |column: &usize| {
        *column != number && count(*column, &|cell| cell.chars().any(char::is_alphabetic)) * 2 >= data.len()
    };
    let name = match skip {
        0 => (0..width).find(words),
        _ => fields.iter().position(|field| *field == Field::Name),
    };
    Some(Layout { header, has_header: skip > 0, skip, fields, numbers: vec![number], name })
}

fn has_number(record: &StringRecord) -> bool {
    record.iter().any(|cell| clean(cell).is_ok())
}

fn unique(record: &StringRecord) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(record.len());
    for (column, cell) in record.iter().enumerate() {
        let word = tidy(cell);
        let word = if word.is_empty() { letters(column) } else { word };
        let mut tried = word.clone();
        let mut n = 2;
        while out.contains(&tried) {
            tried = format!("{word} {n}");
            n += 1;
        }
        out.push(tried);
    }
    out
}

/// A, B … Z, AA, AB …
fn letters(column: usize) -> String {
    let mut out = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        out.insert(0, b'A' + (rest % 26) as u8);
        rest /= 26;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Control and invisible formatting characters must not reach a terminal, a log or a page (RE6).
pub fn tidy(cell: &str) -> String {
    // Most cells of a large sheet are plain.
    if cell.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return cell.trim().to_owned();
    }
    let visible = |c: char| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}');
    let spaced = cell.chars().filter(|c| visible(*c)).map(|c| if c.is_control() { ' ' } else { c });
    spaced.collect::<String>().trim().to_owned()
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
