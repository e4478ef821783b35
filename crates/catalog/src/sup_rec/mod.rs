//! Supervision of peers as the deck recommends it: in-discipline support, what a supervisor who is no peer learns, what sessions come to.
//! Recommendations only: nothing here touches a claim.

pub mod rec_01;
pub mod rec_02;
pub mod rec_03;
pub mod cps_01;
pub mod cps_02;
pub mod cps_03;
pub mod cps_04;
pub mod ypa_01;
pub mod ypa_02;
pub mod ypa_03;
pub mod rec_04;
pub mod rec_05;
pub mod rec_07;
pub mod rec_08;

use domain::ValidDay;
use domain::words::{CredentialKind, Service, SupervisionKind};
use rules::{Breach, Checked, Class, Missing, Params, Verdict};
use timeline::people::Supervised;
use timeline::view::EVER;
use timeline::{PersonKey, Row, View};

use crate::due::{self, Due};
use crate::expected::any_listed;

/// A supervisor who is no credentialed peer, and a peer who has been supervised for longer than the parameter `days` allows.
#[derive(Debug)]
pub(crate) struct Charge<'h> {
    supervisor: PersonKey,
    assignment: &'h Row<Supervised>,
    due: Due<'h>,
}

impl Charge<'_> {
    /// The day of the peer's first contact after the days allowed.
    pub(crate) fn day(&self) -> ValidDay {
        self.due.day()
    }

    /// The finding that something is not on record for the supervisor.
    ///
    /// # Errors
    /// None; it is an answer of a check.
    pub(crate) fn verdict(&self, view: &View<'_>, what: &str) -> Checked {
        let (history, day) = (view.history(), self.day());
        let (who, peer) = (history.person_name(self.supervisor), history.person_name(self.assignment.value.peer));
        let (program, from) = (history.program_name(self.assignment.value.program), self.assignment.value.from);
        Breach::new(Class::Advisory, day)
            .because([self.assignment.seq(), self.due.late.seq()])
            .lacks(view, || format!("{what} of {who}"))
            .say(view, || {
                format!("{who} has supervised {peer} in {program} since {from}, is no credentialed peer, and by {day} has no record of {what}; recording it settles this")
            })
            .verdict()
    }
}

/// The assignment under which a supervisor who is no credentialed peer is first asked for something: `primary` or `co`, with no end
/// recorded, and with a contact of the peer longer after it than `days`, on a day on which the peer holds the credential, if one is given.
///
/// # Errors
/// When `days` is not in force.
pub(crate) fn charge<'h>(
    view: &View<'h>,
    supervisor: PersonKey,
    p: &Params<'_>,
    holders: Option<CredentialKind>,
) -> Result<Option<Charge<'h>>, Missing> {
    // Who never held a credential holds none on a day, and a busy peer has many days.
    let ever_held = |person, kind| view.person_facts(person).credentials.iter().any(|row| row.value.kind == kind);
    let holds = |person, kind, day| ever_held(person, kind) && view.credential(person, kind, day).active();
    let counts = |s: &Supervised| matches!(s.kind, SupervisionKind::Primary | SupervisionKind::Co);
    let mut first: Option<Charge<'h>> = None;
    for assignment in view.rows(&view.person_facts(supervisor).supervises, counts) {
        let Supervised { peer, program, from, .. } = assignment.value;
        let ends = &view.person_facts(peer).supervisor_ends;
        let has_end = view.rows(ends, |e| e.program == program && e.supervisor == supervisor && from <= e.ended_on).next().is_some();
        if has_end || holders.is_some_and(|kind| !ever_held(peer, kind)) {
            continue;
        }
        let serving = |of, service: Service| of == program && service.is_peer();
        let counts = |day| {
            holders.is_none_or(|kind| holds(peer, kind, day)) && !CredentialKind::ALL.iter().any(|kind| holds(supervisor, *kind, day))
        };
        let Some(due) = due::of_peer_since(view, peer, serving, from, p, counts)? else { continue };
        if first.as_ref().is_none_or(|f| due.day() < f.day()) {
            first = Some(Charge { supervisor, assignment, due });
            // One suffices; which is the first matters only for the words.
            if !view.wants_words() {
                break;
            }
        }
    }
    Ok(first)
}

/// Whether a supervisor completed, on any day, a course of the parameter `courses` or one with a topic of `topics`.
///
/// # Errors
/// When a parameter is not in force on the day.
pub(crate) fn is_trained(view: &View<'_>, supervisor: PersonKey, p: &Params<'_>, day: ValidDay) -> Result<bool, Missing> {
    for row in view.rows(&view.person_facts(supervisor).trainings, |_| true) {
        if p.lists("courses", &row.value.course, day)? || any_listed(view, p, "topics", &row.value.topics, day)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The check that the recommended courses share: the course of each of these parameters, for supervisors of holders of a credential.
///
/// # Errors
/// When a parameter is not in force.
pub(crate) fn completed(
    view: &View<'_>,
    supervisor: PersonKey,
    p: &Params<'_>,
    holders: CredentialKind,
    courses: &[&str],
    what: &str,
) -> Checked {
    let Some(charge) = charge(view, supervisor, p, Some(holders))? else { return Ok(Verdict::NotApplicable) };
    let trainings = &view.person_facts(supervisor).trainings;
    for course in courses {
        let mut done = false;
        for row in view.rows(trainings, |_| true) {
            done |= p.lists(course, &row.value.course, charge.day())?;
        }
        if !done {
            return charge.verdict(view, what);
        }
    }
    Ok(Verdict::Met)
}

/// Whether somebody has a contact of a peer service, whenever it was.
pub(crate) fn gives_peer_support(view: &View<'_>, peer: PersonKey) -> bool {
    view.contacts_of_peer_serving(peer, EVER, |_, service| service.is_peer(), |_| true).next().is_some()
}

/// The check that SUP-REC-04 and -07 share: sessions of a peer go on for longer than `days` without one on a topic of `topics`.
///
/// # Errors
/// When a parameter is not in force.
pub(crate) fn themes(view: &View<'_>, peer: PersonKey, p: &Params<'_>, what: &str) -> Checked {
    let history = view.history();
    if !gives_peer_support(view, peer) {
        return Ok(Verdict::NotApplicable);
    }
    let mut sessions: Vec<_> = view.rows(view.sessions_held(peer), |s| p.in_force(s.held_on)).collect();
    sessions.sort_by_key(|row| (row.value.held_on, row.seq()));
    let mut since: Option<ValidDay> = None;
    for row in &sessions {
        let day = row.value.held_on;
        if since.is_none() || any_listed(view, p, "topics", &row.value.topics, day)? {
            since = Some(day);
        }
    }
    let Some(since) = since else { return Ok(Verdict::Met) };
    for row in sessions {
        let day = row.value.held_on;
        if day.days_since(since) > p.int("days", day)? {
            let name = history.person_name(peer);
            return Breach::new(Class::Advisory, day)
                .because([row.seq()])
                .lacks(view, || format!("a supervision session of {name} on {what} after {since}"))
                .say(view, || format!("supervision of {name} on {day} and none on {what} since {since}; a session on it settles this"))
                .verdict();
        }
    }
    Ok(Verdict::Met)
}
