//! Keys and the tables of names behind them, as they are stored.
//! A key that points outside its table is not read.

use super::codec::{Input, Output, Stored};
use crate::names::*;

/// How many there are of each kind of thing that a number can point at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) people: u32,
    pub(crate) individuals: u32,
    pub(crate) programs: u32,
    pub(crate) contracts: u32,
    pub(crate) policies: u32,
    pub(crate) plans: u32,
    pub(crate) events: u32,
    pub(crate) goals: u32,
    pub(crate) contacts: u32,
    pub(crate) sessions: u32,
    pub(crate) notes: u32,
    pub(crate) claims: u32,
    pub(crate) texts: u32,
    pub(crate) text_lists: u32,
    pub(crate) claim_rows: u32,
    pub(crate) lines: u32,
}

impl<K: Key> Stored for Names<K> {
    fn put(&self, out: &mut Output<'_>) {
        self.with_parts(|count, blocks, slots| {
            out.number(count as u64);
            blocks.iter().for_each(|(text, ends)| out.texts((text, ends)));
            out.paged(slots);
        });
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        let count = usize::try_from(input.number()?).ok()?;
        // Texts take a byte at least.
        let mut blocks = Vec::with_capacity(Self::blocks(count).min(input.left()));
        for _ in 0..Self::blocks(count) {
            blocks.push(input.texts()?);
        }
        Names::from_parts(count, blocks, input.paged()?)
    }
}

impl Stored for TextLists {
    fn put(&self, out: &mut Output<'_>) {
        let (texts, ends, slots) = self.parts();
        out.number(texts.len() as u64);
        for text in texts {
            text.put(out);
        }
        out.array(ends);
        out.array(slots);
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        TextLists::from_parts(Stored::take(input)?, input.array()?.into_vec(), input.array()?.into_vec())
    }
}

/// Keys, each below the count of its kind.
macro_rules! stored_keys {
    ($( $key:ident, $count:ident, $spell:expr; )*) => { $(
        impl Stored for $key {
            fn put(&self, out: &mut Output<'_>) {
                match out.spelled {
                    None => out.number(self.index() as u64 + 1),
                    Some(history) => {
                        let spell: fn(&crate::History, $key) -> String = $spell;
                        out.bytes.extend_from_slice(format!("<{}>", spell(history, *self)).as_bytes());
                    }
                }
            }
            #[inline]
            fn take(input: &mut Input<'_>) -> Option<Self> {
                let index = u32::try_from(input.number()?).ok()?.checked_sub(1)?;
                (index < input.counts.$count).then(|| $key::from_index(index))
            }
        }
    )* };
}

stored_keys! {
    PersonKey, people, |h, k| h.person_names.get(k).into();
    IndividualKey, individuals, |h, k| h.individual_names.get(k).into();
    ProgramKey, programs, |h, k| h.program_names.get(k).into();
    ContractKey, contracts, |h, k| h.contract_names.get(k).into();
    PolicyKey, policies, |h, k| h.policy_names.get(k).into();
    PlanKey, plans, |h, k| h.plan_names.get(k).into();
    SignificantEventKey, events, |h, k| h.event_names.get(k).into();
    GoalKey, goals, |h, k| h.goal_names.get(k).into();
    ContactKey, contacts, |h, k| h.contact_names.get(k).into();
    SessionKey, sessions, |h, k| h.session_names.get(k).into();
    NoteKey, notes, |h, k| h.note_names.get(k).into();
    ClaimKey, claims, |h, k| h.claim_names.get(k).into();
    TextKey, texts, |h, k| h.texts.get(k).into();
    TextListKey, text_lists, |h, k| h.list(k).iter().map(|t| h.texts.get(*t).to_owned()).collect::<Vec<_>>().join(";");
}
