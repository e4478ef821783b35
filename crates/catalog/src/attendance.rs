//! Whether a peer takes part in what the team of a program holds, judged by the last few times.
//! Asks only about what was held while the peer worked in the program and gave peer support there; no one time is ever a finding.

use domain::words::{Role, Service};
use domain::{Seq, ValidDay};
use rules::{Breach, Checked, Class, Missing, Params, Verdict};
use timeline::delivery::Contact;
use timeline::{PersonKey, ProgramKey, Row, View};

/// Something that was held, and whether the peer was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Held {
    /// Day.
    pub(crate) on: ValidDay,
    /// The event that says so.
    pub(crate) seq: Seq,
    /// The peer was there.
    pub(crate) attended: bool,
}

/// Programs in which somebody was ever engaged as a peer, each once, in the order of the keys.
pub(crate) fn programs_as_peer(view: &View<'_>, person: PersonKey) -> Vec<ProgramKey> {
    let engaged = view.rows(&view.person_facts(person).engaged, |e| e.roles.contains(&Role::Peer));
    let mut programs: Vec<ProgramKey> = engaged.flat_map(|row| row.value.programs.iter().copied()).collect();
    programs.sort_unstable();
    programs.dedup();
    programs
}

/// Whether somebody's engagement of a day is one as a peer in a program.
fn is_peer_there(view: &View<'_>, person: PersonKey, program: ProgramKey, day: ValidDay) -> bool {
    view.engagement(person, day).is_some_and(|row| row.value.roles.contains(&Role::Peer) && row.value.programs.contains(&program))
}

/// The check that the rules on attendance share. Of the last `of_last` times (fewer: not asked) the peer was there at least `attended`
/// times, both parameters.
///
/// # Errors
/// When a parameter is not in force.
pub(crate) fn check(
    view: &View<'_>,
    person: PersonKey,
    p: &Params<'_>,
    (serving, from): (impl Fn(ProgramKey, Service) -> bool, ValidDay),
    held: impl Fn(ProgramKey) -> Vec<Held>,
    what: &str,
) -> Checked {
    for program in programs_as_peer(view, person) {
        let there = |of: ProgramKey, service| of == program && serving(of, service);
        let mut contacts = view.contacts_of_peer_serving(person, p.days_from(from), there, |c| p.in_force(c.day));
        let Some(first) = contacts.next() else { continue };
        let mut held = held(program);
        held.retain(|h| first.value.day <= h.on && is_peer_there(view, person, program, h.on));
        held.sort_unstable();
        if let Some(found) = missed(view, (person, program), p, first, &held, what)? {
            return Ok(Verdict::Violated(Box::new(found)));
        }
    }
    Ok(Verdict::Met)
}

fn missed(
    view: &View<'_>,
    (person, program): (PersonKey, ProgramKey),
    p: &Params<'_>,
    first: &Row<Contact>,
    held: &[Held],
    what: &str,
) -> Result<Option<Breach>, Missing> {
    let Some(latest) = held.last() else { return Ok(None) };
    let of_last = usize::try_from(p.int("of_last", latest.on)?).unwrap_or(0).max(1);
    let Some(lately) = held.len().checked_sub(of_last).and_then(|from| held.get(from..)) else { return Ok(None) };
    let there = lately.iter().filter(|h| h.attended).count();
    let wanted = p.int("attended", latest.on)?;
    if i64::try_from(there).is_ok_and(|there| there >= wanted) {
        return Ok(None);
    }
    let (who, name) = (view.history().person_name(person), view.history().program_name(program));
    let message = || {
        format!(
            "{who} is on record at {there} of the last {of_last} {what} of {name}, the last on {}; {wanted} or more of them settle this",
            latest.on
        )
    };
    let breach = Breach::new(Class::Advisory, latest.on)
        .because([first.seq()])
        .because(lately.iter().map(|h| h.seq))
        .lacks(view, || format!("{who} among those present at {wanted} of the last {of_last} {what} of {name}"))
        .say(view, message);
    Ok(Some(breach))
}
