// Ed25519 as strict as the pages ask (crates/pack/FORMAT.md, "Signatures"): without cofactor, one spelling of R and S, nothing of small order.
// Refuses WebCrypto's and the library's own verdicts: both accept signatures that this must not, so that two verifiers could disagree.

import { Point } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { join, same } from "./bytes.js";

/** Order of the group. */
const L = (1n << 252n) + 27742317777372353535851937790883648493n;

function integer(bytes) {
  let value = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at]);
  return value;
}

/** The point of a public key, or `null` where its 32 bytes are none. */
export function publicPoint(bytes) {
  try {
    return Point.fromBytes(bytes, true);
  } catch {
    return null;
  }
}

const times = (point, factor) => (factor === 0n ? Point.ZERO : point.multiply(factor, false));

/** Whether the 64 bytes of `signature` are one of `message` under this key. */
export function accepts(publicKey, message, signature) {
  const key = publicPoint(publicKey);
  if (key === null || signature.length !== 64) return false;
  const s = integer(signature.subarray(32));
  if (s >= L || key.isSmallOrder()) return false;
  const encoded = signature.subarray(0, 32);
  const k = integer(sha512(join(encoded, publicKey, message))) % L;
  const found = times(Point.BASE, s).add(times(key, k).negate());
  return !found.isSmallOrder() && same(found.toBytes(), encoded);
}
