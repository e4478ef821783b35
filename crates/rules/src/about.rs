//! Whom and what a finding touches beside its subject: program, peer, individual and claims, by name.
//! Says nothing where the contacts involved do not agree.

use timeline::delivery::Contact;
use timeline::View;

use crate::finding::About;
use crate::subject::Subject;
use crate::verdict::Breach;

/// Of a breach of a rule about a subject.
pub(crate) fn about(view: &View<'_>, subject: Subject, breach: &Breach) -> About {
    let h = view.history();
    let contacts = breach.involved_contacts();
    let mut claims: Vec<String> = contacts.iter().flat_map(|c| view.lines(*c)).map(|l| h.claim_name(l.claim.value.claim).to_owned()).collect();
    claims.sort_unstable();
    claims.dedup();
    // A retracted contact still says whom it was about: the last row that was ever believed.
    let rows: Vec<&Contact> = contacts.iter().filter_map(|c| h.contact_rows(*c).max_by_key(|r| r.seq())).map(|r| &r.value).collect();
    let one = |mut names: Vec<&str>| {
        names.sort_unstable();
        names.dedup();
        if let [name] = names[..] { Some(name.to_owned()) } else { None }
    };
    let mut about = About {
        program: one(rows.iter().map(|c| h.program_name(c.program)).collect()),
        peer: one(rows.iter().map(|c| h.person_name(c.peer)).collect()),
        individual: one(rows.iter().map(|c| h.individual_name(c.individual)).collect()),
        claims,
    };
    let program = |p| Some(h.program_name(p).to_owned());
    let person = |p| Some(h.person_name(p).to_owned());
    let individual = |i| Some(h.individual_name(i).to_owned());
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
