// What an officer does beside deciding, as a person does it: keeps a view, imports a file after a look, makes a pack, downloads it, prints;
// the same with the keyboard alone. Only the page that checks packs runs a script; prints nothing and decides nothing.
import { join } from "node:path";
import { follow } from "./follow.mjs";

const heading = (page) => page.locator("h1").innerText();

/** Keeps the filter on the page as a view, and comes back to it by its name. */
export async function keepView(page, task, seen) {
  await page.goto(`${task.base}/findings?class=violation&known=no`);
  await page.getByText("Your views").click();
  await page.getByLabel("Keep this filter as").fill("Not knowable when billed");
  await follow(page, page.getByRole("button", { name: "Keep it" }));
  await page.goto(`${task.base}/findings`);
  await follow(page, page.getByRole("link", { name: "Not knowable when billed" }));
  seen.steps.view = new URL(page.url()).search;
}

/** Sends a file with a fault, sees it told, lets it go; sends a good one, sees what would come, and appends it. */
export async function importFiles(page, task, seen) {
  await follow(page, page.getByRole("link", { name: "Import", exact: true }));
  await page.getByLabel("Files, 64 MiB in all").setInputFiles(task.faulty);
  await follow(page, page.getByRole("button", { name: "See what would be appended" }));
  seen.steps.faulty = await heading(page);
  seen.steps.problems = await page.locator("table tbody tr").first().innerText();
  await follow(page, page.getByRole("button", { name: "Let it go" }));
  await page.getByLabel("Files, 64 MiB in all").setInputFiles(task.good);
  await follow(page, page.getByRole("button", { name: "See what would be appended" }));
  seen.steps.looked = await heading(page);
  await follow(page, page.getByRole("button", { name: /^Append \d+ event/ }));
  seen.steps.imported = await heading(page);
}

/** Makes a pack about a claim, waits for it, and takes the file; gives where it lies and the key that the page tells. */
export async function makePack(page, task, seen) {
  await follow(page, page.getByRole("link", { name: "Packs", exact: true }));
  await page.getByLabel("A claim", { exact: true }).check();
  await page.getByLabel("Its id; of a sample the claims").fill(task.claim);
  await page.getByLabel("To whom it goes").fill("the invented auditor");
  await follow(page, page.getByRole("button", { name: "Make the pack" }));
  for (let tries = 0; tries < 120 && (await page.getByRole("link", { name: "Look again" }).count()) > 0; tries += 1) {
    await page.waitForTimeout(500);
    await follow(page, page.getByRole("link", { name: "Look again" }));
  }
  seen.steps.pack = await heading(page);
  seen.steps.packAddress = new URL(page.url()).pathname;
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download the pack" }).click();
  const file = join(task.folder, "downloaded.pack");
  await (await coming).saveAs(file);
  const printed = page.waitForEvent("download");
  await page.getByRole("link", { name: "PDF", exact: true }).click();
  await (await printed).saveAs(join(task.folder, "cover.pdf"));
  return file;
}

/** Checks a file on the page that checks packs, with the key that came by another way. */
export async function verify(browser, task, seen, file) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60000);
  await page.goto(`${task.base}/verify`);
  await page.getByLabel("Key of the ledger").fill(task.vkey);
  await page.getByLabel("The pack").setInputFiles(file);
  await page.waitForFunction(() => /steps? taken|Nothing was checked|could not be read/.test(document.getElementById("live").textContent));
  seen.steps.verified = await page.evaluate(() => document.getElementById("result").dataset.verdict ?? "");
  seen.steps.verdict = await page.locator("#verdict").innerText();
  if (task.pictures) await page.screenshot({ path: join(task.pictures, "verified.png"), fullPage: true });
  await context.close();
}

/** What has the focus, as a person would name it, and whether it is seen to have it. */
async function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement ?? document.body;
    const label = element === document.body ? "" : (element.labels?.[0]?.textContent ?? element.getAttribute("aria-label") ?? element.textContent ?? "");
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return {
      tag: element.tagName, type: element.getAttribute("type") ?? "", name: label.trim().replaceAll(/\s+/g, " ").slice(0, 60),
      // In the browser's own bars nothing of ours has the focus, and the parts of a date have a ring that the browser draws inside the field.
      ring: element === document.body || !element.matches(":focus") || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2), seen: box.width > 0 && box.height > 0,
    };
  });
}

/** Goes on with Tab until something is reached; gives everything that was passed. */
async function tabTo(page, wanted, most = 200) {
  const passed = [];
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press("Tab");
    const here = await focused(page);
    passed.push(here);
    if (wanted(here)) return passed;
  }
  throw new Error(`the keyboard does not reach it; it passed ${passed.map((p) => p.name).join(", ")}`);
}

/** Chooses two findings and acknowledges them without a mouse, in a window as narrow as 400% makes it. */
export async function byKeyboard(page, task, seen) {
  await page.bringToFront();
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(`${task.base}/findings?class=documentation&disposition=none`);
  const passed = await tabTo(page, (f) => f.type === "checkbox");
  await page.keyboard.press("Space");
  passed.push(...(await tabTo(page, (f) => f.type === "checkbox")));
  await page.keyboard.press("Space");
  passed.push(...(await tabTo(page, (f) => f.name === "Decide about those chosen")));
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/decide\?/);
  seen.steps.chosen = await heading(page);
  passed.push(...(await tabTo(page, (f) => f.type === "radio")));
  await page.keyboard.press("Space");
  passed.push(...(await tabTo(page, (f) => f.name === "Put on record")));
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/findings/);
  seen.steps.unseen = passed.filter((f) => !f.ring || !f.seen);
  await page.setViewportSize({ width: 1280, height: 900 });
}
