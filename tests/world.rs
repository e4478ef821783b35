//! Small random histories: one peer's contacts and everything that can happen to them, entered late, corrected, retracted, told again.
//! What a ledger refuses is left out by the ledger itself, so every history here is one that can exist.

use std::path::{Path, PathBuf};

use domain::{Draft, KnownAt, Recorded, ValidAt, ValidDay};
use ledger::{CreateOptions, Ledger};
use proptest::prelude::*;
use proptest::sample::Index;
use scenario::script;

/// Days in which facts are dated; deadlines of a month pass within [`LAST`].
const DAYS: i64 = 50;
/// The evaluation day, counted from the first.
pub(crate) const LAST: i64 = 90;
const MINUTES: i64 = 24 * 60;

/// The day so many days after the first, Monday 4 March 2024; the clocks change on the sixth day after it.
pub(crate) fn day(n: i64) -> ValidDay {
    ValidDay::from_ymd(2024, 3, 4).unwrap().plus_days(n)
}

/// So many minutes after the beginning of the first day.
fn moment(minutes: i64) -> KnownAt {
    KnownAt::from_micros(day(0).begins().micros() + minutes * 60_000_000)
}

fn at(n: i64, minute: i64) -> String {
    ValidAt::from_micros(day(n).begins().micros() + minute * 60_000_000).to_string()
}

/// A fact on its way in: when the ledger gets it, how much earlier the source knew it, and the line.
#[derive(Debug, Clone)]
struct Entry {
    minute: i64,
    earlier: i64,
    line: String,
}

/// What is done to an entry later: a correction by one of the changes its type has, or a retraction.
#[derive(Debug, Clone)]
struct Amendment {
    target: Index,
    after: i64,
    change: Option<Index>,
}

/// A history as it will be offered to a ledger.
#[derive(Debug, Clone)]
pub(crate) struct World {
    entries: Vec<Entry>,
}

fn pick(words: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(words)
}

fn fact() -> impl Strategy<Value = String> {
    let day_of = 0..DAYS;
    prop_oneof![
        8 => contact(),
        5 => (0..5u8, day_of.clone(), pick(&["service_type;purpose;response;progress", "purpose;response", "service_type;progress", "purpose;response;outcome"]))
            .prop_map(|(c, d, elements)| format!("note_written note=N{c} contact=C{c} author=P1 written_at={} elements={elements}", at(d, 1000))),
        2 => (0..5u8, day_of.clone()).prop_map(|(c, d)| format!("note_amended note=N{c} version=2 amended_at={}", at(d, 1100))),
        4 => (0..5u8, day_of.clone(), pick(&["peer", "lpha", "author", "supervisor"]), pick(&["P1", "S1"]))
            .prop_map(|(c, d, capacity, who)| format!("note_signed note=N{c} signer={who} capacity={capacity} signed_at={}", at(d, 1200))),
        6 => claim(),
        3 => (0..4u8, day_of.clone(), pick(&["claim_paid|paid_cents=4000 paid_on", "claim_voided|voided_on", "claim_denied|denied_on"])).prop_map(|(c, d, what)| {
            let (kind, rest) = what.split_once('|').unwrap();
            format!("{kind} claim=CL{c} {rest}={}", day(d))
        }),
        6 => (day_of.clone(), pick(&["credential_granted level=full issuer=NYPSCB", "credential_revoked", "credential_suspended", "credential_reinstated"]), pick(&["NYCPS", "FPA"]))
            .prop_map(|(d, what, kind)| format!("{what} person=P1 credential={kind} effective_on={}", day(d))),
        3 => (day_of.clone(), 1..60i64).prop_map(|(d, n)| format!("credential_renewed person=P1 credential=NYCPS effective_on={} expires_on={}", day(d), day(d + n))),
        4 => (day_of.clone(), pick(&["licence_granted person=S1 from", "licence_ended person=S1 effective_on", "supervision_assigned peer=P1 supervisor=S1 from", "supervision_ended peer=P1 supervisor=S1 ended_on"]))
            .prop_map(|(d, what)| format!("{what}={}", day(d))),
        2 => (day_of.clone(), pick(&["person_engaged person=P1 start_on", "person_separated person=P1 separated_on"])).prop_map(|(d, what)| format!("{what}={}", day(d))),
        6 => (day_of, pick(&["admitted admitted_at", "discharged discharged_on", "preadmission_opened opened_on", "treatment_declined declined_at", "reengaged reengaged_at"]))
            .prop_map(|(d, what)| format!("{what}={}", day(d))),
    ]
}

