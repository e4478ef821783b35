//! Money at risk with what became of the claims and the clocks that people started, and what falls due.
//! Says of no overpayment that it was identified, which is a question of law.

use audit::exposure::{Clock, Exposure, State};
use audit::upcoming::{Item, Kind, Upcoming};
use audit::words::{count, day, money, sentence};

use super::home;
use crate::document::{Block, Cell, Column, Document, Table, Thing};
use crate::figure::calendar::Calendar;
use crate::figure::{Drawing, Figure};
use crate::stamp::Stamp;

/// Money at risk.
pub fn exposure(exposure: &Exposure, stamp: Stamp) -> Document {
    let live = exposure.total.amounts.live;
    let title = if live.0 > 0 { format!("{} at risk on live claims.", money(live)) } else { "No money is at risk on live claims.".to_owned() };
    let mut page = Document::new("exposure", title, stamp)
        .with(Block::Prose(format!("Each claim line is counted once, whatever breaks on it. {} of it is under findings that are not waived.", money(exposure.after_waivers))));
    if live.0 > 0 {
        page = page.with(Block::Figure(home::at_risk(exposure)));
    }
    page.with(Block::Table(groups(exposure)))
        .with(Block::Heading("Clocks on overpayments".to_owned()))
        .with(Block::Table(clocks(exposure)))
        .with(Block::Heading("Claims that grow old".to_owned()))
        .with(Block::Table(old(exposure)))
}

fn groups(exposure: &Exposure) -> Table {
    let columns = [
        Column::words("key", "Of"),
        Column::numbers("findings", "Violations"),
        Column::numbers("lines", "Live lines"),
        Column::numbers("live", "At risk"),
        Column::numbers("voided", "Voided"),
        Column::numbers("denied", "Denied"),
        Column::numbers("replaced", "Replaced"),
        Column::numbers("repaid", "Repaid"),
    ];
    let mut table = Table::new("groups", format!("By {}", exposure.by.as_str()), &columns).or_else("No violation touches a claim.");
    for g in exposure.groups.iter().chain([&exposure.total]) {
        table.row([
            if g.key.is_empty() { Cell::text("all, each line once") } else { home::keyed(exposure.by, &g.key) },
            Cell::Count(g.findings),
            Cell::Count(g.lines),
            Cell::Money(g.amounts.live),
            Cell::Money(g.amounts.voided),
            Cell::Money(g.amounts.denied),
            Cell::Money(g.amounts.replaced),
            Cell::Money(g.repaid),
        ]);
    }
    table
}

fn clocks(exposure: &Exposure) -> Table {
    let columns = [
        Column::words("overpayment", "Overpayment"),
        Column::numbers("amount", "Amount"),
        Column::numbers("repaid", "Repaid"),
        Column::words("federal", "Federal clock"),
        Column::words("new_york", "New York clock"),
    ];
    let mut table = Table::new("overpayments", "As people entered them", &columns).or_else("Nobody has entered an overpayment. Findings start no clock.");
    for o in &exposure.overpayments {
        table.row([Cell::text(&o.id), o.amount.map_or(Cell::Empty, Cell::Money), Cell::Money(o.repaid), Cell::Text(clock(&o.federal)), Cell::Text(clock(&o.new_york))]);
    }
    table
}

fn clock(clock: &Clock) -> String {
    let due = clock.due_on.map_or_else(String::new, |d| format!(", through {}", day(d)));
    match clock.state {
        State::NotStarted => "not started".to_owned(),
        State::Running(left) => format!("{} left{due}", count(left.unsigned_abs(), "day")),
        State::Tolled(since) => format!("stopped since {}", day(since)),
        State::PastDue(days) => format!("{} past due", count(days.unsigned_abs(), "day")),
        State::Returned(on, true) => format!("returned on {}", day(on)),
        State::Returned(on, false) => format!("returned late, on {}", day(on)),
    }
}

fn old(exposure: &Exposure) -> Table {
    let columns = [Column::words("claim", "Claim"), Column::words("service_date", "Service"), Column::words("says", "What it means"), Column::words("on", "On"), Column::numbers("exposure", "At risk")];
    let mut table = Table::new("old", "Exposed claims near an age or past it", &columns).or_else("No exposed claim is near two or six years old.");
    for l in &exposure.limits {
        table.row([Cell::Id(Thing::Claim, l.claim.clone()), Cell::Day(l.service_date), Cell::Text(sentence(l.reached.says())), Cell::Day(l.on), Cell::Money(l.exposure)]);
    }
    table
}

/// Kinds that a year's calendar shows: what somebody holds and will not hold.
const ENDS: [Kind; 4] = [Kind::Credential, Kind::Licence, Kind::Designation, Kind::Crpa];

/// Credentials, licences and the like, by the last day on which each holds.
fn calendar(year: &Upcoming) -> Block {
    let from = year.frame.today;
    let ends: Vec<&Item> = year.items.iter().filter(|item| ENDS.contains(&item.kind)).collect();
    if ends.is_empty() {
        return Block::Prose("No credential, licence or designation on record ends within a year.".to_owned());
    }
    let columns = [Column::words("on", "Last day"), Column::words("person", "Who"), Column::words("kind", "Kind"), Column::words("says", "What")];
    let mut twin = Table::new("calendar", "By last day", &columns);
    for item in &ends {
        let who = item.subject.iter().find(|(key, _)| *key == "person").map(|(_, id)| id.as_str());
        twin.row([Cell::Day(item.on), Cell::id(Thing::Person, who), Cell::text(item.kind.as_str()), Cell::Text(sentence(&item.says))]);
    }
    Block::Figure(Figure {
        title: format!("{} of a credential, licence or designation within a year.", count(ends.len() as u64, "end")),
        says: "A number on a day is how many end with it; renewals on record are counted in.".to_owned(),
        drawing: Drawing::Calendar(Calendar { from, to: from.plus_days(i64::from(year.days)), ends: ends.iter().map(|item| (item.on, item.says.clone())).collect() }),
        twin,
        together: false,
    })
}

/// What falls due within the days asked for, and a calendar of the year ahead.
pub fn due(upcoming: &Upcoming, year: &Upcoming, stamp: Stamp) -> Document {
    let days = count(u64::from(upcoming.days), "day");
    let title = match upcoming.items.len() {
        0 => format!("Nothing falls due within {days}."),
        n => format!("{} within {days}.", count(n as u64, "date")),
    };
    let columns = [Column::words("on", "On"), Column::numbers("days", "In"), Column::words("kind", "Kind"), Column::words("says", "What")];
    let mut table = Table::new("due", "Soonest first", &columns).or_else("Credentials, licences, deadlines, contracts, waivers and sources to read again would stand here.");
    for item in &upcoming.items {
        table.row([Cell::Day(item.on), Cell::Days(item.on.days_since(upcoming.frame.today)), Cell::text(item.kind.as_str()), Cell::Text(sentence(&item.says))]);
    }
    let mut page = Document::new("due", title, stamp).with(Block::Table(table)).with(Block::Heading("What ends within a year".to_owned())).with(calendar(year));
    page.blocks.extend(upcoming.not_evaluated.iter().map(|missing| Block::Notice(format!("Not evaluated: {missing}."))));
    page
}
