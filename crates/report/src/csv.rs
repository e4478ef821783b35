//! A table as comma-separated values, under the stamp, in a form that no spreadsheet runs.
//! A cell that a spreadsheet would take for a formula gets an apostrophe before it.

use crate::document::{Document, Table};

/// Characters with which spreadsheets begin a formula, or skip to one.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The table a document is about as CSV with a header line; CRLF after every record, as RFC 4180 has it.
pub fn table(table: &Table) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing into memory does not fail; a record that could not be written would leave the table short, which the empty answer says louder.
    let written = writer
        .write_record(table.columns.iter().map(|c| c.key))
        .and_then(|()| table.rows.iter().try_for_each(|row| writer.write_record(row.iter().map(|c| guarded(&c.plain(), c.is_number())))));
    match written.ok().and_then(|()| writer.into_inner().ok()).map(String::from_utf8) {
        Some(Ok(text)) => text,
        Some(Err(_)) | None => String::new(),
    }
}

/// The table a document is about; empty if it has none.
pub fn document(document: &Document) -> String {
    document.main_table().map(table).unwrap_or_default()
}

/// A value that no spreadsheet takes for a formula. Numbers keep their sign: they are numbers.
pub fn guarded(text: &str, number: bool) -> String {
    if !number && text.starts_with(FORMULA) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Cell, Column};
    use audit::vocabulary::Cents;

    #[test]
    fn a_formula_is_no_formula_any_more_and_a_negative_amount_stays_one() {
        let mut t = Table::new("t", "", &[Column::words("says", ""), Column::numbers("money", "")]);
        t.row([Cell::text("=HYPERLINK(\"http://x\",\"y\")"), Cell::Money(Cents(-100))]);
        t.row([Cell::text("+1"), Cell::Empty]);
        t.row([Cell::text("a, \"b\"\nc"), Cell::Empty]);
        let said = table(&t);
        assert_eq!(said, "says,money\r\n\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",-1.00\r\n'+1,\r\n\"a, \"\"b\"\"\nc\",\r\n");
    }
}
