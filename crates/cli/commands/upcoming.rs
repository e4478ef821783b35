//! `upcoming`: what falls due in the days ahead, by date.
//! Prints what `audit` found; the sentences are its own.

use std::io::{self, Write};

use audit::upcoming::{Item, Upcoming, upcoming};
use audit::vocabulary::{KnownAt, ValidDay};
use audit::words::{count, day, sentence};
use serde_json::{Map, Value, json};

use super::findings::cell;
use super::{Outcome, banner, when};
use crate::args::{Format, Global, When};
use crate::exit::Done;
use crate::paper::{Style, right, table, trimmed};

pub(crate) fn run(global: &Global, days: u32, at: &When, now: KnownAt) -> Outcome {
    let (today, cut) = when(at)?;
    let ahead = upcoming(&global.ledger, days, cut, today, now)?;
    let mut out = io::stdout().lock();
    let today = ahead.frame.today;
    match global.format() {
        Format::Human => human(&mut out, Style::stdout(global), &ahead)?,
        Format::Json => writeln!(out, "{}", whole(&ahead))?,
        Format::Ndjson => ahead.items.iter().try_for_each(|item| writeln!(out, "{}", item_json(item, today)))?,
        Format::Csv => {
            writeln!(out, "on,days_left,kind,subject,says")?;
            for item in &ahead.items {
                let cells = [item.on.to_string(), left(item, today).to_string(), item.kind.as_str().to_owned(), subject(item), item.says.clone()];
                writeln!(out, "{}", cells.iter().map(|c| cell(c)).collect::<Vec<_>>().join(","))?;
            }
        }
    }
    Ok(Done::Clean)
}

fn left(item: &Item, today: ValidDay) -> i64 {
    item.on.days_since(today)
}

fn subject(item: &Item) -> String {
    item.subject.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ")
}

fn human(out: &mut impl Write, style: Style, ahead: &Upcoming) -> io::Result<()> {
    banner(out, ahead.frame.simulated)?;
    let (today, days) = (ahead.frame.today, count(u64::from(ahead.days), "day"));
    if ahead.items.is_empty() {
        writeln!(out, "Nothing falls due in the {days} from {}.", day(today))?;
    } else {
        writeln!(out, "{} in the {days} from {}.\n", count(ahead.items.len() as u64, "date"), day(today))?;
        let mut rows = table(&["On", "In", "", "What"]);
        for item in &ahead.items {
            let left = left(item, today);
            let wait = if left < 0 { style.violation(&format!("{} d ago", -left)) } else { format!("{left} d") };
            rows.add_row([day(item.on), wait, item.kind.as_str().to_owned(), sentence(&item.says)]);
        }
        right(&mut rows, 1);
        writeln!(out, "{}", trimmed(&rows))?;
    }
    for missing in &ahead.not_evaluated {
        writeln!(out, "Not evaluated: {missing}.")?;
    }
    Ok(())
}

fn whole(ahead: &Upcoming) -> Value {
    let frame = &ahead.frame;
    json!({
        "schema": "countersign.upcoming.v1",
        "ledger": {"origin": frame.origin, "size": frame.size, "root": frame.root, "simulated": frame.simulated},
        "as_of": {"seq": frame.as_of_seq, "recorded_at": frame.as_of_recorded_at.to_string()},
        "today": frame.today.to_string(),
        "days": ahead.days,
        "items": ahead.items.iter().map(|item| item_json(item, frame.today)).collect::<Vec<_>>(),
        "not_evaluated": ahead.not_evaluated,
    })
}

fn item_json(item: &Item, today: ValidDay) -> Value {
    let subject: Map<String, Value> = item.subject.iter().map(|(key, value)| ((*key).to_owned(), value.clone().into())).collect();
    json!({"on": item.on.to_string(), "days_left": left(item, today), "kind": item.kind.as_str(), "subject": subject, "says": item.says})
}
