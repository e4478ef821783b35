//! A workbook that was looked over, its sheets, and their rows one after the other.
//! Holds the texts of an XLSX file and streams its cells; an XLS or ODS file is held whole, within the limits.

use std::borrow::Cow;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use calamine::{CellErrorType, Data, DataRef, Dimensions, Ods, Reader, SheetType, SheetVisible, Xls, Xlsx};

use crate::cell::{Cell, Moment, Row};
use crate::compound;
use crate::guard::{self, Limits, Zipped};
use crate::refusal::Refusal;

/// The format a workbook is kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Office Open XML.
    Xlsx,
    /// The Excel of 1997 to 2003.
    Xls,
    /// OpenDocument.
    Ods,
}

impl Container {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Container::Xlsx => "XLSX",
            Container::Xls => "XLS",
            Container::Ods => "ODS",
        }
    }
}

/// A sheet with cells; charts and macros are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The name on its tab.
    pub name: String,
    /// Whether the tab is hidden.
    pub hidden: bool,
}

/// Cells joined to one, whose value is that of the first. Rows from 1, columns from 0, last ones included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// First and last row.
    pub rows: (u32, u32),
    /// First and last column.
    pub columns: (u32, u32),
}

impl Merged {
    /// Whether the cell lies in it and is not the one that has the value.
    pub fn covers(&self, row: u32, column: u32) -> bool {
        let within = (self.rows.0..=self.rows.1).contains(&row) && (self.columns.0..=self.columns.1).contains(&column);
        within && (row, column) != (self.rows.0, self.columns.0)
    }
}

/// How many areas meet one row at most. Those that do not overlap are no more than the row has columns.
fn most_in_a_row(areas: &[Merged]) -> usize {
    let mut begin: Vec<u32> = areas.iter().map(|m| m.rows.0).collect();
    let mut end: Vec<u32> = areas.iter().map(|m| m.rows.1).collect();
    begin.sort_unstable();
    end.sort_unstable();
    let mut ended = 0;
    let met = (1usize..).zip(begin).map(|(begun, row)| {
        while end.get(ended).is_some_and(|last| *last < row) {
            ended += 1;
        }
        begun.saturating_sub(ended)
    });
    met.max().unwrap_or(0)
}

/// Columns read; a table is nowhere near as wide, and a stray cell must not make every row so.
const MAX_COLUMNS: u32 = 1_024;

/// The bytes of a file; several readers of one workbook share them.
type Bytes = Cursor<Arc<[u8]>>;

enum Inner {
    Xlsx(Box<Xlsx<Bytes>>),
    Xls(Box<Xls<Bytes>>),
    Ods(Box<Ods<Bytes>>),
}

/// An open workbook.
pub struct Workbook {
    inner: Inner,
    sheets: Vec<Sheet>,
}

fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xD0\xCF\x11\xE0")
}

/// Runs the library on bytes that somebody else made: should it panic, the file is damaged and nothing else is.
fn guarded<T>(read: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    // What the library leaves half done is thrown away with the workbook.
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(Refusal::damaged("its parts contradict each other")))
}

impl Workbook {
    /// Looks the bytes of a file over and opens them.
    ///
    /// # Errors
    /// What is no workbook, is protected, damaged, or beyond the limits.
    pub fn open(bytes: Arc<[u8]>, limits: &Limits) -> Result<Self, Refusal> {
        let length = bytes.len() as u64;
        if length > limits.file {
            let (mib, limit) = (length >> 20, limits.file >> 20);
            return Err(Refusal::too_large(format!("a workbook of {mib} MiB"), format!("a workbook of at most {limit} MiB")));
        }
        if is_compound(&bytes) {
            compound::xls(&bytes, limits)?;
        } else {
            guard::zipped(&bytes, limits)?;
        }
        Self::open_again(bytes)
    }

    /// Opens bytes that [`Workbook::open`] took before, without looking them over once more.
    ///
    /// # Errors
    /// As [`Workbook::open`], but for the limits.
    pub fn open_again(bytes: Arc<[u8]>) -> Result<Self, Refusal> {
        let inner = if is_compound(&bytes) {
            guarded(|| Xls::new(Cursor::new(bytes)).map(|b| Inner::Xls(Box::new(b))).map_err(Refusal::damaged))?
        } else {
            match guard::kind_of(&bytes)? {
                Zipped::Xlsx => guarded(|| Xlsx::new(Cursor::new(bytes)).map(|b| Inner::Xlsx(Box::new(b))).map_err(Refusal::damaged))?,
                Zipped::Ods => guarded(|| Ods::new(Cursor::new(bytes)).map(|b| Inner::Ods(Box::new(b))).map_err(Refusal::damaged))?,
            }
        };
        let listed = match &inner {
            Inner::Xlsx(book) => book.sheets_metadata(),
            Inner::Xls(book) => book.sheets_metadata(),
            Inner::Ods(book) => book.sheets_metadata(),
        };
        let with_cells = listed.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        let sheets = with_cells.map(|s| Sheet { name: s.name.clone(), hidden: s.visible != SheetVisible::Visible }).collect();
        Ok(Self { inner, sheets })
    }

