"""What a second reader can say about a pack's findings without the rules: that their evidence is in the pack and says what it is said to be.

It is for the second verifier; it refuses to judge whether a finding is right, or whether one is missing.
"""

import sys

import payloads
from refusal import need, strict_json

IDS = ("contact", "claim", "person", "peer", "group_session")


def check(entries, frames):
    """The number of findings. A subject that its evidence never names is said, as the page asks, and is no failure."""
    value = strict_json(entries["findings.json"])
    need(value.get("schema") == "countersign.findings.v1" and isinstance(value.get("findings"), list), "findings.json")
    by_seq = {f.seq: f for f in frames}
    for finding in value["findings"]:
        need(isinstance(finding, dict) and finding.get("class") in ("violation", "documentation", "advisory"), "the class of a finding")
        evidence, texts, all_there = finding.get("evidence"), set(), True
        need(isinstance(evidence, list), "the evidence of a finding")
        for item in evidence:
            need(isinstance(item, dict) and type(item.get("seq")) is int and item["seq"] in by_seq, "evidence that is not in the pack")
            frame = by_seq[item["seq"]]
            name = payloads.name_of(frame)
            need(name is None or item.get("type") == name, "evidence of another type than said")
            read = payloads.decode(frame)
            all_there &= read is not None
            texts.update(read.texts if read else ())
        subject = finding.get("subject")
        if evidence and all_there and isinstance(subject, dict):
            for name in IDS:
                if isinstance(subject.get(name), str) and subject[name] not in texts:
                    print(f"finding {finding.get('id')}: no evidence names {name} {subject[name]}", file=sys.stderr)
    return len(value["findings"])
