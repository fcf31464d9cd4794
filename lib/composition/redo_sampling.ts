/** How the notes of bars made anew are sampled. */

import type { InfillOptions, Surroundings } from "../generation/generation.ts";
import type { Checkpoint } from "../model/model.ts";
import {
  type ChordProgression,
  familyOfProgram,
  type InstrumentFamily,
  mean,
  meterAt,
  type NoteSequence,
  type PieceConstraints,
  type Range,
  ticksPerBar,
} from "../music/music.ts";
import { FIRST_KIT, RemiAlphabet } from "../tokens/remi/remi.ts";
import { withPossiblePitches } from "./from_seed.ts";
import {
  type Aim,
  type AskedKey,
  classesOf,
  type RedoWishes,
  type Stretch,
} from "./redo_aims.ts";
import { lastBefore } from "./seams.ts";

const POLYPHONIC: readonly InstrumentFamily[] = [
  "Piano",
  "Mallets",
  "Organ",
  "Guitar",
  "Strings",
  "Pad",
];
/** New notes go so many semitones beyond those heard of their program. */
const RANGE_MARGIN = 5;

/** Options by which the notes of a stretch are sampled. */
export function samplingOf(
  { vocabulary }: Checkpoint,
  piece: NoteSequence,
  { stretch, aims, wishes, key, around, isFree }: {
    readonly stretch: Stretch;
    readonly aims: readonly Aim[];
    readonly wishes: RedoWishes;
    readonly key: AskedKey | undefined;
    readonly around: Surroundings;
    /** Whether nothing is done for parts to enter and leaps to be small. */
    readonly isFree: boolean;
  },
): Omit<InfillOptions, "attempts"> {
  const { instrumentOf, header, heard } = around;
  const areAlone = piece.notes.every(({ part }) => stretch.parts.has(part));
  const instruments = new Set(
    [...stretch.parts].map((part) => instrumentOf[part]!),
  );
  const all = [...new Set([...instrumentOf, ...instruments])]
    .filter((one) => one >= 0).sort((a, b) => a - b);
  const playing = new Set(
    piece.notes.filter(({ part, startTicks }) =>
      stretch.parts.has(part) && startTicks >= stretch.from &&
      startTicks < stretch.to
    ).map(({ part }) => instrumentOf[part]!),
  );
  const [meter, tempo] = header.map((token) => token.split("_")[1]!);
  const range = (what: Aim["what"]) =>
    aims.find((aim) => aim.what === what)?.range;
  const density = range("density"), register = range("register");
  const spec = withPossiblePitches({
    constraints: {
      ...programsAndKits(all),
      meter: meter!,
      qpm: Number(tempo),
      ...key && { pitchClasses: classesOf(key) },
      ranges: rangesOf(heard.music, instruments, { wishes, register }),
    },
    targets: {
      ...density && { density },
      ...register && { register },
      ...key && { key: { tonic: key.tonic, mode: key.mode } },
      ...!isFree &&
        programsAndKits([...playing.size > 0 ? playing : instruments]),
      // An instrument of many voices may play more of them.
      ...wishes.chords && !isFree && { plainChords: true },
      monophonic: isFree
        ? []
        : density && density[0] > 0
        ? around.monophonic.filter((one) => !isPolyphonic(one))
        : around.monophonic,
    },
  }, RemiAlphabet.of(vocabulary));
  const ranges = spec.constraints.ranges ?? {};
  const { temperature, chords, partWishes } = wishes;
  return {
    ...spec,
    ...temperature !== undefined && { temperature },
    ...chords && { chords: heardChords(chords, piece, stretch, around) },
    ...partWishes && { partWishes },
    soundingPrograms: soundingOf(piece, stretch, instrumentOf),
    instruments,
    near: isFree ? new Map() : nearOf(piece, stretch, { instrumentOf, ranges }),
    areAlone,
  };
}

/** Chords in the bars that the model hears, which may be of another meter. */
function heardChords(
  { chords, barsEach }: ChordProgression,
  piece: NoteSequence,
  { from }: Stretch,
  { heard, ticksPerStep }: Surroundings,
): ChordProgression {
  const own = ticksPerBar(meterAt(piece, from), piece.ticksPerQuarter);
  return {
    chords,
    barsEach: barsEach * own / (heard.barSteps * ticksPerStep),
  };
}

