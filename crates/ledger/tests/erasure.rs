//! Erasing, cut short at each of its steps, undone by an old vault, and searched for in every byte that is left.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::path::Path;

use domain::event::{BirthDateRecorded, Event, EventRetracted, Findings, Ledger as OwnActs};
use domain::field::Raw;
use domain::*;
use ledger::*;
use support::*;
use vault::{MasterKey, Pseudonym, Vault, pseudonym};

const ID: &str = "I-49301-KELP";
const BORN: &str = "1984-05-06";
const STAFF: &str = "P-7";

fn individual() -> Subject {
    Subject::Individual(IndividualId::parse(ID).unwrap())
}

fn staff() -> Subject {
    Subject::Person(PersonId::parse(STAFF).unwrap())
}

fn grounds() -> Grounds {
    Grounds { reason: text("asked for it"), approved_by: text("Ben Cole"), on: day("2025-03-02") }
}

fn born(person: &str, date: &str) -> BirthDateRecorded {
    BirthDateRecorded { person: PersonId::parse(person).unwrap(), birth_date: BirthDate(day(date)) }
}

/// Facts about one individual and one staff member, with and without source ids. No birth date lies within 4096 days of 1970: so small a
/// number stands in any page of a database, as an offset.
fn facts() -> Vec<Draft> {
    vec![
        Draft::bare(registered(ID, Some(BORN))),
        with_source(correction("seq:1", vec![("birth_date", Raw::text("1984-05-07"))]), "fix:1"),
        Draft::bare(born(STAFF, "2001-12-30")),
        with_source(credential(STAFF, Some("NYPSCB-778899")), "hr:cred:1"),
        with_source(registered("I-2", Some("1990-01-01")), "reg:2"),
    ]
}

fn filled(dir: &Path) -> Ledger {
    let mut ledger = real(dir);
    ledger.append(&facts(), Expect::Any, at(1)).unwrap();
    ledger.sign_checkpoint().unwrap();
    ledger
}

fn open_vault(ledger: &Path) -> Vault {
    let master = MasterKey::open(&ledger.join("keys/master-key")).unwrap();
    Vault::open(&ledger.join("keys"), &master).unwrap()
}

fn who(vault: &Vault, kind: &str, id: &str) -> Pseudonym {
    pseudonym(vault.agency_secret(), kind, id)
}

/// Everything in every file of the directory, and every frame as it is before compression.
fn everything(ledger: &Path) -> Vec<u8> {
    fn gather(dir: &Path, into: &mut Vec<u8>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { gather(&path, into) } else { into.extend(std::fs::read(path).unwrap()) }
        }
    }
    let mut all = Vec::new();
    gather(ledger, &mut all);
    Ledger::open_reader(ledger).unwrap().export_frames(&mut all).unwrap();
    all
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// The wrapped key of a subject as it lies in the vault's file.
fn wrapped_key(ledger: &Path, who: Pseudonym) -> Vec<u8> {
    let bytes = std::fs::read(ledger.join("keys").join(vault::VAULT_FILE)).unwrap();
    // VAULT.md: a slot of 128 bytes has the pseudonym at 16, the nonce at 32, the wrapped key at 56, its tag at 88.
    let slot = bytes.chunks(128).skip(1).find(|slot| slot[16..32] == who.0).unwrap();
    slot[56..104].to_vec()
}

/// A date in every form it might lie about in: three texts, days and microseconds since 1970.
fn forms(date: &str) -> Vec<Vec<u8>> {
    let (y, m, d) = (&date[..4], &date[5..7], &date[8..]);
    let days = day(date).days();
    let texts = [date.to_owned(), format!("{y}{m}{d}"), format!("{m}/{d}/{y}")].map(String::into_bytes);
    let numbers = [days.to_le_bytes().to_vec(), (i64::from(days) * 86_400_000_000).to_le_bytes().to_vec()];
    texts.into_iter().chain(numbers).collect()
}

#[test]
fn nothing_of_an_erased_subject_is_left_in_any_byte() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger");
    drop(filled(dir.path()));
    let (one, two) = {
        let vault = open_vault(&path);
        (who(&vault, "individual", ID), who(&vault, "person", STAFF))
    };
    let keys = [wrapped_key(&path, one), wrapped_key(&path, two)];
    let mut secrets: Vec<Vec<u8>> = [BORN, "1984-05-07", "2001-12-30"].iter().flat_map(|date| forms(date)).collect();
    secrets.extend([ID.as_bytes().to_vec(), b"NYPSCB-778899".to_vec()]);
    let check = |keys_there: bool| {
        let all = everything(&path);
        for key in &keys {
            assert_eq!(holds(&all, key), keys_there);
        }
        for secret in &secrets {
            assert!(!holds(&all, secret), "{:?} lies in the clear", String::from_utf8_lossy(secret));
        }
    };
    check(true);
    let mut ledger = Ledger::open(&path).unwrap();
    let before: Vec<Seq> = all(&ledger).iter().map(|r| r.seq).collect();
    for subject in [individual(), staff()] {
        assert_eq!(ledger.sealing(&subject), Sealing::Sealed);
        let erased = ledger.erase(&subject, grounds(), at(2)).unwrap();
        assert!(erased.key_destroyed_now && !erased.recorded_before);
        assert_eq!(ledger.sealing(&subject), Sealing::Erased);
    }
    ledger.sign_checkpoint().unwrap();
    let report = ledger.verify(&VerifyOptions::default()).unwrap();
    assert_eq!((report.state(), report.erased_values), (State::VerifiedWithErasedParts, 5));
    let recorded = all(&ledger);
    let names: Vec<String> = recorded
        .iter()
        .filter_map(|r| if let Event::Ledger(OwnActs::SubjectErased(e)) = &r.event { Some(format!("{} {}", e.subject, r.envelope.actor.as_ref().unwrap())) } else { None })
        .collect();
    assert_eq!(names, [format!("erased-{} Ben Cole", &one.to_string()[..8]), format!("{STAFF} Ben Cole")]);
    assert_eq!(recorded.len(), before.len() + 1, "a birth date alone cannot be read any more, two events are new");
    drop(ledger);
    check(false);
}

