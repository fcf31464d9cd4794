/** A user's passage, exactly as it was, and the new bars that follow it. */

import type { Passage } from "../generation/generation.ts";
import {
  channelsOf,
  DEFAULT_QPM,
  type Key,
  keyFifths,
  meterAt,
  meterName,
  type Note,
  type NoteSequence,
  parseMeter,
  type Part,
  type PieceSpec,
  rescaleSequence,
  sliceSequence,
  sortNotes,
  ticksPerBar,
} from "../music/music.ts";
import { FIRST_KIT } from "../tokens/remi/remi.ts";
import { joinControls } from "./join_controls.ts";

/** Lowest resolution of a piece, in ticks per quarter. */
const LEAST_TICKS = 480;
/** A passage's last bars of drums repeat, up to so many. */
const DRUM_BARS = 4;

/** New bars, and where their parts go. */
export interface NewBars {
  /** The bars, beginning at tick 0, with the programs that sound. */
  readonly music: NoteSequence;
  /** By part: the passage's part that it goes on, undefined for a new one. */
  readonly goesOn: readonly (number | undefined)[];
}

/**
 * Takes the new bars out of what a model made, and gives them to the parts of the
 * passage: notes of a program to the part for which it stood, drums to the
 * passage's own.
 *
 * @param made Decoded, the heard bars first; its ticks are steps.
 * @param heardBars How many bars the model read, in its meter.
 * @param bars How many of the new bars there are to be, in the passage's meter.
 */
export function newBarsOf(
  { heard, music, meter, heardMeter }: Passage,
  made: NoteSequence,
  { heardBars, bars, spec, asked }: {
    readonly heardBars: number;
    readonly bars: number;
    readonly spec: PieceSpec;
    readonly asked: PieceSpec;
  },
): NewBars {
  const { instruments } = heard;
  const heardSteps = heardBars *
    ticksPerBar(parseMeter(heardMeter.name), made.ticksPerQuarter);
  const length = Math.round(bars * ticksPerBar(meter, made.ticksPerQuarter));
  const fresh = sliceSequence(made, heardSteps, heardSteps + length);
  const isCast = (asked.playing?.length ?? 0) > 0;
  const own = fresh.parts.map(({ program, isDrum }) => {
    if (isDrum) return instruments.partsOf.get(FIRST_KIT + program)?.[0];
    const stoodFor = instruments.partsOf.get(program) ?? [];
    if (!isCast) return stoodFor[0];
    const sounding = spec.soundingPrograms?.get(program) ?? program;
    const everyPart = [...instruments.partsOf.values()].flat();
    return [...stoodFor, ...everyPart].find((part) =>
      music.parts[part]!.program === sounding && !music.parts[part]!.isDrum
    );
  });
  return {
    goesOn: own,
    music: {
      ...fresh,
      parts: fresh.parts.map((part, i): Part => {
        const goesOn = own[i];
        const sounding = goesOn === undefined
          ? spec.soundingPrograms?.get(part.program)
          : music.parts[goesOn]!.program;
        return part.isDrum ? part : {
          ...part,
          program: sounding ?? part.program,
        };
      }),
      notes: fresh.notes.map((note) =>
        fresh.parts[note.part]!.isDrum && own[note.part] !== undefined
          ? { ...note, pitch: instruments.soundingDrum(note.pitch) }
          : note
      ),
    },
  };
}

/**
 * Joins a passage and the new bars, arranged. The passage stays exactly as it was,
 * at its own resolution or a multiple.
 *
 * @param bars How many of the new bars there are, in the passage's meter.
 * @param key Of the new bars, where it is to be stated.
 * @param repeatsDrums Whether the passage's last bars of drums repeat.
 */
