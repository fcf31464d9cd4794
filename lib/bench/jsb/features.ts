/**
 * Features of a frame for one key. They are relative to that key, so the same in
 * every transposition, and depend on no later frame.
 *
 * T frames, 88 keys, F features.
 */
import { KEYS } from "./frames.ts";
import { type Following, Places } from "./alignment.ts";
import { ContinuationTable } from "./continuations.ts";
import { type LineName, type Piece, VOICES } from "./piece.ts";

/** A kind of context: its line, its highest order, and where occurrences count. */
interface ContextKind {
  readonly line: LineName;
  readonly order: number;
  readonly heardIn: "training" | "piece";
}

const CONTEXTS: readonly ContextKind[] = [
  { line: "chords", order: 6, heardIn: "training" },
  { line: "harmonies", order: 6, heardIn: "training" },
  { line: "outer", order: 8, heardIn: "training" },
  { line: "chords", order: 6, heardIn: "piece" },
];

/** Alignments of the piece with the training pieces, and with itself. */
const FOLLOWINGS: readonly (Following & { along: "training" | "piece" })[] = [
  { jump: 0.1, agrees: [3, 1.5, 1.5, 2], along: "training" },
  { jump: 0.1, agrees: [3, 1.5, 1.5, 2], along: "piece" },
];

/** Semitones to either side of the key within which a frame's keys are features. */
const WINDOW = 12;
/** Distances from the key, in semitones, are clipped to this one. */
const FAR = 13;
/** Steps of a voice, in semitones, are clipped to this one. */
const LEAP = 3;
/** Decay factors per frame. */
const DECAYS = [0.7, 0.95, 0.99] as const;
const VOICE_DECAY = 0.9;
/** Frames after which the time features repeat, and frames between strong beats. */
const PERIOD = 16, MEASURE = 4;
/** Semitones between the points that encode the key's own pitch. */
const PITCH_STEP = 4;

const WIDTHS = {
  now: 2 * WINDOW + 1,
  before: 2 * WINDOW + 1,
  voices: VOICES * (2 * FAR + 1),
  steps: VOICES * (2 * LEAP + 1),
  chord: 12,
  first: 12,
  pitchClasses: DECAYS.length * 12,
  keyMemory: DECAYS.length + 1,
  time: PERIOD + MEASURE + 1,
  pitch: KEYS / PITCH_STEP + 1,
  voiceMeans: VOICES,
  frame: 2,
  continuations: 2 * (CONTEXTS.length + FOLLOWINGS.length),
} as const;

/** F. */
export const FEATURES = Object.values(WIDTHS).reduce((sum, n) => sum + n, 0);

/** Statistics of all frames up to one. */
interface Memory {
  /** Decayed frequency of each pitch class, by decay. [3][12] */
  readonly pitchClasses: readonly Float32Array[];
  /** Decayed frequency of each key, by decay. [3][88] */
  readonly keys: readonly Float32Array[];
  /** Number of frames that each key has sounded without a break. [88] */
  readonly held: Float32Array;
  /** Decayed mean of each voice's key. [4] */
  readonly voiceMeans: readonly number[];
  /** Number of frames since the last change. */
  readonly still: number;
}

/** One prediction of the next frame. */
interface Say {
  /** Log odds of each key, scaled. [88] */
  readonly odds: Float32Array;
  /** Its confidence, from 0 to 1. */
  readonly trust: number;
}

/** A piece with all the data for its features. */
export interface HeardPiece {
  readonly piece: Piece;
  /** [T] */
  readonly memories: readonly Memory[];
  /** By kind of context, then by alignment. [T − 1][6] */
  readonly says: readonly (readonly Say[])[];
}

/**
 * Prepares pieces for the network, with predictions from the training pieces.
 *
 * @example
 * ```ts
 * import { readFrames } from "immersic/bench/jsb/frames.ts";
 * import { FEATURES, Listener, writeFeatures } from "immersic/bench/jsb/features.ts";
 * import { readPiece } from "immersic/bench/jsb/piece.ts";
 * const { train } = readFrames({ train: [[[60], [62]]], valid: [], test: [] });
 * const pieces = train.map(readPiece);
 * const heard = new Listener(pieces).hear(pieces[0]!);
 * const features = new Float32Array(FEATURES);
 * writeFeatures(heard, 0, 39, features, 0);
 * console.assert(features[12] === 1, "the key itself sounds");
 * ```
 */
export class Listener {
  readonly #tables: readonly ContinuationTable[];
  readonly #places: Places;

