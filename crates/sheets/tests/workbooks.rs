//! Workbooks made by a library of other people, read back cell by cell; and what must be refused before a library reads it.
//! Everything in them is invented.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook as Written};
use sheets::{Cell, Limits, Moment, Refusal, Row, Workbook};
use zip::write::SimpleFileOptions;

fn open(path: &Path, limits: &Limits) -> Result<Workbook, Refusal> {
    Workbook::open(fs::read(path).unwrap().into(), limits)
}

fn rows(path: &Path, sheet: &str) -> Result<Vec<Row<'static>>, Refusal> {
    let mut book = open(path, &Limits::default())?;
    let mut all = Vec::new();
    book.rows(sheet, |row| {
        let cells = row.cells.iter().map(|cell| match cell {
            Cell::Text(text) => Cell::Text(text.clone().into_owned().into()),
            Cell::Empty => Cell::Empty,
            Cell::Number(n) => Cell::Number(*n),
            Cell::Bool(b) => Cell::Bool(*b),
            Cell::Moment(m) => Cell::Moment(*m),
            Cell::Duration(d) => Cell::Duration(*d),
            Cell::Error(e) => Cell::Error(e),
            Cell::Uncached => Cell::Uncached,
        });
        all.push(Row { number: row.number, cells: cells.collect(), formulas: row.formulas.clone() });
        ControlFlow::Continue(())
    })?;
    Ok(all)
}

/// Every kind of cell, a hidden sheet, and cells that are merged.
fn written(path: &Path) {
    let mut book = Written::new();
    let date = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let sheet = book.add_worksheet().set_name("Encounters").unwrap();
    sheet.write(0, 0, "Encounter ID").unwrap();
    sheet.write(0, 1, "Start").unwrap();
    sheet.write(2, 0, "E-1").unwrap();
    sheet.write_with_format(2, 1, ExcelDateTime::parse_from_str("2025-03-04T09:30:00").unwrap(), &date).unwrap();
    sheet.write(2, 2, 12.5).unwrap();
    sheet.write(2, 3, true).unwrap();
    sheet.write_formula(3, 0, Formula::new("=A3&\"x\"").set_result("E-1x")).unwrap();
    sheet.write_formula(3, 1, Formula::new("=1+1").set_result("")).unwrap();
    sheet.write_formula(3, 2, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.merge_range(5, 0, 7, 1, "once", &Format::new()).unwrap();
    book.add_worksheet().set_name("Secret").unwrap().set_hidden(true).write(0, 0, "x").unwrap();
    book.save(path).unwrap();
}

#[test]
fn cells_keep_their_kind_and_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xlsx");
    written(&path);
    let rows = rows(&path, "Encounters").unwrap();
    let moment = Moment { day: Some(20_151), seconds: Some(34_200) };
    assert_eq!(rows.iter().map(|r| r.number).collect::<Vec<_>>(), [1, 3, 4, 6]);
    assert_eq!(rows[1].cells, [Cell::Text("E-1".into()), Cell::Moment(moment), Cell::Number(12.5), Cell::Bool(true)]);
    assert_eq!(rows[2].cells[0], Cell::Text("E-1x".into()));
    assert_eq!((&rows[2].cells[2], &rows[2].formulas[..]), (&Cell::Error("#DIV/0!"), &[0, 1, 2][..]));
    let mut book = open(&path, &Limits::default()).unwrap();
    assert_eq!(book.sheets().iter().map(|s| (s.name.as_str(), s.hidden)).collect::<Vec<_>>(), [("Encounters", false), ("Secret", true)]);
    let merged = book.merged("Encounters").unwrap();
    assert!(merged[0].covers(7, 0) && merged[0].covers(6, 1) && !merged[0].covers(6, 0) && !merged[0].covers(9, 0));
    assert!(book.merged("Secret").unwrap().is_empty());
    assert!(book.rows("Nowhere", |_| ControlFlow::Continue(())).is_err());
}

/// Copies a workbook with one part changed.
fn changed(from: &Path, to: &Path, part: &str, change: impl Fn(String) -> String) {
    let mut archive = zip::ZipArchive::new(fs::File::open(from).unwrap()).unwrap();
    let mut writer = zip::ZipWriter::new(fs::File::create(to).unwrap());
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut file, &mut text).unwrap();
        writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        let text = if name == part { change(text) } else { text };
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap();
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

#[test]
fn a_formula_without_a_stored_value_is_not_an_empty_cell() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, path) = (folder.path().join("a.xlsx"), folder.path().join("b.xlsx"));
    written(&plain);
    changed(&plain, &path, SHEET, |xml| xml.replace("<c r=\"A4\" t=\"str\"><f>A3&amp;\"x\"</f><v>E-1x</v></c>", "<c r=\"A4\"><f>A3&amp;\"x\"</f></c>"));
    assert_eq!(rows(&path, "Encounters").unwrap()[2].cells[0], Cell::Uncached);
}

