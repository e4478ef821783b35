// The page around the check: takes the pack and what the reader has from elsewhere, shows each step as it ends, then one verdict and one sentence.
// Refuses to load or send anything, to write a pack's words as anything but text, and to begin with a key that is none.

import { hex } from "./bytes.js";
import { check } from "./check.js";
import { sha256Whole } from "./hashing.js";
import { parseLogKey, parseWitnessKey } from "./notes.js";
import { count, grouped } from "./report.js";

/** Longest checkpoint and pack that are read at all. */
const MAX_NOTE = 1_000_000;
const MAX_PACK = 2 ** 32 - 1;
/** Findings that are shown; a range of a year can have thousands. */
const SHOWN = 20;

const OUTCOMES = { passed: ["✓ passed", "good"], failed: ["✗ failed", "bad"], not_checked: ["○ not checked", "open"] };
const VERDICTS = {
  verified: ["✓ Verified", "good"],
  verified_with_erased_parts: ["✓ Verified, with erased parts", "good"],
  self_consistent_only: ["○ Self-consistent only", "open"],
  failed: ["✗ Failed: do not rely on this pack", "bad"],
};

const byId = (id) => document.getElementById(id);

/** Without control characters and signs that turn the direction of text, so that no pack can arrange the page. */
const plain = (text) => text.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");

function element(tag, text, name) {
  const made = document.createElement(tag);
  made.textContent = plain(text);
  if (name) made.className = name;
  return made;
}

function showStep(step) {
  const [words, name] = OUTCOMES[step.outcome];
  const item = document.createElement("li");
  item.dataset.step = step.id;
  item.dataset.outcome = step.outcome;
  item.append(element("span", words, `outcome ${name}`), element("span", step.what), element("span", step.detail, "detail"));
  byId("steps").append(item);
}

function showFindings(report) {
  const shown = report.verdict() === "failed" ? [] : report.restated.slice(0, SHOWN);
  byId("findings-part").hidden = shown.length === 0;
  byId("findings").replaceChildren(...shown.map((finding) => {
    const box = element("div", "", "finding");
    const rests = document.createElement("ul");
    rests.append(...finding.evidence.map(({ seq, words }) => element("li", `seq ${seq}: ${words}`)));
    box.append(element("h4", `${finding.id} · ${finding.rule} · ${finding.kind}`), element("p", finding.message), rests);
    return box;
  }));
  if (report.restated.length > shown.length && shown.length > 0) {
    byId("findings").append(element("p", `And ${grouped(report.restated.length - shown.length)} more, in findings.json of the pack.`));
  }
}

function showVerdict(report) {
  const verdict = report.verdict();
  const [words, name] = VERDICTS[verdict];
  byId("result").dataset.verdict = verdict;
  byId("verdict").textContent = words;
  byId("verdict").className = name;
  byId("sentence").textContent = plain(report.sentence());
  byId("simulated").hidden = !report.told.simulated;
  byId("part2").hidden = !report.told.part2;
  showFindings(report);
  byId("live").textContent = plain(`${words}. ${count(report.steps.length, "step")} taken.`);
}

function showGiven(rows) {
  byId("given").replaceChildren(...rows.flatMap(([name, ...values]) => [element("dt", name), ...values.map((value) => element("dd", value))]));
}

const bytesOf = async (file) => new Uint8Array(await file.arrayBuffer());

/** What one field holds, read by `parse`; what is wrong is said beside it. */
function field(id, parse) {
  const at = byId(id);
  const problem = byId(`${id}-problem`);
  const clear = (why) => {
    problem.textContent = why;
    at.setAttribute("aria-invalid", String(why !== ""));
  };
  try {
    const value = parse(at.value.trim());
    clear("");
    return value;
  } catch (error) {
    clear(`This is not a key that can be used: ${error.message}.`);
    at.focus();
    throw error;
  }
}

const readKey = (text) => (text === "" ? null : parseLogKey(text));
const readWitnesses = (text) => text.split(/\s+/).filter(Boolean).map(parseWitnessKey);

async function keptCheckpoints() {
  const files = [...byId("checkpoints").files];
  return Promise.all(files.map(async (file) => ({ name: file.name, bytes: await bytesOf(file.slice(0, MAX_NOTE + 1)) })));
}

/** Number of the check under way: a later one ends what an earlier one shows. */
let turn = 0;

async function run() {
  const file = byId("pack").files[0];
  const mine = ++turn;
  const live = byId("live");
  if (file === undefined) {
    live.textContent = "Choose a pack first.";
    byId("pack").focus();
    return;
  }
  let given;
  try {
    given = { key: field("key", readKey), witnesses: field("witnesses", readWitnesses), checkpoints: await keptCheckpoints() };
  } catch {
    live.textContent = "Nothing was checked.";
    return;
  }
  byId("result").hidden = true;
  byId("steps").replaceChildren();
  live.textContent = plain(`Checking ${file.name}…`);
  try {
    if (file.size > MAX_PACK) throw new Error("it is longer than any pack is");
    const bytes = await bytesOf(file);
    const shown = [];
    const tell = (step) => shown.push(step);
    const progress = (share) => mine === turn && (live.textContent = plain(`Checking ${file.name}: ${Math.round(100 * share)} % of the records hashed`));
    const report = await check(bytes, given, tell, progress);
    if (mine !== turn) return;
    shown.forEach(showStep);
    showGiven([
      ["The file", plain(file.name), `${grouped(bytes.length)} bytes, SHA-256 ${hex(await sha256Whole(bytes))}`],
      ["The key", given.key?.vkey ?? "none was given"],
      ["Checkpoints kept", ...(given.checkpoints.length > 0 ? given.checkpoints.map(({ name }) => name) : ["none were given"])],
      ["Witnesses known", ...(given.witnesses.length > 0 ? given.witnesses.map(({ vkey }) => vkey) : ["none were given"])],
      ["When", new Date().toString()],
    ]);
    byId("result").hidden = false;
    showVerdict(report);
  } catch (error) {
    live.textContent = plain(`${file.name} could not be read: ${error.message}. Nothing was checked.`);
  }
}

function begin() {
  const drop = byId("drop");
  const over = (event, is) => {
    event.preventDefault();
    drop.classList.toggle("over", is);
  };
  // The whole page takes a drop, so that a file let go beside the frame does not open in its place.
  addEventListener("dragover", (event) => over(event, true));
  addEventListener("dragleave", (event) => over(event, false));
  addEventListener("drop", (event) => {
    over(event, false);
    if (event.dataTransfer.files.length === 0) return;
    byId("pack").files = event.dataTransfer.files;
    run();
  });
  byId("pack").addEventListener("change", run);
  byId("form").addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  byId("print").addEventListener("click", () => print());
  // The same check for whoever drives the page with a program: texts for keys, bytes for files; gives verdict, sentence and steps.
  globalThis.countersignVerify = async (bytes, { key = "", checkpoints = [], witnesses = [] } = {}) => {
    const report = await check(bytes, { key: readKey(key), checkpoints, witnesses: witnesses.map(parseWitnessKey) });
    return { verdict: report.verdict(), sentence: report.sentence(), steps: report.steps, findings: report.restated };
  };
}

begin();
