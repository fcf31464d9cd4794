/** Checks of what moves through a piece, and of what stays. */

import { lineCount } from "./check_cast.ts";
import { keyOf, nameOfKey } from "./check_key.ts";
import { densityOf, meanPitchOf } from "./check_levels.ts";
import { type Heard, onsetsOf } from "./heard.ts";
import { pitchClassOf } from "./pitches.ts";
import type { AskedTime, Quantity, RequirementOf } from "./requirement.ts";
import {
  type Check,
  type CheckContext,
  rounded,
  type Verdict,
  verdict,
} from "./verdict.ts";

/** Seconds before and after a time that are compared. */
const ASIDE_SECONDS = 8;
/** Bars before and after a bar that are compared. */
const ASIDE_BARS = 4;

/** A quantity, and how much of it is a change. */
interface Measure {
  readonly of: (heard: Heard) => number;
  /** Least change as a share of what is before. */
  readonly share?: number;
  /** Least change. */
  readonly by?: number;
  /** Largest departure of a quarter of a steady piece, of the same kind. */
  readonly steady?: number;
}

const MEASURES: Readonly<Record<string, Measure>> = {
  density: { of: densityOf, share: 0.25, steady: 0.3 },
  loudness: { of: ({ loudness }) => loudness, by: 8, steady: 8 },
  tempo: { of: ({ qpm }) => qpm, share: 0.08, steady: 0.02 },
  register: { of: ({ pitched }) => meanPitchOf(pitched), by: 3 },
  parts: { of: channelCount, by: 1 },
};

/** Channels that sound, or voices of a single one. */
function channelCount(heard: Heard): number {
  return lineCount(heard);
}

/** @throws {RangeError} If there is no such quantity that can be measured so. */
function measureOf(quantity: Quantity): Measure {
  const measure = MEASURES[quantity];
  if (measure) return measure;
  throw new RangeError(
    `Cannot measure "${quantity}": it must be one of ${
      Object.keys(MEASURES).join(", ")
    }.`,
  );
}

/** What is before and what is after a change, in the ways that count. */
function sidesOf(
  heard: Heard,
  { at, atSeconds, atBar }: AskedTime,
): [before: Heard, after: Heard][] {
  const { from, to, seconds } = heard;
  const share = (a: number, b: number) =>
    heard.between(from + a * seconds, from + b * seconds);
  switch (at) {
    case "whole":
      return [[share(0, 0.25), share(0.75, 1)]];
    case "start":
      return [
        [share(0, 0.25), share(0.25, 0.5)],
        [share(0, 0.125), share(0.125, 0.25)],
      ];
    case "middle":
      return [[share(0, 0.5), share(0.5, 1)]];
    case "end":
      return [
        [share(0, 0.75), share(0.75, 1)],
        [share(0, 0.9), share(0.9, 1)],
      ];
  }
  const around = (time: number, before: number, after: number) =>
    [
      heard.between(Math.max(from, before), time),
      heard.between(time, Math.min(to, after)),
    ] as [Heard, Heard];
  if (atBar !== undefined) {
    return [
      around(
        heard.barStart(atBar),
        heard.barStart(Math.max(1, atBar - ASIDE_BARS)),
        heard.barStart(atBar + ASIDE_BARS),
      ),
    ];
  }
  const off = Math.max(1, 0.05 * seconds);
  return [0, -1, 1, -0.5, 0.5, -0.25, 0.25].map((by) => {
    const time = (atSeconds ?? 0) + by * off;
    return around(time, time - ASIDE_SECONDS, time + ASIDE_SECONDS);
  });
}

export const change: Check<"change"> = (heard, asked, context) => {
  if (asked.of === "key") return keyChange(heard, asked, context);
  if (asked.of === "meter") return meterChange(heard, asked);
  if (asked.direction === "alternate") return turns(heard, asked.of);
  const { of, share = 0, by = 0 } = measureOf(asked.of);
  const sign = asked.direction === "down" ? -1 : 1;
  let met = false, isOpposite = true;
  const texts: string[] = [];
  for (const [before, after] of sidesOf(heard, asked)) {
    const [a, b] = [of(before), of(after)];
    const least = Math.max(by, share * Math.abs(a));
    const risen = sign * (b - a);
    texts.push(`${rounded(a)} to ${rounded(b)}`);
    // Sound after silence is more than any, and silence after sound less.
    if (risen >= least && risen > 0) met = true;
    if (!(risen <= -least && risen < 0)) isOpposite = false;
  }
  return verdict(met, `${asked.of} ${texts[0]}`, isOpposite);
};

/** Parts of a piece in which what goes up and down by turns is measured. */
const TURN_PARTS = 16;
/** Fewest times that it turns. */
const FEWEST_TURNS = 2;

