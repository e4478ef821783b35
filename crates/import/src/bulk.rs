//! FHIR files as events among the others: `fhir` reads them, this hands them on with their lines.
//! Takes no part in what a resource means; what was passed over is told when the file is read.

use std::fs::File;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use memchr::memmem;

use crate::batches::{Batch, Parsed};
use crate::discover::Source;
use crate::encoding::Utf8;

/// How a file of FHIR resources is read, and what was passed over in it.
#[derive(Debug)]
pub(crate) struct Bulk {
    mapping: Arc<fhir::Mapping>,
    /// Those of all files that are read together.
    groups: Arc<fhir::Groups>,
    passed: Mutex<Option<String>>,
}

impl Bulk {
    pub(crate) fn new(mapping: Arc<fhir::Mapping>, groups: Arc<fhir::Groups>) -> Self {
        Self { mapping, groups, passed: Mutex::new(None) }
    }

    /// What was passed over, once the file has been read.
    pub(crate) fn told(&self) -> Option<String> {
        self.passed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Two files are read alike; what was passed over in them is no part of what they are.
impl PartialEq for Bulk {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.mapping, &other.mapping)
    }
}

/// The resources of a file in batches.
pub(crate) struct Resources<R> {
    reader: fhir::Reader<R>,
    bulk: Arc<Bulk>,
    ended: bool,
}

impl<R: Read> Resources<R> {
    /// Events handed on together.
    const BATCH: usize = 256;

    pub(crate) fn new(reader: R, bulk: Arc<Bulk>) -> Self {
        Self { reader: fhir::Reader::new(reader, Arc::clone(&bulk.mapping)).with_groups(Arc::clone(&bulk.groups)), bulk, ended: false }
    }
}

impl<R: Read> Iterator for Resources<R> {
    type Item = Batch;
    fn next(&mut self) -> Option<Batch> {
        if self.ended {
            return None;
        }
        let mut out = Vec::with_capacity(Self::BATCH);
        while out.len() < Self::BATCH {
            match self.reader.next_item() {
                Ok(Some((line, fhir::Item::Drafts(drafts)))) => {
                    // The first event of a resource stands for it.
                    let rows = std::iter::once(1).chain(std::iter::repeat(0));
                    out.extend(drafts.into_iter().zip(rows).map(|(draft, rows)| Parsed { line, rows, result: Ok(draft) }));
                }
                Ok(Some((line, fhir::Item::Refused(problems)))) => out.push(Parsed { line, rows: 1, result: Err(problems) }),
                Ok(Some((_, fhir::Item::Passed(what)))) => *self.bulk.passed.lock().unwrap_or_else(PoisonError::into_inner) = Some(what),
                Ok(None) => {
                    self.ended = true;
                    return (!out.is_empty()).then_some(Ok(out));
                }
                Err(error) if out.is_empty() => {
                    self.ended = true;
                    return Some(Err(error));
                }
                // Told when it is asked for again: a reader that failed fails again.
                Err(_) => return Some(Ok(out)),
            }
        }
        Some(Ok(out))
    }
}

/// The groups in files, for the sessions in any of them. A file that cannot be read is told when its resources are.
pub(crate) fn groups<'s>(sources: impl Iterator<Item = &'s Source>) -> fhir::Groups {
    let mut groups = fhir::Groups::default();
    for source in sources {
        let open = || File::open(&source.path).map(|file| Utf8::new(file, source.encoding));
        if open().and_then(names_groups).unwrap_or(false) {
            let _ = open().and_then(|reader| groups.gather(reader));
        }
    }
    groups
}

/// Whether the word stands anywhere in a stream; nearly no file has it, and looking costs little beside reading resources.
fn names_groups(mut reader: impl Read) -> io::Result<bool> {
    const CHUNK: u64 = 1 << 18;
    let word = memmem::Finder::new(b"\"Group\"");
    let mut buffer = Vec::new();
    loop {
        let read = reader.by_ref().take(CHUNK).read_to_end(&mut buffer)?;
        if word.find(&buffer).is_some() {
            return Ok(true);
        }
        if read == 0 {
            return Ok(false);
        }
        // The word may be cut by the end of a chunk.
        buffer.drain(..buffer.len().saturating_sub(word.needle().len()));
    }
}

/// The event that the resources of a kind become, for the order in which files are read.
pub(crate) fn event_of(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "Practitioner" => "credential_granted",
        "PractitionerRole" => "person_engaged",
        "Patient" => "individual_registered",
        "EpisodeOfCare" => "admitted",
        "CarePlan" => "plan_created",
        "Encounter" => "contact_recorded",
        "DocumentReference" => "note_written",
        "Provenance" => "note_signed",
        _ => return None,
    })
}

/// The kind of the first resource of a file, as its beginning says it.
pub(crate) fn first_kind(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("\"resourceType\"")?;
    rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?.split('"').next()
}
