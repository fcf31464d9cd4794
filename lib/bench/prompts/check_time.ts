/** Checks of tempo, meter and length. */

import { type Check, rounded, verdict } from "./verdict.ts";

/** So far beside its interval, a tempo is another tempo class. */
const OTHER_TEMPO = 4 / 3;
/** A length that is so many times too long or too short is another length. */
const OTHER_LENGTH = 2;
/** Beyond its interval by rounding of ticks and microseconds. */
const ROUNDING = 0.001;

/** Whether a value is in an interval, both ends included. */
export function isWithin(
  value: number,
  [low, high]: readonly [number, number],
): boolean {
  return value >= low * (1 - ROUNDING) && value <= high * (1 + ROUNDING);
}

export const tempo: Check<"tempo"> = (heard, { qpm, orQpm }) => {
  const found = heard.qpm;
  const asked = orQpm ? [qpm, orQpm] : [qpm];
  return verdict(
    asked.some((interval) => isWithin(found, interval)),
    `${rounded(found)} bpm`,
    asked.every(([low, high]) =>
      found < low / OTHER_TEMPO || found > high * OTHER_TEMPO
    ),
  );
};

/** Meters that are counted alike: in two and four, in three, or unevenly. */
function countOf(meter: string): "even" | "three" | "odd" {
  const beats = Number(meter.split("/")[0]);
  return beats % 3 === 0 ? "three" : beats % 2 === 0 ? "even" : "odd";
}

export const meter: Check<"meter"> = (heard, { value, any, not }) => {
  const seconds = new Map<string, number>();
  for (const { start, end, meter } of heard.barsInside) {
    seconds.set(meter, (seconds.get(meter) ?? 0) + end - start);
  }
  const [found = "none"] = [...seconds].sort((a, b) => b[1] - a[1])[0] ?? [];
  if (not !== undefined) return verdict(found !== not, found, true);
  const asked = any ?? (value === undefined ? [] : [value]);
  return verdict(
    asked.includes(found),
    found,
    asked.every((one) => countOf(one) !== countOf(found)),
  );
};

export const seconds: Check<"seconds"> = (heard, { from, to }, { require }) => {
  // A silence that is asked at the end belongs to the length.
  const countsSilence = require.some((one) =>
    one.is === "silence" &&
    one.atSeconds + (one.forSeconds ?? Infinity) >= from
  );
  const found = countsSilence ? heard.trackSeconds : heard.to;
  return verdict(
    isWithin(found, [from, to]),
    `${rounded(found)} s`,
    found < from / OTHER_LENGTH || found > to * OTHER_LENGTH,
  );
};

export const bars: Check<"bars"> = (heard, { count }) => {
  const found = heard.bars.length;
  const last = heard.bars.at(-1);
  const inLast = last
    ? heard.onsets.filter((onset) => onset >= last.start - 0.06)
    : [];
  return verdict(
    found === count || found === count + 1 && inLast.length === 1,
    `${found} bars`,
    found < count / OTHER_LENGTH || found > count * OTHER_LENGTH,
  );
};
