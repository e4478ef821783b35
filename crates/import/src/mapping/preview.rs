//! The first rows of a file as the events a mapping makes of them, with all that is wrong and all that was noticed.
//! Reads no further than it shows, appends nothing and needs no ledger.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::Draft;

use crate::batches::{Batch, Parsed};
use crate::discover::{Source, discover_mapped};
use crate::encoding::Utf8;
use crate::format::Format;
use crate::mapping::file::Mapping;
use crate::mapping::fit::Mapped;
use crate::mapping::rows::MappedCsv;
use crate::mapping::sheet::mapped_sheet;
use crate::problem::{Notice, Problem, Problems};
use crate::survey::Unchanged;

/// Problems kept of a preview.
const MAX_PROBLEMS: usize = 1_000;

/// What a mapping makes of a file.
#[derive(Debug)]
pub struct Preview {
    /// One for every table that is read.
    pub tables: Vec<PreviewTable>,
    /// What is wrong with the file or the mapping as a whole.
    pub problems: Problems,
    /// What was passed over or noticed.
    pub notices: Vec<Notice>,
}

/// The first rows of a CSV file or sheet.
#[derive(Debug)]
pub struct PreviewTable {
    /// The file, with the sheet of a workbook.
    pub name: String,
    /// Rows that give events or problems, in their order.
    pub rows: Vec<PreviewRow>,
    /// Whether there are more.
    pub more: bool,
}

/// What a row gives.
#[derive(Debug)]
pub struct PreviewRow {
    /// Its line or row, from 1.
    pub row: u64,
    /// Its events; a claim is told with its first row.
    pub drafts: Vec<Draft>,
    /// What is wrong with it; a row with a problem gives no event.
    pub problems: Vec<Problem>,
}

/// Reads the first `rows` rows of every table of a file.
pub fn preview(file: &Path, maps: &[Mapping], rows: usize) -> Preview {
    let found = discover_mapped(&[PathBuf::from(file)], None, maps);
    let mut preview = Preview { tables: Vec::new(), problems: Problems::new(MAX_PROBLEMS), notices: found.notices };
    for mapping in maps {
        mapping.gaps().into_iter().for_each(|gap| preview.problems.push(gap));
    }
    preview.problems.absorb(found.problems);
    for source in &found.sources {
        let Some(mapped) = source.mapped() else {
            let mismatch = domain::field::Mismatch::new(format!("{}, which is read without a mapping", source.format.name()), "a workbook, or CSV with columns of its own");
            preview.problems.push(Problem::unreadable(&source.display, mismatch));
            continue;
        };
        match table(source, mapped, rows) {
            Ok(table) => preview.tables.push(table),
            Err(error) => {
                let mismatch = domain::field::Mismatch::new(error.to_string(), "a file that can be read");
                preview.problems.push(Problem::unreadable(&source.display, mismatch));
            }
        }
        let told = mapped.told().into_iter().map(|text| Notice { file: source.display.clone(), text });
        preview.notices.extend(told);
    }
    preview
}

fn table(source: &Source, mapped: &Arc<Mapped>, rows: usize) -> std::io::Result<PreviewTable> {
    let mapped = Arc::clone(mapped);
    let batches: Box<dyn Iterator<Item = Batch>> = match source.format {
        Format::MappedCsv { separator } => {
            let reader = Utf8::new(Unchanged::new(File::open(&source.path)?, source.digest), source.encoding);
            Box::new(MappedCsv::new(reader, separator, mapped))
        }
        Format::JsonLines | Format::Csv { .. } | Format::MappedSheet | Format::Fhir | Format::X12 => Box::new(mapped_sheet(source.path.clone(), source.digest, mapped)),
    };
    let mut table = PreviewTable { name: source.display.clone(), rows: Vec::new(), more: false };
    for batch in batches {
        for parsed in batch? {
            if !add(&mut table, source, parsed, rows) {
                table.more = true;
                return Ok(table);
            }
        }
    }
    Ok(table)
}

/// Adds an event to its row; false when that would be one row too many.
fn add(table: &mut PreviewTable, source: &Source, parsed: Parsed, rows: usize) -> bool {
    let Parsed { line, result, .. } = parsed;
    // A claim is complete only after its last row, when other rows have been told already.
    let place = table.rows.iter().position(|r| r.row == line);
    let place = match place {
        Some(place) => place,
        None if table.rows.len() >= rows => return false,
        None => {
            table.rows.push(PreviewRow { row: line, drafts: Vec::new(), problems: Vec::new() });
            table.rows.len() - 1
        }
    };
    let row = &mut table.rows[place];
    match result {
        Ok(draft) => row.drafts.push(draft),
        Err(problems) => row.problems.extend(problems.into_iter().map(|p| Problem::data(&source.display, line, p))),
    }
    true
}
