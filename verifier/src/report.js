// What a check found: its steps, what the pack tells, the verdict, and the one sentence that sums it up (FORMAT.md, "Verdict").
// Refuses a green verdict where a step failed or was broken off, where nothing was there to check, or where no key came from outside.

import { Refused } from "./refusal.js";
import { dateOf } from "./time.js";

/** Lets the page draw; `share` says how much of the step is done. */
export async function breathe(progress, share) {
  progress?.(share);
  await new Promise((resume) => setTimeout(resume, 0));
}

export const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
export const count = (n, what) => (n === 1 ? `1 ${what}` : `${grouped(n)} ${what}s`);

export class Report {
  /** `tell` is called with each step as it ends. */
  constructor(keyGiven, tell = () => {}) {
    this.keyGiven = keyGiven;
    this.steps = [];
    this.restated = [];
    this.tell = tell;
    this.told = { origin: "", simulated: false, size: 0, root: "", scope: "", complete: null, today: "", ruleSet: "", part2: false };
    Object.assign(this.told, { frames: 0, bodies: 0, recorded: null, findings: null, erased: 0, anchor: null, witnessed: null });
  }

  end(id, what, outcome, detail) {
    const step = { id, what, outcome, detail };
    this.steps.push(step);
    this.tell(step);
  }

  notChecked(id, what, detail) {
    this.end(id, what, "not_checked", detail);
  }

  /** Takes a step: `check` gives `[value, detail]` or refuses. Gives the value, or `undefined` when it failed. */
  async step(id, what, check) {
    try {
      const [value, detail] = await check();
      this.end(id, what, "passed", detail);
      return value;
    } catch (error) {
      // Whatever breaks a step off, it has not passed.
      const why = error instanceof Refused ? error.message : `this page could not go on (${error instanceof Error ? error.message : "unknown error"})`;
      this.end(id, what, "failed", why);
      return undefined;
    }
  }

  verdict() {
    const failed = this.steps.some((step) => step.outcome === "failed");
    const whole = this.steps.some((step) => step.id === "counts" && step.outcome === "passed");
    if (failed || !whole || this.told.frames === 0) return "failed";
    if (!this.keyGiven) return "self_consistent_only";
    return this.told.erased > 0 ? "verified_with_erased_parts" : "verified";
  }

  isGreen() {
    return this.verdict().startsWith("verified");
  }

  sentence() {
    const { told } = this;
    const verdict = this.verdict();
    if (verdict === "failed") {
      const why = this.steps.find((step) => step.outcome === "failed")?.detail ?? "there is nothing in it that could be checked";
      return `FAILED: do not rely on this pack, because ${why}.`;
    }
    const records = count(told.frames, "record");
    const these = `these ${records} are the ones in ${told.origin} at ${count(told.size, "event")}`;
    const opening = {
      self_consistent_only: `Self-consistent only: ${records} agree with each other and with a key that the pack brought itself, so all of it may have been made up (check with the log's key), claiming to be of ${told.origin}`,
      verified_with_erased_parts: `Verified, with erased parts: ${these}, ${count(told.erased, "sealed value")} of which nobody can open any more`,
      verified: `Verified: ${these}`,
    }[verdict];
    return `${opening}; ${this.since()}; ${this.leftOut()}; ${this.rules()}.`;
  }

  since() {
    const { recorded, anchor, witnessed } = this.told;
    const said = `recorded from ${dateOf(recorded[0])} to ${dateOf(recorded[1])} by the ledger's own clock`;
    if (anchor === null && witnessed === null) return `${said}, since when nobody outside vouches for`;
    const parts = [said];
    if (anchor !== null) parts.push(`and unchanged since your checkpoint ${anchor.whose} over ${count(anchor.size, "event")}`);
    if (witnessed !== null) parts.push(`and unchanged since a witness saw them on ${dateOf(BigInt(witnessed) * 1_000_000n)}`);
    return parts.join(", ");
  }

  leftOut() {
    const { frames, bodies, complete, scope } = this.told;
    const withheld = frames === bodies ? "" : ` (the contents of ${frames - bodies} are withheld and listed)`;
    if (complete !== null) return `nothing between seq ${complete.from} and seq ${complete.to} was left out${withheld}`;
    return `it is a selection (${scope})${withheld}, which cannot prove that nothing belonging to it was left out`;
  }

  rules() {
    const { findings, today } = this.told;
    const advisories = findings.advisory === 1 ? "1 advisory" : `${grouped(findings.advisory)} advisories`;
    return `the rules, as the ledger's holder ran them for ${today}, said ${count(findings.violation, "violation")}, ${count(findings.documentation, "documentation gap")} and ${advisories}`;
  }
}
