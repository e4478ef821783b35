"""A second verifier of audit packs, written from the format pages alone: crates/pack/FORMAT.md, crates/chain/FORMAT.md, crates/ledger/PAYLOADS.md,
crates/vault/VAULT.md and the C2SP note formats. It is for the test that two programs of different authorship agree about every pack; the tables of
tags and words are read from PAYLOADS.md itself, so that a wrong page is found as well.

It refuses to say more than the format allows ("self-consistent only" without a key from outside, never green on zero entries), to look for a key in
the pack, to know the rules, and to go on behind the first step that fails.

    verify_pack.py PACK [--key VKEY] [--checkpoint FILE]... [--witness VKEY]...       exit 0 verified, 1 bad evidence or no key, 2 usage
    verify_pack.py --changes LIST PACK [--key VKEY]               LIST: `offset xor` lines; one verdict a line, of each change alone
    verify_pack.py --many DIRECTORY [--key VKEY]                  one verdict a line, of every file in the order of their names

The standard library and `cryptography` are all it needs.
"""

import argparse
import functools
import hashlib
import os
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import blake3  # noqa: E402  ours, beside this file
import findings  # noqa: E402
import sealed  # noqa: E402
from notes import WITNESS, Key, Note, canonical_base64  # noqa: E402
from refusal import Bad, need, strict_json  # noqa: E402

REQUIRED = "required"
OPTIONAL = "optional"
ENTRIES = {
    "manifest.json": REQUIRED, "manifest.note": REQUIRED, "cover.html": REQUIRED, "notice.txt": OPTIONAL, "checkpoint.txt": REQUIRED,
    "genesis.bin": REQUIRED, "rotations.json": OPTIONAL, "frames.bin": REQUIRED, "proof.bin": REQUIRED, "consistency.json": OPTIONAL,
    "sample.json": OPTIONAL, "keys.json": REQUIRED, "findings.json": REQUIRED, "redactions.json": REQUIRED,
    "history/supervision.json": REQUIRED, "history/credentials.json": REQUIRED, "trailer.json": REQUIRED,
}
KINDS = ("claim", "sample", "person", "individual", "contact", "finding", "range", "everything")
sha256 = lambda data: hashlib.sha256(data).digest()  # noqa: E731
derive = functools.lru_cache(maxsize=65536)(blake3.derive_key)


# The file ---------------------------------------------------------------------------------------------------------------------------------------

def spell(entries):
    """The one spelling of a zip file with these entries."""
    out, central = bytearray(), bytearray()
    for name, data in entries:
        raw, fixed = name.encode(), (0, 0, 0, 0x21, zlib.crc32(data), len(data), len(data), len(name.encode()))
        central += b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, 10, *fixed, 0, 0, 0, 0, 0, len(out)) + raw
        out += b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", 10, *fixed, 0) + raw + data
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(central), len(out), 0)
    return bytes(out + central + end)


def open_file(file):
    """The entries by name, in the order of the file."""
    entries, at = [], 0
    while file[at : at + 4] == b"PK\x03\x04":
        need(len(entries) < 32, "more than 32 entries")
        need(at + 30 <= len(file), "the file ends in a header")
        length, name_length = struct.unpack_from("<I", file, at + 22)[0], struct.unpack_from("<H", file, at + 26)[0]
        start = at + 30 + name_length
        need(start + length <= len(file), "the file ends in an entry")
        try:
            name = file[at + 30 : start].decode()
        except UnicodeDecodeError:
            raise Bad("a name is not UTF-8") from None
        need(not (name.endswith(".json") and length > 256 << 20), "a JSON entry above 256 MiB")
        entries.append((name, file[start : start + length]))
        at = start + length
    need(entries, "this is not a pack")
    need(spell(entries) == file, "the zip file has another spelling")
    names, order = [name for name, _ in entries], list(ENTRIES)
    need(all(name in ENTRIES for name in names), "an entry that no page names")
    places = [order.index(name) for name in names]
    need(all(a < b for a, b in zip(places, places[1:])), "entries out of order or twice")
    need(all(name in names for name, kind in ENTRIES.items() if kind == REQUIRED), "an entry is missing")
    return dict(entries)


# Genesis, keys, checkpoint ----------------------------------------------------------------------------------------------------------------------

