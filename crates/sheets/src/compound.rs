//! Looks an XLS file over before a library reads it: the stream inside its compound file, and the rectangles its sheets span.
//! Reads only what says how much memory the sheets would take (MS-CFB, MS-XLS); values are left to the library.

use crate::guard::{Limits, encrypted, too_wide};
use crate::refusal::Refusal;

/// Sector numbers from here on are no sectors (MS-CFB 2.1).
const NO_SECTOR: u32 = 0xFFFF_FFFA;

/// Streams shorter than this lie in the mini stream.
const MINI_CUTOFF: u64 = 4_096;

const MAX_SHEETS: usize = 1_024;

/// How often all bytes of a workbook are walked over at most.
const MAX_WALKS: u64 = 8;

/// Columns of an XLS sheet, and one more than its last row.
const MAX_COLUMNS: u32 = 256;
const MAX_ROWS: u32 = 65_536;

/// Checks the sheets of an XLS file.
///
/// # Errors
/// A file that is no such workbook, is damaged, or whose sheets span more than the limits allow.
pub(crate) fn xls(bytes: &[u8], limits: &Limits) -> Result<(), Refusal> {
    let container = Container::read(bytes).ok_or_else(|| Refusal::damaged("its table of sectors is broken"))?;
    if container.names.iter().any(|(name, ..)| name == "EncryptedPackage") {
        return Err(encrypted());
    }
    let Some(stream) = container.stream("Workbook").or_else(|| container.stream("Book")) else {
        let hint = "save the table as XLSX or CSV";
        return Err(Refusal::new("an old Office file that is no workbook", "an XLSX, XLS or ODS workbook", hint));
    };
    spans(&stream, limits)
}

/// Adds up what the sheets span, as the library walks them: from each place that the workbook names to the end of that sheet.
fn spans(stream: &[u8], limits: &Limits) -> Result<(), Refusal> {
    let mut sheets = Vec::new();
    for (kind, data) in Records(stream) {
        match kind {
            BOUND_SHEET => sheets.extend(long(data, 0)),
            FILE_PASS => return Err(encrypted()),
            END => break,
            _ => {}
        }
    }
    if sheets.len() > MAX_SHEETS {
        return Err(Refusal::too_large(format!("{} sheets", sheets.len()), format!("at most {MAX_SHEETS} sheets")));
    }
    let (mut area, mut cells) = (0u64, 0u64);
    // Each sheet has bytes of its own. One that does not say where it ends is walked to the end of the stream; many such are no workbook.
    let mut left = (stream.len() as u64).saturating_mul(MAX_WALKS);
    for at in sheets {
        let sheet = usize::try_from(at).ok().and_then(|at| stream.get(at..)).ok_or_else(|| Refusal::damaged("a sheet lies beyond its end"))?;
        let span = Span::of(sheet)?;
        left = left.checked_sub(span.bytes).ok_or_else(|| Refusal::damaged("its sheets lie in each other"))?;
        area = area.saturating_add(span.area());
        cells = cells.saturating_add(span.cells);
        if area > limits.area || cells > limits.cells {
            return Err(too_wide(limits.area.min(limits.cells)));
        }
    }
    Ok(())
}

const BOUND_SHEET: u16 = 0x0085;
const FILE_PASS: u16 = 0x002F;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const DIMENSIONS: u16 = 0x0200;
const MUL_RK: u16 = 0x00BD;

/// Records of one cell, which begin with its row and column: formula, label of the string table, label with formats, number, label,
/// truth or error, RK number.
const CELLS: [u16; 7] = [0x0006, 0x00FD, 0x00D6, 0x0203, 0x0204, 0x0205, 0x027E];

/// What the cells of a sheet span.
#[derive(Default)]
struct Span {
    rows: Option<(u32, u32)>,
    columns: Option<(u32, u32)>,
    cells: u64,
    /// Bytes that were walked over.
    bytes: u64,
    /// What the sheet says it spans, for which a library reserves room at once.
    announced: u64,
}

