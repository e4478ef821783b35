"""Event keys, sealed values and redactions of a pack: every key opens what it must, and what no key opens is listed with its reason.

It is for the second verifier; it refuses to keep or print an opened value.
"""

import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

import blake3
import payloads
from refusal import need, strict_json

MASK = 0xFFFFFFFF


def hchacha20(key, nonce):
    """The subkey of XChaCha20: 20 rounds over key and 16 bytes of nonce, without the final addition."""
    v = list(struct.unpack("<16I", b"expand 32-byte k" + key + nonce))

    def quarter(a, b, c, d):
        for x, y, z, by in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            v[x] = (v[x] + v[y]) & MASK
            v[z] ^= v[x]
            v[z] = (v[z] << by | v[z] >> 32 - by) & MASK

    for _ in range(10):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack("<8I", *v[:4], *v[12:])


def opens(event_key, field, header, value):
    """Whether a sealed value opens: nonce of 24 bytes, ciphertext, tag."""
    if len(value) < 40:
        return False
    key = blake3.derive_key("countersign field key v1", event_key + struct.pack("<H", field))
    try:
        ChaCha20Poly1305(hchacha20(key, value[:16])).decrypt(b"\0\0\0\0" + value[16:24], value[24:], header[:38])
    except InvalidTag:
        return False
    return True


def hexadecimal(text, length):
    need(isinstance(text, str) and len(text) == 2 * length and all(c in "0123456789abcdef" for c in text), "hexadecimal")
    return bytes.fromhex(text)


def check(entries, frames):
    """Numbers of keys and redactions, and whether something was erased: (keys, erased, redactions)."""
    by_seq = {f.seq: (f, payloads.decode(f)) for f in frames}
    value = strict_json(entries["keys.json"])
    need(value.get("schema") == "countersign.keys.v1" and isinstance(value.get("keys"), list), "keys.json")
    before, covered, keys = None, set(), len(value["keys"])
    for item in value["keys"]:
        need(isinstance(item, dict) and type(item.get("seq")) is int, "a key")
        seq, subject, key = item["seq"], hexadecimal(item.get("subject"), 16), hexadecimal(item.get("key"), 32)
        need(before is None or (seq, subject) > before, "keys out of order or twice")
        before = (seq, subject)
        frame, read = by_seq.get(seq, (None, None))
        need(frame is not None and frame.body is not None, "a key of a body that is not there")
        if read is None:
            continue
        mine = [i for i, (_, whose, _) in enumerate(read.sealed) if whose == subject]
        need(mine, "a key of a value that is not there")
        need(all(opens(key, i, frame.header, read.sealed[i][2]) for i in mine), "a key does not open its value")
        covered.update((seq, i) for i in mine)

    value = strict_json(entries["redactions.json"])
    listed = value.get("redactions")
    need(value.get("schema") == "countersign.redactions.v1" and isinstance(listed, list), "redactions.json")
    need(isinstance(value.get("words"), list) and all(isinstance(w, str) for w in value["words"]), "the words of the redactions")
    wanted = {}
    for seq, (frame, read) in by_seq.items():
        if frame.body is None:
            wanted[seq, -1] = "body"
        elif read is not None:
            wanted.update({(seq, i): "sealed" for i in range(len(read.sealed)) if (seq, i) not in covered})
    before, found, erased = None, set(), False
    for item in listed:
        need(isinstance(item, dict) and type(item.get("seq")) is int and item.get("why") in ("other_people", "not_needed", "erased"), "a redaction")
        field = -1 if item.get("what") == "body" else item.get("field")
        need(type(field) is int and item.get("what") in ("body", "sealed") and not (item["what"] == "sealed" and field < 0), "a redaction")
        place = (item["seq"], field)
        need(before is None or place > before, "redactions out of order or twice")
        before = place
        erased |= item["why"] == "erased"
        frame, read = by_seq.get(item["seq"], (None, None))
        if frame is not None and frame.body is not None and read is None and item["what"] == "sealed":
            continue
        need(wanted.get(place) == item["what"], "a redaction of what was not left out")
        found.add(place)
    need(found == set(wanted), "something was left out without a redaction")
    return keys, erased, len(listed)
