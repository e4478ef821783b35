//! The whole ledger on broken disks: thousands of small histories, each meeting one fault at a moment that its seed chooses.
//! Accepted afterwards: everything acknowledged is there, verifies, and judges as a replay without a ledger does; or, where the disk itself lied or
//! was exchanged, the loss is told. Never: acknowledged and gone, a checkpoint beyond the data, verified with other content.
//!
//! `cargo xtask disks --seeds N` asks for more of them.

mod disk;
mod steps;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use domain::field::Raw;
use domain::{Draft, IndividualId, KnownAt, Recorded, Seq};
use rules::Engine;
use scenario::replay;

use self::disk::{Dice, Disk, Fault};
use self::steps::{Step, steps};
use crate::directory::Directory;
use crate::store::Store;
use crate::drafts::{at, contact, day, text, with_source};
use crate::{CreateOptions, Expect, Grounds, Ledger, LedgerError, Sealing, Subject, VerifyOptions};

/// Memory, where there is a folder that is memory: what is tested is the disk under the database, not this machine's.
fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (entry, target) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).unwrap();
        if entry.is_dir() {
            copy_dir(&entry, &target);
        } else {
            std::fs::copy(entry, target).unwrap();
        }
    }
}

/// A ledger with a checkpoint and no events, made once: its files, and the image of its database.
struct Born {
    _dir: tempfile::TempDir,
    files: PathBuf,
    image: Vec<u8>,
}

static BORN: LazyLock<Born> = LazyLock::new(|| {
    let dir = scratch();
    let files = dir.path().join("ledger");
    let disk = Disk::holding(Vec::new(), 0);
    let options = CreateOptions { origin: "ledger.riverbend.example".into(), simulated: true, now: at(0), entropy: Some([7; 32]) };
    let mut ledger = Ledger::create_on(&files, &options, disk.clone()).unwrap();
    ledger.sign_checkpoint().unwrap();
    drop(ledger);
    Born { _dir: dir, files, image: disk.found_after(Fault::Full) }
});

impl Ledger {
    fn create_on(dir: &Path, options: &CreateOptions, disk: Disk) -> Result<Self, LedgerError> {
        Self::create_in(dir, options, |_| Ok(Store::on(disk)?.0))
    }

    fn open_on(dir: &Path, disk: Disk) -> Result<Self, LedgerError> {
        let directory = Directory::new(dir);
        let lock = directory.lock_for_writing()?;
        Self::open_over(directory, lock, Store::on(disk)?)
    }
}

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(catalog::CATALOG, catalog::TABLES).unwrap());

/// What is known to be in the ledger, and what was under way when something went wrong.
#[derive(Default)]
struct Told {
    acknowledged: Vec<Draft>,
    under_way: Vec<Draft>,
    /// Events under the last checkpoint that was handed out.
    signed: u64,
    /// Who was erased, as acknowledged, and who was being erased when something went wrong.
    erased: Vec<IndividualId>,
    being_erased: Option<IndividualId>,
}

