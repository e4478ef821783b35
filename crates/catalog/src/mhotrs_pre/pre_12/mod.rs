//! Pre-admission peer support that goes on for long without an admission.
//!
//! ## What it finds
//! A pre-admission contact longer after the first of its episode than the agency takes for the way to admission (by default 90 days), without
//! admission, discharge or decline in between.
//!
//! ## Why it matters
//! Pre-admission peer support is not intended to be a stand-alone peer service. There is no limit either, on days or on contacts: this is a sign worth a look.
//!
//! ## Authority
//! [G] Billing. The number is agency policy: the guidance has none.
//!
//! ## Evidence
//! Contacts whose effective phase is pre-admission, admissions, discharges and declines.
//!
//! ## What it does not find
//! Any violation: a long pre-admission that never ends in an admission may be billed.
//!
//! ## Soft spots
//! Pre-admission has no limit of days, and is not intended to stand alone: the two pull apart. No number of days or contacts is
//! ever held against a claim; a long episode is advice to look at it, after an interval that is the agency's.
//!
//! ## How to cure
//! Review the purpose of the engagement with the person and record the outcome. Set `MHOTRS-PRE-12.days` to your own policy.

use domain::ValidDay;
use rules::{Breach, Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::delivery::Contact;
use timeline::individual::Happened;
use timeline::{IndividualKey, ProgramKey, Row, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-PRE-12",
    title: "pre-admission peer support that goes on for long",
    authority: &[
        Citation::mhotrs("Billing", "NOT intended to be stand-alone Peer Services"),
        Citation::agency("Pre-admission", "after how many days an episode is reviewed"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::IndividualProgram(check),
};

/// The last day before a contact on which an episode ended: a discharge, or a decline on an earlier day.
fn ended(view: &View<'_>, individual: IndividualKey, program: ProgramKey, day: ValidDay) -> Option<ValidDay> {
    let declined = |d: &Happened| d.program == program && d.at.day() < day;
    let declines = view.rows(&view.individual_facts(individual).declined, declined).map(|row| row.value.at.day());
    declines.chain(view.last_discharge(individual, program, day).map(|row| row.value.on)).max()
}

fn check(view: &View<'_>, individual: IndividualKey, program: ProgramKey, p: &Params<'_>) -> Checked {
    let in_scope = |c: &Contact| c.program == program && RULE.scope.takes(c.service) && p.in_force(c.day);
    let mut episode: Option<(Option<ValidDay>, &Row<Contact>)> = None;
    for row in view.contacts_of_individual_on(individual, p.days(), in_scope) {
        if !Case::new(*view, row).is_preadmission() {
            episode = None;
            continue;
        }
        let day = row.value.day;
        let since = ended(view, individual, program, day);
        let first = match episode {
            Some((begun, first)) if begun == since => first,
            Some(_) | None => row,
        };
        episode = Some((since, first));
        if day.days_since(first.value.day) > p.int("days", day)? {
            let message = || {
                let who = view.history().individual_name(individual);
                format!(
                    "pre-admission contact of {who} on {day}, in an episode that began on {} and has not led to admission",
                    first.value.day
                )
            };
            return Breach::new(Class::Advisory, day)
                .because([first.seq(), row.seq()])
                .contacts([row.value.contact])
                .say(view, message)
                .verdict();
        }
    }
    Ok(Verdict::Met)
}