impl Span {
    fn of(sheet: &[u8]) -> Result<Self, Refusal> {
        let mut span = Self::default();
        let (mut begun, mut depth) = (false, 0usize);
        for (kind, data) in Records(sheet) {
            span.bytes += 4 + data.len() as u64;
            match kind {
                BEGIN if begun => depth += 1,
                BEGIN => begun = true,
                END if depth == 0 => break,
                END => depth -= 1,
                DIMENSIONS => span.announce(data)?,
                MUL_RK => {
                    let last = data.len().checked_sub(2).and_then(|at| short(data, at));
                    span.cell(data)?;
                    span.columns = widen(span.columns, u32::from(last.unwrap_or_default()));
                    span.cells += data.len() as u64 / 6;
                }
                kind if CELLS.contains(&kind) => span.cell(data)?,
                _ => {}
            }
        }
        Ok(span)
    }

    fn cell(&mut self, data: &[u8]) -> Result<(), Refusal> {
        let (Some(row), Some(column)) = (short(data, 0), short(data, 2)) else {
            return Err(Refusal::damaged("a cell without a place"));
        };
        self.rows = widen(self.rows, u32::from(row));
        self.columns = widen(self.columns, u32::from(column));
        self.cells += 1;
        Ok(())
    }

    /// Room is reserved for what a sheet announces, so what no XLS sheet can have is damage.
    fn announce(&mut self, data: &[u8]) -> Result<(), Refusal> {
        let bounds = match data.len() {
            10 => [0, 2, 4, 6].map(|at| short(data, at).map(u32::from)),
            14 | 16 => [long(data, 0), long(data, 4), short(data, 8).map(u32::from), short(data, 10).map(u32::from)],
            _ => return Err(Refusal::damaged("a sheet without its size")),
        };
        let [Some(first), Some(end), Some(left), Some(right)] = bounds else { return Err(Refusal::damaged("a sheet without its size")) };
        if end > MAX_ROWS || right > MAX_COLUMNS || (end > 0 && first >= end) {
            return Err(Refusal::damaged(format_args!("a sheet that says it has the rows {first} to {end} and the columns {left} to {right}")));
        }
        self.announced = self.announced.max(u64::from(end) * u64::from(right));
        Ok(())
    }

    fn area(&self) -> u64 {
        let length = |bounds: Option<(u32, u32)>| bounds.map_or(0, |(first, last)| u64::from(last - first) + 1);
        // Reserved is not written to: an announcement counts as far as it does not lie by much.
        (length(self.rows) * length(self.columns)).max(self.announced / 4)
    }
}

fn widen(bounds: Option<(u32, u32)>, at: u32) -> Option<(u32, u32)> {
    Some(bounds.map_or((at, at), |(first, last)| (first.min(at), last.max(at))))
}

/// Records of a stream: type, length, data. Ends at the first that is cut off.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);
    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (short(self.0, 0)?, short(self.0, 2)?);
        let end = 4 + usize::from(length);
        let data = self.0.get(4..end)?;
        self.0 = self.0.get(end..)?;
        Some((kind, data))
    }
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).map(|b| u16::from(b[0]) | u16::from(b[1]) << 8)
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(short(bytes, at)?) | u32::from(short(bytes, at + 2)?) << 16)
}

/// A compound file: a small file system.
struct Container<'a> {
    bytes: &'a [u8],
    sector: usize,
    table: Vec<u32>,
    /// Name, first sector and length of each entry.
    names: Vec<(String, u32, u64)>,
    mini_table: Vec<u32>,
    mini_sector: usize,
}

