// The zip file around a pack, in its one spelling (FORMAT.md, "The file"): entries taken out, and the file written anew to compare.
// Refuses every other spelling, decompresses nothing, and believes no length beyond the bytes at hand.

import { encode, same, utf8, view } from "./bytes.js";

/** The entries there can be, in the order of the file; those with `true` must be there. */
const ENTRIES = [
  ["manifest.json", true],
  ["manifest.note", true],
  ["cover.html", true],
  ["notice.txt", false],
  ["checkpoint.txt", true],
  ["genesis.bin", true],
  ["rotations.json", false],
  ["frames.bin", true],
  ["proof.bin", true],
  ["consistency.json", false],
  ["sample.json", false],
  ["keys.json", true],
  ["findings.json", true],
  ["redactions.json", true],
  ["history/supervision.json", true],
  ["history/credentials.json", true],
  ["trailer.json", true],
];

const MAX_ENTRIES = 32;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

export function crc32(bytes) {
  let c = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) c = CRC[(c ^ bytes[at]) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** What local and central header share, from the version needed to the length of the name. */
function putShared(to, at, entry) {
  to.setUint16(at, 10, true);
  to.setUint16(at + 8, 0x21, true);
  to.setUint32(at + 10, entry.crc, true);
  to.setUint32(at + 14, entry.bytes.length, true);
  to.setUint32(at + 18, entry.bytes.length, true);
  to.setUint16(at + 22, entry.name.length, true);
}

function localHeader(entry) {
  const bytes = new Uint8Array(30 + entry.name.length);
  const to = view(bytes);
  to.setUint32(0, LOCAL, true);
  putShared(to, 4, entry);
  bytes.set(encode(entry.name), 30);
  return bytes;
}

function directory(entries, at) {
  const length = entries.reduce((sum, entry) => sum + 46 + entry.name.length, 0);
  const bytes = new Uint8Array(length + 22);
  const to = view(bytes);
  let place = 0;
  for (const entry of entries) {
    to.setUint32(place, CENTRAL, true);
    to.setUint16(place + 4, 20, true);
    putShared(to, place + 6, entry);
    to.setUint32(place + 42, entry.at, true);
    bytes.set(encode(entry.name), place + 46);
    place += 46 + entry.name.length;
  }
  to.setUint32(place, END, true);
  to.setUint16(place + 8, entries.length, true);
  to.setUint16(place + 10, entries.length, true);
  to.setUint32(place + 12, length, true);
  to.setUint32(place + 16, at, true);
  return bytes;
}

/** The entry at `at`, or `null` where it goes past the end of the file or its name is not text. */
function take(file, at) {
  if (at + 30 > file.length) return null;
  const head = view(file);
  const nameAt = at + 30;
  const dataAt = nameAt + head.getUint16(at + 26, true);
  const end = dataAt + head.getUint32(at + 18, true);
  if (end > file.length) return null;
  const name = utf8(file.subarray(nameAt, dataAt));
  return name === null ? null : { name, bytes: file.subarray(dataAt, end), stated: head.getUint32(at + 14, true), at, end, nameBytes: dataAt - nameAt };
}

/** What is wrong with the names and their order, or `null`. */
function namesProblem(entries) {
  let from = 0;
  for (const { name } of entries) {
    const place = ENTRIES.findIndex(([known], at) => at >= from && known === name);
    if (place < 0) return `${JSON.stringify(name.slice(0, 60))} is no entry of a pack, or stands in another place than it must`;
    const missing = ENTRIES.slice(from, place).find(([, must]) => must);
    if (missing) return `${missing[0]} is missing`;
    from = place + 1;
  }
  const missing = ENTRIES.slice(from).find(([, must]) => must);
  return missing ? `${missing[0]} is missing` : null;
}

/** Takes a file apart: `{ entries, problem }`. What cannot be taken apart has no entries and a problem. */
export function readArchive(file) {
  if (file.length >= 2 ** 32) return { entries: [], problem: "the file is 4 GiB or longer, a pack is shorter" };
  const entries = [];
  let problem = null;
  let at = 0;
  while (at + 4 <= file.length && view(file).getUint32(at, true) === LOCAL) {
    if (entries.length === MAX_ENTRIES) return { entries, problem: `there are more than ${MAX_ENTRIES} entries` };
    const entry = take(file, at);
    if (entry === null) return { entries, problem: problem ?? `the entry at byte ${at} goes past the end of the file, or its name is not text` };
    entry.crc = crc32(entry.bytes);
    // A name of the format is ASCII, so one letter is one byte; any other is no entry of a pack.
    const plain = entry.nameBytes === entry.name.length;
    const stated = { ...entry, crc: entry.stated };
    if (!plain || !same(localHeader(stated), file.subarray(at, at + 30 + entry.nameBytes))) problem ??= `the header of ${JSON.stringify(entry.name.slice(0, 60))} is not written as a pack's is`;
    if (entry.crc !== entry.stated) problem ??= `${entry.name} does not have the CRC-32 in its header`;
    entries.push(entry);
    at = entry.end;
  }
  const plain = entries.every((entry) => entry.nameBytes === entry.name.length);
  if (!plain || !same(directory(entries.map((entry) => ({ ...entry, crc: entry.stated })), at), file.subarray(at))) {
    problem ??= entries.length === 0 ? "this is not a pack: no entry can be found in it" : "the directory at the end is not the one these entries have";
  }
  return { entries, problem: problem ?? namesProblem(entries) };
}
