"""Makes packs that are wrong behind their checksums: one byte of one entry is changed, then digests, note and zip are made anew with the log's own key.
Or adds one signature line, as it is given, to the checkpoint.

It is for the test of the two verifiers, since a raw change never comes further than a digest; it refuses any pack whose entries it cannot spell again.

    reseal.py PACK KEY_FILE COUNT DIRECTORY         the changes are spread evenly over every entry, and are the same in every run
    reseal.py PACK KEY_FILE --line LINE FILE
"""

import base64
import hashlib
import pathlib
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from notes import Key, Note
from verify_pack import open_file, sha256, spell

XORS = (0x01, 0x02, 0x10, 0x20, 0x40, 0x80, 0x13, 0xFF)


def sealed_anew(entries, signer, name):
    """The file with these entries, its manifest saying their digests and its note signing that."""
    manifest = entries["manifest.json"]
    for entry, (before, after) in entries["changed"].items():
        stated = '"name":"%s","bytes":%d,"sha256":"%s"'
        was, is_now = (stated % (entry, len(data), hashlib.sha256(data).hexdigest()) for data in (before, after))
        if was.encode() not in manifest:
            sys.exit(f"the manifest does not state {entry} as it is spelled here")
        manifest = manifest.replace(was.encode(), is_now.encode())
        entries[entry] = after
    origin = name.name
    text = f"countersign pack v1\n{origin}\nsha256 {sha256(manifest).hex()}\n"
    signature = base64.b64encode(name.id + signer.sign(text.encode())).decode()
    entries |= {"manifest.json": manifest, "manifest.note": f"{text}\n\u2014 {origin} {signature}\n".encode()}
    return spell([(n, data) for n, data in entries.items() if n != "changed"])


def main():
    pack, key_file, count, *more = sys.argv[1:]
    original = open_file(pathlib.Path(pack).read_bytes())
    _, _, origin, _, secret = pathlib.Path(key_file).read_text().strip().split("+", 4)
    signer = Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret)[1:])
    key = Key.of(origin, 1, signer.public_key().public_bytes_raw())
    Note.parse(original["manifest.note"]).signed_by([key])
    if count == "--line":
        line, file = more
        before = original["checkpoint.txt"]
        entries = dict(original) | {"changed": {"checkpoint.txt": (before, before + line.encode() + b"\n")}}
        pathlib.Path(file).write_bytes(sealed_anew(entries, signer, key))
        return
    (folder,) = more
    names = [n for n in original if n != "manifest.note"]
    made = 0
    for name in names:
        data = original[name]
        each = min(len(data), int(count) // len(names))
        for i in range(each):
            at, xor = i * len(data) // each, XORS[i % len(XORS)]
            changed = data[:at] + bytes([data[at] ^ xor]) + data[at + 1 :]
            entries = dict(original)
            if name == "manifest.json":
                entries |= {name: changed, "changed": {}}
            else:
                entries["changed"] = {name: (data, changed)}
            place = f"{made:05}-{name.replace('/', '-')}-{at}-{xor}"
            (pathlib.Path(folder) / place).write_bytes(sealed_anew(entries, signer, key))
            made += 1
    print(made)


if __name__ == "__main__":
    main()
