// Genesis and frames (chain/FORMAT.md; pack/FORMAT.md, "frames.bin"): taken apart, hashed, and held against each other in order.
// Refuses the first frame that is not what its header says, by its seq.

import { exact, hex, next, same, utf8, view } from "./bytes.js";
import { bodyHash, genesisHash, leafHash, linkHash } from "./hashing.js";
import { need, refuse } from "./refusal.js";
import { breathe } from "./report.js";

const HEADER = 106;
const BLINDING = 16;
const MAX_BODY = 16 * 1024 * 1024;
const SEALING_AAD = 38;
/** Frames between two pauses, in which the page can show how far it is. */
const BETWEEN_PAUSES = 4_000;

export function readGenesis(bytes) {
  const short = "genesis.bin: it is too short or too long";
  need(bytes.length >= 65, short);
  const from = view(bytes);
  need(from.getUint16(0, true) === 1, "genesis.bin: it is of another format version");
  need(bytes[26] <= 1, "genesis.bin: its mark of simulation is neither 0 nor 1");
  const settingsAt = 61 + from.getUint16(59, true);
  need(bytes.length >= settingsAt + 4, short);
  const origin = utf8(bytes.subarray(61, settingsAt));
  const settings = from.getUint32(settingsAt, true);
  need(bytes.length === settingsAt + 4 + settings, short);
  need(origin !== null && origin !== "" && settingsAt <= 61 + 255 && !/\p{Cc}/u.test(origin), "genesis.bin: its origin is not one line of 1 to 255 bytes");
  need(settings <= 65_535, "genesis.bin: its settings are too long");
  return { id: bytes.subarray(2, 18), created: exact(from.getBigInt64(18, true)), simulated: bytes[26] === 1, logKey: bytes.slice(27, 59), origin, firstLink: genesisHash(bytes) };
}

/** Takes frames one after another until nothing is left. */
function split(bytes) {
  const frames = [];
  const from = view(bytes);
  let at = 0;
  while (at < bytes.length) {
    const start = at;
    const short = () => refuse(`frames.bin ends in the middle of the frame at byte ${start}`);
    if (at + HEADER > bytes.length) short();
    const length = from.getUint32(at + 38, true);
    need(from.getUint16(at, true) === 1, `frames.bin, the frame at byte ${at}: it is of another format version`);
    need(length >= BLINDING && length <= MAX_BODY, `frames.bin, the frame at byte ${at}: it states a body of ${length} bytes`);
    const frame = {
      header: bytes.subarray(at, at + HEADER),
      ledger: bytes.subarray(at + 2, at + 18),
      seq: exact(from.getBigUint64(at + 18, true)),
      recorded: exact(from.getBigInt64(at + 26, true)),
      tag: from.getUint16(at + 34, true),
      schema: from.getUint16(at + 36, true),
      bodyHash: bytes.subarray(at + 42, at + 74),
      previous: bytes.subarray(at + 74, at + HEADER),
      aad: bytes.subarray(at, at + SEALING_AAD),
      payload: null,
      body: null,
      leaf: null,
    };
    at += HEADER;
    if (at === bytes.length) short();
    const there = bytes[at++];
    need(there <= 1, `seq ${frame.seq}: its body is marked with ${there}, which is neither 0 nor 1`);
    if (there === 1) {
      if (at + length > bytes.length) short();
      frame.body = bytes.subarray(at, at + length);
      frame.payload = frame.body.subarray(BLINDING);
      at += length;
    }
    frames.push(frame);
  }
  return frames;
}

/** All frames, each with its leaf hash, checked but for their places in the tree of `size`. */
export async function readFrames(bytes, genesis, size, progress) {
  const frames = split(bytes);
  let before = null;
  let link = null;
  for (const [number, frame] of frames.entries()) {
    if (number % BETWEEN_PAUSES === BETWEEN_PAUSES - 1) await breathe(progress, number / frames.length);
    const { seq } = frame;
    const held = (right, why) => need(right, `seq ${seq}: ${why}`);
    held(same(frame.ledger, genesis.id), "the frame belongs to another ledger");
    held(seq < size, `the frame lies behind the ${size} events of the tree`);
    held(frame.body === null || same(bodyHash(frame.body), frame.bodyHash), "the body does not have the hash in its header");
    if (before !== null) {
      held(seq > before.seq, `the frame follows that of seq ${before.seq}`);
      held(frame.recorded >= before.recorded, "it was recorded before the frame in front of it");
      held(next(before.seq) !== seq || same(frame.previous, link), "it does not follow the frame before it (previous link differs)");
    } else {
      held(frame.recorded >= genesis.created, "it was recorded before the ledger was made");
      held(seq !== 0 || same(frame.previous, genesis.firstLink), "it does not follow this genesis");
    }
    link = linkHash(frame.header);
    frame.leaf = leafHash(frame.header);
    before = frame;
  }
  return frames;
}

export const idText = (genesis) => hex(genesis.id);

/** Place of the first frame with this seq or a later one. */
export function placeOf(frames, seq) {
  let [low, high] = [0, frames.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (frames[middle].seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function frameAt(frames, seq) {
  const frame = frames[placeOf(frames, seq)];
  return frame?.seq === seq ? frame : undefined;
}
