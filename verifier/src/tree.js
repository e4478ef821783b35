// The tree of RFC 6962: one proof for many frames (FORMAT.md, "proof.bin"), and that one tree continues another (RFC 9162, section 2.1.4.2).
// Refuses a proof that is longer or shorter than it must be; 64 levels bound every walk, whatever the numbers say.

import { hex, same } from "./bytes.js";
import { nodeHash, sha256 } from "./hashing.js";
import { need } from "./refusal.js";
import { breathe } from "./report.js";
import { placeOf } from "./frames.js";

export const MAX_PATH = 64;
/** Frames in a subtree that is walked without a pause. */
const WITHOUT_PAUSE = 8_192;

/** The largest power of two below `n`, which is at least 2. */
function split(n) {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

class Walk {
  constructor(frames, proof) {
    this.frames = frames;
    this.proof = proof;
    this.at = 0;
  }

  fromProof() {
    need(this.at + 32 <= this.proof.length, "proof.bin has fewer hashes than these frames need");
    this.at += 32;
    return this.proof.subarray(this.at - 32, this.at);
  }

  /** The subtree over leaves `start` to `end` - 1, whose frames are those from place `from` to before place `to`. */
  down(start, end, from, to) {
    if (from === to) return this.fromProof();
    if (end - start <= 1) return this.frames[from].leaf;
    const middle = start + split(end - start);
    const between = Math.min(to, Math.max(from, placeOf(this.frames, middle)));
    const left = this.down(start, middle, from, between);
    return nodeHash(left, this.down(middle, end, between, to));
  }

  /** The same with pauses between large subtrees. */
  async slowly(start, end, from, to) {
    if (to - from <= WITHOUT_PAUSE) return this.down(start, end, from, to);
    await breathe();
    const middle = start + split(end - start);
    const between = placeOf(this.frames, middle);
    const left = await this.slowly(start, middle, from, between);
    return nodeHash(left, await this.slowly(middle, end, between, to));
  }
}

/** Checks that the frames stand at their seqs in the tree of `size` leaves with `root`. */
export async function checkPlaces(frames, size, proof, root) {
  need(proof.length % 32 === 0, "proof.bin is not a row of hashes of 32 bytes");
  const walk = new Walk(frames, proof);
  const found = await walk.slowly(0, size, 0, frames.length);
  need(walk.at === proof.length, "proof.bin has more hashes than these frames need");
  need(same(found, root), "the frames do not lead to the root of the checkpoint");
}

/** The root over the first `size` leaves, or `null` where not all of them are here. */
export async function rootOfFirst(frames, size) {
  if (size > frames.length || frames[size - 1].seq !== size - 1) return null;
  return new Walk(frames, new Uint8Array()).slowly(0, size, 0, size);
}

/** Whether the tree of `old` leaves is shown to be the beginning of the tree of `fresh` leaves. */
export function continues(old, oldRoot, fresh, freshRoot, path) {
  if (old > fresh || path.length > MAX_PATH) return false;
  if (old === 0) return path.length === 0 && hex(oldRoot) === hex(sha256(new Uint8Array()));
  if (old === fresh) return path.length === 0 && same(oldRoot, freshRoot);
  if (path.length === 0) return false;
  let [place, last] = [BigInt(old) - 1n, BigInt(fresh) - 1n];
  const powerOfTwo = (BigInt(old) & place) === 0n;
  let oldHash = powerOfTwo ? oldRoot : path[0];
  let freshHash = oldHash;
  const up = () => ([place, last] = [place >> 1n, last >> 1n]);
  while (place & 1n) up();
  for (const sibling of powerOfTwo ? path : path.slice(1)) {
    if (last === 0n) return false;
    if (place & 1n || place === last) {
      oldHash = nodeHash(sibling, oldHash);
      freshHash = nodeHash(sibling, freshHash);
      while (!(place & 1n) && place !== 0n) up();
    } else {
      freshHash = nodeHash(freshHash, sibling);
    }
    up();
  }
  return last === 0n && same(oldHash, oldRoot) && same(freshHash, freshRoot);
}
