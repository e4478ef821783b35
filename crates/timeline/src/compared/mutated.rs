//! Whatever bytes are handed in, restoring says so or gives a history that can be asked: it never panics.

use domain::{ValidAt, ValidDay};

use super::{again, conformance, dump, opened, replayed, riverbend};
use crate::sketch::Sketch;
use crate::stored::{Damage, Opened, Pieces, ReadPiece};
use crate::view::{Hull, Whose};
use crate::{History, Section};

/// A generator of our own: the same hundred thousand inputs every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).unwrap()
    }
}

fn mutate(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(bytes.len() + 1);
        match numbers.below(5) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, 0xff),
            2 => bytes.splice(at..at, [0xff, 0xff, 0xff, 0xff, 0x0f]).for_each(drop),
            3 if at < bytes.len() => bytes[at] ^= 1 << numbers.below(8),
            _ if at < bytes.len() => bytes[at] = u8::try_from(numbers.below(256)).unwrap(),
            _ => bytes.push(0),
        }
    }
}

#[test]
fn a_hundred_thousand_damaged_inputs_do_not_panic() {
    // Cases with corrections, groups and claims; small, so that most mutations hit something that matters.
    let bases: Vec<Vec<Section>> = conformance().iter().filter(|events| events.len() < 60).map(|e| replayed(e).store().unwrap()).collect();
    let mut numbers = Numbers(0x5eed);
    let mut restored = 0;
    for round in 0..100_000 {
        let mut sections = bases[round % bases.len()].clone();
        let which = numbers.below(sections.len());
        let laid = &mut sections[which].laid;
        let bytes = match numbers.below(1 + laid.pieces.len()) {
            0 => &mut laid.front,
            piece => &mut laid.pieces[piece - 1],
        };
        mutate(bytes, &mut numbers);
        if let Some(history) = again(&sections) {
            restored += 1;
            if restored % 16 == 0 {
                assert!(!dump(&history).is_empty());
            }
        }
    }
    assert!(restored > 1000 && restored < 95_000, "{restored} of the damaged inputs were read");
}

#[test]
fn a_missing_section_or_another_format_is_not_read() {
    let sections = replayed(&conformance()[0]).store().unwrap();
    for left_out in 0..sections.len() {
        let mut fewer = sections.clone();
        fewer.remove(left_out);
        assert!(again(&fewer).is_none());
    }
    let mut other = sections;
    other[0].laid.front[0] += 1;
    assert!(again(&other).is_none());
}

/// Pieces that cannot be read, for whoever authenticates them: every one of a section, or one after the other.
#[test]
fn what_is_told_without_a_piece_is_told_with_the_damage_noted_or_as_it_was() {
    let history = replayed(&riverbend()[..300]);
    let (sections, whole) = (history.store().unwrap(), dump(&history));
    let mut noted = 0;
    for which in 0..sections.len() {
        for lost in 0..sections[which].laid.pieces.len() {
            let damage = Damage::default();
            let open = |name: &str| {
                let section = sections.iter().find(|s| s.name == name)?;
                let is_it = section.name == sections[which].name;
                let Opened { front, count, read, all } = section.laid.clone().into();
                let read: ReadPiece = Box::new(move |piece| if is_it && piece == lost { None } else { read(piece) });
                Some(Opened { front, count, read, all: if is_it { Box::new(|| None) } else { all } })
            };
            assert!(History::restore(open, &Pieces::Now).is_none());
            if let Some(history) = History::restore(open, &Pieces::WhenAsked(damage.clone())) {
                let told = dump(&history);
                assert!(damage.happened() || told == whole, "{} {lost}", sections[which].name);
                noted += usize::from(damage.happened());
            }
        }
    }
    assert!(noted > 20, "only {noted} pieces");
}

/// Whoever goes on from the day of one contact to a later one would never come to an end.
#[test]
fn contacts_on_other_days_than_were_asked_for_are_damage_and_no_contacts() {
    let mut history = replayed(&conformance().swap_remove(0));
    let (days, earliest) = (history.contact_sketch.parts().0, history.contact_sketch.parts().1.clone());
    let program = history.contacts[0].value.program;
    let first = history.contacts_in(program).map(|row| row.value.day).min().unwrap();
    for (later, found) in [(0, true), (400, false)] {
        history.contact_sketch = Sketch::from_parts(days.iter().map(|day| day + later).collect::<Vec<_>>().into(), earliest.clone()).unwrap();
        let damage = Damage::default();
        let restored = opened(&history.store().unwrap(), &Pieces::WhenAsked(damage.clone())).unwrap();
        assert!(restored.contacts_in(program).count() > 0 && !damage.happened());
        let days = Hull { from: first.plus_days(i64::from(later)), to: ValidDay::MAX };
        assert_eq!((restored.contacts_beginning(Whose::Program(program), days).count() > 0, damage.happened()), (found, !found));
        assert_eq!(crate::View::of(&restored, first).contacts_of_program_on(program, (days.from, days.to), |_| true).count() > 0, found);
    }
}

#[test]
fn an_instant_that_no_event_may_name_is_not_read() {
    let told = conformance().iter().map(|recorded| replayed(recorded)).max_by_key(|history| history.contacts.len()).unwrap();
    let count = told.contacts.len();
    assert!(count > 8, "{count}");
    for place in 0..count {
        let mut history = told.clone();
        history.contacts[place].value.end = ValidAt::from_micros(i64::MAX - 1);
        let damage = Damage::default();
        let restored = opened(&history.store().unwrap(), &Pieces::WhenAsked(damage.clone()));
        let ends = restored.as_ref().and_then(|restored| restored.contacts.iter().map(|row| row.value.end).max());
        assert!(restored.is_none() || damage.happened() && ends < Some(ValidAt::from_micros(i64::MAX - 1)), "{place}");
    }
}
