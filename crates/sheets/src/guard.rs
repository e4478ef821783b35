//! Looks a workbook over before a library reads it: sizes packed and unpacked, and how many cells its sheets spread to.
//! Believes no size that the file states about itself: every part is unpacked here once and counted, and thrown away.

use std::io::{self, BufReader, Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::refusal::Refusal;
use crate::tags::{self, Tags};

/// How large a workbook may be. Each limit is far beyond a year of an agency's exports, and well within what a small machine holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file: u64,
    /// Parts of a zip file.
    pub parts: usize,
    /// Bytes of all parts unpacked.
    pub unpacked: u64,
    /// Bytes unpacked for a byte packed, once there are more than [`Limits::RATIO_FROM`]; spreadsheets reach 30.
    pub ratio: u64,
    /// Bytes of the table of shared strings, which is held in memory.
    pub strings: u64,
    /// Cells of a workbook.
    pub cells: u64,
    /// Cells, empty ones included, of the rectangles that the sheets of an XLS or ODS file span: libraries hold them in memory.
    pub area: u64,
}

impl Limits {
    /// Bytes below which nothing can be a bomb.
    pub const RATIO_FROM: u64 = 16 << 20;
}

impl Default for Limits {
    fn default() -> Self {
        Self { file: 256 << 20, parts: 4_096, unpacked: 2 << 30, ratio: 200, strings: 256 << 20, cells: 50_000_000, area: 10_000_000 }
    }
}

/// What kind of workbook a zip file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zipped {
    Xlsx,
    Ods,
}

/// Unpacks every part that a library would read, within the limits.
///
/// # Errors
/// A file that is no workbook, is damaged, or goes beyond a limit.
pub(crate) fn zipped(bytes: &[u8], limits: &Limits) -> Result<(), Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| zip_refusal(&e))?;
    if archive.len() > limits.parts {
        return Err(Refusal::too_large(format!("a zip file of {} parts", archive.len()), format!("a workbook of at most {} parts", limits.parts)));
    }
    let kind = kind(&archive)?;
    let mut total = Total { limits, unpacked: 0, packed: 0, cells: 0, area: 0 };
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|e| zip_refusal(&e))?;
        let name = part.name().map_err(|e| zip_refusal(&e))?.into_owned();
        if part.encrypted() {
            return Err(encrypted());
        }
        // Pictures and macros are never unpacked.
        if !["xml", "rels", "vml"].iter().any(|end| name.rsplit('.').next().is_some_and(|e| e.eq_ignore_ascii_case(end))) {
            continue;
        }
        total.packed += part.compressed_size();
        total.part(&name, part, kind)?;
    }
    Ok(())
}

/// What kind of workbook a zip file is.
pub(crate) fn kind_of(bytes: &[u8]) -> Result<Zipped, Refusal> {
    kind(&ZipArchive::new(Cursor::new(bytes)).map_err(|e| zip_refusal(&e))?)
}

fn kind(archive: &ZipArchive<Cursor<&[u8]>>) -> Result<Zipped, Refusal> {
    let has = |name: &str| archive.file_names().flatten().any(|n| n.eq_ignore_ascii_case(name));
    if has("xl/workbook.bin") {
        return Err(Refusal::new("an XLSB workbook", "an XLSX, XLS or ODS workbook", "save it as XLSX"));
    }
    if has("xl/workbook.xml") {
        Ok(Zipped::Xlsx)
    } else if has("content.xml") {
        Ok(Zipped::Ods)
    } else {
        Err(Refusal::new("a zip file that is no workbook", "an XLSX, XLS or ODS workbook", "unpack it and import what is inside"))
    }
}

struct Total<'l> {
    limits: &'l Limits,
    unpacked: u64,
    packed: u64,
    cells: u64,
    area: u64,
}

/// Elements that were begun. The library looks for the end of a table for ever where there is none, so each must end, in its turn.
#[derive(Default)]
struct Open {
    /// Lengths of their names, and the names one after the other.
    lengths: Vec<usize>,
    names: Vec<u8>,
    seen: bool,
}

impl Open {
    /// No spreadsheet program goes deeper than twenty.
    const DEEPEST: usize = 1_000;

    fn tag(&mut self, tag: &[u8]) -> Result<(), Stop> {
        let broken = || Stop::Refused(Refusal::damaged("its elements do not end as they began"));
        let first = !std::mem::replace(&mut self.seen, true);
        let name = tags::name(tag);
        if let Some(name) = name.strip_prefix(b"/").map(<[u8]>::trim_ascii_end) {
            let length = self.lengths.pop().ok_or_else(broken)?;
            let start = self.names.len().saturating_sub(length);
            let same = self.names.get(start..) == Some(name);
            self.names.truncate(start);
            return if same { Ok(()) } else { Err(broken()) };
        }
        if name.starts_with(b"?") {
            // Only what says that this is XML, before everything else; readers do not agree on where other instructions end.
            let plain = first && name.starts_with(b"?xml") && !tag.contains(&b'<');
            return if plain { Ok(()) } else { Err(broken()) };
        }
        if !tag.ends_with(b"/") {
            if self.lengths.len() >= Self::DEEPEST {
                return Err(broken());
            }
            self.lengths.push(name.len());
            self.names.extend_from_slice(name);
        }
        Ok(())
    }

