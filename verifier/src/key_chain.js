// The keys of one log over time (FORMAT.md, "Keys of the log"): the key it was born with, and each change of key signed by the old and the new one.
// Refuses a statement that does not continue the chain, and what a retired key signs over events that came after it.

import { decimal, encode, hashOf, same } from "./bytes.js";
import { logKey, parseCheckpoint, parseLogKey, parseNote, sameKey, signers } from "./notes.js";
import { need, refuse } from "./refusal.js";
import { list, readJson } from "./strict_json.js";

const FIRST_LINE = "countersign/key-rotation/v1";

/** The chain: `keys` from the first to the current one, and for each the size at which it retired (the last: `null`). */
export function keyChain(genesis, rotations) {
  const chain = { origin: genesis.origin, keys: [logKey(genesis.origin, genesis.logKey)], retired: [null] };
  if (rotations === undefined) return chain;
  const statements = list(readJson("rotations.json", rotations, "countersign.rotations.v1"), "statements");
  need(statements.length > 0, "rotations.json holds no statement");
  for (const statement of statements) extend(chain, typeof statement === "string" ? statement : refuse("rotations.json: a statement is not text"));
  return chain;
}

export const current = (chain) => chain.keys[chain.keys.length - 1];

function extend(chain, statement) {
  const note = parseNote(encode(statement));
  const lines = note.text.slice(0, -1).split("\n");
  const syntax = "rotations.json: this is not a statement of a key rotation";
  need(lines.length === 6 && lines[0] === FIRST_LINE, syntax);
  const after = (at, start) => (lines[at].startsWith(start) ? lines[at].slice(start.length) : refuse(syntax));
  const [old, fresh] = [parseLogKey(after(2, "old ")), parseLogKey(after(3, "new "))];
  const from = decimal(after(4, "from "));
  need(from !== null && hashOf(after(5, "root ")) !== null && lines[1] === old.name, syntax);
  need(old.name === fresh.name && !same(old.bytes, fresh.bytes), "rotations.json: a rotation is from one key of a log to another key of the same log");
  need(signers(note, [old, fresh]).length === 2, "rotations.json: a rotation must be signed by the old key and by the new one");
  const before = chain.retired[chain.retired.length - 2];
  const follows = sameKey(old, current(chain)) && !chain.keys.some((known) => same(known.bytes, fresh.bytes));
  need(follows && (before === undefined || before <= from), "rotations.json: the rotation does not continue from the key before it");
  chain.retired[chain.retired.length - 1] = from;
  chain.keys.push(fresh);
  chain.retired.push(null);
}

/** A checkpoint from outside, by whichever key of the chain signed it at its time. */
export function openCheckpoint(chain, bytes) {
  const note = parseNote(bytes);
  const signed = signers(note, chain.keys);
  const checkpoint = parseCheckpoint(note.text);
  need(checkpoint.origin === chain.origin, `this is a checkpoint of ${checkpoint.origin}`);
  const inTime = (key) => {
    const retired = chain.retired[chain.keys.indexOf(key)];
    return retired === null || checkpoint.size <= retired;
  };
  need(signed.some(inTime), "the checkpoint is signed only by a key that was retired before the ledger had that many events");
  return checkpoint;
}
