//! A table on pages: columns as wide as what they hold needs, its head again on every page, a row kept together where it fits.
//! Makes letters smaller before it breaks a word, and breaks a word before it leaves one out.

use report::document::{Cell, Table};

use crate::face::{Faces, Weight};
use crate::flow::{CAPTION, Flow};
use crate::lines::{broken, widest_word};
use crate::page::{Frame, Ink, Item, Look};
use crate::tree::{Kind, Part};
use crate::words::{ink, said};

/// Between columns.
const GAP: f32 = 7.0;
/// Above and below the lines of a row.
const AIR: f32 = 3.0;
/// Sizes tried, in points.
const SIZES: [f32; 5] = [9.0, 8.5, 8.0, 7.5, 7.0];
/// The smallest at which an upright page is kept.
const READABLE: f32 = 8.0;
/// A column is never asked to be wider than this for one word, in letters of its size.
const WORD: f32 = 13.0;
/// Nor for all its words.
const SENTENCE: f32 = 60.0;

/// The widest word and the widest line of a column, in points.
#[derive(Debug, Clone, Copy, Default)]
struct Need {
    word: f32,
    line: f32,
}

fn needs(table: &Table, faces: &Faces, size: f32) -> Vec<Need> {
    let (bold, regular) = (faces.of(Weight::Bold), faces.of(Weight::Regular));
    let mut needs: Vec<Need> =
        table.columns.iter().map(|c| Need { word: widest_word(c.title, bold, size), line: bold.width(c.title, size).min(SENTENCE * size / 3.0) }).collect();
    for row in &table.rows {
        for (need, cell) in needs.iter_mut().zip(row) {
            let text = regular.printable(&said(cell));
            need.line = need.line.max(regular.width(&text, size));
            // Numbers, days and classes stay on one line, an instant on two; a hash is broken where it must be.
            let word = match cell {
                Cell::Money(_) | Cell::Count(_) | Cell::Days(_) | Cell::Day(_) | Cell::Class(_) | Cell::Seq(_) => regular.width(&text, size),
                Cell::Instant(_) => text.split_inclusive(',').map(|part| regular.width(part.trim(), size)).fold(0.0, f32::max),
                Cell::Empty | Cell::Text(_) | Cell::Id(..) | Cell::Named(..) | Cell::Ids(..) | Cell::Hash(_) | Cell::Answer(_) => widest_word(&text, regular, size),
            };
            need.word = need.word.max(word.min(WORD * size));
        }
    }
    for need in &mut needs {
        need.line = need.line.min(SENTENCE * size).max(need.word);
    }
    needs
}

fn gaps(table: &Table) -> f32 {
    #[allow(clippy::cast_precision_loss, reason = "a table has a dozen columns")]
    {
        GAP * table.columns.len().saturating_sub(1) as f32
    }
}

/// Columns that an upright page has room for, however short their words are.
const UPRIGHT: usize = 7;

/// Whether a table can be read on pages of this measure without breaking words.
pub(crate) fn fits(table: &Table, faces: &Faces, measure: f32) -> bool {
    if table.columns.len() > UPRIGHT {
        return false;
    }
    let words: f32 = needs(table, faces, READABLE).iter().map(|n| n.word).sum();
    words + gaps(table) <= measure
}

/// The size of letters and the widths of columns.
fn columns(table: &Table, faces: &Faces, measure: f32) -> (f32, Vec<f32>) {
    let room = measure - gaps(table);
    let mut last = (READABLE, Vec::new());
    for size in SIZES {
        let needs = needs(table, faces, size);
        let (words, lines): (f32, f32) = (needs.iter().map(|n| n.word).sum(), needs.iter().map(|n| n.line).sum());
        if lines <= room {
            return (size, needs.iter().map(|n| n.line).collect());
        }
        if words <= room {
            let share = (room - words) / (lines - words).max(1.0);
            return (size, needs.iter().map(|n| n.word + (n.line - n.word) * share).collect());
        }
        // Too many columns for any size: words are broken, in all columns alike.
        last = (size, needs.iter().map(|n| n.word * room / words).collect());
    }
    last
}

/// A row in lines, cell by cell.
struct Row {
    cells: Vec<(Part, Vec<String>, Look, bool)>,
}

impl Row {
    fn lines(&self) -> usize {
        self.cells.iter().map(|(_, lines, ..)| lines.len()).max().unwrap_or(0)
    }
}

struct Setting {
    size: f32,
    widths: Vec<f32>,
    /// The head in lines, for every page.
    head: Vec<(Vec<String>, bool)>,
}

impl Setting {
    fn leading(&self) -> f32 {
        Look::new(Weight::Regular, self.size, Ink::Black).leading()
    }

    fn head_height(&self) -> f32 {
        let lines = self.head.iter().map(|(lines, _)| lines.len()).max().unwrap_or(1);
        height(lines, self.leading())
    }

    /// The left edges of columns, with their widths.
    fn places(&self) -> impl Iterator<Item = (f32, f32)> + '_ {
        self.widths.iter().scan(Frame::SIDE, |x, width| {
            let here = *x;
            *x += width + GAP;
            Some((here, *width))
        })
    }
}

