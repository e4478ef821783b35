// Drives the built page in headless Chromium as told by a JSON file, and prints what the page showed as JSON; for tests/browser_verifier.rs.
// Refuses to judge: the Rust test compares. Every request that the page makes, or tries to make, is in the answer.
//
//     node drive.mjs TASK.json
//
// A task: { chromium, page, pictures (a folder), shown: [{ name, pack, key, checkpoints,
// witnesses, drop, picture }], flipped: { pack, key, checkpoints, changes: [[at, xor]] },
// many: { folder, key } }, the last two or null. Checkpoints and packs are paths.

import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const task = JSON.parse(readFileSync(process.argv[2], "utf8"));
const browser = await chromium.launch({ executablePath: task.chromium, args: ["--no-sandbox", "--disable-gpu"] });
const context = await browser.newContext();
const page = await context.newPage();
const answer = { requests: [], problems: [], shown: [], flipped: [], many: [] };
context.on("request", (request) => answer.requests.push(request.url()));
page.on("pageerror", (error) => answer.problems.push(String(error)));
page.on("console", (message) => message.type() === "error" && answer.problems.push(message.text()));
await page.goto(pathToFileURL(task.page).href);

const base64 = (path) => readFileSync(path).toString("base64");

async function drop(path) {
  const transfer = await page.evaluateHandle(([name, text]) => {
    const made = new DataTransfer();
    made.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
    return made;
  }, [basename(path), base64(path)]);
  await page.dispatchEvent("#drop", "drop", { dataTransfer: transfer });
}

/** Fills in the page as a person does, and reads what it then says. */
async function show({ name, pack, key = "", checkpoints = [], witnesses = [], drop: dropped = false, picture = false }) {
  await page.reload();
  await page.fill("#key", key);
  await page.fill("#witnesses", witnesses.join("\n"));
  await page.setInputFiles("#checkpoints", checkpoints);
  if (dropped) await drop(pack);
  else await page.setInputFiles("#pack", pack);
  await page.waitForFunction(() => /steps? taken|Nothing was checked|could not be read/.test(document.getElementById("live").textContent));
  const said = await page.evaluate(() => ({
    hidden: document.getElementById("result").hidden,
    verdict: document.getElementById("result").dataset.verdict ?? "",
    heading: document.getElementById("verdict").textContent,
    sentence: document.getElementById("sentence").textContent,
    live: document.getElementById("live").textContent,
    problem: document.getElementById("key-problem").textContent,
    steps: [...document.querySelectorAll("#steps li")].map((item) => `${item.dataset.step}:${item.dataset.outcome}`).join(" "),
    findings: [...document.querySelectorAll(".finding li")].map((item) => item.textContent),
    wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  }));
  if (picture) {
    for (const width of [320, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      said.wider = Math.max(said.wider, await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth));
      await page.screenshot({ path: join(task.pictures, `${name}-${width}.png`), fullPage: true });
    }
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.pdf({ path: join(task.pictures, `${name}.pdf`) });
  }
  answer.shown.push({ name, ...said });
}

for (const asked of task.shown) await show(asked);

/** In the page: the verdict and steps of a pack, as one text. */
await page.evaluate(() => {
  globalThis.bytesOfText = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  globalThis.summary = async (bytes, given) => {
    const { verdict, steps } = await globalThis.countersignVerify(bytes, given);
    return `${verdict} ${steps.map(({ id, outcome }) => `${id}:${outcome}`).join(" ")}`;
  };
});

if (task.flipped !== null) {
  const kept = task.flipped.checkpoints.map((path) => [basename(path), base64(path)]);
  answer.flipped = await page.evaluate(async ({ pack, key, kept, changes }) => {
    const bytes = globalThis.bytesOfText(pack);
    const checkpoints = kept.map(([name, text]) => ({ name, bytes: globalThis.bytesOfText(text) }));
    const said = [];
    for (const [at, xor] of changes) {
      bytes[at] ^= xor;
      said.push(await globalThis.summary(bytes, { key, checkpoints }));
      bytes[at] ^= xor;
    }
    return said;
  }, { ...task.flipped, pack: base64(task.flipped.pack), kept });
}

if (task.many !== null) {
  for (const name of readdirSync(task.many.folder).sort()) {
    answer.many.push(await page.evaluate(([pack, key]) => globalThis.summary(globalThis.bytesOfText(pack), { key }), [base64(join(task.many.folder, name)), task.many.key]));
  }
}

// What the policy of the page is for: even a program in it could not send anything.
answer.blocked = await page.evaluate(() => fetch("http://127.0.0.1:9/").then(() => false, () => true));
await browser.close();
console.log(JSON.stringify(answer));
