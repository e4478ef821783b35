//! What codes mean: our own code systems, a few of everybody's, and what an agency says of its own system in `fhir.toml`.
//! Guesses nothing: a code that stands in no table has no meaning.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::field::Mismatch;
use serde::Deserialize;

use crate::BASE;
use crate::resource::{Coding, Reference};

/// The name of the file in the ledger's directory.
pub const FILE: &str = "fhir.toml";

/// What a code can say; also the names of our own code systems under [`BASE`].
pub const KEYS: &[&str] = &[
    "activity", "basis", "capacity", "component", "credential", "engagement", "format", "level", "licence", "mode", "note-element", "phase", "plan-kind",
    "recipient", "role", "service", "site",
];

/// Keys that can be given a value for everything that says nothing itself.
const DEFAULTS: &[&str] = &["basis", "format", "mode", "phase", "plan-kind", "program", "recipient", "site"];

const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const DEGREE: &str = "http://terminology.hl7.org/CodeSystem/v2-0360";
const DEGREE_VERSIONED: &str = "http://terminology.hl7.org/CodeSystem/v2-0360/2.7";
const TAXONOMY: &str = "http://nucc.org/provider-taxonomy";
const PRACTITIONER_ROLE: &str = "http://terminology.hl7.org/CodeSystem/practitioner-role";
const SIGNATURE: &str = "urn:iso-astm:E1762-95:2013";

/// System, code, and the fields it gives with their words.
type KnownCode = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Codes of everybody's systems whose meaning is not in doubt.
const KNOWN: &[KnownCode] = &[
    (ACT_CODE, "AMB", &[("mode", "in_person"), ("site", "onsite")]),
    (ACT_CODE, "HH", &[("mode", "in_person"), ("site", "offsite")]),
    (ACT_CODE, "FLD", &[("mode", "in_person"), ("site", "offsite")]),
    (ACT_CODE, "VR", &[("mode", "video"), ("site", "onsite")]),
    (DEGREE, "MD", &[("licence", "physician")]),
    (DEGREE, "DO", &[("licence", "physician")]),
    (DEGREE, "PA", &[("licence", "physician_assistant")]),
    (DEGREE, "NP", &[("licence", "nurse_practitioner")]),
    (DEGREE, "RN", &[("licence", "registered_nurse")]),
    (TAXONOMY, "175T00000X", &[("role", "peer")]),
    (TAXONOMY, "1041C0700X", &[("role", "clinician")]),
    (TAXONOMY, "101YM0800X", &[("role", "clinician")]),
    (TAXONOMY, "2084P0800X", &[("role", "clinician")]),
    (TAXONOMY, "363LP0808X", &[("role", "clinician")]),
    (PRACTITIONER_ROLE, "doctor", &[("role", "clinician")]),
    (PRACTITIONER_ROLE, "nurse", &[("role", "clinician")]),
    (SIGNATURE, "1.2.840.10065.1.12.1.1", &[("capacity", "author")]),
];

/// Codes that say "peer support, by the kind of program".
pub(crate) const PEER_SUPPORT: &str = "H0038";

/// Which time of a resource says when it was entered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EnteredAt {
    /// `meta.lastUpdated`, and `recorded` of a Provenance.
    #[default]
    LastUpdated,
    /// None: it counts as known when it is imported.
    None,
}

/// Where versions of notes and plans come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Versions {
    /// Only our extension; everything else is the first version.
    #[default]
    Extension,
    /// `meta.versionId`, in a system that exports every version and counts them from 1.
    Meta,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCode {
    system: String,
    code: String,
    means: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenProgram {
    program: String,
    peer_service: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    entered_at: EnteredAt,
    #[serde(default)]
    versions: Versions,
    #[serde(default)]
    programs: BTreeMap<String, WrittenProgram>,
    #[serde(default)]
    defaults: BTreeMap<String, String>,
    #[serde(default)]
    code: Vec<WrittenCode>,
}

/// By system, then by code: what it means.
type Codes = BTreeMap<String, BTreeMap<String, Vec<(String, String)>>>;

/// What codes and references mean.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    /// What everybody's codes mean.
    known: Codes,
    /// What an agency says of codes, which goes before what everybody says.
    agency: Codes,
    programs: BTreeMap<String, (String, Option<String>)>,
    defaults: BTreeMap<String, String>,
    entered_at: EnteredAt,
    versions: Versions,
}

