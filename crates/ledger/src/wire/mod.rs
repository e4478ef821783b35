//! Events to payload bytes and back (`PAYLOADS.md`): the codec, and one module per schema version.
//! It refuses to guess: bytes of an unknown tag or schema are reported as not interpreted, never read as something else.

pub(crate) mod codec;
pub(crate) mod seals;
pub(crate) mod v1;
