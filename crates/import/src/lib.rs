//! Files to draft events and problems: JSON Lines and CSV as events.md fixes them, read as streams of bounded memory; X12 is only recognised.
//! Knows nothing of the ledger: whether an id is taken, a line already there or a target unknown is decided where the drafts go.

mod ahead;
mod batches;
mod bulk;
mod csv;
pub mod discover;
mod encoding;
mod format;
mod json;
mod jsonl;
pub mod line;
mod mapping;
mod merge;
mod plain;
pub mod problem;
pub mod read;
pub mod schema;
mod survey;
pub mod write;

pub use ahead::Ahead;
pub use batches::{Batch, JsonLines, Parsed, ParsedBatches, parse_batches};
pub use discover::{Discovered, Source, discover, discover_mapped};
pub use encoding::Encoding;
pub use format::{Format, Separator};
pub use jsonl::{Block, Blocks, MAX_LINE, parse_block};
pub use line::{ENVELOPE_FIELDS, parse_line};
pub use mapping::{Mapping, Preview, PreviewRow, PreviewTable, guess, preview};
pub use problem::{Notice, Problem, ProblemKind, Problems};
pub use survey::open;
pub use read::{FileSummary, Located, Options, Summary, read};
pub use write::{NotCsv, write_csv, write_jsonl};