fn contact() -> impl Strategy<Value = String> {
    let service = pick(&["mhotrs_adult_peer", "mhotrs_adult_peer", "mhotrs_adult_peer", "mhotrs_family_peer", "core_peer"]);
    let labels = (pick(&["enrolled", "enrolled", "preadmission"]), pick(&["onsite", "offsite"]), pick(&["planned", "ad_hoc"]), pick(&["A1", "A1", "F1", ""]));
    (0..5u8, 0..DAYS, 540..1000i64, pick(&["10", "15", "30", "60"]), service, labels).prop_map(|(c, d, minute, length, service, (phase, site, basis, component))| {
        let end = minute + length.parse::<i64>().unwrap();
        let program = if service == "core_peer" { "CO-1" } else { "MH-1" };
        format!(
            "contact_recorded contact=C{c} program={program} service={service} start={} end={} phase={phase} site={site} basis={basis} component={component}",
            at(d, minute),
            at(d, end)
        )
    })
}

fn claim() -> impl Strategy<Value = String> {
    let codes = (pick(&["H0038", "H0038", "H0039"]), pick(&["", "HQ"]), pick(&["1474", "1507"]));
    (0..4u8, 0..5u8, 1..4u8, 0..DAYS, 0..DAYS, codes).prop_map(|(claim, c, units, served, submitted, (hcpcs, modifier, rate))| {
        format!(
            "claim_submitted claim=CL{claim} rate_code={rate} service_date={} submitted_at={} lines=C{c}/{hcpcs}/{modifier}/{units}/{}",
            day(served),
            at(submitted, 1300),
            u32::from(units) * 2300
        )
    })
}

/// What every history begins with, so that most contacts are clean until something happens.
const GROUND: &[&str] = &[
    "program_registered program=MH-1 from=2020-01-01",
    "program_registered program=CO-1 kind=core from=2020-01-01",
    "person_engaged person=P1 start_on=2023-01-01",
    "person_engaged person=S1 roles=supervisor start_on=2023-01-01",
    "credential_granted person=P1 credential=NYCPS level=full issuer=NYPSCB effective_on=2023-01-01",
    "licence_granted person=S1 from=2023-01-01",
    "supervision_assigned peer=P1 supervisor=S1 from=2023-01-01",
    "individual_registered individual=I1",
    "admitted admitted_at=2024-03-01",
    "plan_created plan=PL1 effective_on=2024-03-01",
];

/// Changes that a correction of a type may make, with `DAY` for a day within reach.
fn changes(type_name: &str) -> &'static [&'static str] {
    match type_name {
        "contact_recorded" => &[
            "{'phase':'preadmission'}",
            "{'phase':'enrolled','site':'offsite'}",
            "{'format':'group'}",
            "{'service':'mhotrs_family_peer'}",
            "{'activities':['X1']}",
            "{'component':null}",
            "{'start':'DAYT10:00','end':'DAYT10:14'}",
            "{'start':'DAYT10:00','end':'DAYT11:30'}",
        ],
        "credential_granted" | "credential_renewed" => &["{'effective_on':'DAY'}", "{'effective_on':'2023-06-01','expires_on':'DAY'}"],
        "credential_revoked" | "credential_suspended" | "credential_reinstated" | "licence_ended" => &["{'effective_on':'DAY'}"],
        "licence_granted" | "supervision_assigned" => &["{'from':'DAY'}"],
        "supervision_ended" => &["{'ended_on':'DAY'}"],
        "person_engaged" => &["{'start_on':'DAY'}", "{'engagement':'contractor'}"],
        "note_written" => &["{'elements':['purpose']}", "{'elements':['service_type','purpose','response','progress']}", "{'written_at':'DAYT12:00'}"],
        "note_signed" => &["{'capacity':'lpha'}", "{'signer':'S1'}", "{'signed_at':'DAYT12:00'}"],
        "claim_submitted" => &["{'rate_code':'1507'}", "{'rate_code':null}", "{'service_date':'DAY'}"],
        "claim_paid" => &["{'paid_cents':100}"],
        "admitted" => &["{'admitted_at':'DAY'}", "{'admitted_at':'DAYT10:10'}"],
        _ => &["{'reason':'typing error'}"],
    }
}

