//! Small random histories: contacts and everything that can happen to them, entered late, corrected, retracted, told again.
//! It refuses nothing: what a ledger would not take is left out by a ledger, or by nobody.
#![allow(clippy::unwrap_used, missing_docs, reason = "only tests use it")]

use domain::{Draft, KnownAt, Recorded, ValidAt, ValidDay};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::{replay, script};

/// Days in which facts are dated; deadlines of a month pass within [`LAST`].
const DAYS: i64 = 50;
/// The evaluation day, counted from the first.
pub const LAST: i64 = 90;
/// Minutes of a day.
pub const MINUTES: i64 = 24 * 60;

/// The day so many days after the first, Monday 4 March 2024; the clocks change on the sixth day after it.
pub fn day(n: i64) -> ValidDay {
    ValidDay::from_ymd(2024, 3, 4).unwrap().plus_days(n)
}

/// So many minutes after the beginning of the first day.
pub fn moment(minutes: i64) -> KnownAt {
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
pub struct World {
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
    // Now and then more than a day may have.
    let units = prop::sample::select(vec![1u8, 1, 2, 3, 9, 14]);
    (0..4u8, 0..5u8, units, 0..DAYS, 0..DAYS, codes).prop_map(|(claim, c, units, served, submitted, (hcpcs, modifier, rate))| {
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

/// What happens in a small agency with three peers, three individuals and three programs: facts of [`fact`], each about one of them.
fn crowded() -> impl Strategy<Value = String> {
    let who = 1..4u8;
    let single = (fact(), who.clone(), who.clone(), prop::option::weighted(0.2, 0..3u8)).prop_map(|(line, one, other, group)| {
        let mut line = line.replace("C0", "C9");
        for kind in ["contact=C", "note=N", "claim=CL", "lines=C"] {
            line = line.replace(kind, &format!("{kind}{one}"));
        }
        for (field, people) in [("person=P1", one), ("peer=P1", one), ("author=P1", one), ("signer=P1", other)] {
            line = line.replace(field, &format!("{}{people}", &field[..field.len() - 1]));
        }
        let kind = line.split(' ').next().unwrap_or_default();
        if kind == "contact_recorded" {
            line.push_str(&format!(" peer=P{one} individual=I{other}"));
            line.extend(group.map(|g| format!(" format=group group_session=G{g}")));
        } else if ["admitted", "discharged", "preadmission_opened", "treatment_declined", "reengaged", "claim_submitted"].contains(&kind) {
            line.push_str(&format!(" individual=I{other}"));
        }
        line
    });
    let day_of = 0..DAYS;
    prop_oneof![
        10 => single,
        1 => (who.clone(), day_of.clone(), day_of.clone(), pick(&["mhotrs_adult_peer", "mhotrs_family_peer", "outpatient"])).prop_map(|(i, d, v, service)| {
            format!("plan_amended plan=PL{i} individual=I{i} kind=treatment version={} effective_on={} goals=G1 services={service} contracted_collaboration=false program=MH-1", v + 2, day(d))
        }),
        1 => (0..3u8, day_of.clone(), pick(&["I1;I2", "I1", "I1;I2;I3;I4;I5;I6;I7;I8;I9;I10;I11;I12;I13"]))
            .prop_map(|(g, d, who)| format!("group_session_held group_session=G{g} start={} end={} attendees={who}", at(d, 600), at(d, 660))),
        1 => (who.clone(), day_of.clone()).prop_map(|(p, d)| {
            format!("supervision_session_held peer=P{p} supervisor=S1 held_on={} minutes=30 topics=ethics documented=false copy_given=false", day(d))
        }),
        1 => (who.clone(), day_of.clone(), pick(&["clinical", "pros_weekly"]))
            .prop_map(|(p, d, kind)| format!("team_meeting_held program=MH-1 kind={kind} held_on={} invitees=P{p} attendees=P{p} individuals=I{p}", day(d))),
        1 => (who.clone(), who.clone(), day_of.clone())
            .prop_map(|(p, i, d)| format!("collaboration_documented individual=I{i} peer=P{p} documented_on={} kind=case_record", day(d))),
        1 => (who.clone(), 0..5u8, day_of.clone(), 600..700i64).prop_map(|(p, c, d, minute)| {
            format!("contact_recorded contact=C{p}{c} program=PR-1 service=pros_pss peer=P{p} individual=I{p} start={} end={}", at(d, minute), at(d, minute + 45))
        }),
        // On few days, so that they meet.
        2 => (who.clone(), who.clone(), 0..5u8, 0..8i64, 600..660i64).prop_map(|(p, i, c, d, minute)| {
            format!("contact_recorded contact=C{p}{c} program=CO-1 service=core_peer peer=P{p} individual=I{i} start={} end={}", at(d, minute), at(d, minute + 60))
        }),
        1 => (who.clone(), day_of.clone(), pick(&["ethics", "boundaries"]))
            .prop_map(|(p, d, topic)| format!("training_completed person=P{p} course=C-{topic} completed_on={} topics={topic}", day(d))),
        1 => (day_of.clone(), pick(&["policy_adopted policy=PO-1 topics=scope from", "policy_adopted policy=PO-1 topics=peer_support from", "staff_training_held topic=peer_role attendees=S1 held_on", "organization_recorded kind=action_plan elements=goals people=P1 recorded_on"]))
            .prop_map(|(d, what)| format!("{what}={} program=MH-1", day(d))),
        1 => (who, day_of).prop_map(|(p, d)| format!("supervision_assigned peer=P{p} supervisor=P{} from={}", p % 3 + 1, day(d))),
    ]
}

/// A small agency's ground: everybody engaged and supervised, most of it in order.
const CROWD: &[&str] = &[
    "program_registered program=PR-1 kind=pros from=2020-01-01",
    "person_engaged person=P2 start_on=2023-01-01",
    "person_engaged person=P3 start_on=2024-03-10",
    "credential_granted person=P2 credential=NYCPS level=provisional issuer=NYPSCB effective_on=2022-04-01",
    "credential_granted person=P2 credential=CRPA level=full issuer=OASAS effective_on=2022-04-01",
    "credential_granted person=P3 credential=FPA level=full issuer=FTNYS effective_on=2023-01-01 expires_on=2024-04-01",
    "supervision_assigned peer=P2 supervisor=S1 from=2023-01-01",
    "supervision_assigned peer=P2 supervisor=S1 program=PR-1 from=2023-01-01",
    "individual_registered individual=I2",
    "individual_registered individual=I3 birth_date=2001-04-02",
    "admitted individual=I2 admitted_at=2024-03-01",
    "plan_created plan=PL2 individual=I2 effective_on=2024-03-01",
    "parameter_set name=pros.pss_effective_on value=2024-03-10 from=2024-01-01",
];

/// Random histories of several peers and individuals who meet, cover for each other and share groups.
pub fn crowd(facts: usize, amendments: usize) -> impl Strategy<Value = World> {
    let ground = GROUND.iter().chain(CROWD).map(|line| (*line).to_owned()).collect();
    grown(ground, crowded(), facts, amendments)
}

/// Random histories of up to `facts` facts and `amendments` corrections and retractions.
pub fn world(facts: usize, amendments: usize) -> impl Strategy<Value = World> {
    grown(GROUND.iter().map(|line| (*line).to_owned()).collect(), fact(), facts, amendments)
}

fn grown(ground: Vec<String>, fact: impl Strategy<Value = String>, facts: usize, amendments: usize) -> impl Strategy<Value = World> {
    let facts = prop::collection::vec((fact, entered()), facts / 2..facts);
    (facts, prop::collection::vec((amendment(), any::<Index>(), 0..DAYS), amendments / 2..amendments)).prop_map(move |(facts, amendments)| {
        let mut entries: Vec<Entry> = ground.iter().map(|line| Entry { minute: 0, earlier: 0, line: line.clone() }).collect();
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
    pub fn drafts(&self) -> Vec<Draft> {
        let mut order: Vec<(usize, &Entry)> = self.entries.iter().enumerate().collect();
        order.sort_by_key(|(_, entry)| entry.minute);
        order.into_iter().filter_map(|(source, entry)| draft(source, entry)).collect()
    }

    /// The same without a ledger, which would refuse some of it: a replay takes everything. Amendments of what is not there are left out.
    pub fn unrefused(&self) -> Vec<Recorded> {
        let mut told: Vec<Draft> = Vec::new();
        for draft in self.drafts() {
            told.push(draft);
            if replay::record(told.clone()).is_err() {
                told.pop();
            }
        }
        replay::record(told).unwrap()
    }
}

fn draft(source: usize, entry: &Entry) -> Option<Draft> {
    let entered = if entry.earlier > 0 { format!(" entered_at={}", moment(entry.minute - entry.earlier)) } else { String::new() };
    let line = format!("{} source_id=s:{source}{entered}", entry.line);
    // A line that cannot be an event (a correction of what cannot be corrected so) is left out like one that is refused.
    script::draft(&line, moment(entry.minute), |_| None).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_fact_can_be_told(world in crowd(60, 2)) {
            for entry in world.entries.iter().filter(|e| !e.line.starts_with("event_")) {
                let told = script::draft(&entry.line, moment(entry.minute), |_| None);
                prop_assert!(told.is_ok(), "{}: {:?}", entry.line, told.err());
            }
        }
    }
}
