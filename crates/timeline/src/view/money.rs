//! Claim lines, whether they are live, and what was paid, as believed at the cut.
//! Shares of money follow evaluation.md, "Times on a finding"; rounding is in `domain::Cents`.

use domain::{Cents, Seq, ValidAt};

use super::View;
use super::reading::papers;
use crate::money::{Claim, ClaimEnd, Line, Payment};
use crate::names::{ClaimKey, ContactKey, Key, TextListKey};
use crate::row::Row;

/// A line and the claim it is on.
#[derive(Debug, Clone, Copy)]
pub struct LineRef<'h> {
    /// Place of the line among all lines: its identity within a history.
    pub place: u32,
    /// The claim.
    pub claim: &'h Row<Claim>,
    /// The line.
    pub line: &'h Line,
}

impl LineRef<'_> {
    /// When the claim was submitted.
    pub fn submitted_at(&self) -> ValidAt {
        self.claim.value.submitted_at
    }

    /// Order among lines of one contact: submission, then ledger, then place on the claim.
    pub fn order(&self) -> (ValidAt, Seq, u32) {
        (self.claim.value.submitted_at, self.claim.seq(), self.line.number)
    }
}

impl<'h> View<'h> {
    /// A claim as submitted.
    pub fn claim(&self, claim: ClaimKey) -> Option<&'h Row<Claim>> {
        self.picked(&self.history().claims, self.history().claim_rows.of(claim.index()), |_| true).max_by_key(|r| r.seq())
    }

    /// Lines of a claim.
    pub fn lines_of(&self, claim: &'h Row<Claim>) -> impl Iterator<Item = LineRef<'h>> {
        let history = self.history();
        let first = claim.value.first_line;
        (first..first + claim.value.lines).map(move |place| LineRef { place, claim, line: &history.lines[place as usize] })
    }

    /// Lines that name a contact, on claims whatever became of them, in order of appearance.
    pub fn lines(&self, contact: ContactKey) -> impl Iterator<Item = LineRef<'h>> {
        self.papers_read(contact, papers::CLAIMS);
        let view = *self;
        let history = self.history();
        history.lines_of_contact.of(contact.index()).iter().filter_map(move |place| {
            let line = &history.lines[*place as usize];
            let claim = &history.claims[line.claim_row as usize];
            let told_again = history.claim_rows.of(claim.value.claim.index()).len() > 1;
            // A claim retracted and told again is believed twice between its submission and the retraction: the later telling counts.
            let counts = view.believes(claim) && (!told_again || view.claim(claim.value.claim).is_some_and(|row| row.seq() == claim.seq()));
            counts.then_some(LineRef { place: *place, claim, line })
        })
    }

    /// A line by its place, as a [`LineRef`] gives it.
    pub fn line_at(&self, place: u32) -> Option<LineRef<'h>> {
        let history = self.history();
        let line = history.lines.get(place as usize)?;
        Some(LineRef { place, claim: &history.claims[line.claim_row as usize], line })
    }

    /// What ended a claim's life, if anything: void, denial, replacement.
    pub fn claim_end(&self, claim: ClaimKey) -> Option<&'h Row<ClaimEnd>> {
        self.picked(&self.history().claim_ends, self.history().ends_of_claim.of(claim.index()), |_| true).next()
    }

    /// Whether a claim is live: not voided, denied or replaced.
    pub fn live(&self, claim: ClaimKey) -> bool {
        self.claim_end(claim).is_none()
    }

    /// Lines of a contact on live claims.
    pub fn live_lines(&self, contact: ContactKey) -> impl Iterator<Item = LineRef<'h>> {
        let view = *self;
        self.lines(contact).filter(move |l| view.live(l.claim.value.claim))
    }

    /// The first submission of a claim that names the contact, whatever became of it.
    pub fn first_submission(&self, contact: ContactKey) -> Option<LineRef<'h>> {
        self.lines(contact).min_by_key(LineRef::order)
    }

    /// Payments of a claim.
    pub fn payments(&self, claim: ClaimKey) -> impl Iterator<Item = &'h Row<Payment>> {
        self.picked(&self.history().payments, self.history().payments_of_claim.of(claim.index()), |_| true)
    }

    /// What was paid for a claim; its charge if nothing was adjudicated yet. Paid nothing is adjudicated.
    pub fn paid_or_charged(&self, claim: &Claim) -> Cents {
        let mut payments = self.payments(claim.claim).peekable();
        if payments.peek().is_none() {
            return claim.charge;
        }
        payments.map(|p| p.value.paid).sum()
    }

    /// Whether a list of texts has one.
    pub fn list_has(&self, list: TextListKey, text: &str) -> bool {
        self.history().list(list).iter().any(|t| self.history().text_name(*t) == text)
    }
}
