//! A stream of FHIR to drafts, resource by resource, and at its end what was passed over, counted by kind.
//! A resource that is refused stops nothing: what follows it is read.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read};
use std::sync::Arc;

use domain::Draft;
use domain::field::{FieldProblem, Mismatch};

use crate::convert::{Made, convert, not_json};
use crate::groups::Groups;
use crate::mapping::Mapping;
use crate::resource::{Bundle, Entry, kind_of};
use crate::texts::{MAX_RESOURCE, Piece, Texts};

/// Bundles within bundles that are followed, as the answer to a batch has them. Each is read once more for every one around it.
pub(crate) const MAX_NESTED: usize = 4;

/// Resources of one bundle whose refusal is told one by one; of more, how many there were.
const MAX_REFUSED: u64 = 10_000;

/// Kinds counted by name; a file that makes up more has the rest counted together.
const MAX_KINDS: usize = 100;

/// What comes next.
#[derive(Debug)]
pub enum Item {
    /// The events of a resource; none for one that is passed over.
    Drafts(Vec<Draft>),
    /// A resource that is refused, with all that is wrong with it.
    Refused(Vec<FieldProblem>),
    /// At the end: what was passed over, in words.
    Passed(String),
}

/// Reads FHIR.
#[derive(Debug)]
pub struct Reader<R> {
    texts: Texts<R>,
    mapping: Arc<Mapping>,
    groups: Arc<Groups>,
    /// Resources of a bundle that stood on one line.
    waiting: VecDeque<(u64, Item)>,
    passed: BTreeMap<String, u64>,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Reads NDJSON, single resources or bundles; which it is, the beginning tells.
    pub fn new(reader: R, mapping: Arc<Mapping>) -> Self {
        Self { texts: Texts::new(reader), mapping, groups: Arc::default(), waiting: VecDeque::new(), passed: BTreeMap::new(), ended: false }
    }

    /// The same with the groups that encounters may name, of this file and of others.
    #[must_use]
    pub fn with_groups(self, groups: Arc<Groups>) -> Self {
        Self { groups, ..self }
    }

    /// The next resource with the line it begins on, from 1. Resources that mean nothing to the ledger are counted on the way.
    ///
    /// # Errors
    /// What the reader gives; it is the end.
    pub fn next_item(&mut self) -> io::Result<Option<(u64, Item)>> {
        loop {
            if let Some(item) = self.waiting.pop_front() {
                return Ok(Some(item));
            }
            if self.ended {
                return Ok(None);
            }
            let mut met = Met { mapping: &self.mapping, groups: &self.groups, passed: &mut self.passed, waiting: &mut self.waiting, refused: 0 };
            match self.texts.next_piece()? {
                None => {
                    self.ended = true;
                    if !self.passed.is_empty() {
                        return Ok(Some((0, Item::Passed(counted(&self.passed)))));
                    }
                }
                Some(Piece::Overlong(line)) => {
                    let mismatch = Mismatch::new("a resource of more than 16 MiB", format!("a resource of at most {MAX_RESOURCE} bytes"));
                    let mismatch = mismatch.hint("export notes without their attachments: only metadata are read");
                    return Ok(Some((line, Item::Refused(vec![FieldProblem { field: String::new(), mismatch }]))));
                }
                Some(Piece::Broken(line, why)) => {
                    let mismatch = Mismatch::new(why, "FHIR resources in JSON").hint("the file seems cut off or damaged: export or copy it again");
                    return Ok(Some((line, Item::Refused(vec![FieldProblem { field: String::new(), mismatch }]))));
                }
                Some(Piece::Text(line, bytes)) => match std::str::from_utf8(bytes) {
                    Ok(text) => {
                        met.text(line, text, 0);
                        met.tell_rest(line);
                    }
                    Err(error) => {
                        let found = format!("a byte at {} that is not UTF-8", error.valid_up_to() + 1);
                        let mismatch = Mismatch::new(found, "UTF-8 text").hint("FHIR is always UTF-8: export it again");
                        met.waiting.push_back((line, Item::Refused(vec![FieldProblem { field: String::new(), mismatch }])));
                    }
                },
            }
        }
    }
}