/** Whether a quantity goes up and down by turns. */
function turns(heard: Heard, quantity: Quantity): Verdict {
  const { of, share = 0, by = 0 } = measureOf(quantity);
  const step = heard.seconds / TURN_PARTS;
  const values = Array.from({ length: TURN_PARTS }, (_, i) => {
    const from = heard.from + i * step;
    return of(heard.between(from, from + step));
  }).filter((value) => !Number.isNaN(value));
  const least = Math.max(by, share * Math.abs(of(heard)));
  let count = 0, extreme = values[0] ?? 0, sign = 0;
  for (const value of values) {
    const moved = value - extreme;
    if (Math.sign(moved) === sign || sign === 0 && moved === 0) extreme = value;
    else if (Math.abs(moved) >= least) {
      count++;
      sign = Math.sign(moved);
      extreme = value;
    }
  }
  return verdict(
    count >= FEWEST_TURNS,
    `${quantity} ${values.map(rounded).join(", ")}`,
    count === 0,
  );
}

function keyChange(
  heard: Heard,
  asked: RequirementOf<"change">,
  context: CheckContext,
): Verdict {
  const [sides] = sidesOf(heard, asked);
  const [before, after] = sides!.map((one) => keyOf(one, context));
  const text = `${nameOfKey(before!)} to ${nameOfKey(after!)}`;
  const steps = (after!.tonic - before!.tonic + 12) % 12;
  if (asked.to !== undefined) {
    const mode = /(major|minor)$/.exec(asked.to)?.[0];
    const tonic = asked.to.replace(/\s*(major|minor)$/, "");
    return verdict(
      (mode === undefined || after!.mode === mode) &&
        (tonic === "" || after!.tonic === pitchClassOf(tonic)),
      text,
    );
  }
  const sign = asked.direction === "down" ? -1 : 1;
  return verdict(
    asked.semitones === undefined
      ? steps !== 0
      : steps === (sign * asked.semitones % 12 + 12) % 12,
    text,
  );
}

function meterChange(
  heard: Heard,
  asked: RequirementOf<"change">,
): Verdict {
  const meters = heard.barsInside.map(({ meter }) => meter);
  const text = [...new Set(meters)].join(", ");
  if (asked.direction !== "alternate") {
    const [sides] = sidesOf(heard, asked);
    const [before, after] = sides!.map(({ barsInside }) =>
      barsInside.at(-1)?.meter
    );
    return verdict(before !== after, text);
  }
  const turns = meters.slice(1).filter((one, i) => one !== meters[i]).length;
  const isEvery = asked.every === "bar"
    ? turns >= 0.9 * (meters.length - 1)
    : turns >= 2;
  return verdict(isEvery && new Set(meters).size === 2, text);
}

export const steady: Check<"steady"> = (heard, { of: quantity }) => {
  const { of, by, steady = 0 } = measureOf(quantity);
  const mean = of(heard);
  const most = by === undefined ? steady * mean : steady;
  const quarters = [0, 1, 2, 3].map((i) =>
    of(heard.between(
      heard.from + i * heard.seconds / 4,
      heard.from + (i + 1) * heard.seconds / 4,
    ))
  );
  return verdict(
    quarters.every((one) => Math.abs(one - mean) <= most),
    `${quantity} ${quarters.map(rounded).join(", ")}`,
  );
};

/** Seconds over which what rises and falls is measured. */
const CYCLE_WINDOW = 1;

export const cycle: Check<"cycle"> = (heard, { of, seconds }) => {
  const periods = of === "hit" ? strikes(heard) : [swells(heard, of)];
  const fits = (period: number) =>
    Number.isFinite(period) &&
    (seconds === undefined || Math.abs(period - seconds) <= 0.2 * seconds);
  return verdict(
    periods.some(fits),
    `periods ${periods.map(rounded).join(", ") || "none"} s`,
  );
};

/** By sound that strikes evenly: the seconds between its strikes. */
function strikes({ notes }: Heard): number[] {
  const parts = Map.groupBy(
    notes,
    ({ isDrum, pitch, program }) => isDrum ? `drum ${pitch}` : program,
  );
  return [...parts.values()].flatMap((part) => {
    const onsets = onsetsOf(part);
    const gaps = onsets.slice(1).map((one, i) => one - onsets[i]!)
      .filter((gap) => gap > 0.5);
    const median = gaps.toSorted((a, b) => a - b)[gaps.length >> 1] ?? NaN;
    const even = gaps.filter((gap) => Math.abs(gap - median) <= 0.2 * median);
    return gaps.length >= 2 && even.length >= 0.6 * gaps.length ? [median] : [];
  });
}

/** Mean seconds from one crest of a quantity to the next; NaN without two. */
function swells(heard: Heard, quantity: "register" | "loudness"): number {
  const { of, by = 0 } = measureOf(quantity);
  const crests: number[] = [];
  let low = Infinity, high = -Infinity, crest = 0, isRising = true;
  for (let at = heard.from; at + CYCLE_WINDOW <= heard.to; at += 0.5) {
    const value = of(heard.between(at, at + CYCLE_WINDOW));
    if (Number.isNaN(value)) continue;
    if (isRising && value > high) [high, crest] = [value, at];
    if (!isRising && value < low) low = value;
    if (isRising && value < high - by) {
      crests.push(crest);
      [isRising, low] = [false, value];
    } else if (!isRising && value > low + by) {
      [isRising, high, crest] = [true, value, at];
    }
  }
  return crests.length < 2
    ? NaN
    : (crests.at(-1)! - crests[0]!) / (crests.length - 1);
}
