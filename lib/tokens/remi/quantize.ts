/**
 * What REMI tokens keep of a piece: exactly what {@linkcode quantizeForRemi}
 * returns, which decoding gives back. Its rules:
 *
 * - Times are quantised as `quantize()` in `lib/music/` does it.
 * - The sustain pedal becomes longer notes; other controllers are left out.
 * - Parts with the same program become one part; parts without notes and all
 *   names are left out.
 * - Velocities go to the middle of one of 16 bins, 8 wide.
 * - Durations go to the nearest of a table, exact up to two quarters (see
 *   `durationTable`), but never past the end of the piece, nor past the next
 *   start of the same pitch if the note ended by then. Drum hits last one step.
 * - Tempi are whole quarter notes per minute.
 * - A meter change inside a bar begins a bar there. The bar that it cuts short
 *   has a time signature of its own length, to the nearest sixteenth. A meter
 *   whose bars are not whole steps has bars of the nearest number of steps.
 *   {@linkcode repairsForRemi} counts the bars whose length that changes.
 * - The piece is whole bars long. A release up to a sixth of a quarter beyond
 *   the last bar line is moved back to it.
 * - The key signature is the key that `attributesOf()` finds.
 */

import {
  type Attributes,
  attributesOf,
  DEFAULT_QPM,
  lastRelease,
  type MutableNote,
  type NoteSequence,
  parseMeter,
  type Part,
  quantize,
  quantizeNotes,
  type Repair,
  sustainedEnds,
  type TempoChange,
} from "../../music/music.ts";
import { type BarSpan, layOutBars } from "./bar_layout.ts";
import { binDuration, DRUM_STEPS, durationTable } from "./durations.ts";
import {
  binTempo,
  binVelocity,
  type RemiResolution,
  TEMPO_RANGE,
} from "./resolution.ts";
import { FIRST_KIT, instrumentOf, keySignatures, partOf } from "./sequence.ts";

/** A piece as its tokens keep it, with what the tokens are written from. */
export interface RemiPiece {
  /** Its ticks are steps. */
  readonly sequence: NoteSequence;
  /** Its bars. */
  readonly spans: readonly BarSpan[];
  /** Its attributes. */
  readonly attributes: Attributes;
}

/**
 * A piece as its tokens keep it, by the rules above.
 *
 * @throws {LimitError} If it has more than `MAX_BARS` bars.
 */
export function quantizeForRemi(
  sequence: NoteSequence,
  resolution: RemiResolution,
): RemiPiece {
  const { stepsPerQuarter } = resolution;
  const { parts, newParts } = mergeParts(sequence);
  const notes = quantizeNotes(
    sequence,
    stepsPerQuarter,
    newParts,
    sustainedEnds(sequence),
  );
  const rest = quantize(
    { ...sequence, notes: [], controls: [] },
    stepsPerQuarter,
  );
  const onGrid = {
    ...rest,
    parts,
    notes,
    totalTicks: Math.max(rest.totalTicks, lastRelease({ notes })),
  };
  const { spans, end } = layOutBars(onGrid, stepsPerQuarter);
  binNotes(notes, { parts, end }, resolution);
  const piece: NoteSequence = {
    ...onGrid,
    tempos: binTempos(onGrid.tempos, end),
    timeSignatures: spans
      .filter(({ meter }, i) => meter !== spans[i - 1]?.meter)
      .map(({ start, meter }) => ({ ticks: start, ...parseMeter(meter) })),
    keySignatures: [],
    totalTicks: end,
  };
  const attributes = attributesOf(piece);
  return {
    sequence: { ...piece, keySignatures: keySignatures(attributes) },
    spans,
    attributes,
  };
}

/**
 * What the tokens of a piece change beyond rounding its times, velocities and
 * tempi: meters and tempi that they cannot say.
 *
 * @returns Each reason once; empty for most pieces.
 * @throws {LimitError} If it has more than `MAX_BARS` bars.
 */
export function repairsForRemi(
  sequence: NoteSequence,
  { stepsPerQuarter }: RemiResolution,
): Repair[] {
  // The bars depend on the last note alone.
  const notes = sequence.notes.slice(-1);
  const onGrid = quantize(
    { ...sequence, notes, controls: [] },
    stepsPerQuarter,
  );
  const { rounded } = layOutBars(onGrid, stepsPerQuarter);
  const [slowest, fastest] = TEMPO_RANGE;
  const tempos = sequence.tempos
    .filter(({ qpm }) => qpm < slowest - 0.5 || qpm >= fastest + 0.5).length;
  return [
    {
      reason: "bars that are not a whole number of steps long were rounded",
      count: rounded,
    },
    {
      reason:
        `tempi below ${slowest} or above ${fastest} qpm were set to these`,
      count: tempos,
    },
  ].filter(({ count }) => count > 0);
}

/** Gives notes velocities and durations that tokens can say. */
function binNotes(
  notes: readonly MutableNote[],
  { parts, end }: { readonly parts: readonly Part[]; readonly end: number },
  { stepsPerQuarter, velocityBins }: RemiResolution,
): void {
  const durations = durationTable(stepsPerQuarter);
  /** Start of the next note of each part and pitch. */
  const nextStart = new Float64Array(128 * parts.length).fill(Infinity);
  for (let i = notes.length - 1; i >= 0; i--) {
    const note = notes[i]!;
    const { pitch, startTicks, endTicks, part } = note;
    const next = nextStart[128 * part + pitch]!;
    nextStart[128 * part + pitch] = startTicks;
    const limit = Math.min(endTicks <= next ? next : Infinity, end);
    const steps = parts[part]!.isDrum ? DRUM_STEPS : binDuration(
      Math.min(endTicks, end) - startTicks,
      durations,
      limit - startTicks,
    );
    note.velocity = binVelocity(note.velocity, velocityBins);
    note.endTicks = startTicks + steps;
  }
}

/**
 * Parts by instrument, programs rising, then kits, only those with notes; and
 * which of them each part becomes.
 */
function mergeParts(
  { notes, parts }: NoteSequence,
): { readonly parts: Part[]; readonly newParts: readonly number[] } {
  const instrumentOfPart = parts.map(instrumentOf);
  const isPlayed = new Uint8Array(2 * FIRST_KIT);
  for (const { part } of notes) isPlayed[instrumentOfPart[part]!] = 1;
  const instruments = [...isPlayed.keys()].filter((i) => isPlayed[i] === 1);
  const placeOf = new Map(instruments.map((one, place) => [one, place]));
  return {
    parts: instruments.map(partOf),
    newParts: instrumentOfPart.map((one) => placeOf.get(one) ?? 0),
  };
}

/** Whole tempi, the first at 0, each different from the one before. */
function binTempos(tempos: readonly TempoChange[], end: number): TempoChange[] {
  const first = tempos[0]?.ticks === 0 ? [] : [{ ticks: 0, qpm: DEFAULT_QPM }];
  return [...first, ...tempos]
    .filter(({ ticks }) => ticks < end || ticks === 0)
    .map(({ ticks, qpm }) => ({ ticks, qpm: binTempo(qpm) }))
    .filter(({ qpm }, i, all) => qpm !== all[i - 1]?.qpm);
}