    fn end(&self) -> Result<(), Stop> {
        if self.lengths.is_empty() { Ok(()) } else { Err(Stop::Refused(Refusal::damaged("it ends in the middle of a table"))) }
    }
}

impl Total<'_> {
    fn part(&mut self, name: &str, part: impl Read, kind: Zipped) -> Result<(), Refusal> {
        let allowed = self.limits.unpacked.saturating_sub(self.unpacked);
        let (mut counted, mut announced) = (Counted { reader: part, read: 0 }, 0);
        let lower = name.to_ascii_lowercase();
        let result = {
            let mut tags = Tags::new(BufReader::with_capacity(1 << 16, (&mut counted).take(allowed.saturating_add(1))));
            match kind {
                Zipped::Xlsx if lower.ends_with("sharedstrings.xml") => texts(&mut tags, &mut announced),
                Zipped::Xlsx if lower.starts_with("xl/worksheets/") => self.sheet(&mut tags),
                Zipped::Ods if lower == "content.xml" => self.tables(&mut tags),
                Zipped::Xlsx | Zipped::Ods => drain(&mut tags),
            }
        };
        // The library reserves room for as many texts as are announced; each takes at least `<si/>`.
        if announced > FEW_TEXTS.max(counted.read / 5) {
            return Err(Refusal::damaged(format_args!("{name}: it announces {announced} texts and does not hold them")));
        }
        self.unpacked = self.unpacked.saturating_add(counted.read);
        // A part cut off at the limit ends in the middle of a tag: the limit is the reason to say.
        self.check(&lower, counted.read)?;
        result.map_err(|error| match error {
            Stop::Read(error) => Refusal::damaged(format_args!("{name}: {error}")),
            Stop::Refused(refusal) => refusal,
        })
    }

    fn check(&self, name: &str, read: u64) -> Result<(), Refusal> {
        let limits = self.limits;
        if self.unpacked > limits.unpacked {
            let wanted = format!("at most {} MiB", limits.unpacked >> 20);
            return Err(Refusal::too_large(format!("a workbook of more than {} MiB unpacked", limits.unpacked >> 20), wanted));
        }
        if self.unpacked > Limits::RATIO_FROM.min(limits.unpacked) && self.unpacked / self.packed.max(1) > limits.ratio {
            let found = format!("{} MiB packed into {} KiB, as no spreadsheet program does", self.unpacked >> 20, self.packed >> 10);
            return Err(Refusal::too_large(found, format!("a workbook packed at most {} times", limits.ratio)));
        }
        if name == "xl/sharedstrings.xml" && read > limits.strings {
            let wanted = format!("at most {} MiB of texts", limits.strings >> 20);
            return Err(Refusal::too_large(format!("a workbook with {} MiB of different texts", read >> 20), wanted));
        }
        Ok(())
    }

    fn add_cells(&mut self, cells: u64) -> Result<(), Stop> {
        self.cells = self.cells.saturating_add(cells);
        if self.cells > self.limits.cells {
            let limit = self.limits.cells;
            return Err(Stop::Refused(Refusal::too_large(format!("more than {limit} cells"), format!("a workbook of at most {limit} cells"))));
        }
        Ok(())
    }

    fn add_area(&mut self, rows: u64, columns: u64) -> Result<(), Stop> {
        self.area = self.area.saturating_add(rows.saturating_mul(columns));
        if self.area > self.limits.area { Err(Stop::Refused(too_wide(self.limits.area))) } else { Ok(()) }
    }

    /// A sheet of XLSX, read cell by cell later.
    fn sheet(&mut self, tags: &mut Tags<impl io::BufRead>) -> Result<(), Stop> {
        let mut cells = 0;
        while let Some(tag) = tags.next_tag().map_err(Stop::Read)? {
            let name = tags::name(tag);
            if name == b"c" || name.ends_with(b":c") {
                cells += 1;
                if cells == 4_096 {
                    self.add_cells(std::mem::take(&mut cells))?;
                }
            }
        }
        self.add_cells(cells)
    }

    /// The tables of ODS, whose rows and cells may say how often they are repeated. What follows the last cell with a value counts
    /// for nothing, as a library drops it.
    fn tables(&mut self, tags: &mut Tags<impl io::BufRead>) -> Result<(), Stop> {
        let (mut rows, mut widest) = (0u64, 0u64);
        let (mut empty_rows, mut row_repeats, mut column, mut filled, mut written) = (0u64, 1u64, 0u64, 0u64, 0u64);
        let mut open = Open::default();
        while let Some(tag) = tags.next_tag().map_err(Stop::Read)? {
            open.tag(tag)?;
            match tags::name(tag) {
                b"table:table" => (rows, widest, empty_rows) = (0, 0, 0),
                b"table:table-row" => {
                    row_repeats = tags::count(tag, b"table:number-rows-repeated");
                    (column, filled, written) = (0, 0, 0);
                }
                b"table:table-cell" | b"table:covered-table-cell" => {
                    let repeats = tags::count(tag, b"table:number-columns-repeated");
                    column = column.saturating_add(repeats);
                    // The library writes out repeated cells that have a value, and empty ones that come before one.
                    if memchr::memmem::find(tag, b"office:").is_some() || memchr::memmem::find(tag, b"table:formula").is_some() || !tag.ends_with(b"/") {
                        filled = column;
                        written = column;
                    }
                }
                b"/table:table-row" if filled == 0 => empty_rows = empty_rows.saturating_add(row_repeats),
                b"/table:table-row" => {
                    self.add_cells(written.saturating_mul(row_repeats))?;
                    rows = rows.saturating_add(empty_rows).saturating_add(row_repeats);
                    (empty_rows, widest) = (0, widest.max(filled));
                    if rows.saturating_mul(widest) > self.limits.area {
                        return Err(Stop::Refused(too_wide(self.limits.area)));
                    }
                }
                b"/table:table" => self.add_area(rows, widest)?,
                _ => {}
            }
        }
        open.end()
    }
}