#[test]
fn days_counted_from_1904_are_the_same_days() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, path) = (folder.path().join("a.xlsx"), folder.path().join("b.xlsx"));
    written(&plain);
    changed(&plain, &path, "xl/workbook.xml", |xml| xml.replace("<workbookPr ", "<workbookPr date1904=\"1\" "));
    let book = open(&path, &Limits::default()).unwrap();
    assert!(book.counts_from_1904());
    // The same number stands for a day 1,462 days later.
    let Cell::Moment(moment) = rows(&path, "Encounters").unwrap()[1].cells[1] else { unreachable!() };
    assert_eq!(moment, Moment { day: Some(20_151 + 1_462), seconds: Some(34_200) });
}

fn found(path: &Path) -> String {
    open(path, &Limits::default()).err().unwrap().to_string()
}

#[test]
fn bombs_are_refused_before_they_are_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, path) = (folder.path().join("a.xlsx"), folder.path().join("b.xlsx"));
    written(&plain);
    // Packed a thousand times.
    changed(&plain, &path, SHEET, |xml| xml.replace("</sheetData>", &format!("{}</sheetData>", " ".repeat(40 << 20))));
    assert!(found(&path).contains("as no spreadsheet program does"), "{}", found(&path));
    // Entities of entities.
    let lol = "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;&lol;&lol;\">]>";
    changed(&plain, &path, SHEET, |xml| xml.replacen("?>", &format!("?>{lol}"), 1));
    assert!(found(&path).contains("document type"), "{}", found(&path));
    let few = Limits { cells: 5, ..Limits::default() };
    assert!(open(&plain, &few).err().unwrap().found.contains("more than 5 cells"));
    let small = Limits { unpacked: 2_000, ..Limits::default() };
    assert!(open(&plain, &small).err().unwrap().found.contains("unpacked"));
    let strings = Limits { strings: 20, ..Limits::default() };
    assert!(open(&plain, &strings).err().unwrap().found.contains("texts"));
    let file = Limits { file: 100, ..Limits::default() };
    assert!(open(&plain, &file).is_err());
}

fn ods(path: &Path, rows: &str) {
    let mut writer = zip::ZipWriter::new(fs::File::create(path).unwrap());
    let part = |writer: &mut zip::ZipWriter<fs::File>, name: &str, text: &str| {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    };
    part(&mut writer, "mimetype", "application/vnd.oasis.opendocument.spreadsheet");
    part(&mut writer, "META-INF/manifest.xml", "<manifest:manifest></manifest:manifest>");
    let names = "xmlns:office=\"urn:o\" xmlns:table=\"urn:t\" xmlns:text=\"urn:x\"";
    let body = format!(
        "<office:document-content {names}><office:body><office:spreadsheet><table:table table:name=\"Staff\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    part(&mut writer, "content.xml", &body);
    writer.finish().unwrap();
}

#[test]
fn open_documents_are_read_and_their_repeats_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.ods");
    let text = |t: &str| format!("<table:table-cell office:value-type=\"string\"><text:p>{t}</text:p></table:table-cell>");
    let end = "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    let dated = "<table:table-cell office:value-type=\"date\" office:date-value=\"2025-03-04T09:30:00\"/><table:table-cell office:value-type=\"time\" office:time-value=\"PT09H30M00S\"/>";
    let good = format!("<table:table-row>{}{}</table:table-row><table:table-row>{}{dated}</table:table-row>{end}", text("ID"), text("Start"), text("P-1"));
    ods(&path, &good);
    let (day, seconds) = (Some(20_151), Some(34_200));
    let cells = [Cell::Text("P-1".into()), Cell::Moment(Moment { day, seconds }), Cell::Moment(Moment { day: None, seconds })];
    assert_eq!(rows(&path, "Staff").unwrap()[1].cells, cells);
    for repeated in [
        "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16000\" office:value-type=\"float\" office:value=\"1\"/></table:table-row>",
        "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row><table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell/></table:table-row><table:table-row><table:table-cell table:number-columns-repeated=\"16000\"/><table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row>",
    ] {
        ods(&path, repeated);
        assert!(found(&path).contains("more than") && found(&path).contains("0000000 cells"), "{}", found(&path));
    }
}

#[test]
fn what_is_no_workbook_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| -> PathBuf {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    assert!(found(&write("a.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and nothing more")).contains("cannot be read"));
    assert!(found(&write("b.xlsx", b"PK\x03\x04 and nothing more")).contains("cannot be read"));
    assert!(found(&write("c.xlsx", b"")).contains("cannot be read"));
    let path = folder.path().join("d.zip");
    let mut writer = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    writer.start_file("a.csv", SimpleFileOptions::default()).unwrap();
    writer.finish().unwrap();
    assert!(found(&path).contains("a zip file that is no workbook"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]
    /// Flipped and dropped bytes of a good workbook: rows or a refusal, and an end.
    #[test]
    fn damage_is_told_and_never_panics(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<prop::sample::Index>(), is_cut in any::<bool>()) {
        thread_local! {
            static GOOD: Vec<u8> = {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("a.xlsx");
                written(&path);
                fs::read(path).unwrap()
            };
            static FOLDER: tempfile::TempDir = tempfile::tempdir().unwrap();
        }
        let mut bytes = GOOD.with(Clone::clone);
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let path = FOLDER.with(|f| f.path().join("x.xlsx"));
        fs::write(&path, &bytes).unwrap();
        let _ = rows(&path, "Encounters");
    }
}
