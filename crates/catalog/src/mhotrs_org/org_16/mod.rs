//! Re-engagement by a peer without clinical input on record.
//!
//! ## What it finds
//! An individual in a program with a MHOTRS contact, while enrolled, whose recorded purpose is re-engagement, and no clinical input on
//! record on its day or in so many days before it (by default 14). It is one finding for the individual in the program.
//!
//! ## Why it matters
//! Using peers for therapeutic re-engagement without clinical input and support is named as a misuse to avoid. Re-engagement with that
//! input is good practice.
//!
//! ## Authority
//! [G] Sustainability: what is important to avoid. The number is agency policy: the guidance has none.
//!
//! ## Evidence
//! Contacts with effective phase enrolled whose `purpose` is one of the words of the list, team meetings of the program about the
//! individual, and collaboration documented about the individual.
//!
//! ## What it does not find
//! Contacts whose purpose is not recorded, or in other words. Before admission, where engagement is what peers are for.
//!
//! ## How to cure
//! Record the meeting or the collaboration that there was. Set `MHOTRS-ORG-16.days` to your own policy.

use rules::{Breach, Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::delivery::Contact;
use timeline::{IndividualKey, ProgramKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-ORG-16",
    title: "re-engagement by a peer without clinical input on record",
    authority: &[
        Citation::mhotrs("Sustainability", "therapeutic re-engagement without clinical input and support"),
        Citation::agency("Re-engagement", "how far back clinical input is looked for"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::IndividualProgram(check),
};

fn check(view: &View<'_>, individual: IndividualKey, program: ProgramKey, p: &Params<'_>) -> Checked {
    let history = view.history();
    let with_purpose = |c: &Contact| c.program == program && RULE.scope.takes(c.service) && c.purpose.is_some() && p.in_force(c.day);
    let mut alone = Vec::new();
    for row in view.contacts_of_individual_on(individual, p.days(), with_purpose) {
        let day = row.value.day;
        let purpose = row.value.purpose.map_or("", |text| history.text_name(text));
        if !p.lists("purposes", purpose, day)? || !Case::new(*view, row).is_enrolled() {
            continue;
        }
        let from = day.plus_days(-p.int("days", day)?);
        let lately = |on| from <= on && on <= day;
        let talked_about = view.meetings(program, (from, day), |m| m.individuals.contains(&individual)).next().is_some();
        let collaborated = view.rows(&view.individual_facts(individual).collaborations, |c| lately(c.on)).next().is_some();
        if !talked_about && !collaborated {
            alone.push(row);
            // One suffices; the others are only for the words.
            if !view.wants_words() {
                break;
            }
        }
    }
    let Some(first) = alone.first() else { return Ok(Verdict::Met) };
    let (who, day) = (history.individual_name(individual), first.value.day);
    Breach::new(Class::Advisory, day)
        .because([first.seq()])
        .contacts(alone.iter().map(|row| row.value.contact))
        .lacks(view, || format!("a team meeting about {who}, or collaboration documented, in the days before {day}"))
        .say(view, || {
            format!(
                "re-engagement of {who} by a peer on {day} with no clinical input on record before it ({} such contacts); the record of it settles this",
                alone.len()
            )
        })
        .verdict()
}