  constructor(train: readonly Piece[]) {
    this.#places = new Places(train);
    this.#tables = CONTEXTS.map(({ line, order, heardIn }) => {
      const table = new ContinuationTable(line, order);
      if (heardIn === "piece") return table;
      for (const piece of train) {
        for (let t = 0; t + 1 < piece.length; t++) table.add(piece, t);
      }
      return table;
    });
  }

  /** Prepares a piece; its predictions come from the training pieces other than itself. */
  hear(piece: Piece): HeardPiece {
    const own = CONTEXTS.map(({ line, order }) =>
      new ContinuationTable(line, order)
    );
    const followed = FOLLOWINGS.map((following) =>
      following.along === "piece"
        ? Places.followItself(piece, following)
        : this.#places.followAmongOthers(piece, following)
    );
    const says = Array.from(
      { length: Math.max(piece.length - 1, 0) },
      (_, t) => {
        if (t > 0) own.forEach((table) => table.add(piece, t - 1));
        const byContext = CONTEXTS.map(
          ({ order: longest, heardIn }, i): Say => {
            const { probabilities, order } = heardIn === "piece"
              ? own[i]!.after(piece, t)
              : this.#tables[i]!.after(piece, t, piece);
            return { odds: oddsOf(probabilities), trust: order / longest };
          },
        );
        const byPlace = followed.map((frames): Say => {
          const { probabilities, certainty } = frames[t]!;
          return { odds: oddsOf(probabilities), trust: certainty };
        });
        return [...byContext, ...byPlace];
      },
    );
    return { piece, memories: remember(piece), says };
  }
}

/** Log odds, scaled and clipped to be finite. */
function oddsOf(probabilities: Float32Array): Float32Array {
  return probabilities.map((p) => Math.log((p + 1e-3) / (1 - p + 1e-3)) / 4);
}

/** The statistics after each frame. */
function remember({ keys, voices }: Piece): Memory[] {
  let memory: Memory = {
    pitchClasses: DECAYS.map(() => new Float32Array(12)),
    keys: DECAYS.map(() => new Float32Array(KEYS)),
    held: new Float32Array(KEYS),
    voiceMeans: voices[0] ?? [],
    still: 0,
  };
  return keys.map((frame, t) => {
    const fade = (x: Float32Array, d: number) =>
      x.map((value) => value * DECAYS[d]!);
    const pitchClasses = memory.pitchClasses.map(fade);
    const keyMemory = memory.keys.map(fade);
    const held = new Float32Array(KEYS);
    for (const key of frame) {
      held[key] = memory.held[key]! + 1;
      DECAYS.forEach((decay, d) => {
        pitchClasses[d]![key % 12]! += 1 - decay;
        keyMemory[d]![key]! += 1 - decay;
      });
    }
    const same = t > 0 && frame.join() === keys[t - 1]!.join();
    return memory = {
      pitchClasses,
      keys: keyMemory,
      held,
      voiceMeans: memory.voiceMeans.map((mean, v) =>
        VOICE_DECAY * mean + (1 - VOICE_DECAY) * voices[t]![v]!
      ),
      still: same ? memory.still + 1 : 0,
    };
  });
}

const clip = (x: number, most: number) => Math.max(-most, Math.min(most, x));

/** Pitch class of a key relative to another. */
const pitchClass = (key: number, from: number) => (key - from + 10 * 12) % 12;

/** Writes frame t's features for a key to `out`, from `at` on. [F] */
export function writeFeatures(
  { piece, memories, says }: HeardPiece,
  t: number,
  key: number,
  out: Float32Array,
  at: number,
): void {
  out.fill(0, at, at + FEATURES);
  for (const frame of [piece.keys[t], piece.keys[t - 1] ?? []]) {
    for (const other of frame!) {
      const distance = other - key;
      if (Math.abs(distance) <= WINDOW) out[at + WINDOW + distance] = 1;
    }
    at += 2 * WINDOW + 1;
  }
  const voices = piece.voices[t]!, before = piece.voices[t - 1] ?? voices;
  for (const voice of voices) {
    out[at + FAR + clip(voice - key, FAR)] = 1;
    at += 2 * FAR + 1;
  }
  for (let v = 0; v < VOICES; v++) {
    out[at + LEAP + clip(voices![v]! - before![v]!, LEAP)] = 1;
    at += 2 * LEAP + 1;
  }
  for (const other of piece.keys[t]!) out[at + pitchClass(other, key)] = 1;
  at += 12;
  out[at + pitchClass(piece.voices[0]![VOICES - 1]!, key)] = 1;
  at += 12;
  const memory = memories[t]!;
  for (const frequencies of memory.pitchClasses) {
    for (let c = 0; c < 12; c++) out[at + pitchClass(c, key)] = frequencies[c]!;
    at += 12;
  }
  for (const frequencies of memory.keys) out[at++] = 2 * frequencies[key]!;
  out[at++] = Math.min(memory.held[key]!, 4) / 4;
  out[at + t % PERIOD] = 1;
  out[at + PERIOD + t % MEASURE] = 1;
  at += PERIOD + MEASURE;
  out[at++] = Math.min(t, 64) / 64;
  const step = Math.floor(key / PITCH_STEP), share = key / PITCH_STEP - step;
  out[at + step] = 1 - share;
  out[at + step + 1] = share;
  at += WIDTHS.pitch;
  for (const mean of memory.voiceMeans) {
    out[at++] = clip((mean - key) / 12, 2);
  }
  out[at++] = piece.keys[t]!.length / 4;
  out[at++] = Math.min(memory.still, 4) / 4;
  for (const { odds, trust } of says[t]!) {
    out[at++] = odds[key]!;
    out[at++] = trust;
  }
}