#[test]
fn the_fingerprints_of_birth_dates_do_not_outlive_them() {
    // With the agency secret, which stays, anybody could try every date of a century against a fingerprint of one.
    let index = |date: &str| {
        let dir = tempfile::tempdir().unwrap();
        let mut ledger = simulated(dir.path());
        let draft = Draft { recorded_at: Some(at(1)), ..Draft::bare(born(STAFF, date)) };
        ledger.append(&[draft], Expect::Any, at(1)).unwrap();
        drop(ledger);
        use redb::{ReadableDatabase as _, ReadableTable as _};
        let database = redb::ReadOnlyDatabase::open(dir.path().join("ledger/ledger.redb")).unwrap();
        let keys = database.begin_read().unwrap().open_table(redb::TableDefinition::<(u32, u64), &[u8]>::new("keys")).unwrap();
        keys.iter().unwrap().map(|row| row.unwrap().1.value().to_vec()).collect::<Vec<_>>()
    };
    assert_eq!(index("2001-12-30"), index("1980-01-01"));
    // They still tell facts apart that differ in nothing but the date, and know one that comes again.
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = real(dir.path());
    let twice = [Draft::bare(born(STAFF, "2001-12-30")), Draft::bare(born(STAFF, "1980-01-01"))];
    assert_eq!(ledger.append(&twice, Expect::Any, at(1)).unwrap().appended, 2);
    assert_eq!(ledger.append(&twice, Expect::Any, at(2)).unwrap().already_there, 2);
}

#[test]
fn cut_short_between_key_and_event_it_is_seen_and_finished_by_asking_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger");
    drop(filled(dir.path()));
    // The steps of VAULT.md: first a staging file that never took the name.
    std::fs::write(path.join("keys/subjects.vault.new"), std::fs::read(path.join("keys/subjects.vault")).unwrap()).unwrap();
    let ledger = Ledger::open(&path).unwrap();
    assert_eq!((ledger.sealing(&individual()), ledger.erasures().unwrap()), (Sealing::Sealed, Erasures::default()));
    assert!(!path.join("keys/subjects.vault.new").exists(), "nothing happened, and no copy of the keys stays");
    drop(ledger);
    // Then the key is gone and the power with it.
    let gone = {
        let mut vault = open_vault(&path);
        let gone = who(&vault, "individual", ID);
        vault.erase(gone).unwrap();
        gone
    };
    let mut ledger = Ledger::open(&path).unwrap();
    let name = format!("erased-{}", &gone.to_string()[..8]);
    let seen = ledger.erasures().unwrap();
    assert_eq!((&seen.unrecorded, seen.recorded.len()), (&vec![name.clone()], 0));
    assert_eq!(ledger.verify(&VerifyOptions::default()).unwrap().state(), State::VerifiedWithErasedParts);
    let erased = ledger.erase(&individual(), grounds(), at(3)).unwrap();
    assert!(!erased.key_destroyed_now && !erased.recorded_before);
    let seen = ledger.erasures().unwrap();
    assert_eq!((seen.recorded, seen.unrecorded.len()), (vec![(erased.seq, name)], 0));
    // A third time changes nothing.
    let size = ledger.head().unwrap().size;
    let again = ledger.erase(&individual(), grounds(), at(4)).unwrap();
    assert!(again.recorded_before && again.seq == erased.seq);
    assert_eq!(ledger.head().unwrap().size, size);
}

#[test]
fn an_old_vault_put_back_is_seen_and_erased_from_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger");
    drop(filled(dir.path()));
    let old = std::fs::read(path.join("keys/subjects.vault")).unwrap();
    let mut ledger = Ledger::open(&path).unwrap();
    for subject in [individual(), staff()] {
        ledger.erase(&subject, grounds(), at(2)).unwrap();
    }
    let done = ledger.erasures().unwrap();
    assert_eq!((done.recorded.len(), done.undone.len(), done.unrecorded.len()), (2, 0, 0));
    drop(ledger);
    std::fs::write(path.join("keys/subjects.vault"), old).unwrap();
    let mut ledger = Ledger::open(&path).unwrap();
    assert_eq!(ledger.erasures().unwrap().undone, done.recorded);
    for subject in [individual(), staff()] {
        assert!(ledger.erase(&subject, grounds(), at(3)).unwrap().recorded_before);
    }
    assert_eq!(ledger.erasures().unwrap(), done);
}

