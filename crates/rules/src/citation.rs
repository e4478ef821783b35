//! Where a rule comes from: document, section, and a locator of at most twelve words.
//! Never quotes more than that; what the guidance says is paraphrased on the rule's page.

use domain::ValidDay;

/// A source document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// [G]: the OMH MHOTRS guidance of 2022-11-23.
    Mhotrs,
    /// [R]: The Role of Peers in Psychiatric Rehabilitation, 2024-11-26 (PROS and CORE).
    PeerRole,
    /// The agency's own policy or records: nothing that OMH says.
    Agency,
}

impl Document {
    /// The title as findings cite it.
    pub fn title(self) -> &'static str {
        match self {
            Document::Mhotrs => {
                "NYS OMH MHOTRS Guidance on Youth, Family, Adult, and Older Adult Peer Support Services (effective 2022-11-23)"
            }
            Document::PeerRole => "The Role of Peers in Psychiatric Rehabilitation (OMH / Academy of Peer Services, 2024-11-26)",
            Document::Agency => "agency policy",
        }
    }

    /// The short mark used in lists.
    pub fn mark(self) -> &'static str {
        match self {
            Document::Mhotrs => "[G]",
            Document::PeerRole => "[R]",
            Document::Agency => "agency policy",
        }
    }
}

/// A place in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Citation {
    /// Document.
    pub document: Document,
    /// Section heading.
    pub section: &'static str,
    /// At most twelve words that find the place.
    pub locator: &'static str,
    /// The day we last read it: year, month, day.
    pub read_on: (i16, i8, i8),
}

impl Citation {
    /// A citation of the MHOTRS guidance.
    pub const fn mhotrs(section: &'static str, locator: &'static str) -> Self {
        Self { document: Document::Mhotrs, section, locator, read_on: (2026, 11, 21) }
    }

    /// A citation of the PROS and CORE deck.
    pub const fn peer_role(section: &'static str, locator: &'static str) -> Self {
        Self { document: Document::PeerRole, section, locator, read_on: (2026, 11, 21) }
    }

    /// Something that rests on the agency's own records or policy.
    pub const fn agency(section: &'static str, locator: &'static str) -> Self {
        Self { document: Document::Agency, section, locator, read_on: (2026, 11, 21) }
    }

    /// The day we last read it.
    pub fn read_day(&self) -> Option<ValidDay> {
        let (y, m, d) = self.read_on;
        ValidDay::from_ymd(y, m, d)
    }
}
