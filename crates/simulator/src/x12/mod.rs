//! The invented agency's claims and payments as a clearinghouse has them: 837I of the clinics, 837P of CORE, 835 of the payer; the rest as JSON Lines.
//! Claims do not name their contacts, as real ones do not, unless asked. Names, addresses and numbers in them are placeholders of nobody.

mod claims;
mod envelope;
mod remits;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::event::{ClaimAdjusted, ClaimDenied, ClaimPaid, ClaimSubmitted, ClaimVoided, Claims, Event, Findings};
use domain::words::ProgramKind;
use domain::{ProgramId, TargetRef, ValidAt, ValidDay};

use crate::agency::Agency;
use crate::office::Line;
use crate::write::{Export, write_line};
use envelope::Numbers;

/// What the five kinds of claim events of a ledger say together.
#[derive(Default)]
struct Billing<'a> {
    submitted: Vec<(&'a Line, &'a ClaimSubmitted)>,
    /// Places in `submitted`.
    by_id: BTreeMap<&'a str, usize>,
    /// The payer's numbers, by claim.
    tcns: BTreeMap<&'a str, &'a str>,
    paid: Vec<(&'a Line, &'a ClaimPaid)>,
    denied: Vec<(&'a Line, &'a ClaimDenied)>,
    voided: Vec<(&'a Line, &'a ClaimVoided)>,
    /// Replacing claim to the replaced.
    replaces: BTreeMap<&'a str, &'a ClaimAdjusted>,
}

impl<'a> Billing<'a> {
    /// Sorts a line in; false if it is of another kind.
    fn take(&mut self, line: &'a Line) -> bool {
        let Event::Claims(event) = &line.event else { return false };
        match event {
            Claims::ClaimSubmitted(e) => {
                self.by_id.insert(e.claim.as_str(), self.submitted.len());
                self.submitted.push((line, e));
            }
            Claims::ClaimPaid(e) => {
                self.tcns.extend(e.tcn.as_ref().map(|tcn| (e.claim.as_str(), tcn.as_str())));
                self.paid.push((line, e));
            }
            Claims::ClaimDenied(e) => self.denied.push((line, e)),
            Claims::ClaimVoided(e) => self.voided.push((line, e)),
            Claims::ClaimAdjusted(e) => {
                self.replaces.insert(e.claim.as_str(), e);
            }
            Claims::OverpaymentSuspected(_)
            | Claims::OverpaymentDetermined(_)
            | Claims::OverpaymentQuantified(_)
            | Claims::InvestigationOpened(_)
            | Claims::InvestigationClosed(_)
            | Claims::DisclosureSubmitted(_)
            | Claims::DisclosureAcknowledged(_)
            | Claims::OverpaymentRepaid(_) => return false,
        }
        true
    }

    fn claim(&self, id: &str) -> Option<&'a ClaimSubmitted> {
        self.by_id.get(id).map(|place| self.submitted[*place].1)
    }

    /// The payer's number of a claim, once it paid.
    fn tcn(&self, id: &str) -> Option<&'a str> {
        self.tcns.get(id).copied()
    }
}

/// What a file of claims says of one.
struct Submission<'a> {
    claim: &'a ClaimSubmitted,
    at: ValidAt,
    frequency: u8,
    /// The payer's number of the claim before, or its own.
    original: Option<&'a str>,
}

