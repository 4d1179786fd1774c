//! Legs by number: a key names its slot and the slot's turn, so that a key of a leg that is gone finds nobody.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    index: u32,
    turn: u32,
}

impl Key {
    pub fn to_u64(self) -> u64 {
        u64::from(self.turn) << 32 | u64::from(self.index)
    }

    pub fn from_u64(value: u64) -> Key {
        Key { index: value as u32, turn: (value >> 32) as u32 }
    }
}

#[derive(Debug)]
pub struct Slots<T> {
    slots: Vec<(u32, Option<T>)>,
    free: Vec<u32>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Slots { slots: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slots<T> {
    pub fn insert(&mut self, value: T) -> Key {
        let index = self.free.pop().unwrap_or_else(|| {
            self.slots.push((0, None));
            self.slots.len() as u32 - 1
        });
        let slot = &mut self.slots[index as usize];
        // 24 bits are enough to tell turns apart and leave room for the poller's own marks.
        slot.0 = (slot.0 + 1) & 0x00FF_FFFF;
        slot.1 = Some(value);
        Key { index, turn: slot.0 }
    }

    pub fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        let slot = self.slots.get_mut(key.index as usize)?;
        if slot.0 == key.turn { slot.1.as_mut() } else { None }
    }

    pub fn remove(&mut self, key: Key) -> Option<T> {
        self.get_mut(key)?;
        self.free.push(key.index);
        self.slots[key.index as usize].1.take()
    }

    pub fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        let used = |(index, slot): (usize, &(u32, Option<T>))| {
            slot.1.as_ref().map(|_| Key { index: index as u32, turn: slot.0 })
        };
        self.slots.iter().enumerate().filter_map(used)
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (Key, &mut T)> {
        self.slots.iter_mut().enumerate().filter_map(|(index, (turn, slot))| {
            slot.as_mut().map(|value| (Key { index: index as u32, turn: *turn }, value))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_key_finds_nobody() {
        let mut slots = Slots::default();
        let first = slots.insert('a');
        assert_eq!(slots.remove(first), Some('a'));
        let second = slots.insert('b');
        assert_eq!(slots.get_mut(first), None);
        assert_eq!(slots.remove(first), None);
        assert_eq!(slots.get_mut(Key::from_u64(second.to_u64())), Some(&mut 'b'));
        assert_eq!(slots.keys().collect::<Vec<_>>(), [second]);
    }
}