export function joinBars(
  passage: Passage,
  { music: arranged, goesOn }: NewBars,
  { bars, qpm, key, repeatsDrums }: {
    readonly bars: number;
    readonly qpm: number;
    readonly key: Key | undefined;
    readonly repeatsDrums: boolean;
  },
): NoteSequence {
  const factor = Math.ceil(LEAST_TICKS / passage.music.ticksPerQuarter);
  const ticksPerQuarter = factor * passage.music.ticksPerQuarter;
  const before = rescaleSequence(passage.music, ticksPerQuarter);
  const after = rescaleSequence(arranged, ticksPerQuarter);
  const join = factor * passage.endTicks;
  const end = join +
    Math.round(bars * ticksPerBar(passage.meter, ticksPerQuarter));

  const parts = [...before.parts];
  const partOf = after.parts.map((part, i) =>
    goesOn[i] ?? parts.push(part) - 1
  );
  const fresh = after.notes.map((note): Note => ({
    ...note,
    part: partOf[note.part]!,
    startTicks: join + note.startTicks,
    endTicks: Math.min(join + note.endTicks, end),
  })).filter(({ startTicks }) => startTicks < end);
  const drums = repeatsDrums ? drumsAfter(before, join, end) : [];
  const notes = [...before.notes, ...afterHeld(before, join, fresh), ...drums];
  const past = <T extends { readonly ticks: number }>(changes: readonly T[]) =>
    changes.filter(({ ticks }) => ticks < join);
  const tempos = past(before.tempos), meters = past(before.timeSignatures);
  const keys = past(before.keySignatures);
  const inForce = meterAt({ timeSignatures: meters }, join);
  return {
    ...before,
    parts,
    notes: sortNotes(notes),
    tempos: (tempos.at(-1)?.qpm ?? DEFAULT_QPM) === qpm
      ? tempos
      : [...tempos, { ticks: join, qpm }],
    timeSignatures: meterName(inForce) === meterName(passage.meter)
      ? meters
      : [...meters, { ticks: join, ...passage.meter }],
    keySignatures: key
      ? [...keys, { ticks: join, fifths: keyFifths(key), mode: key.mode }]
      : keys,
    controls: joinControls({
      before: { ...before, controls: past(before.controls) },
      after: after.controls.map((change) => ({
        ...change,
        ticks: join + change.ticks,
        part: partOf[change.part]!,
      })).filter(({ ticks }) => ticks <= end),
      parts,
      join,
      drums: drums.length === 0
        ? []
        : [...new Set(drums.map(({ part }) => part))],
    }),
    totalTicks: end,
  };
}

/** New notes that do not strike what the passage still holds at its end. */
function afterHeld(
  { notes, parts }: NoteSequence,
  join: number,
  fresh: readonly Note[],
): Note[] {
  const channels = channelsOf(parts);
  const keyOf = ({ part, pitch }: Note) =>
    128 * (channels[part] ?? parts.length + part) + pitch;
  const held = new Map<number, number>();
  for (const note of notes) {
    if (note.endTicks > join) {
      held.set(
        keyOf(note),
        Math.max(held.get(keyOf(note)) ?? 0, note.endTicks),
      );
    }
  }
  return fresh.map((note) => {
    const startTicks = Math.max(note.startTicks, held.get(keyOf(note)) ?? 0);
    return {
      ...note,
      startTicks,
      endTicks: Math.max(note.endTicks, startTicks),
    };
  });
}

/** The last bars of drums, again and again from the join to the end. */
function drumsAfter(
  { notes, parts, timeSignatures, ticksPerQuarter }: NoteSequence,
  join: number,
  end: number,
): Note[] {
  const meter = meterAt({ timeSignatures }, join - 1);
  const bar = ticksPerBar(meter, ticksPerQuarter);
  const bars = Math.max(1, Math.min(DRUM_BARS, Math.floor(join / bar)));
  const period = Math.min(join, Math.round(bars * bar));
  const played = notes.filter(({ part, startTicks }) =>
    parts[part]!.isDrum && startTicks >= join - period && startTicks < join
  );
  const repeated: Note[] = [];
  for (let shift = period; shift < end - join + period; shift += period) {
    for (const note of played) {
      const startTicks = note.startTicks + shift;
      if (startTicks >= end) break;
      const endTicks = Math.min(note.endTicks + shift, end);
      repeated.push({ ...note, startTicks, endTicks });
    }
  }
  return repeated;
}
