//! `review`: the reviewer's own tool. Verifies packs, holds them against what the reviewer was shown before, and runs the rules over them again.
//! Needs no ledger; a pack that does not verify is not looked at any further, and leaves the record as it was.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use audit::AuditError;
use audit::review::{self, Comparison, Noted, Pack, Record, Rejudged, Visit};
use audit::vocabulary::KnownAt;
use audit::words::count;
use serde_json::{Value, json};
use verify::{Given, Outcome as Step, Report, Verifier};

use super::{Outcome, banner};
use crate::args::{Format, Global, ReviewArgs};
use crate::exit::Done;
use crate::paper::{Style, prose};

/// What is said about one file.
struct Reviewed {
    file: PathBuf,
    report: Report,
    /// Of a pack that verifies; otherwise nothing more is said.
    further: Option<Further>,
}

struct Further {
    simulated: bool,
    vkey: String,
    visit: Visit,
    rejudged: Rejudged,
}

impl Reviewed {
    fn is_good(&self) -> bool {
        self.further.as_ref().is_some_and(|further| further.visit.outcome.is_good() && further.rejudged.comparison != Comparison::Different)
    }
}

pub(crate) fn run(global: &Global, args: &ReviewArgs, now: KnownAt) -> Outcome {
    let dir = args.record.clone().or_else(own_folder).ok_or_else(|| AuditError::asked("there is no folder for your record: neither XDG_DATA_HOME nor HOME is set", "say where with --record DIR"))?;
    let key = args.key.as_deref().map(|key| Verifier::parse(key.trim()).map_err(|error| AuditError::asked(format!("--key: {error}"), "a key is printed by `countersign checkpoint key`"))).transpose()?;
    let checkpoints = args.checkpoint.iter().map(|path| Ok((path.display().to_string(), read(path)?))).collect::<Result<Vec<_>, AuditError>>()?;
    let given = Given { key, checkpoints, ..Given::default() };
    let mut all = Vec::new();
    for path in &args.files {
        all.push(one(path, &given, &dir, now)?);
    }
    if global.format() == Format::Human {
        let mut out = io::stdout().lock();
        for (at, reviewed) in all.iter().enumerate() {
            if at > 0 {
                writeln!(out)?;
            }
            human(global, reviewed, &mut out)?;
        }
    } else {
        let packs: Vec<Value> = all.iter().map(to_json).collect();
        writeln!(io::stdout().lock(), "{}", json!({"schema": "countersign.review.v1", "record": dir.display().to_string(), "packs": packs}))?;
    }
    Ok(if all.iter().all(Reviewed::is_good) { Done::Clean } else { Done::Found })
}

/// The reviewer's own data folder.
#[allow(clippy::disallowed_methods, reason = "the front end is where the environment is read")]
fn own_folder() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let data = set("XDG_DATA_HOME").or_else(|| set("LOCALAPPDATA")).or_else(|| set("HOME").map(|home| home.join(".local").join("share")));
    data.map(|data| data.join("countersign").join("reviews"))
}

fn read(path: &Path) -> Result<Vec<u8>, AuditError> {
    fs::read(path).map_err(|source| AuditError::Io { path: path.display().to_string(), source })
}

fn one(path: &Path, given: &Given, dir: &Path, now: KnownAt) -> Result<Reviewed, AuditError> {
    let bytes = read(path)?;
    let bare = Given { key: None, ..given.clone() };
    let mut report = verify::check(&bytes, if given.key.is_some() { given } else { &bare });
    let file = path.to_owned();
    if report.steps.iter().any(|step| step.outcome == Step::Failed) || report.verdict() == verify::Verdict::Failed {
        return Ok(Reviewed { file, report, further: None });
    }
    let pack = Pack::read(&verify::entries(&bytes))?;
    // The key on record is as good as one given: it was not taken from this pack. One that is not of this pack is what the visit tells.
    if let (None, Some(record)) = (&given.key, review::recorded(dir, pack.origin())?) {
        let on_record = Verifier::parse(&record.vkey).map_err(|error| AuditError::Evidence(format!("the key on record: {error}")))?;
        let again = verify::check(&bytes, &Given { key: Some(on_record), ..given.clone() });
        if again.verdict().is_green() {
            report = again;
        }
    }
    let visit = review::visit(dir, &pack, given.key.is_some(), now)?;
    let rejudged = review::rejudge(&pack)?;
    Ok(Reviewed { file, report, further: Some(Further { simulated: pack.simulated(), vkey: pack.vkey(), visit, rejudged }) })
}

/// What running the rules again gave, in one sentence.
fn again(rejudged: &Rejudged) -> String {
    let judged = format!("of {} in the pack, {} came out the same", count(rejudged.in_pack, "finding"), rejudged.same);
    let opening = match rejudged.comparison {
        Comparison::Same if rejudged.in_pack == 0 => "The rules were run again: the pack has no findings".to_owned(),
        Comparison::Same => format!("The rules were run again as of {}: {judged}", rejudged.today),
        Comparison::Different if rejudged.different.is_empty() => format!("THE COUNTS ARE NOT THOSE OF THE FINDINGS: {judged} as of {}, and their counts did not", rejudged.today),
        Comparison::Different => format!("THE FINDINGS ARE NOT THOSE OF THE RULES: {judged} as of {}, and {} did not", rejudged.today, rejudged.different.len()),
        Comparison::OtherRuleSet => format!("The pack was judged with other rules than this program has ({}; here {}), so a difference need not be a fault: {judged}", rejudged.rule_sets.0, rejudged.rule_sets.1),
    };
    let left = match (rejudged.whole, rejudged.not_rejudgeable.len() as u64) {
        (true, _) => "; every event up to that point is here, so no finding was left out".to_owned(),
        (false, 0) => "; whether the rules give more over records that are not in the pack cannot be told".to_owned(),
        (false, n) => format!("; {} cannot be judged again, because events were withheld, and whether there are more cannot be told", count(n, "finding")),
    };
    let left = if rejudged.comparison == Comparison::Same || !rejudged.whole { left } else { String::new() };
    format!("{opening}{left}.")
}

