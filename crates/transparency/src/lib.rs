//! RFC 6962 tree, signed notes, checkpoints. API SKELETON: signatures are settled, bodies follow within minutes.
#![allow(missing_docs, unused_variables, dead_code, clippy::todo)]
use std::fmt;

pub const TILE_HEIGHT: u8 = 8;
pub const TILE_WIDTH: usize = 256;
/// SHA-256 tree hash. Display = standard base64 (as in checkpoints).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);
impl Hash {
    pub const EMPTY_ROOT: Self = Self([0; 32]);
    pub fn from_base64(text: &str) -> Option<Self> { todo!() }
    pub fn to_hex(&self) -> String { todo!() }
}
pub fn leaf_hash(data: &[u8]) -> Hash { todo!() }
pub fn node_hash(left: &Hash, right: &Hash) -> Hash { todo!() }
/// Root over leaf hashes held in memory.
pub fn root_of(leaves: &[Hash]) -> Hash { todo!() }

/// Which tile: level 0 holds leaf hashes, level l the roots of full tiles of level l-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId { pub level: u8, pub index: u64 }
impl TileId {
    /// How many hashes this tile has in a tree of `size` leaves (0 to 256).
    pub fn width(self, size: u64) -> usize { todo!() }
    /// `tile/<L>/<N>` or, for width 1..=255, `tile/<L>/<N>.p/<W>`.
    pub fn path(self, width: usize) -> String { todo!() }
}
/// Right edge of a tree: takes leaf hashes, hands out full tiles, knows partial tiles and root.
#[derive(Clone, Debug, Default)]
pub struct TileBuilder { size: u64 }
impl TileBuilder {
    pub fn new() -> Self { todo!() }
    /// Goes on at `size`; `tile` gives the hashes of the partial tile of each level (only those with width 1..=255 are asked for).
    pub fn resume<E>(size: u64, tile: impl FnMut(TileId) -> Result<Vec<Hash>, E>) -> Result<Self, ResumeError<E>> { todo!() }
    pub fn size(&self) -> u64 { todo!() }
    /// Appends one leaf hash; `full` is called for each tile that became full by it (lowest level first).
    pub fn push(&mut self, leaf: Hash, full: impl FnMut(TileId, &[Hash])) { todo!() }
    /// The partial tiles (1..=255 hashes) at the right edge, lowest level first.
    pub fn partials(&self) -> impl Iterator<Item = (TileId, &[Hash])> { std::iter::empty() }
    pub fn root(&self) -> Hash { todo!() }
}
#[derive(Debug)]
pub enum ResumeError<E> { Read(E), Width { tile: TileId, expected: usize, found: usize } }

/// `read(level, index)`: hash number `index` of tile level `level` = entry `index % 256` of `TileId{level, index / 256}`.
pub fn root<E>(size: u64, read: impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Hash, E> { todo!() }
pub fn inclusion_proof<E>(index: u64, size: u64, read: impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Vec<Hash>, ProofError<E>> { todo!() }
pub fn consistency_proof<E>(old: u64, new: u64, read: impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Vec<Hash>, ProofError<E>> { todo!() }
/// Hashes left and right of the leaves `start..end`, with which these leaves give the root.
pub fn range_proof<E>(start: u64, end: u64, size: u64, read: impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Vec<Hash>, ProofError<E>> { todo!() }
#[derive(Debug)]
pub enum ProofError<E> { OutOfRange, Read(E) }

pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> Result<(), ProofRefused> { todo!() }
pub fn verify_consistency(old: u64, old_root: &Hash, new: u64, new_root: &Hash, path: &[Hash]) -> Result<(), ProofRefused> { todo!() }
pub fn verify_range(start: u64, leaves: &[Hash], size: u64, proof: &[Hash], root: &Hash) -> Result<(), ProofRefused> { todo!() }
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofRefused;

/// Ed25519 note key that signs. No Debug; zeroized.
pub struct Signer { todo: () }
impl Signer {
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> { todo!() }
    /// `PRIVATE+KEY+name+hex8+base64`.
    pub fn parse(skey: &str) -> Result<Self, KeyError> { todo!() }
    pub fn to_skey(&self) -> String { todo!() }
    pub fn verifier(&self) -> &Verifier { todo!() }
}
/// Ed25519 note key that verifies. Display = vkey text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier { todo: () }
impl Verifier {
    pub fn new(name: &str, public_key: &[u8; 32]) -> Result<Self, KeyError> { todo!() }
    pub fn parse(vkey: &str) -> Result<Self, KeyError> { todo!() }
    pub fn name(&self) -> &str { todo!() }
    pub fn key_id(&self) -> [u8; 4] { todo!() }
    pub fn public_key(&self) -> [u8; 32] { todo!() }
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError { Name, Syntax, KeyId, Algorithm(u8), PublicKey }

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature { pub name: String, pub key_id: [u8; 4], pub bytes: Vec<u8> }
/// Text and signature lines. Display = the note's text form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note { todo: () }
impl Note {
    /// Signs; `text` must end in a newline and hold no control character.
    pub fn sign(text: &str, signers: &[&Signer]) -> Result<Self, NoteError> { todo!() }
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> { todo!() }
    pub fn text(&self) -> &str { todo!() }
    pub fn signatures(&self) -> &[Signature] { todo!() }
    /// The keys, of those given, whose signatures verified; at least one.
    pub fn verify<'k>(&self, known: &'k [Verifier]) -> Result<Vec<&'k Verifier>, NoteError> { todo!() }
}
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteError { TooLong, Text, Signatures, Refused { name: String }, NoKnownSignature }

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint { pub origin: String, pub size: u64, pub root: Hash, pub extensions: Vec<String> }
impl Checkpoint {
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> { todo!() }
    pub fn parse(text: &str) -> Result<Self, CheckpointError> { todo!() }
    pub fn to_text(&self) -> String { todo!() }
    pub fn sign(&self, signers: &[&Signer]) -> Result<Note, CheckpointError> { todo!() }
    /// Parses a signed checkpoint, checks origin and the log's signature.
    pub fn open(bytes: &[u8], origin: &str, log: &Verifier) -> Result<(Self, Note), CheckpointError> { todo!() }
}
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckpointError { Note(NoteError), Origin, Size, Root, Extension, WrongOrigin { found: String } }
