//! Pages into the file: text with its glyphs and its part, what is only for the eye as artifacts, the stamp and the number on every page.
//! Lets the library refuse what is no PDF/UA-1 rather than hand it out.

use krilla::Document as File;
use krilla::color::rgb;
use krilla::configure::validate::Accessibility;
use krilla::configure::{ConfigurationBuilder, PdfVersion};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::SerializeSettings;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};
use report::Document;

use crate::PdfError;
use crate::face::{Faces, Weight};
use crate::flow::{Bookmark, Laid, STAMP};
use crate::paint;
use crate::page::{Frame, Ink, Item, Look, Page};
use crate::tree::{Part, Tree};

const TOP: Look = Look::new(Weight::Regular, 8.0, Ink::Soft);
const LOUD: Look = Look::new(Weight::Bold, 8.0, Ink::Violation);
const NUMBER: Look = Look::new(Weight::Regular, 8.0, Ink::Black);

/// The file.
pub(crate) fn file(document: &Document, faces: &Faces, laid: Laid) -> Result<Vec<u8>, PdfError> {
    let configuration = ConfigurationBuilder::new().with_version(PdfVersion::Pdf17).with_accessibility_validator(Accessibility::UA1).finish();
    let configuration = configuration.map_err(|error| PdfError::Export(format!("{error:?}")))?;
    let mut file = File::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let Laid { frame, pages, mut tree, bookmarks, stamp } = laid;
    let settings = PageSettings::from_wh(frame.width, frame.height).ok_or_else(|| PdfError::Export("a page without size".to_owned()))?;
    let furniture = Furniture { document, frame, stamp: &stamp, pages: pages.len() };
    for (n, page) in pages.iter().enumerate() {
        let mut sheet = file.start_page_with(settings.clone());
        let mut surface = sheet.surface();
        furniture.head(&mut surface, faces);
        body(&mut surface, faces, page, &mut tree);
        furniture.foot(&mut surface, faces, n + 1);
        surface.finish();
        sheet.finish();
    }
    file.set_metadata(metadata(document));
    file.set_outline(outline(bookmarks));
    file.set_tag_tree(tree.tags());
    file.finish().map_err(|error| PdfError::Export(format!("{error:?}")))
}

fn metadata(document: &Document) -> Metadata {
    let stamp = &document.stamp;
    let metadata = Metadata::new()
        .title(document.title.clone())
        .language("en-US".to_owned())
        .creator("countersign".to_owned())
        .authors(vec![stamp.generated_by.clone()])
        .description(format!("Of the ledger {}: {} events, root {}.", stamp.frame.origin, stamp.frame.size, stamp.frame.root));
    match made(&stamp.generated_at.to_string()) {
        Some(at) => metadata.creation_date(at),
        None => metadata,
    }
}

/// An instant as `2025-06-20T16:00:00...Z`, to the second.
fn made(at: &str) -> Option<DateTime> {
    let number = |range: std::ops::Range<usize>| at.get(range)?.parse::<u16>().ok();
    let small = |range| number(range).and_then(|n| u8::try_from(n).ok());
    let day = DateTime::new(number(0..4)?).month(small(5..7)?).day(small(8..10)?);
    Some(day.hour(small(11..13)?).minute(small(14..16)?).second(small(17..19)?).utc_offset_hour(0).utc_offset_minute(0))
}

fn outline(bookmarks: Vec<Bookmark>) -> Outline {
    let mut outline = Outline::new();
    for mark in bookmarks {
        let there = XyzDestination::new(mark.page, Point::from_xy(Frame::SIDE, mark.y.max(0.0)));
        outline.push_child(OutlineNode::new(mark.title, there));
    }
    outline
}

