//! A disk in memory under the database, on which everything goes wrong that goes wrong with disks, at a moment chosen beforehand.
//! It refuses to be kind: what was not synced before a power cut is there, gone, or torn at a sector, as the seed says.

use std::io;
use std::ops::Bound;
use std::sync::{Arc, Mutex, PoisonError};

use redb::{BackendError, StorageBackend};

const SECTOR: usize = 512;

/// Numbers that follow from a seed (SplitMix64).
#[derive(Clone, Debug)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.roll() % n
    }
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// The power fails in a sync; nothing of what was written since the one before arrives.
    Lost,
    /// The power fails right after a sync has done its work and before anybody hears of it.
    Landed,
    /// The power fails in a sync; some of the writes arrive, in any order, one of them in part.
    Torn,
    /// The power fails at a write.
    AtWrite,
    /// A sync says that it failed, and what was written stays in the system's cache.
    SyncError,
    /// A write says that it failed.
    WriteError,
    /// A read says that it failed.
    ReadError,
    /// The disk does not grow any more.
    Full,
    /// From then on the disk says that it synced and does not; then the power fails. No ledger can keep what such a disk drops.
    Lies,
    /// When the ledger is closed, some pages are put back as they were at an earlier sync.
    OldPages,
}

impl Fault {
    pub(crate) const ALL: [Fault; 10] = [
        Fault::Lost,
        Fault::Landed,
        Fault::Torn,
        Fault::AtWrite,
        Fault::SyncError,
        Fault::WriteError,
        Fault::ReadError,
        Fault::Full,
        Fault::Lies,
        Fault::OldPages,
    ];

    /// Whether an honest disk does this: what was acknowledged before must be there after.
    pub(crate) fn is_honest(self) -> bool {
        !matches!(self, Fault::Lies | Fault::OldPages)
    }
}

#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
}

fn change(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write(at, data) => {
            if bytes.len() < at + data.len() {
                bytes.resize(at + data.len(), 0);
            }
            bytes[*at..at + data.len()].copy_from_slice(data);
        }
        Change::Length(len) => bytes.resize(*len, 0),
    }
}

#[derive(Debug)]
struct State {
    /// What a power cut leaves.
    durable: Vec<u8>,
    /// What reads see.
    live: Vec<u8>,
    unsynced: Vec<Change>,
    /// What goes wrong, and after how many syncs, writes or growths of the kind it concerns.
    trouble: Option<(Fault, u64)>,
    happened: bool,
    off: bool,
    syncs: u64,
    /// The image at a sync in the middle, for [`Fault::OldPages`].
    earlier: Option<Vec<u8>>,
    dice: Dice,
}

/// The disk. Clones are the same disk.
#[derive(Clone, Debug)]
pub(crate) struct Disk(Arc<Mutex<State>>);

impl Disk {
    /// A disk that holds an image.
    pub(crate) fn holding(image: Vec<u8>, seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State {
            live: image.clone(),
            durable: image,
            unsynced: Vec::new(),
            trouble: None,
            happened: false,
            off: false,
            syncs: 0,
            earlier: None,
            dice: Dice(seed),
        })))
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on, `fault` happens at the `after`-th occasion, counted from 0.
    pub(crate) fn expect(&self, fault: Fault, after: u64) {
        self.with(|state| state.trouble = Some((fault, after)));
    }

    /// Whether it has happened.
    pub(crate) fn happened(&self) -> bool {
        self.with(|state| state.happened)
    }

    /// Syncs so far.
    pub(crate) fn syncs(&self) -> u64 {
        self.with(|state| state.syncs)
    }

    /// What the next start of the machine finds: what is durable after a power cut, and what the system had cached where only the program ended.
    pub(crate) fn found_after(&self, fault: Fault) -> Vec<u8> {
        self.with(|state| match fault {
            Fault::Lost | Fault::Landed | Fault::Torn | Fault::AtWrite | Fault::Lies => state.durable.clone(),
            Fault::SyncError | Fault::WriteError | Fault::ReadError | Fault::Full => {
                // A failed sync may also have thrown away what was written, as Linux does.
                let dropped = fault == Fault::SyncError && state.happened && state.dice.below(2) == 0;
                if dropped { state.durable.clone() } else { state.live.clone() }
            }
            Fault::OldPages => state.with_old_pages(),
        })
    }
}

impl State {
    fn with_old_pages(&mut self) -> Vec<u8> {
        const PAGE: usize = 4_096;
        let mut image = self.live.clone();
        let Some(earlier) = self.earlier.take() else { return image };
        // All of them, one, or each by the toss of a coin.
        let how = self.dice.below(3);
        let pages = earlier.len().min(image.len()) / PAGE;
        let differing: Vec<usize> = (0..pages).filter(|p| earlier[p * PAGE..(p + 1) * PAGE] != image[p * PAGE..(p + 1) * PAGE]).collect();
        let one = self.dice.below(differing.len().max(1) as u64) as usize;
        for (n, page) in differing.iter().enumerate() {
            if how == 0 || (how == 1 && n == one) || (how == 2 && self.dice.below(2) == 0) {
                image[page * PAGE..(page + 1) * PAGE].copy_from_slice(&earlier[page * PAGE..(page + 1) * PAGE]);
            }
        }
        image
    }

