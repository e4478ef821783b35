//! A rule: its id, where it comes from, what it looks at, its dated parameters and its check.
//! A rule is a constant; it has no state and is found only through the catalog's list.

use timeline::{IndividualKey, PersonKey, PlanKey, ProgramKey, SessionKey, View};

use domain::ValidDay;
use domain::quantity::Version;
use domain::words::{CredentialKind, Service};

use crate::case::{Billing, Case};
use crate::citation::Citation;
use crate::class::Class;
use crate::params::Params;
use crate::verdict::Checked;

/// Which contacts a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Contacts of any service, peer or not.
    Any,
    /// Peer contacts of any program.
    Peer,
    /// MHOTRS peer contacts.
    Mhotrs,
    /// PROS peer support.
    Pros,
    /// CORE peer support.
    Core,
}

impl Scope {
    /// Whether a service is in scope.
    pub fn takes(self, service: Service) -> bool {
        match self {
            Scope::Any => true,
            Scope::Peer => service.is_peer(),
            Scope::Mhotrs => service.is_mhotrs(),
            Scope::Pros => service == Service::ProsPss,
            Scope::Core => service == Service::CorePeer,
        }
    }

    /// The scope in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Any => "every program",
            Scope::Peer => "peer services of every program",
            Scope::Mhotrs => "MHOTRS",
            Scope::Pros => "PROS",
            Scope::Core => "CORE",
        }
    }
}

/// What a rule judges, and how. One variant per kind of subject in interfaces.md.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// A contact.
    Contact(fn(&Case<'_>, &Params<'_>) -> Checked),
    /// A claim and a contact that its lines name.
    ClaimContact(fn(&Billing<'_>, &Params<'_>) -> Checked),
    /// A group session.
    Session(fn(&View<'_>, SessionKey, &Params<'_>) -> Checked),
    /// An individual in a program.
    IndividualProgram(fn(&View<'_>, IndividualKey, ProgramKey, &Params<'_>) -> Checked),
    /// An individual in a program on a local date.
    IndividualProgramDate(fn(&View<'_>, IndividualKey, ProgramKey, ValidDay, &Params<'_>) -> Checked),
    /// An individual and a peer.
    IndividualPeer(fn(&View<'_>, IndividualKey, PersonKey, &Params<'_>) -> Checked),
    /// An individual in a month, given by its first day.
    IndividualMonth(fn(&View<'_>, IndividualKey, ValidDay, &Params<'_>) -> Checked),
    /// A person's credential of a kind.
    PersonCredential(fn(&View<'_>, PersonKey, CredentialKind, &Params<'_>) -> Checked),
    /// A person.
    Person(fn(&View<'_>, PersonKey, &Params<'_>) -> Checked),
    /// A version of an individual's plan.
    PlanVersion(fn(&View<'_>, IndividualKey, PlanKey, Version, &Params<'_>) -> Checked),
    /// A program.
    Program(fn(&View<'_>, ProgramKey, &Params<'_>) -> Checked),
    /// An ISO week of a program, given by its Monday, and the peer it is about, if it is about one.
    ProgramWeek(fn(&View<'_>, ProgramKey, ValidDay, Option<PersonKey>, &Params<'_>) -> Checked),
}

/// A rule of the catalog.
#[derive(Debug)]
pub struct Rule {
    /// Its id in the catalogue, as in `MHOTRS-CRED-01`.
    pub id: &'static str,
    /// What breaks it, in a few words.
    pub title: &'static str,
    /// Where it comes from, the main place first.
    pub authority: &'static [Citation],
    /// The classes its findings can have.
    pub classes: &'static [Class],
    /// Counted up whenever its check changes meaning; part of the identity of the rule set.
    pub version: u32,
    /// Which contacts it looks at.
    pub scope: Scope,
    /// Its dated parameters (`params.toml` of its folder).
    pub params: &'static str,
    /// Its own source: the documentation at its head is the rule's page.
    pub source: &'static str,
    /// The check.
    pub check: Check,
}

impl Rule {
    /// Whether it can only advise.
    pub fn is_advisory(&self) -> bool {
        self.classes.iter().all(|c| *c == Class::Advisory)
    }
}

/// A table of parameters that several rules share, such as which disciplines are professional staff.
#[derive(Debug)]
pub struct Table {
    /// Its name; a parameter `lpha` of the table `disciplines` is `disciplines.lpha`.
    pub name: &'static str,
    /// Its dated parameters.
    pub params: &'static str,
}
