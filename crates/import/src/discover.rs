//! Paths to the files that will be read: directories walked, each file surveyed and recognised, all put in their order.
//! Leaves nothing out silently: what is not read is a problem, or a notice that says why.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::event::{Event, TypeSchema};
use domain::field::{FieldProblem, Mismatch};

use crate::bulk::{self, Bulk};
use crate::encoding::Encoding;
use crate::format::{self, Format, Looks};
use crate::json;
use crate::mapping::{self, Mapped, Mapping};
use crate::problem::{Notice, Problem, ProblemKind, Problems};
use crate::survey::Survey;

/// A file that will be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// The path as it is shown to people.
    pub display: String,
    /// What it is.
    pub format: Format,
    /// How its text is encoded.
    pub encoding: Encoding,
    /// blake3 of the whole file: the provenance of every event in it.
    pub digest: [u8; 32],
    /// Its length.
    pub bytes: u64,
    /// Files given in a row, or the files of one directory, are a group; groups are read in the order given.
    group: usize,
    /// Place in events.md of the file's type, or of the type of its first line.
    rank: usize,
    /// How its columns are read, where a mapping says so.
    mapped: Option<Arc<Mapped>>,
    /// How its resources are read, if it is of FHIR.
    bulk: Option<Arc<Bulk>>,
}

impl Source {
    pub(crate) fn mapped(&self) -> Option<&Arc<Mapped>> {
        self.mapped.as_ref()
    }

    pub(crate) fn bulk(&self) -> Option<&Arc<Bulk>> {
        self.bulk.as_ref()
    }
}

/// What was found under the paths given.
#[derive(Debug)]
pub struct Discovered {
    /// The files to read, in the order in which a ledger that is not simulated takes them: by group, then in the order of
    /// the vocabulary (programs before contacts, corrections last), then by path.
    pub sources: Vec<Source>,
    /// What cannot be read.
    pub problems: Problems,
    /// What was passed over and why, and encodings that were guessed.
    pub notices: Vec<Notice>,
}

impl Discovered {
    /// The groups in the FHIR files, which sessions in any of them may name.
    pub fn groups(&self) -> Arc<fhir::Groups> {
        Arc::new(bulk::groups(self.sources.iter().filter(|s| s.format == Format::Fhir)))
    }

    /// Has FHIR files read by an agency's own mapping instead of the tables that hold everywhere, and with the groups that their sessions may name.
    pub fn read_fhir_by(&mut self, mapping: fhir::Mapping, groups: &Arc<fhir::Groups>) {
        let mapping = Arc::new(mapping);
        for source in self.sources.iter_mut().filter(|s| s.format == Format::Fhir) {
            source.bulk = Some(Arc::new(Bulk::new(Arc::clone(&mapping), Arc::clone(groups))));
        }
    }
}

/// Problems of files kept; beyond it they are counted.
const MAX_PROBLEMS: usize = 1_000;

/// Directories within directories; deeper is a mistake, or a trap.
const MAX_DEPTH: usize = 32;

/// Names of documents for people; one beside the exports of a directory is passed over, whereas a workbook is refused.
const DOCUMENTS: &[&str] = &["md", "html", "htm", "pdf", "docx"];

/// Finds the files under `paths`: each file is read once from end to end for its digest. `as_type` is the type of every CSV file among them.
pub fn discover(paths: &[PathBuf], as_type: Option<&str>) -> Discovered {
    discover_mapped(paths, as_type, &[])
}

/// The same, where workbooks, and CSV files not named like an event type, are read by the mapping whose columns they have.
pub fn discover_mapped(paths: &[PathBuf], as_type: Option<&str>, maps: &[Mapping]) -> Discovered {
    let mut walk = Walk {
        maps,
        found: Discovered { sources: Vec::new(), problems: Problems::new(MAX_PROBLEMS), notices: Vec::new() },
        as_type: None,
        seen: BTreeSet::new(),
        group: 0,
    };
    match as_type.map(format::importable).transpose() {
        Ok(schema) => walk.as_type = schema,
        Err(mismatch) => {
            let problem = FieldProblem { field: String::new(), mismatch };
            walk.found.problems.push(Problem::new(ProblemKind::Unreadable, "--as", 0, problem));
            return walk.found;
        }
    }
    let mut after_directory = false;
    for path in paths {
        let is_directory = path.is_dir();
        walk.group += usize::from(is_directory || after_directory);
        after_directory = is_directory;
        if is_directory { walk.directory(path, 0) } else { walk.file(path, true) }
    }
    let mut found = walk.found;
    found.sources.sort_by(|a, b| (a.group, a.rank, &a.path).cmp(&(b.group, b.rank, &b.path)));
    found
}

struct Walk<'m> {
    found: Discovered,
    maps: &'m [Mapping],
    as_type: Option<&'static TypeSchema>,
    /// Real paths of files and directories met, so that links in a circle end and no file is read twice.
    seen: BTreeSet<PathBuf>,
    group: usize,
}