/// When a fact is entered: mostly soon after its day, sometimes any time; and what the source says of when it knew it.
fn entered() -> impl Strategy<Value = (i64, i64)> {
    (0..(DAYS + 20) * MINUTES, prop_oneof![3 => Just(0), 1 => 1..30 * MINUTES])
}

fn amendment() -> impl Strategy<Value = Amendment> {
    (any::<Index>(), 1..30 * MINUTES, prop::option::weighted(0.6, any::<Index>())).prop_map(|(target, after, change)| Amendment { target, after, change })
}

/// Random histories of up to `facts` facts and `amendments` corrections and retractions.
pub(crate) fn world(facts: usize, amendments: usize) -> impl Strategy<Value = World> {
    let facts = prop::collection::vec((fact(), entered()), facts / 2..facts);
    (facts, prop::collection::vec((amendment(), any::<Index>(), 0..DAYS), amendments / 2..amendments)).prop_map(|(facts, amendments)| {
        let mut entries: Vec<Entry> = GROUND.iter().map(|line| Entry { minute: 0, earlier: 0, line: (*line).to_owned() }).collect();
        entries.extend(facts.into_iter().map(|(line, (minute, earlier))| Entry { minute, earlier, line }));
        for (amendment, which, to) in amendments {
            // The index of an entry is its source id; amendments can be amended in their turn.
            let target = amendment.target.index(entries.len());
            let minute = (entries[target].minute + amendment.after).min((LAST - 1) * MINUTES);
            let kind = entries[target].line.split(' ').next().unwrap_or_default().to_owned();
            let line = match amendment.change {
                Some(_) => {
                    let all = changes(&kind);
                    format!("event_corrected target=s:{target} fields=\"{}\"", all[which.index(all.len())].replace("DAY", &day(to).to_string()))
                }
                None => format!("event_retracted target=s:{target}"),
            };
            entries.push(Entry { minute, earlier: if minute % 4 == 0 { 600 } else { 0 }, line });
        }
        World { entries }
    })
}

impl World {
    /// The lines as drafts, in the order in which the ledger gets them.
    fn drafts(&self) -> Vec<Draft> {
        let mut order: Vec<(usize, &Entry)> = self.entries.iter().enumerate().collect();
        order.sort_by_key(|(_, entry)| entry.minute);
        order.into_iter().filter_map(|(source, entry)| draft(source, entry)).collect()
    }

    /// Offers everything to a new simulated ledger in `stages` commits, and calls back after each. What the ledger refuses is left out.
    pub(crate) fn told(&self, dir: &Path, stages: usize, mut after: impl FnMut(&Path)) -> PathBuf {
        let path = dir.join("ledger");
        let options = CreateOptions { origin: "ledger.test.example".into(), simulated: true, now: moment(-MINUTES), entropy: Some([7; 32]) };
        let mut ledger = Ledger::create(&path, &options).unwrap();
        let drafts = self.drafts();
        for stage in drafts.chunks(drafts.len().div_ceil(stages)) {
            let mut batch = ledger.begin_import(moment(0)).unwrap();
            for draft in stage {
                batch.push(draft).unwrap();
            }
            batch.commit().unwrap();
            ledger.sign_checkpoint().unwrap();
            drop(ledger);
            after(&path);
            ledger = Ledger::open(&path).unwrap();
        }
        path
    }

    /// What a ledger made of it.
    pub(crate) fn recorded(&self) -> Vec<Recorded> {
        let folder = tempfile::tempdir().unwrap();
        let path = self.told(folder.path(), 1, |_| {});
        let mut recorded = Vec::new();
        Ledger::open_reader(&path).unwrap().replay(1..u64::MAX, |r| recorded.push(r)).unwrap();
        recorded
    }
}

fn draft(source: usize, entry: &Entry) -> Option<Draft> {
    let entered = if entry.earlier > 0 { format!(" entered_at={}", moment(entry.minute - entry.earlier)) } else { String::new() };
    let line = format!("{} source_id=s:{source}{entered}", entry.line);
    // A line that cannot be an event (a correction of what cannot be corrected so) is left out like one that is refused.
    script::draft(&line, moment(entry.minute), |_| None).ok()
}
