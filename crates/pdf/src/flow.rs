//! Blocks onto pages, one below the other: what does not fit goes on on the next page, a heading never stays behind alone.
//! Places; what a table needs to know of widths is in `table`, what is written is in `write`.

use report::document::{Block, Document};
use report::figure::Figure;
use report::{Cell, Stamp};

use crate::face::{Faces, Weight};
use crate::lines::broken;
use crate::picture::{self, Scaled};
use crate::page::{Frame, Ink, Item, Look, Page};
use crate::table;
use crate::tree::{Kind, Part, Tree};
use crate::words::{ink, said};

const TITLE: Look = Look::new(Weight::Bold, 18.0, Ink::Black);
const HEADING: Look = Look::new(Weight::Bold, 13.0, Ink::Black);
pub(crate) const CAPTION: Look = Look::new(Weight::Bold, 10.0, Ink::Black);
const TEXT: Look = Look::new(Weight::Regular, 10.0, Ink::Black);
const STRONG: Look = Look::new(Weight::Bold, 10.0, Ink::Black);
const SOFT: Look = Look::new(Weight::Regular, 10.0, Ink::Soft);
pub(crate) const STAMP: Look = Look::new(Weight::Regular, 6.5, Ink::Soft);

/// Lines longer than this are hard to read.
const MEASURE: f32 = 480.0;
/// Room a heading must have below it.
const COMPANY: f32 = 64.0;
/// Names of facts.
const NAME: f32 = 150.0;

/// A heading, where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bookmark {
    pub(crate) title: String,
    pub(crate) page: usize,
    pub(crate) y: f32,
}

/// A document on pages.
#[derive(Debug)]
pub(crate) struct Laid {
    pub(crate) frame: Frame,
    pub(crate) pages: Vec<Page>,
    pub(crate) tree: Tree,
    pub(crate) bookmarks: Vec<Bookmark>,
    /// The lines at the foot of every page.
    pub(crate) stamp: Vec<String>,
}

/// Pages being filled.
pub(crate) struct Flow<'f> {
    pub(crate) faces: &'f Faces,
    pub(crate) laid: Laid,
    /// The foot of what was placed last.
    pub(crate) y: f32,
}

impl<'f> Flow<'f> {
    /// Empty pages for a document: across where a table needs it.
    pub(crate) fn new(faces: &'f Faces, document: &Document) -> Self {
        let upright = Frame::new(false, 0.0).measure();
        let across = document.tables().any(|table| !table::fits(table, faces, upright));
        let measure = Frame::new(across, 0.0).measure();
        let stamp = stamp_lines(faces, &document.stamp, measure);
        #[allow(clippy::cast_precision_loss, reason = "a stamp has a handful of lines")]
        let frame = Frame::new(across, stamp.len() as f32 * STAMP.leading());
        let laid = Laid { frame, pages: vec![Page::default()], tree: Tree::default(), bookmarks: Vec::new(), stamp };
        Self { faces, laid, y: Frame::TOP }
    }

    /// Everything placed.
    pub(crate) fn done(self) -> Laid {
        self.laid
    }

    pub(crate) fn place(&mut self, item: Item) {
        if let Some(page) = self.laid.pages.last_mut() {
            page.items.push(item);
        }
    }

    pub(crate) fn left(&self) -> f32 {
        self.laid.frame.bottom - self.y
    }

    /// Begins another page, unless this one is empty.
    pub(crate) fn turn(&mut self) {
        if self.y > Frame::TOP {
            self.laid.pages.push(Page::default());
            self.y = Frame::TOP;
        }
    }

    /// Makes sure of room.
    pub(crate) fn need(&mut self, height: f32) {
        if self.left() < height {
            self.turn();
        }
    }

    /// Leaves room, except at the head of a page.
    fn space(&mut self, height: f32) {
        if self.y > Frame::TOP {
            self.y += height;
        }
    }

    /// Lines of text, going on on the next page where they must.
    pub(crate) fn text(&mut self, text: &str, look: Look, x: f32, width: f32, part: Part) {
        let face = self.faces.of(look.weight);
        for line in broken(&face.printable(text), face, look.size, width) {
            self.need(look.leading());
            self.y += look.leading();
            self.place(Item::Text { x, y: self.y - look.leading() * 0.25, look, text: line, part: Some(part) });
        }
    }

    fn bookmark(&mut self, title: &str, look: Look) {
        self.laid.bookmarks.push(Bookmark { title: title.to_owned(), page: self.laid.pages.len() - 1, y: self.y - look.leading() });
    }

    /// The title of the document.
    pub(crate) fn title(&mut self, title: &str) {
        let part = self.laid.tree.add(None, Kind::Heading(1, title.to_owned()));
        self.bookmark(title, TITLE);
        self.text(title, TITLE, Frame::SIDE, self.laid.frame.measure(), part);
        self.space(8.0);
    }