impl Walk<'_> {
    fn directory(&mut self, path: &Path, depth: usize) {
        if self.is_repeated(path) {
            return;
        }
        if depth > MAX_DEPTH {
            return self.notice(path, format!("passed over: more than {MAX_DEPTH} directories deep"));
        }
        let entries = fs::read_dir(path).and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>());
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(path, &error),
        };
        entries.sort();
        for entry in entries {
            let name = entry.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            if name.starts_with('.') {
                self.notice(&entry, "passed over: a hidden file".into());
            } else if entry.is_dir() {
                self.directory(&entry, depth + 1);
            } else {
                self.file(&entry, false);
            }
        }
    }

    /// Takes a file in. One `named` by the caller must be readable; one met in a directory is passed over when it is of no known kind.
    fn file(&mut self, path: &Path, named: bool) {
        match fs::metadata(path) {
            Err(error) => return self.unreadable(path, &error),
            Ok(meta) if !meta.is_file() => {
                return self.refuse(path, Mismatch::new("something that is not a file", "a file or a directory"));
            }
            Ok(_) => {}
        }
        if self.is_repeated(path) {
            return;
        }
        let survey = match Survey::of(path) {
            Ok(survey) => survey,
            Err(error) => return self.unreadable(path, &error),
        };
        let mark = Encoding::of_mark(&survey.head);
        let encoding = mark.unwrap_or(if survey.utf8 { Encoding::Utf8 } else { Encoding::Windows1252 });
        let text = encoding.head_text(&survey.head);
        let looks = self.as_named(path, format::looks(&survey.head, &text), &text);
        if !self.maps.is_empty() && self.is_mapped(path, named, looks, &survey, &text, encoding) {
            return;
        }
        match looks {
            Looks::Empty if survey.bytes > survey.head.len() as u64 => {
                self.refuse(path, Mismatch::new(format!("{} bytes of white space", survey.head.len()), "JSON Lines or CSV"));
            }
            Looks::Empty => self.notice(path, "passed over: the file is empty".into()),
            Looks::Foreign(what, _) if !named && DOCUMENTS.contains(&extension(path).as_str()) => {
                self.notice(path, format!("passed over: {what}"))
            }
            Looks::Foreign(what, hint) => self.refuse(path, format::foreign(what, hint)),
            Looks::Binary | Looks::Text if !named && self.csv_type(path).is_err() && !is_json_lines_name(path) => {
                let hint = match self.csv_type(path) {
                    Err(Mismatch { hint: Some(hint), .. }) if extension(path) == "csv" => format!("; {hint}"),
                    Ok(_) | Err(_) => String::new(),
                };
                self.notice(path, format!("passed over: the name is not that of an event type{hint}"));
            }
            Looks::Binary => {
                self.refuse(path, Mismatch::new("bytes that are not text", "JSON Lines or CSV").hint("save the file as UTF-8 text"))
            }
            Looks::JsonLines if !named && !is_json_lines_name(path) && !first_line_is_event(&text) => {
                self.notice(path, "passed over: JSON whose first line is not an event".into());
            }
            Looks::JsonLines => {
                // A line of JSON that is not UTF-8 is named by its number; guessing an encoding is for spreadsheets.
                let encoding = mark.unwrap_or(Encoding::Utf8);
                let rank = rank(first_type(&text).or_else(|| stem(path)).as_deref());
                self.source(path, Format::JsonLines, encoding, rank, survey);
            }
            Looks::Fhir => {
                let rank = rank(bulk::first_kind(&text).and_then(bulk::event_of));
                self.source(path, Format::Fhir, mark.unwrap_or(Encoding::Utf8), rank, survey);
            }
            Looks::X12 => self.source(path, Format::X12, Encoding::Utf8, rank(Some("claim_submitted")), survey),
            Looks::Text => match self.csv_type(path) {
                Ok(event_type) => {
                    let separator = format::separator(&text);
                    self.source(path, Format::Csv { event_type, separator }, encoding, rank(Some(event_type.name)), survey);
                }
                Err(mismatch) => {
                    let hint = mismatch.hint.map_or(String::new(), |hint| format!("; {hint}"));
                    let mismatch = Mismatch::new(
                        "text that is not JSON Lines, in a file whose name is not that of an event type",
                        "JSON Lines, or CSV named <type>.csv",
                    );
                    self.refuse(path, mismatch.hint(format!("say the type of its rows with --as TYPE{hint}")));
                }
            },
        }
    }

    /// A name that says JSON Lines counts where the beginning is damaged: the bad line is named like any other, and those after it
    /// are read. A first line that is an event is one whatever the lines after it hold.
    fn as_named(&self, path: &Path, looks: Looks, text: &str) -> Looks {
        let damaged = match looks {
            Looks::Text => true,
            Looks::Foreign(..) => text.trim_start().starts_with('['),
            Looks::Empty | Looks::JsonLines | Looks::Fhir | Looks::X12 | Looks::Binary => false,
        };
        if damaged && is_json_lines_name(path) && self.csv_type(path).is_err() || looks == Looks::Fhir && first_line_is_event(text) {
            Looks::JsonLines
        } else {
            looks
        }
    }

    /// Takes a table in that a mapping reads; false when the file is for no mapping.
    fn is_mapped(&mut self, path: &Path, named: bool, looks: Looks, survey: &Survey, text: &str, encoding: Encoding) -> bool {
        let display = path.display().to_string();
        let found = if mapping::is_workbook(&survey.head) && (named || !DOCUMENTS.contains(&extension(path).as_str())) {
            mapping::workbook(path, &display, self.maps)
        } else if looks == Looks::Text {
            let found = mapping::csv(path, &display, text, self.maps);
            // A file of one event type is read without a mapping, and a text that is no table is no business of one.
            let is_table = named || matches!(extension(path).as_str(), "csv" | "tsv");
            if !found.problems.is_empty() && (self.csv_type(path).is_ok() || !is_table) {
                return false;
            }
            found
        } else {
            return false;
        };
        found.problems.into_iter().for_each(|p| self.found.problems.push(p));
        found.notices.into_iter().for_each(|text| self.notice(path, text));
        if found.separator.is_some() && !found.tables.is_empty() {
            self.notice_encoding(path, encoding);
        }
        for mapped in found.tables {
            let display = mapped.sheet.as_deref().map_or_else(|| display.clone(), |sheet| mapping::sheet_name(&display, sheet));
            let format = found.separator.map_or(Format::MappedSheet, |separator| Format::MappedCsv { separator });
            let rank = rank(Some(mapped.bound.first_type()));
            let (path, digest, bytes, group) = (path.to_owned(), survey.digest, survey.bytes, self.group);
            self.found.sources.push(Source { path, display, format, encoding, digest, bytes, group, rank, mapped: Some(mapped), bulk: None });
        }
        true
    }

    /// The type of a CSV file: what the caller said, else its name.
    fn csv_type(&self, path: &Path) -> Result<&'static TypeSchema, Mismatch> {
        self.as_type.map_or_else(|| format::importable(&stem(path).unwrap_or_default()), Ok)
    }

    fn source(&mut self, path: &Path, format: Format, encoding: Encoding, rank: usize, survey: Survey) {
        self.notice_encoding(path, encoding);
        let Survey { digest, bytes, .. } = survey;
        let (path, display) = (path.to_owned(), path.display().to_string());
        let bulk = (format == Format::Fhir).then(|| Arc::new(Bulk::new(Arc::new(fhir::Mapping::standard()), Arc::default())));
        self.found.sources.push(Source { path, display, format, encoding, digest, bytes, group: self.group, rank, mapped: None, bulk });
    }

    fn notice_encoding(&mut self, path: &Path, encoding: Encoding) {
        match encoding {
            Encoding::Utf8 => {}
            Encoding::Utf16Le | Encoding::Utf16Be => self.notice(path, "read as UTF-16, as its first bytes say".into()),
            Encoding::Windows1252 => self.notice(path, "not UTF-8: read as Windows-1252; check letters with accents".into()),
        }
    }

    fn is_repeated(&mut self, path: &Path) -> bool {
        let repeated = fs::canonicalize(path).is_ok_and(|real| !self.seen.insert(real));
        if repeated {
            self.notice(path, "passed over: it is among the others already".into());
        }
        repeated
    }

    fn unreadable(&mut self, path: &Path, error: &std::io::Error) {
        self.refuse(path, Mismatch::new(error.to_string(), "a file that can be read"));
    }

    fn refuse(&mut self, path: &Path, mismatch: Mismatch) {
        self.found.problems.push(Problem::unreadable(&path.display().to_string(), mismatch));
    }

    fn notice(&mut self, path: &Path, text: String) {
        self.found.notices.push(Notice { file: path.display().to_string(), text });
    }
}

fn stem(path: &Path) -> Option<String> {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned())
}

fn extension(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

fn is_json_lines_name(path: &Path) -> bool {
    matches!(extension(path).as_str(), "jsonl" | "ndjson")
}

/// The `type` of the first line, if the line is whole within the beginning of the file.
fn first_type(text: &str) -> Option<String> {
    let line = text.lines().find(|line| !line.trim().is_empty())?;
    json::object(line).ok()?.event_type().map(str::to_owned)
}

fn first_line_is_event(text: &str) -> bool {
    first_type(text).is_some_and(|name| Event::schema_of(&name).is_some())
}

/// Place in the order of the vocabulary; files of no one type come last, with the corrections.
fn rank(event_type: Option<&str>) -> usize {
    Event::importable().position(|t| Some(t.name) == event_type).unwrap_or(usize::MAX)
}
