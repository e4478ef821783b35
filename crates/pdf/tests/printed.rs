//! Reports as PDF, judged by other people's programs: qpdf on the file, poppler on its words, tags and pages.
//! Where they are not installed it says so, and tests what can be tested without them.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

use audit::json::Frame;
use audit::vocabulary::{Cents, Class, KnownAt, Seq, ValidDay};
use report::figure::bands::{Band, Bands, Lane, Look as Span, Sign, Tick};
use report::figure::bars::{Bar, Bars};
use report::figure::{Drawing, Figure};
use report::{Block, Cell, Column, Document, Stamp, Table, Thing};

fn stamp() -> Stamp {
    let frame = Frame {
        origin: "ledger.invented.example".to_owned(),
        size: 24_811,
        root: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        simulated: true,
        as_of_seq: 24_810,
        as_of_recorded_at: KnownAt::parse("2025-06-20T16:00:00Z").unwrap(),
        today: ValidDay::parse("2025-06-20").unwrap(),
        rule_set: "blake3:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef".to_owned(),
    };
    Stamp::of(&frame, KnownAt::parse("2025-06-20T16:30:00Z").unwrap(), "Ana Ortiz (invented)")
}

/// A document with every kind of block and every kind of cell.
fn everything() -> Document {
    let columns = [Column::words("what", "What"), Column::numbers("money", "At risk"), Column::words("when", "When"), Column::words("hash", "Hash")];
    let mut table = Table::new("cells", "Cells of every kind", &columns);
    table.row([Cell::Class(Class::Violation), Cell::Money(Cents(-184_200)), Cell::Day(ValidDay::parse("2025-03-04").unwrap()), Cell::Hash("0123456789abcdef".repeat(4))]);
    table.row([Cell::Class(Class::Documentation), Cell::Count(1_234_567), Cell::Instant(KnownAt::parse("2025-03-04T14:14:00Z").unwrap()), Cell::Empty]);
    table.row([Cell::Class(Class::Advisory), Cell::Days(31), Cell::Answer(None), Cell::Ids(Thing::Contact, vec!["C-1".to_owned(), "C-2".to_owned()])]);
    table.row([Cell::text("Zoë \u{4e2d} wrote “never”…"), Cell::Empty, Cell::Seq(Seq(811)), Cell::Named(Thing::Finding, "F-1".to_owned(), "a finding in words".to_owned())]);
    let mut twin = Table::new("twin", "The same as a table", &[Column::words("of", "Of"), Column::numbers("live", "At risk")]);
    twin.row([Cell::text("MH-1"), Cell::Money(Cents(391_516))]);
    let bars = Drawing::Bars(Bars { bars: vec![Bar { label: "MH-1".to_owned(), amount: Cents(391_516) }] });
    Document::new("everything", "25 new violations since the last scan; $3,915.16 at risk on live claims.", stamp())
        .with(Block::Prose("A first paragraph that is long enough to be broken into two lines on an upright page, as prose is.\n\nA second one.".to_owned()))
        .with(Block::Notice("A paragraph that must not be missed.".to_owned()))
        .with(Block::Heading("What is on record".to_owned()))
        .with(Block::List(vec!["the first line".to_owned(), "the second line".to_owned()]))
        .with(Block::Facts(vec![("Rule".to_owned(), Cell::Id(Thing::Rule, "MHOTRS-CRED-01".to_owned())), ("Known at the claim".to_owned(), Cell::Answer(Some(false)))]))
        .with(Block::Table(table))
        .with(Block::Table(Table::new("none", "Nothing", &[Column::words("a", "A")]).or_else("No finding fits.")))
        .beside(Block::Figure(Figure { title: "Money at risk by program.".to_owned(), says: "All of it.".to_owned(), drawing: bars, twin, together: false }))
}

/// A table of many rows, each with a sentence and an id of its own.
fn long(rows: usize) -> Document {
    let columns = [
        Column::words("finding", "Finding"),
        Column::words("class", "Class"),
        Column::words("says", "What"),
        Column::words("individual", "Individual"),
        Column::words("true_from", "True from"),
        Column::numbers("exposure", "At risk"),
    ];
    let mut table = Table::new("findings", format!("{rows} findings"), &columns);
    for n in 0..rows {
        table.row([
            Cell::Id(Thing::Finding, format!("F-{n:010}")),
            Cell::Class(if n % 3 == 0 { Class::Violation } else { Class::Documentation }),
            Cell::Text(format!("Contact C-{n:05} by P-014, who had no credential in force on that day: NYCPS ended on 1 Mar 2025")),
            Cell::Id(Thing::Individual, format!("hidden-{:08}", n * 7919 % 99_999_999)),
            Cell::Day(ValidDay::parse("2025-03-04").unwrap()),
            Cell::Money(Cents(i64::try_from(n).unwrap() * 13)),
        ]);
    }
    Document::new("findings", format!("{rows} findings."), stamp()).with(Block::Table(table))
}

