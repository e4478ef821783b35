//! What a document is of and who made it when: without it a print is a rumour.
//! Says it; does not prove it, which is what packs are for.

use audit::json::Frame;
use audit::vocabulary::KnownAt;
use audit::words::{count, day, known};

/// What a document is of, and its maker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Ledger, cut, day and rules.
    pub frame: Frame,
    /// When the document was made.
    pub generated_at: KnownAt,
    /// Who made it.
    pub generated_by: String,
}

impl Stamp {
    /// Of a frame, made by somebody at some time.
    pub fn of(frame: &Frame, generated_at: KnownAt, generated_by: &str) -> Self {
        Self { frame: frame.clone(), generated_at, generated_by: generated_by.to_owned() }
    }

    /// Name and value of each line, in order.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![
            ("Ledger", self.frame.origin.clone()),
            ("Cut", format!("{}, the last recorded {}", count(self.frame.size, "event"), known(self.frame.as_of_recorded_at))),
            ("Root", self.frame.root.clone()),
            ("Evaluation day", day(self.frame.today)),
            ("Rule set", self.frame.rule_set.clone()),
            ("Made", format!("{} by {}", known(self.generated_at), self.generated_by)),
        ];
        if self.frame.simulated {
            lines.insert(0, ("SIMULATED", "nobody in this ledger exists".to_owned()));
        }
        lines
    }

    /// The first characters of the root.
    pub fn short_root(&self) -> &str {
        self.frame.root.get(..8).unwrap_or(&self.frame.root)
    }

    /// The first characters of the rule set, without the name of its hash.
    pub fn short_rules(&self) -> &str {
        let bare = self.frame.rule_set.split_once(':').map_or(self.frame.rule_set.as_str(), |(_, bare)| bare);
        bare.get(..8).unwrap_or(bare)
    }
}
