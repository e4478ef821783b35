//! What a finding is about, as keys of a history and as the fixed names of interfaces.md.
//! A finding's id is a short hash of rule and subject alone, so it is the same finding in every scan.

use compact_str::{CompactString, ToCompactString as _, format_compact};
use domain::ValidDay;
use domain::quantity::Version;
use domain::words::CredentialKind;
use timeline::{ClaimKey, ContactKey, History, IndividualKey, PersonKey, PlanKey, ProgramKey, SessionKey};

/// What a rule judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// A contact.
    Contact(ContactKey),
    /// A claim and a contact it names.
    ClaimContact(ClaimKey, ContactKey),
    /// A group session.
    Session(SessionKey),
    /// An individual in a program.
    IndividualProgram(IndividualKey, ProgramKey),
    /// An individual in a program on a day.
    IndividualProgramDate(IndividualKey, ProgramKey, ValidDay),
    /// An individual and a peer.
    IndividualPeer(IndividualKey, PersonKey),
    /// An individual in the month that begins on a day.
    IndividualMonth(IndividualKey, ValidDay),
    /// A credential of a person.
    PersonCredential(PersonKey, CredentialKind),
    /// A person.
    Person(PersonKey),
    /// A version of an individual's plan.
    PlanVersion(IndividualKey, PlanKey, Version),
    /// A program.
    Program(ProgramKey),
    /// The ISO week of a program that begins on a Monday, and a peer if it is about one.
    ProgramWeek(ProgramKey, ValidDay, Option<PersonKey>),
}

/// A value in a subject: text, or the number of a version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// Text.
    Text(CompactString),
    /// A number.
    Number(u32),
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Name::Text(t) => f.write_str(t),
            Name::Number(n) => n.fmt(f),
        }
    }
}

/// A subject in the fixed names, in a fixed order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SubjectName(pub Vec<(&'static str, Name)>);

impl std::fmt::Display for SubjectName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, (key, value)) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(" ")?;
            }
            write!(f, "{key}={value}")?;
        }
        Ok(())
    }
}

impl Subject {
    /// The subject in the fixed names.
    pub fn name(&self, h: &History) -> SubjectName {
        let text = |s: &str| Name::Text(s.into());
        SubjectName(match *self {
            Subject::Contact(c) => vec![("contact", text(h.contact_name(c)))],
            Subject::ClaimContact(claim, c) => vec![("claim", text(h.claim_name(claim))), ("contact", text(h.contact_name(c)))],
            Subject::Session(s) => vec![("group_session", text(h.session_name(s)))],
            Subject::IndividualProgram(i, p) => vec![("individual", text(h.individual_name(i))), ("program", text(h.program_name(p)))],
            Subject::IndividualProgramDate(i, p, day) => vec![
                ("individual", text(h.individual_name(i))),
                ("program", text(h.program_name(p))),
                ("date", Name::Text(day.to_compact_string())),
            ],
            Subject::IndividualPeer(i, p) => vec![("individual", text(h.individual_name(i))), ("peer", text(h.person_name(p)))],
            Subject::IndividualMonth(i, day) => {
                let (y, m, _) = day.ymd();
                vec![("individual", text(h.individual_name(i))), ("month", Name::Text(format_compact!("{y:04}-{m:02}")))]
            }
            Subject::PersonCredential(p, kind) => vec![("person", text(h.person_name(p))), ("credential", text(kind.as_str()))],
            Subject::Person(p) => vec![("person", text(h.person_name(p)))],
            Subject::PlanVersion(_, plan, version) => vec![("plan", text(h.plan_name(plan))), ("version", Name::Number(version.0))],
            Subject::Program(p) => vec![("program", text(h.program_name(p)))],
            Subject::ProgramWeek(p, monday, peer) => {
                let (y, w) = monday.iso_week();
                let mut name = vec![("program", text(h.program_name(p))), ("week", Name::Text(format_compact!("{y:04}-W{w:02}")))];
                name.extend(peer.map(|p| ("peer", text(h.person_name(p)))));
                name
            }
        })
    }
}

impl SubjectName {
    /// The value under a key, as text.
    pub fn get(&self, key: &str) -> Option<CompactString> {
        self.0.iter().find(|(k, _)| *k == key).map(|(_, value)| value.to_compact_string())
    }