/// What was met while one text is read.
struct Met<'r> {
    mapping: &'r Mapping,
    groups: &'r Groups,
    passed: &'r mut BTreeMap<String, u64>,
    waiting: &'r mut VecDeque<(u64, Item)>,
    /// Resources of the text that were refused.
    refused: u64,
}

impl Met<'_> {
    /// A resource, a bundle, or an entry of one, within so many bundles.
    fn text(&mut self, line: u64, text: &str, depth: usize) {
        let mut lines = Lines { text, at: 0, line };
        match kind_of(text) {
            Ok(Some(kind)) if kind == "Bundle" && depth > MAX_NESTED => {
                let mismatch = Mismatch::new(format!("a bundle within {depth} others"), "a bundle of resources").hint("export the resources themselves");
                self.refuse(line, vec![FieldProblem { field: "Bundle".into(), mismatch }]);
            }
            Ok(Some(kind)) if kind == "Bundle" => match serde_json::from_str::<Bundle<'_>>(text) {
                Ok(bundle) => bundle.entry.iter().for_each(|entry| self.text(lines.of(entry.get()), entry.get(), depth + 1)),
                Err(error) => self.refuse(line, vec![not_json(&error)]),
            },
            Ok(None) if text.trim_start().starts_with('{') => match serde_json::from_str::<Entry<'_>>(text) {
                Ok(Entry { resource: Some(resource), .. }) => self.resource(lines.of(resource.get()), resource.get()),
                // An entry that only says what to delete or to search for.
                Ok(Entry { full_url, request, .. }) if full_url.is_some() || request.is_some() => self.pass("Bundle entry without a resource"),
                Ok(_) | Err(_) => self.resource(line, text),
            },
            Ok(_) | Err(_) => self.resource(line, text),
        }
    }

    fn resource(&mut self, line: u64, text: &str) {
        match convert(text, self.mapping, self.groups) {
            Made::Drafts(drafts, passed) => {
                passed.into_iter().for_each(|what| self.pass(what));
                if !drafts.is_empty() {
                    self.waiting.push_back((line, Item::Drafts(drafts)));
                }
            }
            Made::Refused(problems) => self.refuse(line, problems),
            Made::Passed(what) => self.pass(&what),
        }
    }

    /// What waits is held in memory: three bytes make an entry that is refused, and words about it take a hundred times as many.
    fn refuse(&mut self, line: u64, problems: Vec<FieldProblem>) {
        self.refused += 1;
        if self.refused <= MAX_REFUSED {
            self.waiting.push_back((line, Item::Refused(problems)));
        }
    }

    fn tell_rest(&mut self, line: u64) {
        if let Some(rest @ 1..) = self.refused.checked_sub(MAX_REFUSED) {
            let mismatch = Mismatch::new(format!("{rest} more resources that are refused"), "a bundle of FHIR resources");
            self.waiting.push_back((line, Item::Refused(vec![FieldProblem { field: "Bundle".into(), mismatch }])));
        }
    }

    fn pass(&mut self, what: &str) {
        let what = if self.passed.len() >= MAX_KINDS && !self.passed.contains_key(what) { "of further kinds" } else { what };
        match self.passed.get_mut(what) {
            Some(count) => *count += 1,
            None => {
                self.passed.insert(what.to_owned(), 1);
            }
        }
    }
}

/// Lines of a text, counted once however many parts are asked for.
struct Lines<'t> {
    text: &'t str,
    /// How far lines are counted.
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which a part begins, a slice of the text that does not lie before the one asked for last.
    fn of(&mut self, part: &str) -> u64 {
        let to = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        self.line += self.text.as_bytes().get(self.at..to).map_or(0, |between| memchr::memchr_iter(b'\n', between).count() as u64);
        self.at = self.at.max(to);
        self.line
    }
}

/// `passed over: 412 Observation, 3 Encounter not finished`.
fn counted(passed: &BTreeMap<String, u64>) -> String {
    let kinds: Vec<String> = passed.iter().map(|(what, count)| format!("{count} {what}")).collect();
    format!("passed over, because they mean nothing to the ledger: {}", kinds.join(", "))
}
