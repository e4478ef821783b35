//! A document as a workbook: a sheet that says what it is of, then a sheet a table with frozen header and filters.
//! Ids stay text, whatever they look like; nothing is a formula.

use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::document::{Block, Cell, Document, Table};

/// The workbook, in memory.
///
/// # Errors
/// A table with more rows than a sheet has.
pub fn document(document: &Document) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    cover(book.add_worksheet(), document)?;
    let mut names: Vec<String> = vec!["About".to_owned()];
    for table in document.tables() {
        let name = sheet_name(table.name, &names);
        fill(book.add_worksheet(), table, &name)?;
        names.push(name);
    }
    book.save_to_buffer()
}

fn cover(sheet: &mut Worksheet, document: &Document) -> Result<(), XlsxError> {
    let strong = Format::new().set_bold();
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name("About")?;
    sheet.set_column_width(0, 24)?.set_column_width(1, 90)?;
    sheet.write_string_with_format(0, 0, &document.title, &Format::new().set_bold().set_font_size(14))?;
    let mut row = 2;
    for (name, value) in document.stamp.lines() {
        sheet.write_string_with_format(row, 0, name, &strong)?;
        sheet.write_string_with_format(row, 1, &value, &wrapped)?;
        row += 1;
    }
    row += 1;
    for block in document.parts() {
        match block {
            Block::Heading(text) => {
                sheet.write_string_with_format(row, 0, text, &strong)?;
                row += 1;
            }
            Block::Prose(text) | Block::Notice(text) => {
                sheet.write_string_with_format(row, 1, text, &wrapped)?;
                row += 1;
            }
            Block::List(lines) => {
                for line in lines {
                    sheet.write_string_with_format(row, 1, line, &wrapped)?;
                    row += 1;
                }
            }
            Block::Facts(facts) => {
                for (name, value) in facts {
                    sheet.write_string(row, 0, name)?;
                    put(sheet, row, 1, value)?;
                    row += 1;
                }
            }
            Block::Table(_) | Block::Figure(_) => {}
        }
    }
    Ok(())
}

/// Narrowest and widest column, in characters.
const WIDTHS: std::ops::RangeInclusive<usize> = 8..=70;

fn fill(sheet: &mut Worksheet, table: &Table, name: &str) -> Result<(), XlsxError> {
    let header = Format::new().set_bold().set_background_color(Color::RGB(0xE8_EC_F1)).set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name(name)?;
    for (at, column) in (0u16..).zip(&table.columns) {
        sheet.write_string_with_format(0, at, column.title, &header)?;
        let widest = table.rows.iter().filter_map(|r| r.get(usize::from(at))).map(|c| c.plain().chars().count()).max().unwrap_or(0);
        let width = widest.max(column.title.chars().count() + 3).clamp(*WIDTHS.start(), *WIDTHS.end());
        sheet.set_column_width(at, u32::try_from(width).unwrap_or(8))?;
    }
    for (at, row) in (1u32..).zip(&table.rows) {
        for (column, cell) in (0u16..).zip(row) {
            put(sheet, at, column, cell)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let last = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
    let width = u16::try_from(table.columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
    if last > 0 {
        sheet.autofilter(0, 0, last, width)?;
    }
    sheet.set_landscape().set_repeat_rows(0, 0)?.set_print_fit_to_pages(1, 0);
    Ok(())
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Money(amount) => {
            let format = Format::new().set_num_format("$#,##0.00;-$#,##0.00");
            // Cents of any sum in a ledger are far below 2^53.
            #[allow(clippy::cast_precision_loss, reason = "a spreadsheet has no other numbers")]
            sheet.write_number_with_format(row, column, amount.0 as f64 / 100.0, &format)?;
        }
        Cell::Count(n) => {
            #[allow(clippy::cast_precision_loss, reason = "a spreadsheet has no other numbers")]
            sheet.write_number(row, column, *n as f64)?;
        }
        Cell::Days(n) => {
            #[allow(clippy::cast_precision_loss, reason = "a spreadsheet has no other numbers")]
            sheet.write_number(row, column, *n as f64)?;
        }
        Cell::Text(_)
        | Cell::Id(..)
        | Cell::Named(..)
        | Cell::Ids(..)
        | Cell::Day(_)
        | Cell::Instant(_)
        | Cell::Class(_)
        | Cell::Seq(_)
        | Cell::Hash(_)
        | Cell::Answer(_) => {
            let text: String = cell.plain().chars().take(CELL).collect();
            sheet.write_string_with_format(row, column, text, &Format::new().set_num_format("@").set_align(FormatAlign::Top))?;
        }
    }
    Ok(())
}

/// Characters that a cell of a spreadsheet holds.
const CELL: usize = 32_767;

/// A name for a sheet: at most 31 characters, none twice.
fn sheet_name(name: &str, taken: &[String]) -> String {
    let words: String = name.replace('_', " ").chars().filter(|c| c.is_alphanumeric() || *c == ' ').take(27).collect();
    let mut candidate = words.clone();
    let mut n = 2;
    while taken.iter().any(|t| t.eq_ignore_ascii_case(&candidate)) {
        candidate = format!("{words} {n}");
        n += 1;
    }
    candidate
}
