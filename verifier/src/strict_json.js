// JSON as FORMAT.md asks for it: one object, names not repeated, whole numbers below 2^53, nested at most 32 deep; and its fields by name.
// Refuses what another reader could take for something else, which the browser's own reader would let pass.

import { refuse } from "./refusal.js";
import { unhex, utf8 } from "./bytes.js";

const MAX_DEPTH = 32;
const MAX_LENGTH = 256 * 1024 * 1024;
const NUMBER = /-?(?:0|[1-9][0-9]*)/y;
const SPACE = /[ \t\n\r]*/y;
const HALF_A_PAIR = /[\ud800-\udfff]/u;

class Reader {
  constructor(name, source) {
    this.name = name;
    this.source = source;
    this.at = 0;
  }

  wrong(why) {
    refuse(`${this.name} ${why}`);
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source);
    if (found === null) return null;
    this.at = pattern.lastIndex;
    return found[0];
  }

  /** The next sign behind white space, not yet taken. */
  peek() {
    this.match(SPACE);
    return this.source[this.at];
  }

  took(sign) {
    if (this.peek() !== sign) return false;
    this.at++;
    return true;
  }

  expect(sign) {
    if (!this.took(sign)) this.wrong(`is not JSON: ${sign} is missing at character ${this.at}`);
  }

  text() {
    let end = this.at + 1;
    while (this.source[end] !== '"') {
      if (end >= this.source.length) this.wrong(`is not JSON: the text at character ${this.at} does not end`);
      end += this.source[end] === "\\" ? 2 : 1;
    }
    let text;
    try {
      text = JSON.parse(this.source.slice(this.at, end + 1));
    } catch {
      this.wrong(`is not JSON: the text at character ${this.at} has a sign or an escape that it must not`);
    }
    this.at = end + 1;
    if (HALF_A_PAIR.test(text)) this.wrong("is not JSON: a text has half a surrogate pair");
    return text;
  }

  number() {
    const raw = this.match(NUMBER);
    if (raw === null || /[.eE0-9]/.test(this.source[this.at] ?? "")) this.wrong(`has something at character ${this.at} that is not a whole number`);
    const number = Number(raw);
    if (!Number.isSafeInteger(number) || raw === "-0") this.wrong(`has a number of 2^53 or above`);
    return number;
  }

  word(word, value) {
    if (!this.source.startsWith(word, this.at)) this.wrong(`is not JSON: nothing is known at character ${this.at}`);
    this.at += word.length;
    return value;
  }

  value(depth) {
    switch (this.peek()) {
      case '"':
        return this.text();
      case "{":
        return this.object(depth + 1);
      case "[":
        return this.list(depth + 1);
      case "t":
        return this.word("true", true);
      case "f":
        return this.word("false", false);
      case "n":
        return this.word("null", null);
      default:
        return this.number();
    }
  }

  deep(depth) {
    if (depth > MAX_DEPTH) this.wrong(`is nested more than ${MAX_DEPTH} deep`);
    this.at++;
  }

  object(depth) {
    this.deep(depth);
    const fields = new Map();
    if (this.took("}")) return fields;
    do {
      if (this.peek() !== '"') this.wrong(`is not JSON: a name is missing at character ${this.at}`);
      const name = this.text();
      if (fields.has(name)) this.wrong(`has a name twice: ${name.slice(0, 60)}`);
      this.expect(":");
      fields.set(name, this.value(depth));
    } while (this.took(","));
    this.expect("}");
    return fields;
  }

  list(depth) {
    this.deep(depth);
    const items = [];
    if (this.took("]")) return items;
    do items.push(this.value(depth));
    while (this.took(","));
    this.expect("]");
    return items;
  }
}

/** Reads one object, as a `Map`, and compares its `schema`. */
export function readJson(name, bytes, schema) {
  if (bytes.length > MAX_LENGTH) refuse(`${name} is longer than 256 MiB`);
  const source = utf8(bytes);
  if (source === null) refuse(`${name} is not UTF-8`);
  const reader = new Reader(name, source);
  const value = reader.peek() === "{" ? reader.value(0) : refuse(`${name} is not a JSON object`);
  if (reader.peek() !== undefined) refuse(`${name} is not JSON: something follows its end`);
  const found = text(value, "schema");
  if (found !== schema) refuse(`${name} is of schema ${found.slice(0, 60)}, this page reads ${schema}`);
  return value;
}

/** The field of this name, if it is what `right` asks for. */
function field(value, name, right, kind) {
  const found = value instanceof Map ? value.get(name) : undefined;
  return right(found) ? found : refuse(`\`${name}\` is missing or not ${kind}`);
}

export const text = (value, name) => field(value, name, (found) => typeof found === "string", "text");
export const whole = (value, name) => field(value, name, (found) => Number.isSafeInteger(found) && found >= 0, "a whole number");
export const flag = (value, name) => field(value, name, (found) => typeof found === "boolean", "true or false");
export const list = (value, name) => field(value, name, Array.isArray, "a list");
export const object = (value, name) => field(value, name, (found) => found instanceof Map, "an object");

/** A list in which every item is text. */
export function texts(value, name) {
  const items = list(value, name);
  return items.every((item) => typeof item === "string") ? items : refuse(`\`${name}\` holds something that is not text`);
}

/** The bytes of a field of hexadecimal digits. */
export const bytesOf = (value, name, length) => unhex(text(value, name), length) ?? refuse(`\`${name}\` is not ${2 * length} hexadecimal digits`);