fn installed(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found {
        println!("SKIPPED: {program} is not installed; nothing else said what it would have said");
    }
    found
}

fn told(program: &str, args: &[&str], file: &Path) -> String {
    let output = Command::new(program).args(args).arg(file).args((program == "pdftotext").then_some("-")).output().unwrap();
    assert!(output.status.success(), "{program}: {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn written(document: &Document) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, pdf::document(document).unwrap()).unwrap();
    (folder, path)
}

/// Text without what breaking into lines and pages adds or takes: blanks.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn the_same_report_is_the_same_bytes_and_another_is_not() {
    let (one, two) = (pdf::document(&everything()).unwrap(), pdf::document(&everything()).unwrap());
    assert!(one == two && one.starts_with(b"%PDF-1.7"));
    assert!(pdf::document(&long(3)).unwrap() != one);
}

#[test]
fn the_words_of_the_file_are_the_words_of_the_document() {
    if !installed("pdftotext") {
        return;
    }
    let document = everything();
    let (_folder, path) = written(&document);
    let said = told("pdftotext", &["-raw", "-enc", "UTF-8"], &path);
    let foot: String = said.lines().skip_while(|line| !line.starts_with("Ledger:")).collect::<Vec<_>>().join(" ");
    for part in ["24,811 events", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "20 Jun 2025, 12:30 ET by Ana Ortiz (invented)", "Page 1 of"] {
        assert!(bare(&foot).contains(&bare(part)), "{part} is not in {foot}");
    }
    let words = "25 new violations since the last scan; $3,915.16 at risk on live claims. \
        A first paragraph that is long enough to be broken into two lines on an upright page, as prose is. A second one. \
        A paragraph that must not be missed. What is on record the first line the second line Rule MHOTRS-CRED-01 Known at the claim no \
        Cells of every kind What At risk When Hash \
        ■ violation -$1,842.00 4 Mar 2025 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef \
        ▲ documentation 1,234,567 4 Mar 2025, 09:14 ET ● advisory 31 d not billed C-1, C-2 \
        Zoë [U+4E2D] wrote “never”… seq 811 a finding in words No finding fits. \
        Money at risk by program. All of it. The same as a table Of At risk MH-1 $3,915.16";
    let head = "ledger.invented.exampleSIMULATED:nobodyinthisledgerexists";
    let found = bare(&said);
    let body = found.strip_prefix(head).and_then(|rest| rest.split_once("Ledger:ledger.invented.example")).map(|(body, _)| body);
    assert_eq!(body, Some(bare(words).as_str()));
}

#[test]
fn the_file_is_sound_tagged_and_named() {
    if !installed("qpdf") || !installed("pdfinfo") {
        return;
    }
    let (_folder, path) = written(&everything());
    told("qpdf", &["--check"], &path);
    let info = told("pdfinfo", &[], &path);
    for part in ["Title:           25 new violations", "Tagged:          yes", "Author:          Ana Ortiz (invented)", "Encrypted:       no", "Page size:       612 x 792 pts (letter)"] {
        assert!(info.contains(part), "{part} is not in {info}");
    }
    let metadata = told("pdfinfo", &["-meta"], &path);
    assert!(metadata.contains("<pdfuaid:part>1</pdfuaid:part>"), "{metadata}");
    let structure = told("pdfinfo", &["-struct"], &path);
    let count = |kind: &str| structure.lines().filter(|line| line.trim_start().split([' ', '(', ':']).next() == Some(kind)).count();
    assert_eq!((count("H1"), count("H2"), count("Table"), count("TH"), count("TD"), count("THead")), (1, 1, 2, 6, 18, 2), "{structure}");
    assert_eq!(count("Figure"), 1, "{structure}");
}

/// Whether pages have a colour, each drawn as pixels.
fn coloured(path: &Path, (red, green, blue): (u8, u8, u8)) -> Vec<bool> {
    let folder = tempfile::tempdir().unwrap();
    let drawn = Command::new("pdftoppm").args(["-r", "50"]).arg(path).arg(folder.path().join("p")).output().unwrap();
    assert!(drawn.status.success(), "{}", String::from_utf8_lossy(&drawn.stderr));
    let mut pages: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    pages.iter().map(|page| std::fs::read(page).unwrap().chunks(3).any(|pixel| pixel == [red, green, blue])).collect()
}

