//! Policies, proof files, witness requests and chains of keys: what is read, what is refused, and who is enough.
//! It refuses to test with keys of any real log or witness: names and seeds here are invented.
#![allow(clippy::unwrap_used, missing_docs)]

use transparency::*;

const LOG: &str = "ledger.riverbend.example";

fn log(seed: u8) -> Signer {
    Signer::from_seed(LOG, &[seed; 32]).unwrap()
}

fn witness(number: u8) -> CosignatureSigner {
    CosignatureSigner::from_seed(&format!("w{number}.example"), &[100 + number; 32]).unwrap()
}

fn checkpoint(size: u64, signers: &[&Signer]) -> Note {
    Checkpoint::new(LOG, size, Hash([7; 32])).unwrap().sign(signers).unwrap()
}

/// Six witnesses in two groups, as the specification's own example has it.
fn two_groups() -> String {
    let mut text = format!("# an example\nlog {} https://log.example\n\n", log(1).verifier());
    for number in 1..=6 {
        text.push_str(&format!("witness W{number} {}\n", witness(number).verifier()));
    }
    text + "group X 2 W1 W2 W3\n \tgroup Y any W4 W5 W6 \ngroup X-and-Y all X Y\nquorum X-and-Y\n"
}

fn cosigned(note: &Note, by: &[u8]) -> Note {
    let with = |note: Note, number: &u8| {
        let line = witness(*number).cosign(&note, 1_767_000_000 + u64::from(*number)).unwrap();
        note.with_signature(line).unwrap()
    };
    by.iter().fold(note.clone(), with)
}

#[test]
fn a_quorum_of_groups_is_what_the_specification_says() {
    let policy = Policy::parse(two_groups().as_bytes()).unwrap();
    assert_eq!(policy.logs()[0].url.as_deref(), Some("https://log.example"));
    assert_eq!(policy.witnesses().len(), 6);
    let note = checkpoint(9, &[&log(1)]);
    for (by, enough) in [
        (&[1, 2, 4][..], true),
        (&[1, 3, 6], true),
        (&[1, 2, 3, 4, 5, 6], true),
        (&[1, 2], false),
        (&[1, 4], false),
        (&[4, 5, 6], false),
        (&[], false),
    ] {
        let checked = policy.check(&cosigned(&note, by));
        assert_eq!(checked.is_ok(), enough, "{by:?}: {checked:?}");
    }
    let accepted = policy.check(&cosigned(&note, &[4, 2, 1])).unwrap();
    let names: Vec<&str> = accepted.cosigned.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["W1", "W2", "W4"]);
    let refused = policy.check(&cosigned(&note, &[6, 1])).unwrap_err();
    assert_eq!(refused, PolicyRefused::NoQuorum { cosigned: vec!["W1".to_owned(), "W6".to_owned()] });
}

#[test]
fn a_wrong_line_of_a_known_witness_spoils_the_checkpoint() {
    let policy = Policy::parse(two_groups().as_bytes()).unwrap();
    let note = checkpoint(9, &[&log(1)]);
    let of_another = cosigned(&checkpoint(10, &[&log(1)]), &[3]).signatures()[1].clone();
    let spoilt = cosigned(&note, &[1, 2, 4]).with_signature(of_another).unwrap();
    let refused = NoteError::Refused { name: "w3.example".to_owned() };
    assert_eq!(policy.check(&spoilt), Err(PolicyRefused::Checkpoint(CheckpointError::Note(refused))));
    let unknown = cosigned(&cosigned(&note, &[1, 2, 4]), &[9]);
    assert!(policy.check(&unknown).is_ok());
}

#[test]
fn a_checkpoint_of_another_log_or_under_another_name_is_refused() {
    let policy = Policy::of_log(log(1).verifier().clone());
    assert!(policy.check(&checkpoint(9, &[&log(1)])).is_ok());
    let nobody = PolicyRefused::Checkpoint(CheckpointError::Note(NoteError::NoKnownSignature));
    assert_eq!(policy.check(&checkpoint(9, &[&log(2)])), Err(nobody));
    assert!(policy.clone().with_log(log(2).verifier().clone()).check(&checkpoint(9, &[&log(2)])).is_ok());
    let posing = Checkpoint::new("ledger.other.example", 9, Hash([7; 32])).unwrap().sign(&[&log(1)]).unwrap();
    let found = "ledger.other.example".to_owned();
    assert_eq!(policy.check(&posing), Err(PolicyRefused::Checkpoint(CheckpointError::WrongOrigin { found })));
}

