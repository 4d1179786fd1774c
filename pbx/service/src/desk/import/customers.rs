//! Rows that become customers: from a customer sheet, or beside the numbers of a campaign (同步到客户资料).

use super::{Existing, fields::Fields};
use crate::{
    desk::form,
    store::{Store, StoreError, now_ms},
};
use csv::StringRecord;
use hutong_api::{BatchId, CompanyId, Phone, Refusal, SeatId};
use hutong_core::import::{Field, Layout, clean, header, layout::MAX_NAME};
use rusqlite::{Connection, OptionalExtension, Transaction, params, types::Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicUsize, Ordering},
};

/// Longest values in characters, by column (F26).
const LIMITS: [(Field, usize); 7] = [
    (Field::Name, MAX_NAME),
    (Field::Landline, 20),
    (Field::Organisation, 60),
    (Field::Category, 11),
    (Field::Project, 11),
    (Field::Address, 90),
    (Field::Note, 2_000),
];

/// Leads copied in one transaction.
const CHUNK: u32 = 1_000;

/// Whom a 归属人 cell may name: extension, account, "name(extension)", or a name that only one seat has.
#[derive(Debug, Default)]
pub struct Owners(BTreeMap<String, Option<SeatId>>);

impl Owners {
    pub fn load(conn: &Connection, company: CompanyId) -> Result<Owners, StoreError> {
        let mut owners = Owners::default();
        let sql = "SELECT id, extension, account, name FROM seat WHERE company_id = ?1 AND deleted IS NULL";
        let mut statement = conn.prepare(sql)?;
        let mut rows = statement.query([company.0])?;
        while let Some(row) = rows.next()? {
            let seat = SeatId(row.get(0)?);
            let (extension, account, name): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
            for word in [format!("{name}({extension})"), extension, account, name] {
                let known = owners.0.entry(word).or_insert(Some(seat));
                // A word for two people names neither.
                *known = known.filter(|other| *other == seat);
            }
        }
        Ok(owners)
    }

    fn find(&self, cell: &str) -> Option<SeatId> {
        *self.0.get(&cell.replace('（', "(").replace('）', ")"))?
    }
}

/// The columns of a customer, tidied; each at most as long as it may be.
struct Card(BTreeMap<Field, String>);

impl Card {
    fn of(&self, field: Field) -> &str {
        self.0.get(&field).map_or("", String::as_str)
    }

    fn too_long(&self) -> Option<(Field, usize)> {
        LIMITS.into_iter().find(|(field, limit)| self.of(*field).chars().count() > *limit)
    }

    fn cut(mut self) -> Card {
        for (field, limit) in LIMITS {
            if let Some(text) = self.0.get_mut(&field) {
                *text = text.chars().take(limit).collect();
            }
        }
        self
    }
}

/// What somebody who sees only his own rows imports is his; of others it goes to 公共池.
pub fn own(conn: &Connection, seat: SeatId) -> Result<Option<SeatId>, StoreError> {
    let sql = "SELECT r.scope = 'own' FROM seat s JOIN role r ON r.id = s.role_id WHERE s.id = ?1";
    let own: Option<bool> = conn.query_row(sql, [seat.0], |row| row.get(0)).optional()?;
    Ok(own.unwrap_or(false).then_some(seat))
}

/// What a row of a customer sheet did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Added,
    /// The company has this customer already, and he is as he was.
    Known,
    /// He was there, and the row changed him.
    Updated,
}

/// What rows of a customer sheet are judged by.
pub struct Desk {
    pub company: CompanyId,
    pub batch: BatchId,
    pub layout: Layout,
    pub fields: Fields,
    pub owners: Owners,
    pub existing: Existing,
    /// Whose customers may be changed; None = everybody's.
    pub reach: Option<BTreeSet<SeatId>>,
    /// Those that new customers are dealt to; none = 公共池.
    pub deal: Vec<SeatId>,
    pub dealt: AtomicUsize,
}

