//! Whether a draft may be appended: its key, its time, the id it introduces, what it corrects or retracts, whether its subject was erased.
//! It refuses to judge the fact itself; what agrees with itself and contradicts no key goes in.

use std::collections::{BTreeMap, BTreeSet};

use domain::consistency::Introduced;
use domain::event::Findings;
use domain::field::{Kind, Raw};
use domain::{Draft, Event, IndividualId, KnownAt, PersonId, Seq, TargetRef};
use rustc_hash::FxHashMap;
use vault::{Pseudonym, VaultError};

use crate::batch::Batch;
use crate::block::Frame;
use crate::core::read_event;
use crate::encode::Encoded;
use crate::error::LedgerError;
use crate::keys::{Fingerprints, KeyKind};
use crate::outcome::{Outcome, Refusal};
use crate::people::{People, Pseudonyms, Resolver, erased_name};
use crate::store::Rows;
use crate::wire::seals::Place;
use crate::wire::v1::{self, changes, front::Front};

/// What a correction or retraction points at.
struct Target {
    seq: u64,
    event: Option<Event>,
}

/// Checks a draft against everything committed and staged, and stages it.
pub(crate) fn push(batch: &mut Batch<'_>, draft: &Draft) -> Result<Outcome, LedgerError> {
    let recorded_at = match batch.time_of(draft) {
        Ok(at) => at,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    let target = match draft.event.amends() {
        None => None,
        Some(target) => match find_target(batch, target)? {
            Some(found) => Some(found),
            None => return Ok(Outcome::Refused(Refusal::UnknownTarget { target: target.as_str().to_owned() })),
        },
    };
    let corrected = target.as_ref().and_then(|t| t.event.as_ref()).filter(|_| matches!(draft.event, Event::Findings(Findings::EventCorrected(_))));
    let subject = subject_of(corrected.unwrap_or(&draft.event), &mut batch.edge.pseudonyms);
    let fingerprints = batch.edge.keys.fingerprints();
    let encoded = batch.encoder.event(draft, &mut batch.edge.pseudonyms, subject, corrected.map(Event::schema), fingerprints);
    let encoded = match encoded {
        Ok(encoded) => encoded,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    if let Some(outcome) = known_key(batch, draft, &encoded)? {
        if matches!(outcome, Outcome::AlreadyThere(_)) {
            batch.already_there += 1;
        }
        return Ok(outcome);
    }
    let fingerprints = batch.edge.keys.fingerprints();
    let introduced = draft.event.introduces().map(|introduced| (introduced_fingerprint(fingerprints, &introduced), introduced));
    if let Some(refusal) = refusal_of(batch, draft, recorded_at, target.as_ref(), introduced.as_ref())? {
        return Ok(Outcome::Refused(refusal));
    }
    stage(batch, draft, recorded_at, target.as_ref(), introduced.map(|(fingerprint, _)| fingerprint), encoded)
}

/// Seqs under a fingerprint, committed and staged.
fn candidates(batch: &mut Batch<'_>, fingerprint: u64) -> Result<Vec<u64>, LedgerError> {
    let mut found = batch.edge.keys.find(batch.staging.rows(), &mut batch.edge.filter, fingerprint)?;
    batch.keys.find(fingerprint, &mut found);
    Ok(found)
}

/// The event at a seq; `None` when it cannot be interpreted.
fn event_at(batch: &mut Batch<'_>, seq: u64) -> Result<Option<v1::Read>, LedgerError> {
    batch.with_frame(seq, |batch, place, frame| {
        let mut resolver = Resolver::new(&batch.core.people, batch.staging.rows());
        Ok(read_event(place, frame.payload, &mut resolver)?.ok())
    })
}

fn source_of(batch: &mut Batch<'_>, seq: u64) -> Result<Option<String>, LedgerError> {
    batch.with_frame(seq, |_, _, frame| {
        let front = Front::read(frame.payload);
        Ok(front.ok().and_then(|front| front.source_id.map(str::to_owned)))
    })
}

fn find_target(batch: &mut Batch<'_>, target: &TargetRef) -> Result<Option<Target>, LedgerError> {
    let seq = match find_source(batch, target.as_str())? {
        Some(seq) => Some(seq),
        None => target.as_seq().map(|seq| seq.0).filter(|seq| *seq < batch.next_seq),
    };
    let Some(seq) = seq else { return Ok(None) };
    Ok(Some(Target { seq, event: event_at(batch, seq)?.map(|read| read.event) }))
}

/// The event with this source id.
fn find_source(batch: &mut Batch<'_>, source: &str) -> Result<Option<u64>, LedgerError> {
    let fingerprint = batch.edge.keys.fingerprints().of(KeyKind::Source, &[source.as_bytes()]);
    for seq in candidates(batch, fingerprint)? {
        if source_of(batch, seq)?.as_deref() == Some(source) {
            return Ok(Some(seq));
        }
    }
    Ok(None)
}

/// Whose key seals the confidential fields of an event.
fn subject_of(event: &Event, pseudonyms: &mut Pseudonyms) -> Pseudonym {
    let schema = event.schema();
    if !schema.fields.iter().any(|field| matches!(field.kind, Kind::BirthDate | Kind::Confidential)) {
        return Pseudonym([0; 16]);
    }
    for (name, value) in event.fields() {
        let Some(text) = value.as_text() else { continue };
        if name == "individual" && let Ok(id) = IndividualId::parse(text) {
            return pseudonyms.of_individual(&id);
        }
        if name == "person" && let Ok(id) = PersonId::parse(text) {
            return pseudonyms.of_person(&id);
        }
    }
    Pseudonym([0; 16])
}

/// Whether the draft's key is taken, by the same fact or by another.
fn known_key(batch: &mut Batch<'_>, draft: &Draft, encoded: &Encoded) -> Result<Option<Outcome>, LedgerError> {
    let source = draft.envelope.source_id.as_ref();
    if source.is_none() && matches!(draft.event, Event::Ledger(_)) {
        // What the ledger does twice happened twice.
        return Ok(None);
    }
    for seq in candidates(batch, encoded.fingerprint)? {
        if source_of(batch, seq)?.as_deref() != source.map(|id| id.as_str()) {
            continue;
        }
        let differing = match event_at(batch, seq)? {
            Some(stored) if stored.event == draft.event => Vec::new(),
            Some(stored) => differences(&stored, &draft.event, &mut batch.edge.pseudonyms, &batch.core.people),
            // A fact that cannot be read any more because its subject was erased is taken to be the one that comes again.
            None => batch.with_frame(seq, |_, _, frame| Ok(if frame.tag == encoded.tag { Vec::new() } else { vec!["type"] }))?,
        };
        if differing.is_empty() {
            return Ok(Some(Outcome::AlreadyThere(Seq(seq))));
        }
        if source.is_some() {
            return Ok(Some(Outcome::Refused(Refusal::Conflict { seq: Seq(seq), fields: differing })));
        }
    }
    Ok(None)
}

/// Fields in which a stored fact and a given one differ. What erasure took away is not a difference.
fn differences(stored: &v1::Read, given: &Event, pseudonyms: &mut Pseudonyms, people: &People) -> Vec<&'static str> {
    let schema = stored.event.schema();
    if schema != given.schema() {
        return vec!["type"];
    }
    let mut masked = |id: &str| {
        let who = IndividualId::parse(id).ok().map(|id| pseudonyms.of_individual(&id)).filter(|who| people.is_erased(*who))?;
        erased_name(who).ok()
    };
    let fields = schema.fields.iter().zip(stored.event.fields()).zip(given.fields());
    let differing = fields.filter(|((field, (_, old)), (_, new))| {
        let lost = stored.erased > 0 && matches!(field.kind, Kind::BirthDate | Kind::Confidential | Kind::Changes);
        !same(old, new, lost, &mut masked)
    });
    differing.map(|((field, _), _)| field.name).collect()
}

/// Whether a stored value is the given one, or what erasure left of it: a masked id, or nothing where values were lost.
fn same(stored: &Raw<'_>, given: &Raw<'_>, lost: bool, masked: &mut dyn FnMut(&str) -> Option<IndividualId>) -> bool {
    match (stored, given) {
        (Raw::Null, _) if lost => true,
        (Raw::Text(old), Raw::Text(new)) => old == new || masked(new).is_some_and(|name| name.as_str() == old),
        (Raw::List(old), Raw::List(new)) => old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new, lost, masked)),
        (Raw::Record(old), Raw::Record(new)) => {
            let left = |name: &str| old.iter().find(|(known, _)| known == name);
            let known = old.iter().all(|(name, _)| new.iter().any(|(given, _)| given == name));
            known && new.iter().all(|(name, new)| left(name).map_or(lost, |(_, old)| same(old, new, lost, masked)))
        }
        (old, new) => old == new,
    }
}

