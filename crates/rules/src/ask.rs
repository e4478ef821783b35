//! Asking one rule about one subject, and turning its breach into a finding.
//! Nothing here chooses what is asked.

use std::sync::Arc;

use domain::Seq;
use timeline::{ClaimKey, ContactKey, View};

use crate::about::{about, known_at_claim};
use crate::case::{Billing, Case};
use crate::class::Class;
use crate::detect::first_detectable;
use crate::engine::{Engine, Loaded};
use crate::exposure::{amount, exposed_lines};
use crate::finding::{Finding, NotEvaluated, Report};
use crate::params::Params;
use crate::rule::{Check, Scope};
use crate::subject::{Subject, finding_id};
use crate::verdict::{Breach, Checked, Verdict};

impl Engine {
    fn params<'a>(&'a self, loaded: &'a Loaded, view: &View<'a>) -> Params<'a> {
        Params::new(&loaded.params, &self.tables, *view)
    }

    pub(crate) fn check_contact(&self, loaded: &Loaded, check: fn(&Case<'_>, &Params<'_>) -> Checked, case: &Case<'_>) -> Checked {
        if !loaded.rule.scope.takes(case.contact().service) {
            return Ok(Verdict::NotApplicable);
        }
        let params = Params::new(&loaded.params, &self.tables, *case.view());
        if !params.in_force(case.day()) {
            return Ok(Verdict::NotApplicable);
        }
        check(case, &params)
    }

    /// Asks one rule about one subject, as a view believes it.
    pub(crate) fn ask(&self, loaded: &Loaded, view: &View<'_>, subject: Subject) -> Checked {
        let p = self.params(loaded, view);
        match (loaded.rule.check, subject) {
            (Check::Contact(check), Subject::Contact(contact)) => match view.contact(contact) {
                Some(row) => self.check_contact(loaded, check, &Case::new(*view, row)),
                None => Ok(Verdict::NotApplicable),
            },
            (Check::ClaimContact(check), Subject::ClaimContact(claim, contact)) => {
                let Some(billing) = billing(view, claim, contact) else { return Ok(Verdict::NotApplicable) };
                let in_scope = billing.case.as_ref().is_some_and(|c| loaded.rule.scope.takes(c.contact().service));
                let judged = in_scope || loaded.rule.scope == Scope::Any;
                if judged && p.in_force(billing.day()) { check(&billing, &p) } else { Ok(Verdict::NotApplicable) }
            }
            (Check::Session(check), Subject::Session(s)) => check(view, s, &p),
            (Check::IndividualProgram(check), Subject::IndividualProgram(i, pr)) => check(view, i, pr, &p),
            (Check::IndividualProgramDate(check), Subject::IndividualProgramDate(i, pr, day)) => check(view, i, pr, day, &p),
            (Check::IndividualPeer(check), Subject::IndividualPeer(i, peer)) => check(view, i, peer, &p),
            (Check::IndividualMonth(check), Subject::IndividualMonth(i, month)) => check(view, i, month, &p),
            (Check::PersonCredential(check), Subject::PersonCredential(person, kind)) => check(view, person, kind, &p),
            (Check::Person(check), Subject::Person(person)) => check(view, person, &p),
            (Check::PlanVersion(check), Subject::PlanVersion(i, plan, version)) => check(view, i, plan, version, &p),
            (Check::Program(check), Subject::Program(program)) => check(view, program, &p),
            (Check::ProgramWeek(check), Subject::ProgramWeek(program, week, peer)) => check(view, program, week, peer, &p),
            // Subjects of another kind than the rule's are never asked: rules are found by kind.
            (_, _) => Ok(Verdict::NotApplicable),
        }
    }

    pub(crate) fn put(&self, view: &View<'_>, subject: Subject, loaded: &Loaded, answer: Checked, report: &mut Report) {
        match answer {
            Ok(Verdict::Met | Verdict::NotApplicable) => {}
            Err(missing) => {
                // What an advisory could not say is no gap in a review.
                if !loaded.rule.is_advisory() {
                    let subject = subject.name(view.history());
                    report.not_evaluated.push(NotEvaluated { rule: loaded.rule.id, subject, missing: missing.0 });
                }
            }
            Ok(Verdict::Violated(breach)) => report.findings.push(Arc::new(self.finding(view, subject, loaded, *breach))),
        }
    }

    fn finding(&self, view: &View<'_>, subject: Subject, loaded: &Loaded, breach: Breach) -> Finding {
        let history = view.history();
        let first = first_detectable(*view, &breach, |v| self.ask(loaded, &v, subject));
        // What an advisory or a documentation gap says of claims decides nothing else: it is told again when they change, and not judged.
        let view = &if breach.class == Class::Violation { *view } else { view.unnoted() };
        let lines = exposed_lines(view, &breach);
        let name = subject.name(history);
        let mut seqs: Vec<Seq> = breach.evidence.iter().flat_map(|s| std::iter::once(*s).chain(history.shaping(*s).iter().copied())).collect();
        seqs.sort_unstable();
        seqs.dedup();
        let contacts = breach.involved_contacts().iter().copied().collect();
        Finding {
            id: finding_id(loaded.rule.id, &name),
            rule: loaded.rule.id,
            class: breach.class,
            status: breach.status,
            about: about(view, subject, &breach),
            subject: name,
            true_from: breach.true_from,
            first_detectable: first,
            known_at_claim: known_at_claim(view, breach.involved_contacts(), first),
            exposure: amount(view, &lines),
            message: breach.message,
            evidence: seqs.into_iter().filter_map(|s| history.type_at(s).map(|t| (s, t))).collect(),
            missing: breach.missing,
            citation: loaded.rule.authority[0],
            contacts,
            lines,
        }
    }
}

/// Claims with a line that names a contact.
pub(crate) fn claims_naming(view: &View<'_>, contact: ContactKey) -> Vec<ClaimKey> {
    let mut claims: Vec<ClaimKey> = view.lines(contact).map(|l| l.claim.value.claim).collect();
    claims.sort_unstable();
    claims.dedup();
    claims
}

fn billing<'h>(view: &View<'h>, claim: ClaimKey, contact: ContactKey) -> Option<Billing<'h>> {
    let lines: Vec<_> = view.lines(contact).filter(|l| l.claim.value.claim == claim).collect();
    let row = lines.first()?.claim;
    let case = view.contact(contact).map(|row| Case::new(*view, row));
    Some(Billing { view: *view, contact, case, claim: row, lines })
}