def read_genesis(data):
    need(len(data) >= 65, "the genesis is too short")
    version, ledger, created, simulated, key, length = struct.unpack_from("<H16sqB32sH", data)
    need(version == 1 and simulated <= 1 and 1 <= length <= 255 and len(data) >= 65 + length, "the genesis")
    settings = struct.unpack_from("<I", data, 61 + length)[0]
    need(settings <= 65535 and len(data) == 65 + length + settings, "the settings of the genesis")
    try:
        origin = data[61 : 61 + length].decode()
    except UnicodeDecodeError:
        raise Bad("the origin is not UTF-8") from None
    need(not any(ord(c) < 0x20 or ord(c) == 0x7F for c in origin), "the origin is not one line")
    return {"ledger": ledger, "created": created, "simulated": simulated == 1, "key": Key.of(origin, 1, key), "origin": origin, "link": derive("countersign genesis v1", data)}


def decimal(text):
    need(text.isascii() and text.isdigit() and (text == "0" or text[0] != "0") and len(text) <= 20, "not a decimal number")
    need(int(text) < 1 << 64, "a number too large")
    return int(text)


def root_of(text):
    root = canonical_base64(text)
    need(len(root) == 32, "a hash of another length than 32")
    return root


def read_checkpoint(note, origin):
    lines = note.text[:-1].split("\n")
    need(len(lines) >= 3 and all(lines), "a checkpoint has three lines")
    need(lines[0] == origin, "a checkpoint of another log")
    return decimal(lines[1]), root_of(lines[2])


def read_rotations(data, genesis):
    """The chain of keys, and for each the size at which it was retired."""
    chain, retired, last = [genesis["key"]], [], 0
    if data is not None:
        value = strict_json(data)
        statements = value.get("statements")
        need(value.get("schema") == "countersign.rotations.v1" and isinstance(statements, list) and statements, "rotations.json")
        for statement in statements:
            need(isinstance(statement, str), "a statement is a text")
            note = Note.parse(statement.encode())
            lines = note.text[:-1].split("\n")
            need(len(lines) == 6 and lines[0] == "countersign/key-rotation/v1" and lines[1] == genesis["origin"], "a statement's lines")
            for line, start in zip(lines[2:], ("old ", "new ", "from ", "root ")):
                need(line.startswith(start), "a statement's lines")
            old, new, size = Key.parse(lines[2][4:]), Key.parse(lines[3][4:]), decimal(lines[4][5:])
            root_of(lines[5][5:])
            need(old == chain[-1] and new not in chain and new.name == genesis["origin"] and size >= last, "a statement does not continue the chain")
            note.signed_by([old, new])
            chain.append(new)
            retired.append(size)
            last = size
    return chain, retired + [None]


# Manifest ---------------------------------------------------------------------------------------------------------------------------------------

def whole(value):
    return type(value) is int and 0 <= value < 1 << 53


def read_manifest(entries, genesis, key):
    data = entries["manifest.json"]
    note = Note.parse(entries["manifest.note"])
    need(len(note.lines) == 1, "manifest.note has exactly one signature")
    note.signed_by([key])
    need(note.text == f"countersign pack v1\n{genesis['origin']}\nsha256 {sha256(data).hex()}\n", "the note says another manifest")
    m = strict_json(data)
    need(m.get("schema") == "countersign.pack.v1", "another schema")
    listed = m.get("entries")
    need(isinstance(listed, list) and [e.get("name") if isinstance(e, dict) else None for e in listed] == [n for n in entries if n not in ("manifest.json", "manifest.note")], "the list of entries")
    for e in listed:
        data = entries[e["name"]]
        need(e.get("bytes") == len(data) and type(e.get("bytes")) is int and e.get("sha256") == sha256(data).hex(), f"{e['name']} is not what the manifest says")
    ledger, scope, cut = m.get("ledger"), m.get("scope"), m.get("cut")
    need(isinstance(ledger, dict) and isinstance(scope, dict) and isinstance(cut, dict) and isinstance(m.get("tree"), dict) and isinstance(m.get("counts"), dict), "the manifest lacks a part")
    need(ledger.get("origin") == genesis["origin"] and ledger.get("id") == genesis["ledger"].hex() and ledger.get("simulated") is genesis["simulated"], "another ledger")
    need(scope.get("kind") in KINDS and isinstance(scope.get("words"), str), "the scope")
    need(isinstance(scope.get("ids"), list) and all(isinstance(i, str) for i in scope["ids"]), "the ids of the scope")
    need(whole(cut.get("seq")) and isinstance(cut.get("recorded_at"), str), "the cut")
    need(isinstance(m.get("today"), str) and isinstance(m.get("rule_set"), str) and isinstance(m.get("part2"), bool), "today, rule_set or part2")
    need(m["part2"] == ("notice.txt" in entries), "the notice on redisclosure")
    need("complete" in m and (m["complete"] is not None) == (scope["kind"] in ("range", "everything")), "complete")
    if m["complete"] is not None:
        c = m["complete"]
        need(isinstance(c, dict) and whole(c.get("from")) and whole(c.get("to")), "complete")
    return m


