//! The person who asks: company, role, reach.

use hutong_api::{CompanyId, Lang, SeatId, catalogue::Permissions};
use hutong_core::io::Actor;
use jiff::tz::TimeZone;
use rusqlite::types::Value;

/// Whose rows a role sees (docs/rules.md, "F: what the office sees").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    All,
    /// Own department and those below.
    Department,
    /// Own department.
    Team,
    Own,
}

impl Reach {
    pub fn parse(word: &str) -> Reach {
        match word {
            "all" => Reach::All,
            "department" => Reach::Department,
            "team" => Reach::Team,
            _ => Reach::Own,
        }
    }

    /// A wider one counts more.
    pub fn rank(self) -> u8 {
        match self {
            Reach::Own => 0,
            Reach::Team => 1,
            Reach::Department => 2,
            Reach::All => 3,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Who {
    pub company: CompanyId,
    pub company_code: String,
    pub company_name: String,
    pub seat: SeatId,
    pub extension: String,
    pub account: String,
    pub name: String,
    /// Role as shown.
    pub role: String,
    pub reach: Reach,
    pub department: Option<i64>,
    pub permissions: Permissions,
    /// 号码隐藏 (F87): no full number may reach this seat.
    pub hide_numbers: bool,
    pub lang: Lang,
    pub zone: TimeZone,
}

impl Who {
    pub fn may(&self, word: &str) -> bool {
        self.permissions.allows(word)
    }

    /// name(extension), the display rule of F114.
    pub fn shown(&self) -> String {
        format!("{}({})", self.name, self.extension)
    }

    pub fn actor(&self) -> Actor {
        Actor { company: self.company, seat: self.seat, name: self.shown() }
    }

    /// SQL that is true for rows this person reaches; pushes its parameters behind the company's (the first).
    /// `within` is a condition with `{}` for a set of seat ids, `own` a seat id expression.
    pub fn reaches(&self, within: &str, own: &str, params: &mut Vec<Value>) -> String {
        let mut bind = |value: i64| {
            params.push(Value::Integer(value));
            format!("?{}", params.len())
        };
        let set = match (self.reach, self.department) {
            (Reach::All, _) => return "1".to_owned(),
            // A row that may be several people's names the seat itself.
            (Reach::Own, _) | (_, None) if own.contains("{}") => return own.replace("{}", &bind(self.seat.0)),
            (Reach::Own, _) | (_, None) => return format!("{own} = {}", bind(self.seat.0)),
            (Reach::Team, Some(department)) => {
                let (me, department) = (bind(self.seat.0), bind(department));
                format!("SELECT id FROM seat WHERE id = {me} OR department_id = {department}")
            }
            (Reach::Department, Some(department)) => {
                let (me, department) = (bind(self.seat.0), bind(department));
                format!(
                    "SELECT id FROM seat WHERE id = {me} OR department_id IN (WITH RECURSIVE below(id) AS \
                     (SELECT {department} UNION SELECT b.id FROM department b JOIN below ON b.parent_id = below.id) \
                     SELECT id FROM below)"
                )
            }
        };
        within.replace("{}", &set)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::desk::{Query, pages, sample};
    use rusqlite::Connection;

    /// Departments 1 ⊃ 2; seats 1–3 in 1, 4–5 in 2.
    fn sees(reach: Reach, me: i64, owner: i64) -> bool {
        let department = |seat: i64| if seat <= 3 { 1 } else { 2 };
        match reach {
            Reach::All => true,
            Reach::Own => owner == me,
            Reach::Team => owner == me || department(owner) == department(me),
            Reach::Department => owner == me || department(me) == 1 || department(owner) == 2,
        }
    }

    fn owned(conn: &Connection, source: &crate::desk::query::Source, own: &str) -> Vec<(i64, Option<i64>)> {
        let sql = format!(
            "SELECT {}, {own} FROM {} WHERE {} = 1 AND {}",
            source.id, source.from, source.company, source.keep
        );
        let mut statement = conn.prepare(&sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn every_list_with_an_owner_shows_what_the_reach_says() {
        let conn = sample::database();
        // A row that may be several people's has tests of its own (http/tests/preview.rs).
        let one = |source: &&&crate::desk::query::Source| source.owner.is_some_and(|owner| !owner.own.contains("{}"));
        for source in pages::ALL.iter().filter(one) {
            let rows = owned(&conn, source, source.owner.unwrap().own);
            for reach in [Reach::All, Reach::Department, Reach::Team, Reach::Own] {
                for (at, role) in sample::ROLES.iter().enumerate() {
                    let who = Who { reach, ..sample::who(1, role) };
                    let list = source.list(&conn, &who, &Query { size: 200, ..Query::default() }).unwrap();
                    // What nobody has yet follows rules of its own page.
                    let owned = |id: i64| rows.iter().find_map(|row| row.1.filter(|_| row.0 == id));
                    let mut shown: Vec<i64> =
                        list.rows.iter().map(|row| row.id).filter(|id| owned(*id).is_some()).collect();
                    let me = at as i64 + 1;
                    let expected = rows.iter().filter(|row| row.1.is_some_and(|owner| sees(reach, me, owner)));
                    let mut expected: Vec<i64> = expected.map(|(id, _)| *id).collect();
                    shown.sort_unstable();
                    expected.sort_unstable();
                    assert_eq!(shown, expected, "{} {reach:?} {role}", source.page.id);
                }
            }
        }
    }
}