/// Does one step. `Err` when the ledger could not; refused drafts are no trouble.
fn take(ledger: &mut Ledger, step: &Step, told: &mut Told) -> Result<(), LedgerError> {
    told.under_way.clear();
    let mut appended = Vec::new();
    match step {
        Step::Append(drafts) => {
            told.under_way = drafts.clone();
            match ledger.append(drafts, Expect::Any, at(0)) {
                Ok(receipt) if receipt.appended > 0 => appended = drafts.clone(),
                Ok(_) | Err(LedgerError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Step::Import(drafts) => {
            let mut import = ledger.begin_import(at(0))?;
            for draft in drafts {
                if matches!(import.push(draft)?, crate::Outcome::Appended(_)) {
                    appended.push(draft.clone());
                }
            }
            told.under_way = appended.clone();
            import.commit()?;
        }
        Step::Erase(who) => {
            told.being_erased = Some(who.clone());
            match ledger.erase(&Subject::Individual(who.clone()), grounds(), at(0)) {
                Ok(_) => told.erased.push(who.clone()),
                Err(LedgerError::NothingSealed(_)) => {}
                Err(error) => return Err(error),
            }
            told.being_erased = None;
        }
        Step::Sign => {
            ledger.sign_checkpoint()?;
            told.signed = ledger.head()?.size;
        }
    }
    told.acknowledged.append(&mut appended);
    told.under_way.clear();
    Ok(())
}

fn grounds() -> Grounds {
    Grounds { reason: text("asked to be forgotten"), approved_by: text("officer"), on: day("2025-03-02") }
}

/// The same as the ledger would hold it, worked out without one: who was erased reads as nobody, and at the places at which the ledger has it.
fn model(drafts: &[Draft], nobody: &BTreeMap<IndividualId, String>, found: &[Recorded]) -> Vec<Recorded> {
    let forget = |draft: &Draft| {
        let who = draft.event.fields().into_iter().find(|(name, _)| *name == "individual").and_then(|(_, id)| IndividualId::parse(id.as_text()?).ok());
        let Some(name) = who.and_then(|who| nobody.get(&who)) else { return draft.clone() };
        let mut changes = vec![("individual".to_owned(), Raw::owned(name.clone()))];
        changes.extend((draft.event.type_name() == "individual_registered").then(|| ("birth_date".to_owned(), Raw::Null)));
        Draft { event: draft.event.corrected(&changes).unwrap(), ..draft.clone() }
    };
    let mut all = replay::record(drafts.iter().map(forget).collect()).unwrap();
    // The ledger's own word about an erasure takes a place too.
    let place = |seq: Seq| found.get(usize::try_from(seq.0).unwrap() - 1).map_or(seq, |there| there.seq);
    for recorded in &mut all {
        recorded.seq = place(recorded.seq);
        recorded.target = recorded.target.map(place);
    }
    all
}

/// What agencies told it, and how many events there are with its own.
fn read(ledger: &Ledger) -> (Vec<Recorded>, usize) {
    let mut all = Vec::new();
    ledger.replay(1..u64::MAX, |recorded| all.push(recorded)).unwrap();
    let total = all.len();
    all.retain(|recorded| !matches!(recorded.event, domain::Event::Ledger(_)));
    (all, total)
}

/// What became of erasures: those acknowledged hold, those that were cut short are finished when they are asked for again. Gives who reads as nobody.
fn forgotten(seed: u64, ledger: &mut Ledger, fault: Fault, told: &Told) -> BTreeMap<IndividualId, String> {
    let name = |ledger: &Ledger, who: &IndividualId| format!("erased-{}", &ledger.pseudonym(who)[..8]);
    let on_record = |ledger: &Ledger, name: &str| ledger.erasures().unwrap().recorded.iter().any(|(_, recorded)| recorded == name);
    let mut nobody = BTreeMap::new();
    for who in told.erased.iter().chain(&told.being_erased) {
        let is_erased = ledger.sealing(&Subject::Individual(who.clone())) == Sealing::Erased;
        let name = name(ledger, who);
        if told.erased.contains(who) {
            assert!(is_erased, "seed {seed}: after {fault:?} the key of an erased individual is back");
            assert!(!fault.is_honest() || on_record(ledger, &name), "seed {seed}: after {fault:?} an erasure is not on record");
        }
        // Never the other way round: what is on record was done.
        assert!(is_erased || !on_record(ledger, &name), "seed {seed}: after {fault:?} an erasure is on record that was not done");
        if is_erased {
            nobody.insert(who.clone(), name);
        }
    }
    nobody
}

/// What became of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Became {
    /// Everything acknowledged is there.
    Whole,
    /// The disk lied or was exchanged, and the ledger says so.
    Told,
    /// The disk lied or was exchanged before anything more was signed: an honest beginning of the history.
    Earlier,
}

/// Opens what the next start of the machine finds, and looks at all of it.
fn after(seed: u64, dir: &Path, image: Vec<u8>, fault: Fault, told: &mut Told) -> Became {
    let disk = Disk::holding(image, seed);
    let mut ledger = match Ledger::open_on(dir, disk.clone()) {
        Ok(ledger) => ledger,
        Err(error) => {
            assert!(!fault.is_honest(), "seed {seed}: after {fault:?} the ledger does not open: {error}");
            return Became::Told;
        }
    };
    let verified = ledger.verify(&VerifyOptions::default()).and_then(crate::VerifyReport::into_result);
    let report = match verified {
        Ok(report) => report,
        Err(error) => {
            assert!(!fault.is_honest(), "seed {seed}: after {fault:?} the ledger does not verify: {error}");
            return Became::Told;
        }
    };
    let nobody = forgotten(seed, &mut ledger, fault, told);
    let (found, total) = read(&ledger);
    let (sure, also) = (told.acknowledged.len(), told.under_way.len());
    if fault.is_honest() {
        // What was under way is there as a whole or not at all.
        assert!(found.len() == sure || found.len() == sure + also, "seed {seed}: {} of {sure} acknowledged and {also} under way", found.len());
        if found.len() > sure {
            told.acknowledged.append(&mut told.under_way);
        }
    } else {
        assert!(total as u64 >= told.signed.saturating_sub(1), "seed {seed}: {total} events under a checkpoint over {}", told.signed);
        told.acknowledged.append(&mut told.under_way);
    }
    let expected = model(&told.acknowledged, &nobody, &found);
    assert!(expected.starts_with(&found), "seed {seed}: after {fault:?} the ledger reads as something that was not told");
    assert!(report.checkpoints.iter().all(|(_, size)| *size <= total as u64 + 1), "seed {seed}: a checkpoint beyond the data");
    if seed.is_multiple_of(JUDGED) || seeds() != USUAL {
        let (by, today) = (KnownAt::END, at(40_000_000).local_day());
        let judged = ENGINE.run(&replay::history(&found, by), today);
        let naive = ENGINE.run(&replay::history(&expected[..found.len()], by), today);
        assert_eq!(judged.findings, naive.findings, "seed {seed}");
    }
    // An erasure that was cut short is finished by asking again.
    let finished = nobody.keys().all(|who| ledger.erase(&Subject::Individual(who.clone()), grounds(), at(0)).is_ok());
    let more_total = { read(&ledger).1 };
    assert!(!fault.is_honest() || finished && ledger.erasures().unwrap().unrecorded.is_empty(), "seed {seed}: after {fault:?} an erasure cannot be finished");
    // It goes on: something new is appended and signed, and the disk, in order now, keeps it.
    let mut more = with_source(contact(9_999), &format!("later:{seed}"));
    more.recorded_at = Some(at(50_000));
    let went_on = ledger.append(&[more], Expect::Any, at(0)).and_then(|receipt| ledger.sign_checkpoint().map(|_| receipt.appended));
    drop(ledger);
    match went_on {
        Ok(appended) => assert_eq!(appended, 1, "seed {seed}"),
        Err(error) => {
            assert!(!fault.is_honest(), "seed {seed}: after {fault:?} the ledger does not go on: {error}");
            return Became::Told;
        }
    }
    let again = Ledger::open_on(dir, Disk::holding(disk.found_after(Fault::Full), seed)).unwrap();
    assert_eq!(again.head().unwrap().size, more_total as u64 + 2, "seed {seed}");
    if found.len() == expected.len() { Became::Whole } else { Became::Earlier }
}

/// One history from beginning to end; whether its fault came, what became of it, and how many syncs it took.
fn live(seed: u64, fault: Fault, moment: Option<u64>, history: &[Step], dir: &Path) -> (bool, Became, u64) {
    if dir.exists() {
        std::fs::remove_dir_all(dir).unwrap();
    }
    copy_dir(&BORN.files, dir);
    let disk = Disk::holding(BORN.image.clone(), seed);
    let mut told = Told { signed: 1, ..Told::default() };
    // Pages are read when the ledger is opened, and kept: a disk that cannot be read shows then.
    if let Some(moment) = moment.filter(|_| fault == Fault::ReadError) {
        disk.expect(fault, moment);
    }
    let mut before = disk.syncs();
    match Ledger::open_on(dir, disk.clone()) {
        Err(error) => assert!(disk.happened(), "seed {seed}: it does not open on a disk in order: {error}"),
        Ok(mut ledger) => {
            before = disk.syncs();
            if let Some(moment) = moment.filter(|_| fault != Fault::ReadError) {
                disk.expect(fault, moment);
            }
            for step in history {
                if let Err(error) = take(&mut ledger, step, &mut told) {
                    assert!(disk.happened(), "seed {seed}: a step failed on a disk in order: {error}");
                    break;
                }
            }
        }
    }
    let syncs = disk.syncs() - before;
    // A disk may also fail while the ledger is closed: then nothing is under way.
    let became = after(seed, dir, disk.found_after(fault), fault, &mut told);
    (disk.happened(), became, syncs)
}

fn fault_of(seed: u64) -> Fault {
    Fault::ALL[(seed % Fault::ALL.len() as u64) as usize]
}

fn a_seed(seed: u64, dir: &Path) -> (Fault, bool, Became) {
    let mut dice = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
    let fault = fault_of(seed);
    let history = steps(&mut dice);
    let occasions = match fault {
        Fault::AtWrite | Fault::WriteError => 60,
        Fault::ReadError => 12,
        Fault::Full => 2,
        Fault::Lost | Fault::Landed | Fault::Torn | Fault::SyncError | Fault::Lies | Fault::OldPages => 3 * history.len() as u64,
    };
    let moment = dice.below(occasions);
    let (happened, became, _) = live(seed, fault, Some(moment), &history, dir);
    (fault, happened, became)
}

/// The same, with what a failed assertion or a panic said and the seed that led to it.
fn a_seed_caught(seed: u64, dir: &Path) -> Result<(Fault, bool, Became), (u64, String)> {
    std::panic::catch_unwind(|| a_seed(seed, dir)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        (seed, text.unwrap_or_default())
    })
}

/// `DISKS_SEEDS=from..to`, which `cargo xtask disks` sets; else ten thousand.
#[allow(clippy::disallowed_methods, reason = "a person asks for the long run")]
fn seeds() -> std::ops::Range<u64> {
    let asked = std::env::var("DISKS_SEEDS").ok();
    let range = asked.as_deref().and_then(|text| text.split_once("..")).map(|(from, to)| from.parse().unwrap()..to.parse().unwrap());
    range.unwrap_or(USUAL)
}

/// Without being asked for more.
const USUAL: std::ops::Range<u64> = 0..10_000;

/// Every so many seeds the findings are compared too; all of them in a long run.
const JUDGED: u64 = 50;

#[test]
fn ten_thousand_broken_disks_lose_nothing_that_was_acknowledged() {
    let seeds = seeds();
    LazyLock::force(&BORN);
    let threads = 2;
    let hook = std::panic::take_hook();
    // The database panics over pages that were exchanged; the ledger makes errors of it, and nobody needs to read of thousands.
    if seeds.clone().count() > 1 {
        std::panic::set_hook(Box::new(|_| {}));
    }
    let outcomes = std::thread::scope(|scope| {
        let work = (0..threads).map(|thread| {
            let seeds = seeds.clone();
            scope.spawn(move || {
                let dir = scratch();
                seeds.filter(|seed| seed % threads == thread).map(|seed| a_seed_caught(seed, &dir.path().join("ledger"))).collect::<Vec<_>>()
            })
        });
        work.collect::<Vec<_>>().into_iter().map(std::thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    std::panic::set_hook(hook);
    let mut all = Vec::new();
    for outcome in outcomes.into_iter().flat_map(|some| some.unwrap_or_default()) {
        all.push(outcome.unwrap_or_else(|(seed, what)| panic!("seed {seed}, {:?}: {what}", fault_of(seed))));
    }
    for fault in Fault::ALL {
        let of = |became| all.iter().filter(|(f, _, b)| *f == fault && *b == became).count();
        let struck = all.iter().filter(|(f, happened, _)| *f == fault && *happened).count();
        println!("{fault:?}: struck {struck} times; whole {}, told {}, earlier {}", of(Became::Whole), of(Became::Told), of(Became::Earlier));
        assert!(all.len() < 1_000 || struck > 100, "{fault:?} came only {struck} times");
    }
    assert!(all.iter().all(|(fault, _, became)| !fault.is_honest() || *became == Became::Whole));
}

/// Every sync of one scripted history, in all flavours.
#[test]
fn the_power_fails_at_every_sync_of_a_history() {
    let dir = scratch();
    let dir = dir.path().join("ledger");
    let mut dice = Dice(4_711);
    let mut history = steps(&mut dice);
    history.push(Step::Sign);
    let (_, became, syncs) = live(0, Fault::Full, None, &history, &dir);
    assert!(became == Became::Whole && syncs > 3, "{syncs} syncs");
    for moment in 0..syncs {
        for fault in [Fault::Lost, Fault::Landed, Fault::Torn, Fault::SyncError] {
            let (happened, became, _) = live(moment, fault, Some(moment), &history, &dir);
            assert!(happened && became == Became::Whole, "sync {moment}, {fault:?}");
        }
    }
}
