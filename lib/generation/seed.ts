/** Music that a piece goes on from or varies, in tokens that the model knows. */

import type { Checkpoint } from "../model/model.ts";
import { ChordTokenizer, nearestToken } from "../tokens/chord/chord.ts";
import { parseMidi } from "../midi/midi.ts";
import {
  barStarts,
  findKey,
  type Key,
  type NoteSequence,
  sliceSequence,
  type TimeSignature,
} from "../music/music.ts";
import { binTempo, parseToken, RemiTokenizer } from "../tokens/remi/remi.ts";

/** Bars of a training piece, and least of a file, that a piece goes on from. */
const SEED_BARS = 4;

/** A passage to go on from. */
export interface Seed {
  readonly tokens: readonly string[];
  /** What the model does not know, and what stands in for it. */
  readonly replaced: ReadonlyMap<string, string>;
  /** REMI: what the music is, for what comes after it to stay so. */
  readonly music?: SeedMusic;
}

/** What the music of a seed is. */
export interface SeedMusic {
  /** The key of the whole file. */
  readonly key: Key;
  /** Its first tempo, quarter notes per minute, unrounded. */
  readonly qpm: number;
  /** Its first meter, such as "4/4". */
  readonly meter: string;
  readonly bars: number;
  /** Whether other tempi follow the first, which are not kept. */
  readonly changesTempo: boolean;
  /** By program that the model plays: the file's own, where it is just one. */
  readonly programs: ReadonlyMap<number, number>;
  /** Programs and kits as the model plays them. */
  readonly plays: {
    readonly programs: readonly number[];
    readonly kits: readonly number[];
  };
}

/** Bars that a seed may have in a piece of so many. */
function seedBarsFor(bars: number): number {
  if (!(bars >= 2)) {
    throw new RangeError(
      `Cannot go on from a seed: the piece must have at least 2 bars, current value is ${bars}.`,
    );
  }
  return Math.min(SEED_BARS, bars - 1);
}

/**
 * A MIDI file as a seed that the model understands: what it does not know is
 * replaced by the nearest that it does.
 *
 * Of REMI the seed is the whole file, or its last bars where that would be more
 * than half of the piece, so that it always leads on from the file's end.
 *
 * @param bytes Of a MIDI file.
 * @param file Its name, for errors.
 * @param bars Of the whole piece: the seed leaves room for what is new.
 * @throws {RangeError} When nothing the model knows is near, or the piece is too
 * short to go on.
 */
export function seedFrom(
  checkpoint: Checkpoint,
  bytes: Uint8Array,
  file?: string,
  bars = Infinity,
): Seed {
  const { corpus, config, vocabulary } = checkpoint;
  const least = seedBarsFor(bars);
  if (corpus.tokenizer === "chord") {
    const replaced = new Map<string, string>();
    const known = vocabulary.toJSON();
    const tokens = new ChordTokenizer().encodeFile(bytes, file)
      .slice(0, config.sequenceLength)
      .map((token) => {
        if (vocabulary.has(token)) return token;
        const nearest = replaced.get(token) ?? nearestToken(token, known);
        replaced.set(token, nearest);
        return nearest;
      });
    return { tokens, replaced };
  }
  const whole = withoutSilence(parseMidi(bytes, file));
  if (whole.notes.length === 0) return { tokens: [], replaced: new Map() };
  const starts = barStarts(whole);
  const most = Math.max(least, Math.floor(bars / 2));
  // One meter throughout: from its last change on, or from where half is left.
  const lastMeter = whole.timeSignatures.at(-1)?.ticks ?? 0;
  const from = Math.max(lastMeter, starts[Math.max(0, starts.length - most)]);
  const seed = encodeFor(
    checkpoint,
    sliceSequence(whole, from, whole.totalTicks),
  );
  // The piece goes on: its length is open, and it has not ended.
  const tokens = seed.tokens.slice(0, -1).map((token) =>
    token.startsWith("LengthBars_") ? "LengthBars_any" : token
  );
  return {
    tokens,
    replaced: seed.replaced,
    music: { ...seed.music!, key: findKey(whole) },
  };
}

/** The piece from its first bar with a note to its last. */
function withoutSilence(sequence: NoteSequence): NoteSequence {
  const { notes } = sequence;
  if (notes.length === 0) return sequence;
  const end = notes.reduce((end, note) => Math.max(end, note.endTicks), 0);
  const start = barStarts(sequence)
    .findLast((start) => start <= notes[0].startTicks) ?? 0;
  return sliceSequence(sequence, start, end);
}

/**
 * A whole piece in tokens that the model knows, the nearest where it knows not
 * the right ones.
 *
 * @param sequence Of one meter; of its tempi only the first is kept.
 * @throws {RangeError} When nothing the model knows is near, or the meter
 * changes.
 */