/** By program of the model: the one that sounds, of the parts made anew before others. */
function soundingOf(
  { parts }: NoteSequence,
  { parts: redone }: Stretch,
  instrumentOf: readonly number[],
): Map<number, number> {
  const sounding = new Map<number, number>();
  const others = [...parts.keys()].filter((part) => !redone.has(part));
  for (const part of [...others, ...redone]) {
    const program = instrumentOf[part]!;
    if (program >= 0 && program < FIRST_KIT) {
      sounding.set(program, parts[part]!.program);
    }
  }
  return sounding;
}

/**
 * By program: the pitches to which those before the stretch usually lead, where it may
 * play some of them.
 */
function nearOf(
  piece: NoteSequence,
  { from, parts }: Stretch,
  { instrumentOf, ranges }: {
    readonly instrumentOf: readonly number[];
    readonly ranges: NonNullable<PieceConstraints["ranges"]>;
  },
): Map<number, Range> {
  const near = new Map<number, Range>();
  for (const { part, pitch, usual } of lastBefore(piece, parts, from)) {
    const program = instrumentOf[part]!, known = near.get(program);
    const range: Range = [
      Math.min(pitch - usual, known?.[0] ?? Infinity),
      Math.max(pitch + usual, known?.[1] ?? 0),
    ];
    const [low, high] = ranges[program] ?? [0, 127];
    if (range[0] <= high && range[1] >= low) near.set(program, range);
  }
  return near;
}

/** Whether an instrument usually plays several notes at a time. */
function isPolyphonic(program: number): boolean {
  const family = familyOfProgram(program);
  return family !== undefined && POLYPHONIC.includes(family);
}

function programsAndKits(instruments: readonly number[]) {
  return {
    programs: instruments.filter((one) => one < FIRST_KIT),
    kits: instruments.filter((one) => one >= FIRST_KIT)
      .map((one) => one - FIRST_KIT),
  };
}

/** Where the programs may play: as asked, or about where they are heard. */
function rangesOf(
  { notes, parts }: NoteSequence,
  instruments: ReadonlySet<number>,
  { wishes: { range: asked }, register }: {
    readonly wishes: RedoWishes;
    readonly register: Range | undefined;
  },
): NonNullable<PieceConstraints["ranges"]> {
  const ranges: Record<number, [number, number]> = {};
  if (asked) {
    for (const one of instruments) {
      if (one < FIRST_KIT) ranges[one] = [...asked];
    }
    return ranges;
  }
  for (const { pitch, part } of notes) {
    const { program, isDrum } = parts[part]!;
    if (isDrum || !instruments.has(program)) continue;
    const range = ranges[program] ??= [127, 0];
    range[0] = Math.min(range[0], pitch - RANGE_MARGIN);
    range[1] = Math.max(range[1], pitch + RANGE_MARGIN);
  }
  return register ? shifted(ranges, register, notes, parts) : ranges;
}

/** Ranges moved so far that the mean pitch comes to lie in a register. */
function shifted(
  ranges: Record<number, [number, number]>,
  [low, high]: Range,
  notes: NoteSequence["notes"],
  parts: NoteSequence["parts"],
): Record<number, [number, number]> {
  const pitches = notes.filter(({ part }) => {
    const { program, isDrum } = parts[part]!;
    return !isDrum && ranges[program] !== undefined;
  }).map(({ pitch }) => pitch);
  if (pitches.length === 0) return ranges;
  const now = mean(pitches);
  const wanted = Math.min(Math.max(now, low + 2), high - 2);
  const by = Math.round(wanted - now);
  // One program alone has no other to make up for it.
  const isOne = Object.keys(ranges).length === 1;
  return Object.fromEntries(
    Object.entries(ranges).map(([program, [from, to]]) => [
      program,
      isOne
        ? [
          Math.max(from + by, Math.ceil(low)),
          Math.min(to + by, Math.ceil(high) - 1),
        ]
        : [from + by, to + by],
    ]),
  );
}
