//! Cells as a person reads them, and in which colour.
//! The same words as on a page of the web interface; a class has a shape, a word and a colour.

use audit::words::{day, known, money, thousands};
use report::Cell;
use report::html::shape;

use crate::page::{Ink, of_class};

/// The words of a cell.
pub(crate) fn said(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) | Cell::Hash(text) | Cell::Id(_, text) | Cell::Named(_, _, text) => text.clone(),
        Cell::Ids(_, ids) => ids.join(", "),
        Cell::Day(on) => day(*on),
        Cell::Instant(at) => known(*at),
        Cell::Money(amount) => money(*amount),
        Cell::Count(n) => thousands(*n),
        Cell::Days(n) => format!("{n} d"),
        Cell::Class(class) => format!("{} {}", shape(*class), class.as_str()),
        Cell::Seq(seq) => format!("seq {seq}"),
        Cell::Answer(answer) => answer.map_or("not billed", |yes| if yes { "yes" } else { "no" }).to_owned(),
    }
}

/// The colour of a cell.
pub(crate) fn ink(cell: &Cell) -> Ink {
    match cell {
        Cell::Class(class) => of_class(*class),
        Cell::Empty | Cell::Text(_) | Cell::Id(..) | Cell::Named(..) | Cell::Ids(..) | Cell::Day(_) | Cell::Instant(_) | Cell::Money(_) => Ink::Black,
        Cell::Count(_) | Cell::Days(_) | Cell::Seq(_) | Cell::Hash(_) | Cell::Answer(_) => Ink::Black,
    }
}
