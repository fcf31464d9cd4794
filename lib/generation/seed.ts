/** Music that a piece goes on from or varies, in tokens that the model knows. */

import type { Checkpoint } from "../model/model.ts";
import {
  barStarts,
  findKey,
  firstQpm,
  firstStatedMeter,
  firstStatedQpm,
  lastRelease,
  meterName,
  type NoteSequence,
  type PieceSpec,
  sliceSequence,
} from "../music/music.ts";
import { parseMidi } from "../midi/midi.ts";
import { ChordTokenizer, nearestToken } from "../tokens/chord/chord.ts";
import { RemiTokenizer } from "../tokens/remi/remi.ts";
import { fitToModel } from "./fitting.ts";

/** Bars of a training piece, and at least of a file, that a seed has. */
const SEED_BARS = 4;

/** A passage to go on from. */
export interface Seed {
  /** Its tokens; of REMI, the attributes first. */
  readonly tokens: readonly string[];
  /** By token that the model does not know: the one in its place. */
  readonly replaced: ReadonlyMap<string, string>;
  /** Its length in bars; of chords 0. */
  readonly bars: number;
  /**
   * Of REMI, what a piece is to take over: the key of the whole file, its first
   * tempo, unrounded, its meter, and as `constraints` the programs and kits of
   * the tokens.
   */
  readonly spec?: PieceSpec;
  /** Whether other tempi follow the first; they are not kept. */
  readonly changesTempo: boolean;
}

/** Gives the seed for a piece of so many bars; by default of any length. */
export type SeedReader = (bars?: number) => Seed;

/** Bars of the seed in a piece of so many. */
function seedBarsFor(bars: number): number {
  if (!(bars >= 2)) {
    throw new RangeError(
      `Cannot go on from a seed: the piece must have at least 2 bars, current value is ${bars}.`,
    );
  }
  return Math.min(SEED_BARS, bars - 1);
}

/**
 * Reads a MIDI file once, for seeds of pieces of any length; see
 * {@linkcode seedFrom}.
 *
 * @param bytes Of a MIDI file.
 * @param file Its name, for errors.
 */
export function readSeed(
  checkpoint: Checkpoint,
  bytes: Uint8Array,
  file?: string,
): SeedReader {
  if (checkpoint.corpus.tokenizer === "chord") {
    const seed = chordSeed(checkpoint, bytes, file);
    return (bars = Infinity) => {
      seedBarsFor(bars);
      return seed;
    };
  }
  const whole = withoutSilence(parseMidi(bytes, file));
  if (whole.notes.length === 0) {
    return () => ({
      tokens: [],
      replaced: new Map(),
      bars: 0,
      changesTempo: false,
    });
  }
  const key = findKey(whole), starts = barStarts(whole);
  return (bars = Infinity) => {
    const least = seedBarsFor(bars);
    const most = Math.max(least, Math.floor(bars / 2));
    // Of one meter, and at most half of the piece.
    const lastMeter = whole.timeSignatures.at(-1)?.ticks ?? 0;
    const half = starts[Math.max(0, starts.length - most)] ?? 0;
    const from = Math.max(lastMeter, half);
    const part = sliceSequence(whole, from, whole.totalTicks);
    const seed = encodeFor(checkpoint, part);
    return {
      ...seed,
      // The piece goes on: it has not ended.
      tokens: openEnded(seed.tokens.slice(0, -1)),
      spec: { ...seed.spec, key },
    };
  };
}

/**
 * Makes a MIDI file a seed in tokens that the model knows, the nearest in place of
 * those it does not.
 *
 * Of REMI the seed is the whole file, or its last bars where the whole would be
 * more than half of the piece: the piece always goes on from the file's end.
 *
 * @param bytes Of a MIDI file.
 * @param file Its name, for errors.
 * @param bars Of the piece to be made, the seed included.
 * @throws {RangeError} If nothing the model knows is near, or the piece is too
 * short to go on.
 */
