//! Stored fields of the events about what the ledger itself appends, in stored order, schema 1: frozen, a change is a new schema.
//! It refuses to follow the domain: a renamed field must be renamed here, and no byte changes by it.


twins! {
    Ledger
    140 LedgerOpened<'a> { ledger_id: &'a str, origin: &'a str, log_key: &'a str, simulated: bool, opened_at: i64 }
    141 RulePackActivated<'a> { rule_set: &'a str, on: i32 }
    142 ScanCompleted<'a> {
        size: u64, root: &'a str, rule_set: &'a str, today: i32, violation: u64, documentation: u64, advisory: u64,
        not_evaluated: u64, exposure_cents: i64, findings_digest: &'a str,
    }
    143 PackExported<'a> { pack: &'a str, scope: &'a str, size: u64, root: &'a str, recipient: Option<&'a str> }
    144 SubjectErased<'a> { subject: &'a str, reason: &'a str, on: i32 }
    145 KeyRotated<'a> { old_key: &'a str, new_key: &'a str, from_seq: u64 }
}
