/** Music that a piece goes on from or varies, and how a model hears it. */

import { withoutUndefined } from "../base/base.ts";
import type { Checkpoint } from "../model/model.ts";
import {
  BarLines,
  cutSilence,
  findKey,
  firstStatedMeter,
  firstStatedQpm,
  hasPitch,
  type Key,
  meterAt,
  meterName,
  type NoteSequence,
  type Repair,
} from "../music/music.ts";
import { readMidi } from "../midi/midi.ts";
import { nearestToken } from "../tokens/chord/chord.ts";
import { RemiTokenizer } from "../tokens/remi/remi.ts";
import { chordTokens } from "./chord_seed.ts";
import {
  type AskedHearing,
  hear,
  instrumentsOf,
  openEnded,
  type Seed,
} from "./hearing.ts";
import { barsOf, lastBars, mainMeter } from "./passage.ts";

/** Bars of a training piece, and at least of a file, that a seed has. */
const SEED_BARS = 4;

/** Gives the seed for a piece of so many bars; by default of any length. */
export type SeedReader = (bars?: number, asked?: AskedHearing) => Seed;

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
 * Reads a MIDI file once, for seeds of pieces of any length.
 *
 * Of REMI a seed is the whole file without silence at its ends, or its last bars
 * where the whole would be more than half of the piece: the piece always goes on
 * from the file's end.
 *
 * @param bytes Of a MIDI file.
 * @param file Its name, for errors.
 * @returns Makes the seed for a number of bars of the piece, the seed included; throws
 * a RangeError if that is too short to go on.
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
  const { sequence, repairs } = readMidi(bytes, withoutUndefined({ file }));
  const { sequence: whole, cuts } = cutSilence(sequence);
  if (whole.notes.length === 0) return () => NOTHING;
  const told = [...repairs.map(tellRepair), ...cuts.map(tellCut)];
  const key = keyOf(whole), count = barsOf(whole);
  return (bars = Infinity, asked = {}) => {
    const least = seedBarsFor(bars);
    const most = Math.max(least, Math.floor(bars / 2));
    const passage = lastBars(whole, count, most);
    const own = meterAt(passage.music, passage.endTicks - 1);
    const seed = hear(checkpoint, passage, {
      ...asked,
      own,
      key,
      goesOn: true,
    });
    return { ...seed, notes: [...told, ...seed.notes] };
  };
}

/**
 * Makes a whole piece a seed to vary, without silence at its ends.
 *
 * @param sequence Of any instruments, meters and tempi.
 */
export function encodeFor(
  checkpoint: Checkpoint,
  sequence: NoteSequence,
): Seed {
  const { sequence: whole, cuts } = cutSilence(sequence);
  if (whole.notes.length === 0) return NOTHING;
  const passage = lastBars(whole, barsOf(whole), Infinity);
  const seed = hear(checkpoint, passage, {
    own: mainMeter(whole, passage.endTicks),
    key: keyOf(whole),
    goesOn: false,
  });
  return { ...seed, notes: [...cuts.map(tellCut), ...seed.notes] };
}

/**
 * Makes a MIDI file a seed to vary; see {@linkcode encodeFor}.
 *
 * @param bytes Of a MIDI file.
 * @param file Its name, for errors.
 */
export function readVariation(
  checkpoint: Checkpoint,
  bytes: Uint8Array,
  file?: string,
): Seed {
  const { sequence, repairs } = readMidi(bytes, withoutUndefined({ file }));
  const seed = encodeFor(checkpoint, sequence);
  return { ...seed, notes: [...repairs.map(tellRepair), ...seed.notes] };
}

function tellRepair({ reason, count }: Repair): string {
  return `Put right in the file: ${reason}${
    count > 1 ? `, ${count} times` : ""
  }.`;
}

function tellCut({ reason, count }: Repair): string {
  return `${count} ${reason}.`;
}

/** The seed of a file without notes. */
const NOTHING: Seed = {
  tokens: [],
  replaced: new Map(),
  bars: 0,
  heardBars: 0,
  notes: [],
};

/** The key of music, undefined where nothing has a pitch. */
function keyOf(sequence: NoteSequence): Key | undefined {
  if (!hasPitch(sequence)) return undefined;
  const { tonic, mode } = findKey(sequence);
  return { tonic, mode };
}

/** The first chord tokens of a file, as many as the model looks back on. */
function chordSeed(
  { config, vocabulary }: Checkpoint,
  bytes: Uint8Array,
  file?: string,
): Seed {
  const replaced = new Map<string, string>();
  const known = vocabulary.toJSON();
  const tokens = chordTokens(bytes, file)
    .slice(0, config.sequenceLength)
    .map((token) => {
      if (vocabulary.has(token)) return token;
      const nearest = replaced.get(token) ?? nearestToken(token, known);
      replaced.set(token, nearest);
      return nearest;
    });
  return { ...NOTHING, tokens, replaced };
}

/**
 * Makes the beginning of a training piece a seed.
 *
 * @param ids Of the whole piece.
 * @param bars Of the piece to be made, the seed included.
 */
export function seedFromPiece(
  { corpus, config, vocabulary }: Checkpoint,
  ids: ArrayLike<number>,
  bars: number = Infinity,
): Seed {
  const seedBars = seedBarsFor(bars);
  const tokens = vocabulary.decode(Array.from(ids));
  if (corpus.tokenizer === "chord") {
    return { ...NOTHING, tokens: tokens.slice(0, config.sequenceLength) };
  }
  const barTokens = tokens.flatMap((token, i) => token === "Bar" ? [i] : []);
  const end = barTokens[seedBars] ?? tokens.length - 1;
  const open = openEnded(tokens.slice(0, end));
  const music = new RemiTokenizer(corpus.tokenizerOptions).decode(open);
  const { tonic, mode } = findKey(music);
  const heardBars = BarLines.of(music).count;
  return {
    ...NOTHING,
    tokens: open,
    bars: heardBars,
    heardBars,
    spec: {
      key: { tonic, mode },
      qpm: firstStatedQpm(music),
      meter: meterName(firstStatedMeter(music)),
      constraints: instrumentsOf(music),
    },
  };
}