impl<'a> Container<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (sector, mini_sector) = (1usize.checked_shl(short(bytes, 30)?.into())?, 1usize.checked_shl(short(bytes, 32)?.into())?);
        if !matches!(sector, 512 | 4_096) || mini_sector != 64 {
            return None;
        }
        let mut container = Self { bytes, sector, table: Vec::new(), names: Vec::new(), mini_table: Vec::new(), mini_sector };
        container.table = container.read_table()?;
        let entries = container.chain(long(bytes, 48)?)?;
        container.names = entries.chunks_exact(128).filter_map(entry).collect();
        container.mini_table = longs(&container.chain(long(bytes, 60)?)?);
        Some(container)
    }

    /// The table of sectors: its own sectors are listed in the header, and in sectors of lists after it.
    fn read_table(&self) -> Option<Vec<u32>> {
        let mut lists = longs(self.bytes.get(76..512)?);
        let mut next = long(self.bytes, 68)?;
        let mut left = self.most();
        while next < NO_SECTOR {
            left = left.checked_sub(1)?;
            let mut list = longs(self.sector_at(next)?);
            next = list.pop()?;
            lists.extend(list);
        }
        let mut table = Vec::new();
        // As many lists as sectors name each once; a table of more than the file holds is no table.
        let mut left = self.most();
        for at in lists.into_iter().filter(|at| *at < NO_SECTOR) {
            left = left.checked_sub(1)?;
            table.extend(longs(self.sector_at(at)?));
        }
        Some(table)
    }

    /// How many sectors a chain can have. Counted in steps, as a sector cut off by the end of the file may add nothing at all.
    fn most(&self) -> usize {
        self.bytes.len() / self.sector
    }

    fn sector_at(&self, at: u32) -> Option<&'a [u8]> {
        let start = (usize::try_from(at).ok()? + 1).checked_mul(self.sector)?;
        let rest = self.bytes.get(start..)?;
        // The last sector of a file may be short.
        Some(&rest[..rest.len().min(self.sector)])
    }

    /// The bytes of a chain of sectors; `None` for one that runs in a circle or out of the file.
    fn chain(&self, first: u32) -> Option<Vec<u8>> {
        let (mut out, mut at, mut left) = (Vec::new(), first, self.most());
        while at < NO_SECTOR {
            left = left.checked_sub(1)?;
            out.extend_from_slice(self.sector_at(at)?);
            at = *self.table.get(usize::try_from(at).ok()?)?;
        }
        Some(out)
    }

    fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let (_, first, length) = self.names.iter().find(|(n, ..)| n == name)?;
        let mut stream = if *length < MINI_CUTOFF {
            let (_, root, _) = self.names.first()?;
            let mini = self.chain(*root)?;
            let (mut out, mut at) = (Vec::new(), *first);
            while at < NO_SECTOR && out.len() as u64 <= *length {
                let index = usize::try_from(at).ok()?;
                let start = index.checked_mul(self.mini_sector)?;
                out.extend_from_slice(mini.get(start..)?.get(..self.mini_sector)?);
                at = *self.mini_table.get(index)?;
            }
            out
        } else {
            self.chain(*first)?
        };
        stream.truncate(usize::try_from(*length).ok()?);
        Some(stream)
    }
}

fn longs(bytes: &[u8]) -> Vec<u32> {
    (0..bytes.len() / 4).filter_map(|i| long(bytes, 4 * i)).collect()
}