impl Mapping {
    /// The tables that hold everywhere.
    pub fn standard() -> Self {
        let mut mapping = Self::default();
        for (system, code, means) in KNOWN {
            let means: Vec<(String, String)> = means.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
            if *system == DEGREE {
                add(&mut mapping.known, DEGREE_VERSIONED, code, means.clone());
            }
            add(&mut mapping.known, system, code, means);
        }
        mapping
    }

    /// The tables that hold everywhere, and what an agency says of its own system.
    ///
    /// # Errors
    /// Text that is not TOML, keys that do not exist, and codes or defaults for something that has none, with the line where TOML says it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let written: Written = toml::from_str(text).map_err(|e| e.to_string().trim_end().to_owned())?;
        let mut mapping = Self { entered_at: written.entered_at, versions: written.versions, ..Self::standard() };
        for (name, program) in written.programs {
            mapping.programs.insert(name, (program.program, program.peer_service));
        }
        for (key, value) in written.defaults {
            known_key(&key, DEFAULTS, "defaults")?;
            mapping.defaults.insert(key, value);
        }
        for code in written.code {
            for key in code.means.keys() {
                known_key(key, KEYS, "means")?;
            }
            add(&mut mapping.agency, &code.system, &code.code, code.means.into_iter().collect());
        }
        Ok(mapping)
    }

    /// What a code says, looked up once for all that it may be asked.
    pub(crate) fn meaning<'t>(&'t self, coding: &'t Coding<'_>) -> Option<Meaning<'t>> {
        let (system, code) = (coding.system.as_ref()?.as_str(), coding.code.as_ref()?.as_str());
        match system.strip_prefix(BASE) {
            Some(own) => Some(Meaning::Own(own, code)),
            None => {
                let found = |codes: &'t Codes| codes.get(system)?.get(code).map(Vec::as_slice);
                found(&self.agency).map(Meaning::Agency).or_else(|| found(&self.known).map(Meaning::Known))
            }
        }
    }

    /// What a code says of `key`.
    pub(crate) fn means<'t>(&'t self, coding: &'t Coding<'_>, key: &str) -> Option<&'t str> {
        self.meaning(coding)?.of(key)
    }

    /// What holds where nothing is said.
    pub(crate) fn default_of(&self, key: &str) -> Option<&str> {
        self.defaults.get(key).map(String::as_str)
    }

    /// The program of a reference to an organization, a service or a place: what `[programs]` says, else the id itself.
    pub(crate) fn program<'t>(&'t self, reference: &'t Reference<'_>) -> Option<&'t str> {
        let text = reference.reference.as_ref()?.as_str();
        if let Some((program, _)) = self.programs.get(text) {
            return Some(program);
        }
        let (kind, id) = reference.parts()?;
        let short = if kind.is_empty() { Cow::Borrowed(id) } else { Cow::Owned(format!("{kind}/{id}")) };
        self.programs.get(short.as_ref()).map_or(Some(id), |(program, _)| Some(program))
    }

    /// The peer service of a program, for codes that only say "peer support".
    pub(crate) fn peer_service(&self, program: &str) -> Option<&str> {
        self.programs.values().find(|(known, _)| known == program).and_then(|(_, service)| service.as_deref())
    }

    pub(crate) fn takes_last_updated(&self) -> bool {
        self.entered_at == EnteredAt::LastUpdated
    }

    pub(crate) fn takes_meta_version(&self) -> bool {
        self.versions == Versions::Meta
    }
}

