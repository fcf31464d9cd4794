/** Small pieces for the tests of checks, through a file and the other reader. */

import { writeMidi } from "../../midi/midi.ts";
import { emptySequence, type NoteSequence } from "../../music/music.ts";
import { checkNotes } from "./checks.ts";
import { Heard } from "./heard.ts";
import { ownKey } from "./key_finder.ts";
import type { Requirement } from "./requirement.ts";
import type { Verdict } from "./verdict.ts";

/** Ticks of a quarter note; half a second at 120 qpm, the default tempo. */
const QUARTER = 480;
/** The program that stands for the drum kit. */
export const DRUMS = -1;

/** A note: when, how long, in quarters, its pitch and its velocity. */
export type SmallNote = readonly [
  at: number,
  length: number,
  pitch: number,
  velocity?: number,
];

/** A piece of a few parts. */
export interface SmallPiece {
  /** By program: its notes. */
  readonly parts: readonly (readonly [program: number, SmallNote[]])[];
  /** Changes of tempo, at quarters. */
  readonly tempos?: readonly (readonly [at: number, qpm: number])[];
  /** Changes of meter, at quarters. */
  readonly meters?: readonly (readonly [at: number, meter: string])[];
  /** Controllers of the first part, at quarters. */
  readonly controls?: readonly (readonly [
    at: number,
    controller: number,
    value: number,
  ])[];
  /** Length in quarters. @default up to the last note's end */
  readonly length?: number;
}

/** The same note so many times, a step apart. */
export const times = (
  count: number,
  step: number,
  note: (i: number) => SmallNote,
): SmallNote[] =>
  Array.from({ length: count }, (_, i) => {
    const [at, ...rest] = note(i);
    return [at + i * step, ...rest];
  });

/** The piece as the other reader hears its file. */
export function heard(piece: SmallPiece): Heard {
  return Heard.read(writeMidi(sequenceOf(piece)));
}

function sequenceOf(piece: SmallPiece): NoteSequence {
  const ticks = (quarters: number) => Math.round(quarters * QUARTER);
  const notes = piece.parts.flatMap(([, notes], part) =>
    notes.map(([at, length, pitch, velocity = 80]) => ({
      pitch,
      velocity,
      startTicks: ticks(at),
      endTicks: ticks(at + length),
      part,
    }))
  ).sort((a, b) =>
    a.startTicks - b.startTicks || a.part - b.part || a.pitch - b.pitch
  );
  const end = notes.reduce((most, one) => Math.max(most, one.endTicks), 0);
  return {
    ...emptySequence(QUARTER),
    parts: piece.parts.map(([program]) => ({
      name: "",
      program: Math.max(0, program),
      isDrum: program === DRUMS,
    })),
    notes,
    tempos: (piece.tempos ?? [[0, 120]]).map(([at, qpm]) => ({
      ticks: ticks(at),
      qpm,
    })),
    timeSignatures: (piece.meters ?? [[0, "4/4"]]).map(([at, meter]) => ({
      ticks: ticks(at),
      numerator: Number(meter.split("/")[0]),
      denominator: Number(meter.split("/")[1]),
    })),
    controls: (piece.controls ?? []).map(([at, controller, value]) => ({
      ticks: ticks(at),
      part: 0,
      controller,
      value,
    })),
    totalTicks: Math.max(end, ticks(piece.length ?? 0)),
  };
}

/** The verdict on a requirement, keys by our own finder. */
export function check(
  piece: SmallPiece,
  asked: Requirement,
  ...others: Requirement[]
): Verdict {
  return checkNotes(heard(piece), asked, {
    require: [asked, ...others],
    findKey: ownKey,
  });
}

/** "met", "contradicted" or "missed". */
export function outcome(
  piece: SmallPiece,
  asked: Requirement,
  ...others: Requirement[]
): string {
  const { met, contradicted } = check(piece, asked, ...others);
  return met ? "met" : contradicted ? "contradicted" : "missed";
}