export function seedFrom(
  checkpoint: Checkpoint,
  bytes: Uint8Array,
  file?: string,
  bars: number = Infinity,
): Seed {
  return readSeed(checkpoint, bytes, file)(bars);
}

/** The first chord tokens of a file, as many as the model looks back on. */
function chordSeed(
  { config, vocabulary }: Checkpoint,
  bytes: Uint8Array,
  file?: string,
): Seed {
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
  return { tokens, replaced, bars: 0, changesTempo: false };
}

/** The piece from the bar of its first note to the end of its last. */
function withoutSilence(sequence: NoteSequence): NoteSequence {
  const [first] = sequence.notes;
  if (first === undefined) return sequence;
  const start = barStarts(sequence)
    .findLast((start) => start <= first.startTicks) ?? 0;
  return sliceSequence(sequence, start, lastRelease(sequence));
}

/** Tokens of a piece whose length is open. */
function openEnded(tokens: readonly string[]): string[] {
  return tokens.map((token) =>
    token.startsWith("LengthBars_") ? "LengthBars_any" : token
  );
}

/**
 * Encodes a whole piece in tokens that the model knows, with the nearest in place
 * of those it does not.
 *
 * @param sequence Of one meter; of its tempi only the first is kept.
 * @throws {RangeError} If nothing the model knows is near, or the meter changes.
 */
export function encodeFor(
  checkpoint: Checkpoint,
  sequence: NoteSequence,
): Seed {
  const meters = [...new Set(sequence.timeSignatures.map(meterName))];
  if (meters.length > 1) {
    throw new RangeError(
      `Cannot start from the piece: its meter must stay the same, and it goes from ${
        meters.join(" to ")
      }. Cut out a part that has one meter.`,
    );
  }
  const { tokens, replaced, fitted, soundingPrograms } = fitToModel(
    checkpoint,
    sequence,
  );
  const qpm = firstQpm(sequence);
  return {
    tokens,
    replaced,
    bars: barStarts(fitted).length,
    spec: {
      ...specOf(fitted),
      key: findKey(sequence),
      qpm,
      soundingPrograms,
    },
    changesTempo: sequence.tempos.some((tempo) => tempo.qpm !== qpm),
  };
}

/** The key, tempo, meter and instruments of music fitted to a model. */
function specOf(sequence: NoteSequence): PieceSpec {
  const sounding = new Set(sequence.notes.map(({ part }) => part));
  const playing = (drums: boolean) =>
    [
      ...new Set(
        sequence.parts.filter(({ isDrum }, part) =>
          isDrum === drums && sounding.has(part)
        ).map(({ program }) => program),
      ),
    ].sort((a, b) => a - b);
  const { tonic, mode } = findKey(sequence);
  return {
    key: { tonic, mode },
    qpm: firstStatedQpm(sequence),
    meter: meterName(firstStatedMeter(sequence)),
    constraints: { programs: playing(false), kits: playing(true) },
  };
}

/**
 * Makes the beginning of a training piece a seed.
 *
 * @param ids Of the whole piece.
 * @param bars Of the piece to be made, as in {@linkcode seedFrom}.
 */
export function seedFromPiece(
  { corpus, config, vocabulary }: Checkpoint,
  ids: ArrayLike<number>,
  bars: number = Infinity,
): Seed {
  const seedBars = seedBarsFor(bars);
  const tokens = vocabulary.decode(Array.from(ids));
  const replaced = new Map<string, string>();
  if (corpus.tokenizer === "chord") {
    return {
      tokens: tokens.slice(0, config.sequenceLength),
      replaced,
      bars: 0,
      changesTempo: false,
    };
  }
  const barTokens = tokens.flatMap((token, i) => token === "Bar" ? [i] : []);
  const end = barTokens[seedBars] ?? tokens.length - 1;
  const open = openEnded(tokens.slice(0, end));
  const music = new RemiTokenizer(corpus.tokenizerOptions).decode(open);
  return {
    tokens: open,
    replaced,
    bars: barStarts(music).length,
    spec: specOf(music),
    changesTempo: music.tempos.length > 1,
  };
}
