//! Whom and what a finding touches beside its subject: program, peer, individual and claims, by name; and how it stands to those claims.
//! Says nothing where the contacts involved do not agree.

use domain::KnownAt;
use timeline::delivery::Contact;
use timeline::{ContactKey, View};

use crate::exposure::earliest_submission;
use crate::finding::{About, Finding};
use crate::listed::Listed;
use crate::subject::Subject;
use crate::verdict::Breach;

/// Names of the claims that name a contact.
fn claims<'h>(view: &View<'h>, contacts: &[ContactKey]) -> impl Iterator<Item = &'h str> {
    let history = view.history();
    contacts.iter().flat_map(|c| view.lines(*c)).map(|l| history.claim_name(l.claim.value.claim))
}

/// Whether what could be known from an instant on could be known when the first claim that names one of the contacts was submitted.
pub(crate) fn known_at_claim(view: &View<'_>, contacts: &[ContactKey], first_detectable: KnownAt) -> Option<bool> {
    earliest_submission(view, contacts).map(|at| first_detectable <= at.as_submission_known())
}

impl Finding {
    /// Puts right what a finding says of the claims that name its contacts. Only for one without exposure, whose verdict no claim decided.
    pub(crate) fn retell_claims(&mut self, view: &View<'_>) {
        let contacts: Vec<ContactKey> = self.contacts.iter().collect();
        self.about.claims = claims(view, &contacts).collect();
        self.known_at_claim = known_at_claim(view, &contacts, self.first_detectable);
    }

    /// The same when contacts among its own have only got further claims.
    pub(crate) fn tell_further_claims(&mut self, view: &View<'_>, contacts: &[ContactKey]) {
        let further: Listed = claims(view, contacts).filter(|claim| !self.about.claims.has(claim)).collect();
        if !further.is_empty() {
            self.about.claims = self.about.claims.with(&further);
        }
        // The earliest submission is no later than before: what was not known then is not known now.
        self.known_at_claim = match (self.known_at_claim, known_at_claim(view, contacts, self.first_detectable)) {
            (Some(before), Some(now)) => Some(before && now),
            (before, now) => before.or(now),
        };
    }
}

/// Of a breach of a rule about a subject.
pub(crate) fn about(view: &View<'_>, subject: Subject, breach: &Breach) -> About {
    let h = view.history();
    let contacts = breach.involved_contacts();
    // A retracted contact still says whom it was about: the last row that was ever believed.
    let rows: Vec<&Contact> = contacts.iter().filter_map(|c| h.contact_rows(*c).max_by_key(|r| r.seq())).map(|r| &r.value).collect();
    let one = |mut names: Vec<&str>| {
        names.sort_unstable();
        names.dedup();
        if let [name] = names[..] { Some((*name).into()) } else { None }
    };
    let mut about = About {
        program: one(rows.iter().map(|c| h.program_name(c.program)).collect()),
        peer: one(rows.iter().map(|c| h.person_name(c.peer)).collect()),
        individual: one(rows.iter().map(|c| h.individual_name(c.individual)).collect()),
        claims: claims(view, contacts).collect(),
    };
    let program = |p| Some(h.program_name(p).into());
    let person = |p| Some(h.person_name(p).into());
    let individual = |i| Some(h.individual_name(i).into());
    match subject {
        Subject::Contact(_) | Subject::Session(_) => {}
        Subject::ClaimContact(claim, _) => {
            if let (true, Some(row)) = (rows.is_empty(), view.claim(claim)) {
                about.program = program(row.value.program);
                about.individual = individual(row.value.individual);
            }
        }
        Subject::IndividualProgram(i, p) | Subject::IndividualProgramDate(i, p, _) => {
            about.individual = individual(i);
            about.program = program(p);
        }
        Subject::IndividualPeer(i, p) => {
            about.individual = individual(i);
            about.peer = person(p);
        }
        Subject::IndividualMonth(i, _) | Subject::PlanVersion(i, ..) => about.individual = individual(i),
        Subject::PersonCredential(p, _) | Subject::Person(p) => about.peer = person(p),
        Subject::Program(p) => about.program = program(p),
        Subject::ProgramWeek(p, _, peer) => {
            about.program = program(p);
            about.peer = peer.and_then(person);
        }
    }
    about
}
