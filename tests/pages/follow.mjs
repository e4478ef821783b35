// A click that leads to another document, awaited: what is read right after a bare click may still be the page that is being left.
// Knows no page of ours; a click that stays on the page is not for it.

/** Clicks a link or a button and waits until the document it leads to has been read. */
export async function follow(page, control) {
  await Promise.all([page.waitForEvent("domcontentloaded"), control.click()]);
}