fn height(lines: usize, leading: f32) -> f32 {
    #[allow(clippy::cast_precision_loss, reason = "lines on a page")]
    {
        lines as f32 * leading + 2.0 * AIR
    }
}

/// Places a table.
pub(crate) fn place(flow: &mut Flow<'_>, table: &Table) {
    let (size, widths) = columns(table, flow.faces, flow.laid.frame.measure());
    let bold = flow.faces.of(Weight::Bold);
    let head = table.columns.iter().zip(&widths).map(|(c, width)| (broken(&bold.printable(c.title), bold, size, *width), c.numeric)).collect();
    let setting = Setting { size, widths, head };
    let part = flow.laid.tree.add(None, Kind::Table(table.caption.clone()));
    // The caption, the head and a row stay together.
    flow.need(CAPTION.leading() + setting.head_height() + height(2, setting.leading()));
    if !table.caption.is_empty() {
        let caption = flow.laid.tree.add(Some(part), Kind::Caption);
        flow.text(&table.caption, CAPTION, Frame::SIDE, flow.laid.frame.measure(), caption);
        flow.y += 2.0;
    }
    let (head, body) = (flow.laid.tree.add(Some(part), Kind::TableHead), flow.laid.tree.add(Some(part), Kind::TableBody));
    let line = flow.laid.tree.add(Some(head), Kind::Row);
    let cells: Vec<Part> = table.columns.iter().map(|_| flow.laid.tree.add(Some(line), Kind::HeadCell)).collect();
    headed(flow, &setting, Some(&cells));
    for cells in &table.rows {
        let line = flow.laid.tree.add(Some(body), Kind::Row);
        let regular = flow.faces.of(Weight::Regular);
        let cells = table.columns.iter().zip(cells).zip(&setting.widths).map(|((column, cell), width)| {
            let look = Look::new(Weight::Regular, size, ink(cell));
            let lines = broken(&regular.printable(&said(cell)), regular, size, *width);
            (flow.laid.tree.add(Some(line), Kind::Cell), lines, look, column.numeric)
        });
        let row = Row { cells: cells.collect() };
        self::row(flow, &setting, &row);
    }
    flow.y += 12.0;
}

/// The head of the table; on later pages it is only for the eye.
fn headed(flow: &mut Flow<'_>, setting: &Setting, parts: Option<&[Part]>) {
    let look = Look::new(Weight::Bold, setting.size, Ink::Black);
    let tall = setting.head.iter().map(|(lines, _)| lines.len()).max().unwrap_or(1);
    let top = flow.y + AIR;
    let places: Vec<(f32, f32)> = setting.places().collect();
    for (n, ((lines, numeric), (x, width))) in setting.head.iter().zip(places).enumerate() {
        let part = parts.and_then(|parts| parts.get(n)).copied();
        // Heads stand at the foot of their row.
        let first = tall - lines.len();
        put(flow, lines, look, (x, width, *numeric), (top, first), part);
    }
    flow.y += setting.head_height();
    flow.place(Item::Bar { x: Frame::SIDE, y: flow.y - 1.0, width: flow.laid.frame.measure(), height: 1.0, ink: Ink::Soft });
}

/// Lines of a cell, from a line of its row on.
fn put(flow: &mut Flow<'_>, lines: &[String], look: Look, (x, width, numeric): (f32, f32, bool), (top, first): (f32, usize), part: Option<Part>) {
    let face = flow.faces.of(look.weight);
    for (n, line) in (first..).zip(lines) {
        let x = if numeric { x + width - face.width(line.trim_end(), look.size) } else { x };
        #[allow(clippy::cast_precision_loss, reason = "lines on a page")]
        let y = top + (n as f32 + 0.75) * look.leading();
        match part {
            Some(part) if line.is_empty() => flow.place(Item::Nothing { part }),
            _ => flow.place(Item::Text { x, y, look, text: line.clone(), part }),
        }
    }
}

fn row(flow: &mut Flow<'_>, setting: &Setting, row: &Row) {
    let (lines, leading) = (row.lines(), setting.leading());
    let whole = flow.laid.frame.bottom - Frame::TOP - setting.head_height();
    if flow.left() < height(lines, leading) && height(lines, leading) <= whole || flow.left() < height(1, leading) {
        flow.turn();
        headed(flow, setting, None);
    }
    let mut done = 0;
    loop {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "lines on a page")]
        let fit = (((flow.left() - 2.0 * AIR) / leading).floor().max(1.0) as usize).min(lines - done);
        let top = flow.y + AIR;
        let places: Vec<(f32, f32)> = setting.places().collect();
        for ((part, cell, look, numeric), (x, width)) in row.cells.iter().zip(places) {
            let here = cell.get(done..cell.len().min(done + fit)).unwrap_or_default();
            put(flow, here, *look, (x, width, *numeric), (top, 0), Some(*part));
        }
        done += fit;
        flow.y += height(fit, leading);
        flow.rule(flow.laid.frame.measure());
        if done >= lines {
            return;
        }
        flow.turn();
        headed(flow, setting, None);
    }
}