/// Everything else that can speak against a draft whose key is new.
fn refusal_of(
    batch: &mut Batch<'_>,
    draft: &Draft,
    recorded_at: i64,
    target: Option<&Target>,
    introduced: Option<&(u64, Introduced)>,
) -> Result<Option<Refusal>, LedgerError> {
    if recorded_at < batch.last_at {
        let (earliest, given) = (KnownAt::from_micros(batch.last_at), KnownAt::from_micros(recorded_at));
        return Ok(Some(Refusal::RecordedAtBackwards { earliest, given }));
    }
    if let Some(entered_at) = draft.envelope.entered_at.filter(|at| at.micros() > recorded_at) {
        return Ok(Some(Refusal::EnteredAfterRecorded { entered_at, recorded_at: KnownAt::from_micros(recorded_at) }));
    }
    if let Some(target) = target
        && let Some(refusal) = refused_amendment(batch, draft, target)?
    {
        return Ok(Some(refusal));
    }
    if let Some((fingerprint, introduced)) = introduced
        && let Some(first) = find_introduced(batch, *fingerprint, introduced)?
    {
        return Ok(Some(Refusal::IntroducedTwice { first: Seq(first), field: introduced.field, id: introduced.id.clone() }));
    }
    Ok(None)
}

fn refused_amendment(batch: &mut Batch<'_>, draft: &Draft, target: &Target) -> Result<Option<Refusal>, LedgerError> {
    if matches!(target.event, Some(Event::Ledger(_))) {
        return Ok(Some(Refusal::TargetIsLedgers { target: Seq(target.seq) }));
    }
    let Event::Findings(Findings::EventCorrected(correction)) = &draft.event else { return Ok(None) };
    let Some(original) = &target.event else {
        // An event this program cannot interpret may be retracted, but not corrected.
        return Ok(Some(Refusal::UnknownTarget { target: correction.target.as_str().to_owned() }));
    };
    if let Event::Findings(Findings::EventCorrected(_)) = original {
        let original = batch.with_frame(target.seq, |_, _, frame| {
            let front = Front::read(frame.payload);
            Ok(front.ok().and_then(|front| front.target))
        })?;
        let (correction, original) = (Seq(target.seq), Seq(original.unwrap_or(target.seq)));
        return Ok(Some(Refusal::TargetIsCorrection { correction, original }));
    }
    if let Some((field, _)) = correction.fields.0.iter().find(|(name, _)| original.fixed_fields().contains(&name.as_str())) {
        return Ok(Some(Refusal::FixedField { field: field.clone() }));
    }
    if let Err(problems) = original.corrected(&correction.fields.0) {
        return Ok(Some(Refusal::InvalidCorrection(problems)));
    }
    let too_deep = correction.fields.0.iter().any(|(_, value)| changes::depth(value) > changes::MAX_DEPTH);
    Ok(too_deep.then_some(Refusal::TooLarge))
}