impl Agency {
    /// The agency's exports with billing as X12: a file of claims for each batch and guide, a remittance for each day of payment, everything
    /// else in `records.jsonl`, and the `x12.toml` with which they are read. With `name_contacts`, each line carries its contact in REF*6R.
    pub fn x12_exports(&self, name_contacts: bool) -> std::io::Result<Vec<Export>> {
        let mut billing = Billing::default();
        let rest: Vec<&Line> = self.lines.iter().filter(|line| !billing.take(line)).collect();
        let mut batches: BTreeMap<(ValidDay, &str), Vec<Submission<'_>>> = BTreeMap::new();
        for (_, claim) in &billing.submitted {
            let replaces = billing.replaces.get(claim.claim.as_str()).map(|e| e.replaces.as_str());
            let original = replaces.map(|id| billing.tcn(id).unwrap_or(id));
            let frequency = if replaces.is_some() { b'7' } else { b'1' };
            let guide = if claim.rate_code.is_some() { "837I" } else { "837P" };
            let submission = Submission { claim, at: claim.submitted_at, frequency, original };
            batches.entry((claim.submitted_at.local_day(), guide)).or_default().push(submission);
        }
        for (line, void) in &billing.voided {
            let Some(claim) = billing.claim(void.claim.as_str()) else { continue };
            let at = ValidAt::from_micros(line.recorded_at.micros());
            let original = Some(billing.tcn(void.claim.as_str()).unwrap_or(void.claim.as_str()));
            let guide = if claim.rate_code.is_some() { "837I" } else { "837P" };
            batches.entry((void.voided_on, guide)).or_default().push(Submission { claim, at, frequency: b'8', original });
        }
        let mut numbers = Numbers::default();
        let mut keys: BTreeMap<String, String> = BTreeMap::new();
        let mut exports = Vec::new();
        for ((day, guide), mut submissions) in batches {
            submissions.sort_by_key(|s| s.at);
            let file = claims::file(guide, &submissions, self, &mut numbers, name_contacts);
            for (submission, key) in submissions.iter().zip(file.keys).filter(|(s, _)| s.frequency != b'8') {
                let place = billing.by_id.get(submission.claim.claim.as_str());
                keys.extend(place.map(|place| (billing.submitted[*place].0.source_id.as_str().to_owned(), key)));
            }
            exports.push(Export { name: format!("{guide}-{}.edi", day.to_string().replace('-', "")), bytes: file.text.into_bytes() });
        }
        let mut remittances: BTreeMap<ValidDay, Vec<remits::Remittance<'_>>> = BTreeMap::new();
        for (line, paid) in &billing.paid {
            if let Some(claim) = billing.claim(paid.claim.as_str()) {
                let tcn = paid.tcn.as_ref().map(|tcn| tcn.as_str());
                remittances.entry(paid.paid_on).or_default().push(remits::Remittance { at: line.recorded_at, claim, paid: Some(paid.paid_cents.0), tcn });
            }
        }
        for (line, denied) in &billing.denied {
            if let Some(claim) = billing.claim(denied.claim.as_str()) {
                remittances.entry(denied.denied_on).or_default().push(remits::Remittance { at: line.recorded_at, claim, paid: None, tcn: None });
            }
        }
        for (day, mut remittances) in remittances {
            remittances.sort_by_key(|r| r.at);
            let text = remits::file(day, &remittances, self, &mut numbers, name_contacts);
            exports.push(Export { name: format!("835-{}.edi", day.to_string().replace('-', "")), bytes: text.into_bytes() });
        }
        exports.push(Export { name: "records.jsonl".into(), bytes: records(&rest, &keys)? });
        exports.push(Export { name: "x12.toml".into(), bytes: self.x12_settings(name_contacts).into_bytes() });
        Ok(exports)
    }

    /// The `x12.toml` that belongs to [`Agency::x12_exports`].
    fn x12_settings(&self, name_contacts: bool) -> String {
        let mut text = String::from("# How the X12 files of an invented agency are read; docs/x12.md explains it.\n");
        if name_contacts {
            text.push_str("line_names_contact = true\n");
        }
        for site in &self.office.0.programs {
            // Writing into a string does not fail.
            let _ = write!(text, "\n[[program]]\nprogram = \"{}\"\nnpi = \"{}\"\n", site.id, self.npi(&site.id));
        }
        text
    }

    /// An invented National Provider Identifier for a program, with its check digit.
    fn npi(&self, program: &ProgramId) -> String {
        let place = self.office.0.programs.iter().position(|site| site.id == *program).unwrap_or(0);
        let nine = format!("1{:08}", 23_456_000 + place);
        // Luhn over the prefix 80840 and the nine digits.
        let digits = format!("80840{nine}").bytes().rev().map(|b| u32::from(b - b'0')).collect::<Vec<_>>();
        let sum: u32 = digits.iter().enumerate().map(|(n, d)| if n % 2 == 0 { d * 2 / 10 + d * 2 % 10 } else { *d }).sum();
        format!("{nine}{}", (10 - sum % 10) % 10)
    }

    fn is_clinic(&self, program: &ProgramId) -> bool {
        self.office.0.programs.iter().any(|site| site.id == *program && site.kind == ProgramKind::Mhotrs)
    }
}

/// Everything that is not billing. What points at a submission points at it by the source id that its X12 file gives it.
fn records(rest: &[&Line], keys: &BTreeMap<String, String>) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    for line in rest {
        let mut line = (*line).clone();
        if let Event::Findings(event) = &mut line.event {
            let target = match event {
                Findings::EventCorrected(e) => Some(&mut e.target),
                Findings::EventRetracted(e) => Some(&mut e.target),
                Findings::FindingAcknowledged(_)
                | Findings::FindingAssigned(_)
                | Findings::FindingDisputed(_)
                | Findings::FindingWaived(_)
                | Findings::FindingRemediated(_)
                | Findings::SampleDrawn(_)
                | Findings::LegalHoldPlaced(_)
                | Findings::LegalHoldReleased(_) => None,
            };
            if let Some(target) = target
                && let Some(key) = keys.get(target.as_str()).and_then(|key| TargetRef::parse(key).ok())
            {
                *target = key;
            }
        }
        write_line(&mut out, &line)?;
    }
    Ok(out)
}
