// The steps of a check in their order, from the file around the pack to the root that somebody signed (crates/pack/FORMAT.md).
// Refuses to go on to what the frames say before it is shown that they are the ledger's.

import { readArchive } from "./archive.js";
import { base64, hex, same } from "./bytes.js";
import { checkContent } from "./content.js";
import { frameAt, idText, placeOf, readFrames, readGenesis } from "./frames.js";
import { sha256Whole } from "./hashing.js";
import { current, keyChain } from "./key_chain.js";
import { parseCheckpoint, parseNote, sameKey, signers } from "./notes.js";
import { readManifest } from "./manifest.js";
import { checkOutside } from "./outside.js";
import { need } from "./refusal.js";
import { count, grouped, Report } from "./report.js";
import { checkPlaces } from "./tree.js";

const FRAMES = "each record is whole, in order, and linked to the one before it";

function chainOf(get, genesis, key) {
  const keys = keyChain(genesis, get("rotations.json"));
  const changes = keys.keys.length - 1;
  const through = changes === 0 ? "" : `, through ${changes === 1 ? "1 change of key" : `${changes} changes of key`} signed by the key before`;
  if (key === null) return [keys, `no key was given: only the pack's own was used${through}`];
  need(keys.keys.some((known) => sameKey(known, key)), `the key given (${key.name}) is not a key of this ledger`);
  return [keys, `the key given is the one this ledger was born with, or one that followed it${through}`];
}

async function signature(get, manifest, key) {
  const note = parseNote(get("manifest.note"));
  need(note.lines.length === 1, "manifest.note has more than one signature");
  signers(note, [key]);
  const digest = hex(await sha256Whole(get("manifest.json")));
  need(note.text === `countersign pack v1\n${manifest.origin}\nsha256 ${digest}\n`, "what the key signed is not this manifest");
  return [true, `signed by ${key.name}`];
}

function checkpoint(get, manifest, key) {
  const note = parseNote(get("checkpoint.txt"));
  signers(note, [key]);
  const { origin, size, root } = parseCheckpoint(note.text);
  need(origin === manifest.origin, `checkpoint.txt: this is a checkpoint of ${origin}`);
  need(size === manifest.size && same(root, manifest.root), "the checkpoint is over another size or root than the manifest says");
  return [note, `${count(size, "event")}, root ${base64(root)}`];
}

function completeness({ complete, size }, frames) {
  const { from, to } = complete;
  need(from <= to && to < size, `the range from ${from} to ${to} is not one in a tree of ${count(size, "event")}`);
  const first = placeOf(frames, from);
  let reached = from;
  while (reached <= to && frames[first + reached - from]?.seq === reached) reached++;
  need(reached > to, `seq ${reached} was left out of the range from ${from} to ${to}`);
  return [true, `all ${count(to - from + 1, "record")} from seq ${from} to seq ${to} are here`];
}

/** Takes the steps until one breaks off; true when all were taken. */
async function steps(file, given, report, progress) {
  const archive = readArchive(file);
  const get = (name) => archive.entries.find((entry) => entry.name === name)?.bytes;
  await report.step("file", "the file is written as a pack is, to the byte", () => {
    need(archive.problem === null, archive.problem);
    return [true, `${archive.entries.length} entries, ${grouped(file.length)} bytes`];
  });
  if (archive.entries.length === 0) return false;
  const manifest = await report.step("manifest", "the manifest lists exactly what is there", async () => {
    const read = await readManifest(archive.entries, get);
    return [read, `${read.scope}; every entry has the SHA-256 listed`];
  });
  if (manifest === undefined) {
    await pointAtFrames(get, report);
    return false;
  }
  const { told } = report;
  Object.assign(told, { origin: manifest.origin, simulated: manifest.simulated, size: manifest.size, root: base64(manifest.root), scope: manifest.scope, complete: manifest.complete });
  Object.assign(told, { today: manifest.today, ruleSet: manifest.ruleSet, part2: manifest.part2 });

  const genesis = await report.step("genesis", "the ledger's birth is the one the manifest names", () => {
    const read = readGenesis(get("genesis.bin") ?? new Uint8Array());
    need(read.origin === manifest.origin && idText(read) === manifest.id && read.simulated === manifest.simulated, "genesis.bin is of another ledger than the manifest says");
    return [read, `${read.origin}, ledger ${idText(read)}${read.simulated ? ", simulated: nobody in it exists" : ""}`];
  });
  if (genesis === undefined) return false;
  const frames = await report.step("frames", FRAMES, async () => {
    const read = await readFrames(get("frames.bin") ?? new Uint8Array(), genesis, manifest.size, progress);
    need(read.length > 0, "there is not one record in it");
    need(frameAt(read, 0)?.body != null, "the first event of the ledger, which ties it to its birth, is not there");
    const withheld = read.filter((frame) => frame.body === null).length;
    return [read, `${count(read.length, "record")}${withheld === 0 ? "" : `, of which ${withheld} without their contents`}`];
  });
  if (frames === undefined) return false;
  told.frames = frames.length;
  told.bodies = frames.filter((frame) => frame.body !== null).length;
  // The opening of the ledger comes with every pack; it says nothing about when these records were made.
  told.recorded = [(frames[1] ?? frames[0]).recorded, frames[frames.length - 1].recorded];
  const keys = await report.step("log_key", "the key is the ledger's", () => chainOf(get, genesis, given.key));
  if (keys === undefined) return false;
  if (!(await report.step("signature", "the log's key signed the manifest, and with it every byte", () => signature(get, manifest, current(keys))))) return false;
  const note = await report.step("checkpoint", "the log's key signed this size and root", () => checkpoint(get, manifest, current(keys)));
  if (note === undefined) return false;
  const placed = await report.step("tree", "the records lead to that root, each at its place", async () => {
    await checkPlaces(frames, manifest.size, get("proof.bin") ?? new Uint8Array(), manifest.root);
    return [true, `${count(frames.length, "record")} stand at their places in the tree of ${count(manifest.size, "event")}`];
  });
  if (placed === undefined) return false;
  const nothing = "nothing in the range was left out";
  if (manifest.complete === null) {
    report.notChecked("completeness", nothing, "a selection: the pack cannot prove that nothing belonging to its scope was left out");
  } else if (!(await report.step("completeness", nothing, () => completeness(manifest, frames)))) {
    return false;
  }
  const evidence = { entries: archive.entries, get, manifest, frames, keys, note };
  return (await checkOutside(evidence, given, report)) && (await checkContent(evidence, report));
}

/** When the manifest does not agree, says which frame was changed, if it is one. */
async function pointAtFrames(get, report) {
  let genesis;
  try {
    genesis = readGenesis(get("genesis.bin") ?? new Uint8Array());
  } catch {
    return;
  }
  const bytes = get("frames.bin");
  if (bytes === undefined) return;
  await report.step("frames", FRAMES, async () => {
    const frames = await readFrames(bytes, genesis, 1n << 64n);
    return [true, `${count(frames.length, "record")}; the change lies elsewhere`];
  });
}

/** Checks a pack. `given`: `{ key, checkpoints: [{ name, bytes }], witnesses }`, keys as `notes.js` reads them, `key` or `null`. */
export async function check(file, given, tell, progress) {
  const report = new Report(given.key !== null, tell);
  const whole = await steps(file, given, report, progress);
  if (!whole) report.notChecked("content", "what the pack says", "the evidence above did not hold");
  return report;
}
