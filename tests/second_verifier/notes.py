"""Signed notes, their keys and cosignatures (C2SP signed-note, tlog-cosignature), as far as a pack has them: Ed25519 of the types 01 and 04.

It is for the second verifier; it refuses to sign, passes over signatures of keys it was not told of, and is as strict as FORMAT.md, "Signatures".
"""

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from refusal import Bad, need


def canonical_base64(text):
    """The bytes of standard base64 with padding that is exactly what encoding them gives."""
    need(isinstance(text, str), "base64 is a text")
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Bad("this is not base64") from None
    need(base64.b64encode(data).decode() == text, "base64 of another spelling")
    return data


LOG, WITNESS = 1, 4
P = 2**255 - 19
# The y of the points of small order: orders 1, 2, 4 and, twice, 8.
EIGHTH = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
SMALL_ORDER = {1, P - 1, 0, EIGHTH, P - EIGHTH}


def _small(point):
    return (int.from_bytes(point, "little") & ((1 << 255) - 1)) % P in SMALL_ORDER


def accepts(public, message, signature):
    """Strictly: `cryptography` checks S and the equation without cofactor, but lets points of small order pass."""
    if len(signature) != 64 or _small(public) or _small(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _name(text):
    need(text != "" and "+" not in text and not any(c.isspace() for c in text), "the name of a key")


class Key:
    """A public key under a name."""

    def __init__(self, name, kind, public):
        self.name, self.kind, self.public = name, kind, public
        self.id = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]

    @classmethod
    def of(cls, name, kind, public):
        _name(name)
        return cls(name, kind, public)

    @classmethod
    def parse(cls, vkey, kind=LOG):
        parts = vkey.split("+", 2)
        need(len(parts) == 3, "this is not a vkey")
        data = canonical_base64(parts[2])
        need(len(data) == 33 and data[0] == kind, "a key of another kind than the one asked for")
        key = cls.of(parts[0], kind, data[1:])
        need(key.id.hex() == parts[1], "the id of a vkey is not that of its key")
        return key

    def __eq__(self, other):
        return (self.name, self.kind, self.public) == (other.name, other.kind, other.public)

    def __hash__(self):
        return hash((self.name, self.public))


class Note:
    """A text and its signature lines: (name, key id, signature)."""

    def __init__(self, text, lines):
        self.text, self.lines = text, lines

    @classmethod
    def parse(cls, data):
        need(len(data) <= 1_000_000, "a note above 1,000,000 bytes")
        try:
            whole = data.decode()
        except UnicodeDecodeError:
            raise Bad("a note is UTF-8") from None
        need(not any(c < " " and c != "\n" for c in whole), "a control character in a note")
        at = whole.rfind("\n\n")
        need(at >= 0 and whole.endswith("\n"), "a note has a text, an empty line and signatures")
        text, lines = whole[: at + 1], whole[at + 2 :].split("\n")[:-1]
        need(1 <= len(lines) <= 100, "a note's signatures")
        read = []
        for line in lines:
            parts = line.split(" ")
            need(len(parts) == 3 and parts[0] == "\u2014", "a signature line")
            _name(parts[1])
            payload = canonical_base64(parts[2])
            need(len(payload) >= 5, "a signature is too short")
            read.append((parts[1], payload[:4], payload[4:]))
        return cls(text, read)

    def signers(self, keys):
        """Which of these keys signed. One whose signature fails spoils the note."""
        signed = []
        for key in keys:
            for name, key_id, signature in self.lines:
                if (name, key_id) == (key.name, key.id):
                    need(accepts(key.public, self.text.encode(), signature), "a signature does not hold")
                    signed.append(key)
        return signed

    def signed_by(self, keys):
        """All of these keys signed."""
        signed = self.signers(keys)
        need(all(key in signed for key in keys), "a signature is missing")

    def cosigned(self, witness):
        """When this witness saw the text, POSIX seconds; None when it did not sign."""
        latest = None
        for name, key_id, payload in self.lines:
            if (name, key_id) == (witness.name, witness.id):
                time = int.from_bytes(payload[:8], "big") if len(payload) >= 8 else 0
                need(time > 0 and accepts(witness.public, f"cosignature/v1\ntime {time}\n{self.text}".encode(), payload[8:]), "a cosignature does not hold")
                latest = max(latest or 0, time)
        return latest
