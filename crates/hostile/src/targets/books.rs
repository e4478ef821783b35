//! Workbooks: as files, and what their zip files hold, which nobody would reach through sums that no longer agree.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::Target;
use crate::parts::{joined, split, unzipped, zipped};
use crate::run::plain;

const ODS_FILE: &[u8] = include_bytes!("../../../../fixtures/mapping/staff-register.ods");
const XLS_FILE: &[u8] = include_bytes!("../../../../fixtures/mapping/staff-register-1904.xls");

/// Far below what the product allows, so that a hostile file is small.
const SMALL: sheets::Limits = sheets::Limits { file: 1 << 20, parts: 64, unpacked: 4 << 20, ratio: 200, strings: 1 << 20, cells: 100_000, area: 100_000 };

fn opened(bytes: Vec<u8>) -> String {
    let bytes: Arc<[u8]> = bytes.into();
    let mut book = match sheets::Workbook::open(Arc::clone(&bytes), &SMALL) {
        Ok(book) => book,
        Err(refusal) => return plain(&refusal.found),
    };
    let names: Vec<String> = book.sheets().iter().map(|s| s.name.clone()).collect();
    let (mut cells, mut refused) = (0u64, String::new());
    for name in names.iter().take(8) {
        let merged = book.merged(name);
        let rows = book.rows(name, |row| {
            cells += row.cells.len() as u64;
            if cells < 10_000_000 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        if let Some(refusal) = merged.err().or(rows.err()) {
            refused = refusal.found;
        }
    }
    assert!(cells <= 10_000_000, "more cells than a workbook of this size may have");
    format!("taken {} {}", cells > 0, plain(&refused))
}

pub(super) const XLS: Target = Target {
    name: "xls",
    reads: &["sheets::Workbook::open", "sheets::Workbook::open_again"],
    good: || vec![XLS_FILE.to_vec()],
    words: &["\u{9}\u{8}\u{10}\u{0}", "\u{0}\u{2}\u{e}\u{0}", "\u{a}\u{0}\u{0}\u{0}", "\u{1}\u{0}\u{0}\u{0}", "\u{7f}\u{7f}\u{7f}\u{7f}", "W\u{0}o\u{0}r\u{0}k\u{0}"],
    read: |bytes| opened(bytes.to_vec()),
};

pub(super) const ZIPPED: Target = Target {
    name: "zipped",
    reads: &["sheets::Workbook::open"],
    good: || vec![ODS_FILE.to_vec(), zipped(&split(&xlsx())).unwrap_or_default()],
    words: &["PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "content.xml", "xl/workbook.xml"],
    read: |bytes| opened(bytes.to_vec()),
};

pub(super) const ODS: Target = Target {
    name: "ods",
    reads: &["sheets::Workbook::open"],
    good: || vec![unzipped(ODS_FILE, |name| matches!(name, "content.xml" | "META-INF/manifest.xml" | "mimetype"))],
    words: &[
        "table:number-columns-repeated=\"9999\"",
        "table:number-rows-repeated=\"1048576\"",
        "<table:table-cell office:value-type=\"float\" office:value=\"1e308\"/>",
        "<table:covered-table-cell/>",
        "</table:table-row>",
        "<table:table-row>",
        "<![CDATA[",
        "&amp;&#x110000;",
        "<!--",
        "\n==== content.xml\n",
    ],
    read: in_a_zip,
};

/// A workbook as the format page has it, in as few words as there can be.
fn xlsx() -> Vec<u8> {
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
    let relation = |id: u8, kind: &str, target: &str| format!("<Relationship Id=\"rId{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/>");
    let relations = |all: &str| format!("{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{all}</Relationships>");
    let parts = [
        ("[Content_Types].xml", format!("{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>")),
        ("_rels/.rels", relations(&relation(1, "officeDocument", "xl/workbook.xml"))),
        ("xl/workbook.xml", format!("{HEAD}<workbook {main}><workbookPr date1904=\"0\"/><sheets><sheet name=\"Staff\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>")),
        ("xl/_rels/workbook.xml.rels", relations(&[relation(1, "worksheet", "worksheets/sheet1.xml"), relation(2, "sharedStrings", "sharedStrings.xml"), relation(3, "styles", "styles.xml")].concat())),
        ("xl/sharedStrings.xml", format!("{HEAD}<sst {main} count=\"2\" uniqueCount=\"2\"><si><t>Name</t></si><si><r><t xml:space=\"preserve\">Ada </t></r><r><t>Sample</t></r></si></sst>")),
        ("xl/styles.xml", format!("{HEAD}<styleSheet {main}><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd;@\"/></numFmts><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>")),
        ("xl/worksheets/sheet1.xml", format!("{HEAD}<worksheet {main}><dimension ref=\"A1:C2\"/><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"inlineStr\"><is><t>Since</t></is></c></row><row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c><c r=\"B2\" t=\"b\"><v>1</v></c><c r=\"C2\" s=\"1\"><v>45721.5</v></c><c r=\"D2\" t=\"str\"><f>A2</f><v>x</v></c></row></sheetData><mergeCells count=\"1\"><mergeCell ref=\"A1:B1\"/></mergeCells></worksheet>")),
    ];
    joined(parts)
}

pub(super) const XLSX: Target = Target {
    name: "xlsx",
    reads: &["sheets::Workbook::open"],
    good: || vec![xlsx()],
    words: &[
        "<c r=\"XFD1048576\"><v>1</v></c>",
        "<c t=\"s\"><v>4294967295</v></c>",
        "<row r=\"1048576\">",
        "<mergeCell ref=\"A1:XFD1048576\"/>",
        "ref=\"A1:XFD1048576\"",
        " t=\"e\"",
        "Target=\"/xl/worksheets/sheet1.xml\"",
        "Target=\"../../x\"",
        "<si>",
        "</sheetData>",
        "<![CDATA[",
        "&#x110000;",
        "<!--",
        "date1904=\"1\"",
        "formatCode=\"[h]:mm\"",
        "numFmtId=\"99999999999\"",
    ],
    read: in_a_zip,
};

fn in_a_zip(bytes: &[u8]) -> String {
    zipped(&split(bytes)).map_or_else(|| "no zip file".to_owned(), opened)
}
