//! Amounts side by side, the label in words above each bar and the amount at its end.
//! Bars begin at zero, always.

use audit::vocabulary::Cents;
use audit::words::money;

use super::sketch::{Anchor, Sketch, Style, many, real};

/// One amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it is of.
    pub label: String,
    /// How much.
    pub amount: Cents,
}

/// Amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// In order.
    pub bars: Vec<Bar>,
}

const WIDTH: i64 = 640;
const ROW: f64 = 40.0;
/// Room for the amount behind the longest bar.
const AMOUNT: i64 = 110;

pub(super) fn sketch(bars: &Bars) -> Sketch {
    let most = bars.bars.iter().map(|b| b.amount.0).max().unwrap_or(0).max(1);
    let length = |amount: Cents| real((amount.0.max(0) * (WIDTH - AMOUNT) / most).max(1));
    let mut sketch = Sketch::new("bars", real(WIDTH), many(bars.bars.len()) * ROW + 8.0).rows(0.0, ROW);
    for (i, bar) in bars.bars.iter().enumerate() {
        let top = many(i) * ROW;
        sketch.add(Style::Label.words(0.0, top + 14.0, Anchor::Start, &bar.label));
        sketch.add(Style::Bar.bar(0.0, top + 20.0, length(bar.amount), 12.0));
        sketch.add(Style::Amount.words(length(bar.amount) + 8.0, top + 31.0, Anchor::Start, money(bar.amount)));
    }
    sketch
}
