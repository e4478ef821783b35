//! What somebody who sees only a part of a ledger may read: a reviewer's visit by program, days and sampled claims, a peer's own contacts.
//! What is not certainly inside is outside; whoever asks for it learns no more than of what was never recorded.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::IdKind;
use domain::{Cents, Recorded, Seq, ValidDay};
use rules::Finding;
use timeline::delivery::Contact;
use timeline::{ClaimKey, ContactKey, IndividualKey};

use super::Desk;
use crate::error::AuditError;
use crate::explain::{Fact, Story, order};
use crate::history::trail::{Of, Trail, named};

/// A part of a ledger. What is empty does not bound; one that bounds nothing holds nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Programs.
    pub programs: Vec<String>,
    /// First service day.
    pub from: Option<ValidDay>,
    /// Last service day.
    pub to: Option<ValidDay>,
    /// Claims of a sample.
    pub claims: Vec<String>,
    /// Who delivered the contact.
    pub peer: Option<String>,
}

/// A claim inside a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimInside {
    /// Its id.
    pub claim: String,
    /// Service date on it.
    pub service_date: ValidDay,
    /// Program on it.
    pub program: String,
    /// Individual on it.
    pub individual: String,
    /// What it charges.
    pub charge: Cents,
    /// Findings that touch it, of those that are seen at all.
    pub findings: u64,
}

impl Reach {
    fn bounds_anything(&self) -> bool {
        !self.programs.is_empty() || self.from.is_some() || self.to.is_some() || !self.claims.is_empty() || self.peer.is_some()
    }

    fn holds(&self, program: &str, day: ValidDay) -> bool {
        self.bounds_anything()
            && (self.programs.is_empty() || self.programs.iter().any(|p| p == program))
            && self.from.is_none_or(|from| day >= from)
            && self.to.is_none_or(|to| day <= to)
    }
}

impl Desk {
    /// Whether a contact, claim or individual lies inside a part. Nobody on the staff does: what is on record of them is not of one part, and
    /// [`Desk::person_inside`] tells what of it is.
    pub fn is_inside(&self, reach: &Reach, of: Of, id: &str) -> bool {
        let history = &self.loaded.history;
        match of {
            Of::Contact => history.find_contact(id).is_some_and(|key| self.contact_inside(reach, key)),
            Of::Claim => history.find_claim(id).is_some_and(|key| self.claim_inside(reach, key)),
            Of::Individual => history.find_individual(id).is_some_and(|key| self.individual_inside(reach, key)),
            Of::Person | Of::Session => false,
        }
    }

    /// Whether a word is the id of a contact, a claim or an individual, and of none inside a part.
    pub fn is_outside(&self, reach: &Reach, word: &str) -> bool {
        let history = &self.loaded.history;
        let known = history.find_contact(word).is_some() || history.find_claim(word).is_some() || history.find_individual(word).is_some();
        known && ![Of::Contact, Of::Claim, Of::Individual].into_iter().any(|of| self.is_inside(reach, of, word))
    }

    /// As it was told every time: a contact that was ever told of another program or day is not certainly inside.
    pub(super) fn contact_inside(&self, reach: &Reach, key: ContactKey) -> bool {
        let history = &self.loaded.history;
        let mut rows = history.contact_rows(key).peekable();
        let fits = |c: &Contact| {
            reach.holds(history.program_name(c.program), c.day) && reach.peer.as_ref().is_none_or(|peer| history.person_name(c.peer) == peer)
        };
        rows.peek().is_some() && rows.all(|row| fits(&row.value)) && (reach.claims.is_empty() || self.on_sampled(reach, key))
    }

    fn on_sampled(&self, reach: &Reach, key: ContactKey) -> bool {
        let history = &self.loaded.history;
        self.loaded.view().lines(key).any(|line| reach.claims.iter().any(|c| c == history.claim_name(line.claim.value.claim)))
    }

    fn claim_inside(&self, reach: &Reach, key: ClaimKey) -> bool {
        let (history, view) = (&self.loaded.history, self.loaded.view());
        let Some(row) = view.claim(key) else { return false };
        let sampled = reach.claims.is_empty() || reach.claims.iter().any(|c| c == history.claim_name(key));
        let mut lines = view.lines_of(row).peekable();
        sampled
            && reach.holds(history.program_name(row.value.program), row.value.service_date)
            && lines.peek().is_some()
            && lines.all(|line| self.contact_inside(reach, line.line.contact))
    }

    fn individual_inside(&self, reach: &Reach, key: IndividualKey) -> bool {
        self.loaded.history.contacts_of(key).any(|row| self.contact_inside(reach, row.value.contact))
    }

    /// The claims inside a part, by service date, with the findings on them that are `seen` at all.
    pub fn claims_inside(&self, reach: &Reach, seen: &dyn Fn(&Finding) -> bool) -> Vec<ClaimInside> {
        let (history, view) = (&self.loaded.history, self.loaded.view());
        let mut touched: BTreeMap<&str, u64> = BTreeMap::new();
        for finding in self.report().findings.iter().filter(|f| seen(f)) {
            for claim in finding.about.claims.iter() {
                *touched.entry(claim).or_default() += 1;
            }
        }
        let keys: Vec<ClaimKey> = if reach.claims.is_empty() { history.all_claims().collect() } else { reach.claims.iter().filter_map(|c| history.find_claim(c)).collect() };
        let mut inside: Vec<ClaimInside> = keys
            .into_iter()
            .filter(|key| self.claim_inside(reach, *key))
            .filter_map(|key| view.claim(key))
            .map(|row| ClaimInside {
                claim: history.claim_name(row.value.claim).to_owned(),
                service_date: row.value.service_date,
                program: history.program_name(row.value.program).to_owned(),
                individual: history.individual_name(row.value.individual).to_owned(),
                charge: row.value.charge,
                findings: touched.get(history.claim_name(row.value.claim)).copied().unwrap_or(0),
            })
            .collect();
        inside.sort_by(|a, b| (a.service_date, &a.claim).cmp(&(b.service_date, &b.claim)));
        inside
    }

