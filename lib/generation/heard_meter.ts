/** The meter in which a model that knows few of them hears a piece. */

import { type Meter, parseMeter, quartersPerBar } from "../music/music.ts";

/** A meter that a model knows, in place of a piece's own. */
export interface HeardMeter {
  /** Such as "4/4". */
  readonly name: string;
  /** Its bar, in bars of the piece's own meter. */
  readonly bars: number;
  /** Whether one of the two bars is a whole number of the other. */
  readonly fits: boolean;
}

/**
 * The meter that is nearest to another: itself where it is known; else one whose
 * bar is a multiple or a divisor of its bar, as 4/4 is of 2/4, the smaller the
 * factor the better; else the one with the nearest length of a bar. Of two as
 * near, the one that is compound where the other is, and then the longer.
 *
 * @param known Names of at least one meter.
 * @throws {RangeError} If none is known.
 */
export function heardMeter(
  meter: Meter,
  known: readonly string[],
): HeardMeter {
  const own = quartersPerBar(meter);
  const [best] = known.map((name) => {
    const other = parseMeter(name);
    const length = quartersPerBar(other);
    const factor = Math.max(own / length, length / own);
    const fits = Number.isInteger(factor);
    return {
      name,
      bars: length / own,
      fits,
      // Whatever fits comes before whatever does not.
      cost: fits ? factor : 1000 + Math.abs(length - own),
      isOther: isCompound(other) === isCompound(meter) ? 0 : 1,
      isSame: other.numerator === meter.numerator &&
        other.denominator === meter.denominator,
      length,
    };
  }).sort((a, b) =>
    Number(b.isSame) - Number(a.isSame) || a.cost - b.cost ||
    a.isOther - b.isOther || b.length - a.length
  );
  if (best === undefined) {
    throw new RangeError(
      "Cannot hear a piece: the model knows no meter. Train it on whole pieces.",
    );
  }
  const { name, bars, fits } = best;
  return { name, bars, fits };
}

function isCompound({ numerator, denominator }: Meter): boolean {
  return denominator >= 8 && numerator % 3 === 0;
}
