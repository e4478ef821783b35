//! SipHash-2-4 (Aumasson and Bernstein, 2012): the 64-bit keyed hash of the idempotency fingerprints, in the form that is stored.
//! It refuses to protect anything: a fingerprint that matches is confirmed on the event itself.

/// SipHash-2-4 over the first part and the others as if they were one string.
pub(crate) fn siphash(key: &[u8; 16], first: &[u8], others: &[&[u8]]) -> u64 {
    let (k0, k1) = (word(&key[..8]), word(&key[8..]));
    let mut v = [k0 ^ 0x736f_6d65_7073_6575, k1 ^ 0x646f_7261_6e64_6f6d, k0 ^ 0x6c79_6765_6e65_7261, k1 ^ 0x7465_6462_7974_6573];
    let mut len = 0usize;
    let (mut block, mut filled) = ([0u8; 8], 0usize);
    for part in std::iter::once(first).chain(others.iter().copied()) {
        len += part.len();
        let mut rest = part;
        if filled > 0 {
            let take = rest.len().min(8 - filled);
            block[filled..filled + take].copy_from_slice(&rest[..take]);
            filled += take;
            rest = &rest[take..];
            if filled < 8 {
                continue;
            }
            absorb(&mut v, u64::from_le_bytes(block));
        }
        let (words, tail) = rest.as_chunks::<8>();
        for bytes in words {
            absorb(&mut v, u64::from_le_bytes(*bytes));
        }
        block[..tail.len()].copy_from_slice(tail);
        filled = tail.len();
    }
    block[filled..].fill(0);
    block[7] = (len & 0xff) as u8;
    absorb(&mut v, u64::from_le_bytes(block));
    v[2] ^= 0xff;
    (0..4).for_each(|_| round(&mut v));
    v[0] ^ v[1] ^ v[2] ^ v[3]
}

fn word(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(bytes);
    u64::from_le_bytes(word)
}

fn absorb(v: &mut [u64; 4], m: u64) {
    v[3] ^= m;
    round(v);
    round(v);
    v[0] ^= m;
}

fn round(v: &mut [u64; 4]) {
    v[0] = v[0].wrapping_add(v[1]);
    v[1] = v[1].rotate_left(13) ^ v[0];
    v[0] = v[0].rotate_left(32);
    v[2] = v[2].wrapping_add(v[3]);
    v[3] = v[3].rotate_left(16) ^ v[2];
    v[0] = v[0].wrapping_add(v[3]);
    v[3] = v[3].rotate_left(21) ^ v[0];
    v[2] = v[2].wrapping_add(v[1]);
    v[1] = v[1].rotate_left(17) ^ v[2];
    v[2] = v[2].rotate_left(32);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the authors' reference vectors: key 00..0f, input 00, 01, 02, ... of the given length.
    #[test]
    fn the_reference_vectors_hold_however_the_input_is_cut() {
        let key: [u8; 16] = std::array::from_fn(|i| i as u8);
        let input: Vec<u8> = (0..63).collect();
        for (len, expected) in [(0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (15, 0xa129_ca61_49be_45e5), (63, 0x958a_324c_eb06_4572)] {
            assert_eq!(siphash(&key, &input[..len], &[]), expected, "{len} bytes");
            for cut in 0..=len {
                assert_eq!(siphash(&key, &input[..cut], &[&input[cut..len]]), expected, "{len} bytes cut at {cut}");
            }
        }
    }
}
