"""Reads exported frames of a ledger with nothing but FORMAT.md, PAYLOADS.md and Python's standard library.

Usage: decoder.py EXPORT PAYLOADS.md. Prints one JSON object an event, then the root of the tree and the last link.
It shares no code with the ledger on purpose: what both read alike is what the pages say.
"""

import datetime
import hashlib
import json
import re
import struct
import sys

try:
    import blake3 as blake3_package
except ImportError:
    blake3_package = None


# BLAKE3 as its specification describes it, only as much as FORMAT.md needs: derive_key of inputs up to 1,024 bytes and
# beyond. Slow; the package is used where it is installed.

IV = [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19]
ORDER = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]
CHUNK_START, CHUNK_END, PARENT, ROOT, CONTEXT, MATERIAL = 1, 2, 4, 8, 32, 64
MASK = 0xFFFFFFFF


def compress(chaining, words, counter, length, flags):
    v = chaining + IV[:4] + [counter & MASK, counter >> 32, length, flags]

    def mix(a, b, c, d, x, y):
        for word, first, second in ((x, 16, 12), (y, 8, 7)):
            v[a] = (v[a] + v[b] + word) & MASK
            t = v[d] ^ v[a]
            v[d] = (t >> first | t << (32 - first)) & MASK
            v[c] = (v[c] + v[d]) & MASK
            t = v[b] ^ v[c]
            v[b] = (t >> second | t << (32 - second)) & MASK

    for number in range(7):
        for column in range(4):
            mix(column, 4 + column, 8 + column, 12 + column, words[2 * column], words[2 * column + 1])
        for diagonal in range(4):
            places = (diagonal, 4 + (diagonal + 1) % 4, 8 + (diagonal + 2) % 4, 12 + (diagonal + 3) % 4)
            mix(*places, words[8 + 2 * diagonal], words[9 + 2 * diagonal])
        if number < 6:
            words = [words[place] for place in ORDER]
    return [v[i] ^ v[i + 8] for i in range(8)]


def chunk_node(key, chunk, number, flags):
    """The last compression of a chunk, not yet done, because a root needs one more flag."""
    blocks = [chunk[i : i + 64] for i in range(0, len(chunk), 64)] or [b""]
    chaining = key
    for place, block in enumerate(blocks):
        words = list(struct.unpack("<16I", block.ljust(64, b"\0")))
        more = flags | (CHUNK_START if place == 0 else 0)
        if place == len(blocks) - 1:
            return chaining, words, number, len(block), more | CHUNK_END
        chaining = compress(chaining, words, number, 64, more)


