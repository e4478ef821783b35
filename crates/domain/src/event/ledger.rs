//! What the ledger itself appends: its opening, activated rule sets, scans, exports, erasures, key rotations.
//! No file can bring these in.

use crate::quantity::{Cents, Seq};
use crate::text::Text;
use crate::time::{ValidAt, ValidDay};

family! {
    /// What the ledger itself appends.
    Ledger {
        /// Genesis: seq 0.
        "ledger_opened" = 140 LedgerOpened { ledger_id: Text, origin: Text, log_key: Text, simulated: bool, opened_at: ValidAt }
        /// A rule set was activated.
        "rule_pack_activated" = 141 RulePackActivated { rule_set: Text, on: ValidDay }
        /// A scan was completed: what it looked at and what it counted.
        "scan_completed" = 142 ScanCompleted { size: u64, root: Text, rule_set: Text, today: ValidDay, violation: u64, documentation: u64, advisory: u64, not_evaluated: u64, exposure_cents: Cents, findings_digest: Text }
        /// An audit pack was exported.
        "pack_exported" = 143 PackExported { pack: Text, scope: Text, size: u64, root: Text, recipient: Option<Text> }
        /// A subject's key was destroyed.
        "subject_erased" = 144 SubjectErased { subject: Text, reason: Text, on: ValidDay }
        /// The log key was rotated.
        "key_rotated" = 145 KeyRotated { old_key: Text, new_key: Text, from_seq: Seq }
    }
}