/// What one code says.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Meaning<'t> {
    /// A code of ours: its system under [`BASE`], and the code.
    Own(&'t str, &'t str),
    /// What an agency says of it.
    Agency(&'t [(String, String)]),
    /// What everybody says of it.
    Known(&'t [(String, String)]),
}

impl<'t> Meaning<'t> {
    /// Who is believed first where two codes differ: ours, then the agency's, then everybody's, which are the coarsest.
    pub(crate) fn order(self) -> u8 {
        match self {
            Meaning::Own(..) => 0,
            Meaning::Agency(_) => 1,
            Meaning::Known(_) => 2,
        }
    }

    /// What it says of `key`.
    pub(crate) fn of(self, key: &str) -> Option<&'t str> {
        match self {
            Meaning::Own("credential", code) if key == "level" => Some(if code.ends_with("-P") { "provisional" } else { "full" }),
            Meaning::Own("credential", code) if key == "credential" => Some(code.strip_suffix("-P").unwrap_or(code)),
            Meaning::Own(own, code) => (own == key).then_some(code),
            Meaning::Agency(means) | Meaning::Known(means) => means.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str()),
        }
    }
}

fn add(codes: &mut Codes, system: &str, code: &str, means: Vec<(String, String)>) {
    codes.entry(system.to_owned()).or_default().insert(code.to_owned(), means);
}

fn known_key(key: &str, keys: &[&str], table: &str) -> Result<(), String> {
    if keys.contains(&key) {
        return Ok(());
    }
    let close = domain::words::nearest(key, keys).map_or_else(|| format!("it has {}", keys.join(", ")), |near| format!("did you mean {near}?"));
    Err(format!("{key:?} in {table} is nothing that can be said ({close})"))
}

/// What to do about something that no code says.
pub(crate) fn unsaid(wanted: &str, key: &str) -> Mismatch {
    let hint = if DEFAULTS.contains(&key) {
        format!("say what a code means, or defaults.{key}, in {FILE} (docs/fhir.md)")
    } else {
        format!("say what a code means in {FILE} (docs/fhir.md)")
    };
    Mismatch::new("no code that says it", wanted.to_owned()).hint(hint)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn coding(system: &str, code: &str) -> String {
        serde_json::json!({"system": system, "code": code}).to_string()
    }

    #[test]
    fn codes_mean_what_the_tables_say_and_nothing_else() {
        let text = "[[code]]\nsystem = \"urn:x\"\ncode = \"77\"\nmeans = { service = \"mhotrs_adult_peer\", mode = \"video\" }\n[programs]\n\"Organization/4\" = { program = \"MH-1\", peer_service = \"mhotrs_adult_peer\" }\n";
        let mapping = Mapping::parse(text).unwrap();
        let own = format!("{BASE}credential");
        for (system, code, key, value) in [
            ("urn:x", "77", "service", Some("mhotrs_adult_peer")),
            ("urn:x", "77", "site", None),
            ("urn:x", "78", "service", None),
            (ACT_CODE, "HH", "site", Some("offsite")),
            (DEGREE_VERSIONED, "MD", "licence", Some("physician")),
            (own.as_str(), "NYCPS-P", "credential", Some("NYCPS")),
            (own.as_str(), "NYCPS-P", "level", Some("provisional")),
            (own.as_str(), "NYCPS", "level", Some("full")),
            (own.as_str(), "NYCPS", "mode", None),
        ] {
            let json = coding(system, code);
            assert_eq!(mapping.means(&serde_json::from_str(&json).unwrap(), key), value, "{system} {code} {key}");
        }
        let reference = |text: &str| serde_json::json!({"reference": text}).to_string();
        for (text, program) in [("Organization/4", "MH-1"), ("https://e.example/Organization/4", "MH-1"), ("Organization/PR-1", "PR-1")] {
            let json = reference(text);
            assert_eq!(mapping.program(&serde_json::from_str(&json).unwrap()), Some(program), "{text}");
        }
        assert_eq!(mapping.peer_service("MH-1"), Some("mhotrs_adult_peer"));
    }

    #[test]
    fn what_cannot_be_said_is_refused() {
        for (text, word) in [
            ("colour = 1", "colour"),
            ("[defaults]\nphaze = \"enrolled\"", "did you mean phase?"),
            ("[[code]]\nsystem = \"x\"\ncode = \"y\"\nmeans = { servise = \"other\" }", "did you mean service?"),
            ("entered_at = \"never\"", "never"),
        ] {
            let error = Mapping::parse(text).unwrap_err();
            assert!(error.contains(word), "{error}");
        }
        assert!(Mapping::parse("entered_at = \"none\"\nversions = \"meta\"").is_ok());
    }
}