/// What lies on a page, neighbours of one part under one mark.
fn body(surface: &mut Surface<'_>, faces: &Faces, page: &Page, tree: &mut Tree) {
    let mut open: Option<Part> = None;
    for item in &page.items {
        let part = match item {
            Item::Text { part, .. } => *part,
            Item::Nothing { part } | Item::Piece { part, .. } => Some(*part),
            Item::Bar { .. } => None,
        };
        if open.is_some() && open != part {
            surface.end_tagged();
            open = None;
        }
        match part {
            Some(part) if open.is_none() => {
                let tag = if matches!(item, Item::Piece { .. }) { ContentTag::Other } else { ContentTag::Span(SpanTag::empty()) };
                let identifier = surface.start_tagged(tag);
                tree.mark(part, identifier);
                open = Some(part);
                draw(surface, faces, item);
            }
            Some(_) => draw(surface, faces, item),
            None => artifact(surface, ArtifactType::Layout, |surface| draw(surface, faces, item)),
        }
    }
    if open.is_some() {
        surface.end_tagged();
    }
}

fn artifact(surface: &mut Surface<'_>, kind: ArtifactType, draws: impl FnOnce(&mut Surface<'_>)) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
    draws(surface);
    surface.end_tagged();
}

fn draw(surface: &mut Surface<'_>, faces: &Faces, item: &Item) {
    match item {
        Item::Text { x, y, look, text, .. } => text_at(surface, faces, (*x, *y), *look, text),
        Item::Nothing { .. } => {}
        Item::Piece { x, y, scale, piece, .. } => paint::draw(surface, faces, piece, (*x, *y), *scale),
        Item::Bar { x, y, width, height, ink } => {
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) {
                path.push_rect(rect);
            }
            if let Some(path) = path.finish() {
                surface.set_fill(Some(fill(*ink)));
                surface.draw_path(&path);
            }
        }
    }
}

pub(crate) fn fill(ink: Ink) -> Fill {
    let (red, green, blue) = ink.rgb();
    Fill { paint: rgb::Color::new(red, green, blue).into(), ..Fill::default() }
}

fn text_at(surface: &mut Surface<'_>, faces: &Faces, (x, y): (f32, f32), look: Look, text: &str) {
    let face = faces.of(look.weight);
    surface.set_fill(Some(fill(look.ink)));
    surface.draw_glyphs(Point::from_xy(x, y), &face.glyphs(text), face.font.clone(), text, look.size, false);
}

/// What stands on every page around what it says.
struct Furniture<'d> {
    document: &'d Document,
    frame: Frame,
    stamp: &'d [String],
    pages: usize,
}

impl Furniture<'_> {
    /// The ledger, and in words whether anybody in it exists.
    fn head(&self, surface: &mut Surface<'_>, faces: &Faces) {
        let of = &self.document.stamp.frame;
        artifact(surface, ArtifactType::Header, |surface| {
            let origin = faces.of(TOP.weight).printable(&of.origin);
            text_at(surface, faces, (Frame::SIDE, 38.0), TOP, &origin);
            if of.simulated {
                let words = "SIMULATED: nobody in this ledger exists";
                let x = self.frame.width - Frame::SIDE - faces.of(LOUD.weight).width(words, LOUD.size);
                text_at(surface, faces, (x, 38.0), LOUD, words);
            }
            draw(surface, faces, &Item::Bar { x: Frame::SIDE, y: 45.0, width: self.frame.measure(), height: 0.5, ink: Ink::Line });
        });
    }

    /// What the document is of, and the number of the page.
    fn foot(&self, surface: &mut Surface<'_>, faces: &Faces, page: usize) {
        artifact(surface, ArtifactType::Footer, |surface| {
            let mut y = self.frame.bottom + 10.0;
            draw(surface, faces, &Item::Bar { x: Frame::SIDE, y, width: self.frame.measure(), height: 0.5, ink: Ink::Line });
            y += 1.0;
            for line in self.stamp {
                y += STAMP.leading();
                text_at(surface, faces, (Frame::SIDE, y), STAMP, line);
            }
            let words = format!("Page {page} of {}", self.pages);
            let x = self.frame.width - Frame::SIDE - faces.of(NUMBER.weight).width(&words, NUMBER.size);
            text_at(surface, faces, (x, y + 14.0), NUMBER, &words);
        });
    }
}
