//! Making a pack: gather, put together, sign, record in the ledger, hand over.
//! Refuses to overwrite, and to hand over what is not recorded.
//!
//! If we stop here: before the event is appended there is an unfinished file beside the one asked for, and no record; after it the record
//! stands and the file may still have its unfinished name. A pack never lies under its own name without its record.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use domain::event::PackExported;
use domain::{Draft, IndividualId, KnownAt, Recorded, Seq, Text, ValidDay};
use ledger::{Expect, Head, Ledger};
use pack::{Assembled, Contents, Cover, LedgerName, PackError};
use rules::{Engine, Report};
use transparency::Checkpoint;

use super::disclose::{self, Opening};
use super::mask::Mask;
use super::scope::Scope;
use super::select::{Search, Selection, individuals_of};
use super::{cover, findings, people};
use crate::beside_writers::{PATIENCE, is_no_erasure, stands_beside};
use crate::cut::Cut;
use crate::error::{AuditError, appending};
use crate::history::trail::named;
use crate::loaded::{self, Loaded};
use crate::resume;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What the pack is about.
    pub scope: Scope,
    /// Only contacts, claims and meetings of these days; both ends count.
    pub days: Option<(ValidDay, ValidDay)>,
    /// Up to where the ledger counts.
    pub cut: Cut,
    /// Evaluation day, if not the default.
    pub today: Option<ValidDay>,
    /// The agency says that records under 42 CFR part 2 are in it, whatever the registrations say.
    pub part2: bool,
    /// Checkpoints that the recipient has.
    pub since: Vec<PathBuf>,
    /// The sample as it was given.
    pub sample: Option<Vec<u8>>,
    /// To whom it goes.
    pub recipient: Option<String>,
    /// Where the pack goes.
    pub file: PathBuf,
    /// Say what would be in it; write and record nothing.
    pub dry_run: bool,
}

/// A pack made, or what it would be.
#[derive(Debug, Clone)]
pub struct Made {
    /// A simulated ledger.
    pub simulated: bool,
    /// What it is about.
    pub words: String,
    /// Records, and those with their contents.
    pub frames: u64,
    /// Records with their contents.
    pub bodies: u64,
    /// Findings.
    pub findings: u64,
    /// Records under part 2 are in it.
    pub part2: bool,
    /// What was left out, in words.
    pub redactions: Vec<String>,
    /// Length of the file; of a dry run the length it would have but for the signatures.
    pub bytes: u64,
    /// `sha256:` and the digest of the file.
    pub digest: Option<String>,
    /// The event that records it.
    pub recorded: Option<Seq>,
    /// The key that checks it.
    pub vkey: String,
    /// What its cover says; a dry run has none.
    pub cover: Option<Cover>,
}

impl From<PackError> for AuditError {
    fn from(error: PackError) -> Self {
        AuditError::asked(error.to_string(), "narrow the scope")
    }
}