def subtree(key, data, number, flags):
    if len(data) <= 1024:
        return chunk_node(key, data, number, flags)
    left = 1024
    while left * 2 < len(data):
        left *= 2
    one = compress(*subtree(key, data[:left], number, flags))
    two = compress(*subtree(key, data[left:], number + left // 1024, flags))
    return key, one + two, 0, 64, flags | PARENT


def blake3_hash(key, data, flags):
    chaining, words, counter, length, more = subtree(key, data, 0, flags)
    return compress(chaining, words, counter, length, more | ROOT)


def derive_key(context, data):
    if blake3_package is not None:
        return blake3_package.blake3(data, derive_key_context=context).digest()
    key = blake3_hash(IV, context.encode(), CONTEXT)
    return struct.pack("<8I", *blake3_hash(key, data, MATERIAL))


# The tree of RFC 6962.


def tree_root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + tree_root(leaves[:split]) + tree_root(leaves[split:])).digest()


# Payloads, from the tables of the page.


def tables(page):
    events, words = {}, {}
    for line in page.splitlines():
        event = re.fullmatch(r"\| (\d+) \| `(\w+)` \| (.*) \|", line)
        if event:
            fields = [field.split(" ", 1) for field in event[3].split(", ")]
            events[int(event[1])] = (event[2], fields)
        word = re.fullmatch(r"\| `(\w+)` \| (\d+ `.*`) \|", line)
        if word:
            words[word[1]] = {int(code): name for code, name in re.findall(r"(\d+) `([^`]+)`", word[2])}
    return events, words


def instant(micros):
    seconds, fraction = divmod(micros, 1_000_000)
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    return moment.isoformat() + (f".{fraction:06}".rstrip("0") if fraction else "") + "Z"


class Reader:
    def __init__(self, data, words):
        self.data, self.at, self.words = data, 0, words

    def take(self, length):
        if self.at + length > len(self.data):
            raise ValueError("the payload ends early")
        self.at += length
        return self.data[self.at - length : self.at]

    def number(self, form):
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))[0]

    def flag(self):
        flag = self.number("B")
        if flag > 1:
            raise ValueError(f"{flag} is neither 0 nor 1")
        return flag == 1

    def items(self, read):
        return [read() for _ in range(self.number("Q"))]

    def named(self):
        name = self.value("text")
        return name, self.value("change")

    def line(self):
        fields = [("contact", "text"), ("hcpcs", "text"), ("modifiers", "text[]"), ("units", "u32"), ("charge_cents", "i64")]
        return {name: self.value(kind) for name, kind in fields}

    def one_of(self, *kinds):
        return self.value(kinds[self.number("I")])

    def value(self, kind):
        if kind.endswith("?"):
            return self.value(kind[:-1]) if self.flag() else None
        if kind.endswith("[]"):
            return self.items(lambda: self.value(kind[:-2]))
        if kind.startswith("word "):
            return self.words[kind[5:]][self.number("B")]
        readers = {
            "null": lambda: None,
            "bool": self.flag,
            "u32": lambda: self.number("I"),
            "u64": lambda: self.number("Q"),
            "i64": lambda: self.number("q"),
            "day": lambda: str(datetime.date(1970, 1, 1) + datetime.timedelta(days=self.number("i"))),
            "instant": lambda: instant(self.number("q")),
            "text": lambda: self.take(self.number("Q")).decode(),
            "digest": lambda: ("blake3:", "sha256:")[self.number("B")] + self.take(32).hex(),
            "moment": lambda: self.one_of("day", "instant"),
            "scalar": lambda: self.one_of("bool", "i64", "text", "text"),
            "individual": lambda: "pseudonym:" + self.take(16).hex(),
            "sealed": lambda: f"sealed:{self.number('H')}",
            "line": self.line,
            "changes": lambda: dict(self.items(self.named)),
            "change": lambda: self.one_of("null", "bool", "i64", "text", "text", "individual", "sealed", "change[]", "changes"),
        }
        return readers[kind]()

    def front(self):
        sealed = self.items(lambda: (self.number("B"), self.take(16).hex(), len(self.take(self.number("Q")))))
        front = {name: self.value(kind) for name, kind in
                 (("source_id", "text?"), ("entered_at", "instant?"), ("actor", "text?"), ("evidence", "digest[]"))}
        front["provenance"] = [self.take(32).hex(), self.number("Q")] if self.flag() else None
        front["target"] = self.value("u64?")
        front["sealed"] = [[role, subject, length] for role, subject, length in sealed]
        return front


def pieces(data):
    at = 0
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at)
        at += 4 + length
        yield data[at - length : at]


def expect(condition, seq, what):
    if not condition:
        sys.exit(f"seq {seq}: {what}")


def main(export, page):
    events, words = tables(open(page, encoding="utf-8").read())
    stream = pieces(open(export, "rb").read())
    expect(next(stream) == b"csframe1", "-", "not an export of frames")
    genesis = next(stream)
    link = derive_key("countersign genesis v1", genesis)
    last_at = struct.unpack_from("<q", genesis, 18)[0]
    leaves = []
    for seq, (header, body) in enumerate(zip(stream, stream)):
        version, ledger_id, stated, recorded_at, tag, schema, length, body_hash, previous = struct.unpack("<H16sQqHHI32s32s", header)
        expect(version == 1 and ledger_id == genesis[2:18] and stated == seq, seq, "wrong version, ledger or seq")
        expect(recorded_at >= last_at and length == len(body), seq, "time went back, or the body has another length")
        expect(body_hash == derive_key("countersign body v1", body), seq, "the body does not have its hash")
        expect(previous == link, seq, "it does not follow the frame before")
        link, last_at = derive_key("countersign link v1", header), recorded_at
        leaves.append(hashlib.sha256(b"\0" + header).digest())
        if schema != 1 or tag not in events:
            print(json.dumps({"seq": seq, "not_interpreted": [tag, schema]}))
            continue
        reader = Reader(body[16:], words)
        front = reader.front()
        name, fields = events[tag]
        values = {field: reader.value(kind) for field, kind in fields}
        expect(reader.at == len(reader.data), seq, "bytes follow the last field")
        print(json.dumps({"seq": seq, "type": name, "front": front, "fields": values}, ensure_ascii=False, separators=(",", ":")))
    print("root", tree_root(leaves).hex())
    print("link", link.hex())


if __name__ == "__main__":
    main(*sys.argv[1:])
