/**
 * Music as a model hears it: in its tokens, the nearest in place of those that it
 * does not know. It is only heard so: what is written is the music as it was, and
 * {@linkcode HeardMusic.pitchOf} leads from its notes to the tokens.
 */

import type { Checkpoint } from "../model/model.ts";
import {
  applySustain,
  type Attributes,
  attributesOf,
  attributeTokens,
  emptySequence,
  type Note,
  type NoteSequence,
  parseMeter,
} from "../music/music.ts";
import {
  FIRST_KIT,
  partOf,
  RemiAlphabet,
  remiResolution,
  type RemiTokenType,
} from "../tokens/remi/remi.ts";
import { HeardInstruments } from "./heard_instruments.ts";
import { NearestTokens } from "./nearest_tokens.ts";

/** How a model is to hear music. */
export interface HeardAs {
  /** One of the model's meters, such as "4/4". */
  readonly meter: string;
  /** Quarter notes per minute; the model hears its nearest. */
  readonly qpm: number;
  /** Bar line at which the music ends; bars are counted back from it. */
  readonly endTicks: number;
  /** Notes that get no tokens, for others are to be made. @default none */
  readonly isLeftOut?: ((note: Note) => boolean) | undefined;
}

/** Music in the tokens of a model. */
export interface HeardMusic {
  /** Attribute tokens. */
  readonly head: readonly string[];
  /** Tokens of meter and tempo, which the first bar has. */
  readonly header: readonly string[];
  /** Tokens of each bar, from `Bar` on; none where no note is heard. */
  readonly bars: readonly (readonly string[])[];
  /** Length of each bar. */
  readonly barSteps: number;
  /** By token that the model does not know: the one in its place. */
  readonly replaced: ReadonlyMap<string, string>;
  /** By note of the music: which of the `Pitch` tokens stands for it, else −1. */
  readonly pitchOf: Int32Array;
  /** By type of token: how many were replaced. */
  readonly counts: ReadonlyMap<RemiTokenType, number>;
  /** Notes that the model cannot hear. */
  readonly unheard: { readonly pitched: number; readonly drums: number };
  /** What stands for the instruments. */
  readonly instruments: HeardInstruments;
  /** The music on the model's grid; its ticks are steps. */
  readonly music: NoteSequence;
}

/** A note on the grid, while tokens are made. */
interface GridNote {
  readonly start: number;
  end: number;
  readonly instrument: number;
  readonly pitch: number;
  velocity: number;
}

/**
 * Puts music in the tokens of a model, in one pass.
 *
 * @param music Ends at a bar line.
 */
export function fitToModel(
  { corpus, vocabulary }: Checkpoint,
  music: NoteSequence,
  { meter, qpm, endTicks, isLeftOut }: HeardAs,
): HeardMusic {
  const alphabet = RemiAlphabet.of(vocabulary);
  const resolution = remiResolution(corpus.tokenizerOptions);
  const { stepsPerQuarter } = resolution;
  const nearest = new NearestTokens(alphabet, resolution);
  const instruments = new HeardInstruments(music, alphabet, nearest);
  const barSteps = alphabet.numbersAt(
    resolution,
  )[alphabet.id("TimeSignature", meter)]!;
  const stepsPerTick = stepsPerQuarter / music.ticksPerQuarter;
  /** Steps from the end, which are below 0. */
  const stepsTo = (ticks: number) =>
    Math.round((ticks - endTicks) * stepsPerTick);
  const firstSteps = -stepsTo(music.notes[0]?.startTicks ?? endTicks);
  const barCount = Math.max(1, Math.ceil(firstSteps / barSteps));
  const total = barCount * barSteps;
  const isHeard = nearest.hasNotes;

  const heard = applySustain(music).notes;
  const pitchOf = new Int32Array(heard.length).fill(-1);
  const found: { key: number; index: number; note: GridNote }[] = [];
  const unheard = { pitched: 0, drums: 0 };
  for (const [index, note] of heard.entries()) {
    if (isLeftOut?.(note)) continue;
    const instrument = instruments.ofPart(note.part);
    const step = clamp(total + stepsTo(note.startTicks), 0, total - 1);
    const position = nearest.position(
      step % barSteps,
      barSteps,
      step >= total - barSteps,
    );
    const isDrum = music.parts[note.part]!.isDrum;
    if (!isHeard || instrument < 0 || position < 0) {
      unheard[isDrum ? "drums" : "pitched"]++;
      continue;
    }
    const pitch = isDrum
      ? instruments.drum(note.pitch)
      : nearest.pitch(note.pitch);
    const start = step - step % barSteps + position;
    const steps = Math.max(
      1,
      stepsTo(note.endTicks) - stepsTo(note.startTicks),
    );
    found.push({
      key: (start * 2 * FIRST_KIT + instrument) * 128 + pitch,
      index,
      note: {
        start,
        end: Math.min(start + steps, total),
        instrument,
        pitch,
        velocity: note.velocity,
      },
    });
  }
  found.sort((a, b) => a.key - b.key);
  const notes: GridNote[] = [];
  let key = -1, pitches = -1;
  for (const one of found) {
    const isPitched = one.note.instrument < FIRST_KIT;
    if (one.key !== key) {
      notes.push(one.note);
      if (isPitched) pitches++;
    } else {
      const same = notes[notes.length - 1]!;
      same.end = Math.max(same.end, one.note.end);
      same.velocity = Math.max(same.velocity, one.note.velocity);
    }
    key = one.key;
    if (isPitched) pitchOf[one.index] = pitches;
  }
  const durations = durationsOf(notes, nearest, total);
  const header = [`TimeSignature_${meter}`, nearest.tempo(qpm)];
  const onGrid = sequenceOf(notes, { meter, qpm, total, stepsPerQuarter });
  return {
    head: headOf(attributesOf(onGrid), alphabet),
    header,
    bars: notes.length === 0 ? [] : barTokens(
      { notes, durations, nearest },
      { barCount, barSteps },
      header,
    ),
    barSteps,
    replaced: nearest.replaced,
    counts: nearest.counts,
    pitchOf,
    unheard,
    instruments,
    music: onGrid,
  };
}