/// Makes a pack.
///
/// # Errors
/// An id that nothing names, a file that exists or cannot be written, a checkpoint that the ledger does not continue, a ledger that another process is writing.
pub fn create(dir: &Path, asked: &Asked, now: KnownAt, progress: &dyn Fn(u64, u64)) -> Result<Made, AuditError> {
    if !asked.dry_run && asked.file.exists() {
        return Err(AuditError::asked(format!("{} exists already", asked.file.display()), "a pack is never written over another file: choose a new name"));
    }
    let engine = loaded::engine()?;
    // Signed first and read afterwards: whatever is appended meanwhile is not in the pack, and nobody waits for it.
    let signed = if asked.dry_run { None } else { Some(signed_head(dir)?) };
    let ledger = Ledger::open_reader(dir)?;
    let (head, checkpoint) = match signed {
        Some(signed) => signed,
        None => {
            let head = ledger.head()?;
            (head, unsigned(&ledger, &head)?)
        }
    };
    let mut earlier: BTreeSet<u64> = ledger.cosigned()?.iter().map(|cosigned| cosigned.checkpoint.size()).collect();
    for path in &asked.since {
        let bytes = fs::read(path).map_err(AuditError::at(path))?;
        earlier.insert(disclose::earlier(&ledger, &bytes, &path.display().to_string())?);
    }
    earlier.retain(|size| *size < head.size);
    let gathered = gather(&ledger, &engine, asked, &head, now, progress)?;
    let made = Made {
        simulated: gathered.loaded.frame.simulated,
        words: asked.scope.words(),
        frames: gathered.disclosed.frames.seqs().len() as u64,
        bodies: gathered.disclosed.frames.bodies(),
        findings: gathered.report.findings.len() as u64,
        part2: gathered.part2,
        redactions: cover::redactions(&gathered.disclosed.redactions, &asked.scope, asked.days, gathered.mask.len()),
        bytes: 0,
        digest: None,
        recorded: None,
        vkey: ledger.vkey(),
        cover: None,
    };
    let contents = contents(&ledger, &engine, asked, gathered, (head, checkpoint, &earlier), &made, now)?;
    if asked.dry_run {
        let assembled: Assembled = pack::assemble::<AuditError>(contents, |_| Ok(String::new()))?;
        return Ok(Made { bytes: assembled.len(), ..made });
    }
    let cover = Some(contents.cover.clone());
    let assembled: Assembled = pack::assemble(contents, |text| {
        let writer = Ledger::open_within(dir, PATIENCE)?;
        if writer.vkey() != made.vkey {
            return Err(overtaken("the log key was rotated"));
        }
        Ok::<_, AuditError>(writer.sign_manifest(text)?)
    })?;
    let digest = format!("sha256:{}", assembled.digest());
    let recorded = hand_over(dir, asked, &assembled, &digest, &head, now)?;
    Ok(Made { bytes: assembled.len(), digest: Some(digest), recorded: Some(recorded), cover, ..made })
}

/// The head, and a checkpoint signed over it with the witnesses' signatures it has.
fn signed_head(dir: &Path) -> Result<(Head, String), AuditError> {
    let mut ledger = Ledger::open_within(dir, PATIENCE)?;
    let signed = ledger.sign_checkpoint()?;
    Ok((ledger.head()?, disclose::with_cosignatures(&ledger, signed)?))
}

fn overtaken(what: &str) -> AuditError {
    AuditError::Conflict(format!("{what} while the pack was made; nothing was handed out: make it again"))
}

/// The text a checkpoint would have; a dry run signs nothing.
fn unsigned(ledger: &Ledger, head: &Head) -> Result<String, AuditError> {
    let checkpoint = Checkpoint::new(ledger.genesis().origin(), head.size, head.root);
    checkpoint.map(|c| c.to_text()).map_err(|error| AuditError::Evidence(error.to_string()))
}

/// Everything taken out of the ledger.
struct Gathered {
    loaded: Loaded,
    report: Report,
    selection: Selection,
    disclosed: disclose::Disclosed,
    mask: Mask,
    part2: bool,
    complete: Option<(u64, u64)>,
}

/// The ledger replayed and judged as it was when it was signed; at its head this goes on from the last recorded scan.
fn judged(ledger: &Ledger, engine: &Engine, asked: &Asked, head: &Head, now: KnownAt, progress: &dyn Fn(u64, u64)) -> Result<(Loaded, Report), AuditError> {
    let day = now.local_day();
    let (cut, today) = if asked.cut == Cut::Head {
        let standing = resume::head(ledger, engine, resume::Asked::of(asked.today, day), progress)?;
        if standing.loaded.frame.size == head.size {
            return Ok((standing.loaded, standing.report));
        }
        // Somebody appended since it was signed.
        let by_clock = (!ledger.genesis().simulated()).then_some(day);
        (Cut::Seq(Seq(head.size.saturating_sub(1))), asked.today.or(by_clock))
    } else {
        (asked.cut, asked.today)
    };
    let loaded = loaded::load(ledger, engine, cut, today, day, progress)?;
    let report = loaded.judge(engine);
    Ok((loaded, report))
}