    /// The subject of this name in a history; `None` where nothing was recorded under one of its ids. A plan is looked for among the
    /// plans of every individual, because a plan's name does not say whose it is.
    pub fn find(&self, h: &History) -> Option<Subject> {
        let keys: Vec<&str> = self.0.iter().map(|(key, _)| *key).collect();
        let text = |key: &str| self.get(key);
        let individual = || h.find_individual(&text("individual")?);
        let program = || h.find_program(&text("program")?);
        let person = |key: &str| h.find_person(&text(key)?);
        let contact = || h.find_contact(&text("contact")?);
        Some(match keys[..] {
            ["contact"] => Subject::Contact(contact()?),
            ["claim", "contact"] => Subject::ClaimContact(h.find_claim(&text("claim")?)?, contact()?),
            ["group_session"] => Subject::Session(h.find_session(&text("group_session")?)?),
            ["individual", "program"] => Subject::IndividualProgram(individual()?, program()?),
            ["individual", "program", "date"] => Subject::IndividualProgramDate(individual()?, program()?, ValidDay::parse(&text("date")?)?),
            ["individual", "peer"] => Subject::IndividualPeer(individual()?, person("peer")?),
            ["individual", "month"] => Subject::IndividualMonth(individual()?, ValidDay::parse(&format!("{}-01", text("month")?))?),
            ["person", "credential"] => Subject::PersonCredential(person("person")?, CredentialKind::parse(&text("credential")?)?),
            ["person"] => Subject::Person(person("person")?),
            ["plan", "version"] => {
                let (plan, version) = (h.find_plan(&text("plan")?)?, Version(text("version")?.parse().ok()?));
                let of = |i: &IndividualKey| h.individual_facts(*i).plans.iter().any(|r| r.value.plan == plan && r.value.version == version);
                Subject::PlanVersion(h.all_individuals().find(of)?, plan, version)
            }
            ["program"] => Subject::Program(program()?),
            ["program", "week"] => Subject::ProgramWeek(program()?, monday(&text("week")?)?, None),
            ["program", "week", "peer"] => Subject::ProgramWeek(program()?, monday(&text("week")?)?, Some(person("peer")?)),
            _ => return None,
        })
    }
}

/// The Monday of an ISO week written `2025-W07`.
fn monday(week: &str) -> Option<ValidDay> {
    let (year, number) = week.split_once("-W")?;
    let (year, number): (i16, i8) = (year.parse().ok()?, number.parse().ok()?);
    // 4 January lies in week 1 of its year.
    let fourth = ValidDay::from_ymd(year, 1, 4)?;
    let first = fourth.plus_days(1 - i64::from(fourth.iso_weekday()));
    Some(first.plus_days(7 * (i64::from(number) - 1))).filter(|day| day.iso_week() == (year, number))
}

/// The id of the finding of a rule about a subject: `F-` and ten characters of base 32 over blake3.
pub fn finding_id(rule: &str, subject: &SubjectName) -> CompactString {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHJKMNPQRSTVWXYZ0123456789";
    let mut hasher = blake3::Hasher::new_derive_key("countersign finding id v1");
    for part in std::iter::once(rule.to_owned()).chain(subject.0.iter().flat_map(|(k, v)| [(*k).to_owned(), v.to_string()])) {
        // Ids cannot contain a newline, so parts cannot run into each other.
        hasher.update(part.as_bytes());
        hasher.update(b"\n");
    }
    let hash = hasher.finalize();
    let letters = hash.as_bytes().iter().take(10).map(|b| char::from(ALPHABET[usize::from(b % 32)]));
    std::iter::once('F').chain(['-']).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_week_of_many_years_leads_back_to_its_monday() {
        let mut day = ValidDay::parse("2018-01-01").unwrap();
        while day < ValidDay::parse("2033-01-01").unwrap() {
            let (year, number) = day.iso_week();
            assert_eq!(monday(&format!("{year:04}-W{number:02}")), Some(day));
            day = day.plus_days(7);
        }
        assert_eq!(monday("2025-W53"), None, "2025 has 52 weeks");
    }
}
