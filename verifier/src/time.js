// Days and instants as a person reads them, from the numbers in the bytes: the proleptic Gregorian calendar, in UTC.
// Refuses to know time zones (what is shown says `Z`), and the browser's dates, which end where hostile numbers go on.

const DAY = 86_400_000_000n;

const floor = (a, b) => (a >= 0n ? a / b : -((-a + b - 1n) / b));
const two = (n) => String(n).padStart(2, "0");

/** A day from its number since 1970-01-01. */
export function dayOf(number) {
  // Years are counted from March, so that the leap day is the last of its year; 400 years have 146,097 days.
  const shifted = BigInt(number) + 719_468n;
  const era = floor(shifted, 146_097n);
  const ofEra = shifted - era * 146_097n;
  const yearOfEra = (ofEra - ofEra / 1_460n + ofEra / 36_524n - ofEra / 146_096n) / 365n;
  const ofYear = ofEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  const fromMarch = (5n * ofYear + 2n) / 153n;
  const date = ofYear - (153n * fromMarch + 2n) / 5n + 1n;
  const month = fromMarch < 10n ? fromMarch + 3n : fromMarch - 9n;
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n);
  return `${year < 0n ? `-${String(-year).padStart(3, "0")}` : String(year).padStart(4, "0")}-${two(month)}-${two(date)}`;
}

/** The day, in UTC, of microseconds since 1970-01-01 00:00 UTC. */
export const dateOf = (micros) => dayOf(floor(BigInt(micros), DAY));

/** The instant, to the second. */
export function instantOf(micros) {
  const at = BigInt(micros);
  const seconds = (at - floor(at, DAY) * DAY) / 1_000_000n;
  return `${dateOf(at)}T${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}Z`;
}