/// Supervision of so many peers, each with a gap.
fn strips(lanes: usize) -> Document {
    let day = |text: &str| ValidDay::parse(text).unwrap();
    let mut twin = Table::new("coverage", "Supervision, each stretch", &[Column::words("peer", "Peer"), Column::words("says", "Supervised")]);
    let lane = |n: usize| {
        let span = |from, to, label: &str, look| Band { from: day(from), to: day(to), label: label.to_owned(), look };
        let bands = vec![span("2025-01-01", "2025-03-31", "by S-01", Span::Solid), span("2025-04-01", "2025-06-30", "nobody who may", Span::Gap)];
        let tick = Tick { on: day("2025-05-01"), label: "a finding".to_owned(), sign: Sign::Found(Class::Violation) };
        Lane { name: format!("P-{n:03}, MH-1"), bands, ticks: vec![tick] }
    };
    for n in 0..lanes {
        twin.row([Cell::Text(format!("P-{n:03}")), Cell::text("by S-01")]);
    }
    let drawing = Drawing::Bands(Bands { from: day("2025-01-01"), to: day("2025-06-30"), lanes: (0..lanes).map(lane).collect() });
    let figure = Figure { title: "Supervision of each peer.".to_owned(), says: "Gaps are hatched.".to_owned(), drawing, twin, together: false };
    Document::new("strips", format!("{lanes} peers."), stamp()).with(Block::Figure(figure))
}

#[test]
fn a_figure_is_drawn_on_as_many_pages_as_it_needs_and_adds_no_word_to_the_text() {
    if !installed("pdftoppm") || !installed("pdftotext") || !installed("qpdf") {
        return;
    }
    let (_folder, path) = written(&strips(100));
    told("qpdf", &["--check"], &path);
    let (in_force, violation) = (coloured(&path, (0x2e, 0x62, 0x76)), coloured(&path, (0x98, 0x1b, 0x1e)));
    let drawn = in_force.iter().filter(|page| **page).count();
    assert!(drawn >= 2 && in_force[..drawn].iter().chain(&violation[..drawn]).all(|page| *page), "{in_force:?} {violation:?}");
    assert!(in_force.len() > drawn, "the table stands after it");
    let said = bare(&told("pdftotext", &["-raw", "-enc", "UTF-8"], &path));
    assert_eq!((said.matches("P-042").count(), said.matches("nobodywhomay").count()), (1, 0), "words of the picture are its shapes");
    let (_folder, short) = written(&strips(4));
    assert_eq!(coloured(&short, (0x2e, 0x62, 0x76)), [true]);
    let (one, two) = (pdf::document(&strips(100)).unwrap(), pdf::document(&strips(100)).unwrap());
    assert!(one == two);
    println!("{} bytes", one.len());
}

#[test]
fn five_hundred_pages_keep_every_row_and_every_head() {
    let document = long(10_000);
    #[allow(clippy::disallowed_methods, reason = "how long it took is printed, and nothing rests on it")]
    let began = std::time::Instant::now();
    let bytes = pdf::document(&document).unwrap();
    println!("{} bytes in {:?}", bytes.len(), began.elapsed());
    if !installed("pdftotext") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.pdf");
    std::fs::write(&path, bytes).unwrap();
    let said = told("pdftotext", &["-raw", "-enc", "UTF-8"], &path);
    let pages: Vec<&str> = said.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    println!("{} pages", pages.len());
    assert!(pages.len() > 200, "{}", pages.len());
    for (n, page) in (1..).zip(&pages) {
        assert!(page.contains("SIMULATED") && page.contains(&format!("Page {n} of {}", pages.len())), "page {n}");
        assert!(bare(page).contains("FindingClassWhatIndividualTruefromAtrisk"), "page {n} has no head");
    }
    let all = bare(&said);
    let mut rest = all.as_str();
    for n in 0..10_000 {
        let row = format!("F-{n:010}");
        let at = rest.find(&row).unwrap_or_else(|| panic!("{row} is not there, or not in its order"));
        rest = &rest[at + row.len()..];
        let words = format!("ContactC-{n:05}byP-014,whohadnocredentialinforceonthatday:NYCPSendedon1Mar2025");
        let near: String = rest.chars().take(200).collect();
        assert!(near.contains(&words), "{row}: {near}");
    }
}

#[test]
fn a_word_or_a_cell_of_any_length_is_printed_whole() {
    let mut table = Table::new("t", "", &[Column::words("a", "A"), Column::words("b", "B")]);
    let (word, sentence) = ("x".repeat(9_000), "never ending ".repeat(3_000));
    table.row([Cell::Text(word.clone()), Cell::Text(sentence.clone())]);
    let document = Document::new("t", "A row that is longer than a page.", stamp()).with(Block::Table(table));
    if !installed("pdftotext") {
        return;
    }
    let (_folder, path) = written(&document);
    let said = bare(&told("pdftotext", &["-raw", "-enc", "UTF-8"], &path));
    assert_eq!(said.matches("never").count(), 3_000);
    // Every x but those of "example" in heads and stamps.
    let pages = said.matches("Page").count();
    assert_eq!(said.matches('x').count() - pages * "ledger.invented.example exists ledger.invented.example".matches('x').count(), 9_000);
}