/** Tokens of the length of each note; sets its end to what they say. */
function durationsOf(
  notes: readonly GridNote[],
  nearest: NearestTokens,
  total: number,
): (readonly string[])[] {
  const nextStart = new Map<number, number>();
  const durations: (readonly string[])[] = [];
  for (let i = notes.length - 1; i >= 0; i--) {
    const note = notes[i]!;
    const { start, end, instrument, pitch } = note;
    if (instrument >= FIRST_KIT) {
      durations[i] = [];
      note.end = start + 1;
      continue;
    }
    const next = nextStart.get(128 * instrument + pitch) ?? Infinity;
    nextStart.set(128 * instrument + pitch, start);
    const limit = Math.min(end <= next ? next : Infinity, total) - start;
    const { tokens, steps } = nearest.durations(end - start, limit);
    durations[i] = tokens;
    note.end = start + steps;
  }
  return durations;
}

/** Tokens of each bar, from `Bar` on. */
function barTokens(
  { notes, durations, nearest }: {
    readonly notes: readonly GridNote[];
    readonly durations: readonly (readonly string[])[];
    readonly nearest: NearestTokens;
  },
  { barCount, barSteps }: {
    readonly barCount: number;
    readonly barSteps: number;
  },
  header: readonly string[],
): string[][] {
  const bars: string[][] = [];
  let next = 0;
  for (let bar = 0; bar < barCount; bar++) {
    const tokens = bar === 0 ? ["Bar", ...header] : ["Bar"];
    const from = bar * barSteps;
    let position = -1, instrument = -1;
    for (; next < notes.length; next++) {
      const note = notes[next]!;
      if (note.start >= from + barSteps) break;
      if (note.start - from !== position) {
        position = note.start - from;
        tokens.push(`Position_${position}`);
      }
      const isDrum = note.instrument >= FIRST_KIT;
      if (note.instrument !== instrument) {
        instrument = note.instrument;
        tokens.push(
          isDrum ? `Kit_${instrument - FIRST_KIT}` : `Program_${instrument}`,
        );
      }
      tokens.push(
        `${isDrum ? "Drum" : "Pitch"}_${note.pitch}`,
        nearest.velocity(note.velocity),
        ...durations[next]!,
      );
    }
    bars.push(tokens);
  }
  return bars;
}

/** Notes on the grid as a sequence. */
function sequenceOf(
  notes: readonly GridNote[],
  { meter, qpm, total, stepsPerQuarter }: {
    readonly meter: string;
    readonly qpm: number;
    readonly total: number;
    readonly stepsPerQuarter: number;
  },
): NoteSequence {
  const instruments = [...new Set(notes.map(({ instrument }) => instrument))]
    .sort((a, b) => a - b);
  const indexes = new Map(instruments.map((one, i) => [one, i]));
  return {
    ...emptySequence(stepsPerQuarter),
    parts: instruments.map(partOf),
    notes: notes.map(({ pitch, velocity, start, end, instrument }): Note => ({
      pitch,
      velocity,
      startTicks: start,
      endTicks: end,
      part: indexes.get(instrument)!,
    })),
    tempos: [{ ticks: 0, qpm }],
    timeSignatures: [{ ticks: 0, ...parseMeter(meter) }],
    totalTicks: total,
  };
}

/** Attribute tokens; those that the model does not know say nothing. */
function headOf(attributes: Attributes, { vocabulary }: RemiAlphabet) {
  return attributeTokens(attributes).map((token) =>
    vocabulary.has(token) ? token : `${token.split("_")[0]}_any`
  );
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