    /// Whether the trouble comes now, on an occasion of its kind.
    fn strikes(&mut self, faults: &[Fault]) -> Option<Fault> {
        let (fault, after) = self.trouble.filter(|(fault, _)| faults.contains(fault))?;
        if after > 0 {
            self.trouble = Some((fault, after - 1));
            return None;
        }
        self.happened = true;
        Some(fault)
    }

    fn power_off(&mut self) -> io::Error {
        self.off = true;
        io::Error::other("the power failed")
    }

    /// Some of what was not synced arrives, one write of it in part.
    fn arrive_in_part(&mut self) {
        let mut changes = std::mem::take(&mut self.unsynced);
        let torn = self.dice.below(changes.len().max(1) as u64) as usize;
        for (n, change) in changes.iter_mut().enumerate() {
            if let Change::Write(_, data) = change && n == torn {
                let sectors = (data.len() / SECTOR) as u64;
                data.truncate(self.dice.below(sectors + 1) as usize * SECTOR);
            }
        }
        let mut order: Vec<usize> = (0..changes.len()).filter(|_| self.dice.below(3) > 0).collect();
        for n in (1..order.len()).rev() {
            order.swap(n, self.dice.below(n as u64 + 1) as usize);
        }
        for n in order {
            change(&mut self.durable, &changes[n]);
        }
    }

    fn write(&mut self, it: Change) -> io::Result<()> {
        if self.off {
            return Err(io::Error::other("the power is off"));
        }
        let grows = match &it {
            Change::Write(at, data) => at + data.len() > self.live.len(),
            Change::Length(len) => *len > self.live.len(),
        };
        // A full disk stays full.
        let full = matches!(self.trouble, Some((Fault::Full, 0))) && self.happened;
        if grows && (full || self.strikes(&[Fault::Full]).is_some()) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        match self.strikes(&[Fault::AtWrite, Fault::WriteError]) {
            Some(Fault::AtWrite) => {
                self.arrive_in_part();
                return Err(self.power_off());
            }
            Some(_) => {
                self.trouble = None;
                return Err(io::Error::other("input/output error"));
            }
            None => {}
        }
        change(&mut self.live, &it);
        self.unsynced.push(it);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.off {
            return Err(io::Error::other("the power is off"));
        }
        self.syncs += 1;
        match self.strikes(&[Fault::Lost, Fault::Landed, Fault::Torn, Fault::SyncError, Fault::Lies, Fault::OldPages]) {
            None => {}
            Some(Fault::Lies) => return Ok(()),
            Some(Fault::OldPages) => self.earlier = Some(self.live.clone()),
            Some(Fault::SyncError) => {
                self.trouble = None;
                return Err(io::Error::other("input/output error"));
            }
            Some(Fault::Landed) => {
                self.arrive();
                return Err(self.power_off());
            }
            Some(Fault::Torn) => {
                self.arrive_in_part();
                return Err(self.power_off());
            }
            Some(_) => return Err(self.power_off()),
        }
        if self.trouble.is_some_and(|(fault, _)| fault == Fault::OldPages) && self.happened {
            self.trouble = None;
        }
        self.arrive();
        Ok(())
    }

    fn arrive(&mut self) {
        for it in self.unsynced.drain(..) {
            change(&mut self.durable, &it);
        }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.with(|state| Ok(state.live.len() as u64))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.with(|state| {
            if state.off {
                return Err(io::Error::other("the power is off"));
            }
            if state.strikes(&[Fault::ReadError]).is_some() {
                state.trouble = None;
                return Err(io::Error::other("input/output error"));
            }
            let at = offset as usize;
            let bytes = state.live.get(at..at + out.len()).ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
            out.copy_from_slice(bytes);
            Ok(())
        })
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.with(|state| state.write(Change::Length(len as usize)))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.with(State::sync)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.with(|state| state.write(Change::Write(offset as usize, data.to_vec())))
    }

    // Nobody else has this disk: every lock is free. Two writers are the tests of real processes.
    fn try_lock_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<bool, BackendError> {
        Ok(true)
    }

    fn try_lock_shared_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<bool, BackendError> {
        Ok(true)
    }

    fn lock_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<(), BackendError> {
        Ok(())
    }

    fn lock_shared_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<(), BackendError> {
        Ok(())
    }

    fn unlock_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<(), BackendError> {
        Ok(())
    }

    fn query_lock_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<bool, BackendError> {
        Ok(false)
    }
}