    /// Its sheets, in the order of their tabs.
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// The format it is kept in.
    pub fn container(&self) -> Container {
        match self.inner {
            Inner::Xlsx(_) => Container::Xlsx,
            Inner::Xls(_) => Container::Xls,
            Inner::Ods(_) => Container::Ods,
        }
    }

    /// Whether it counts days from 1904; days are right either way.
    pub fn counts_from_1904(&self) -> bool {
        match &self.inner {
            Inner::Xlsx(book) => book.has_1904_epoch(),
            Inner::Xls(book) => book.has_1904_epoch(),
            Inner::Ods(_) => false,
        }
    }

    /// Cells joined to one, of a sheet; ODS files do not tell.
    ///
    /// # Errors
    /// A damaged sheet.
    pub fn merged(&mut self, sheet: &str) -> Result<Vec<Merged>, Refusal> {
        let found = match &mut self.inner {
            Inner::Xlsx(book) => guarded(|| book.merge_cells_by_sheet_name(sheet).map_err(Refusal::damaged))?,
            Inner::Xls(book) => guarded(|| book.merge_cells_by_sheet_name(sheet).map_err(Refusal::damaged))?,
            Inner::Ods(_) => Vec::new(),
        };
        let merged = |Dimensions { start, end }: Dimensions| Merged { rows: (start.0.saturating_add(1), end.0.saturating_add(1)), columns: (start.1, end.1) };
        let merged: Vec<Merged> = found.into_iter().map(merged).filter(|m| m.columns.0 < MAX_COLUMNS && m.rows.0 <= m.rows.1).collect();
        if most_in_a_row(&merged) > MAX_COLUMNS as usize { Err(Refusal::damaged("its merged cells lie over each other")) } else { Ok(merged) }
    }

    /// Hands every row of a sheet that is not blank to `take`, from the top, until it breaks.
    ///
    /// # Errors
    /// A sheet that is not there or is damaged: rows before the damage were handed on.
    pub fn rows(&mut self, sheet: &str, mut take: impl FnMut(&Row<'_>) -> ControlFlow<()>) -> Result<(), Refusal> {
        let is_1904 = self.counts_from_1904();
        match &mut self.inner {
            Inner::Xlsx(book) => guarded(|| stream(book, sheet, &mut take)),
            Inner::Xls(book) => {
                let formulas = guarded(|| book.worksheet_formula(sheet).map_err(Refusal::damaged))?;
                let range = guarded(|| book.worksheet_range(sheet).map_err(Refusal::damaged))?;
                held(&range, &formulas, is_1904, &mut take)
            }
            Inner::Ods(book) => {
                let formulas = guarded(|| book.worksheet_formula(sheet).map_err(Refusal::damaged))?;
                let range = guarded(|| book.worksheet_range(sheet).map_err(Refusal::damaged))?;
                held(&range, &formulas, is_1904, &mut take)
            }
        }
    }
}

/// A row being gathered.
#[derive(Default)]
struct Gather<'a> {
    row: Row<'a>,
}

impl<'a> Gather<'a> {
    /// Puts a cell in its place; `row` counts from 0.
    fn put(&mut self, column: u32, cell: Cell<'a>, is_formula: bool) -> Result<(), Refusal> {
        if cell == Cell::Empty {
            return Ok(());
        }
        if column >= MAX_COLUMNS {
            let found = format!("a value in column {}, row {}", crate::column_letters(column), self.row.number);
            return Err(Refusal::new(found, format!("a table of at most {MAX_COLUMNS} columns"), "delete what stands far to the right of the table"));
        }
        let index = column as usize;
        if self.row.cells.len() <= index {
            self.row.cells.resize(index + 1, Cell::Empty);
        }
        self.row.cells[index] = cell;
        if is_formula {
            self.row.formulas.push(column);
        }
        Ok(())
    }

