// The findings' evidence, stated again from the bodies: each event must be in the pack, of the type the finding says, and readable.
// Refuses to judge whether the rule was right; whoever has the rules runs them again.

import { frameAt } from "./frames.js";
import { names, nameOf, readPayload, said, SCHEMA, sealedValues } from "./payload.js";
import { need, refuse } from "./refusal.js";
import { count } from "./report.js";
import { open } from "./sealed.js";
import { list, object, readJson, text, whole } from "./strict_json.js";

/** Keys of a finding's subject whose id stands in the events it rests on. */
const NAMED = ["contact", "claim", "person", "peer", "group_session"];

/** What an event says: `{ payload, words }`; no payload when its body is withheld or of a layout that the page does not have. */
function restate(frame, stated, keyOf, known) {
  const name = nameOf(frame.tag);
  need(name === undefined || name === stated, `which is ${name} and not ${stated}`);
  if (frame.payload === null) return { payload: null, words: `${stated} (contents withheld)` };
  if (frame.schema !== SCHEMA || name === undefined) return { payload: null, words: `${stated} (of a later layout)` };
  const payload = readPayload(frame.tag, frame.payload) ?? refuse("whose contents cannot be read");
  const who = (id) => known.get(id) ?? `pseudonym:${id}`;
  const opened = (field) => {
    const value = sealedValues(frame.payload)?.[field];
    const key = value && keyOf(frame.seq, value.subject);
    return (key && open(key, field, frame.aad, value.bytes)) ?? "(sealed)";
  };
  const parts = payload.target === null ? [] : [`of seq ${payload.target}`];
  for (const [field, value] of payload.fields) {
    const words = said(value, who, opened);
    if (words !== "" && words !== "nothing") parts.push(`${field.replaceAll("_", " ")} ${words}`);
  }
  return { payload, words: `${payload.name}: ${parts.join(", ")}` };
}

/** Whether the ids in the subject stand in these events. */
function namesSubject(subject, events) {
  const ids = NAMED.map((name) => subject.get(name)).filter((id) => typeof id === "string");
  return ids.every((id) => events.some((event) => event.fields.some(([, value]) => names(value, id))));
}

/** All findings: `{ counts, restated }`. */
export function checkFindings(bytes, frames, keyOf, known) {
  const counts = { violation: 0, documentation: 0, advisory: 0 };
  const restated = [];
  let [events, closed, elsewhere] = [0, 0, 0];
  for (const finding of list(readJson("findings.json", bytes, "countersign.findings.v1"), "findings")) {
    const [id, kind] = [text(finding, "id"), text(finding, "class")];
    need(Object.hasOwn(counts, kind), `findings.json: ${id} is of no known class`);
    counts[kind]++;
    const stated = { id, rule: text(finding, "rule"), kind, message: text(finding, "message"), evidence: [] };
    const read = [];
    for (const item of list(finding, "evidence")) {
      const [seq, type] = [whole(item, "seq"), text(item, "type")];
      const frame = frameAt(frames, seq) ?? refuse(`${id} rests on seq ${seq}, which is not in the pack`);
      events++;
      let told;
      try {
        told = restate(frame, type, keyOf, known);
      } catch (error) {
        error.message = `${id} rests on seq ${seq}, ${error.message}`;
        throw error;
      }
      read.push(told.payload);
      stated.evidence.push({ seq, words: told.words });
    }
    const withheld = read.filter((payload) => payload === null).length;
    closed += withheld;
    if (withheld === 0 && read.length > 0 && !namesSubject(object(finding, "subject"), read)) elsewhere++;
    restated.push(stated);
  }
  let detail = `${count(restated.length, "finding")} on ${count(events, "event")}`;
  if (closed > 0) detail += `, of which ${closed} are withheld or of a later layout`;
  if (elsewhere > 0) detail += `; the events of ${elsewhere} do not name the finding's subject themselves`;
  return [{ counts, restated }, detail];
}