    /// A block.
    pub(crate) fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => self.heading(text),
            Block::Prose(text) => text.split("\n\n").for_each(|p| self.paragraph(p, TEXT)),
            Block::Notice(text) => self.notice(text),
            Block::List(lines) => self.list(lines),
            Block::Facts(facts) => self.facts(facts),
            Block::Table(table) if table.rows.is_empty() => self.paragraph(&table.empty, SOFT),
            Block::Table(table) => table::place(self, table),
            Block::Figure(figure) => self.figure(figure),
        }
    }

    fn heading(&mut self, text: &str) {
        self.space(14.0);
        self.need(HEADING.leading() + COMPANY);
        let part = self.laid.tree.add(None, Kind::Heading(2, text.to_owned()));
        self.bookmark(text, HEADING);
        self.text(text, HEADING, Frame::SIDE, self.laid.frame.measure(), part);
        self.space(4.0);
    }

    fn paragraph(&mut self, text: &str, look: Look) {
        let part = self.laid.tree.add(None, Kind::Paragraph);
        self.text(text, look, Frame::SIDE, self.laid.frame.measure().min(MEASURE), part);
        self.space(7.0);
    }

    fn notice(&mut self, text: &str) {
        const INSET: f32 = 12.0;
        let face = self.faces.of(STRONG.weight);
        let width = self.laid.frame.measure().min(MEASURE) - INSET;
        #[allow(clippy::cast_precision_loss, reason = "a notice has a handful of lines")]
        let height = broken(&face.printable(text), face, STRONG.size, width).len() as f32 * STRONG.leading();
        self.need(height);
        let part = self.laid.tree.add(None, Kind::Paragraph);
        if height <= self.left() {
            self.place(Item::Bar { x: Frame::SIDE, y: self.y, width: 3.0, height: height + 2.0, ink: Ink::Documentation });
        }
        self.text(text, STRONG, Frame::SIDE + INSET, width, part);
        self.space(9.0);
    }

    fn list(&mut self, lines: &[String]) {
        const INSET: f32 = 14.0;
        let list = self.laid.tree.add(None, Kind::List);
        for line in lines {
            self.need(TEXT.leading());
            let item = self.laid.tree.add(Some(list), Kind::ListItem);
            let body = self.laid.tree.add(Some(item), Kind::ListBody);
            self.place(Item::Bar { x: Frame::SIDE + 4.0, y: self.y + 6.5, width: 3.0, height: 3.0, ink: Ink::Soft });
            self.text(line, TEXT, Frame::SIDE + INSET, self.laid.frame.measure().min(MEASURE) - INSET, body);
            self.space(2.0);
        }
        self.space(6.0);
    }

    fn facts(&mut self, facts: &[(String, Cell)]) {
        let list = self.laid.tree.add(None, Kind::List);
        let width = self.laid.frame.measure().min(MEASURE) - NAME;
        for (name, value) in facts {
            let item = self.laid.tree.add(Some(list), Kind::ListItem);
            let (label, body) = (self.laid.tree.add(Some(item), Kind::Label), self.laid.tree.add(Some(item), Kind::ListBody));
            let face = self.faces.of(STRONG.weight);
            #[allow(clippy::cast_precision_loss, reason = "a name has a handful of lines")]
            let names = broken(&face.printable(name), face, STRONG.size, NAME - 10.0).len() as f32 * STRONG.leading();
            self.need(names.max(TEXT.leading()));
            let (page, top) = (self.laid.pages.len(), self.y);
            self.text(name, STRONG, Frame::SIDE, NAME - 10.0, label);
            let named = self.y;
            self.y = top;
            let look = Look { ink: ink(value), ..TEXT };
            self.text(&said(value), look, Frame::SIDE + NAME, width, body);
            // On another page than its name, a value ends where it ends.
            if self.laid.pages.len() == page {
                self.y = self.y.max(named);
            }
            self.y += 3.0;
            self.rule(self.laid.frame.measure().min(MEASURE));
            self.y += 1.0;
        }
        self.space(9.0);
    }

    /// A hairline at the foot of what was placed.
    pub(crate) fn rule(&mut self, width: f32) {
        self.place(Item::Bar { x: Frame::SIDE, y: self.y, width, height: 0.5, ink: Ink::Line });
    }

    /// A picture: its words, what is drawn, and the table that says the same.
    fn figure(&mut self, figure: &Figure) {
        // Its words stand on the page on which it begins.
        let scaled = Scaled::new(figure, self.laid.frame);
        self.need(CAPTION.leading() + COMPANY + scaled.least());
        let part = self.laid.tree.add(None, Kind::Paragraph);
        let width = self.laid.frame.measure().min(MEASURE);
        self.text(&figure.title, CAPTION, Frame::SIDE, width, part);
        let part = self.laid.tree.add(None, Kind::Paragraph);
        self.text(&figure.says, TEXT, Frame::SIDE, width, part);
        self.space(5.0);
        picture::place(self, figure, &scaled);
        if figure.twin.rows.is_empty() { self.paragraph(&figure.twin.empty, SOFT) } else { table::place(self, &figure.twin) }
    }
}

/// What a document is of, as lines at the foot of every page.
fn stamp_lines(faces: &Faces, stamp: &Stamp, measure: f32) -> Vec<String> {
    let said: Vec<String> = stamp.lines().into_iter().filter(|(name, _)| *name != "SIMULATED").map(|(name, value)| format!("{name}: {value}.")).collect();
    let face = faces.of(STAMP.weight);
    let mut lines = broken(&face.printable(&said.join(" ")), face, STAMP.size, measure);
    lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
    lines
}
