//! Random stories of a very small agency, so that everything meets everything: corrections of every field, retractions of
//! corrections, of retractions and of what was retracted, entered at any time.

use proptest::prelude::*;

use super::{check, recorded};

/// What a story is told with.
#[derive(Debug, Clone, Copy)]
struct Told {
    what: u8,
    a: u8,
    b: u8,
    c: u8,
    target: prop::sample::Index,
    /// Entered this many days before it was recorded.
    late: Option<u8>,
}

fn told() -> impl Strategy<Value = Told> {
    let what = prop_oneof![3 => 0u8..TYPES, 2 => Just(TYPES), 2 => Just(TYPES + 1)];
    (what, 0u8..4, 0u8..4, 0u8..28, any::<prop::sample::Index>(), prop::option::weighted(0.3, 0u8..60))
        .prop_map(|(what, a, b, c, target, late)| Told { what, a, b, c, target, late })
}

const TYPES: u8 = 22;

fn fact(t: Told) -> String {
    let Told { what, a, b, c, .. } = t;
    let day = format!("2025-02-{:02}", c + 1);
    let at = |hour: u8| format!("{day}T{hour:02}:{:02}:00-05:00", c * 2);
    match what {
        0..=2 => format!(
            r#""type":"contact_recorded","contact":"C-{a}","program":"MH-{}","service":"mhotrs_adult_peer","peer":"P-{b}","individual":"I-{}","phase":"enrolled","format":"group","group_session":"GS-{}","mode":"in_person","site":"onsite","start":"{}","end":"{}","component":"A{b}","activities":["A1.0{a}","A1.0{b}"],"basis":"planned","recipient":"individual","goal":"G-{b}""#,
            b % 2, c % 3, c % 2, at(9), at(10 + a)
        ),
        3 => format!(r#""type":"note_written","note":"N-{a}","contact":"C-{b}","author":"P-{}","written_at":"{}","elements":["purpose"]"#, c % 4, at(12)),
        4 => format!(r#""type":"note_amended","note":"N-{a}","version":{},"amended_at":"{}","elements":["purpose","goal"]"#, b + 2, at(13)),
        5 => format!(r#""type":"note_signed","note":"N-{a}","signer":"P-{b}","capacity":"peer","signed_at":"{}""#, at(14)),
        6 | 7 => format!(
            r#""type":"claim_submitted","claim":"CL-{a}","individual":"I-{}","program":"MH-{}","service_date":"{day}","submitted_at":"{}","rate_code":"147{b}","lines":[{{"contact":"C-{b}","hcpcs":"H0038","modifiers":["U{b}"],"units":{},"charge_cents":100}},{{"contact":"C-{}","hcpcs":"H0038","modifiers":[],"units":1,"charge_cents":1}}]"#,
            c % 3, b % 2, at(15), a + 1, c % 4
        ),
        8 => format!(r#""type":"claim_paid","claim":"CL-{a}","paid_cents":{c},"paid_on":"{day}""#),
        9 => format!(r#""type":"claim_voided","claim":"CL-{a}","voided_on":"{day}""#),
        10 => format!(r#""type":"claim_adjusted","claim":"CL-{a}","replaces":"CL-{}","adjusted_on":"{day}""#, (a + 1) % 4),
        11 => format!(
            r#""type":"credential_granted","person":"P-{a}","credential":"NYCPS","level":"full","issuer":"B{b}","effective_on":"{day}","expires_on":"2026-02-{:02}""#,
            c + 1
        ),
        12 => format!(r#""type":"credential_revoked","person":"P-{a}","credential":"NYCPS","effective_on":"{day}""#),
        13 => format!(r#""type":"supervision_assigned","peer":"P-{a}","supervisor":"P-{b}","program":"MH-0","kind":"primary","from":"{day}""#),
        14 => format!(r#""type":"licence_granted","person":"P-{a}","discipline":"lcsw","from":"{day}""#),
        15 => format!(r#""type":"collaboration_documented","individual":"I-{a}","peer":"P-{b}","documented_on":"{day}","kind":"call""#),
        16 => format!(r#""type":"admitted","individual":"I-{a}","program":"MH-{}","admitted_at":"{day}""#, b % 2),
        17 => format!(r#""type":"parameter_set","name":"core.units_{a}","value":{b},"approved_by":"x","from":"{day}""#),
        18 => format!(r#""type":"policy_adopted","program":"MH-{}","policy":"POL-{a}","topics":["t{b}"],"from":"{day}""#, b % 2),
        19 => format!(r#""type":"policy_retired","policy":"POL-{a}","ended_on":"{day}""#),
        20 => format!(r#""type":"complaint_recorded","category":"c{b}","received_on":"{day}","person":"P-{a}""#),
        _ => format!(
            r#""type":"group_session_held","group_session":"GS-{}","program":"MH-0","facilitators":["P-{a}"],"start":"{}","end":"{}","attendees":["I-{}","I-{b}"]"#,
            a % 2, at(9), at(11), c % 3
        ),
    }
}

/// New values for a field of a type; what does not fit its event is taken for what it is: a correction that changes nothing.
fn changes(target: Told, t: Told) -> String {
    let Told { a, b, c, .. } = t;
    let day = format!("2025-02-{:02}", c + 1);
    let at = |hour: u8| format!("{day}T{hour:02}:{:02}:00-05:00", c * 2);
    match target.what {
        0..=2 => match b {
            0 => format!(r#""individual":"I-{a}""#),
            1 => format!(r#""peer":"P-{a}","program":"MH-{}""#, a % 2),
            2 => format!(r#""contact":"C-{a}","group_session":null"#),
            _ => format!(r#""start":"{}","end":"{}""#, at(8), at(9 + a)),
        },
        3 => format!(r#""contact":"C-{a}""#),
        4 | 5 => format!(r#""note":"N-{a}""#),
        6 | 7 if b > 1 => format!(r#""submitted_at":"{}""#, at(16)),
        6 | 7 => format!(r#""lines":[{{"contact":"C-{a}","hcpcs":"H0038","modifiers":["X{b}"],"units":3,"charge_cents":7}}]"#),
        8..=10 => format!(r#""claim":"CL-{a}""#),
        11 | 12 | 14 | 20 => format!(r#""person":"P-{a}""#),
        13 => format!(r#""supervisor":"P-{a}","from":"{day}""#),
        15 => format!(r#""individual":"I-{a}","peer":"P-{b}""#),
        16 => format!(r#""admitted_at":"{day}""#),
        17 => format!(r#""name":"core.units_{a}""#),
        18 | 19 => format!(r#""policy":"POL-{a}""#),
        _ => format!(r#""attendees":["I-{a}"]"#),
    }
}

/// The story as lines. Every third event or so amends another, which may itself be an amendment.
fn lines(story: &[Told]) -> Vec<String> {
    let mut lines = Vec::new();
    for (i, t) in story.iter().enumerate() {
        let entered = t.late.map_or(String::new(), |late| {
            format!(r#""entered_at":"2025-{:02}-01T00:00:{:02}Z","#, 1 + u32::from(late) % 6, late)
        });
        let body = if t.what < TYPES || i == 0 {
            fact(Told { what: t.what % TYPES, ..*t })
        } else {
            let target = t.target.index(i);
            let seq = target + 1;
            if t.what == TYPES && (story[target].what < TYPES || target == 0) {
                let first = Told { what: story[target].what % TYPES, ..story[target] };
                format!(r#""type":"event_corrected","target":"seq:{seq}","fields":{{{}}},"reason":"x""#, changes(first, *t))
            } else {
                format!(r#""type":"event_retracted","target":"seq:{seq}","reason":"x""#)
            }
        };
        lines.push(format!(r#"{{"recorded_at":"2025-07-01T{:02}:{:02}:00Z",{entered}{body}}}"#, 1 + i / 60, i % 60));
    }
    lines
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn a_random_story_holds_the_same_wherever_it_is_interrupted(story in prop::collection::vec(told(), 1..40)) {
        let lines = lines(&story);
        let events = recorded(lines.iter().map(String::as_str));
        check(&events, 0..=events.len());
    }
}
