//! Claims that come again: the same file once more, or the same claim under its number in another.
//! Gives the same events under the same ids, and looks again at lines that had no contact; changes nothing that is on record.

use domain::event::{ClaimLine, ClaimSubmitted, Claims, Event, EventCorrected, Findings};
use domain::field::{Changes, FieldType};
use domain::{Draft, SourceId, TargetRef, Text, Units};

use crate::desk::{Desk, UNJOINED, claim_line, numbered};
use crate::found::{Claim, Line};
use crate::join::{Joined, Wanted};
use crate::keys;
use crate::prepare::{Part, Prepared};
use crate::tally::Tally;

impl Desk<'_> {
    /// A claim that is on record under the same source id: the same event again, with the contacts it was joined to then. Lines that had
    /// none are looked at again, and a correction says where they belong.
    #[allow(clippy::too_many_arguments, reason = "all of one claim, looked at twice")]
    pub(crate) fn recall(&mut self, claim: &Claim, prepared: &Prepared<'_>, part: &Part<'_>, before: &ClaimSubmitted, key: &SourceId, drafts: &mut Vec<Draft>, tally: &mut Tally) {
        let then = before.lines.iter().map(|line| Some(line.contact.clone())).chain(std::iter::repeat(None));
        let lines: Option<Vec<ClaimLine>> = part.lines.iter().zip(then).map(|((line, units), contact)| claim_line(line, *units, contact?)).collect();
        let mut again = before.clone();
        again.lines = lines.unwrap_or_else(|| before.lines.clone());
        (again.individual, again.program, again.service_date) = (prepared.individual.clone(), prepared.program.clone(), part.day);
        drafts.push(self.draft(key, claim.origin.at, Event::Claims(Claims::ClaimSubmitted(again))));
        for (n, old) in (0..).map_while(|n| Some((n, self.key("837", &claim.origin, &numbered(&format!("{}:adjusts", keys::clean(&claim.number)), n))?))) {
            let Some(event) = self.books.recorded(&old).cloned() else { break };
            if n > prepared.parts.len() * 2 {
                break;
            }
            drafts.push(self.draft(&old, claim.origin.at, event));
        }
        let standing = self.books.of_number(&claim.number).iter().map(|p| self.books.claims[*p].clone()).find(|c| c.id == before.claim);
        let Some(standing) = standing.filter(|c| c.live && c.lines.len() == part.lines.len()) else { return };
        let open: Vec<usize> = (0..standing.lines.len()).filter(|n| standing.lines[*n].contact.as_str().starts_with(UNJOINED)).collect();
        if open.is_empty() {
            tally.joined += standing.lines.len() as u64;
            return;
        }
        let wanted: Vec<Wanted> = open.iter().map(|n| self.wanted(claim, part.lines[*n].0, part.lines[*n].1)).collect();
        let joined = self.join(prepared, part.day, &wanted);
        let mut lines = standing.lines.clone();
        let mut changed = 0;
        for (n, joined) in open.iter().zip(joined) {
            if let Joined::Contact(contact) = joined {
                self.contacts.bill(&contact);
                lines[*n].contact = contact;
                changed += 1;
            } else {
                tally.nothing += 1;
            }
        }
        tally.joined += (lines.len() - open.len()) as u64;
        if changed > 0 {
            tally.rejoined += changed;
            self.rejoin(claim, key, &lines, drafts);
        }
    }

    /// The correction that gives lines the contacts they were recorded without. Its key follows from what it says.
    fn rejoin(&self, claim: &Claim, key: &SourceId, lines: &Vec<ClaimLine>, drafts: &mut Vec<Draft>) {
        let contacts: Vec<&str> = lines.iter().map(|line| line.contact.as_str()).collect();
        let mark = blake3::hash(contacts.join(" ").as_bytes()).to_hex();
        let source = self.key("837", &claim.origin, &format!("{}:joins:{}", keys::clean(&claim.number), mark.as_str().get(..8).unwrap_or_default()));
        let (Ok(target), Ok(reason)) = (TargetRef::parse(key.as_str()), Text::parse("joined to a contact recorded since")) else { return };
        let fields = Changes(vec![("lines".to_owned(), lines.write().into_owned())]);
        let event = Event::Findings(Findings::EventCorrected(EventCorrected { target, fields, reason }));
        if let Some(source) = source {
            drafts.push(self.draft(&source, claim.origin.at, event));
        }
    }

    /// Whether the same claim, under the same number and with the same content, is live already.
    pub(crate) fn is_sent_again(&self, prepared: &Prepared<'_>, part: &Part<'_>, number: &str) -> bool {
        self.books.of_number(number).iter().map(|place| &self.books.claims[*place]).any(|known| {
            let same_line = |(line, units): &(&Line, Units), known: &ClaimLine| {
                let modifiers = line.modifiers.iter().map(String::as_str).eq(known.modifiers.iter().map(Text::as_str));
                line.code == known.hcpcs.as_str() && modifiers && *units == known.units && line.charge == known.charge_cents.0
            };
            known.live
                && known.individual == prepared.individual
                && known.program == prepared.program
                && known.day == part.day
                && known.lines.len() == part.lines.len()
                && part.lines.iter().zip(&known.lines).all(|(line, known)| same_line(line, known))
        })
    }
}
