"""Decodes payloads by the tables of PAYLOADS.md, which it reads from the page itself.

It is for the second verifier; it refuses to guess: an unknown tag or schema is `None`, and bytes that the tables do not explain are an error.
"""

import pathlib
import re
import struct

from refusal import need

PAGE = pathlib.Path(__file__).resolve().parents[2] / "crates" / "ledger" / "PAYLOADS.md"


def _tables(page):
    words = {name: row.count("`") // 2 for name, row in re.findall(r"^\| `([A-Z]\w+)` \| (0 `.*) \|$", page, re.M)}
    events = {int(tag): (name, [f.split(" ", 1) for f in fields.split(", ")]) for tag, name, fields in re.findall(r"^\| (\d+) \| `(\w+)` \| (.*) \|$", page, re.M)}
    need(len(events) > 80 and len(words) > 20, "PAYLOADS.md has no tables")
    return events, words


EVENTS, WORDS = _tables(PAGE.read_text(encoding="utf-8"))


class Reader:
    """Values one after another; every text that is read is kept in `texts`."""

    def __init__(self, data):
        self.data, self.at, self.texts, self.sealed = data, 0, [], []

    def take(self, count):
        need(count <= len(self.data) - self.at, "a payload ends early")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, layout):
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))[0]

    def code(self, below, layout="B"):
        code = self.number(layout)
        need(code < below, "a code that no table has")
        return code

    def text(self):
        try:
            self.texts.append(self.take(self.number("Q")).decode())
        except UnicodeDecodeError:
            need(False, "a text is not UTF-8")
        return self.texts[-1]

    def reference(self):
        need(self.number("H") < len(self.sealed), "a place that the list of sealed values does not have")

    def many(self, kind):
        for _ in range(self.number("Q")):
            self.value(kind)

    def change(self, depth):
        need(depth <= 4, "changes nest too deep")
        kind = self.code(9, "I")
        if kind in (1, 2, 3, 4, 5, 6):
            self.value((None, "bool", "i64", "text", "text", "individual", "sealed")[kind])
        elif kind in (7, 8):
            for _ in range(self.number("Q")):
                if kind == 8:
                    self.text()
                self.change(depth + 1)

    def value(self, kind):
        if kind.endswith("?"):
            if self.code(2):
                self.value(kind[:-1])
        elif kind.endswith("[]"):
            self.many(kind[:-2])
        elif kind.startswith("word "):
            self.code(WORDS[kind[5:]])
        elif kind in ("u32", "u64", "i64", "day", "instant"):
            self.number({"u32": "I", "u64": "Q", "i64": "q", "day": "i", "instant": "q"}[kind])
        elif kind == "line":
            for part in ("text", "text", "text[]", "u32", "i64"):
                self.value(part)
        elif kind == "changes":
            for _ in range(self.number("Q")):
                self.text()
                self.change(1)
        else:
            {
                "text": self.text, "sealed": self.reference, "bool": lambda: self.code(2), "individual": lambda: self.take(16),
                "digest": lambda: (self.code(2), self.take(32)),
                "moment": lambda: self.value(("day", "instant")[self.code(2, "I")]),
                "scalar": lambda: self.value(("bool", "i64", "text", "text")[self.code(4, "I")]),
            }[kind]()


def front(reader):
    """The list of sealed values, (role, subject, bytes) each; the reader then stands before the fields."""
    for _ in range(reader.number("Q")):
        role, subject = reader.code(2), reader.take(16)
        reader.sealed.append((role, subject, reader.take(reader.number("Q"))))
    for kind in ("text?", "instant?", "text?", "digest[]"):
        reader.value(kind)
    if reader.code(2):
        reader.take(40)
    reader.value("u64?")
    reader.texts.clear()


def name_of(frame):
    """The type of a frame's event, or None where the page does not know its tag."""
    return EVENTS[frame.tag][0] if frame.tag in EVENTS else None


def decode(frame):
    """Sealed values and texts of a frame with a body; None when tag or schema is unknown."""
    if frame.body is None or frame.tag not in EVENTS or frame.schema != 1:
        return None
    need(len(frame.body) - 16 <= 1 << 20, "a payload above 1,048,576 bytes")
    reader = Reader(frame.body[16:])
    front(reader)
    for _, kind in EVENTS[frame.tag][1]:
        reader.value(kind)
    need(reader.at == len(reader.data), "a payload goes on behind its last field")
    return reader