fn gather(ledger: &Ledger, engine: &Engine, asked: &Asked, head: &Head, now: KnownAt, progress: &dyn Fn(u64, u64)) -> Result<Gathered, AuditError> {
    let (loaded, report) = judged(ledger, engine, asked, head, now, progress)?;
    let size = loaded.frame.size;
    let complete = match &asked.scope {
        Scope::Everything => Some((0, size.saturating_sub(1))),
        Scope::Range(from, to) if from <= to && *to < size => Some((*from, *to)),
        Scope::Range(from, to) => {
            return Err(AuditError::asked(format!("there is no range from seq {from} to seq {to}: the last event is {}", size.saturating_sub(1)), "both ends count, and --from is not behind --to"));
        }
        Scope::Claim(_) | Scope::Sample(_) | Scope::Person(_) | Scope::Individual(_) | Scope::Contact(_) | Scope::Finding(_) => None,
    };
    let report = findings::about(&report, &asked.scope, asked.days, &loaded);
    if let Scope::Finding(id) = &asked.scope
        && report.findings.is_empty()
    {
        return Err(AuditError::asked(format!("there is no finding {id} at this cut"), "`countersign findings list` shows those there are"));
    }
    let rests_on: Vec<&rules::Finding> = report.each().collect();
    let search = Search::new(ledger, size);
    let (selection, seqs, named_in) = match complete {
        None => {
            let selection = search.selection(&asked.scope, asked.days, &rests_on)?;
            let seqs: Vec<Seq> = selection.events.keys().copied().collect();
            let named_in = selection.shown.iter().filter_map(|seq| selection.events.get(seq)).flat_map(individuals_of).collect();
            (selection, seqs, named_in)
        }
        Some((from, to)) => {
            let mut selection = search.context(from, to, &rests_on)?;
            let mut seqs: Vec<Seq> = selection.events.keys().copied().chain((from..=to).map(Seq)).collect();
            seqs.sort_unstable();
            seqs.dedup();
            let named_in = in_range(ledger, (from, to), &loaded, &mut selection)?;
            (selection, seqs, named_in)
        }
    };
    let evidence: BTreeSet<Seq> = rests_on.iter().flat_map(|f| f.evidence.iter().map(|(seq, _)| *seq)).collect();
    let pseudonym = |name: &String| IndividualId::parse(name).ok().map(|id| ledger.pseudonym_bytes(&id));
    let opening = match complete {
        Some(_) => Opening::All,
        None => Opening::Of { individuals: selection.individuals.iter().filter_map(pseudonym).collect(), evidence },
    };
    let disclosed = disclose::frames(ledger, &seqs, &selection.withheld, &opening)?;
    let mut mask = Mask::default();
    let everybody: BTreeSet<String> = rests_on.iter().filter_map(|f| f.about.individual.as_deref().map(str::to_owned)).chain(named_in).collect();
    let part2 = asked.part2 || everybody.iter().any(|name| under_part2(&loaded, name));
    for name in &everybody {
        if let Some(hidden) = pseudonym(name).filter(|hidden| !disclosed.introduced.contains(hidden) && !name.starts_with(ledger::ERASED)) {
            mask.hide(name, &hidden);
        }
    }
    Ok(Gathered { loaded, report, selection, disclosed, mask, part2, complete })
}

/// Whom the events of a range name; adds the staff to the selection, and the first records for the cover.
fn in_range(ledger: &Ledger, (from, to): (u64, u64), loaded: &Loaded, selection: &mut Selection) -> Result<BTreeSet<String>, AuditError> {
    const ON_THE_COVER: usize = 1_000;
    if from == 0 && to + 1 == loaded.frame.size {
        // Of everything, everybody; only the first records are decoded.
        selection.staff = loaded.history.all_people().map(|key| loaded.history.person_name(key).to_owned()).collect();
        let individuals = loaded.history.all_individuals().map(|key| loaded.history.individual_name(key).to_owned()).collect();
        let first: Vec<Seq> = (0..loaded.frame.size.min(ON_THE_COVER as u64)).map(Seq).collect();
        ledger.at(&first, |recorded| keep(selection, recorded))?;
        return Ok(individuals);
    }
    let mut individuals = BTreeSet::new();
    let mut shown = 0;
    ledger.replay(from..to + 1, |recorded| {
        for (kind, id) in named(&recorded) {
            if kind == domain::ids::IdKind::Person {
                selection.staff.insert(id);
            } else if kind == domain::ids::IdKind::Individual {
                individuals.insert(id);
            }
        }
        if shown < ON_THE_COVER {
            shown += 1;
            keep(selection, recorded);
        }
    })?;
    Ok(individuals)
}

fn keep(selection: &mut Selection, recorded: Recorded) {
    selection.shown.insert(recorded.seq);
    selection.withheld.remove(&recorded.seq);
    selection.events.insert(recorded.seq, recorded);
}

