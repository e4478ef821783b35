//! Individuals at rest: ids to pseudonyms for writing, pseudonyms back to ids for reading, and the keys between.
//! It refuses to name anybody whose key was destroyed: they read as `erased-` and eight digits of the pseudonym.

use std::sync::{PoisonError, RwLock};

use domain::{IndividualId, PersonId};
use rustc_hash::FxHashMap;
use vault::{MasterKey, NoKey, Pseudonym, SubjectKey, Vault};
use zeroize::Zeroizing;

use crate::block::{Block, Unpacker, position};
use crate::directory::Directory;
use crate::error::{LedgerError, damaged};
use crate::store::Rows;
use crate::wire::seals::{INTRODUCTION, Identities, Place, Sealed, Unreadable};
use crate::wire::v1::front::Front;

/// Makes pseudonyms and remembers those of individuals, of whom there are far fewer than events.
pub(crate) struct Pseudonyms {
    secret: Zeroizing<[u8; 32]>,
    known: FxHashMap<IndividualId, Pseudonym>,
}

/// Beyond this the table of remembered pseudonyms is begun anew.
const REMEMBERED: usize = 200_000;

impl Pseudonyms {
    pub(crate) fn new(agency_secret: &[u8; 32]) -> Self {
        Self { secret: Zeroizing::new(*agency_secret), known: FxHashMap::default() }
    }

    pub(crate) fn of_individual(&mut self, id: &IndividualId) -> Pseudonym {
        if let Some(who) = self.known.get(id) {
            return *who;
        }
        let who = vault::pseudonym(&self.secret, "individual", id.as_str());
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(id.clone(), who);
        who
    }

    pub(crate) fn of_person(&self, id: &PersonId) -> Pseudonym {
        vault::pseudonym(&self.secret, "person", id.as_str())
    }

    /// The key of the idempotency fingerprints: secret, so that they tell nothing about ids and cannot be made to collide.
    pub(crate) fn fingerprint_key(&self, ledger_id: chain::LedgerId) -> [u8; 16] {
        vault::pseudonym(&self.secret, "fingerprints", &ledger_id.to_string()).0
    }
}

/// The vault and the names it has given so far, shared by all that read one ledger.
pub(crate) struct People {
    pub(crate) vault: RwLock<Vault>,
    names: RwLock<FxHashMap<Pseudonym, IndividualId>>,
    ledger_id: chain::LedgerId,
    /// Set for readers, whose vault does not see keys drawn after it was opened.
    reopen: Option<Directory>,
}

impl People {
    pub(crate) fn new(vault: Vault, ledger_id: chain::LedgerId, reopen: Option<Directory>) -> Self {
        Self { vault: RwLock::new(vault), names: RwLock::default(), ledger_id, reopen }
    }

