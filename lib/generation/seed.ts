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
  meanPitch,
  type Meter,
  meterAt,
  meterName,
  noteDensity,
  type NoteSequence,
  parseMeter,
  type PieceSpec,
  sliceSequence,
} from "../music/music.ts";
import { readMidi, type Repair } from "../midi/midi.ts";
import { nearestToken } from "../tokens/chord/chord.ts";
import { RemiAlphabet, RemiTokenizer } from "../tokens/remi/remi.ts";
import { chordTokens } from "./chord_seed.ts";
import { fitToModel, type HeardMusic } from "./fitting.ts";
import { type HeardMeter, heardMeter } from "./heard_meter.ts";
import {
  barsOf,
  type LastBars,
  lastBars,
  mainMeter,
  mainQpm,
} from "./passage.ts";
import { tellHearing } from "./told.ts";

/** Bars of a training piece, and at least of a file, that a seed has. */
const SEED_BARS = 4;
/** A model reads the last bars of a passage, up to so many tokens. */
const MAX_TOKENS = 2048;
/** New notes of a program go so many semitones beyond those of the passage. */
const RANGE_MARGIN = 5;
/** New bars may be so many times as dense as the passage. */
const DENSITY_MARGIN = 1.4;
/** The mean pitch of new bars stays so near to that of the passage. */
const REGISTER_MARGIN = 5;
/** Last bars of a passage, whose character counts as much as that of the whole. */
const LAST_BARS = 8;

/** A user's music, which is written as it was, and how the model hears it. */
export interface Passage {
  /** The music. */
  readonly music: NoteSequence;
  /** The bar line at which it ends. */
  readonly endTicks: number;
  /** The meter of bars that follow. */
  readonly meter: Meter;
  /** The meter that the model hears. */
  readonly heardMeter: HeardMeter;
  /** What the model hears. */
  readonly heard: HeardMusic;
}

/** Music to go on from, or to vary. */
export interface Seed {
  /** Its tokens; of REMI, the attributes first. None where no note is heard. */
  readonly tokens: readonly string[];
  /** By token that the model does not know: the one in its place. */
  readonly replaced: ReadonlyMap<string, string>;
  /** Its length in bars; of chords 0. */
  readonly bars: number;
  /** Bars of the tokens, in the model's meter. */
  readonly heardBars: number;
  /**
   * Of REMI, what a piece is to take over: the key of the whole file, the exact
   * tempo, the model's meter; as `constraints` the programs and kits of the
   * tokens, and the programs' ranges; density and register as targets.
   */
  readonly spec?: PieceSpec;
  /** Sentences on what the model hears in place of what it does not know. */
  readonly notes: readonly string[];
  /** A file's own music, which stays as it is; of a training piece undefined. */
  readonly passage?: Passage;
}

/** How a seed is to be heard, in place of its own meter and tempo. */
export interface AskedHearing {
  /** Such as "3/4". @default its own */
  readonly meter?: string | undefined;
  /** Quarter notes per minute. @default its own */
  readonly qpm?: number | undefined;
}

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
 * Makes a MIDI file a seed.
 *
 * Of REMI the seed is the whole file without silence at its ends, or its last bars
 * where the whole would be more than half of the piece: the piece always goes on
 * from the file's end.
 *
 * @param bytes Of a MIDI file.
 * @param file Its name, for errors.
 * @param bars Of the piece to be made, the seed included.
 * @throws {RangeError} If the piece is too short to go on.
 */
