//! Schema 1 of every event type: which plain values it is stored as, and in which order (`PAYLOADS.md`).
//! It refuses tags and schemas it does not know by saying so; it never changes, a new layout is a new schema beside it.

pub(crate) mod scalar;
pub(crate) mod confidential;
pub(crate) mod changes;
pub(crate) mod front;

/// Spells out, for one family, a positional struct per event type and the two ways between it and the domain's.
///
/// A line is `tag Name<'a> { field: stored type, ... }` in stored order. The field names are the domain's; only their order and types reach the disk.
macro_rules! twins {
    ($family:ident $( $tag:literal $name:ident$(<$lt:lifetime>)? { $( $field:ident : $ty:ty ),* $(,)? } )*) => {
        $(
            #[derive(serde::Serialize, serde::Deserialize)]
            $( #[serde(bound(deserialize = "'de: 'a"))] #[doc = concat!("Borrows for ", stringify!($lt), ".")] )?
            #[cfg_attr(test, derive(wincode::SchemaWrite, wincode::SchemaRead))]
            pub(crate) struct $name$(<$lt>)? { $( pub(crate) $field: $ty ),* }
        )*

        /// Tag, name and fields with their stored types of every type of this family, for the page that documents them.
        #[cfg(test)]
        pub(crate) const LAYOUT: &[(u16, &str, &[(&str, &str)])] =
            &[ $( ($tag, stringify!($name), &[ $( (stringify!($field), stringify!($ty)) ),* ]) ),* ];

        /// Appends the stored fields of the event to `out` and gives its tag.
        pub(crate) fn store(
            event: &domain::event::$family,
            seals: &mut crate::wire::seals::Seals<'_>,
            out: &mut Vec<u8>,
        ) -> Result<u16, crate::wire::codec::Malformed> {
            use crate::wire::v1::scalar::Stored as _;
            match event {
                $( domain::event::$family::$name(e) => {
                    let twin = $name { $( $field: e.$field.store(seals) ),* };
                    #[cfg(test)]
                    crate::wire::v1::tests::compare_with_wincode(&twin);
                    crate::wire::codec::write(out, &twin)?;
                    Ok($tag)
                } )*
            }
        }

        /// Reads a whole payload of this family; `None` when the tag is not of it.
        pub(crate) fn restore(
            payload: &[u8],
            place: crate::wire::seals::Place,
            identities: &mut dyn crate::wire::seals::Identities,
        ) -> Option<Result<crate::wire::v1::Read, crate::wire::seals::Unreadable>> {
            use crate::wire::v1::scalar::Stored;
            use crate::wire::v1::front::Front;
            match place.tag {
                $( $tag => {
                    let mut read = || {
                        let (front, rest) = Front::split(payload)?;
                        if payload.len() > crate::wire::codec::MAX_PAYLOAD_LEN {
                            return Err(crate::wire::seals::Unreadable::Malformed);
                        }
                        let twin: $name = crate::wire::codec::read(rest)?;
                        let sealed = front.sealed.clone();
                        let mut opening = crate::wire::seals::Opening::new(&mut *identities, place, &sealed);
                        let (envelope, target) = front.restore(&mut opening)?;
                        let event = domain::event::$name { $( $field: Stored::restore(twin.$field, &mut opening)? ),* };
                        let event = domain::Event::$family(domain::event::$family::$name(event));
                        Ok(crate::wire::v1::Read { envelope, target, event, erased: opening.erased })
                    };
                    Some(read())
                } )*
                _ => None,
            }
        }
    };
}

mod workforce;
mod program;
mod individuals;
mod delivery;
mod claims;
mod findings;
mod ledger;

use domain::{Envelope, Event, Seq};

use super::codec::Malformed;
use super::seals::{Identities, Place, Seals, Unreadable};

/// The schema number of everything here.
pub(crate) const SCHEMA: u16 = 1;

/// A payload that was read.
pub(crate) struct Read {
    pub(crate) envelope: Envelope,
    pub(crate) target: Option<Seq>,
    pub(crate) event: Event,
    /// Values that could not be opened because their subject was erased.
    pub(crate) erased: u32,
}

/// Appends the event's stored fields to `out` and gives its tag.
pub(crate) fn store(event: &Event, seals: &mut Seals<'_>, out: &mut Vec<u8>) -> Result<u16, Malformed> {
    match event {
        Event::Workforce(e) => workforce::store(e, seals, out),
        Event::Program(e) => program::store(e, seals, out),
        Event::Individuals(e) => individuals::store(e, seals, out),
        Event::Delivery(e) => delivery::store(e, seals, out),
        Event::Claims(e) => claims::store(e, seals, out),
        Event::Findings(e) => findings::store(e, seals, out),
        Event::Ledger(e) => ledger::store(e, seals, out),
    }
}

/// Reads a payload of schema 1.
pub(crate) fn restore(payload: &[u8], place: Place, identities: &mut dyn Identities) -> Result<Read, Unreadable> {
    // Most frequent families first; a tag belongs to exactly one.
    let families = [
        delivery::restore,
        claims::restore,
        workforce::restore,
        individuals::restore,
        program::restore,
        findings::restore,
        ledger::restore,
    ];
    families.iter().find_map(|restore| restore(payload, place, identities)).unwrap_or(Err(Unreadable::NotInterpreted))
}

#[cfg(test)]
mod tests;
