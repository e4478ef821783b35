//! Tidings in words: the one line of an unattended run, which is also the subject and head of the mail.
//! Words and counts; nothing that could name anybody.

use crate::tidings::{ByClass, Since, Tidings};

/// `1,234,567`.
fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let first = digits.len() % 3;
    let mut out = digits.get(..first).unwrap_or_default().to_owned();
    for group in digits.as_bytes().get(first..).unwrap_or_default().chunks(3) {
        if !out.is_empty() {
            out.push(',');
        }
        out.extend(group.iter().map(|b| char::from(*b)));
    }
    out
}

/// `$1,842.00`.
pub fn money(cents: i64) -> String {
    let size = cents.unsigned_abs();
    format!("{}${}.{:02}", if cents < 0 { "-" } else { "" }, thousands(size / 100), size % 100)
}

/// `1 violation`, `2 advisories`.
pub fn count(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n), if n == 1 { one } else { many })
}

fn classes(counts: ByClass, word: &str) -> Vec<String> {
    let all = [
        (counts.violation, "violation", "violations"),
        (counts.documentation, "documentation gap", "documentation gaps"),
        (counts.advisory, "advisory", "advisories"),
    ];
    all.into_iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| count(n, &format!("{word}{one}"), &format!("{word}{many}"))).collect()
}

/// `3 new violations, 1 violation re-opened, 2 cleared since the scan of 2025-06-30`.
pub fn changes(since: &Since) -> String {
    let mut said = classes(since.new, "new ");
    said.extend(classes(since.reopened, "").into_iter().map(|text| format!("{text} re-opened")));
    let more = [
        (since.cleared, "cleared"),
        (since.not_evaluated_any_more, "not evaluated any more"),
        (since.class_changed, "changed class"),
        (since.cured_late, "cured late"),
        (since.status_changed, "open again after a late cure"),
    ];
    said.extend(more.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{} {word}", thousands(n))));
    let said = if said.is_empty() { "nothing changed".to_owned() } else { said.join(", ") };
    format!("{said} since the scan of {}", since.today)
}

/// `open: 12 violations, 31 documentation gaps, 9 advisories; $1,842.00 at risk`, with what it was if it was something else.
pub fn standing(tidings: &Tidings) -> String {
    let open = tidings.open;
    let was = tidings.since.as_ref().map(|s| s.exposure_cents).filter(|was| *was != open.exposure_cents);
    format!(
        "open: {}, {}, {}; {} at risk{}",
        count(open.violation, "violation", "violations"),
        count(open.documentation, "documentation gap", "documentation gaps"),
        count(open.advisory, "advisory", "advisories"),
        money(open.exposure_cents),
        was.map_or_else(String::new, |was| format!(" instead of {}", money(was)))
    )
}

/// What the change is, or that there is nothing to compare with.
pub fn news(tidings: &Tidings) -> String {
    tidings.since.as_ref().map_or_else(|| "the first scan".to_owned(), changes)
}

/// The one line of an unattended run.
pub fn line(tidings: &Tidings) -> String {
    let simulated = if tidings.ledger.simulated { "SIMULATED " } else { "" };
    let unknown = match tidings.events_not_interpreted {
        0 => String::new(),
        n => format!("; {} of a kind this version does not know", count(n, "event", "events")),
    };
    format!("{simulated}{} {}: {}; {}{unknown}.", tidings.ledger.origin, tidings.scan.today, news(tidings), standing(tidings))
}

/// The causes in words: `because of credential_revoked (24), a deadline that passed (1)`; nothing when there are none.
pub fn because(since: &Since) -> Option<String> {
    let one = |kind: &str| if kind == "deadline_passed" { "a deadline that passed".to_owned() } else { kind.to_owned() };
    let all: Vec<String> = since.because.iter().map(|b| format!("{} ({})", one(&b.kind), thousands(b.findings))).collect();
    (!all.is_empty()).then(|| format!("because of {}", all.join(", ")))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::tidings::{Because, Ledger, Links, Open, SCHEMA, Scan};

    /// Tidings as a night of an invented agency gives them.
    pub(crate) fn tidings() -> Tidings {
        Tidings {
            schema: SCHEMA.to_owned(),
            ledger: Ledger { origin: "ledger.riverbend.example".to_owned(), simulated: true, events: 4_811 },
            scan: Scan {
                seq: 4_811,
                recorded_at: "2025-07-01T06:30:04Z".to_owned(),
                today: "2025-07-01".to_owned(),
                rule_set: "blake3:0a1b".to_owned(),
            },
            open: Open { violation: 12, documentation: 31, advisory: 1, exposure_cents: 184_200 },
            after_waivers: Open { violation: 11, documentation: 31, advisory: 1, exposure_cents: 175_000 },
            not_evaluated: 4,
            events_not_interpreted: 0,
            since: Some(Since {
                seq: 4_700,
                today: "2025-06-30".to_owned(),
                exposure_cents: 92_000,
                new: ByClass { violation: 3, documentation: 1, advisory: 0 },
                reopened: ByClass { violation: 1, ..ByClass::default() },
                class_changed: 0,
                cured_late: 1,
                status_changed: 0,
                cleared: 2,
                not_evaluated_any_more: 0,
                because: vec![
                    Because { kind: "credential_revoked".to_owned(), findings: 4 },
                    Because { kind: "deadline_passed".to_owned(), findings: 1 },
                ],
            }),
            links: Some(Links::under("https://compliance.riverbend.example/", 4_811)),
        }
    }

    #[test]
    fn a_night_is_one_line() {
        assert_eq!(
            line(&tidings()),
            "SIMULATED ledger.riverbend.example 2025-07-01: 3 new violations, 1 new documentation gap, 1 violation re-opened, 2 cleared, \
             1 cured late since the scan of 2025-06-30; open: 12 violations, 31 documentation gaps, 1 advisory; $1,842.00 at risk instead of $920.00."
        );
        assert_eq!(tidings().since.as_ref().and_then(because).unwrap(), "because of credential_revoked (4), a deadline that passed (1)");
    }

    #[test]
    fn a_quiet_night_and_a_first_night_say_so() {
        let mut quiet = tidings();
        quiet.since = quiet.since.map(|s| Since {
            new: ByClass::default(),
            reopened: ByClass::default(),
            cured_late: 0,
            cleared: 0,
            exposure_cents: 184_200,
            because: Vec::new(),
            ..s
        });
        quiet.events_not_interpreted = 1_002;
        let said = line(&quiet);
        assert!(said.contains(": nothing changed since the scan of 2025-06-30; open:"), "{said}");
        assert!(said.ends_with("$1,842.00 at risk; 1,002 events of a kind this version does not know."), "{said}");
        quiet.since = None;
        assert!(line(&quiet).contains(": the first scan; open:"));
    }

    #[test]
    fn money_and_thousands_are_grouped() {
        assert_eq!([money(5), money(-123_456_789), money(100)], ["$0.05", "-$1,234,567.89", "$1.00"]);
        assert_eq!([thousands(0), thousands(999), thousands(1_000), thousands(123_456)], ["0", "999", "1,000", "123,456"]);
    }
}
