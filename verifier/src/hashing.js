// The hashes of the format: BLAKE3 under its contexts (chain/FORMAT.md), SHA-256 of entries, leaves and nodes (RFC 6962).
// Refuses to write a hash function itself: they are those of @noble/hashes, and WebCrypto's where one call takes a whole entry.

import { blake3 } from "@noble/hashes/blake3.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { encode } from "./bytes.js";

export { sha256 };

/** A context's key is derived once; each use then starts from a copy of that state. */
function context(words) {
  const start = blake3.create({ context: encode(words) });
  return (bytes) => start.clone().update(bytes).digest();
}

export const linkHash = context("countersign link v1");
export const bodyHash = context("countersign body v1");
export const genesisHash = context("countersign genesis v1");
export const fieldKeyHash = context("countersign field key v1");

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const leafHash = (data) => sha256.create().update(LEAF).update(data).digest();
export const nodeHash = (left, right) => sha256.create().update(NODE).update(left).update(right).digest();

/** SHA-256 of a whole entry: WebCrypto's, where the page has it (a page from a disk or over TLS does, one over plain HTTP does not). */
export async function sha256Whole(bytes) {
  const subtle = globalThis.crypto?.subtle;
  return subtle ? new Uint8Array(await subtle.digest("SHA-256", bytes)) : sha256(bytes);
}
