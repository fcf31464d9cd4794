/** Tells in sentences what a model hears in place of what it does not know. */

import {
  type Meter,
  meterName,
  type NoteSequence,
  programName,
} from "../music/music.ts";
import type { HeardMusic } from "./fitting.ts";
import type { HeardMeter } from "./heard_meter.ts";

/** What of replaced tokens is told as a count. */
const COUNTED = {
  Position: "starts",
  Duration: "lengths",
  Velocity: "velocities",
  Drum: "drum strokes",
} as const;

/** More instruments than these are not named twice. */
const MOST_NAMES = 3;

/**
 * Tells what a model hears in place of what it does not know, each thing once.
 *
 * @param goesOn Whether new bars follow the music.
 */
export function tellHearing(
  music: NoteSequence,
  heard: HeardMusic,
  { own, inMeter, qpm, goesOn }: {
    readonly own: Meter;
    readonly inMeter: HeardMeter;
    readonly qpm: number;
    readonly goesOn: boolean;
  },
): string[] {
  const { counts, unheard } = heard;
  const told = tellInstruments(heard);
  const outside = counts.get("Pitch") ?? 0;
  if (outside > 0) {
    told.push(
      `${
        count(outside, "note")
      } outside the model's pitches: it hears them in another octave.`,
    );
  }
  const approximate = Object.entries(COUNTED).flatMap(([type, what]) => {
    const number = counts.get(type as keyof typeof COUNTED) ?? 0;
    return number > 0 ? [`${number} ${what}`] : [];
  });
  if (approximate.length > 0) {
    told.push(
      `The model hears ${
        listed(approximate)
      } at the nearest that it knows; they play as they were.`,
    );
  }
  if (unheard.pitched > 0) {
    told.push(
      `${
        count(unheard.pitched, "note")
      } that the model cannot hear: it knows no tokens for them.`,
    );
  }
  const name = meterName(own);
  if (name !== inMeter.name) {
    told.push(
      `The model knows no ${name}; it hears ${inMeter.name}${
        goesOn && !inMeter.fits ? " and goes on in it" : ""
      }.`,
    );
  }
  const meters = new Set(music.timeSignatures.map(meterName));
  if (meters.size > 1) {
    told.push(
      `The meter changes; the model hears ${inMeter.name} throughout.`,
    );
  }
  const heardQpm = counts.has("Tempo")
    ? Number(heard.bars[0]?.[2]?.split("_")[1])
    : qpm;
  if (heardQpm !== qpm) {
    told.push(
      `The model knows no ${bpm(qpm)}; it hears ${bpm(heardQpm)}${
        goesOn ? `, and goes on at ${bpm(qpm)}` : ""
      }.`,
    );
  }
  return told;
}

/** One sentence for each instrument that the model hears in place of others. */
function tellInstruments({ instruments }: HeardMusic): string[] {
  const byKnown = Map.groupBy(
    instruments.standIns,
    ([, known]) => known,
  );
  return [...byKnown].map(([known, pairs]) => {
    const names = [
      ...new Set(pairs.map(([program]) => programName(program))),
    ];
    const players = names.length > MOST_NAMES ? "they" : listed(names);
    return `The model never heard ${
      listed(pairs.map(([program]) => numbered(program)))
    }; it hears ${numbered(known)} there, and ${players} ${
      names.length > 1 ? "play" : "plays"
    }.`;
  });
}

/** "violin (program 40)". */
function numbered(program: number): string {
  const name = programName(program), number = `program ${program}`;
  return name === number ? name : `${name} (${number})`;
}

function bpm(qpm: number): string {
  return `${Number(qpm.toFixed(2))} bpm`;
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what} is` : `${number} ${what}s are`;
}

/** "a, b and c". */
function listed(names: readonly string[]): string {
  const [last = "", ...before] = names.toReversed();
  return before.length === 0
    ? last
    : `${before.reverse().join(", ")} and ${last}`;
}
