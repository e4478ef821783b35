//! The examples of `VAULT.md` against the code; their values were made by an independent program.
//! It refuses a page that names fewer contexts than the code uses.
#![allow(clippy::unwrap_used)]

use zeroize::Zeroizing;

use crate::contexts::{ALL, WRAPPING_KEY};
use crate::slot::{Kind, Slot, Wrapper, header, read_header};
use crate::{EventKey, SubjectKey, open, pseudonym, seal};

const PAGE: &str = include_str!("../VAULT.md");

fn unhex(text: &str) -> Vec<u8> {
    assert_eq!(text.len() % 2, 0);
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// The hexadecimal at the start of each line of one code block of the page.
fn block(name: &str) -> Vec<u8> {
    let (_, rest) = PAGE.split_once(&format!("```{name}\n")).unwrap();
    let (block, _) = rest.split_once("```").unwrap();
    block.lines().flat_map(|line| unhex(line.split_whitespace().next().unwrap())).collect()
}

#[test]
fn the_sealed_field() {
    let subject = SubjectKey(Zeroizing::new([0x11; 32]));
    let ledger_id = std::array::from_fn(|i| 0xa0 + i as u8);
    let key = subject.event_key(&ledger_id, 0);
    let disclosed = "bac3b3df9870101b0d473a008d5a298e45f669c7bba85fbf0a3e8d01a52bac9c";
    assert_eq!(key.disclose().as_slice(), unhex(disclosed));
    assert!(PAGE.contains(disclosed));

    // The example header of FORMAT.md up to its schema.
    let aad = unhex("0100a0a1a2a3a4a5a6a7a8a9aaabacadaeaf000000000000000001b89079a447060001000100");
    assert_eq!(seal(&key, 1, &aad, b"1984-05-06"), block("sealed"));
    let disclosed = EventKey::from_bytes(unhex(disclosed).try_into().unwrap());
    assert_eq!(open(&disclosed, 1, &aad, &block("sealed")).unwrap().as_slice(), b"1984-05-06");
}

#[test]
fn the_file() {
    let vault_id = std::array::from_fn(|i| 0xb0 + i as u8);
    assert_eq!(header(&vault_id, 2).as_slice(), block("header"));
    assert_eq!(read_header(&block("header").try_into().unwrap()), Some((vault_id, 2)));

    let who = pseudonym(&[7; 32], "individual", "A-17");
    let wrapper = Wrapper::new(&WRAPPING_KEY.derive(&[&[0x22; 32], &vault_id]));
    let slot = wrapper.wrap(Kind::SubjectKey, who.0, 1, 0, [0x33; 24], &[0x11; 32]);
    assert_eq!(slot.to_bytes().as_slice(), block("slot"));
    let read = Slot::from_bytes(&block("slot").try_into().unwrap()).unwrap();
    assert_eq!(*wrapper.unwrap_key(&read).unwrap(), [0x11; 32]);
}

#[test]
fn every_context_is_in_the_page() {
    for context in ALL {
        assert!(PAGE.contains(&format!("| `{context}` |")), "{context}");
    }
}