    /// Whether an event may be read by somebody who sees a part: every contact it names lies inside, and of its claims and its individuals one.
    fn may_be_read(&self, reach: &Reach, recorded: &Recorded) -> bool {
        let ids = named(recorded);
        let of = |kind: IdKind| ids.iter().filter(move |(k, _)| *k == kind).map(|(_, id)| id.as_str());
        let one = |kind: IdKind, what: Of| of(kind).next().is_none() || of(kind).any(|id| self.is_inside(reach, what, id));
        of(IdKind::Contact).all(|id| self.is_inside(reach, Of::Contact, id)) && one(IdKind::Claim, Of::Claim) && one(IdKind::Individual, Of::Individual)
    }

    /// Of an individual, who may be known in several programs: whether an event is of the part, or of its programs and not after it.
    fn belongs(&self, reach: &Reach, recorded: &Recorded) -> bool {
        let ids = named(recorded);
        if ids.iter().any(|(kind, _)| matches!(kind, IdKind::Contact | IdKind::Claim | IdKind::Note)) {
            return true;
        }
        let day = crate::describe::true_at(&recorded.event).map(|at| at.day());
        let mut programs = ids.iter().filter(|(kind, _)| *kind == IdKind::Program).peekable();
        programs.peek().is_some()
            && programs.all(|(_, program)| !reach.programs.is_empty() && reach.programs.contains(program))
            && day.is_some_and(|day| reach.to.is_none_or(|to| day <= to))
    }

    /// The trail of a claim with those of the contacts it bills: what was delivered, written and signed, and what was paid for it.
    ///
    /// # Errors
    /// An id that no event names, or a ledger that cannot be read.
    pub fn claim_trail(&self, id: &str) -> Result<Trail, AuditError> {
        let (history, view) = (&self.loaded.history, self.loaded.view());
        let mut trail = self.trail(Of::Claim, id, None)?;
        let row = history.find_claim(id).and_then(|key| view.claim(key));
        let contacts: BTreeSet<&str> = row.into_iter().flat_map(|row| view.lines_of(row)).map(|line| history.contact_name(line.line.contact)).collect();
        let mut have: BTreeSet<Seq> = trail.facts.iter().map(|f| f.seq).collect();
        for contact in contacts {
            match self.trail(Of::Contact, contact, None) {
                Ok(of_contact) => trail.facts.extend(of_contact.facts.into_iter().filter(|f| have.insert(f.seq))),
                // A line may name a contact that was never recorded; what is missing is told by findings.
                Err(AuditError::Asked { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        trail.facts.sort_by_key(|f| (f.true_at.map(order), f.known_at, f.seq));
        Ok(trail)
    }

    /// The trail of a contact, claim or individual inside a part; what names something outside is left out.
    ///
    /// # Errors
    /// What lies outside, as if no event named it; a ledger that cannot be read.
    pub fn trail_inside(&self, reach: &Reach, of: Of, id: &str, seen: &dyn Fn(&Finding) -> bool) -> Result<Trail, AuditError> {
        if !self.is_inside(reach, of, id) {
            return Err(AuditError::asked(format!("no event inside this visit names the {} {id}", of.as_str()), "see what lies inside it"));
        }
        let mut trail = if of == Of::Claim { self.claim_trail(id)? } else { self.trail(of, id, None)? };
        let facts = std::mem::take(&mut trail.facts);
        trail.facts = self.inside_only(reach, facts, &|recorded| of != Of::Individual || self.belongs(reach, recorded))?;
        trail.findings.retain(|f| seen(f));
        // What they name was gathered before anything was left out.
        trail.names.clear();
        Ok(trail)
    }

    /// Facts without those that name something outside a part, the papers and the corrections of those among them.
    fn inside_only(&self, reach: &Reach, facts: Vec<Fact>, also: &dyn Fn(&Recorded) -> bool) -> Result<Vec<Fact>, AuditError> {
        let ledger = self.ledger()?;
        let (mut kept, mut papers, mut corrections) = (Vec::with_capacity(facts.len()), BTreeSet::new(), BTreeSet::new());
        for fact in facts {
            let Some(recorded) = ledger.get(fact.seq)? else { continue };
            let notes: Vec<String> = named(&recorded).into_iter().filter(|(kind, _)| *kind == IdKind::Note).map(|(_, id)| id).collect();
            if self.may_be_read(reach, &recorded) && also(&recorded) {
                kept.push((fact, notes));
            } else {
                papers.extend(notes);
                corrections.extend(self.loaded.history.amendments_of(fact.seq).iter().copied());
            }
        }
        // A signature names its note and nothing else.
        kept.retain(|(fact, notes)| !corrections.contains(&fact.seq) && !notes.iter().any(|note| papers.contains(note)));
        Ok(kept.into_iter().map(|(fact, _)| fact).collect())
    }

    /// The story of a finding, without the facts that name something outside a part.
    ///
    /// # Errors
    /// No such finding, or a ledger that cannot be read.
    pub fn story_inside(&self, reach: &Reach, id: &str) -> Result<Story, AuditError> {
        let mut story = self.tell(id)?;
        story.facts = self.inside_only(reach, std::mem::take(&mut story.facts), &|_| true)?;
        for turn in &mut story.known_when.turns {
            turn.causes = self.inside_only(reach, std::mem::take(&mut turn.causes), &|_| true)?;
        }
        Ok(story)
    }
}
