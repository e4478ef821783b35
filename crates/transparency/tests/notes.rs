//! Notes, keys and checkpoints: what is read, what is refused, and that no bytes make a parser panic.
//! It refuses to test with keys of any real log: names and seeds here are invented.
#![allow(clippy::unwrap_used, missing_docs)]

use proptest::prelude::*;
use transparency::*;

fn signer(name: &str, seed: u8) -> Signer {
    Signer::from_seed(name, &[seed; 32]).unwrap()
}

#[test]
fn a_note_is_read_as_it_was_written() {
    let (a, b) = (signer("a.example", 1), signer("b.example", 2));
    let text = "first line\n\nafter a blank line — ünïcode\n";
    let note = Note::sign(text, &[&a, &b]).unwrap();
    let read = Note::parse(note.to_string().as_bytes()).unwrap();
    assert_eq!(read, note);
    assert_eq!(read.text(), text);
    let known = [b.verifier().clone(), a.verifier().clone()];
    assert_eq!(read.verify(&known).unwrap(), [a.verifier(), b.verifier()]);
}

#[test]
fn unknown_keys_are_ignored_and_known_ones_must_verify() {
    let (a, b) = (signer("a.example", 1), signer("b.example", 2));
    let same_name = signer("a.example", 3);
    let note = Note::sign("text\n", &[&same_name, &a]).unwrap();
    assert_eq!(note.verify(&[a.verifier().clone()]).unwrap(), [a.verifier()]);
    assert_eq!(note.verify(&[b.verifier().clone()]), Err(NoteError::NoKnownSignature));
    assert_eq!(note.verify(&[]), Err(NoteError::NoKnownSignature));

    // One bad line of a known key spoils the note, good lines beside it or not.
    let other = Note::sign("other text\n", &[&b]).unwrap().to_string();
    let bad_line = other.lines().last().unwrap().to_owned() + "\n";
    let mixed = Note::parse(format!("{note}{bad_line}").as_bytes()).unwrap();
    assert_eq!(mixed.verify(&[a.verifier().clone()]).unwrap(), [a.verifier()]);
    let known = [a.verifier().clone(), b.verifier().clone()];
    assert_eq!(mixed.verify(&known), Err(NoteError::Refused { name: "b.example".to_owned() }));
}

#[test]
fn a_hundred_signatures_are_read_and_no_more() {
    let a = signer("a.example", 1);
    let note = Note::sign("text\n", &[&a; 100]).unwrap();
    let text = note.to_string();
    assert_eq!(Note::parse(text.as_bytes()).unwrap().verify(&[a.verifier().clone()]).unwrap().len(), 1);
    let line = text.lines().last().unwrap();
    assert_eq!(Note::parse(format!("{text}{line}\n").as_bytes()), Err(NoteError::Signatures));
    assert_eq!(Note::sign("text\n", &[]), Err(NoteError::Signatures));
    assert_eq!(Note::sign("text\n", &[&a; 101]), Err(NoteError::Signatures));
    let long = "x".repeat(MAX_NOTE_LEN) + "\n";
    assert_eq!(Note::sign(&long, &[&a]), Err(NoteError::TooLong));
    assert_eq!(Note::parse(long.as_bytes()), Err(NoteError::TooLong));
}

#[test]
fn malformed_notes_are_refused() {
    let line = "\u{2014} a.example AAAAAAE=\n";
    assert!(Note::parse(format!("text\n\n{line}").as_bytes()).is_ok());
    for (malformed, why) in [
        (String::new(), NoteError::Signatures),
        ("text\n".to_owned(), NoteError::Signatures),
        ("text\n\n".to_owned(), NoteError::Signatures),
        (format!("text\n{line}"), NoteError::Signatures),
        (format!("text\n\n{}", line.trim_end()), NoteError::Signatures),
        (format!("text\n\n{line}\n"), NoteError::Signatures),
        (format!("te\txt\n\n{line}"), NoteError::Text),
        (format!("text\r\n\r\n{line}"), NoteError::Text),
        ("text\n\n- a.example AAAAAAE=\n".to_owned(), NoteError::Signatures),
        ("text\n\n\u{2014} a+b AAAAAAE=\n".to_owned(), NoteError::Signatures),
        ("text\n\n\u{2014}  AAAAAAE=\n".to_owned(), NoteError::Signatures),
        ("text\n\n\u{2014} a.example AAAAAA==\n".to_owned(), NoteError::Signatures),
        ("text\n\n\u{2014} a.example AAAAAAE\n".to_owned(), NoteError::Signatures),
        ("text\n\n\u{2014} a.example AAAAAAF=\n".to_owned(), NoteError::Signatures),
        ("text\n\n\u{2014} a.example AAAAAAE= \n".to_owned(), NoteError::Signatures),
    ] {
        assert_eq!(Note::parse(malformed.as_bytes()), Err(why), "{malformed:?}");
    }
    assert_eq!(Note::parse(b"te\xffxt\n\n"), Err(NoteError::Text));
    let a = signer("a.example", 1);
    assert_eq!(Note::sign("no newline", &[&a]), Err(NoteError::Text));
    assert_eq!(Note::sign("a\ttab\n", &[&a]), Err(NoteError::Text));
}

