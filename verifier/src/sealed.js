// Sealed values opened with the event keys that a pack discloses (VAULT.md, "Sealed fields").
// Refuses a key that does not open every value it should, and holds no other secret.

import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { join, utf8 } from "./bytes.js";
import { fieldKeyHash } from "./hashing.js";

const NONCE = 24;

/** The plain text of value number `field` of the payload whose header begins with `aad`, or `null`. */
export function open(eventKey, field, aad, sealed) {
  if (sealed.length < NONCE + 16 || field > 0xffff) return null;
  const fieldKey = fieldKeyHash(join(eventKey, Uint8Array.of(field & 255, field >> 8)));
  try {
    return utf8(xchacha20poly1305(fieldKey, sealed.subarray(0, NONCE), aad).decrypt(sealed.subarray(NONCE)));
  } catch {
    return null;
  }
}
