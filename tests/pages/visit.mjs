// The officer's morning and the reviewer's visit in a real browser with JavaScript off, and axe on every page at three widths.
// Does what a person does, by labels and links alone; prints what it saw as JSON and decides nothing.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { follow } from "./follow.mjs";
import { byKeyboard, importFiles, keepView, makePack, verify } from "./work.mjs";

const task = JSON.parse(readFileSync(process.argv[2], "utf8"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const seen = { steps: {}, violations: [], wide: [], elsewhere: [] };

const browser = await chromium.launch({ executablePath: task.chromium, args: ["--no-sandbox"] });

async function person(name) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60000);
  page.on("request", (request) => { if (!request.url().startsWith(task.base)) seen.elsewhere.push(request.url()); });
  await page.goto(`${task.base}/home`);
  if (name) {
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Password").fill(task.password);
    await follow(page, page.getByRole("button", { name: "Log in" }));
  }
  return { page, context };
}

const heading = (page) => page.locator("h1").innerText();

async function morning() {
  const officer = await person(task.officer);
  const { page } = officer;
  seen.steps.home = await heading(page);
  await follow(page, page.getByRole("link", { name: "Findings", exact: true }));
  await page.getByLabel("Class").selectOption("violation");
  await page.getByLabel("Known at the claim").selectOption("no");
  await follow(page, page.getByRole("button", { name: "Apply" }));
  seen.steps.worklist = await heading(page);
  await follow(page, page.locator("table.worklist td.says a").first());
  seen.steps.finding = await page.locator("svg text.lane").allInnerTexts().catch(() => page.locator("svg text.lane").allTextContents());
  seen.steps.findingAddress = new URL(page.url()).pathname;
  await follow(page, page.getByRole("link", { name: "Decide about this finding" }));
  await page.getByLabel("Assign", { exact: true }).check();
  await page.getByLabel("Assign to").fill("Cy Dean");
  await page.getByLabel("By this day").fill("2025-07-31");
  await follow(page, page.getByRole("button", { name: "Put on record" }));
  seen.steps.assigned = await page.getByText("Cy Dean").count();
  await follow(page, page.getByRole("link", { name: "Decide about this finding" }));
  await page.getByLabel("Ask for a waiver").check();
  await page.getByLabel("Why").fill("counsel has seen it");
  await follow(page, page.getByRole("button", { name: "Put on record" }));
  seen.steps.asked = await heading(page);
  const second = await person(task.approver);
  await follow(second.page, second.page.getByRole("link", { name: "Waivers" }));
  await follow(second.page, second.page.getByRole("button", { name: "Approve" }));
  seen.steps.approved = await heading(second.page);
  await page.goto(task.base + seen.steps.findingAddress);
  seen.steps.waived = await page.getByText("waived", { exact: true }).count();
  await keepView(page, task, seen);
  await importFiles(page, task, seen);
  await verify(browser, task, seen, await makePack(page, task, seen));
  await byKeyboard(page, task, seen);
  return officer;
}

async function visit() {
  const reviewer = await person(task.reviewer);
  const { page } = reviewer;
  seen.steps.reviewer = await heading(page);
  const claim = page.locator("table td a").first();
  seen.steps.reviewerClaim = await claim.innerText();
  await follow(page, claim);
  seen.steps.reviewerTrail = await heading(page);
  seen.steps.reviewerReads = await page.locator("main").innerText();
  seen.steps.reviewerAddress = new URL(page.url()).pathname;
  await page.goto(`${task.base}/people`);
  const staff = page.locator("table td a").first();
  seen.steps.reviewerStaff = await staff.innerText();
  await follow(page, staff);
  seen.steps.reviewerStaffTitle = await heading(page);
  seen.steps.reviewerStaffAddress = new URL(page.url()).pathname;
  const answer = await page.goto(`${task.base}/exposure`);
  seen.steps.reviewerKeptOut = answer.status();
  return reviewer;
}

// axe is a script and needs them on; the pages have none of their own.
async function judging(context) {
  const other = await browser.newContext({ storageState: await context.storageState(), viewport: { width: 1280, height: 900 } });
  const page = await other.newPage();
  page.setDefaultTimeout(60000);
  return page;
}

async function judge(page, path, width) {
  await page.setViewportSize({ width, height: 900 });
  await page.goto(task.base + path);
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  for (const v of result.violations) seen.violations.push({ path, width, id: v.id, nodes: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)) });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over > 0) seen.wide.push({ path, width, over });
  if (task.pictures) await page.screenshot({ path: `${task.pictures}/${path.replaceAll(/[^a-z0-9-]+/gi, "_")}-${width}.png`, fullPage: true });
}

try {
  const officer = await morning();
  const reviewer = await visit();
  const reviewing = await judging(reviewer.context);
  for (const path of ["/visit", seen.steps.reviewerAddress, "/people", seen.steps.reviewerStaffAddress]) for (const width of task.widths) await judge(reviewing, path, width);
  const page = await judging(officer.context);
  const looks = [...task.paths, seen.steps.findingAddress, seen.steps.packAddress, `/decide?id=${seen.steps.findingAddress.split("/").pop()}`];
  for (const path of looks) for (const width of task.widths) await judge(page, path, width);
  const stranger = await person(null);
  const login = await judging(stranger.context);
  for (const width of task.widths) await judge(login, "/login", width);
} catch (error) {
  seen.error = String(error.stack ?? error);
}
await browser.close();
console.log(JSON.stringify(seen));
