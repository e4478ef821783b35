//! What a ledger is at its birth, and the link that ties its first frame to exactly that (`FORMAT.md`, "Genesis").
//! It refuses to interpret the creation settings: they are bytes whose meaning belongs to the ledger.

use std::fmt;

use crate::contexts::GENESIS;
use crate::frame::{FORMAT_VERSION, LedgerId, Link};

/// The longest origin in bytes.
pub const MAX_ORIGIN_LEN: usize = 255;
/// The longest creation settings in bytes.
pub const MAX_SETTINGS_LEN: usize = 65_535;

const FIXED_LEN: usize = 2 + 16 + 8 + 1 + 32 + 2 + 4;

/// Everything fixed when a ledger is created. Two ledgers that differ in any of it have different
/// first links, so no history can be moved under another key, origin or setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genesis {
    ledger_id: LedgerId,
    created_at: i64,
    simulated: bool,
    log_public_key: [u8; 32],
    origin: String,
    settings: Vec<u8>,
}

/// Why bytes or values are not a genesis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GenesisError {
    /// The origin is empty, longer than [`MAX_ORIGIN_LEN`] bytes, or not one line of UTF-8 text.
    Origin,
    /// The settings are longer than [`MAX_SETTINGS_LEN`] bytes.
    Settings,
    /// The bytes end early or go on after the end.
    Length,
    /// The format version is another one.
    Version(u16),
    /// The simulated flag is neither 0 nor 1.
    Simulated(u8),
}

impl fmt::Display for GenesisError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Origin => write!(f, "the origin must be one line of 1 to {MAX_ORIGIN_LEN} bytes without control characters"),
            Self::Settings => {
                write!(f, "the creation settings are longer than {MAX_SETTINGS_LEN} bytes")
            }
            Self::Length => f.write_str("the genesis bytes end early or go on after their end"),
            Self::Version(found) => write!(f, "the genesis is of format version {found}, this program reads version {FORMAT_VERSION}"),
            Self::Simulated(found) => {
                write!(f, "the genesis marks itself simulated with {found}, which is neither 0 nor 1")
            }
        }
    }
}

impl std::error::Error for GenesisError {}

impl Genesis {
    /// Puts a genesis together. `created_at` is microseconds UTC, `log_public_key` the 32 bytes of
    /// the Ed25519 key that signs checkpoints, `settings` whatever the ledger fixes at creation.
    ///
    /// # Errors
    /// [`GenesisError::Origin`] or [`GenesisError::Settings`].
    pub fn new(
        ledger_id: LedgerId,
        created_at: i64,
        simulated: bool,
        log_public_key: [u8; 32],
        origin: &str,
        settings: &[u8],
    ) -> Result<Self, GenesisError> {
        if origin.is_empty() || origin.len() > MAX_ORIGIN_LEN || origin.contains(char::is_control) {
            return Err(GenesisError::Origin);
        }
        if settings.len() > MAX_SETTINGS_LEN {
            return Err(GenesisError::Settings);
        }
        Ok(Self { ledger_id, created_at, simulated, log_public_key, origin: origin.to_owned(), settings: settings.to_vec() })
    }

    /// The ledger this is the birth of.
    pub fn ledger_id(&self) -> LedgerId {
        self.ledger_id
    }

    /// When the ledger was created, microseconds UTC; no frame is recorded before it.
    pub fn created_at(&self) -> i64 {
        self.created_at
    }

    /// Whether the ledger holds invented people.
    pub fn simulated(&self) -> bool {
        self.simulated
    }

    /// The Ed25519 public key that signs the ledger's checkpoints.
    pub fn log_public_key(&self) -> &[u8; 32] {
        &self.log_public_key
    }

    /// The origin line of the ledger's checkpoints.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The creation settings, as given.
    pub fn settings(&self) -> &[u8] {
        &self.settings
    }

    /// The bytes that are hashed and stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(FIXED_LEN + self.origin.len() + self.settings.len());
        bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        bytes.extend_from_slice(&self.ledger_id.0);
        bytes.extend_from_slice(&self.created_at.to_le_bytes());
        bytes.push(u8::from(self.simulated));
        bytes.extend_from_slice(&self.log_public_key);
        // Both lengths were bounded by `new`.
        bytes.extend_from_slice(&(self.origin.len() as u16).to_le_bytes());
        bytes.extend_from_slice(self.origin.as_bytes());
        bytes.extend_from_slice(&(self.settings.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&self.settings);
        bytes
    }

    /// Reads what [`Genesis::to_bytes`] wrote, and nothing more.
    ///
    /// # Errors
    /// Any [`GenesisError`]; every byte string is either refused or written back unchanged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, GenesisError> {
        let mut rest = bytes;
        let version = u16::from_le_bytes(take(&mut rest)?);
        if version != FORMAT_VERSION {
            return Err(GenesisError::Version(version));
        }
        let ledger_id = LedgerId(take(&mut rest)?);
        let created_at = i64::from_le_bytes(take(&mut rest)?);
        let [simulated] = take(&mut rest)?;
        if simulated > 1 {
            return Err(GenesisError::Simulated(simulated));
        }
        let log_public_key = take(&mut rest)?;
        let origin_len = u16::from_le_bytes(take(&mut rest)?);
        let origin = take_slice(&mut rest, usize::from(origin_len))?;
        let origin = std::str::from_utf8(origin).map_err(|_| GenesisError::Origin)?;
        let settings_len = u32::from_le_bytes(take(&mut rest)?);
        let settings_len = usize::try_from(settings_len).map_err(|_| GenesisError::Settings)?;
        let settings = take_slice(&mut rest, settings_len)?;
        if !rest.is_empty() {
            return Err(GenesisError::Length);
        }
        Self::new(ledger_id, created_at, simulated == 1, log_public_key, origin, settings)
    }

    /// The previous link that the frame at seq 0 states.
    pub fn first_link(&self) -> Link {
        Link(*GENESIS.hasher().update(&self.to_bytes()).finalize().as_bytes())
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], GenesisError> {
    let (head, tail) = rest.split_first_chunk::<N>().ok_or(GenesisError::Length)?;
    *rest = tail;
    Ok(*head)
}

fn take_slice<'a>(rest: &mut &'a [u8], len: usize) -> Result<&'a [u8], GenesisError> {
    let (head, tail) = rest.split_at_checked(len).ok_or(GenesisError::Length)?;
    *rest = tail;
    Ok(head)
}
