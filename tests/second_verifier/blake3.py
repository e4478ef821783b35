"""BLAKE3 in plain Python, from the specification: plain, keyed and derive_key mode with 32 bytes or more of result.

It is for the second verifier of audit packs and for small inputs; it refuses to be fast, to be incremental, or to be part of the product.
`python3 blake3.py FILE` compares it with the official test vectors, a copy of whose short form lies beside the test.
"""

import struct

IV = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
CHUNK_START, CHUNK_END, PARENT, ROOT, KEYED_HASH, DERIVE_KEY_CONTEXT, DERIVE_KEY_MATERIAL = 1, 2, 4, 8, 16, 32, 64
PERMUTATION = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
MASK = 0xFFFFFFFF
# The four columns, then the four diagonals, of the state of a round.
QUARTERS = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15), (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))


def _schedule():
    rows, row = [], tuple(range(16))
    for _ in range(7):
        rows.append(tuple((q, row[2 * i], row[2 * i + 1]) for i, q in enumerate(QUARTERS)))
        row = tuple(row[p] for p in PERMUTATION)
    return tuple(rows)


SCHEDULE = _schedule()


def _compress(chaining, block, counter, length, flags):
    """The compression function: 16 words, of which the first eight are the next chaining value."""
    m = struct.unpack("<16I", block.ljust(64, b"\0"))
    v = [*chaining, *IV[:4], counter & MASK, counter >> 32 & MASK, length, flags]
    for steps in SCHEDULE:
        for (ia, ib, ic, id_), x, y in steps:
            a, b, c, d = v[ia], v[ib], v[ic], v[id_]
            a = (a + b + m[x]) & MASK
            d ^= a
            d = (d >> 16 | d << 16) & MASK
            c = (c + d) & MASK
            b ^= c
            b = (b >> 12 | b << 20) & MASK
            a = (a + b + m[y]) & MASK
            d ^= a
            d = (d >> 8 | d << 24) & MASK
            c = (c + d) & MASK
            b ^= c
            v[ia], v[ib], v[ic], v[id_] = a, (b >> 7 | b << 25) & MASK, c, d
    return [v[i] ^ v[i + 8] for i in range(8)] + [v[i + 8] ^ chaining[i] for i in range(8)]


def _chunk(key, data, index, flags):
    """The last compression of a chunk of up to 1,024 bytes, not yet made: its arguments."""
    blocks = [data[at : at + 64] for at in range(0, len(data), 64)] or [b""]
    chaining = key
    for i, block in enumerate(blocks[:-1]):
        chaining = _compress(chaining, block, index, 64, flags | (CHUNK_START if i == 0 else 0))[:8]
    last = flags | CHUNK_END | (CHUNK_START if len(blocks) == 1 else 0)
    return chaining, blocks[-1], index, len(blocks[-1]), last


def _tree(key, data, index, flags):
    """The last compression of a subtree, not yet made: the left side holds the largest power of two of chunks below the whole."""
    if len(data) <= 1024:
        return _chunk(key, data, index, flags)
    chunks = (len(data) + 1023) // 1024
    left = 1 << (chunks - 1).bit_length() - 1
    sides = (_tree(key, data[: left * 1024], index, flags), _tree(key, data[left * 1024 :], index + left, flags))
    block = b"".join(struct.pack("<8I", *_compress(*side)[:8]) for side in sides)
    return key, block, 0, 64, flags | PARENT


def _hash(key, data, flags, length):
    chaining, block, _, size, flags = _tree(key, data, 0, flags)
    out = b""
    while len(out) < length:
        out += struct.pack("<16I", *_compress(chaining, block, len(out) // 64, size, flags | ROOT))
    return out[:length]


def hash_(data, length=32):
    """The plain hash."""
    return _hash(IV, data, 0, length)


def keyed(key, data, length=32):
    """The keyed hash under 32 bytes of key."""
    return _hash(struct.unpack("<8I", key), data, KEYED_HASH, length)


_contexts = {}


def derive_key(context, material, length=32):
    """The derive_key mode: `context` is a text, fixed by a format, and never a secret."""
    if context not in _contexts:
        _contexts[context] = struct.unpack("<8I", _hash(IV, context.encode(), DERIVE_KEY_CONTEXT, 32))
    return _hash(_contexts[context], material, DERIVE_KEY_MATERIAL, length)


def compare(vectors):
    """Compares with vectors in the layout of the official `test_vectors.json`; gives how many cases there were."""
    key, context = vectors["key"].encode(), vectors["context_string"]
    for case in vectors["cases"]:
        data = bytes(i % 251 for i in range(case["input_len"]))
        for name, made in (("hash", hash_), ("keyed_hash", lambda d, n: keyed(key, d, n)), ("derive_key", lambda d, n: derive_key(context, d, n))):
            wanted = bytes.fromhex(case[name])
            if made(data, len(wanted)) != wanted:
                raise SystemExit(f"{name} of {case['input_len']} bytes differs from the official vector")
    return len(vectors["cases"])


if __name__ == "__main__":
    import json
    import sys

    with open(sys.argv[1], encoding="utf-8") as file:
        print(compare(json.load(file)), "official cases agree")
