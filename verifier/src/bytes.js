// Bytes and their texts: hexadecimal, base64 in its one spelling, UTF-8, and integers as they lie in the file.
// Refuses every second spelling (FORMAT.md: base64 that is not what encoding its bytes gives) and never rounds an integer.

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text, or `null` where the bytes are not UTF-8. */
export function utf8(bytes) {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}

const ENCODER = new TextEncoder();
export const encode = (text) => ENCODER.encode(text);

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function hex(bytes) {
  let text = "";
  for (const byte of bytes) text += PAIRS[byte];
  return text;
}

/** Bytes of exactly `length` from lower-case digits, or `null`. */
export function unhex(text, length) {
  if (text.length !== 2 * length || !/^[0-9a-f]*$/.test(text)) return null;
  return Uint8Array.from({ length }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/** Standard base64 with padding. */
export function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** The bytes of base64 in its one spelling, or `null`. */
export function unbase64(text) {
  if (typeof text !== "string" || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return base64(bytes) === text ? bytes : null;
}

/** A hash of 32 bytes in base64, or `null`. */
export function hashOf(text) {
  const bytes = typeof text === "string" && text.length === 44 ? unbase64(text) : null;
  return bytes?.length === 32 ? bytes : null;
}

export function same(a, b) {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

export function join(...parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A number where it is exact, else a BigInt: the two compare with each other, and `next` adds to either. */
export function exact(wide) {
  return wide >= BigInt(Number.MIN_SAFE_INTEGER) && wide <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(wide) : wide;
}

export const next = (n) => exact(BigInt(n) + 1n);

/** A decimal number below 2^64 without sign or leading zeros, or `null`. */
export function decimal(text) {
  if (!/^(0|[1-9][0-9]{0,19})$/.test(text)) return null;
  const wide = BigInt(text);
  return wide < 1n << 64n ? exact(wide) : null;
}
