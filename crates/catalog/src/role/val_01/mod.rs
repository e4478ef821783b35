//! Peer support at the same time as another service.
//!
//! ## What it finds
//! An individual in a program with a peer contact that shares time with a contact of another service, by somebody else, with the same
//! individual. It is one finding for the individual in the program and counts the peer contacts.
//!
//! ## Why it matters
//! The peer role adds to traditional services and does not double them. Two services at one time are either one joint session, which the
//! record should say, or a mistake in a time.
//!
//! ## Authority
//! [R] Proficiencies of Working in Peer Roles: a training slide.
//!
//! ## Evidence
//! Peer contacts in the program and contacts with service `other` of any program, half open from start to end; group sessions;
//! collaboration documented with the peer about the individual on the day.
//!
//! ## What it does not find
//! Two peer contacts at one time. Joint presence, shown by a group session that both contacts name or by collaboration documented on the
//! day. Services that are not recorded here.
//!
//! ## How to cure
//! Correct the time, or record the collaboration that it was.

use rules::{Breach, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::delivery::Contact;
use timeline::{IndividualKey, ProgramKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "ROLE-VAL-01",
    title: "peer support at the same time as another service",
    authority: &[Citation::peer_role("Proficiencies of Working in Peer Roles", "augment and not duplicate traditional services")],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Peer,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::IndividualProgram(check),
};

fn check(view: &View<'_>, individual: IndividualKey, program: ProgramKey, p: &Params<'_>) -> Checked {
    let history = view.history();
    let mut doubled = Vec::new();
    let mut others = Vec::new();
    for other in view.contacts_of_individual_on(individual, p.days(), |c| !c.service.is_peer() && p.in_force(c.day)) {
        let o = &other.value;
        let is_joint = |c: &Contact| c.session.is_some() && c.session == o.session;
        let fits =
            |c: &Contact| c.program == program && RULE.scope.takes(c.service) && c.peer != o.peer && p.in_force(c.day) && !is_joint(c);
        for row in super::beside(view, o, fits) {
            let (peer, day) = (row.value.peer, row.value.day);
            let together = view.rows(&view.individual_facts(individual).collaborations, |c| c.peer == peer && c.on == day);
            if together.count() == 0 {
                doubled.push(row);
                others.push(other.seq());
            }
        }
        // One suffices; the others are only for the words and the first day.
        if !view.wants_words() && !doubled.is_empty() {
            break;
        }
    }
    let Some(first) = doubled.iter().min_by_key(|row| row.value.start) else { return Ok(Verdict::Met) };
    let (who, day) = (history.individual_name(individual), first.value.day);
    Breach::new(Class::Advisory, day)
        .because(doubled.iter().map(|row| row.seq()))
        .because(others)
        .contacts(doubled.iter().map(|row| row.value.contact))
        .lacks(view, || format!("a record that {who} saw both together on {day}"))
        .say(view, || format!("peer support for {who} on {day} at the same time as another service; collaboration recorded or a corrected time settles this"))
        .verdict()
}
