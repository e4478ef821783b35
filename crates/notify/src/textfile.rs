//! Metrics for Prometheus, through the textfile collector of node_exporter: one file, written whole by rename after each run.
//! Labels are classes, kinds of change and channels; never a person, a program or anything else an agency typed but the ledger's origin.

use std::fmt::Write as _;
use std::path::Path;

use crate::durable::{self, Readers};
use crate::error::NotifyError;
use crate::outbox::{Channel, Outbox};
use crate::tidings::Tidings;

/// What a run measured beside its tidings. Instants are microseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// When it began.
    pub began: i64,
    /// When the scan was done, or was found to be done already.
    pub scanned: i64,
    /// Events in the ledger now.
    pub events: u64,
    /// Events under the last signed checkpoint.
    pub checkpoint_events: u64,
    /// When the last event under it was recorded.
    pub checkpoint_at: i64,
}

/// Puts the metrics of a run in place.
///
/// # Errors
/// What the system says.
pub fn write(path: &Path, tidings: &Tidings, run: &Run, outbox: &Outbox) -> Result<(), NotifyError> {
    let channels = Channel::ALL.map(|channel| (channel, outbox.count(channel)));
    durable::replace(path, render(tidings, run, &channels).as_bytes(), Readers::Everybody)
}

/// The text of the metrics, in the exposition format 0.0.4.
pub fn render(tidings: &Tidings, run: &Run, channels: &[(Channel, (u64, u64))]) -> String {
    let mut page = Page { out: String::new(), ledger: escaped(&tidings.ledger.origin) };
    let by_class = |c: crate::tidings::Open| [("violation", c.violation), ("documentation", c.documentation), ("advisory", c.advisory)];
    page.gauge("findings_open", "Findings that stand, by class, waived ones among them.", "class", &by_class(tidings.open));
    page.gauge("findings_open_after_waivers", "Findings that stand and are not waived, by class.", "class", &by_class(tidings.after_waivers));
    let since = tidings.since.as_ref();
    let of = |f: fn(&crate::tidings::Since) -> u64| since.map_or(0, f);
    let changes = [
        ("new", of(|s| s.new.total())),
        ("reopened", of(|s| s.reopened.total())),
        ("class_changed", of(|s| s.class_changed)),
        ("cured_late", of(|s| s.cured_late)),
        ("status_changed", of(|s| s.status_changed)),
        ("cleared", of(|s| s.cleared)),
        ("not_evaluated_any_more", of(|s| s.not_evaluated_any_more)),
    ];
    page.gauge("findings_changed", "Findings that changed since the scan announced before, by what became of them.", "change", &changes);
    let new = since.map_or_else(Default::default, |s| s.new);
    let new = [("violation", new.violation), ("documentation", new.documentation), ("advisory", new.advisory)];
    page.gauge("findings_new", "Findings that appeared since the scan announced before, by class.", "class", &new);
    page.one("exposure_cents", "Money at risk on live claims in US cents, each claim line once.", &tidings.open.exposure_cents.to_string());
    page.one("exposure_after_waivers_cents", "The same without findings that are waived.", &tidings.after_waivers.exposure_cents.to_string());
    page.one("verdicts_not_evaluated", "Verdicts that could not be given because something is not known.", &tidings.not_evaluated.to_string());
    page.one("events_not_interpreted", "Events of a kind this version does not know.", &tidings.events_not_interpreted.to_string());
    page.one("ledger_events", "Events in the ledger.", &run.events.to_string());
    page.one("checkpoint_events", "Events under the last signed checkpoint.", &run.checkpoint_events.to_string());
    page.one("checkpoint_last_event_timestamp_seconds", "When the last event under the last signed checkpoint was recorded.", &seconds(run.checkpoint_at));
    page.one("scan_start_timestamp_seconds", "When the last run that succeeded began.", &seconds(run.began));
    page.one("scan_duration_seconds", "How long its scan took.", &seconds((run.scanned - run.began).max(0)));
    page.one("scan_success_timestamp_seconds", "When its scan was done. A run that fails leaves this file as it was.", &seconds(run.scanned));
    let waiting: Vec<_> = channels.iter().map(|(c, (waiting, _))| (c.as_str(), *waiting)).collect();
    page.gauge("deliveries_waiting", "Messages not delivered yet, by channel.", "channel", &waiting);
    let given_up: Vec<_> = channels.iter().map(|(c, (_, given_up))| (c.as_str(), *given_up)).collect();
    page.gauge("deliveries_given_up", "Messages given up and not looked at by a person yet, by channel.", "channel", &given_up);
    page.out
}

