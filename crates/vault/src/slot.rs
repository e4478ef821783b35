//! The bytes of the vault file: one header, then slots of 128 bytes, each a wrapped key or a tombstone (`VAULT.md`).
//! It refuses slots whose checksum is wrong, and unwraps only what this vault's master key wrapped for this very use.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::contexts::{Context, HEADER_CHECKSUM, SLOT_CHECKSUM};

/// Length of the header and of every slot: it divides a disk sector, so none lies across two.
pub(crate) const SLOT_LEN: usize = 128;

const MAGIC: &[u8; 8] = b"CSVAULT\n";
const VERSION: u16 = 1;
const CHECKSUM_AT: usize = 112;

/// What a slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One of the vault's own secrets; the id is its name.
    Secret = 1,
    /// The key of the subject whose pseudonym is the id.
    SubjectKey = 2,
    /// The sign that the key of this subject was destroyed.
    Tombstone = 3,
}

/// One slot, still wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) kind: Kind,
    /// Which flush wrote it, counted from the last rewriting of the file.
    pub(crate) batch: u64,
    /// Its place in that flush, from 0.
    pub(crate) place: u32,
    pub(crate) id: [u8; 16],
    nonce: [u8; 24],
    wrapped: [u8; 48],
}

impl Slot {
    pub(crate) fn to_bytes(self) -> [u8; SLOT_LEN] {
        let mut bytes = [0; SLOT_LEN];
        bytes[0] = self.kind as u8;
        bytes[4..8].copy_from_slice(&self.place.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.batch.to_le_bytes());
        bytes[16..32].copy_from_slice(&self.id);
        bytes[32..56].copy_from_slice(&self.nonce);
        bytes[56..104].copy_from_slice(&self.wrapped);
        put_checksum(&SLOT_CHECKSUM, &mut bytes);
        bytes
    }

    /// `None`: not the bytes of a slot that was written whole.
    pub(crate) fn from_bytes(bytes: &[u8; SLOT_LEN]) -> Option<Self> {
        // Checksum and unused bytes in one comparison: there is one spelling of a slot.
        Self::unchecked(bytes).filter(|slot| slot.to_bytes() == *bytes)
    }

    /// The fields of a slot whose checksum was looked at before; `None` for a kind that there is not.
    pub(crate) fn unchecked(bytes: &[u8; SLOT_LEN]) -> Option<Self> {
        let kind = match bytes[0] {
            1 => Kind::Secret,
            2 => Kind::SubjectKey,
            3 => Kind::Tombstone,
            _ => return None,
        };
        Some(Self {
            kind,
            place: u32::from_le_bytes(part(bytes, 4)),
            batch: u64::from_le_bytes(part(bytes, 8)),
            id: part(bytes, 16),
            nonce: part(bytes, 32),
            wrapped: part(bytes, 56),
        })
    }
}

/// The first 128 bytes of a file that is born with so many slots.
pub(crate) fn header(vault_id: &[u8; 16], born_with: u64) -> [u8; SLOT_LEN] {
    let mut bytes = [0; SLOT_LEN];
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..10].copy_from_slice(&VERSION.to_le_bytes());
    bytes[16..32].copy_from_slice(vault_id);
    bytes[32..40].copy_from_slice(&born_with.to_le_bytes());
    put_checksum(&HEADER_CHECKSUM, &mut bytes);
    bytes
}

/// Vault id and number of slots born with, or `None` when this is not a whole header of this
/// version.
pub(crate) fn read_header(bytes: &[u8; SLOT_LEN]) -> Option<([u8; 16], u64)> {
    let vault_id = part(bytes, 16);
    let born_with = u64::from_le_bytes(part(bytes, 32));
    (header(&vault_id, born_with) == *bytes).then_some((vault_id, born_with))
}

/// Wraps and unwraps the slots of one vault.
pub(crate) struct Wrapper(XChaCha20Poly1305);

impl Wrapper {
    pub(crate) fn new(wrapping_key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(wrapping_key.into()))
    }

    /// A slot with `key` inside. `nonce` is random: 24 bytes do not repeat by chance.
    pub(crate) fn wrap(&self, kind: Kind, id: [u8; 16], batch: u64, place: u32, nonce: [u8; 24], key: &[u8; 32]) -> Slot {
        let aad = associated_data(kind, &id);
        let sealed = self
            .0
            .encrypt(&XNonce::from(nonce), Payload { msg: key, aad: &aad })
            // The only error is a plaintext above 256 GiB; this one has 32 bytes.
            .expect("a key fits in one message");
        let mut wrapped = [0; 48];
        wrapped.copy_from_slice(&sealed);
        Slot { kind, batch, place, id, nonce, wrapped }
    }

    /// The key inside, or `None` when the slot was not wrapped by this vault's master key for this
    /// kind and id.
    pub(crate) fn unwrap_key(&self, slot: &Slot) -> Option<Zeroizing<[u8; 32]>> {
        let aad = associated_data(slot.kind, &slot.id);
        let payload = Payload { msg: &slot.wrapped, aad: &aad };
        let opened = Zeroizing::new(self.0.decrypt(&XNonce::from(slot.nonce), payload).ok()?);
        let mut key = Zeroizing::new([0; 32]);
        key.copy_from_slice(opened.get(..32)?);
        Some(key)
    }
}

fn associated_data(kind: Kind, id: &[u8; 16]) -> [u8; 17] {
    let mut bytes = [kind as u8; 17];
    bytes[1..].copy_from_slice(id);
    bytes
}

fn put_checksum(context: &Context, bytes: &mut [u8; SLOT_LEN]) {
    let checksum = context.checksum(&bytes[..CHECKSUM_AT]);
    bytes[CHECKSUM_AT..].copy_from_slice(&checksum[..SLOT_LEN - CHECKSUM_AT]);
}

/// Copies the N bytes at a constant offset; offsets and lengths are this file's own.
fn part<const N: usize>(bytes: &[u8; SLOT_LEN], at: usize) -> [u8; N] {
    let mut value = [0; N];
    value.copy_from_slice(&bytes[at..at + N]);
    value
}
