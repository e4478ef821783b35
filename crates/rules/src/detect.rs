//! When a finding could first be known: the earliest instant from which on the facts known always gave it.
//! Exact at every cut: it asks the rule again just before each instant at which its answer could have changed.

use domain::KnownAt;
use timeline::View;
use timeline::view::Trace;

use crate::class::Class;
use crate::verdict::{Breach, Checked, Verdict};

/// One microsecond: the finest step of known time.
const STEP: i64 = 1;

/// The first instant of the latest unbroken stretch in which `judge` gave the finding, looking back from everything known.
/// An advisory is not yet the finding it later becomes; between documentation and violation it is the same
/// (evaluation.md, "Last ones"). Deadlines count from the moment they passed.
pub fn first_detectable(view: View<'_>, breach: &Breach, judge: impl Fn(View<'_>) -> Checked) -> KnownAt {
    let advisory = breach.class == Class::Advisory;
    let mut since = KnownAt::END;
    let mut cut = KnownAt::END;
    loop {
        let trace = Trace::new();
        let answer = judge(view.known_by(cut).traced(&trace));
        let same = matches!(answer, Ok(Verdict::Violated(b)) if (b.class == Class::Advisory) == advisory);
        if !same {
            return since;
        }
        since = trace.latest();
        if since == KnownAt::BEGINNING {
            return since;
        }
        cut = KnownAt::from_micros(since.micros() - STEP);
    }
}
