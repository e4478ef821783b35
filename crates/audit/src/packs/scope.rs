//! What a pack is asked to be about, in the manifest's words and in those the ledger records.
//! Refuses a sample that names no claim.

use domain::IndividualId;
use ledger::Ledger;
use pack::Kind;

use crate::error::AuditError;

/// What a pack is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// A claim with its contacts, notes, signatures, payments, and the records behind them.
    Claim(String),
    /// Several claims.
    Sample(Vec<String>),
    /// A staff member: credentials, supervision, and the contacts delivered.
    Person(String),
    /// A person served.
    Individual(String),
    /// A contact.
    Contact(String),
    /// A finding with everything it rests on.
    Finding(String),
    /// Every event from one seq to another.
    Range(u64, u64),
    /// Every event.
    Everything,
}

impl Scope {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Scope::Claim(_) => Kind::Claim,
            Scope::Sample(_) => Kind::Sample,
            Scope::Person(_) => Kind::Person,
            Scope::Individual(_) => Kind::Individual,
            Scope::Contact(_) => Kind::Contact,
            Scope::Finding(_) => Kind::Finding,
            Scope::Range(..) => Kind::Range,
            Scope::Everything => Kind::Everything,
        }
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        match self {
            Scope::Claim(id) | Scope::Person(id) | Scope::Individual(id) | Scope::Contact(id) | Scope::Finding(id) => vec![id.clone()],
            Scope::Sample(ids) => ids.clone(),
            Scope::Range(..) | Scope::Everything => Vec::new(),
        }
    }

    /// For people who read the pack.
    pub fn words(&self) -> String {
        match self {
            Scope::Claim(id) => format!("claim {id}"),
            Scope::Sample(ids) => format!("sample of {}", crate::words::count(ids.len() as u64, "claim")),
            Scope::Person(id) => format!("staff member {id}"),
            Scope::Individual(id) => format!("individual {id}"),
            Scope::Contact(id) => format!("contact {id}"),
            Scope::Finding(id) => format!("finding {id}"),
            Scope::Range(from, to) => format!("events from seq {from} to seq {to}"),
            Scope::Everything => "every event".to_owned(),
        }
    }

    /// For the event in the ledger, which must not name an individual in the clear: it could never be erased.
    pub(crate) fn recorded(&self, ledger: &Ledger) -> String {
        match self {
            Scope::Individual(id) => match IndividualId::parse(id) {
                Ok(id) => format!("individual {}", ledger.pseudonym(&id)),
                Err(_) => "individual".to_owned(),
            },
            Scope::Claim(_) | Scope::Sample(_) | Scope::Person(_) | Scope::Contact(_) | Scope::Finding(_) | Scope::Range(..) | Scope::Everything => self.words(),
        }
    }
}

/// The claims of a sample: `countersign.sample.v1`, any JSON object with a list `claims`, or one id a line. Gives also the JSON that goes into the pack.
///
/// # Errors
/// A file that names no claim.
pub fn read_sample(bytes: &[u8]) -> Result<(Vec<String>, Vec<u8>), AuditError> {
    let none = || AuditError::asked("the sample names no claim", "give JSON with a list \"claims\", as `sample draw` writes it, or one claim id a line");
    let text = std::str::from_utf8(bytes).map_err(|_| none())?;
    if text.trim_start().starts_with('{') {
        let value: serde_json::Value = serde_json::from_str(text)?;
        let listed = value.get("claims").and_then(serde_json::Value::as_array).ok_or_else(none)?;
        let claims: Option<Vec<String>> = listed.iter().map(|claim| claim.as_str().map(str::to_owned)).collect();
        let claims = claims.filter(|claims| !claims.is_empty()).ok_or_else(none)?;
        return Ok((claims, bytes.to_vec()));
    }
    let claims: Vec<String> = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect();
    if claims.is_empty() {
        return Err(none());
    }
    let kept = serde_json::to_vec(&serde_json::json!({"claims": claims}))?;
    Ok((claims, kept))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn samples_are_read_as_json_and_as_lines() {
        assert_eq!(read_sample(b"{\"schema\":\"countersign.sample.v1\",\"claims\":[\"A\",\"B\"]}").unwrap().0, ["A", "B"]);
        assert_eq!(read_sample(b"# drawn by hand\nA\n\n B \n").unwrap().0, ["A", "B"]);
        for wrong in [b"".as_slice(), b"{}", b"{\"claims\":[]}", b"{\"claims\":[1]}", b"{", b"\xff"] {
            assert!(read_sample(wrong).is_err());
        }
    }
}
