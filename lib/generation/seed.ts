/** Music that a piece goes on from or varies, in tokens that the model knows. */

import type { Checkpoint } from "../model/model.ts";
import {
  barStarts,
  findKey,
  type NoteSequence,
  type PieceSpec,
  sliceSequence,
} from "../music/music.ts";
import { parseMidi } from "../midi/midi.ts";
import { ChordTokenizer, nearestToken } from "../tokens/chord/chord.ts";
import { RemiTokenizer } from "../tokens/remi/remi.ts";
import { fitToModel } from "./fitting.ts";
import { firstQpm, meterName } from "./temp_music.ts";

/** Bars of a training piece, and least of a file, that a piece goes on from. */
const SEED_BARS = 4;

/** A passage to go on from. */
export interface Seed {
  readonly tokens: readonly string[];
  /** What the model does not know, and what stands in for it. */
  readonly replaced: ReadonlyMap<string, string>;
  /** Bars that the tokens say; of chords 0. */
  readonly bars: number;
  /**
   * REMI: what the music is, for what follows to stay so: the key of the whole
   * file, its first tempo, unrounded, and meter, and in `constraints` the
   * programs and kits as the model plays them.
   */
  readonly spec?: PieceSpec;
  /** Whether other tempi follow the first, which are not kept. */
  readonly changesTempo: boolean;
}

/** Gives the seed of a piece of so many bars, of any length by default. */
export type SeedReader = (bars?: number) => Seed;

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
    // One meter throughout: from its last change on, or from where half is left.
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
 * A MIDI file as a seed that the model understands: the nearest token stands in
 * for what it does not know.
 *
 * Of REMI the seed is the whole file, or its last bars where the whole would be
 * more than half of the piece, so that it always leads on from the file's end.
 *
 * @param bytes Of a MIDI file.
 * @param file Its name, for errors.
 * @param bars Of the whole piece: the seed leaves room for what is new.
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

/** As many chord tokens of a file as the model looks back on. */
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

/** The piece from its first bar with a note to its last. */
function withoutSilence(sequence: NoteSequence): NoteSequence {
  const [first] = sequence.notes;
  if (first === undefined) return sequence;
  const end = sequence.notes.reduce(
    (end, note) => Math.max(end, note.endTicks),
    0,
  );
  const start = barStarts(sequence)
    .findLast((start) => start <= first.startTicks) ?? 0;
  return sliceSequence(sequence, start, end);
}

/** Tokens of a piece whose length is open. */
function openEnded(tokens: readonly string[]): string[] {
  return tokens.map((token) =>
    token.startsWith("LengthBars_") ? "LengthBars_any" : token
  );
}

/**
 * A whole piece in tokens that the model knows, the nearest where it knows not
 * the right ones.
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

/** What music is that the model knows all of. */
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
  const [meter] = sequence.timeSignatures;
  const { tonic, mode } = findKey(sequence);
  return {
    key: { tonic, mode },
    qpm: sequence.tempos[0]?.qpm ?? 120,
    meter: meter ? meterName(meter) : "4/4",
    constraints: { programs: playing(false), kits: playing(true) },
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
