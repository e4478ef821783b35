//! A report as a PDF: tagged for screen readers (PDF/UA-1), paginated with repeated table heads, every page under its stamp.
//! Lays out what `report` describes and adds no word of its own but page numbers; the same report gives the same bytes.
//!
//! Modules in reading order: face (the fonts and what they can print), lines (text broken to a width), words (cells as a person reads
//! them), page (what lies where), tree (what it means), flow (blocks onto pages), table, picture (figures in pieces), paint (what their shapes look like), write (into the
//! file).
#![forbid(unsafe_code)]

mod face;
mod lines;
mod words;
mod page;
mod tree;
mod flow;
mod table;
mod picture;
mod paint;
mod write;

use report::Document;
use thiserror::Error;

use flow::Flow;

/// Why there is no PDF.
#[derive(Debug, Error)]
pub enum PdfError {
    /// A font that this program carries cannot be read, which is a fault of the build.
    #[error("the font {0} cannot be read")]
    Font(&'static str),
    /// What was made is no PDF/UA-1, or larger than a PDF can be.
    #[error("the report cannot be written as a PDF: {0}")]
    Export(String),
}

/// The report as the bytes of a PDF 1.7 that claims PDF/UA-1.
///
/// # Errors
/// A report that is larger than a PDF can be.
pub fn document(document: &Document) -> Result<Vec<u8>, PdfError> {
    let faces = face::faces()?;
    let mut flow = Flow::new(faces, document);
    flow.title(&document.title);
    document.parts().for_each(|block| flow.block(block));
    write::file(document, faces, flow.done())
}
