//! Sealed fields: what opens them, and everything that must not.
//! It refuses to take a failed opening for granted: each test also opens the value it altered.
#![allow(clippy::unwrap_used, missing_docs)]

use proptest::prelude::*;
use vault::*;

#[test]
fn nothing_else_opens_a_sealed_field() {
    let key = EventKey::from_bytes([3; 32]);
    let sealed = seal(&key, 1, b"header", b"1984-05-06");
    // Nonce, text and tag.
    assert_eq!(sealed.len(), 24 + 10 + 16);
    assert_eq!(open(&key, 1, b"header", &sealed).unwrap().as_slice(), b"1984-05-06");
    assert_eq!(open(&key, 2, b"header", &sealed), Err(SealBroken));
    assert_eq!(open(&key, 1, b"other header", &sealed), Err(SealBroken));
    assert_eq!(open(&EventKey::from_bytes([4; 32]), 1, b"header", &sealed), Err(SealBroken));
    for len in 0..sealed.len() {
        assert_eq!(open(&key, 1, b"header", &sealed[..len]), Err(SealBroken));
    }
}

#[test]
fn nonces_differ_whenever_anything_does() {
    let key = EventKey::from_bytes([3; 32]);
    let nonce = |field, aad: &[u8], text: &[u8]| seal(&key, field, aad, text)[..24].to_vec();
    let first = nonce(1, b"header", b"1984-05-06");
    assert_eq!(first, nonce(1, b"header", b"1984-05-06"), "made again, it is the same");
    assert_ne!(first, nonce(1, b"header", b"1984-05-07"));
    assert_ne!(first, nonce(2, b"header", b"1984-05-06"));
    assert_ne!(first, nonce(1, b"Header", b"1984-05-06"));
    assert_ne!(nonce(1, b"ab", b"c"), nonce(1, b"a", b"bc"));
}

#[test]
fn keys_are_never_shown() {
    let key = EventKey::from_bytes([0xab; 32]);
    assert_eq!(format!("{key:?}"), "EventKey(withheld)");
}

proptest! {
    #[test]
    fn what_is_sealed_opens_and_a_changed_bit_is_noticed(
        key in any::<[u8; 32]>(), field in any::<u16>(), aad in proptest::collection::vec(any::<u8>(), 0..50),
        text in proptest::collection::vec(any::<u8>(), 0..200), at in any::<usize>(), bit in 0_u32..8,
    ) {
        let key = EventKey::from_bytes(key);
        let mut sealed = seal(&key, field, &aad, &text);
        let opened = open(&key, field, &aad, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), text.as_slice());
        let at = at % sealed.len();
        sealed[at] ^= 1_u8 << bit;
        prop_assert_eq!(open(&key, field, &aad, &sealed), Err(SealBroken));
    }

    #[test]
    fn arbitrary_bytes_do_not_open(sealed in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(open(&EventKey::from_bytes([1; 32]), 0, b"", &sealed), Err(SealBroken));
    }
}
