// The manifest: what the pack says it is, and the digest of every entry (FORMAT.md, "manifest.json and manifest.note").
// Refuses an entry that is not the one listed; that the list itself is the log's is shown by its signature (check.js).

import { hashOf, hex } from "./bytes.js";
import { sha256Whole } from "./hashing.js";
import { need, refuse } from "./refusal.js";
import { bytesOf, flag, list, object, readJson, text, texts, whole } from "./strict_json.js";

const KINDS = ["claim", "sample", "person", "individual", "contact", "finding", "range", "everything"];
const WHOLE_KINDS = ["range", "everything"];
const UNLISTED = ["manifest.json", "manifest.note"];

function fields(value) {
  const [ledger, tree, scope, cut, counts] = ["ledger", "tree", "scope", "cut", "counts"].map((name) => object(value, name));
  const kind = text(scope, "kind");
  need(KINDS.includes(kind), "the scope is of no known kind");
  texts(scope, "ids");
  const range = value.get("complete");
  need(range !== undefined, "`complete` is missing");
  need((range !== null) === WHOLE_KINDS.includes(kind), "the scope and `complete` do not go together");
  const complete = range === null ? null : { from: whole(range, "from"), to: whole(range, "to") };
  whole(cut, "seq");
  text(cut, "recorded_at");
  const counted = (name) => whole(counts, name);
  return {
    origin: text(ledger, "origin"),
    id: hex(bytesOf(ledger, "id", 16)),
    simulated: flag(ledger, "simulated"),
    size: whole(tree, "size"),
    root: hashOf(text(tree, "root")) ?? refuse("`root` is not 32 bytes in base64"),
    scope: text(scope, "words"),
    complete,
    today: text(value, "today"),
    ruleSet: text(value, "rule_set"),
    part2: flag(value, "part2"),
    counts: { frames: counted("frames"), bodies: counted("bodies"), keys: counted("keys"), findings: counted("findings"), redactions: counted("redactions") },
  };
}

async function compareEntries(entries, listed) {
  const there = entries.filter((entry) => !UNLISTED.includes(entry.name));
  for (const [place, item] of listed.entries()) {
    const name = text(item, "name");
    const entry = there[place];
    need(entry?.name === name, "the manifest does not list the entries that are there");
    const stated = hex(bytesOf(item, "sha256", 32));
    need(whole(item, "bytes") === entry.bytes.length && hex(await sha256Whole(entry.bytes)) === stated, `${name} is not the one that the manifest lists: it was changed`);
  }
  need(listed.length === there.length, "there is an entry that the manifest does not list");
}

/** Reads the manifest and compares every entry with it. */
export async function readManifest(entries, get) {
  const value = readJson("manifest.json", get("manifest.json") ?? refuse("there is no manifest"), "countersign.pack.v1");
  const manifest = fields(value);
  await compareEntries(entries, list(value, "entries"));
  const notice = get("notice.txt") !== undefined;
  need(manifest.part2 === notice, notice ? "there is a notice on records that the manifest does not say are there" : "the notice on redisclosure (42 CFR 2.32) is missing");
  return manifest;
}