export function encodeFor(
  { corpus, vocabulary }: Checkpoint,
  sequence: NoteSequence,
): Seed {
  const meters = [
    ...new Set(sequence.timeSignatures.map(meterName)),
  ];
  if (meters.length > 1) {
    throw new RangeError(
      `Cannot start from the piece: its meter must stay the same, and it goes from ${
        meters.join(" to ")
      }. Cut out a part that has one meter.`,
    );
  }
  const replaced = new Map<string, string>();
  const known = vocabulary.toJSON();
  const nearest = (token: string): string => {
    if (vocabulary.has(token)) return token;
    const chosen = replaced.get(token) ?? nearestRemiToken(token, known);
    replaced.set(token, chosen);
    return chosen;
  };
  const number = (token: string) => Number(parseToken(nearest(token)).value);
  // Instruments, places in the bar, pitches and the tempo are replaced in the
  // music, for the order of tokens follows from them.
  const tokenizer = new RemiTokenizer(corpus.tokenizerOptions);
  const step = sequence.ticksPerQuarter / tokenizer.options.stepsPerQuarter;
  const barLines = barStarts(sequence);
  const qpm = sequence.tempos[0]?.ticks === 0 ? sequence.tempos[0].qpm : 120;
  const adapted: NoteSequence = {
    ...sequence,
    parts: sequence.parts.map((part) => ({
      ...part,
      program: number(`${part.isDrum ? "Kit" : "Program"}_${part.program}`),
    })),
    notes: sequence.notes.map((note) => {
      const type = sequence.parts[note.part].isDrum ? "Drum" : "Pitch";
      const bar = barLines.findLast((start) => start <= note.startTicks) ?? 0;
      const position = Math.round((note.startTicks - bar) / step);
      const later = step * (number(`Position_${position}`) - position);
      return {
        ...note,
        pitch: number(`${type}_${note.pitch}`),
        startTicks: Math.max(0, Math.round(note.startTicks + later)),
        endTicks: Math.max(0, Math.round(note.endTicks + later)),
      };
    }).sort((a, b) => a.startTicks - b.startTicks),
    tempos: [{ ticks: 0, qpm: number(`Tempo_${binTempo(qpm)}`) }],
  };
  const tokens = tokenizer.encode(adapted).map(nearest);
  const own = Map.groupBy(
    sequence.parts.filter(({ isDrum }) => !isDrum),
    ({ program }) => number(`Program_${program}`),
  );
  const programs = [...own].flatMap(([program, parts]) => {
    const files = new Set(parts.map((part) => part.program));
    return files.size === 1 ? [[program, [...files][0]] as const] : [];
  });
  const music = musicOf(adapted, new Map(programs));
  const changesTempo = sequence.tempos.some((tempo) => tempo.qpm !== qpm);
  return {
    tokens,
    replaced,
    music: { ...music, key: findKey(sequence), qpm, changesTempo },
  };
}

function meterName({ numerator, denominator }: TimeSignature): string {
  return `${numerator}/${denominator}`;
}

/** What music is that the model knows all of. */
function musicOf(
  sequence: NoteSequence,
  programs: ReadonlyMap<number, number>,
): SeedMusic {
  const sounding = new Set(sequence.notes.map(({ part }) => part));
  const playing = (drums: boolean) =>
    [
      ...new Set(
        sequence.parts.filter(({ isDrum }, part) =>
          isDrum === drums && sounding.has(part)
        ).map(({ program }) => program),
      ),
    ].sort((a, b) => a - b);
  const meter = sequence.timeSignatures[0];
  return {
    key: findKey(sequence),
    qpm: sequence.tempos[0]?.qpm ?? 120,
    meter: meter ? meterName(meter) : "4/4",
    bars: barStarts(sequence).length,
    changesTempo: sequence.tempos.length > 1,
    programs,
    plays: { programs: playing(false), kits: playing(true) },
  };
}

/**
 * The beginning of a training piece as a seed.
 *
 * @param ids Of the whole piece.
 * @param bars Of the piece to be made, as in {@linkcode seedFrom}.
 */
export function seedFromPiece(
  { corpus, config, vocabulary }: Checkpoint,
  ids: ArrayLike<number>,
  bars = Infinity,
): Seed {
  const seedBars = seedBarsFor(bars);
  const tokens = vocabulary.decode(Array.from(ids));
  const replaced = new Map<string, string>();
  if (corpus.tokenizer === "chord") {
    return { tokens: tokens.slice(0, config.sequenceLength), replaced };
  }
  const barTokens = tokens.flatMap((token, i) => token === "Bar" ? [i] : []);
  const end = barTokens[seedBars] ?? tokens.length - 1;
  const open = tokens.slice(0, end).map((token) =>
    token.startsWith("LengthBars_") ? "LengthBars_any" : token
  );
  const tokenizer = new RemiTokenizer(corpus.tokenizerOptions);
  const music = musicOf(tokenizer.decode(open), new Map());
  return { tokens: open, replaced, music };
}

/** The known REMI token of the same type with the nearest number. */
function nearestRemiToken(token: string, known: readonly string[]): string {
  const { type, value } = parseToken(token);
  const same = known.filter((other) => parseToken(other).type === type);
  if (same.length === 0 || type === "TimeSignature") {
    throw new RangeError(
      `Cannot go on from the seed: it has a ${token}, and the model knows ${
        same.length === 0 ? `no ${type} at all` : `only ${same.join(", ")}`
      }. Choose another seed.`,
    );
  }
  const distance = (other: string) => {
    const apart = Math.abs(Number(parseToken(other).value) - Number(value));
    // Another octave of the same note is nearer than another note.
    const otherNote = type === "Pitch" && apart % 12 !== 0;
    return Number.isNaN(apart) ? Infinity : apart + (otherNote ? 128 : 0);
  };
  return same.reduce((best, other) =>
    distance(other) < distance(best) ? other : best
  );
}