/// Whether an individual's registration says that part 2 applies.
fn under_part2(loaded: &Loaded, name: &str) -> bool {
    let key = loaded.history.find_individual(name);
    key.is_some_and(|key| loaded.history.individual_facts(key).registered.iter().any(|row| row.value))
}

fn contents(
    ledger: &Ledger,
    engine: &Engine,
    asked: &Asked,
    gathered: Gathered,
    (head, checkpoint, earlier): (Head, String, &BTreeSet<u64>),
    made: &Made,
    now: KnownAt,
) -> Result<Contents, AuditError> {
    let Gathered { loaded, report, selection, disclosed, mask, part2, complete } = gathered;
    let (proof, consistency) = disclose::proofs(ledger, &disclosed.frames, &head, earlier)?;
    let people = people::people(ledger, &loaded, engine, &selection, &mask)?;
    let events: BTreeMap<Seq, Recorded> = selection.events;
    let withheld = selection.withheld;
    let made_at = if loaded.frame.simulated { loaded.frame.as_of_recorded_at } else { now };
    let genesis = ledger.genesis();
    Ok(Contents {
        ledger: LedgerName { origin: genesis.origin().to_owned(), id: genesis.ledger_id().0, simulated: genesis.simulated() },
        genesis: genesis.to_bytes(),
        rotations: ledger.key_statements()?,
        checkpoint,
        size: head.size,
        root: head.root,
        scope: pack::Scope { kind: asked.scope.kind(), ids: asked.scope.ids(), words: asked.scope.words() },
        complete,
        cut: (loaded.frame.as_of_seq, loaded.frame.as_of_recorded_at.to_string()),
        today: loaded.frame.today.to_string(),
        rule_set: loaded.frame.rule_set.clone(),
        part2,
        proof,
        consistency,
        sample: asked.sample.clone(),
        findings: findings::json(&loaded, &report, &mask)?,
        finding_count: report.findings.len() as u64,
        redactions: disclosed.redactions,
        redaction_words: made.redactions.clone(),
        supervision: people.supervision,
        credentials: people.credentials,
        cover: cover::cover(&report, &events, |seq| !withheld.contains(&seq), people.cover, &mask, made_at, asked.recipient.clone()),
        frames: disclosed.frames,
        keys: disclosed.keys,
    })
}

/// Writes the file under an unfinished name, records it, and gives it its name.
fn hand_over(dir: &Path, asked: &Asked, assembled: &Assembled, digest: &str, head: &Head, now: KnownAt) -> Result<Seq, AuditError> {
    let mut unfinished = asked.file.clone().into_os_string();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    let written = write(&unfinished, assembled).and_then(|()| record(dir, asked, digest, head, now));
    match written {
        Ok(seq) => {
            fs::rename(&unfinished, &asked.file).map_err(AuditError::at(&asked.file))?;
            Ok(seq)
        }
        Err(error) => {
            // The file is of no use without its record; that it cannot be removed changes nothing about the error.
            let _ = fs::remove_file(&unfinished);
            Err(error)
        }
    }
}

fn write(path: &Path, assembled: &Assembled) -> Result<(), AuditError> {
    let failed = AuditError::at(path);
    let mut file = BufWriter::new(File::create(path).map_err(&failed)?);
    assembled.write(&mut file).map_err(&failed)?;
    file.flush().map_err(&failed)?;
    file.get_ref().sync_all().map_err(&failed)
}

fn record(dir: &Path, asked: &Asked, digest: &str, head: &Head, now: KnownAt) -> Result<Seq, AuditError> {
    let mut ledger = Ledger::open_within(dir, PATIENCE)?;
    if !stands_beside(&ledger, head.size, is_no_erasure)? {
        return Err(overtaken("somebody was erased"));
    }
    let text = |t: &str| Text::parse(t).map_err(|m| AuditError::asked(m.found, "a pack cannot be recorded with this text"));
    let event = PackExported {
        pack: text(digest)?,
        scope: text(&asked.scope.recorded(&ledger))?,
        size: head.size,
        root: text(&head.root.to_string())?,
        recipient: asked.recipient.as_deref().map(text).transpose()?,
    };
    let receipt = ledger.append(&[Draft::bare(event)], Expect::Any, now).map_err(appending)?;
    ledger.sign_checkpoint()?;
    Ok(Seq(receipt.head.size.saturating_sub(1)))
}
