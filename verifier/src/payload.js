// What a body says, read with the tables of PAYLOADS.md, which the build takes from the page itself.
// Refuses bytes that are left over, lengths beyond what is there, codes that no table has, and nesting beyond four levels.

import { kinds, words } from "virtual:payloads";
import { exact, hex, utf8, view } from "./bytes.js";
import { dayOf, instantOf } from "./time.js";

/** The one layout of payloads that the page describes. */
export const SCHEMA = 1;
/** Role of a sealed value that is the agency's own identifier of its subject. */
export const INTRODUCTION = 1;
const MAX_CHANGES_DEPTH = 4;

/** The bytes are not what the page says. Never leaves this module. */
class Malformed extends Error {}

const wrong = () => {
  throw new Malformed();
};

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.from = view(bytes);
    this.at = 0;
  }

  /** Moves on by `length` bytes and gives the place where they begin. */
  skip(length) {
    const start = this.at;
    if (length > this.bytes.length - start) wrong();
    this.at += length;
    return start;
  }

  take(length) {
    const start = this.skip(length);
    return this.bytes.subarray(start, this.at);
  }

  byte = () => this.bytes[this.skip(1)];
  u16 = () => this.from.getUint16(this.skip(2), true);
  u32 = () => this.from.getUint32(this.skip(4), true);
  i32 = () => this.from.getInt32(this.skip(4), true);
  u64 = () => exact(this.from.getBigUint64(this.skip(8), true));
  i64 = () => exact(this.from.getBigInt64(this.skip(8), true));

  present() {
    const code = this.byte();
    return code <= 1 ? code === 1 : wrong();
  }

  /** A number of things of at least one byte each: never more than there are bytes. */
  count() {
    const count = this.u64();
    return count <= this.bytes.length - this.at ? count : wrong();
  }

  text() {
    return utf8(this.take(this.count())) ?? wrong();
  }

  digest() {
    const name = ["blake3", "sha256"][this.byte()] ?? wrong();
    return `${name}:${hex(this.take(32))}`;
  }

  sealed() {
    return Array.from({ length: this.count() }, () => ({ role: this.byte(), subject: hex(this.take(16)), bytes: this.take(this.count()) }));
  }

  /** What lies between the sealed values and the event's own fields; gives the target. */
  front() {
    if (this.present()) this.text();
    if (this.present()) this.i64();
    if (this.present()) this.text();
    for (let left = this.count(); left > 0; left--) this.digest();
    if (this.present()) this.skip(32 + 8);
    return this.present() ? this.u64() : null;
  }

  /** A value as `{ is, value }`, by the type as the page writes it. */
  value(type) {
    if (type.endsWith("?")) return this.present() ? this.value(type.slice(0, -1)) : { is: "nothing" };
    if (type.endsWith("[]")) {
      const inner = type.slice(0, -2);
      return { is: "list", value: Array.from({ length: this.count() }, () => this.value(inner)) };
    }
    if (type.startsWith("word ")) return { is: "text", value: words[type.slice(5)]?.[this.byte()] ?? wrong() };
    switch (type) {
      case "bool":
        return { is: "bool", value: this.present() };
      case "u32":
        return { is: "number", value: this.u32() };
      case "u64":
        return { is: "number", value: this.u64() };
      case "i64":
        return { is: "number", value: this.i64() };
      case "day":
        return { is: "day", value: this.i32() };
      case "instant":
        return { is: "instant", value: this.i64() };
      case "text":
        return { is: "text", value: this.text() };
      case "digest":
        return { is: "text", value: this.digest() };
      case "moment":
        return this.value(["day", "instant"][this.u32()] ?? wrong());
      case "scalar":
        return this.value(["bool", "i64", "text", "text"][this.u32()] ?? wrong());
      case "individual":
        return { is: "individual", value: hex(this.take(16)) };
      case "sealed":
        return { is: "sealed", value: this.u16() };
      case "line":
        return { is: "record", value: [["contact", "text"], ["hcpcs", "text"], ["modifiers", "text[]"], ["units", "u32"], ["charge_cents", "i64"]].map(([name, of]) => [name, this.value(of)]) };
      case "changes":
        return this.changes(0);
      default:
        return wrong();
    }
  }

  changes(depth) {
    return { is: "record", value: Array.from({ length: this.count() }, () => [this.text(), this.change(depth)]) };
  }

  change(depth) {
    if (depth >= MAX_CHANGES_DEPTH) wrong();
    const code = this.u32();
    if (code === 0) return { is: "nothing" };
    if (code === 7) return { is: "list", value: Array.from({ length: this.count() }, () => this.change(depth + 1)) };
    if (code === 8) return this.changes(depth + 1);
    return this.value(["bool", "i64", "text", "text", "individual", "sealed"][code - 1] ?? wrong());
  }
}

/** `null` instead of the value of `read` where the bytes are not what the page says. */
function orNull(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** The sealed values of a payload, `{ role, subject, bytes }` each: the first thing in it. */
export const sealedValues = (payload) => orNull(() => new Reader(payload).sealed());

/** The name of the type with this tag, where the page has it. */
export const nameOf = (tag) => kinds[tag]?.name;

/** A whole payload: `{ name, target, fields: [[name, value]] }`, or `null`. The tag is one that the page has. */
export function readPayload(tag, payload) {
  return orNull(() => {
    const reader = new Reader(payload);
    reader.sealed();
    const target = reader.front();
    const fields = kinds[tag].fields.map(([name, type]) => [name, reader.value(type)]);
    return reader.at === payload.length ? { name: kinds[tag].name, target, fields } : wrong();
  });
}

/** Whether a value is this text, or a list or record that has it. */
export function names({ is, value }, id) {
  if (is === "text") return value === id;
  if (is === "list") return value.some((item) => names(item, id));
  return is === "record" && value.some(([, item]) => names(item, id));
}

/** A value as a person reads it; `who` names an individual, `opened` tells a sealed value. */
export function said({ is, value }, who, opened) {
  switch (is) {
    case "nothing":
      return "nothing";
    case "bool":
      return value ? "yes" : "no";
    case "day":
      return dayOf(value);
    case "instant":
      return instantOf(value);
    case "individual":
      return who(value);
    case "sealed":
      return opened(value);
    case "list":
      return value.map((item) => said(item, who, opened)).join(", ");
    case "record":
      return `(${value.map(([name, item]) => `${name} ${said(item, who, opened)}`).join(", ")})`;
    default:
      return String(value);
  }
}