/// One row of a customer sheet.
pub fn add(
    tx: &Transaction<'_>,
    desk: &Desk,
    (record, mobile): (&StringRecord, &Phone),
) -> Result<Result<Outcome, Refusal>, StoreError> {
    let layout = &desk.layout;
    let mut card = Card(LIMITS.iter().map(|(field, _)| (*field, layout.cell(record, *field))).collect());
    landline(&mut card, mobile);
    if let Some((field, limit)) = card.too_long() {
        let column = layout.header_of(field).to_owned();
        return Ok(Err(Refusal::new("import.long_field").with("column", column).with("limit", limit)));
    }
    let named = layout.cell(record, Field::Owner);
    let named = match (named.as_str(), desk.owners.find(&named)) {
        ("", _) => None,
        (_, Some(seat)) => Some(seat),
        (_, None) => return Ok(Err(Refusal::new("import.unknown_owner").with("owner", named))),
    };
    let extra = match desk.fields.values(layout, record) {
        Ok(extra) => extra,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let next = desk.dealt.load(Ordering::Relaxed);
    let owner = named.or_else(|| desk.deal.get(next % desk.deal.len().max(1)).copied());
    if insert(tx, desk, mobile, &card, owner, &extra)? {
        // A row refused or known leaves the next one to the same seat.
        desk.dealt.store(next + usize::from(named.is_none()), Ordering::Relaxed);
        return Ok(Ok(Outcome::Added));
    }
    match desk.existing {
        Existing::Skip => Ok(Ok(Outcome::Known)),
        _ => Ok(Ok(change(tx, desk, mobile, &card, named, extra)?)),
    }
}

fn insert(
    tx: &Transaction<'_>,
    desk: &Desk,
    mobile: &Phone,
    card: &Card,
    owner: Option<SeatId>,
    extra: &BTreeMap<String, String>,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO customer (company_id, batch_id, mobile, name, landline, organisation, category, project,
        address, note, owner_id, created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)
        ON CONFLICT (company_id, mobile) WHERE deleted IS NULL DO NOTHING";
    let values = params![
        desk.company.0,
        desk.batch.0,
        mobile.as_str(),
        card.of(Field::Name),
        card.of(Field::Landline),
        card.of(Field::Organisation),
        card.of(Field::Category),
        card.of(Field::Project),
        card.of(Field::Address),
        card.of(Field::Note),
        owner.map(|seat| seat.0),
        now_ms(),
    ];
    if tx.prepare_cached(sql)?.execute(values)? == 0 {
        return Ok(false);
    }
    if !extra.is_empty() {
        let id = tx.last_insert_rowid();
        let extra = serde_json::to_string(extra).unwrap_or_default();
        tx.prepare_cached("UPDATE customer SET extra = ?2 WHERE id = ?1")?.execute(params![id, extra])?;
    }
    Ok(true)
}

/// Columns that a row may change, with the cells they come from.
const CHANGED: [(&str, Field); 7] = [
    ("name", Field::Name),
    ("landline", Field::Landline),
    ("organisation", Field::Organisation),
    ("category", Field::Category),
    ("project", Field::Project),
    ("address", Field::Address),
    ("note", Field::Note),
];

/// Changes a customer that is there. What he was before is kept with the batch, for undoing it.
fn change(
    tx: &Transaction<'_>,
    desk: &Desk,
    mobile: &Phone,
    card: &Card,
    named: Option<SeatId>,
    added: BTreeMap<String, String>,
) -> Result<Outcome, StoreError> {
    let with_extra = !desk.fields.added.is_empty();
    let extra_column = if with_extra { "extra" } else { "'{}'" };
    let columns = CHANGED.map(|(column, _)| column).join(", ");
    let sql = format!(
        "SELECT id, owner_id, updated, {extra_column}, {columns} FROM customer
         WHERE company_id = ?1 AND mobile = ?2 AND deleted IS NULL"
    );
    let mut statement = tx.prepare_cached(&sql)?;
    let mut rows = statement.query(params![desk.company.0, mobile.as_str()])?;
    let Some(row) = rows.next()? else { return Ok(Outcome::Known) };
    let (id, owner, updated): (i64, Option<i64>, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let theirs = |reach: &BTreeSet<SeatId>| !owner.is_some_and(|owner| reach.contains(&SeatId(owner)));
    if desk.reach.as_ref().is_some_and(theirs) {
        return Ok(Outcome::Known);
    }
    let replaces = |old: &str, new: &str| {
        !new.is_empty() && new != old && (old.is_empty() || desk.existing == Existing::Overwrite)
    };
    let (mut before, mut sets) = (serde_json::Map::new(), Vec::<(&str, Value)>::new());
    for (at, (column, field)) in CHANGED.into_iter().enumerate() {
        let old: String = row.get(at + 4)?;
        if replaces(&old, card.of(field)) {
            before.insert(column.to_owned(), old.into());
            sets.push((column, Value::Text(card.of(field).to_owned())));
        }
    }
    let old: String = row.get(3)?;
    let mut extra: BTreeMap<String, String> = serde_json::from_str(&old).unwrap_or_default();
    let replaced: Vec<(String, String)> =
        added.into_iter().filter(|(id, new)| replaces(extra.get(id).map_or("", String::as_str), new)).collect();
    if !replaced.is_empty() {
        extra.extend(replaced);
        before.insert("extra".to_owned(), old.into());
        sets.push(("extra", Value::Text(serde_json::to_string(&extra).unwrap_or_default())));
    }
    let free = owner.is_none() || desk.existing == Existing::Overwrite;
    if let Some(seat) = named.filter(|seat| free && owner != Some(seat.0)) {
        before.insert("owner_id".to_owned(), owner.into());
        sets.push(("owner_id", Value::Integer(seat.0)));
    }
    if sets.is_empty() {
        return Ok(Outcome::Known);
    }
    // Later than before even within one millisecond: "unchanged since" is told by it.
    let at = now_ms().max(updated + 1);
    before.insert("updated".to_owned(), updated.into());
    sets.push(("updated", Value::Integer(at)));
    form::update(tx, "customer", desk.company.0, id, &sets)?;
    let sql =
        "INSERT OR IGNORE INTO import_before (batch_id, customer_id, company_id, row, at) VALUES (?1, ?2, ?3, ?4, ?5)";
    let before = serde_json::Value::Object(before).to_string();
    tx.prepare_cached(sql)?.execute(params![desk.batch.0, id, desk.company.0, before, at])?;
    Ok(Outcome::Updated)
}

/// Puts back what `change` replaced, if the customer is as it left him.
pub fn put_back(tx: &Transaction<'_>, customer: i64, before: &str, at: i64) -> Result<(), StoreError> {
    let before: serde_json::Map<String, serde_json::Value> = serde_json::from_str(before).unwrap_or_default();
    let known = |column: &&str| {
        CHANGED.iter().any(|(known, _)| known == column) || ["extra", "owner_id", "updated"].contains(column)
    };
    let columns: Vec<&str> = before.keys().map(String::as_str).filter(known).collect();
    if columns.is_empty() {
        return Ok(());
    }
    let sets: Vec<String> = columns.iter().map(|column| format!("{column} = json_extract(?3, '$.{column}')")).collect();
    let sql = format!("UPDATE customer SET {} WHERE id = ?1 AND updated = ?2", sets.join(", "));
    let row = serde_json::Value::Object(before.clone()).to_string();
    tx.prepare_cached(&sql)?.execute(params![customer, at, row])?;
    Ok(())
}

/// Copies the numbers of a visible batch into the customer list as far as that is still to be done. May be cut short and
/// taken up again at any point.
pub async fn sync(store: &Store, batch: BatchId) -> Result<(), StoreError> {
    while store.write(move |tx| sync_chunk(tx, batch)).await? {}
    Ok(())
}

/// Batches whose copying a crash has cut short.
pub fn unsynced(conn: &Connection) -> Result<Vec<BatchId>, StoreError> {
    let mut statement = conn.prepare("SELECT id FROM batch WHERE sync_from IS NOT NULL AND state = 'visible'")?;
    let ids = statement.query_map([], |row| Ok(BatchId(row.get(0)?)))?.collect::<Result<_, _>>()?;
    Ok(ids)
}

/// True while there is more.
fn sync_chunk(tx: &Transaction<'_>, batch: BatchId) -> Result<bool, StoreError> {
    let sql = "SELECT company_id, sync_from FROM batch WHERE id = ?1 AND sync_from IS NOT NULL";
    let Some((company, from)) =
        tx.query_row(sql, [batch.0], |row| Ok((CompanyId(row.get(0)?), row.get::<_, i64>(1)?))).optional()?
    else {
        return Ok(false);
    };
    // The + keeps SQLite on the primary key: rows of a batch lie together.
    let sql = "SELECT id, phone, name, extra FROM lead WHERE id >= ?2 AND +batch_id = ?1 ORDER BY id LIMIT ?3";
    let (mut last, mut found) = (None, 0);
    let mut statement = tx.prepare_cached(sql)?;
    let mut rows = statement.query(params![batch.0, from, CHUNK])?;
    while let Some(row) = rows.next()? {
        last = Some(row.get::<_, i64>(0)?);
        found += 1;
        upsert(tx, company, batch, &row.get::<_, String>(1)?, row.get(2)?, &row.get::<_, String>(3)?)?;
    }
    let next = last.filter(|_| found == CHUNK).map(|id| id + 1);
    tx.execute("UPDATE batch SET sync_from = ?2 WHERE id = ?1", params![batch.0, next])?;
    Ok(next.is_some())
}

/// Fills what is empty and touches nothing else: an existing owner and everything an agent typed stays (F34).
fn upsert(
    tx: &Transaction<'_>,
    company: CompanyId,
    batch: BatchId,
    mobile: &str,
    name: String,
    extra: &str,
) -> Result<(), StoreError> {
    let cells: BTreeMap<String, String> = serde_json::from_str(extra).unwrap_or_default();
    let mut card: BTreeMap<Field, String> =
        cells.into_iter().map(|(word, cell)| (header::field(&word), cell)).collect();
    card.insert(Field::Name, name);
    let mut card = Card(card).cut();
    if let Some(phone) = Phone::from_digits(mobile) {
        landline(&mut card, &phone);
    }
    let sql =
        "INSERT INTO customer AS c (company_id, batch_id, mobile, name, landline, organisation, category, project,
        address, note, created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)
        ON CONFLICT (company_id, mobile) WHERE deleted IS NULL DO UPDATE SET
        name = iif(c.name = '', excluded.name, c.name), landline = iif(c.landline = '', excluded.landline, c.landline),
        organisation = iif(c.organisation = '', excluded.organisation, c.organisation),
        category = iif(c.category = '', excluded.category, c.category),
        project = iif(c.project = '', excluded.project, c.project),
        address = iif(c.address = '', excluded.address, c.address), note = iif(c.note = '', excluded.note, c.note)";
    let values = params![
        company.0,
        batch.0,
        mobile,
        card.of(Field::Name),
        card.of(Field::Landline),
        card.of(Field::Organisation),
        card.of(Field::Category),
        card.of(Field::Project),
        card.of(Field::Address),
        card.of(Field::Note),
        now_ms(),
    ];
    tx.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// In digits where it is a number, as written where it is not; empty where it is the customer's main number itself.
fn landline(card: &mut Card, mobile: &Phone) {
    let Some(cell) = card.0.get_mut(&Field::Landline) else { return };
    match clean(cell) {
        Ok(phone) if phone == *mobile => cell.clear(),
        Ok(phone) => *cell = phone.into(),
        Err(_) => {}
    }
}
