//! The fields of FHIR R4 resources that events need, as structs that borrow from the text; every other field is passed over unread.
//! Gives no field a meaning.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

/// Text that borrows where JSON allows it, also within an option or a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Str<'a>(pub(crate) Cow<'a, str>);

impl Str<'_> {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Str<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Str(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Str(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// The type of a resource, wherever in it it stands.
#[derive(Debug, Deserialize)]
struct Kind<'a> {
    #[serde(borrow, default, rename = "resourceType")]
    resource_type: Option<Str<'a>>,
}

/// The type of a resource. Nearly every system writes it first, so that a second look at the whole is rare.
///
/// # Errors
/// Text that is not one JSON object.
pub(crate) fn kind_of(text: &str) -> serde_json::Result<Option<Cow<'_, str>>> {
    let first = || {
        let rest = text.trim_start().strip_prefix('{')?.trim_start().strip_prefix("\"resourceType\"")?;
        let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        rest.split_once('"').map(|(kind, _)| kind).filter(|kind| !kind.contains('\\'))
    };
    match first() {
        Some(kind) => Ok(Some(Cow::Borrowed(kind))),
        None => serde_json::from_str::<Kind<'_>>(text).map(|kind| kind.resource_type.map(|t| t.0)),
    }
}

/// A resource that says its id.
pub(crate) trait Named<'a> {
    /// The id; none if it is written with escapes, which no id of FHIR needs.
    fn id(&self) -> Option<&'a str>;
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Coding<'a> {
    #[serde(borrow, default)]
    pub(crate) system: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub(crate) code: Option<Str<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Concept<'a> {
    #[serde(borrow, default)]
    pub(crate) coding: Vec<Coding<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Identifier<'a> {
    #[serde(borrow, default)]
    pub(crate) value: Option<Str<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Reference<'a> {
    #[serde(borrow, default)]
    pub(crate) reference: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub(crate) display: Option<Str<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Period<'a> {
    #[serde(borrow, default)]
    pub(crate) start: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub(crate) end: Option<Str<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Extension<'a> {
    #[serde(borrow)]
    pub(crate) url: Str<'a>,
    #[serde(borrow, default, rename = "valueString", alias = "valueInstant", alias = "valueDateTime", alias = "valueCode", alias = "valueId")]
    pub(crate) text: Option<Str<'a>>,
    #[serde(default, rename = "valueBoolean")]
    pub(crate) flag: Option<bool>,
    #[serde(default, rename = "valuePositiveInt", alias = "valueInteger")]
    pub(crate) number: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Meta<'a> {
    #[serde(borrow, default, rename = "lastUpdated")]
    pub(crate) last_updated: Option<Str<'a>>,
    #[serde(borrow, default, rename = "versionId")]
    pub(crate) version_id: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub(crate) security: Vec<Coding<'a>>,
}

/// What all resources have in common, taken out of each.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Common<'a> {
    #[serde(borrow, default)]
    pub(crate) meta: Meta<'a>,
    #[serde(borrow, default)]
    pub(crate) extension: Vec<Extension<'a>>,
}

/// The id as it stands in the text; one that is escaped there is none that the ledger takes.
fn borrowed<'a>(id: &Option<Str<'a>>) -> Option<&'a str> {
    match id {
        Some(Str(Cow::Borrowed(id))) => Some(id),
        Some(Str(Cow::Owned(_))) | None => None,
    }
}

macro_rules! resources {
    ($( $(#[$meta:meta])* $name:ident { $( $(#[$fm:meta])* $field:ident : $ty:ty ),* $(,)? } )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub(crate) struct $name<'a> {
            #[serde(borrow, default)]
            pub(crate) id: Option<Str<'a>>,
            #[serde(borrow, default)]
            pub(crate) meta: Meta<'a>,
            #[serde(borrow, default)]
            pub(crate) extension: Vec<Extension<'a>>,
            $( #[serde(borrow, default)] $(#[$fm])* pub(crate) $field: $ty, )*
        }

        impl<'a> Named<'a> for $name<'a> {
            fn id(&self) -> Option<&'a str> {
                borrowed(&self.id)
            }
        }

        impl<'a> $name<'a> {
            pub(crate) fn take_common(&mut self) -> Common<'a> {
                Common { meta: std::mem::take(&mut self.meta), extension: std::mem::take(&mut self.extension) }
            }
        }
    )* };
}