#[test]
fn policies_are_refused_with_their_line() {
    let (log, w1, w2) = (log(1), witness(1), witness(2));
    let (log, w1, w2) = (log.verifier(), w1.verifier(), w2.verifier());
    let same_key = CosignatureSigner::from_seed("other.example", &[101; 32]).unwrap();
    let same_key = same_key.verifier();
    use PolicyProblem::*;
    for (text, line, what) in [
        (String::new(), 0, Quorum),
        (format!("log {log}\n"), 0, Quorum),
        ("quorum none\nquorum none\n".to_owned(), 2, Quorum),
        ("quorum all\n".to_owned(), 1, Undefined("all".to_owned())),
        (format!("log {log}\nlog {log}\nquorum none\n"), 2, DuplicateKey),
        (format!("witness a {w1}\nwitness b {same_key}\nquorum none\n"), 2, DuplicateKey),
        (format!("witness a {w1}\nwitness a {w2}\nquorum none\n"), 2, Name),
        (format!("witness none {w1}\nquorum none\n"), 1, Name),
        (format!("witness a {log}\nquorum a\n"), 1, Key(KeyError::Algorithm(1))),
        (format!("log {w1}\nquorum none\n"), 1, Key(KeyError::Algorithm(4))),
        (format!("witness a {w1}\ngroup g 2 a\nquorum g\n"), 2, Threshold),
        (format!("witness a {w1}\ngroup g 0 a\nquorum g\n"), 2, Threshold),
        (format!("witness a {w1}\ngroup g 01 a\nquorum g\n"), 2, Threshold),
        (format!("witness a {w1}\ngroup g some a\nquorum g\n"), 2, Threshold),
        (format!("witness a {w1}\ngroup g any\nquorum g\n"), 2, Syntax),
        (format!("witness a {w1}\ngroup g any g\nquorum g\n"), 2, Undefined("g".to_owned())),
        (format!("witness a {w1}\ngroup g any none\nquorum g\n"), 2, Undefined("none".to_owned())),
        (format!("witness a {w1}\ngroup g any a a\nquorum g\n"), 2, MemberTwice("a".to_owned())),
        (format!("witness a {w1}\nwitness b {w2}\ngroup g any a\ngroup h any a b\nquorum h\n"), 4, MemberTwice("a".to_owned())),
        (format!("quorum a\nwitness a {w1}\n"), 1, Undefined("a".to_owned())),
        ("trust me\nquorum none\n".to_owned(), 1, Syntax),
        ("quorum none\r\n".to_owned(), 1, Character),
        ("quorum none extra\n".to_owned(), 1, Syntax),
    ] {
        assert_eq!(Policy::parse(text.as_bytes()), Err(PolicyError { line, what }), "{text}");
    }
    let long = "# comment\n".repeat(MAX_POLICY_LEN / 10 + 1) + "quorum none\n";
    assert_eq!(Policy::parse(long.as_bytes()), Err(PolicyError { line: 0, what: TooMuch }));
    // Names are octets, not characters.
    let octets = [b"witness \xff ".as_slice(), w1.to_string().as_bytes(), b"\nwitness \xfe ", w2.to_string().as_bytes(), b"\nquorum \xfe\n"].concat();
    assert!(Policy::parse(&octets).unwrap().is_quorum(|at| at == 1));
}

#[test]
fn proof_files_have_one_spelling() {
    let note = checkpoint(9, &[&log(1)]);
    let proof = TlogProof { extra: Some(b"context".to_vec()), index: 4, path: vec![Hash([1; 32]); 4], checkpoint: note.clone() };
    let text = proof.to_string();
    assert_eq!(TlogProof::parse(text.as_bytes()), Ok(proof.clone()));
    let hash = Hash([1; 32]);
    for (from, to, why) in [
        ("@v1", "@v2", TlogProofError::NotAProof),
        ("index 4", "index 04", TlogProofError::Syntax),
        ("index 4\n", "", TlogProofError::Syntax),
        ("extra ", "extra  ", TlogProofError::Syntax),
        (&*format!("{hash}\n"), "AAAA\n", TlogProofError::Syntax),
        ("\n\nledger", "\nledger", TlogProofError::Syntax),
    ] {
        assert_eq!(TlogProof::parse(text.replacen(from, to, 1).as_bytes()), Err(why), "{from:?} to {to:?}");
    }
    let long = TlogProof { path: vec![hash; 65], ..proof };
    assert_eq!(TlogProof::parse(long.to_string().as_bytes()), Err(TlogProofError::Syntax));
    assert_eq!(TlogProof::parse(b""), Err(TlogProofError::NotAProof));
}