    fn hand_on(&mut self, take: &mut impl FnMut(&Row<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        if self.row.cells.is_empty() {
            return ControlFlow::Continue(());
        }
        let answer = take(&self.row);
        self.row.cells.clear();
        self.row.formulas.clear();
        answer
    }
}

/// The cells of an XLSX sheet as they are read.
fn stream(book: &mut Xlsx<Bytes>, sheet: &str, take: &mut impl FnMut(&Row<'_>) -> ControlFlow<()>) -> Result<(), Refusal> {
    let is_1904 = book.has_1904_epoch();
    let mut cells = book.worksheet_cells_reader(sheet).map_err(Refusal::damaged)?;
    let mut gather = Gather::default();
    while let Some(record) = cells.next_cell_with_formula_metadata().map_err(Refusal::damaged)? {
        let (row, column) = record.pos;
        let number = row.saturating_add(1);
        if number != gather.row.number {
            if gather.hand_on(take).is_break() {
                return Ok(());
            }
            if number < gather.row.number {
                return Err(Refusal::damaged(format_args!("row {number} stands after row {}", gather.row.number)));
            }
            gather.row.number = number;
        }
        let is_formula = record.formula.is_some();
        let cell = if is_formula && record.value == DataRef::Empty { Cell::Uncached } else { cell_of(record.value, is_1904) };
        gather.put(column, cell, is_formula)?;
    }
    let _ = gather.hand_on(take);
    Ok(())
}

/// The cells of a sheet that the library holds.
fn held(
    range: &calamine::Range<Data>,
    formulas: &calamine::Range<String>,
    is_1904: bool,
    take: &mut impl FnMut(&Row<'_>) -> ControlFlow<()>,
) -> Result<(), Refusal> {
    // A formula without a value may stand outside the rectangle of values.
    let bounds = [(range.start(), range.end()), (formulas.start(), formulas.end())];
    let Some(first) = bounds.iter().filter_map(|(start, _)| *start).min_by_key(|s| s.0) else { return Ok(()) };
    let last = bounds.iter().filter_map(|(_, end)| *end).fold((0, 0), |a: (u32, u32), b| (a.0.max(b.0), a.1.max(b.1)));
    let mut gather = Gather::default();
    for row in first.0..=last.0 {
        gather.row.number = row.saturating_add(1);
        for column in 0..=last.1 {
            let is_formula = formulas.get_value((row, column)).is_some_and(|f| !f.is_empty());
            let cell = match range.get_value((row, column)) {
                None | Some(Data::Empty) if is_formula => Cell::Uncached,
                None => Cell::Empty,
                Some(data) => owned_cell(data, is_1904),
            };
            gather.put(column, cell, is_formula)?;
        }
        if gather.hand_on(take).is_break() {
            return Ok(());
        }
    }
    Ok(())
}

fn owned_cell(data: &Data, is_1904: bool) -> Cell<'_> {
    match data {
        Data::String(text) => text_cell(Cow::Borrowed(text)),
        Data::Int(n) => Cell::Number(*n as f64),
        Data::Float(n) => Cell::Number(*n),
        Data::Bool(b) => Cell::Bool(*b),
        Data::DateTime(at) => moment(at.as_f64(), at.is_duration(), is_1904),
        Data::DateTimeIso(text) => iso(text),
        Data::DurationIso(text) => duration(text),
        Data::Error(error) => Cell::Error(error_name(error)),
        Data::Empty => Cell::Empty,
    }
}

fn cell_of(data: DataRef<'_>, is_1904: bool) -> Cell<'_> {
    match data {
        DataRef::String(text) => text_cell(Cow::Owned(text)),
        DataRef::SharedString(text) => text_cell(Cow::Borrowed(text)),
        DataRef::Int(n) => Cell::Number(n as f64),
        DataRef::Float(n) => Cell::Number(n),
        DataRef::Bool(b) => Cell::Bool(b),
        DataRef::DateTime(at) => moment(at.as_f64(), at.is_duration(), is_1904),
        DataRef::DateTimeIso(text) => iso(&text),
        DataRef::DurationIso(text) => duration(&text),
        DataRef::Error(error) => Cell::Error(error_name(&error)),
        DataRef::Empty => Cell::Empty,
    }
}

fn text_cell(text: Cow<'_, str>) -> Cell<'_> {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
}

fn moment<'a>(serial: f64, is_duration: bool, is_1904: bool) -> Cell<'a> {
    if is_duration && !(0.0..1.0).contains(&serial) {
        return Cell::Duration(serial);
    }
    Moment::from_serial(serial, is_1904).map_or(Cell::Number(serial), Cell::Moment)
}

fn iso<'a>(text: &str) -> Cell<'a> {
    Moment::from_iso(text).map_or_else(|| Cell::Text(Cow::Owned(text.to_owned())), Cell::Moment)
}

fn duration<'a>(text: &str) -> Cell<'a> {
    Moment::from_iso_duration(text).map_or_else(|| Cell::Text(Cow::Owned(text.to_owned())), Cell::Moment)
}

fn error_name(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_that_lie_over_each_other_are_counted_where_most_of_them_meet() {
        let area = |first: u32, last: u32| Merged { rows: (first, last), columns: (0, 1) };
        assert_eq!(most_in_a_row(&[]), 0);
        assert_eq!(most_in_a_row(&[area(1, 1), area(2, 2), area(3, 9)]), 1);
        assert_eq!(most_in_a_row(&[area(1, 5), area(5, 5), area(2, 3), area(6, 6)]), 2);
        assert_eq!(most_in_a_row(&[area(1, 9); 3_000]), 3_000);
    }
}
