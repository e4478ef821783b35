// What vouches for the pack from outside: checkpoints that the reviewer kept, and witnesses whose keys he knows (FORMAT.md, "consistency.json").
// Refuses a checkpoint that the pack is not shown to continue, whether by its fault or by a proof that was left out.

import { hashOf, same } from "./bytes.js";
import { openCheckpoint } from "./key_chain.js";
import { cosigned } from "./notes.js";
import { need, refuse } from "./refusal.js";
import { count } from "./report.js";
import { list, readJson, text, whole } from "./strict_json.js";
import { continues, MAX_PATH, rootOfFirst } from "./tree.js";

const hash = (found) => hashOf(found) ?? refuse("consistency.json: a hash is not 32 bytes in base64");

/** The earlier trees that the pack proves to be a part of its own. */
function earlierTrees(bytes, manifest) {
  const found = [];
  for (const item of list(readJson("consistency.json", bytes, "countersign.consistency.v1"), "from")) {
    const size = whole(item, "size");
    const root = hash(text(item, "root"));
    const path = list(item, "path");
    need(path.length <= MAX_PATH, "consistency.json: a path is too long");
    need(found.length === 0 || found[found.length - 1].size < size, "consistency.json: the trees are not in ascending order");
    need(continues(size, root, manifest.size, manifest.root, path.map(hash)), `consistency.json: the tree of ${count(size, "event")} is not shown to be a part of this one`);
    found.push({ size, root });
  }
  return found;
}

/** The size of a checkpoint that this tree continues. */
async function compare({ name, bytes }, { keys, manifest, frames }, earlier) {
  const held = (right, why) => need(right, `${name}: ${why}`);
  let checkpoint;
  try {
    checkpoint = openCheckpoint(keys, bytes);
  } catch (error) {
    error.message = `${name}: ${error.message}`;
    throw error;
  }
  const { size, root } = checkpoint;
  if (size === 0) return 0;
  held(size <= manifest.size, `it covers ${count(size, "event")} and the pack ${manifest.size}: the pack is older than the checkpoint, or events were removed; ask for a pack that is newer`);
  const proved = size === manifest.size ? manifest.root : (earlier.find((tree) => tree.size === size)?.root ?? (await rootOfFirst(frames, size)));
  held(proved !== null, `the pack does not show that it continues it; ask for a pack made with this checkpoint (over ${count(size, "event")}), \`pack create --since\``);
  held(same(proved, root), `the first ${count(size, "event")} are not the ones it was signed over: history was rewritten`);
  return size;
}

/** Takes the steps; false when one failed. */
export async function checkOutside(evidence, given, report) {
  let earlier = [];
  const proofs = evidence.get("consistency.json");
  if (proofs !== undefined) {
    earlier = await report.step("consistency", "the tree continues the earlier ones the pack names", () => {
      const found = earlierTrees(proofs, evidence.manifest);
      return [found, `${count(found.length, "earlier tree")} proved to be a part of this one`];
    });
    if (earlier === undefined) return false;
  }
  const what = "the tree continues the checkpoints you kept";
  if (given.checkpoints.length === 0) {
    report.notChecked("outside", what, "no checkpoint from outside was given: whoever has the key could have rewritten everything before this pack was made");
  }
  for (const checkpoint of given.checkpoints) {
    const size = await report.step("outside", what, async () => {
      const found = await compare(checkpoint, evidence, earlier);
      return [found, `${checkpoint.name}: the first ${count(found, "event")} are the same ones`];
    });
    if (size === undefined) return false;
    if (report.told.anchor === null || report.told.anchor.size < size) report.told.anchor = { whose: checkpoint.name, size };
  }
  return witnesses(evidence.note, given.witnesses, report);
}

async function witnesses(note, known, report) {
  const what = "witnesses saw this tree";
  if (known.length === 0) {
    const others = note.lines.length - 1;
    report.notChecked("witnesses", what, others === 0 ? "the checkpoint carries no other signature than the log's" : `the checkpoint carries ${count(others, "further signature")}, and no witness's key was given`);
    return true;
  }
  const earliest = await report.step("witnesses", what, () => {
    const seen = known.map((witness) => ({ name: witness.name, time: cosigned(note, witness) })).filter(({ time }) => time !== null);
    need(seen.length > 0, "none of the witnesses whose keys were given cosigned this checkpoint");
    const first = seen.reduce((a, b) => (b.time < a.time ? b : a));
    return [first.time, `${seen.length} of ${known.length} cosigned it: ${seen.map(({ name }) => name).join(", ")}`];
  });
  report.told.witnessed = earliest ?? null;
  return earliest !== undefined;
}
