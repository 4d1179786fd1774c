//! A list in which several things are ticked: the choices of a field, or the tree of 角色管理.

use hutong_api::page::{Choice, PermissionGroup};
use std::collections::BTreeSet;

#[derive(Debug, Clone, Default)]
pub struct Picker {
    pub title: String,
    pub rows: Vec<PickRow>,
    pub at: usize,
    ticked: BTreeSet<String>,
    /// Values that no row stands for. Whoever may not see them may not take them away either.
    unseen: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct PickRow {
    /// None is a heading: the rows up to the next heading are its own.
    pub value: Option<String>,
    pub label: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    No,
    Some,
    All,
}

impl Picker {
    pub fn of_choices(title: String, choices: &[Choice], value: &str) -> Picker {
        let rows = choices.iter().map(|c| PickRow { value: Some(c.value.clone()), label: c.label.clone() });
        Picker { title, rows: rows.collect(), ..Picker::default() }.with(value)
    }

    pub fn of_tree(title: String, groups: &[PermissionGroup], value: &str) -> Picker {
        let mut rows = Vec::new();
        for group in groups {
            let label = match group.menu == group.title {
                true => group.title.clone(),
                false => format!("{} / {}", group.menu, group.title),
            };
            rows.push(PickRow { value: None, label });
            rows.extend(group.words.iter().map(|w| PickRow { value: Some(w.value.clone()), label: w.label.clone() }));
        }
        Picker { title, rows, ..Picker::default() }.with(value)
    }

    fn with(mut self, value: &str) -> Picker {
        for part in value.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            if part == "*" {
                self.ticked.extend(self.rows.iter().filter_map(|r| r.value.clone()));
            } else if self.rows.iter().any(|r| r.value.as_deref() == Some(part)) {
                self.ticked.insert(part.to_owned());
            } else {
                self.unseen.push(part.to_owned());
            }
        }
        self
    }

    pub fn step(&mut self, by: i64) {
        let last = self.rows.len().saturating_sub(1) as i64;
        self.at = (self.at as i64 + by).clamp(0, last) as usize;
    }

    pub fn tick(&self, at: usize) -> Tick {
        let values = self.values(at);
        match values.iter().filter(|v| self.ticked.contains(**v)).count() {
            0 => Tick::No,
            n if n == values.len() => Tick::All,
            _ => Tick::Some,
        }
    }

    /// Ticks the row, a heading with everything under it; what was ticked whole is cleared.
    pub fn toggle(&mut self) {
        let values: Vec<String> = self.values(self.at).into_iter().map(str::to_owned).collect();
        self.set(values, self.tick(self.at) != Tick::All);
    }

    /// 全选, or nothing where everything is ticked.
    pub fn toggle_all(&mut self) {
        let values: Vec<String> = self.rows.iter().filter_map(|r| r.value.clone()).collect();
        let whole = self.ticked.len() == values.len();
        self.set(values, !whole);
    }

    fn set(&mut self, values: Vec<String>, on: bool) {
        for value in values {
            match on {
                true => self.ticked.insert(value),
                false => self.ticked.remove(&value),
            };
        }
    }

    fn values(&self, at: usize) -> Vec<&str> {
        match self.rows.get(at) {
            None => Vec::new(),
            Some(PickRow { value: Some(value), .. }) => vec![value.as_str()],
            Some(_) => self.rows[at + 1..].iter().map_while(|r| r.value.as_deref()).collect(),
        }
    }

    /// The ticked values in the order of the rows, a comma between.
    pub fn value(&self) -> String {
        let rows = self.rows.iter().filter_map(|r| r.value.as_ref()).filter(|v| self.ticked.contains(*v));
        rows.chain(&self.unseen).cloned().collect::<Vec<_>>().join(",")
    }

    pub fn count(&self) -> usize {
        self.ticked.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Vec<PermissionGroup> {
        let word = |value: &str| Choice { value: value.into(), label: value.into() };
        let group = |title: &str, words: &[&str]| PermissionGroup {
            menu: "m".into(),
            title: title.into(),
            words: words.iter().map(|w| word(w)).collect(),
        };
        vec![group("calls", &["calls.view", "calls.play"]), group("seats", &["seats.view"])]
    }

    #[test]
    fn a_heading_ticks_its_group_and_nothing_unseen_is_lost() {
        let mut picker = Picker::of_tree(String::new(), &tree(), "seats.view,secret.view");
        assert_eq!(picker.tick(0), Tick::No);
        picker.toggle();
        assert_eq!(picker.tick(0), Tick::All);
        picker.step(1);
        picker.toggle();
        assert_eq!(picker.tick(0), Tick::Some);
        assert_eq!(picker.value(), "calls.play,seats.view,secret.view");
        picker.toggle_all();
        assert_eq!(picker.count(), 3);
        picker.toggle_all();
        assert_eq!(picker.value(), "secret.view");
        assert_eq!(Picker::of_tree(String::new(), &tree(), "*").count(), 3);
    }
}