/// Why a part was not read to its end.
enum Stop {
    Read(io::Error),
    Refused(Refusal),
}

/// So many announced texts cost nothing, whether they are there or not.
const FEW_TEXTS: u64 = 1_000_000;

/// How many texts a table of them announces: the first number after `Count`, however it is quoted.
fn texts(tags: &mut Tags<impl io::BufRead>, announced: &mut u64) -> Result<(), Stop> {
    while let Some(tag) = tags.next_tag().map_err(Stop::Read)? {
        if !tags::name(tag).ends_with(b"sst") {
            continue;
        }
        for at in memchr::memmem::find_iter(tag, b"Count") {
            let digits = tag[at..].iter().skip_while(|b| !b.is_ascii_digit()).take_while(|b| b.is_ascii_digit());
            let number = digits.fold(0u64, |n, digit| n.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
            *announced = number.max(*announced);
        }
    }
    Ok(())
}

fn drain(tags: &mut Tags<impl io::BufRead>) -> Result<(), Stop> {
    while tags.next_tag().map_err(Stop::Read)?.is_some() {}
    Ok(())
}

struct Counted<R> {
    reader: R,
    read: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(out)?;
        self.read += n as u64;
        Ok(n)
    }
}

/// Sheets that span more than is held in memory.
pub(crate) fn too_wide(limit: u64) -> Refusal {
    Refusal::new(
        format!("sheets that span more than {limit} cells"),
        "a sheet with its rows together, from the top",
        "delete what stands far below or far to the right of the table, or save it as XLSX",
    )
}

/// A workbook under a password.
pub(crate) fn encrypted() -> Refusal {
    Refusal::new("a workbook protected with a password", "a workbook that can be opened", "remove the password and save it again")
}

fn zip_refusal(error: &ZipError) -> Refusal {
    if matches!(error, ZipError::UnsupportedArchive(said) if said.contains("assword")) { encrypted() } else { Refusal::damaged(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_never_ends_is_refused_before_a_library_looks_for_its_end() {
        let told = |content: &str| {
            let mut open = Open::default();
            let mut tags = Tags::new(content.as_bytes());
            while let Some(tag) = tags.next_tag().ok()? {
                open.tag(tag).ok()?;
            }
            open.end().ok()
        };
        assert!(told("<?xml version=\"1.0\"?><a><b x=\"1\"/><c>t</c ><!-- </a> --></a>").is_some());
        for broken in ["<a><b>", "<a></b>", "<a><b></a></b>", "</a>", "<a><?x ?></a>", "<?xml \" ?><a>\" ?>", "<a><!--></a>-->"] {
            assert!(told(broken).is_none(), "{broken}");
        }
    }

    #[test]
    fn what_a_table_of_texts_announces_is_read_however_it_is_quoted() {
        for (tag, number) in [("<sst count=\"9\" uniqueCount=\"2\">", 2), ("<x:sst uniqueCount = '4294967295'/>", 4_294_967_295), ("<sst uniqueCount='99999999999999999999'>", u64::MAX), ("<sst>", 0)] {
            let mut announced = 0;
            assert!(texts(&mut Tags::new(tag.as_bytes()), &mut announced).is_ok());
            assert_eq!(announced, number, "{tag}");
        }
    }
}
