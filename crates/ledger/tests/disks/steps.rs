//! What a small history does, step by step, as its seed says: events of all sorts, imports across the edge of a block, checkpoints, erasures.
//! It refuses to know the disk.

use domain::field::Raw;
use domain::{Draft, IndividualId};

use super::disk::Dice;
use crate::drafts::{at, contact, correction, credential, registered, retraction, with_source};

/// What a history does next.
pub(super) enum Step {
    Append(Vec<Draft>),
    Import(Vec<Draft>),
    Sign,
    Erase(IndividualId),
}

/// The steps of a seed: a handful, small but for an import across the edge of a block.
pub(super) fn steps(dice: &mut Dice) -> Vec<Step> {
    let mut told = 0;
    let mut draft = |dice: &mut Dice| {
        told += 1;
        let source = format!("s:{told}");
        let mut draft = match dice.below(8) {
            0 => with_source(registered(&format!("I-{:05}", dice.below(150)), Some("1984-05-06")), &source),
            1 => with_source(credential(&format!("P-{:03}", dice.below(12)), Some("NY-4711")), &source),
            // What is corrected or taken back may be another amendment, or not be there: then it is refused, which is an answer too.
            2 => with_source(correction(&format!("s:{}", 1 + dice.below(told)), vec![("expires_on", Raw::text("2026-01-31"))]), &source),
            3 => with_source(retraction(&format!("s:{}", 1 + dice.below(told))), &source),
            // The same fact again, under the same key.
            4 => with_source(contact(0), "again"),
            _ => with_source(contact(told), &source),
        };
        draft.recorded_at = Some(at(told as i64));
        draft
    };
    let count = 2 + dice.below(5);
    (0..count)
        .map(|_| match dice.below(16) {
            0 => Step::Import((0..200 + dice.below(120)).map(|_| draft(dice)).collect()),
            1..=3 => Step::Import((0..dice.below(8)).map(|_| draft(dice)).collect()),
            4..=6 => Step::Sign,
            // Somebody whom the first contacts are with.
            7 => Step::Erase(IndividualId::parse(&format!("I-{:05}", dice.below(6) * 7)).unwrap()),
            _ => Step::Append(vec![draft(dice)]),
        })
        .collect()
}