# Frames and proof -------------------------------------------------------------------------------------------------------------------------------

class Frame:
    def __init__(self, header, body, number):
        version, self.ledger, self.seq, self.recorded, self.tag, self.schema, self.length, self.hash, self.previous = struct.unpack("<H16sQqHHI32s32s", header)
        need(version == 1, f"frame {number}: format version")
        self.header, self.body = header, body

    def link(self):
        return derive("countersign link v1", self.header)


def read_frames(data, genesis, size):
    frames, at = [], 0
    while at < len(data):
        need(at + 107 <= len(data), "frames.bin ends in a header")
        header, there = data[at : at + 106], data[at + 106]
        length = struct.unpack_from("<I", header, 38)[0]
        need(there <= 1 and 16 <= length <= 16 << 20, "a frame's length")
        at += 107
        body = None
        if there:
            need(at + length <= len(data), "frames.bin ends in a body")
            body = data[at : at + length]
            at += length
        frame = Frame(header, body, len(frames))
        need(frame.ledger == genesis["ledger"], f"seq {frame.seq}: another ledger")
        need(body is None or derive("countersign body v1", body) == frame.hash, f"seq {frame.seq}: the body is not what its header says")
        before = frames[-1] if frames else None
        need(frame.seq < size and (before is None or frame.seq > before.seq), f"seq {frame.seq} out of order")
        need(frame.recorded >= (before.recorded if before else genesis["created"]), f"seq {frame.seq}: time runs back")
        if frame.seq == 0:
            need(frame.previous == genesis["link"], "seq 0 does not follow the genesis")
        elif before and frame.seq == before.seq + 1:
            need(frame.previous == before.link(), f"seq {frame.seq} does not follow the one before")
        frames.append(frame)
    need(frames, "no frames at all")
    need(frames[0].seq == 0 and frames[0].body is not None, "seq 0 with its body is missing")
    return frames


def node(left, right):
    return sha256(b"\1" + left + right)


def walk(frames, size, hashes):
    """The root that the frames and the hashes of the proof lead to, with all the hashes used."""
    left = iter(hashes)

    def down(start, end, inside):
        if not inside:
            return next(left)
        if end - start == 1:
            return sha256(b"\0" + inside[0].header)
        k = start + (1 << (end - start - 1).bit_length() - 1)
        here = [f for f in inside if f.seq < k]
        return node(down(start, k, here), down(k, end, inside[len(here) :]))

    try:
        root = down(0, size, frames)
    except (StopIteration, RuntimeError):
        raise Bad("the proof is too short") from None
    need(next(left, None) is None, "the proof is too long")
    return root


def continues(m, root_m, n, root_n, path):
    """RFC 9162, section 2.1.4.2."""
    need(len(path) <= 64, "a path above 64 hashes")
    need(m <= n, "an earlier checkpoint that is larger")
    if m == n:
        return not path and root_m == root_n
    if m == 0:
        return not path and root_m == sha256(b"")
    path = ([root_m] if m & (m - 1) == 0 else []) + path
    if not path:
        return False
    fn, sn = m - 1, n - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return fr == root_m and sr == root_n and sn == 0


def read_consistency(data, size, root):
    shown, before = {}, -1
    if data is None:
        return shown
    value = strict_json(data)
    need(value.get("schema") == "countersign.consistency.v1" and isinstance(value.get("from"), list), "consistency.json")
    for item in value["from"]:
        need(isinstance(item, dict) and whole(item.get("size")) and item["size"] > before and isinstance(item.get("path"), list), "an earlier checkpoint")
        earlier, path = root_of(item.get("root")), [root_of(p) for p in item["path"]]
        need(continues(item["size"], earlier, size, root, path), f"the checkpoint over {item['size']} is not continued")
        shown[item["size"]] = earlier
        before = item["size"]
    return shown


def compare_outside(data, genesis, chain, retired, size, root, shown, frames):
    """A checkpoint that the reader kept: it must be shown to be continued."""
    note = Note.parse(data)
    theirs, their_root = read_checkpoint(note, genesis["origin"])
    signers = note.signers(chain)
    need(any(retired[chain.index(k)] is None or theirs <= retired[chain.index(k)] for k in signers), "a checkpoint that no valid key signed")
    if theirs == size:
        need(their_root == root, "a checkpoint of the same size with another root")
    elif theirs > size:
        raise Bad("a larger checkpoint is not shown to be continued")
    elif theirs in shown:
        need(shown[theirs] == their_root, "the history before the checkpoint was rewritten")
    elif theirs > 0:
        need(len(frames) >= theirs and frames[theirs - 1].seq == theirs - 1, "the checkpoint is not shown to be continued")
        need(walk(frames[:theirs], theirs, []) == their_root, "the history before the checkpoint was rewritten")


