// What a check is refused with: evidence that does not hold, in words for the reader.
// Refuses to be used for the program's own mistakes: those stay ordinary errors, which never end in green either (report.js).

/** The evidence does not hold; `message` says why. */
export class Refused extends Error {}

/** @returns {never} */
export function refuse(why) {
  throw new Refused(why);
}

export function need(held, why) {
  if (!held) refuse(why);
}
