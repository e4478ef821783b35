// What lies inside the bodies as far as a verifier reads it: sealed values and their keys, what was left out and why, and the counts at the end.
// Refuses a sealed value that is neither disclosed nor listed as left out, and a key that opens nothing.

import { hex } from "./bytes.js";
import { checkFindings } from "./findings.js";
import { INTRODUCTION, SCHEMA, sealedValues } from "./payload.js";
import { need, refuse } from "./refusal.js";
import { breathe, count } from "./report.js";
import { open } from "./sealed.js";
import { bytesOf, list, readJson, text, texts, whole } from "./strict_json.js";

const REASONS = ["other_people", "not_needed", "erased"];
const BETWEEN_PAUSES = 5_000;

const place = (seq, subject) => `${seq} ${subject}`;

/** Event keys by seq and subject. */
function readKeys(bytes) {
  const keys = new Map();
  let before = [-1, ""];
  for (const item of list(readJson("keys.json", bytes, "countersign.keys.v1"), "keys")) {
    const [seq, subject, key] = [whole(item, "seq"), hex(bytesOf(item, "subject", 16)), bytesOf(item, "key", 32)];
    need(seq > before[0] || (seq === before[0] && subject > before[1]), "keys.json: the keys are not in ascending order");
    before = [seq, subject];
    keys.set(place(seq, subject), key);
  }
  return [keys, count(keys.size, "event key")];
}

/** Opens what the keys open: `{ names, closed }`, the names by pseudonym and the seq and field of every value that no key covers. */
async function openAll(frames, keys) {
  const found = { names: new Map(), closed: [] };
  let opened = 0;
  const used = new Set();
  for (const [number, frame] of frames.entries()) {
    if (number % BETWEEN_PAUSES === BETWEEN_PAUSES - 1) await breathe();
    if (frame.payload === null || frame.schema !== SCHEMA) continue;
    const values = sealedValues(frame.payload) ?? refuse(`seq ${frame.seq}: its sealed values cannot be read`);
    for (const [field, value] of values.entries()) {
      const key = keys.get(place(frame.seq, value.subject));
      if (key === undefined) {
        found.closed.push([frame.seq, field]);
        continue;
      }
      const plain = open(key, field, frame.aad, value.bytes) ?? refuse(`seq ${frame.seq}: the event key does not open sealed value ${field}`);
      if (value.role === INTRODUCTION) found.names.set(value.subject, plain);
      opened++;
      used.add(place(frame.seq, value.subject));
    }
  }
  need(used.size === keys.size, "keys.json: there is a key that opens nothing in the pack");
  return [found, `${count(opened, "value")} opened, ${found.closed.length} stay closed`];
}

function readRedactions(bytes, frames, closed) {
  const value = readJson("redactions.json", bytes, "countersign.redactions.v1");
  texts(value, "words");
  const listed = list(value, "redactions");
  const left = { body: [], sealed: [] };
  let erased = 0;
  let before = 0;
  for (const item of listed) {
    const seq = whole(item, "seq");
    need(seq >= before, "redactions.json: they are not in ascending order");
    before = seq;
    const [why, what] = [text(item, "why"), text(item, "what")];
    need(REASONS.includes(why), `redactions.json: seq ${seq} was left out for no known reason`);
    need(what === "body" || what === "sealed", `redactions.json: what was left out of seq ${seq} is of no known kind`);
    left[what].push(what === "body" ? [seq] : [seq, whole(item, "field")]);
    erased += why === "erased" ? 1 : 0;
  }
  const without = frames.filter((frame) => frame.body === null).map((frame) => [frame.seq]);
  need(String(without) === String(left.body), "the list of what was left out does not name exactly the records without contents");
  need(String(closed) === String(left.sealed), "the list of what was left out does not name exactly the sealed values without a key");
  const because = erased === 0 ? "" : `, ${erased} because their subject was erased`;
  const detail = listed.length === 0 ? "nothing in the records was left out" : `${left.body.length} of records and ${left.sealed.length} of single values are listed${because}`;
  return [{ erased, all: listed.length }, detail];
}

function checkCounts(evidence, keys, redactions, findings) {
  const { frames, manifest, entries } = evidence;
  const bodies = frames.filter((frame) => frame.body !== null).length;
  const agree = (what, stated, found) => need(stated === found, `${what}: ${stated} are stated and ${found} are there`);
  const counted = { frames: frames.length, bodies, keys: keys.size, findings, redactions };
  for (const [name, found] of Object.entries(counted)) agree(`manifest.json, ${name}`, manifest.counts[name], found);
  const trailer = readJson("trailer.json", evidence.get("trailer.json"), "countersign.trailer.v1");
  const ends = { frames: frames.length, bodies, first: frames[0].seq, last: frames[frames.length - 1].seq, entries: entries.length };
  for (const [name, found] of Object.entries(ends)) agree(`trailer.json, ${name}`, whole(trailer, name), found);
  return [true, `${count(frames.length, "record")}, ${bodies} with contents`];
}

/** The steps about content; true when none was broken off. */
export async function checkContent(evidence, report) {
  const { frames, get } = evidence;
  const keys = await report.step("event_keys", "the event keys are written as they must be", () => readKeys(get("keys.json")));
  if (keys === undefined) return false;
  const found = await report.step("sealed_values", "every disclosed value opens, as it was sealed in its place", () => openAll(frames, keys));
  if (found === undefined) return false;
  const redactions = await report.step("redactions", "what was left out is listed, all of it and nothing else", () => readRedactions(get("redactions.json"), frames, found.closed));
  if (redactions === undefined) return false;
  report.told.erased = redactions.erased;
  const keyOf = (seq, subject) => keys.get(place(seq, subject));
  const findings = await report.step("findings", "the evidence of each finding is here and is what it says", () => checkFindings(get("findings.json"), frames, keyOf, found.names));
  if (findings === undefined) return false;
  report.told.findings = findings.counts;
  report.restated = findings.restated;
  const counted = await report.step("counts", "manifest and trailer count what is here", () => checkCounts(evidence, keys, redactions.all, findings.restated.length));
  if (counted === undefined) return false;
  report.notChecked("rules", "the rules give these findings", "a verifier has no rules; whoever has them runs them again");
  report.notChecked("histories", "histories, cover and words agree with the records", "they are signed and unchanged, and are for people to read");
  return true;
}