/// The event that introduced an id and was not retracted.
fn find_introduced(batch: &mut Batch<'_>, fingerprint: u64, introduced: &Introduced) -> Result<Option<u64>, LedgerError> {
    for seq in candidates(batch, fingerprint)? {
        let same = event_at(batch, seq)?.is_some_and(|read| read.event.introduces().as_ref() == Some(introduced));
        if same && !is_retracted(batch.staging.rows(), &batch.amendments, seq)? {
            return Ok(Some(seq));
        }
    }
    Ok(None)
}

pub(crate) fn introduced_fingerprint(fingerprints: Fingerprints, introduced: &Introduced) -> u64 {
    fingerprints.of(KeyKind::Introduced, &[introduced.field.as_bytes(), b"/", introduced.id.as_bytes()])
}

/// Corrections and retractions that are not committed yet, by target.
pub(crate) type StagedAmendments = FxHashMap<u64, Vec<(u64, bool)>>;

/// Whether an event is retracted by a retraction that is not retracted itself.
pub(crate) fn is_retracted(rows: &dyn Rows, staged: &StagedAmendments, seq: u64) -> Result<bool, LedgerError> {
    let mut retractions: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    let mut open = BTreeSet::from([seq]);
    while let Some(target) = open.pop_first() {
        let committed = rows.amendments(target)?;
        let staged = staged.get(&target).into_iter().flatten().copied();
        let by: Vec<u64> = committed.into_iter().chain(staged).filter(|(_, retraction)| *retraction).map(|(by, _)| by).collect();
        open.extend(&by);
        retractions.insert(target, by);
    }
    // A retraction lies after what it retracts, so the last ones are settled first.
    let mut retracted: BTreeMap<u64, bool> = BTreeMap::new();
    for (target, by) in retractions.iter().rev() {
        let is = by.iter().any(|by| !retracted.get(by).copied().unwrap_or(false));
        retracted.insert(*target, is);
    }
    Ok(retracted.get(&seq).copied().unwrap_or(false))
}

