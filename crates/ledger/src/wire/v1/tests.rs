//! That the stored layouts cover every event type, and that a second implementation of the encoding writes the same bytes.
//! It refuses to depend on a particular ledger: bytes only.
#![allow(clippy::unwrap_used)]

use serde::Serialize;

/// Compares the bytes of a twin with those `wincode` makes of it; called for every event any test of this crate stores.
pub(crate) fn compare_with_wincode<T>(twin: &T)
where
    T: Serialize + wincode::SchemaWrite<wincode::config::DefaultConfig, Src = T>,
{
    let mut ours = Vec::new();
    crate::wire::codec::write(&mut ours, twin).unwrap();
    assert_eq!(ours, wincode::serialize(twin).unwrap());
}
