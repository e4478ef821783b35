//! What became of the claims, payments and answers of one file, for people: counts, and the first of what needs a look.
//! Says nothing that would refuse a file; that is a problem.

use std::collections::BTreeMap;

/// Details listed of one file.
const LISTED: usize = 20;

/// The counts of one file.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub(crate) claims: u64,
    pub(crate) voids: u64,
    /// Claims for somebody of whom nothing is known.
    pub(crate) strangers: u64,
    pub(crate) joined: u64,
    pub(crate) named: u64,
    pub(crate) again: u64,
    pub(crate) gone: u64,
    pub(crate) several: u64,
    pub(crate) nothing: u64,
    pub(crate) rejoined: u64,
    pub(crate) sent_again: u64,
    pub(crate) passed_over: BTreeMap<String, u64>,
    pub(crate) payments: u64,
    pub(crate) unknown_payments: u64,
    pub(crate) foreign_payments: u64,
    pub(crate) other_statuses: BTreeMap<String, u64>,
    pub(crate) accepted: u64,
    pub(crate) rejected: u64,
    details: Vec<String>,
    more: u64,
}

fn some(count: u64, one: &str, many: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    }
}

fn list(parts: impl IntoIterator<Item = Option<String>>) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

impl Tally {
    /// Something a person should look at.
    pub(crate) fn detail(&mut self, segment: u64, text: String) {
        if self.details.len() < LISTED {
            self.details.push(format!("segment {segment}: {text}"));
        } else {
            self.more += 1;
        }
    }

    /// Whether the file has at least so many claims and not one is for anybody known: the mapping, or the order of imports, is wrong.
    pub fn knows_nobody(&self, at_least: u64) -> bool {
        self.claims >= at_least.max(1) && self.strangers == self.claims
    }

    /// What to say about the file, a sentence each.
    pub fn sentences(&self) -> Vec<String> {
        let mut said = Vec::new();
        if self.claims > 0 {
            let lines = [
                some(self.joined, "line joined to its contact", "lines joined to their contacts"),
                some(self.named, "line names its contact", "lines name their contacts"),
                some(self.again, "line for a contact billed already", "lines for contacts billed already"),
                some(self.gone, "line for a contact since retracted or corrected", "lines for contacts since retracted or corrected"),
                some(self.several, "line that fits several contacts", "lines that fit several contacts"),
                some(self.nothing, "line without a contact", "lines without a contact"),
            ];
            let claims = some(self.claims, "claim", "claims").unwrap_or_default();
            said.push(format!("{claims}: {}", list(lines)));
        }
        said.extend(some(self.voids, "claim voided", "claims voided"));
        if self.several + self.nothing > 0 {
            said.push("lines without one contact are kept and are MHOTRS-BILL-13 findings; import the file again once the contacts are in, or correct the claim (docs/x12.md)".into());
        }
        said.extend(some(self.rejoined, "line recorded without a contact is joined now", "lines recorded without a contact are joined now"));
        said.extend(some(self.sent_again, "claim sent again under its number, unchanged: nothing to add", "claims sent again under their numbers, unchanged: nothing to add"));
        if !self.passed_over.is_empty() {
            let codes = list(self.passed_over.iter().map(|(code, n)| Some(format!("{code} ({n})"))));
            said.push(format!("lines of codes that x12.toml does not take were passed over: {codes}"));
        }
        if self.payments > 0 {
            said.push(some(self.payments, "payment, denial or reversal", "payments, denials and reversals").unwrap_or_default());
        }
        said.extend(some(self.unknown_payments, "of them of a claim that is not on record", "of them of claims that are not on record"));
        said.extend(some(self.foreign_payments, "payment of other services was passed over", "payments of other services were passed over"));
        if !self.other_statuses.is_empty() {
            let statuses = list(self.other_statuses.iter().map(|(code, n)| Some(format!("{code} ({n})"))));
            said.push(format!("claim statuses that neither pay nor deny were passed over: {statuses}"));
        }
        if self.accepted + self.rejected > 0 {
            let parts = [some(self.accepted, "answer accepts", "answers accept"), some(self.rejected, "answer rejects", "answers reject")];
            said.push(list(parts));
        }
        said.extend(self.details.iter().cloned());
        said.extend((self.more > 0).then(|| format!("and {} more like these", self.more)));
        said
    }
}
