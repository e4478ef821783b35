//! What a document is of and who made it when: without it a print is a rumour.
//! Says it; does not prove it, which is what packs are for.

use audit::json::Frame;
use audit::vocabulary::{KnownAt, ValidDay};
use audit::words::{count, day, known};

/// Ledger, cut, day and maker of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Name of the ledger.
    pub origin: String,
    /// Events inside the cut.
    pub size: u64,
    /// RFC 6962 root over them, base64.
    pub root: String,
    /// Nobody in it exists.
    pub simulated: bool,
    /// The last event inside the cut.
    pub as_of_seq: u64,
    /// When it was recorded.
    pub as_of_recorded_at: KnownAt,
    /// Evaluation day.
    pub today: ValidDay,
    /// Identity of the rule set.
    pub rule_set: String,
    /// When the document was made.
    pub generated_at: KnownAt,
    /// Who made it.
    pub generated_by: String,
}

impl Stamp {
    /// Of a frame, made by somebody at some time.
    pub fn of(frame: &Frame, generated_at: KnownAt, generated_by: &str) -> Self {
        Self {
            origin: frame.origin.clone(),
            size: frame.size,
            root: frame.root.clone(),
            simulated: frame.simulated,
            as_of_seq: frame.as_of_seq,
            as_of_recorded_at: frame.as_of_recorded_at,
            today: frame.today,
            rule_set: frame.rule_set.clone(),
            generated_at,
            generated_by: generated_by.to_owned(),
        }
    }

    /// Name and value of each line, in order.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![
            ("Ledger", self.origin.clone()),
            ("Cut", format!("{}, the last recorded {}", count(self.size, "event"), known(self.as_of_recorded_at))),
            ("Root", self.root.clone()),
            ("Evaluation day", day(self.today)),
            ("Rule set", self.rule_set.clone()),
            ("Made", format!("{} by {}", known(self.generated_at), self.generated_by)),
        ];
        if self.simulated {
            lines.insert(0, ("SIMULATED", "nobody in this ledger exists".to_owned()));
        }
        lines
    }

    /// The first characters of the root.
    pub fn short_root(&self) -> &str {
        self.root.get(..8).unwrap_or(&self.root)
    }

    /// The first characters of the rule set, without the name of its hash.
    pub fn short_rules(&self) -> &str {
        let bare = self.rule_set.split_once(':').map_or(self.rule_set.as_str(), |(_, bare)| bare);
        bare.get(..8).unwrap_or(bare)
    }
}