fn entry(bytes: &[u8]) -> Option<(String, u32, u64)> {
    let length = usize::from(short(bytes, 64)?).min(64) / 2;
    let units: Vec<u16> = (0..length.checked_sub(1)?).filter_map(|i| short(bytes, 2 * i)).collect();
    Some((String::from_utf16_lossy(&units), long(bytes, 116)?, u64::from(long(bytes, 120)?)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = data.len() as u16;
        [kind as u8, (kind >> 8) as u8, length as u8, (length >> 8) as u8].into_iter().chain(data.iter().copied()).collect()
    }

    fn cell(row: u16, column: u16) -> Vec<u8> {
        record(0x0203, &[row as u8, (row >> 8) as u8, column as u8, (column >> 8) as u8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    fn workbook(cells: &[u8]) -> Vec<u8> {
        // The globals are three records: begin, one sheet, end; the sheet follows.
        let globals = 4 + 4 + 4 + 4;
        let mut stream = record(BEGIN, &[]);
        stream.extend(record(BOUND_SHEET, &[globals, 0, 0, 0]));
        stream.extend(record(END, &[]));
        stream.extend(record(BEGIN, &[]));
        stream.extend_from_slice(cells);
        stream.extend(record(END, &[]));
        stream
    }

    #[test]
    fn two_cells_far_apart_span_everything_between() {
        let limits = Limits { area: 1_000, ..Limits::default() };
        assert!(spans(&workbook(&[cell(0, 0), cell(9, 9)].concat()), &limits).is_ok());
        assert!(spans(&workbook(&[cell(0, 0), cell(65_535, 255)].concat()), &limits).unwrap_err().found.contains("more than 1000 cells"));
    }

    #[test]
    fn sheets_that_lie_in_each_other_are_not_walked_one_by_one() {
        // Every sheet begins at the same place and goes on to the end of the stream.
        let limits = Limits::default();
        let stream = |sheets: usize| {
            let mut stream = record(BEGIN, &[]);
            let globals = stream.len() + sheets * 8 + 4;
            let place = (globals as u32).to_le_bytes();
            stream.extend(std::iter::repeat_n(record(BOUND_SHEET, &place), sheets).flatten());
            stream.extend(record(END, &[]));
            stream.extend(std::iter::repeat_n(record(0x0001, &[]), 20_000).flatten());
            stream
        };
        assert!(spans(&stream(8), &limits).is_ok());
        assert!(spans(&stream(20), &limits).unwrap_err().found.contains("lie in each other"));
    }

    #[test]
    fn what_no_sheet_can_have_is_damage() {
        let dimensions = record(DIMENSIONS, &[0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 1, 0, 0]);
        assert!(spans(&workbook(&dimensions), &Limits::default()).unwrap_err().found.contains("cannot be read"));
        assert!(spans(&workbook(&record(0x0203, &[1])), &Limits::default()).is_err());
        assert!(spans(&record(FILE_PASS, &[1, 0]), &Limits::default()).unwrap_err().found.contains("password"));
    }

    /// A header whose numbers are `longs`, each at its place, and after it `rest`.
    fn container(longs: &[(usize, u32)], rest: &[u8]) -> Vec<u8> {
        let mut file = vec![0xFF; 512];
        file[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
        file[30..34].copy_from_slice(&[9, 0, 6, 0]);
        for (at, value) in longs {
            file[*at..*at + 4].copy_from_slice(&value.to_le_bytes());
        }
        file.extend_from_slice(rest);
        file
    }

    #[test]
    fn sectors_that_lead_back_to_themselves_end_where_the_file_does_too() {
        const LISTS: usize = 68;
        const FIRST_LIST: usize = 76;
        const DIRECTORY: usize = 48;
        let refused = |file: &[u8]| xls(file, &Limits::default()).unwrap_err().found.contains("table of sectors");
        // A list of lists so short that it holds nothing but the number of the next one, its own.
        assert!(refused(&container(&[(LISTS, 0)], &[0; 4])));
        // A directory in a sector that begins where the file ends, and is followed by itself.
        let mut table = vec![0xFF; 512];
        table[4..8].copy_from_slice(&1u32.to_le_bytes());
        assert!(refused(&container(&[(FIRST_LIST, 0), (DIRECTORY, 1)], &table)));
        // The same for a whole sector.
        table[0..4].copy_from_slice(&0u32.to_le_bytes());
        assert!(refused(&container(&[(FIRST_LIST, 0), (DIRECTORY, 0)], &table)));
    }

    proptest! {
        #[test]
        fn any_bytes_are_looked_over_and_end(bytes in prop::collection::vec(any::<u8>(), 0..2_000), spare in 0..1_200usize) {
            let mut file = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
            file.extend(bytes);
            file.resize(file.len() + spare, 0);
            if file.len() > 34 {
                file[30..34].copy_from_slice(&[9, 0, 6, 0]);
            }
            let _ = xls(&file, &Limits::default());
        }
    }
}