fn human(global: &Global, reviewed: &Reviewed, out: &mut impl Write) -> io::Result<()> {
    const SHOWN: usize = 20;
    let style = Style::stdout(global);
    let Some(further) = &reviewed.further else {
        writeln!(out, "{}", style.strong(&reviewed.file.display().to_string()))?;
        for step in reviewed.report.steps.iter().filter(|step| step.outcome == Step::Failed) {
            write!(out, "{}", prose(&format!("{} {}: {}", style.violation("failed"), step.what, step.detail), 2))?;
        }
        write!(out, "{}", prose(&reviewed.report.sentence(), 2))?;
        return write!(out, "{}", prose("Nothing more was looked at, and your record is as it was.", 2));
    };
    banner(out, further.simulated)?;
    writeln!(out, "{}", style.strong(&reviewed.file.display().to_string()))?;
    write!(out, "{}", prose(&reviewed.report.sentence(), 2))?;
    let mark = |good: bool, text: &str| if good { text.to_owned() } else { style.violation(text) };
    writeln!(out)?;
    write!(out, "{}", prose(&mark(further.visit.outcome.is_good(), &further.visit.sentence), 2))?;
    if further.visit.before.is_none() {
        writeln!(out, "  key {}", further.vkey)?;
    } else if !further.visit.before.as_ref().is_some_and(|record: &Record| record.key_given) {
        write!(out, "{}", prose("The key on record was believed on first use; give --key once to confirm it.", 2))?;
    }
    if let Some(ask) = &further.visit.ask {
        write!(out, "{}", prose(&format!("Hand the agency {} and ask it to run", further.visit.keep.display()), 2))?;
        writeln!(out, "    {ask}")?;
    }
    for path in &further.visit.evidence {
        writeln!(out, "  kept as evidence: {}", path.display())?;
    }
    writeln!(out)?;
    write!(out, "{}", prose(&mark(further.rejudged.comparison != Comparison::Different, &again(&further.rejudged)), 2))?;
    for (word, list) in [("different", &further.rejudged.different), ("not judged again", &further.rejudged.not_rejudgeable)] {
        for noted in list.iter().take(SHOWN) {
            write!(out, "{}", prose(&format!("{word}: {} {}: {}", noted.id, noted.rule, noted.what), 4))?;
        }
        if list.len() > SHOWN {
            writeln!(out, "    and {} more ({word}); --json has them all", list.len() - SHOWN)?;
        }
    }
    for what in &further.rejudged.counts {
        write!(out, "{}", prose(&format!("different: {what}"), 4))?;
    }
    if further.rejudged.not_interpreted > 0 {
        writeln!(out, "  {} could not be read by this program.", count(further.rejudged.not_interpreted, "event"))?;
    }
    if further.visit.outcome.is_good() {
        write!(out, "{}", prose(&format!("For the next visit hand the agency {} (pack create --since).", further.visit.keep.display()), 2))?;
    }
    Ok(())
}

fn to_json(reviewed: &Reviewed) -> Value {
    let noted = |list: &[Noted]| list.iter().map(|n| json!({"id": n.id, "rule": n.rule, "what": n.what})).collect::<Vec<_>>();
    let paths = |list: &[PathBuf]| list.iter().map(|path| path.display().to_string()).collect::<Vec<_>>();
    let further = reviewed.further.as_ref();
    json!({
        "file": reviewed.file.display().to_string(),
        "good": reviewed.is_good(),
        "origin": reviewed.report.told.origin,
        "simulated": reviewed.report.told.simulated,
        "size": reviewed.report.told.tree.as_ref().map(|(size, _)| *size),
        "verdict": reviewed.report.verdict().as_str(),
        "sentence": reviewed.report.sentence(),
        "vkey": further.map(|f| f.vkey.clone()),
        "visit": further.map(|f| json!({
            "outcome": f.visit.outcome.as_str(),
            "sentence": f.visit.sentence,
            "last_visit": f.visit.before.as_ref().map(|record| record.last_visit.clone()),
            "last_size": f.visit.before.as_ref().map(|record| record.size),
            "ask": f.visit.ask,
            "checkpoint": f.visit.keep.display().to_string(),
            "evidence": paths(&f.visit.evidence),
        })),
        "rules": further.map(|f| json!({
            "comparison": f.rejudged.comparison.as_str(),
            "sentence": again(&f.rejudged),
            "whole": f.rejudged.whole,
            "rule_set": f.rejudged.rule_sets.0,
            "rule_set_here": f.rejudged.rule_sets.1,
            "today": f.rejudged.today,
            "findings": f.rejudged.in_pack,
            "same": f.rejudged.same,
            "different": noted(&f.rejudged.different),
            "counts_different": f.rejudged.counts,
            "not_rejudgeable": noted(&f.rejudged.not_rejudgeable),
            "not_interpreted": f.rejudged.not_interpreted,
        })),
    })
}