#[test]
fn what_comes_again_resurrects_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = filled(dir.path());
    for subject in [individual(), staff()] {
        ledger.erase(&subject, grounds(), at(2)).unwrap();
    }
    let size = ledger.head().unwrap().size;
    assert_eq!(ledger.append(&facts(), Expect::Any, at(3)).unwrap().already_there, facts().len() as u64);
    // Another birth date without a source id is not told from the one that is gone: nothing is recorded either way.
    assert_eq!(ledger.append(&[Draft::bare(born(STAFF, "1999-09-09"))], Expect::Any, at(4)).unwrap().already_there, 1);
    for (draft, named) in [
        (with_source(registered(ID, None), "reg:new"), Some(ID)),
        (with_source(correction("reg:2", vec![("individual", Raw::text(ID))]), "fix:2"), Some(ID)),
        (with_source(credential(STAFF, Some("NYPSCB-1")), "hr:cred:2"), None),
    ] {
        let Err(LedgerError::Refused(refused)) = ledger.append(&[draft], Expect::Any, at(5)) else { panic!("{named:?}") };
        assert_eq!(refused[0].refusal, Refusal::SubjectErased { individual: named.map(str::to_owned) });
    }
    assert_eq!(ledger.head().unwrap().size, size);
    // What is not confidential about a staff member can still be recorded: they worked here.
    assert_eq!(ledger.append(&[with_source(credential(STAFF, None), "hr:cred:3")], Expect::Any, at(6)).unwrap().appended, 1);
    let change = all(&ledger).into_iter().find_map(|r| if let Event::Findings(Findings::EventCorrected(e)) = r.event { Some(e) } else { None });
    assert!(change.unwrap().fields.0.is_empty(), "a corrected birth date went with its key");
}

#[test]
fn what_stands_in_the_clear_beside_the_seal_is_named_before_it_is_too_late() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = filled(dir.path());
    assert_eq!(ledger.left_in_clear(&individual()).unwrap(), []);
    let told = with_source(registered("I-3", None), &format!("ehr:registration:{ID}"));
    let reason = EventRetracted { target: TargetRef::parse("reg:2").unwrap(), reason: text("the number is NYPSCB-778899, born 1984-05-07") };
    ledger.append(&[told, Draft::bare(reason)], Expect::Any, at(2)).unwrap();
    assert_eq!(ledger.left_in_clear(&individual()).unwrap(), [Seq(6), Seq(7)]);
    assert_eq!(ledger.left_in_clear(&staff()).unwrap(), [Seq(7)]);
    assert!(matches!(
        ledger.erase(&Subject::Individual(IndividualId::parse("I-none").unwrap()), grounds(), at(3)),
        Err(LedgerError::NothingSealed(id)) if id == "I-none"
    ));
}

#[test]
fn a_key_put_in_from_another_vault_is_named_by_whoever_needs_it() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    drop((filled(dir.path()), filled(other.path())));
    let (path, theirs) = (dir.path().join("ledger"), std::fs::read(other.path().join("ledger/keys").join(vault::VAULT_FILE)).unwrap());
    let file = path.join("keys").join(vault::VAULT_FILE);
    let mut mine = std::fs::read(&file).unwrap();
    // The individual's slot, as VAULT.md lays it out: everything but the pseudonym is that of a key of the other vault, and its checksum fits.
    let of = who(&open_vault(&path), "individual", ID);
    let place = mine.chunks(128).position(|slot| slot[16..32] == of.0).unwrap() * 128;
    let there = who(&open_vault(&other.path().join("ledger")), "individual", ID);
    let slot = theirs.chunks(128).skip(1).find(|slot| slot[16..32] == there.0).unwrap();
    mine[place + 32..place + 104].copy_from_slice(&slot[32..104]);
    let checksum = blake3::derive_key("countersign vault slot checksum v1", &mine[place..place + 112]);
    mine[place + 112..place + 128].copy_from_slice(&checksum[..16]);
    std::fs::write(&file, &mine).unwrap();

    let is_named = |error: LedgerError| matches!(error, LedgerError::Vault(vault::VaultError::Damaged { offset, .. }) if offset == place as u64);
    let mut ledger = Ledger::open(&path).unwrap();
    assert!(is_named(ledger.replay(0..u64::MAX, |_| {}).unwrap_err()), "reading what is sealed under it");
    assert!(is_named(ledger.append(&[Draft::bare(registered(ID, Some(BORN)))], Expect::Any, at(9)).unwrap_err()), "sealing under it");
    assert!(is_named(ledger.verify(&VerifyOptions::default()).unwrap_err()));
    assert!(is_named(ledger.check_keys().unwrap_err()));
    assert!(ledger.append(&[Draft::bare(registered("I-3", Some("1991-01-01")))], Expect::Any, at(9)).is_ok(), "others are not kept from their work");
}