resources! {
    /// A staff member with qualifications.
    Practitioner { birth_date: Option<Str<'a>>, qualification: Vec<Qualification<'a>> }
    /// Work of a staff member.
    PractitionerRole {
        practitioner: Reference<'a>, organization: Reference<'a>, healthcare_service: Vec<Reference<'a>>, code: Vec<Concept<'a>>, period: Period<'a>,
    }
    /// A person served.
    Patient { birth_date: Option<Str<'a>> }
    /// An enrolment.
    EpisodeOfCare { status: Option<Str<'a>>, patient: Reference<'a>, managing_organization: Reference<'a>, period: Period<'a> }
    /// A plan.
    CarePlan {
        status: Option<Str<'a>>, category: Vec<Concept<'a>>, subject: Reference<'a>, author: Reference<'a>, contributor: Vec<Reference<'a>>,
        period: Period<'a>, created: Option<Str<'a>>, goal: Vec<Reference<'a>>, activity: Vec<Activity<'a>>,
    }
    /// A contact, or the session of a group.
    Encounter {
        status: Option<Str<'a>>, class: Coding<'a>, r#type: Vec<Concept<'a>>, service_type: Concept<'a>, subject: Reference<'a>,
        episode_of_care: Vec<Reference<'a>>, participant: Vec<Participant<'a>>, period: Period<'a>, based_on: Vec<Reference<'a>>,
        reason_code: Vec<Concept<'a>>, service_provider: Reference<'a>, part_of: Reference<'a>, contained: Vec<Group<'a>>,
        location: Vec<Place<'a>>,
    }
    /// A note's metadata.
    DocumentReference {
        status: Option<Str<'a>>, doc_status: Option<Str<'a>>, date: Option<Str<'a>>, author: Vec<Reference<'a>>, context: Context<'a>,
    }
    /// Who signed what.
    Provenance { target: Vec<Reference<'a>>, recorded: Option<Str<'a>>, signature: Vec<Signature<'a>> }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Qualification<'a> {
    #[serde(borrow, default)]
    pub(crate) identifier: Vec<Identifier<'a>>,
    #[serde(borrow, default)]
    pub(crate) code: Concept<'a>,
    #[serde(borrow, default)]
    pub(crate) period: Period<'a>,
    #[serde(borrow, default)]
    pub(crate) issuer: Reference<'a>,
    #[serde(borrow, default)]
    pub(crate) extension: Vec<Extension<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Activity<'a> {
    #[serde(borrow, default)]
    pub(crate) detail: Detail<'a>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Detail<'a> {
    #[serde(borrow, default)]
    pub(crate) code: Concept<'a>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Participant<'a> {
    #[serde(borrow, default)]
    pub(crate) r#type: Vec<Concept<'a>>,
    #[serde(borrow, default)]
    pub(crate) individual: Reference<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Place<'a> {
    #[serde(borrow, default)]
    pub(crate) physical_type: Concept<'a>,
}

/// Those who meet: on its own, or within an encounter, where another resource is a group without members.
#[derive(Debug, Deserialize)]
pub(crate) struct Group<'a> {
    #[serde(borrow, default)]
    pub(crate) id: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub(crate) member: Vec<Member<'a>>,
}

impl<'a> Group<'a> {
    /// Individuals who belong to it and are not said to be inactive, each with the days between which they do.
    pub(crate) fn active(&self) -> impl Iterator<Item = (&str, &Period<'a>)> {
        let active = self.member.iter().filter(|m| m.inactive != Some(true));
        active.filter_map(|m| Some((m.entity.id_of(&["Patient", "RelatedPerson"])?, &m.period)))
    }
}

impl<'a> Named<'a> for Group<'a> {
    fn id(&self) -> Option<&'a str> {
        borrowed(&self.id)
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Member<'a> {
    #[serde(borrow, default)]
    pub(crate) entity: Reference<'a>,
    #[serde(borrow, default)]
    pub(crate) period: Period<'a>,
    #[serde(default)]
    pub(crate) inactive: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Context<'a> {
    #[serde(borrow, default)]
    pub(crate) encounter: Vec<Reference<'a>>,
    #[serde(borrow, default)]
    pub(crate) event: Vec<Concept<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Signature<'a> {
    #[serde(borrow, default)]
    pub(crate) r#type: Vec<Coding<'a>>,
    #[serde(borrow, default)]
    pub(crate) when: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub(crate) who: Reference<'a>,
    #[serde(borrow, default)]
    pub(crate) extension: Vec<Extension<'a>>,
}

/// A bundle, its entries unread.
#[derive(Debug, Deserialize)]
pub(crate) struct Bundle<'a> {
    #[serde(borrow, default)]
    pub(crate) entry: Vec<&'a serde_json::value::RawValue>,
}

/// An entry of a bundle, its resource unread.
#[derive(Debug, Deserialize)]
pub(crate) struct Entry<'a> {
    #[serde(borrow, default)]
    pub(crate) resource: Option<&'a serde_json::value::RawValue>,
    #[serde(borrow, default, rename = "fullUrl")]
    pub(crate) full_url: Option<&'a serde_json::value::RawValue>,
    #[serde(borrow, default)]
    pub(crate) request: Option<&'a serde_json::value::RawValue>,
}

impl Reference<'_> {
    /// The kind and the id: of `Patient/12`, of a whole address, or of `urn:uuid:..`, whose kind is empty. A version after it is left out.
    pub(crate) fn parts(&self) -> Option<(&str, &str)> {
        let text = self.reference.as_ref()?.as_str();
        if let Some(id) = text.strip_prefix("urn:uuid:").or_else(|| text.strip_prefix("urn:oid:")).or_else(|| text.strip_prefix('#')) {
            return Some(("", id));
        }
        if text.contains('?') {
            return None;
        }
        let text = text.split_once("/_history/").map_or(text, |(before, _)| before);
        let (before, id) = text.rsplit_once('/')?;
        Some((before.rsplit_once('/').map_or(before, |(_, kind)| kind), id))
    }

    /// The id, if the reference is to one of these kinds, or does not say to which.
    pub(crate) fn id_of(&self, kinds: &[&str]) -> Option<&str> {
        self.parts().filter(|(kind, _)| kind.is_empty() || kinds.contains(kind)).map(|(_, id)| id)
    }

    /// The version after `_history/`.
    pub(crate) fn version(&self) -> Option<&str> {
        self.reference.as_ref()?.as_str().split_once("/_history/").map(|(_, version)| version)
    }

    pub(crate) fn is_absent(&self) -> bool {
        self.reference.is_none() && self.display.is_none()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn references_of_every_shape_name_a_kind_and_an_id() {
        for (text, parts) in [
            ("Patient/12", Some(("Patient", "12"))),
            ("https://ehr.example/fhir/Patient/12", Some(("Patient", "12"))),
            ("DocumentReference/N-1/_history/2", Some(("DocumentReference", "N-1"))),
            ("urn:uuid:0c1f", Some(("", "0c1f"))),
            ("#g", Some(("", "g"))),
            ("Practitioner?identifier=x|12", None),
            ("12", None),
        ] {
            let json = serde_json::json!({"reference": text}).to_string();
            let reference: Reference<'_> = serde_json::from_str(&json).unwrap();
            assert_eq!(reference.parts(), parts, "{text}");
        }
    }
}
