/** Plans the meter, tempo and length of a piece that a model can make. */

import { withoutUndefined } from "../base/base.ts";
import {
  bandOf,
  type BarsAs,
  barsAs,
  barsInTurns,
  parseMeter,
  type PieceSpec,
  quartersPerBar,
  TEMPO_BANDS,
} from "../music/music.ts";
import { MOST_OFF } from "./section_times.ts";
import type { Profile, RemiAlphabet } from "../tokens/remi/remi.ts";

/** By word: its tempo, in quarter notes per minute. */
const WORD_QPM = {
  largo: 54,
  slow: 68,
  moderate: 84,
  lively: 100,
  fast: 120,
} as const satisfies Record<(typeof TEMPO_BANDS)[number]["name"], number>;
/** Tempo and meter by which a length in seconds is counted out in bars. */
const DEFAULT_QPM = 72, DEFAULT_METER = "4/4";
/** A tempo so little above the edge of its class may be below it in a file. */
const EDGE_QPM = 0.01;
/** Bars of a loop of no stated length. */
const LOOP_BARS = 8;

/** Meter, tempo and length; a field left out is free. */
export interface TimePlan {
  /** Such as "3/4". */
  readonly meter?: string;
  /** How bars of the meter are made, where the model does not know it. */
  readonly barsAs?: BarsAs;
  /** Length in bars. */
  readonly bars?: number;
  /** Tempo of the finished piece, in quarter notes per minute. */
  readonly qpm?: number;
  /** The nearest tempo that the model knows. */
  readonly modelQpm?: number;
  /** Where the finished piece is to be cut. */
  readonly exactSeconds?: number;
}

/**
 * Plans meter, tempo and length.
 *
 * A length in seconds is counted out in bars: at the tempo asked, or else the
 * usual one, or at 72 quarter notes per minute, and in the meter asked, or else
 * the usual one, or in 4/4. An exact length, and a loop's, moves a tempo that was
 * not given as a number so that the bars come out; so does one of which whole bars
 * would miss more than 4 %, or else the piece is cut. A loop is 8 bars long unless
 * told otherwise.
 *
 * @param alphabet The model's REMI tokens.
 * @param notes Gets a sentence where a length cannot be met.
 * @param usual Meter, tempo and length where none are asked. @default free
 */
export function planTime(
  asked: PieceSpec,
  alphabet: RemiAlphabet,
  notes: string[],
  usual?: Pick<Profile["constraints"], "meter" | "qpm" | "bars">,
): TimePlan {
  const { length, loop = false } = asked;
  const meters = alphabet.valuesOf("TimeSignature");
  const hasSeconds = length !== undefined && "seconds" in length;
  const meter = asked.meter ?? usual?.meter ??
    (hasSeconds
      ? meters.find((one) => one === DEFAULT_METER) ?? meters[0]
      : undefined);
  const { tempo, secondMeter: second } = asked;
  const isUsual = usual &&
    (tempo === undefined ||
      [usual.qpm, usual.qpm - EDGE_QPM].every((qpm) =>
        bandOf(TEMPO_BANDS, qpm) === tempo
      ));
  let qpm = asked.qpm ??
    (isUsual
      ? usual.qpm
      : tempo
      ? WORD_QPM[tempo]
      : hasSeconds
      ? DEFAULT_QPM
      : undefined);
  let bars = length !== undefined && "bars" in length
    ? length.bars
    : length !== undefined
    ? undefined
    : loop
    ? LOOP_BARS
    : usual?.bars;
  let exactSeconds: number | undefined;
  if (hasSeconds && meter !== undefined && qpm !== undefined) {
    const { seconds, exact = false } = length;
    const barQuarters = (quartersPerBar(parseMeter(meter)) +
      quartersPerBar(parseMeter(second ?? meter))) / 2;
    const quarters = seconds * qpm / 60;
    const isFitted = (exact || loop) && asked.qpm === undefined;
    // A piece that is cut to its length must not be too short.
    const round = exact && !isFitted && !loop ? Math.ceil : Math.round;
    bars = Math.max(1, round(quarters / barQuarters));
    const fitted = bars * barQuarters * 60 / seconds;
    const isFar = Math.abs(qpm / fitted - 1) > MOST_OFF;
    if (isFitted) qpm = fitted;
    else if (isFar && !exact && !loop) {
      // A bar more or less is much of a short piece.
      const isFree = asked.qpm === undefined &&
        (tempo === undefined || bandOf(TEMPO_BANDS, fitted) === tempo);
      if (isFree) qpm = fitted;
      else {
        bars = Math.ceil(quarters / barQuarters);
        exactSeconds = seconds;
      }
    } else if (exact && !loop) exactSeconds = seconds;
    else if (exact) {
      notes.push(
        `A loop is whole bars: ${bars} bars at ${qpm} bpm are ${
          (bars * barQuarters * 60 / qpm).toFixed(1)
        } seconds, not ${seconds}.`,
      );
    }
  }
  const modelQpm = qpm === undefined
    ? undefined
    : nearest(alphabet.numbersOf("Tempo"), qpm);
  const made = meter === undefined || meters.length === 0
    ? undefined
    : second !== undefined && second !== meter
    ? barsInTurns(meter, second, meters)
    : meters.includes(meter)
    ? undefined
    : barsAs(meter, meters);
  if (made) notes.push(tellBars(made));
  return withoutUndefined({
    meter,
    barsAs: made,
    bars,
    qpm,
    modelQpm,
    exactSeconds,
  });
}

/** Tells how bars are made of others. */
function tellBars({ meter, madeOf, from, to, second }: BarsAs): string {
  if (second !== undefined) {
    return `Bars of ${meter} and of ${second} take turns, each the beginning of ${
      from === 1 ? "one" : from
    } of ${madeOf} that the model writes.`;
  }
  const quarters = quartersPerBar(parseMeter(madeOf)) * from -
    quartersPerBar(parseMeter(meter)) * to;
  const without = quarters < 1e-9
    ? ""
    : `, without the last ${
      quarters === 1 ? "quarter" : `${Number(quarters.toFixed(2))} quarters`
    }`;
  const bars = (count: number, meter: string) =>
    `${count} bar${count === 1 ? "" : "s"} of ${meter}`;
  return `The model never heard ${meter}: ${bars(from, madeOf)} make${
    from === 1 ? "s" : ""
  } ${to}${without}.`;
}

/** The value nearest to another, undefined of none. */
function nearest(
  values: readonly number[],
  wanted: number,
): number | undefined {
  return values.toSorted((a, b) =>
    Math.abs(a - wanted) - Math.abs(b - wanted)
  )[0];
}