# All together -----------------------------------------------------------------------------------------------------------------------------------

def check(file, key=None, checkpoints=(), witnesses=()):
    """The verdict, a word of the table in FORMAT.md, and what failed."""
    try:
        entries = open_file(file)
        genesis = read_genesis(entries["genesis.bin"])
        chain, retired = read_rotations(entries.get("rotations.json"), genesis)
        need(key is None or key in chain, "the key given is not this log's")
        m = read_manifest(entries, genesis, chain[-1])
        note = Note.parse(entries["checkpoint.txt"])
        size, root = read_checkpoint(note, genesis["origin"])
        note.signed_by([chain[-1]])
        need(m["tree"].get("size") == size and whole(m["tree"].get("size")) and m["tree"].get("root") == note.text.split("\n")[2], "the tree of the manifest")
        frames = read_frames(entries["frames.bin"], genesis, size)
        if m["complete"] is not None:
            first, last = m["complete"]["from"], m["complete"]["to"]
            need(first <= last < size and sum(first <= f.seq <= last for f in frames) == last - first + 1, "the range is not complete")
        proof = entries["proof.bin"]
        need(len(proof) % 32 == 0 and walk(frames, size, [proof[i : i + 32] for i in range(0, len(proof), 32)]) == root, "the frames do not lead to the root")
        shown = read_consistency(entries.get("consistency.json"), size, root)
        for data in checkpoints:
            compare_outside(data, genesis, chain, retired, size, root, shown, frames)
        need(not witnesses or any([note.cosigned(w) is not None for w in witnesses]), "none of the witnesses cosigned")
        keys, erased, redactions = sealed.check(entries, frames)
        count = findings.check(entries, frames)
        bodies = sum(f.body is not None for f in frames)
        counted = {"frames": len(frames), "bodies": bodies, "keys": keys, "findings": count, "redactions": redactions}
        need(all(type(m["counts"].get(n)) is int and m["counts"][n] == c for n, c in counted.items()), "the counts of the manifest")
        t = strict_json(entries["trailer.json"])
        wanted = {"frames": len(frames), "bodies": bodies, "first": frames[0].seq, "last": frames[-1].seq, "entries": len(entries)}
        need(t.get("schema") == "countersign.trailer.v1" and all(type(t.get(n)) is int and t[n] == v for n, v in wanted.items()), "the trailer")
    except Bad as reason:
        return "failed", str(reason)
    if key is None:
        return "self_consistent_only", "self-consistent only: everything may have been made up together"
    return ("verified_with_erased_parts", "verified, with erased parts") if erased else ("verified", "verified")


def main():
    parser = argparse.ArgumentParser(description="A second verifier of audit packs.")
    parser.add_argument("pack")
    parser.add_argument("--key")
    parser.add_argument("--checkpoint", action="append", default=[])
    parser.add_argument("--witness", action="append", default=[])
    parser.add_argument("--changes", metavar="LIST")
    parser.add_argument("--many", action="store_true", help="PACK is a directory")
    asked = parser.parse_args()
    try:
        key = Key.parse(asked.key) if asked.key is not None else None
        witnesses = [Key.parse(w, WITNESS) for w in asked.witness]
        checkpoints = [pathlib.Path(c).read_bytes() for c in asked.checkpoint]
        if asked.many:
            for name in sorted(os.listdir(asked.pack)):
                print(check((pathlib.Path(asked.pack) / name).read_bytes(), key, checkpoints)[0])
            return 0
        file = pathlib.Path(asked.pack).read_bytes()
        if asked.changes:
            changed = bytearray(file)
            for line in pathlib.Path(asked.changes).read_text().splitlines():
                at, xor = (int(n) for n in line.split())
                changed[at] ^= xor
                print(check(bytes(changed), key, checkpoints)[0])
                changed[at] ^= xor
            return 0
    except (OSError, Bad) as unusable:
        print(f"error: {unusable}", file=sys.stderr)
        return 2
    verdict, why = check(file, key, checkpoints, witnesses)
    print(f"{verdict}: {why}")
    print("not checked: whether the findings are all that the rules give, the histories, the cover, the words, and in a filtered pack what is missing")
    return 0 if verdict.startswith("verified") else 1


if __name__ == "__main__":
    sys.exit(main())
