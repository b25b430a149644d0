// SPDX-License-Identifier: GPL-3.0-only
//! Counts what a piece of runtime code reads from the state and writes to it, as the benchmarks of weights count: each key
//! once, and a read of what was written before not at all.

use sp_core::storage::{ChildInfo, StateVersion, TrackedStorageKey};
use sp_externalities::{
    set_and_run_with_externalities, with_externalities, Error, Extension, ExtensionStore, Externalities,
    MultiRemovalResults,
};
use std::{
    any::{Any, TypeId},
    collections::BTreeSet,
    fmt,
};

/// Where calls count how deep storage transactions are nested. It never leaves the overlay.
const TRANSACTION_LEVEL: &[u8] = b":transaction_level:";

/// The keys that were touched.
#[derive(Clone, Debug, Default)]
pub struct Accesses {
    read: BTreeSet<Vec<u8>>,
    written: BTreeSet<Vec<u8>>,
}

impl Accesses {
    /// Those below a pallet's prefix alone.
    pub fn of_pallet(&self, name: &str) -> Self {
        let prefix = sp_crypto_hashing::twox_128(name.as_bytes());
        let below = |keys: &BTreeSet<Vec<u8>>| keys.iter().filter(|key| key.starts_with(&prefix)).cloned().collect();
        Self { read: below(&self.read), written: below(&self.written) }
    }

    pub fn reads(&self) -> usize {
        self.read.len()
    }

    pub fn writes(&self) -> usize {
        self.written.len()
    }

    fn note_read(&mut self, key: &[u8]) {
        if key != TRANSACTION_LEVEL && !self.written.contains(key) {
            self.read.insert(key.to_vec());
        }
    }

    fn note_write(&mut self, key: &[u8]) {
        if key != TRANSACTION_LEVEL {
            self.written.insert(key.to_vec());
        }
    }
}

impl fmt::Display for Accesses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} reads, {} writes", self.reads(), self.writes())
    }
}

/// Runs `work` in the externalities at hand, and says what it touched. The runtime has no child tries, so those are not
/// counted.
pub fn counted<R>(work: impl FnOnce() -> R) -> (R, Accesses) {
    with_externalities(|inner| {
        let mut counter = Counter { inner, accesses: Accesses::default() };
        let output = set_and_run_with_externalities(&mut counter, work);
        (output, counter.accesses)
    })
    .expect("runtime code runs in externalities")
}

/// Passes everything on.
struct Counter<'a> {
    inner: &'a mut dyn Externalities,
    accesses: Accesses,
}

impl Externalities for Counter<'_> {
    fn storage(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.accesses.note_read(key);
        self.inner.storage(key)
    }

    fn storage_hash(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.accesses.note_read(key);
        self.inner.storage_hash(key)
    }

    fn next_storage_key(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        let next = self.inner.next_storage_key(key);
        // The cost is that of the key that was found.
        self.accesses.note_read(next.as_deref().unwrap_or(key));
        next
    }

    fn place_storage(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.accesses.note_write(&key);
        self.inner.place_storage(key, value);
    }

    fn storage_append(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.accesses.note_read(&key);
        self.accesses.note_write(&key);
        self.inner.storage_append(key, value);
    }

    fn clear_prefix(&mut self, prefix: &[u8], limit: Option<u32>, cursor: Option<&[u8]>) -> MultiRemovalResults {
        self.accesses.note_write(prefix);
        self.inner.clear_prefix(prefix, limit, cursor)
    }

    fn set_offchain_storage(&mut self, key: &[u8], value: Option<&[u8]>) {
        self.inner.set_offchain_storage(key, value);
    }

    fn child_storage(&mut self, child_info: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
        self.inner.child_storage(child_info, key)
    }

    fn child_storage_hash(&mut self, child_info: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
        self.inner.child_storage_hash(child_info, key)
    }

    fn next_child_storage_key(&mut self, child_info: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
        self.inner.next_child_storage_key(child_info, key)
    }

    fn kill_child_storage(
        &mut self,
        child_info: &ChildInfo,
        limit: Option<u32>,
        cursor: Option<&[u8]>,
    ) -> MultiRemovalResults {
        self.inner.kill_child_storage(child_info, limit, cursor)
    }

    fn clear_child_prefix(
        &mut self,
        child_info: &ChildInfo,
        prefix: &[u8],
        limit: Option<u32>,
        cursor: Option<&[u8]>,
    ) -> MultiRemovalResults {
        self.inner.clear_child_prefix(child_info, prefix, limit, cursor)
    }

    fn place_child_storage(&mut self, child_info: &ChildInfo, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.inner.place_child_storage(child_info, key, value);
    }

    fn storage_root(&mut self, state_version: StateVersion) -> Vec<u8> {
        self.inner.storage_root(state_version)
    }

    fn child_storage_root(&mut self, child_info: &ChildInfo, state_version: StateVersion) -> Vec<u8> {
        self.inner.child_storage_root(child_info, state_version)
    }

    fn storage_start_transaction(&mut self) {
        self.inner.storage_start_transaction();
    }

    fn storage_rollback_transaction(&mut self) -> Result<(), ()> {
        self.inner.storage_rollback_transaction()
    }

    fn storage_commit_transaction(&mut self) -> Result<(), ()> {
        self.inner.storage_commit_transaction()
    }

    fn wipe(&mut self) {
        self.inner.wipe();
    }

    fn commit(&mut self) {
        self.inner.commit();
    }

    fn read_write_count(&self) -> (u32, u32, u32, u32) {
        self.inner.read_write_count()
    }

    fn reset_read_write_count(&mut self) {
        self.inner.reset_read_write_count();
    }

    fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
        self.inner.get_whitelist()
    }

    fn set_whitelist(&mut self, new: Vec<TrackedStorageKey>) {
        self.inner.set_whitelist(new);
    }

    fn get_read_and_written_keys(&self) -> Vec<(Vec<u8>, u32, u32, bool)> {
        self.inner.get_read_and_written_keys()
    }
}

impl ExtensionStore for Counter<'_> {
    fn extension_by_type_id(&mut self, type_id: TypeId) -> Option<&mut dyn Any> {
        self.inner.extension_by_type_id(type_id)
    }

    fn register_extension_with_type_id(&mut self, type_id: TypeId, extension: Box<dyn Extension>) -> Result<(), Error> {
        self.inner.register_extension_with_type_id(type_id, extension)
    }

    fn deregister_extension_by_type_id(&mut self, type_id: TypeId) -> Result<(), Error> {
        self.inner.deregister_extension_by_type_id(type_id)
    }
}