#[test]
fn keys_are_read_as_they_were_written_and_nothing_else_is() {
    let a = signer("a.example/log", 1);
    let vkey = a.verifier().to_string();
    assert_eq!(Verifier::parse(&vkey).unwrap(), *a.verifier());
    let skey = a.to_skey();
    assert!(skey.starts_with("PRIVATE+KEY+a.example/log+"));
    assert_eq!(Signer::parse(&skey).unwrap().verifier(), a.verifier());

    assert_eq!(Verifier::parse(&vkey.replace("a.ex", "b.ex")), Err(KeyError::KeyId));
    assert_eq!(Verifier::parse("a.example"), Err(KeyError::Syntax));
    assert_eq!(Verifier::parse("a.example+CC9DE1C6+AYqI"), Err(KeyError::Syntax));
    assert_eq!(Verifier::parse("+00000000+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"), Err(KeyError::Name));
    let witness = "wit.example/w1+ebd05df4+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU";
    assert_eq!(Verifier::parse(witness), Err(KeyError::Algorithm(4)));
    assert_eq!(Verifier::new("a b", &[1; 32]), Err(KeyError::Name));
    assert_eq!(Signer::from_seed("a+b", &[1; 32]).err(), Some(KeyError::Name));
    // A y coordinate that no point of the curve has.
    let mut off_curve = [0; 32];
    off_curve[0] = 2;
    assert_eq!(Verifier::new("a", &off_curve), Err(KeyError::PublicKey));
}

#[test]
fn checkpoints_have_one_spelling() {
    let root = Hash([9; 32]);
    let text = format!("log.example\n7\n{root}\n");
    assert_eq!(Checkpoint::new("log.example", 7, root).unwrap().to_text(), text);
    let extended = format!("{text}extension of somebody else\n");
    let read = Checkpoint::parse(&extended).unwrap();
    assert_eq!(read.extensions(), ["extension of somebody else"]);
    assert_eq!(read.to_text(), extended);
    for (wrong, why) in [
        (format!("log.example\n07\n{root}\n"), CheckpointError::Size),
        (format!("log.example\n+7\n{root}\n"), CheckpointError::Size),
        (format!("log.example\n\n{root}\n"), CheckpointError::Size),
        (format!("log.example\n18446744073709551616\n{root}\n"), CheckpointError::Size),
        (format!("\n7\n{root}\n"), CheckpointError::Origin),
        ("log.example\n7\nAAAA\n".to_owned(), CheckpointError::Root),
        ("log.example\n7\n".to_owned(), CheckpointError::Root),
        (format!("log.example\n7\n{root}"), CheckpointError::Extension),
        (format!("{text}\n"), CheckpointError::Extension),
        (String::new(), CheckpointError::Extension),
    ] {
        assert_eq!(Checkpoint::parse(&wrong), Err(why), "{wrong:?}");
    }
    assert_eq!(Checkpoint::new("two\nlines", 7, root), Err(CheckpointError::Origin));
    assert_eq!(Checkpoint::new("", 7, root), Err(CheckpointError::Origin));
}

proptest! {
    #[test]
    fn any_changed_byte_of_a_signed_checkpoint_is_noticed(at in any::<usize>(), flip in 1_u8..=255) {
        let log = signer("log.example", 5);
        let note = Checkpoint::new("log.example", 7, Hash([9; 32])).unwrap().sign(&[&log]).unwrap();
        let mut bytes = note.to_string().into_bytes();
        let at = at % bytes.len();
        bytes[at] ^= flip;
        prop_assert!(Checkpoint::open(&bytes, "log.example", log.verifier()).is_err());
    }

    #[test]
    fn parsers_never_panic_and_read_back_what_they_take(
        bytes in proptest::collection::vec(any::<u8>(), 0..400), text in "\\PC{0,80}",
    ) {
        let text_form = String::from_utf8_lossy(&bytes);
        if let Ok(note) = Note::parse(&bytes) {
            prop_assert_eq!(note.to_string().into_bytes(), bytes.clone());
        }
        for text in [&*text_form, &text] {
            if let Ok(checkpoint) = Checkpoint::parse(text) {
                prop_assert_eq!(checkpoint.to_text(), text);
            }
            if let Ok(key) = Verifier::parse(text) {
                prop_assert_eq!(key.to_string(), text);
            }
            let _ = Signer::parse(text);
            let _ = TileId::from_path(text);
            let _ = Hash::from_base64(text);
        }
    }

    /// Near misses reach deeper into the parsers than arbitrary bytes do.
    #[test]
    fn damaged_notes_never_panic(cuts in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..6), keep in any::<usize>()) {
        let log = signer("log.example", 5);
        let note = Checkpoint::new("log.example", 7, Hash([9; 32])).unwrap().sign(&[&log]).unwrap();
        for whole in [note.to_string(), log.to_skey(), log.verifier().to_string(), "tile/0/x001/x234/067.p/5".to_owned()] {
            let mut bytes = whole.into_bytes();
            for (at, byte) in &cuts {
                let at = at % bytes.len();
                bytes[at] = *byte;
            }
            bytes.truncate(1 + keep % bytes.len());
            if let Ok(read) = Note::parse(&bytes) {
                prop_assert_eq!(read.to_string().into_bytes(), bytes.clone());
                let _ = Checkpoint::parse(read.text());
            }
            let text = String::from_utf8_lossy(&bytes);
            let _ = (Verifier::parse(&text), Signer::parse(&text), TileId::from_path(&text));
        }
    }
}
