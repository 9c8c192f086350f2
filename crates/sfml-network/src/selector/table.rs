//! The slab of registrations.

use std::sync::Arc;

use crate::descriptor::Registrations;
use crate::readiness::Readiness;
use crate::sys;

/// The slab of registrations. A key is `generation << 32 | index`.
#[derive(Default)]
pub(super) struct Table {
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// The occupied slots.
    len: usize,
}

#[derive(Default)]
struct Slot {
    generation: u32,
    entry: Option<Entry>,
}

pub(super) struct Entry {
    pub(super) registrations: Arc<Registrations>,
    pub(super) raw: sys::RawHandle,
    /// What the caller asked for.
    pub(super) want: Readiness,
    /// What the system was told to watch for, which is more where a layer has needs of its own.
    pub(super) watched: Readiness,
    /// Whether a look at the layer is due.
    pub(super) is_queued: bool,
}

impl Table {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The key the next `insert` takes.
    pub(super) fn next_key(&self) -> u64 {
        let index = self.free.last().map_or(self.slots.len(), |index| *index as usize);
        let generation = self.slots.get(index).map_or(0, |slot| slot.generation);
        u64::from(generation) << 32 | index as u64
    }

    pub(super) fn insert(&mut self, key: u64, entry: Entry) {
        if self.free.pop().is_none() {
            self.slots.push(Slot::default());
        }
        self.slots[Self::index(key)].entry = Some(entry);
        self.len += 1;
    }

    pub(super) fn get(&self, key: u64) -> Option<&Entry> {
        let slot = self.slots.get(Self::index(key))?;
        slot.entry.as_ref().filter(|_| u64::from(slot.generation) == key >> 32)
    }

    pub(super) fn get_mut(&mut self, key: u64) -> Option<&mut Entry> {
        let slot = self.slots.get_mut(Self::index(key))?;
        slot.entry.as_mut().filter(|_| u64::from(slot.generation) == key >> 32)
    }

    pub(super) fn remove(&mut self, key: u64) -> Option<Entry> {
        self.get(key)?;
        let index = Self::index(key);
        self.len -= 1;
        // A slot whose generations are used up is retired, so that no key ever comes back.
        if self.slots[index].generation < u32::MAX - 1 {
            self.slots[index].generation += 1;
            self.free.push(index as u32);
        }
        self.slots[index].entry.take()
    }

    pub(super) fn drain(&mut self) -> impl Iterator<Item = Entry> {
        let occupied = |slot: &(usize, &Slot)| slot.1.entry.is_some();
        let key = |(index, slot): (usize, &Slot)| u64::from(slot.generation) << 32 | index as u64;
        let keys: Vec<u64> = self.slots.iter().enumerate().filter(occupied).map(key).collect();
        keys.into_iter().filter_map(|key| self.remove(key))
    }

    fn index(key: u64) -> usize {
        (key & u64::from(u32::MAX)) as usize
    }
}
