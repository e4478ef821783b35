// Signed notes, their keys, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature), as far as a pack has them.
// Refuses a note as a whole when a signature of a known key fails, and never trusts one that no known key signed.

import { base64, decimal, encode, exact, hashOf, hex, join, same, unbase64, utf8, view } from "./bytes.js";
import { accepts, publicPoint } from "./ed25519.js";
import { sha256 } from "./hashing.js";
import { need, refuse } from "./refusal.js";

const LOG = 1;
const WITNESS = 4;
const MAX_NOTE = 1_000_000;
const MAX_LINES = 100;
const MAX_VKEY = 4096;
const DASH = "\u2014";
const NOT_IN_NAMES = /[\p{White_Space}\p{Cc}+]/u;

const isName = (name) => name !== "" && !NOT_IN_NAMES.test(name);

/** A public key under a name: `{ name, kind, bytes, id, vkey }`. */
export function key(name, kind, bytes) {
  need(isName(name), "a key name must not be empty or hold spaces or a plus sign");
  need(publicPoint(bytes) !== null, "the bytes are not an Ed25519 public key");
  const id = sha256(join(encode(`${name}\n`), Uint8Array.of(kind), bytes)).subarray(0, 4);
  return { name, kind, bytes, id, vkey: `${name}+${hex(id)}+${base64(join(Uint8Array.of(kind), bytes))}` };
}

export const logKey = (name, bytes) => key(name, LOG, bytes);
export const sameKey = (a, b) => a.vkey === b.vkey;

function parseKey(vkey, kind) {
  const [name, id, ...rest] = vkey.split("+");
  const bytes = unbase64(rest.join("+"));
  if (vkey.length > MAX_VKEY || rest.length === 0 || bytes === null || bytes.length === 0) refuse("this is not the text of a note key (name+id+base64)");
  need(bytes[0] === kind, kind === LOG ? "this is not a log's key (Ed25519, type 01)" : "this is not a witness's key (Ed25519 cosignature, type 04)");
  need(bytes.length === 33, "this is not the text of a note key (name+id+base64)");
  const found = key(name, kind, bytes.subarray(1));
  need(hex(found.id) === id, "the key ID does not belong to this name and key");
  return found;
}

export const parseLogKey = (vkey) => parseKey(vkey, LOG);
export const parseWitnessKey = (vkey) => parseKey(vkey, WITNESS);

/** Takes a note apart without judging its signatures: `{ text, lines: [{ name, id, signature }] }`. */
export function parseNote(bytes) {
  need(bytes.length <= MAX_NOTE, "the note is longer than 1,000,000 bytes");
  const whole = utf8(bytes);
  need(whole !== null && !/[\u0000-\u0009\u000b-\u001f]/.test(whole), "the note is not lines of plain UTF-8 text");
  const blank = whole.lastIndexOf("\n\n");
  const ends = "the note does not end in a blank line and signature lines";
  const below = whole.slice(blank + 2);
  need(blank >= 0 && below.endsWith("\n"), ends);
  const lines = below.slice(0, -1).split("\n");
  need(lines.length <= MAX_LINES, ends);
  return { text: whole.slice(0, blank + 1), lines: lines.map((line) => signatureLine(line) ?? refuse(ends)) };
}

function signatureLine(line) {
  const [dash, name, payload, ...more] = line.split(" ");
  const bytes = payload === undefined ? null : unbase64(payload);
  if (dash !== DASH || more.length > 0 || bytes === null || bytes.length < 5 || !isName(name)) return null;
  return { name, id: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

const made = (key, line) => key.name === line.name && same(key.id, line.id);

/** The keys, of those known, that signed: at least one. */
export function signers(note, known) {
  const signed = [];
  for (const line of note.lines) {
    const named = known.filter((key) => made(key, line));
    if (named.length === 0) continue;
    const signer = named.find((key) => accepts(key.bytes, encode(note.text), line.signature));
    need(signer !== undefined, `the signature of ${line.name} does not verify`);
    if (!signed.includes(signer)) signed.push(signer);
  }
  need(signed.length > 0, "the note is not signed by any known key");
  return signed;
}

/** When a witness cosigned the note, POSIX seconds; `null` when it did not. */
export function cosigned(note, witness) {
  let latest = null;
  for (const line of note.lines.filter((line) => made(witness, line))) {
    const time = line.signature.length < 8 ? 0n : view(line.signature).getBigUint64(0);
    const held = time !== 0n && accepts(witness.bytes, encode(`cosignature/v1\ntime ${time}\n${note.text}`), line.signature.subarray(8));
    need(held, `the signature of ${witness.name} does not verify`);
    if (latest === null || time > latest) latest = exact(time);
  }
  return latest;
}

/** The checkpoint that a note's text is: `{ origin, size, root }`. */
export function parseCheckpoint(text) {
  const lines = text.slice(0, -1).split("\n");
  const [origin, size, root] = [lines[0], decimal(lines[1] ?? ""), hashOf(lines[2])];
  need(origin !== "" && !/\p{Cc}/u.test(origin), "the checkpoint has no proper origin line");
  need(size !== null, "the checkpoint's size is not a plain decimal number");
  need(root !== null, "the checkpoint's root is not 32 bytes in base64");
  need(!lines.slice(3).includes(""), "the checkpoint goes on with an empty line or does not end in a newline");
  return { origin, size, root };
}
