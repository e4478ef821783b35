//! Workbooks and CSV files of any columns, met while paths are walked: which of their tables is read by which mapping.
//! Every sheet is read, or passed over with a reason that is said.

use std::path::Path;
use std::sync::Arc;

use domain::field::{FieldProblem, Mismatch};
use sheets::{Limits, Refusal, Workbook};

use crate::format::Separator;
use crate::mapping::file::Mapping;
use crate::mapping::fit::{Answer, Fitting, Mapped, choose, choose_csv};
use crate::mapping::rule::{Table, header_key};
use crate::mapping::sheet;
use crate::problem::{Problem, ProblemKind};

/// What of a file is read by mappings.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Its tables: one for a CSV file, one for every sheet that is read.
    pub(crate) tables: Vec<Arc<Mapped>>,
    /// Between the cells, in a CSV file.
    pub(crate) separator: Option<Separator>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) notices: Vec<String>,
}

/// A workbook's name with one of its sheets.
pub(crate) fn sheet_name(display: &str, sheet: &str) -> String {
    format!("{display}[{sheet}]")
}

/// Whether a file begins as workbooks do.
pub(crate) fn is_workbook(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xD0\xCF\x11\xE0")
}

pub(crate) fn refusal(display: &str, refusal: Refusal) -> Problem {
    let Refusal { found, wanted, hint } = refusal;
    Problem::unreadable(display, Mismatch { found, wanted, hint: Some(hint) })
}

/// Looks at the sheets of a workbook.
pub(crate) fn workbook(path: &Path, display: &str, maps: &[Mapping]) -> Found {
    let mut found = Found::default();
    match sheet::open(path, &Limits::default()) {
        Ok(book) => sheets(book, display, maps, &mut found),
        Err(error) => found.problems.push(refusal(display, error)),
    }
    found
}

fn sheets(mut book: Workbook, display: &str, maps: &[Mapping], found: &mut Found) {
    if book.counts_from_1904() {
        found.notices.push("counts its days from 1904, as the workbooks of old Macs do; its dates are read so".into());
    }
    let mut misses: Vec<(String, Vec<FieldProblem>)> = Vec::new();
    for one in book.sheets().to_vec() {
        let named = |t: &Table| t.sheet.as_deref().is_some_and(|s| header_key(s) == header_key(&one.name));
        let is_named = maps.iter().flat_map(|m| &m.tables).any(named);
        if one.hidden && !is_named {
            found.notices.push(format!("the sheet {:?} is hidden and was not read; a mapping that names it reads it", one.name));
            continue;
        }
        let place = sheet_name(display, &one.name);
        let candidates = match sheet::candidates(&mut book, &one.name) {
            Ok(candidates) => candidates,
            Err(error) => {
                found.problems.push(refusal(&place, error));
                continue;
            }
        };
        if candidates.is_empty() {
            found.notices.push(format!("the sheet {:?} is empty", one.name));
            continue;
        }
        let all = maps.iter().flat_map(|m| m.tables.iter().map(move |t| (m, t)));
        // A table made for this sheet, or else one that is made for none.
        let mine = all.filter(|(_, t)| if is_named { named(t) } else { t.sheet.is_none() });
        match choose(mine, &candidates, true) {
            Answer::Fits(fitting) => take(*fitting, Some(one.name), found),
            Answer::Several(from) => found.problems.push(several(&place, &from)),
            Answer::Misses(problems) if is_named => found.problems.extend(missing(&place, problems)),
            Answer::Misses(problems) => misses.push((one.name, problems)),
        }
    }
    absent_sheets(&book, maps, found);
    if found.tables.is_empty() && found.problems.is_empty() {
        // The sheet that comes closest says what the mapping lacks.
        let closest = misses.into_iter().filter(|(_, p)| !p.is_empty()).min_by_key(|(_, p)| p.len());
        match closest {
            Some((name, problems)) => found.problems.extend(missing(&sheet_name(display, &name), problems)),
            None => {
                let mismatch = Mismatch::new("no sheet that a mapping reads", "a sheet with the name that the mapping gives");
                found.problems.push(Problem::unreadable(display, mismatch.hint("`countersign map --guess` proposes a mapping for a file")));
            }
        }
    } else {
        found.notices.extend(misses.into_iter().map(|(name, _)| format!("the sheet {name:?} was not read: no mapping has its columns")));
    }
}

/// Sheets that the mappings of the workbook name and it does not have: a night's export may lack one.
fn absent_sheets(book: &Workbook, maps: &[Mapping], found: &mut Found) {
    let has = |sheet: &String| book.sheets().iter().any(|s| header_key(&s.name) == header_key(sheet));
    for mapping in maps {
        let (here, absent): (Vec<&String>, Vec<&String>) = mapping.tables.iter().filter_map(|t| t.sheet.as_ref()).partition(|s| has(s));
        if !here.is_empty() && !absent.is_empty() {
            let absent: Vec<String> = absent.into_iter().map(|s| format!("{s:?}")).collect();
            found.notices.push(format!("sheets that the mapping {} reads are not there: {}", mapping.file, absent.join(", ")));
        }
    }
}

/// Looks at a CSV file; none when no mapping comes anywhere near it.
pub(crate) fn csv(path: &Path, display: &str, head: &str, maps: &[Mapping]) -> Found {
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let (separator, answer) = choose_csv(maps, &stem, head);
    let mut found = Found { separator: Some(separator), ..Found::default() };
    match answer {
        Answer::Fits(fitting) => take(*fitting, None, &mut found),
        Answer::Several(from) => found.problems.push(several(display, &from)),
        Answer::Misses(problems) => found.problems.extend(missing(display, problems)),
    }
    found
}

fn take(fitting: Fitting, sheet: Option<String>, found: &mut Found) {
    let Fitting { bound, header_row, unused, .. } = fitting;
    if !unused.is_empty() {
        let named: Vec<String> = unused.iter().map(|name| format!("{name:?}")).collect();
        let which = sheet.as_deref().map_or(String::new(), |s| format!("the sheet {s:?}: "));
        found.notices.push(format!("{which}columns that the mapping does not use: {}; ignore = [...] says that this is meant", named.join(", ")));
    }
    found.tables.push(Arc::new(Mapped::new(bound, header_row, sheet)));
}

fn several(display: &str, from: &[String]) -> Problem {
    let mismatch = Mismatch::new(format!("a table that several mappings read alike: {}", from.join(", ")), "one mapping for a table");
    Problem::unreadable(display, mismatch.hint("give the one that is meant, or say its sheet in each"))
}

fn missing(display: &str, problems: Vec<FieldProblem>) -> Vec<Problem> {
    let problems = if problems.is_empty() {
        vec![FieldProblem { field: String::new(), mismatch: Mismatch::new("a table that no mapping reads", "a mapping with its columns") }]
    } else {
        problems
    };
    problems.into_iter().map(|p| Problem::new(ProblemKind::Unreadable, display, 0, p)).collect()
}
