//! Amounts side by side, the label in words above each bar and the amount at its end.
//! Bars begin at zero, always.

use audit::vocabulary::Cents;
use audit::words::money;
use maud::{Markup, html};

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
const ROW: usize = 40;
/// Room for the amount behind the longest bar.
const AMOUNT: i64 = 110;

pub(super) fn svg(bars: &Bars, title: &str, says: &str) -> Markup {
    let most = bars.bars.iter().map(|b| b.amount.0).max().unwrap_or(0).max(1);
    let length = |amount: Cents| (amount.0.max(0) * (WIDTH - AMOUNT) / most).max(1);
    let height = bars.bars.len() * ROW + 8;
    html! {
        svg.bars viewBox={ "0 0 " (WIDTH) " " (height) } width=(WIDTH) height=(height) role="img" aria-label={ (title) ". " (says) } {
            @for (i, bar) in bars.bars.iter().enumerate() {
                text.label x="0" y=(i * ROW + 14) { (bar.label) }
                rect.bar x="0" y=(i * ROW + 20) width=(length(bar.amount)) height="12" {}
                text.amount x=(length(bar.amount) + 8) y=(i * ROW + 31) { (money(bar.amount)) }
            }
        }
    }
}
