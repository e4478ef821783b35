//! What the parts of a document mean: headings, paragraphs, lists, tables with their heads, in the order of reading.
//! Knows no page; what lies on pages points into it.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, ListNumbering, Node as Tagged, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

/// A part of the document, by its place in the tree.
pub(crate) type Part = usize;

/// What a part is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A heading and its level.
    Heading(u16, String),
    Paragraph,
    List,
    ListItem,
    Label,
    ListBody,
    /// A table, and what it shows.
    Table(String),
    Caption,
    /// A picture, and what it says to somebody who does not see it.
    Figure(String),
    TableHead,
    TableBody,
    Row,
    HeadCell,
    Cell,
}

#[derive(Debug)]
struct Node {
    kind: Kind,
    children: Vec<Part>,
    marks: Vec<Identifier>,
}

/// The parts of a document.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    roots: Vec<Part>,
}

impl Tree {
    /// A part more, inside another or at the top.
    pub(crate) fn add(&mut self, within: Option<Part>, kind: Kind) -> Part {
        let part = self.nodes.len();
        self.nodes.push(Node { kind, children: Vec::new(), marks: Vec::new() });
        match within.and_then(|parent| self.nodes.get_mut(parent)) {
            Some(parent) => parent.children.push(part),
            None => self.roots.push(part),
        }
        part
    }

    /// Notes what of a page belongs to a part.
    pub(crate) fn mark(&mut self, part: Part, identifier: Identifier) {
        if let Some(node) = self.nodes.get_mut(part) {
            node.marks.push(identifier);
        }
    }

    /// As it is written.
    pub(crate) fn tags(self) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some("en-US".to_owned()));
        let mut nodes: Vec<Option<Node>> = self.nodes.into_iter().map(Some).collect();
        for root in self.roots {
            if let Some(group) = group(&mut nodes, root) {
                tree.push(group);
            }
        }
        tree
    }
}

/// A part with everything inside it; the tree is never deeper than table, body, row, cell.
fn group(nodes: &mut [Option<Node>], part: Part) -> Option<TagGroup> {
    let node = nodes.get_mut(part)?.take()?;
    let mut children: Vec<Tagged> = Vec::with_capacity(node.children.len() + node.marks.len());
    children.extend(node.children.into_iter().filter_map(|child| group(nodes, child)).map(Tagged::Group));
    children.extend(node.marks.into_iter().map(Tagged::Leaf));
    Some(TagGroup::with_children(tag(node.kind), children))
}

fn tag(kind: Kind) -> TagKind {
    match kind {
        Kind::Heading(level, title) => Tag::Hn(NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN), Some(title)).into(),
        Kind::Paragraph => Tag::P.into(),
        Kind::List => Tag::L(ListNumbering::None).into(),
        Kind::ListItem => Tag::LI.into(),
        Kind::Label => Tag::Lbl.into(),
        Kind::ListBody => Tag::LBody.into(),
        Kind::Table(summary) => Tag::Table.with_summary(Some(summary)).into(),
        Kind::Caption => Tag::Caption.into(),
        Kind::Figure(says) => Tag::Figure(Some(says)).into(),
        Kind::TableHead => Tag::THead.into(),
        Kind::TableBody => Tag::TBody.into(),
        Kind::Row => Tag::TR.into(),
        Kind::HeadCell => Tag::TH(TableHeaderScope::Column).into(),
        Kind::Cell => Tag::TD.into(),
    }
}
