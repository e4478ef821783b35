//! Damaged and invented 837 and 835: whatever the bytes, reading ends, panics never, and what it hands on is within bounds.
//! Starts from good interchanges and breaks them the way files break; random bytes alone never get past the ISA.
#![allow(clippy::unwrap_used, missing_docs)]

use proptest::prelude::*;
use x12::{Desk, Found, Item, Mapping, Tally};

const CLAIMS: &str = include_str!("new-york.837i");

const REMITTANCE: &str = "ISA*00*          *00*          *ZZ*EMEDNYBAT      *ZZ*SENDERETIN     *260119*0900*^*00501*000000002*0*T*:~
GS*HP*EMEDNYBAT*SENDERETIN*20260119*0900*2*X*005010X221A1~
ST*835*0001~
BPR*I*110*C*ACH*CCP*01*999999992*DA*1234*1141797357**01*999999992*DA*5678*20260119~
TRN*1*EFT1*1141797357~
DTM*405*20260119~
LX*1~
CLP*CLM0001*1*120*110**MC*TCN1~
SVC*HC:H0038*80*80**4~
DTM*472*20260102~
SVC*HC:H0038:HQ*40*30**2~
DTM*472*20260102~
CAS*CO*45*10~
REF*6R*C-1~
CLP*CLM0001*22*-120*-110**MC*TCN1~
CLP*CLM0002*4*80*0**MC*TCN2~
CAS*CO*27*80~
PLB*1*20261231*WO:1*5~
SE*17*0001~
GE*1*2~
IEA*1*000000002~
";

/// A way in which a file is not what it was.
#[derive(Debug, Clone)]
enum Damage {
    /// A byte becomes another.
    Byte(u16, u8),
    /// A stretch is lost.
    Lost(u16, u8),
    /// A segment comes twice, at the place of another.
    Repeated(u8, u8),
    /// Two segments change places.
    Swapped(u8, u8),
    /// An element of a segment becomes another text.
    Element(u8, u8, u8),
    /// The end is missing.
    Cut(u16),
}

/// Values that a reader may stumble over.
const VALUES: &[&str] = &[
    "", "0", "-1", "1.005", "99999999999999999999", "-999999999999.99", "20250230", "D8", "RD8", "20260102-20260101",
    "HC:H0038:HQ:HQ:HQ:HQ:HQ", "7", "8", "22", "24", "BE:24:::147", "BE:24:::1474", "\u{fc}\u{fc}", "IL", "472", "73:A:7", "73:A:8",
    ":::::", "F8", "6R", "CLM0001", "005010X222A1", "837", "835", "HL", "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
];

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (any::<u16>(), any::<u8>()).prop_map(|(at, b)| Damage::Byte(at, b)),
        (any::<u16>(), any::<u8>()).prop_map(|(at, n)| Damage::Lost(at, n)),
        (any::<u8>(), any::<u8>()).prop_map(|(a, b)| Damage::Repeated(a, b)),
        (any::<u8>(), any::<u8>()).prop_map(|(a, b)| Damage::Swapped(a, b)),
        (any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(a, b, c)| Damage::Element(a, b, c)),
        (any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(a, b, c)| Damage::Element(a, b, c)),
        any::<u16>().prop_map(Damage::Cut),
    ]
}

fn damaged(text: &str, damages: &[Damage]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for damage in damages {
        let length = bytes.len().max(1);
        let mut segments: Vec<Vec<u8>> = bytes.split(|b| *b == b'~').map(<[u8]>::to_vec).collect();
        let count = segments.len();
        let of = |n: &u8| usize::from(*n) % count;
        match damage {
            Damage::Byte(at, value) => {
                let at = usize::from(*at) % length;
                bytes.iter_mut().skip(at).take(1).for_each(|b| *b = *value);
                continue;
            }
            Damage::Lost(at, n) => {
                let at = usize::from(*at) % length;
                bytes.drain(at..(at + usize::from(*n)).min(bytes.len()));
                continue;
            }
            Damage::Cut(at) => {
                bytes.truncate(usize::from(*at) % length);
                continue;
            }
            Damage::Repeated(a, b) => segments.insert(of(b), segments[of(a)].clone()),
            Damage::Swapped(a, b) => segments.swap(of(a), of(b)),
            Damage::Element(a, b, c) => {
                let segment = &mut segments[of(a)];
                let mut elements: Vec<Vec<u8>> = segment.split(|b| *b == b'*').map(<[u8]>::to_vec).collect();
                let place = usize::from(*b) % elements.len();
                elements[place] = VALUES[usize::from(*c) % VALUES.len()].as_bytes().to_vec();
                *segment = elements.join(&b'*');
            }
        }
        bytes = segments.join(&b'~');
    }
    bytes
}

/// Reads, makes events of what was read, and says what must be so whatever was in it.
fn holds(bytes: &[u8], mapping: &Mapping) -> Result<(), TestCaseError> {
    let mut items: Vec<Item> = Vec::new();
    let (mut whole, mut problems) = (0, 0);
    let counts = x12::read(bytes, |found| match found {
        Found::Item(item) => items.push(item),
        Found::Problem(problem) => {
            assert!(problem.segment > 0 && !problem.mismatch.wanted.is_empty());
            problems += 1;
        }
        Found::End { well, .. } => {
            if !well {
                items.truncate(whole);
            }
            whole = items.len();
        }
    })
    .unwrap();
    prop_assert_eq!(items.len(), whole, "items after the last end");
    prop_assert!(counts.claims + counts.payments + counts.answers >= items.len() as u64);
    // A file with bytes in it says something, and nothing is half taken.
    prop_assert!(bytes.iter().all(u8::is_ascii_whitespace) || problems > 0 || counts.segments > 0);
    let mut desk = Desk::new(mapping, [], false);
    items.iter().for_each(|item| desk.expect(item));
    let mut tally = Tally::default();
    for item in &items {
        match desk.take(item, &mut tally) {
            Ok(drafts) => {
                for draft in drafts {
                    prop_assert!(draft.event.inconsistencies().is_empty() && draft.envelope.source_id.is_some());
                }
            }
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }
    Ok(())
}

fn mapping() -> Mapping {
    Mapping::parse("[[program]]\nprogram = \"MH-1\"\nnpi = \"1234567893\"\n").unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100_000))]

    #[test]
    fn claims_however_damaged(damages in prop::collection::vec(damage(), 0..4), twice: bool) {
        let text = if twice { CLAIMS.replace('\n', "") + CLAIMS } else { CLAIMS.to_owned() };
        holds(&damaged(&text, &damages), &mapping())?;
    }

    #[test]
    fn remittances_however_damaged(damages in prop::collection::vec(damage(), 0..4), after_claims: bool) {
        let text = if after_claims { CLAIMS.to_owned() + REMITTANCE } else { REMITTANCE.to_owned() };
        holds(&damaged(&text, &damages), &mapping())?;
    }
}

#[test]
fn what_is_broken_here_is_whole_to_begin_with() {
    for (text, items) in [(CLAIMS, 1), (REMITTANCE, 3)] {
        let mut count = 0;
        x12::read(text.as_bytes(), |found| match found {
            Found::Item(_) => count += 1,
            Found::Problem(problem) => unreachable!("{problem}"),
            Found::End { well, .. } => assert!(well),
        })
        .unwrap();
        assert_eq!(count, items);
    }
}
