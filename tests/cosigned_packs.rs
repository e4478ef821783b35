//! Packs whose checkpoint a witness cosigned: `witness serve` in a process of its own, and what three verifiers say of its word.
//! Refuses to take the line of a key of small order, with which one signature fits every text, for a witness's.

use transparency::{CosignatureVerifier, Signature};

use crate::browser_verifier;
use crate::command::{Desk, stderr, stdout};
use crate::evidence_outside::Running;
use crate::riverbend::riverbend;
use crate::second_verifier;

fn create(desk: &Desk, name: &str) {
    desk.done(&["pack", "create", "--from", "0", "--to", "20", "-o", name]);
}

/// The verdict, and what came of the step about witnesses.
fn told(desk: &Desk, name: &str, more: &[&str]) -> (String, String, String) {
    let key = desk.vkey();
    let output = desk.run(&[&["pack", "verify", name, "--json", "--key", &key], more].concat());
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)));
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let step = said["steps"].as_array().unwrap().iter().find(|step| step["id"] == "witnesses");
    let [outcome, detail] = ["outcome", "detail"].map(|field| step.map(|step| text(&step[field])).unwrap_or_default());
    (text(&said["verdict"]), outcome, format!("{detail}\n{}", text(&said["sentence"])))
}

/// The line of a witness whose public key and signature are both the neutral point: without strictness it verifies under every text and time.
#[allow(clippy::big_endian_bytes, reason = "the format's integers are big-endian")]
fn neutral_line(name: &str) -> (String, Signature) {
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let key = CosignatureVerifier::new(name, &neutral).unwrap();
    let bytes = [1_767_000_000_u64.to_be_bytes().as_slice(), &neutral, &[0; 32]].concat();
    (key.to_string(), Signature { name: name.to_owned(), key_id: key.key_id(), bytes })
}

#[test]
fn a_witness_s_word_travels_in_a_pack_and_three_verifiers_hear_it() {
    let desk = riverbend();
    let key = desk.vkey();
    let witness = Running::start(&desk, "w1", &[&key]);
    let submitted = witness.submit(&desk);
    assert!(submitted.status.success(), "{}", stderr(&submitted));
    create(&desk, "cosigned");
    let stranger = stdout(&desk.done(&["witness", "key", "w2.example", "-o", "w2.key"])).trim().to_owned();

    let (verdict, outcome, words) = told(&desk, "cosigned", &["--witness", &witness.vkey]);
    assert_eq!((verdict.as_str(), outcome.as_str()), ("verified", "passed"), "{words}");
    assert!(words.contains("1 of 1 cosigned it: w1.example") && words.contains("unchanged since a witness saw them on 20"), "{words}");
    let (verdict, outcome, words) = told(&desk, "cosigned", &["--witness", &stranger, &witness.vkey]);
    assert_eq!((verdict.as_str(), outcome.as_str()), ("verified", "passed"), "{words}");
    assert!(words.contains("1 of 2 cosigned it"), "{words}");
    let (verdict, outcome, words) = told(&desk, "cosigned", &[]);
    assert_eq!((verdict.as_str(), outcome.as_str()), ("verified", "not_checked"), "{words}");
    assert!(words.contains("1 further signature") && words.contains("nobody outside vouches for"), "{words}");
    let (verdict, outcome, words) = told(&desk, "cosigned", &["--witness", &stranger]);
    assert_eq!((verdict.as_str(), outcome.as_str()), ("failed", "failed"), "{words}");

    // What the witness saw is behind: a later pack does not carry its word, but proves that it continues what the witness saw.
    desk.write("seen.txt", &String::from_utf8(crate::second_verifier::entry(&desk.path().join("cosigned"), "checkpoint.txt")).unwrap());
    create(&desk, "later");
    assert_eq!(told(&desk, "later", &["--witness", &witness.vkey]).1, "failed");
    let (verdict, outcome, words) = told(&desk, "later", &["--checkpoint", "seen.txt"]);
    assert_eq!((verdict.as_str(), outcome.as_str()), ("verified", "not_checked"), "{words}");

    // A line that a dishonest agency adds in the name of a witness that nobody has.
    let (neutral, line) = neutral_line("w3.example");
    let secret = desk.ledger().join("keys/log-key");
    let with_python = second_verifier::is_there();
    if with_python {
        second_verifier::add_line(&desk.path().join("cosigned"), &secret, line.to_string().trim_end(), &desk.path().join("neutral"));
        assert_eq!(told(&desk, "neutral", &["--witness", &witness.vkey]).0, "verified");
        let (verdict, outcome, words) = told(&desk, "neutral", &["--witness", &neutral]);
        assert_eq!((verdict.as_str(), outcome.as_str()), ("failed", "failed"), "{words}");
    }

    let mut cases = vec![("cosigned", vec![&witness.vkey], "verified"), ("cosigned", vec![], "verified"), ("cosigned", vec![&stranger], "failed"), ("later", vec![&witness.vkey], "failed")];
    if with_python {
        cases.extend([("neutral", vec![&witness.vkey], "verified"), ("neutral", vec![&neutral], "failed")]);
        for (name, witnesses, verdict) in &cases {
            let given: Vec<&str> = witnesses.iter().flat_map(|witness| ["--witness", witness.as_str()]).collect();
            let [ours, theirs] = second_verifier::both(&desk, name, &[&["--key", &key], given.as_slice()].concat());
            assert_eq!((ours.1.as_str(), theirs.1.as_str()), (*verdict, *verdict), "{name} {given:?}");
        }
    }
    let Some(chromium) = browser_verifier::chromium() else { return };
    let shown: Vec<_> = cases
        .iter()
        .map(|(name, witnesses, _)| serde_json::json!({"name": name, "pack": desk.path().join(name), "key": key, "witnesses": witnesses}))
        .collect();
    let said = browser_verifier::drive(&desk, &chromium, serde_json::json!({"shown": shown, "flipped": null, "many": null}));
    for ((name, witnesses, verdict), page) in cases.iter().zip(said["shown"].as_array().unwrap()) {
        assert_eq!(page["verdict"], *verdict, "{name} {witnesses:?}: {page}");
    }
}
