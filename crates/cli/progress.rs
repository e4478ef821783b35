//! Progress bars for long work, on a terminal and nowhere else.
//! Written to standard error, so that data on standard output stays data.

use std::cell::OnceCell;
use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressStyle};

use crate::args::Global;

/// A bar that appears when something is reported, if anybody can see it.
pub(crate) struct Progress {
    bar: OnceCell<ProgressBar>,
    label: &'static str,
    shown: bool,
}

impl Progress {
    pub(crate) fn new(global: &Global, label: &'static str) -> Self {
        Self { bar: OnceCell::new(), label, shown: !global.quiet && io::stderr().is_terminal() }
    }

    /// So many of so many are done.
    pub(crate) fn of(&self, done: u64, all: u64) {
        if self.shown {
            let bar = self.bar.get_or_init(|| {
                let style = ProgressStyle::with_template("{msg} {bar:30} {human_pos} of {human_len}").unwrap_or_else(|_| ProgressStyle::default_bar());
                ProgressBar::new(all).with_style(style).with_message(self.label)
            });
            bar.set_length(all);
            bar.set_position(done);
        }
    }

    /// So many are done, of nobody knows how many.
    pub(crate) fn so_far(&self, done: u64) {
        if self.shown {
            let bar = self.bar.get_or_init(|| {
                let style = ProgressStyle::with_template("{msg} {human_pos} events, {per_sec}").unwrap_or_else(|_| ProgressStyle::default_spinner());
                ProgressBar::new_spinner().with_style(style).with_message(self.label)
            });
            bar.set_position(done);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