#[test]
fn witness_requests_have_one_spelling() {
    let request = AddCheckpoint::new(3, vec![Hash([1; 32]); 2], checkpoint(9, &[&log(1)])).unwrap();
    let text = request.to_string();
    assert_eq!(AddCheckpoint::parse(text.as_bytes()), Ok(request));
    for (from, to) in [("old 3", "old 03"), ("old 3", "old"), ("old 3\n", ""), ("\n\nledger", "\nledger"), ("AQEB", "AQE"), ("\n9\n", "\n-9\n")] {
        assert_eq!(AddCheckpoint::parse(text.replacen(from, to, 1).as_bytes()), Err(AddCheckpointRefused), "{from:?} to {to:?}");
    }
    assert!(AddCheckpoint::new(0, vec![Hash([1; 32]); 64], checkpoint(9, &[&log(1)])).is_err());
}

#[test]
fn a_chain_of_keys_is_followed_and_a_retired_key_vouches_for_nothing_later() {
    let (first, second, third) = (log(1), log(2), log(3));
    let (_, one) = KeyRotation::sign(&first, &second, 10, Hash([1; 32])).unwrap();
    let (_, two) = KeyRotation::sign(&second, &third, 20, Hash([2; 32])).unwrap();
    let mut chain = KeyChain::new(first.verifier().clone());
    assert_eq!(chain.extend(two.clone()), Err(RotationError::OutOfPlace));
    chain.extend(one.clone()).unwrap();
    assert_eq!(chain.extend(one.clone()), Err(RotationError::OutOfPlace));
    chain.extend(two).unwrap();
    assert_eq!(chain.current(), third.verifier());
    assert_eq!(chain.keys().count(), 3);
    // Back to a key that was retired.
    let (_, back) = KeyRotation::sign(&third, &first, 30, Hash([3; 32])).unwrap();
    assert_eq!(chain.extend(back), Err(RotationError::OutOfPlace));

    let opened = |size, signers: &[&Signer]| chain.open(checkpoint(size, signers).to_string().as_bytes()).map(|(found, _)| found.size());
    assert_eq!(opened(10, &[&first]), Ok(10));
    assert_eq!(opened(11, &[&first]), Err(CheckpointError::Retired));
    assert_eq!(opened(20, &[&second]), Ok(20));
    assert_eq!(opened(21, &[&second, &first]), Err(CheckpointError::Retired));
    assert_eq!(opened(1_000, &[&third]), Ok(1_000));
    assert_eq!(opened(1_000, &[&first, &third]), Ok(1_000));
    assert!(opened(5, &[&log(9)]).is_err());
}

#[test]
fn a_statement_needs_both_signatures_and_one_log() {
    let (first, second) = (log(1), log(2));
    let (rotation, note) = KeyRotation::sign(&first, &second, 10, Hash([1; 32])).unwrap();
    assert_eq!(KeyRotation::open(&note), Ok(rotation));
    assert!(Checkpoint::parse(note.text()).is_err());
    for alone in [&first, &second] {
        let half = Note::sign(note.text(), &[alone]).unwrap();
        assert_eq!(KeyRotation::open(&half), Err(RotationError::NotBoth));
    }
    let elsewhere = Signer::from_seed("ledger.other.example", &[2; 32]).unwrap();
    assert_eq!(KeyRotation::sign(&first, &elsewhere, 10, Hash([1; 32])).unwrap_err(), RotationError::Keys);
    assert_eq!(KeyRotation::sign(&first, &first, 10, Hash([1; 32])).unwrap_err(), RotationError::Keys);
    for (from, to) in [("from 10", "from 010"), ("/v1", "/v2"), ("old ", "new "), ("from 10\n", "from 10\n\n")] {
        let text = note.text().replacen(from, to, 1);
        assert_eq!(KeyRotation::open(&Note::sign(&text, &[&first, &second]).unwrap()), Err(RotationError::Syntax), "{from:?} to {to:?}");
    }
}