struct Page {
    out: String,
    ledger: String,
}

impl Page {
    fn head(&mut self, name: &str, help: &str) {
        // Writing to a String does not fail.
        let _ = writeln!(self.out, "# HELP countersign_{name} {help}\n# TYPE countersign_{name} gauge");
    }

    fn one(&mut self, name: &str, help: &str, value: &str) {
        self.head(name, help);
        let _ = writeln!(self.out, "countersign_{name}{{ledger=\"{}\"}} {value}", self.ledger);
    }

    fn gauge(&mut self, name: &str, help: &str, label: &str, values: &[(&str, u64)]) {
        self.head(name, help);
        for (word, value) in values {
            let _ = writeln!(self.out, "countersign_{name}{{ledger=\"{}\",{label}=\"{word}\"}} {value}", self.ledger);
        }
    }
}

/// Microseconds as seconds with their fraction, without rounding.
fn seconds(micros: i64) -> String {
    format!("{}.{:06}", micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000))
}

/// A label's value: backslash, quote and line end are escaped.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::tests::tidings;

    const RUN: Run =
        Run { began: 1_751_351_400_000_000, scanned: 1_751_351_404_250_000, events: 4_812, checkpoint_events: 4_812, checkpoint_at: 1_751_351_404_000_001 };

    #[test]
    fn every_metric_has_its_help_and_type_and_the_ledgers_label() {
        let page = render(&tidings(), &RUN, &[(Channel::Webhook, (1, 0)), (Channel::Mail, (0, 2))]);
        for line in [
            "countersign_findings_open{ledger=\"ledger.riverbend.example\",class=\"violation\"} 12",
            "countersign_findings_changed{ledger=\"ledger.riverbend.example\",change=\"cleared\"} 2",
            "countersign_exposure_cents{ledger=\"ledger.riverbend.example\"} 184200",
            "countersign_scan_duration_seconds{ledger=\"ledger.riverbend.example\"} 4.250000",
            "countersign_checkpoint_last_event_timestamp_seconds{ledger=\"ledger.riverbend.example\"} 1751351404.000001",
            "countersign_deliveries_waiting{ledger=\"ledger.riverbend.example\",channel=\"webhook\"} 1",
            "countersign_deliveries_given_up{ledger=\"ledger.riverbend.example\",channel=\"mail\"} 2",
        ] {
            assert!(page.lines().any(|l| l == line), "{line} is not in\n{page}");
        }
        let names: Vec<&str> = page.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split('{').next()).collect();
        for name in names {
            assert_eq!(page.matches(&format!("# HELP {name} ")).count(), 1, "{name}");
            assert_eq!(page.matches(&format!("# TYPE {name} gauge\n")).count(), 1, "{name}");
        }
    }

    #[test]
    fn a_label_cannot_end_its_quotes() {
        let mut odd = tidings();
        odd.ledger.origin = "a\"b\\c\nd".to_owned();
        let page = render(&odd, &RUN, &[]);
        assert!(page.contains("{ledger=\"a\\\"b\\\\c\\nd\"}"), "{page}");
    }

    #[test]
    fn the_file_is_replaced_whole_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("countersign.prom");
        std::fs::write(&path, "old").unwrap();
        write(&path, &tidings(), &RUN, &Outbox::of(folder.path())).unwrap();
        assert!(std::fs::read_to_string(&path).unwrap().starts_with("# HELP countersign_findings_open "));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let nowhere = folder.path().join("missing/countersign.prom");
        assert!(write(&nowhere, &tidings(), &RUN, &Outbox::of(folder.path())).unwrap_err().to_string().contains("missing"));
    }
}
