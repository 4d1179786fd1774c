//! The chosen row of a list. It follows its row by id while the list moves under it.

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cursor {
    pub at: usize,
    id: Option<i64>,
}

impl Cursor {
    /// Call after every change of the list or of the choice.
    pub fn settle(&mut self, ids: &[i64]) {
        if let Some(found) = self.id.and_then(|id| ids.iter().position(|i| *i == id)) {
            self.at = found;
        }
        self.at = self.at.min(ids.len().saturating_sub(1));
        self.id = ids.get(self.at).copied();
    }

    pub fn step(&mut self, by: i64, ids: &[i64]) {
        let last = ids.len().saturating_sub(1) as i64;
        self.put((self.at as i64).saturating_add(by).clamp(0, last) as usize, ids);
    }

    pub fn put(&mut self, at: usize, ids: &[i64]) {
        self.at = at.min(ids.len().saturating_sub(1));
        self.id = ids.get(self.at).copied();
    }

    pub fn find(&mut self, id: i64, ids: &[i64]) {
        self.id = Some(id);
        self.settle(ids);
    }

    /// The row to stand on once the list that holds it has come.
    pub fn want(&mut self, id: i64) {
        self.id = Some(id);
    }

    pub fn id(&self) -> Option<i64> {
        self.id
    }

    /// First row to draw so that the chosen one is among `height` rows.
    pub fn top(&self, len: usize, height: usize) -> usize {
        if len <= height { 0 } else { self.at.saturating_sub(height / 2).min(len - height) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_its_row_and_stays_inside() {
        let mut cursor = Cursor::default();
        cursor.settle(&[5, 6, 7]);
        cursor.step(1, &[5, 6, 7]);
        assert_eq!(cursor.id(), Some(6));
        cursor.settle(&[4, 5, 6, 7]);
        assert_eq!((cursor.at, cursor.id()), (2, Some(6)));
        cursor.settle(&[4, 5]);
        assert_eq!((cursor.at, cursor.id()), (1, Some(5)));
        cursor.settle(&[]);
        assert_eq!((cursor.at, cursor.id()), (0, None));
        cursor.step(-3, &[9]);
        assert_eq!(cursor.id(), Some(9));
        assert_eq!(Cursor { at: 9, id: None }.top(10, 4), 6);
        assert_eq!(Cursor { at: 0, id: None }.top(10, 0), 0);
    }
}
