/** The times that music21 gives to events: on sixteenths and triplet eighths. */

/** Twelfths in a quarter note. */
export const TWELFTHS = 12;

/** Grid steps in a quarter note: sixteenths, and triplet eighths. */
const FINE = 4, COARSE = 3;
/** More than the errors that rounding to seven digits can make equal. */
const SURELY_APART = 1e-6;

/** The nearest time on either grid, in twelfths; of two equally near, the sixteenth. */
export function nearestPlace(quarters: number): number {
  const fine = nearestMultiple(quarters, 1 / FINE);
  const coarse = nearestMultiple(quarters, 1 / COARSE);
  const apart = compareErrors(
    Math.abs(quarters - fine),
    Math.abs(quarters - coarse),
  );
  return Math.round(TWELFTHS * (apart <= 0 ? fine : coarse));
}

/**
 * The duration of a chord in twelfths, at least one unit: on the grid that fills
 * more of the gap to the next event; if both fill as much, on the nearer one.
 *
 * @param gap Twelfths to the next event in the track, or 0.
 */
export function nearestDuration(quarters: number, gap: number): number {
  const fine = nearestMultiple(quarters, 1 / FINE) || 1 / FINE;
  const coarse = nearestMultiple(quarters, 1 / COARSE) || 1 / COARSE;
  const apart = leftOf(coarse, 1 / COARSE, gap) - leftOf(fine, 1 / FINE, gap) ||
    compareErrors(Math.abs(quarters - coarse), Math.abs(quarters - fine));
  return Math.round(TWELFTHS * (apart < 0 ? coarse : fine));
}

/** The nearest multiple of a grid's unit. */
function nearestMultiple(quarters: number, unit: number): number {
  const units = Math.floor(quarters / unit);
  const low = unit * units;
  return quarters <= low + unit / 2 ? low : unit * (units + 1);
}

/**
 * Which of two errors is less, negative for the first; to seven digits, so that
 * errors that differ only by floating point count as equal.
 */
function compareErrors(a: number, b: number): number {
  const apart = a - b;
  return apart === 0 || Math.abs(apart) > SURELY_APART
    ? apart
    : Number(a.toFixed(7)) - Number(b.toFixed(7));
}

/**
 * What a duration leaves of a gap, in quarters. In floating point, as music21
 * computes it: there a quarter is no multiple of a third of a quarter.
 */
function leftOf(duration: number, unit: number, gap: number): number {
  const quarters = gap / TWELFTHS;
  return quarters % unit === 0 ? 0 : Math.max(quarters - duration, 0);
}