/// Seals, encodes and stages a draft that nothing speaks against.
fn stage(
    batch: &mut Batch<'_>,
    draft: &Draft,
    recorded_at: i64,
    target: Option<&Target>,
    introduced: Option<u64>,
    encoded: Encoded,
) -> Result<Outcome, LedgerError> {
    let seq = batch.next_seq;
    let place = Place { ledger_id: batch.core.genesis.ledger_id(), seq, recorded_at, tag: encoded.tag, schema: v1::SCHEMA };
    let mut values = Vec::with_capacity(encoded.values.len());
    let mut introductions = Vec::new();
    let introduced_before = |who: &Pseudonym| batch.edge.introduced.contains(who) || batch.introduced.contains_key(who);
    if !encoded.values.is_empty() || !encoded.individuals.iter().all(|(who, _)| introduced_before(who)) {
        let mut vault = batch.core.people.vault.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut key_of = |who| match vault.subject_key_or_create(who) {
            Ok(key) => Ok(Some(key)),
            Err(VaultError::Erased(_)) => Ok(None),
            Err(other) => Err(LedgerError::from(other)),
        };
        for (who, plain) in encoded.values {
            let Some(key) = key_of(who)? else {
                let named = encoded.individuals.iter().find(|(known, _)| *known == who);
                return Ok(Outcome::Refused(Refusal::SubjectErased { individual: named.map(|(_, id)| id.as_str().to_owned()) }));
            };
            values.push((who, plain, key));
        }
        for (who, id) in encoded.individuals {
            if batch.edge.introduced.contains(&who) || batch.introduced.contains_key(&who) {
                continue;
            }
            let Some(key) = key_of(who)? else {
                return Ok(Outcome::Refused(Refusal::SubjectErased { individual: Some(id.as_str().to_owned()) }));
            };
            if batch.staging.rows().introduced_at(who)?.is_some() {
                batch.edge.introduced.insert(who);
            } else {
                introductions.push((who, id, key));
            }
        }
    }
    let target = target.map(|target| Seq(target.seq));
    let mut encoder = std::mem::take(&mut batch.encoder);
    let payload = encoder.payload(draft, target, &place, &values, &introductions, &mut batch.edge.pseudonyms);
    let staged = match payload {
        Ok(payload) => batch.stage(Frame { recorded_at, tag: encoded.tag, schema: v1::SCHEMA, payload }).map(Outcome::Appended),
        Err(refusal) => Ok(Outcome::Refused(refusal)),
    };
    batch.encoder = encoder;
    if let Ok(Outcome::Appended(_)) = staged {
        for (who, id, _) in introductions {
            batch.core.people.remember(who, &id);
            batch.introduced.insert(who, seq);
        }
        batch.keys.insert(encoded.fingerprint, seq);
        if let Some(fingerprint) = introduced {
            batch.keys.insert(fingerprint, seq);
        }
        if let Some(target) = target {
            let retraction = matches!(draft.event, Event::Findings(Findings::EventRetracted(_)));
            batch.amendments.entry(target.0).or_default().push((seq, retraction));
        }
    }
    staged
}