    pub(crate) fn ledger_secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(*self.vault.read().unwrap_or_else(PoisonError::into_inner).ledger_secret())
    }

    pub(crate) fn pseudonyms(&self) -> Pseudonyms {
        Pseudonyms::new(self.vault.read().unwrap_or_else(PoisonError::into_inner).agency_secret())
    }

    fn key(&self, who: Pseudonym) -> Result<SubjectKey, Unreadable> {
        let look = || self.vault.read().unwrap_or_else(PoisonError::into_inner).subject_key(who).map_err(|none| match none {
            NoKey::Erased(_) => Unreadable::Erased,
            NoKey::Foreign { offset } => Unreadable::ForeignKey(offset),
        });
        if let Some(key) = look()? {
            return Ok(key);
        }
        let directory = self.reopen.as_ref().ok_or(Unreadable::Malformed)?;
        let fresh = MasterKey::open(&directory.master_key()).and_then(|master| Vault::open_read_only(&directory.keys(), &master));
        *self.vault.write().unwrap_or_else(PoisonError::into_inner) = fresh.map_err(|_| Unreadable::Malformed)?;
        look()?.ok_or(Unreadable::Malformed)
    }

    /// A key in the vault that is not this vault's, as the failure that it is: no event is to blame.
    pub(crate) fn foreign_key(&self, unreadable: Unreadable) -> Option<LedgerError> {
        let Unreadable::ForeignKey(offset) = unreadable else { return None };
        let vault = self.vault.read().unwrap_or_else(PoisonError::into_inner);
        Some(LedgerError::Vault(vault.explain(NoKey::Foreign { offset })))
    }

    pub(crate) fn is_erased(&self, who: Pseudonym) -> bool {
        self.key(who).is_err_and(|error| error == Unreadable::Erased)
    }

    /// Remembers a name that is being written: what a pseudonym stands for does not depend on whether the write succeeds.
    pub(crate) fn remember(&self, who: Pseudonym, id: &IndividualId) {
        self.names.write().unwrap_or_else(PoisonError::into_inner).insert(who, id.clone());
    }

    /// Remembers names that were read from this ledger before.
    pub(crate) fn remember_all<'n>(&self, ids: impl Iterator<Item = &'n str>) {
        let pseudonyms = self.pseudonyms();
        let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
        for id in ids.filter_map(|id| IndividualId::parse(id).ok()) {
            names.entry(vault::pseudonym(&pseudonyms.secret, "individual", id.as_str())).or_insert(id);
        }
    }

    pub(crate) fn forget_names(&self) {
        self.names.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What opens the sealed values of `who` in one event and nothing else.
    pub(crate) fn event_key(&self, who: Pseudonym, seq: u64) -> Result<vault::EventKey, Unreadable> {
        Ok(self.key(who)?.event_key(&self.ledger_id.0, seq))
    }

    /// The plain bytes of a sealed value.
    pub(crate) fn open(&self, place: &Place, at: u16, value: &Sealed<'_>) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        let key = self.event_key(Pseudonym(value.subject), place.seq)?;
        vault::open(&key, at, &place.aad(), value.bytes).map_err(|_| Unreadable::Malformed)
    }

    /// Whether a sealed value opens under its subject's key.
    pub(crate) fn opens(&self, place: &Place, at: u16, value: &Sealed<'_>) -> Result<(), Unreadable> {
        self.open(place, at, value).map(drop)
    }

    /// The id in the introduction of `who` in this payload, if it is there.
    fn introduction(&self, place: &Place, payload: &[u8], who: Pseudonym) -> Result<IndividualId, Unreadable> {
        let front = Front::read(payload)?;
        let is_it = |(_, value): &(usize, &Sealed<'_>)| value.role == INTRODUCTION && value.subject == who.0;
        let (at, value) = front.sealed.iter().enumerate().find(is_it).ok_or(Unreadable::Malformed)?;
        let plain = self.open(place, u16::try_from(at).map_err(|_| Unreadable::Malformed)?, value)?;
        std::str::from_utf8(&plain).ok().and_then(|id| IndividualId::parse(id).ok()).ok_or(Unreadable::Malformed)
    }
}

/// How the name begins under which somebody erased is read; eight digits of the pseudonym follow.
pub const ERASED: &str = "erased-";

/// How an erased individual reads.
pub(crate) fn erased_name(who: Pseudonym) -> Result<IndividualId, Unreadable> {
    let shown = who.to_string();
    IndividualId::parse(&format!("{ERASED}{}", shown.get(..8).unwrap_or(&shown))).map_err(|_| Unreadable::Malformed)
}

/// One reader's way from pseudonyms to ids: its own table first, then the shared one, then the introduction in the ledger.
pub(crate) struct Resolver<'l> {
    people: &'l People,
    rows: &'l dyn Rows,
    local: FxHashMap<[u8; 16], IndividualId>,
    /// A failure of the database or the vault met on the way; the event is then not readable, but for another reason than it seems.
    pub(crate) failure: Option<LedgerError>,
}

impl<'l> Resolver<'l> {
    pub(crate) fn new(people: &'l People, rows: &'l dyn Rows) -> Self {
        Self { people, rows, local: FxHashMap::default(), failure: None }
    }

    fn note(&mut self, error: Unreadable) {
        let foreign = self.people.foreign_key(error);
        self.failure = self.failure.take().or(foreign);
    }

    fn look_up(&mut self, who: Pseudonym) -> Result<IndividualId, Unreadable> {
        if let Some(name) = self.people.names.read().unwrap_or_else(PoisonError::into_inner).get(&who) {
            return Ok(name.clone());
        }
        if self.people.is_erased(who) {
            return erased_name(who);
        }
        let name = self.look_up_introduction(who).unwrap_or_else(|failure| {
            self.failure = Some(failure);
            Err(Unreadable::Malformed)
        });
        let name = name.inspect_err(|error| self.note(*error))?;
        self.people.names.write().unwrap_or_else(PoisonError::into_inner).insert(who, name.clone());
        Ok(name)
    }

    fn look_up_introduction(&self, who: Pseudonym) -> Result<Result<IndividualId, Unreadable>, LedgerError> {
        let Some(seq) = self.rows.introduced_at(who)? else {
            return Ok(Err(Unreadable::Malformed));
        };
        let (index, at) = position(seq);
        let mut block = Block::default();
        let row = self.rows.block(index)?.ok_or_else(|| damaged(format!("the block of seq {seq} is missing")))?;
        Unpacker::new()?.read(index, &row, &mut block)?;
        let frame = block.get(at).ok_or_else(|| damaged(format!("seq {seq} is missing from its block")))?;
        let ledger_id = self.people.ledger_id;
        let place = Place { ledger_id, seq, recorded_at: frame.recorded_at, tag: frame.tag, schema: frame.schema };
        Ok(self.people.introduction(&place, frame.payload, who))
    }
}

impl Identities for Resolver<'_> {
    fn individual(&mut self, who: Pseudonym) -> Result<IndividualId, Unreadable> {
        if let Some(name) = self.local.get(&who.0) {
            return Ok(name.clone());
        }
        let name = self.look_up(who)?;
        self.local.insert(who.0, name.clone());
        Ok(name)
    }

    fn open(&mut self, place: &Place, at: u16, value: &Sealed<'_>) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        self.people.open(place, at, value).inspect_err(|error| self.note(*error))
    }
}