export function seedFrom(
  checkpoint: Checkpoint,
  bytes: Uint8Array,
  file?: string,
  bars: number = Infinity,
): Seed {
  return readSeed(checkpoint, bytes, file)(bars);
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

/** Has a model hear a passage, to go on from it or to vary it. */
function hear(
  checkpoint: Checkpoint,
  { music, endTicks, bars }: LastBars,
  { own, key, goesOn, meter, qpm: askedQpm }: AskedHearing & {
    readonly own: Meter;
    readonly key: Key | undefined;
    readonly goesOn: boolean;
  },
): Seed {
  const alphabet = RemiAlphabet.of(checkpoint.vocabulary);
  const wanted = meter === undefined ? own : parseMeter(meter);
  const inMeter = heardMeter(wanted, alphabet.valuesOf("TimeSignature"));
  const qpm = askedQpm ?? mainQpm(music, endTicks);
  const heard = fitToModel(checkpoint, music, {
    meter: inMeter.name,
    qpm,
    endTicks,
  });
  const replaced = new Map(heard.replaced);
  if (!alphabet.find("TimeSignature", meterName(wanted))) {
    replaced.set(
      `TimeSignature_${meterName(wanted)}`,
      `TimeSignature_${inMeter.name}`,
    );
  }
  const read = goesOn ? lastTokens(heard.bars) : heard.bars;
  return {
    tokens: read.length === 0 ? [] : [
      ...goesOn ? openEnded(heard.head) : heard.head,
      ...read.flat(),
      ...goesOn ? [] : ["End"],
    ],
    replaced,
    bars,
    heardBars: read.length,
    spec: {
      ...key && { key },
      qpm,
      meter: inMeter.name,
      constraints: constraintsOf(heard, goesOn),
      targets: targetsOf(heard.music),
    },
    notes: tellHearing(music, heard, { own: wanted, inMeter, qpm, goesOn }),
    passage: {
      music,
      endTicks,
      meter: inMeter.fits ? wanted : parseMeter(inMeter.name),
      heardMeter: inMeter,
      heard,
    },
  };
}

/** The last bars that the model reads, with their meter and tempo. */
function lastTokens(
  bars: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  let first = bars.length, tokens = 0;
  while (first > 0) {
    tokens += bars[first - 1]!.length;
    if (tokens > MAX_TOKENS && first < bars.length) break;
    first--;
  }
  const [opening, ...others] = bars.slice(first);
  if (first === 0 || opening === undefined) return bars;
  const header = bars[0]!.slice(1, 3);
  return [["Bar", ...header, ...opening.slice(1)], ...others];
}

/** Instruments of the music, and to go on the ranges of its programs. */
function constraintsOf({ music }: HeardMusic, goesOn: boolean) {
  const ranges: Record<number, [number, number]> = {};
  for (const { pitch, part } of goesOn ? music.notes : []) {
    const { program, isDrum } = music.parts[part]!;
    if (isDrum) continue;
    const range = ranges[program] ??= [127, 0];
    range[0] = Math.min(range[0], pitch - RANGE_MARGIN);
    range[1] = Math.max(range[1], pitch + RANGE_MARGIN);
  }
  return { ...instrumentsOf(music), ranges };
}

/** Density and register, between those of the whole and of its last bars. */
function targetsOf(music: NoteSequence): PieceSpec["targets"] & object {
  if (!hasPitch(music)) return {};
  const lines = BarLines.of(music);
  const from = lines.startOf(Math.max(0, lines.count - LAST_BARS));
  const end = sliceSequence(music, from, music.totalTicks);
  const last = hasPitch(end) ? end : music;
  const density = Math.sqrt(noteDensity(music) * noteDensity(last));
  const register = (meanPitch(music) + meanPitch(last)) / 2;
  return {
    density: [density, DENSITY_MARGIN * density],
    register: [register - REGISTER_MARGIN, register + REGISTER_MARGIN],
  };
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

/** Tokens of a piece whose length is open. */
function openEnded(tokens: readonly string[]): string[] {
  return tokens.map((token) =>
    token.startsWith("LengthBars_") ? "LengthBars_any" : token
  );
}

/** The programs and kits that play. */
function instrumentsOf(
  { parts, notes }: NoteSequence,
): { programs: number[]; kits: number[] } {
  const sounding = [...new Set(notes.map(({ part }) => part))]
    .map((part) => parts[part]!);
  const playing = (drums: boolean) =>
    [
      ...new Set(
        sounding.filter(({ isDrum }) => isDrum === drums)
          .map(({ program }) => program),
      ),
    ].sort((a, b) => a - b);
  return { programs: playing(false), kits: playing(true) };
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
