//! Sheets of workbooks through mappings: what a spreadsheet lost, never stored or hides is a problem or is said, cell by cell.
//! Everybody named in them is invented.

use import::{Mapping, discover_mapped};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use crate::mapped::root;
use crate::{Files, REAL, read_all};

const MAP: &str = "source = \"hr\"\nkey = [\"No\"]\n[[event]]\ntype = \"credential_granted\"\n[event.fields]\nperson = \"No\"\ncredential = \"Kind\"\nlevel = { value = \"full\" }\nissuer = \"Board\"\neffective_on = \"From\"\nexpires_on = \"To\"\nnumber = \"Number\"\n";

/// A sheet with a title, the header in row 3, and whatever `fill` writes below.
fn workbook(name: &str, fill: impl Fn(&mut Worksheet)) -> Files {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name(name).unwrap();
    sheet.write(0, 0, "Credentials of an invented agency").unwrap();
    for (column, header) in ["No", "Kind", "Board", "From", "To", "Number"].into_iter().enumerate() {
        sheet.write(2, u16::try_from(column).unwrap(), header).unwrap();
    }
    fill(sheet);
    Files::new(&[("staff.xlsx", &book.save_to_buffer().unwrap())])
}

fn all(files: &Files, map: &str) -> (usize, Vec<String>) {
    let found = discover_mapped(&[files.path("staff.xlsx")], None, &[Mapping::read("map.toml", map).unwrap()]);
    let mut told: Vec<String> = found.problems.kept().iter().map(|p| files.shorten(p)).collect();
    let (drafts, summary) = read_all(&found, REAL);
    told.extend(summary.problems.kept().iter().map(|p| files.shorten(p)));
    told.extend(found.notices.iter().chain(&summary.notices).map(|n| files.shorten(n)));
    (drafts.len(), told)
}

fn row(sheet: &mut Worksheet, row: u32, number: &str) {
    let date = Format::new().set_num_format("mm/dd/yyyy");
    for (column, text) in [number, "NYCPS", "NYPSCB"].into_iter().enumerate() {
        sheet.write(row, u16::try_from(column).unwrap(), text).unwrap();
    }
    sheet.write_with_format(row, 3, ExcelDateTime::from_ymd(2024, 3, 1).unwrap(), &date).unwrap();
}

#[test]
fn what_a_cell_cannot_say_is_a_problem_with_sheet_row_and_column() {
    let files = workbook("Staff", |sheet| {
        row(sheet, 3, "P-1");
        row(sheet, 4, "P-2");
        sheet.write_formula(4, 3, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        row(sheet, 5, "P-3");
        sheet.write(5, 3, 45_352.0).unwrap();
        row(sheet, 6, "P-4");
        sheet.write(6, 4, 20_250_304.0).unwrap();
        row(sheet, 8, "P-5");
        sheet.merge_range(8, 5, 10, 5, "N-1", &Format::new()).unwrap();
        row(sheet, 9, "P-6");
        row(sheet, 11, "P-7");
        sheet.write(11, 0, 1_234_567_890_123_456.0).unwrap();
    });
    let (events, mut told) = all(&files, MAP);
    // Problems first, then what is only said.
    told[6..].sort();
    assert_eq!(
        told,
        [
            "staff.xlsx[Staff]:5, column D \"From\" (credential_granted.effective_on): found #DIV/0!, an error of the spreadsheet, wanted a date, YYYY-MM-DD (correct the formula, or clear the cell)",
            "staff.xlsx[Staff]:6, column D \"From\" (credential_granted.effective_on): found \"45352\", wanted a date written YYYY-MM-DD (the cell holds a number: format the column as a date in the spreadsheet)",
            "staff.xlsx[Staff]:7, column E \"To\" (credential_granted.expires_on): found \"20250304\", wanted a date written YYYY-MM-DD (the cell holds a number: format the column as a date in the spreadsheet)",
            "staff.xlsx[Staff]:10, column F \"Number\" (credential_granted.number): found a blank cell that is merged with another one, wanted text (unmerge the cells, and fill the value into every row it is meant for)",
            "staff.xlsx[Staff]:12, column A \"No\" (credential_granted.person): found 1234567890123456, a number of more digits than a spreadsheet keeps, wanted an id with all its digits (the last digits are lost: export it again, with the column as text)",
            "staff.xlsx[Staff]:12, column A \"No\" (credential_granted, its key): found 1234567890123456, a number of more digits than a spreadsheet keeps, wanted an id with all its digits (the last digits are lost: export it again, with the column as text)",
            "staff.xlsx[Staff]: column A \"No\" is a column of ids and holds numbers, in 1 row from row 12 on: zeros at their front are lost, if there were any; export it as text, or say the number of digits with width",
            "staff.xlsx[Staff]: column D \"From\" holds formulas in 1 row; their stored results were read",
        ]
    );
    assert_eq!(events, 2, "P-1 and P-5");
}

#[test]
fn numbers_for_ids_are_read_said_and_padded_where_the_mapping_says_how_long_they_are() {
    let files = workbook("Staff", |sheet| {
        row(sheet, 3, "x");
        sheet.write(3, 0, 417.0).unwrap();
    });
    let (events, told) = all(&files, MAP);
    assert_eq!((events, told.len()), (1, 1), "{told:?}");
    assert!(told[0].contains("zeros at their front are lost"), "{told:?}");
    let padded = MAP.replace("person = \"No\"", "person = { column = \"No\", width = 5 }");
    assert_eq!(all(&files, &padded), (1, Vec::new()));
}

#[test]
fn every_sheet_is_read_or_named() {
    let mut book = Workbook::new();
    for (name, hidden) in [("January", false), ("February", false), ("Summary", false), ("Old", true)] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.set_hidden(hidden);
        for (column, header) in ["No", "Kind", "Board", "From", "To", "Number"].into_iter().enumerate() {
            sheet.write(0, u16::try_from(column).unwrap(), if name == "Summary" { "x" } else { header }).unwrap();
        }
        row(sheet, 1, &format!("P-{name}"));
    }
    book.add_worksheet().set_name("Blank").unwrap();
    let files = Files::new(&[("staff.xlsx", &book.save_to_buffer().unwrap())]);
    assert_eq!(
        all(&files, MAP),
        (
            2,
            [
                "staff.xlsx: the sheet \"Old\" is hidden and was not read; a mapping that names it reads it",
                "staff.xlsx: the sheet \"Blank\" is empty",
                "staff.xlsx: the sheet \"Summary\" was not read: no mapping has its columns",
            ]
            .map(str::to_owned)
            .to_vec()
        )
    );
    let (events, told) = all(&files, &format!("sheet = \"Old\"\n{MAP}"));
    assert_eq!(events, 1);
    assert!(told.iter().all(|t| !t.contains("hidden")) && told.iter().any(|t| t.contains("\"January\" was not read")), "{told:?}");
}

#[test]
fn a_workbook_that_is_none_says_so() {
    let map = Mapping::load(&root("mappings/staff-register.toml")).unwrap();
    for (name, bytes, says) in [
        ("a.xlsx", &b"PK\x03\x04 and nothing more"[..], "a.xlsx: found a workbook that cannot be read"),
        ("b.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "b.xls: found a workbook that cannot be read"),
    ] {
        let files = Files::new(&[(name, bytes)]);
        let found = discover_mapped(&[files.path(name)], None, std::slice::from_ref(&map));
        let problem = files.shorten(&found.problems.kept()[0]);
        assert!(problem.starts_with(says), "{problem}");
    }
}
