//! The ids that events from X12 get: source ids from the control numbers of their envelopes, claim ids from the submitter's numbers.
//! The same file always gives the same ids, so that importing it again adds nothing; the shape is documented in docs/x12.md.

use domain::{ClaimId, MAX_ID_LENGTH, SourceId};

use crate::found::Origin;

/// The transaction set of a claim, read back from the source id of its submission.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct SetKey {
    /// Source of the sender.
    pub source: String,
    /// ISA13.
    pub interchange: String,
    /// GS06.
    pub group: String,
    /// ST02.
    pub set: String,
}

/// Everything of a source id before the part that tells the events of one transaction set apart.
pub(crate) fn beginning(source: &str, kind: &str, origin: &Origin) -> String {
    let (year, month, day) = origin.at.local_day().ymd();
    let set = clean(&format!("{}.{}.{}", origin.interchange, origin.group, origin.set));
    format!("{source}:{kind}:{:02}{month:02}{day:02}:{set}", year % 100)
}

/// The source id of an event: `source:837:240711:123.1.1:CLM-77`. Where that is too long for an id, a hash stands for its end.
pub(crate) fn source_id(source: &str, kind: &str, origin: &Origin, rest: &str) -> Option<SourceId> {
    let whole = format!("{}:{rest}", beginning(source, kind, origin));
    if whole.len() <= MAX_ID_LENGTH {
        return SourceId::parse(&whole).ok();
    }
    let digest = blake3::hash(whole.as_bytes()).to_hex();
    SourceId::parse(&format!("{source}:{kind}:{}", digest.as_str().get(..32)?)).ok()
}

/// The transaction set that a submission's source id names, if it is one of ours and was short enough to name it.
pub(crate) fn set_of(source_id: &str) -> Option<SetKey> {
    let mut parts = source_id.splitn(5, ':');
    let (source, kind, _date, set) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let mut numbers = set.split('.');
    let key = SetKey {
        source: source.to_owned(),
        interchange: numbers.next()?.to_owned(),
        group: numbers.next()?.to_owned(),
        set: numbers.next()?.to_owned(),
    };
    (kind == "837").then_some(key)
}

/// A submitter's number as an id: characters that ids do not have become `_` and their byte in hexadecimal.
pub(crate) fn clean(number: &str) -> String {
    let mut id = String::with_capacity(number.len());
    for byte in number.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-') {
            id.push(char::from(byte));
        } else {
            id.push_str(&format!("_{byte:02x}"));
        }
    }
    id
}

/// The id of a claim, and of a part or later submission of it: `77`, `77:20250304`, `77:2`.
pub(crate) fn claim_id(base: &str, rest: &str) -> Option<ClaimId> {
    let whole = if rest.is_empty() { base.to_owned() } else { format!("{base}:{rest}") };
    ClaimId::parse(&whole).ok()
}

/// The number behind the id of a claim.
pub(crate) fn base(id: &ClaimId) -> &str {
    id.as_str().split(':').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use domain::ValidAt;

    #[test]
    fn a_source_id_names_its_set_and_is_never_too_long() {
        let origin = Origin {
            sender: "ETIN".into(),
            receiver: "EMEDNYBAT".into(),
            interchange: "123".into(),
            group: "7".into(),
            set: "1".into(),
            at: ValidAt::parse_local("2024-07-11T18:00").unwrap(),
        };
        let id = source_id("bill", "837", &origin, "CL-77").unwrap();
        assert_eq!(id.as_str(), "bill:837:240711:123.7.1:CL-77");
        assert_eq!(set_of(id.as_str()).unwrap(), SetKey { source: "bill".into(), interchange: "123".into(), group: "7".into(), set: "1".into() });
        assert_eq!(set_of("bill:claim:17"), None);
        let long = source_id("bill", "837", &origin, &"9".repeat(50)).unwrap();
        assert!(long.as_str().len() <= MAX_ID_LENGTH && set_of(long.as_str()).is_none());
        assert_ne!(Some(long), source_id("bill", "837", &origin, &"8".repeat(50)));
        assert_eq!(clean("A/12 b:c"), "A_2f12_20b_3ac");
    }
}
