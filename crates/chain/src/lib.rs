//! Frame bytes and hash links: how one event is laid out, hashed and tied to the one before it.
//! It refuses to know what an event means: bodies are bytes here, and the layout is frozen in `FORMAT.md`.

mod contexts;
mod frame;
mod genesis;
pub mod vectors;
mod walk;

pub use contexts::{BLINDING_CONTEXT, BODY_CONTEXT, GENESIS_CONTEXT, LINK_CONTEXT};
pub use frame::{
    BLINDING_LEN, BodyHash, FORMAT_VERSION, HEADER_LEN, Header, HeaderError, LedgerId, Link, MAX_BODY_LEN, SEALING_AAD_LEN, blinding,
    body_hash, body_hash_parts, link, sealing_aad,
};
pub use genesis::{Genesis, GenesisError, MAX_ORIGIN_LEN, MAX_SETTINGS_LEN};
pub use walk::{Break, BreakKind, Draft, ExtendError, Head, Walker};
