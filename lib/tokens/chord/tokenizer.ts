/**
 * The original Immersic's tokens: one for each note ("E-5") or chord ("4.7.11",
 * its pitch classes in normal order) of a piece, as music21 reads them. They hold
 * no times and no velocities; decoding samples those from a
 * {@linkcode ChordStyle}.
 *
 * Normal order: A. Forte, "The Structure of Atonal Music" (1973).
 */

import { readChords, TWELFTHS } from "./reading.ts";
import {
  barTwelfths,
  chordsOf,
  type ChordStyle,
  DEFAULT_CHORD_STYLE,
  sampleRhythm,
  sampleVelocity,
} from "./style.ts";
import { parseMidiEvents } from "../../midi/midi.ts";
import {
  lastRelease,
  type Note,
  type NoteSequence,
  pitchName,
  sortNotes,
} from "../../music/music.ts";
import { Random } from "../../base/base.ts";
import type { Tokenizer } from "../vocabulary/vocabulary.ts";

/** The meaning of a token: a pitch, or the pitch classes of a chord. */
type Meaning =
  | { readonly pitch: number }
  | { readonly pitchClasses: readonly number[] };

/** The range of a piano; pitches outside it are hard to hear. */
const LOWEST_PITCH = 21;
const HIGHEST_PITCH = 108;
/** Range of a chord's lowest pitch, and the highest pitch without extra cost. */
const CHORD_BASS = [45, 60] as const;
const CHORD_TOP = 76;
/** Middle C; chords are voiced around it. */
const CHORD_CENTER = 60;
/** Most tokens that may begin at the same time; at most one of them is a chord. */
const MAX_COINCIDENT = 3;
const TICKS_PER_TWELFTH = 40;

/**
 * Pitches by name. Some names mean two pitches: "E-1" is E flat 1, and E natural
 * in octave −1. The map keeps the later, audible one.
 */
const PITCHES: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 128 }, (_, pitch) => [pitchName(pitch), pitch]),
);

/**
 * The chord tokenizer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ChordTokenizer } from "immersic/tokens/chord/chord.ts";
 * const tokenizer = new ChordTokenizer();
 * const sequence = tokenizer.decode(["4.7.11", "E-5"]);
 * assert.deepEqual(tokenizer.encode(sequence), ["4.7.11", "E-5"]);
 * ```
 */
export class ChordTokenizer implements Tokenizer {
  readonly name = "chord";

  /**
   * The tokens of a MIDI file, the same that music21 gives.
   *
   * @param bytes The file.
   * @param file Its name, for errors.
   * @returns The tokens; none if its first part has no pitched notes.
   * @throws {MidiError} If the bytes are not a Standard MIDI File.
   */
  encodeFile(bytes: Uint8Array, file: string = ""): string[] {
    const { tracks, ticksPerQuarter } = parseMidiEvents(bytes, file);
    return readChords(tracks, ticksPerQuarter).map(tokenOf);
  }

  /**
   * The tokens of a sequence, written to a file without part names. They may differ
   * from {@linkcode ChordTokenizer.encodeFile} of the file that the sequence was
   * read from: a sequence does not keep the order of the file's events, nor
   * instruments that play nothing.
   */
  encode(sequence: NoteSequence): string[] {
    return chordsOf(sequence).map(tokenOf);
  }

  /** See {@linkcode decodeChords}; the style is that of a slow ballad. */
  decode(tokens: readonly string[]): NoteSequence {
    return decodeChords(tokens);
  }
}

/**
 * A piece from tokens, played in a style: rhythms and velocities are sampled from
 * it, and each chord is voiced around middle C, close to the chord before it.
 *
 * @param tokens Chord tokens.
 * @param style How to play them.
 * @param random Samples the style.
 * @returns One part, all pitches between 21 and 108.
 * @throws {RangeError} If a token is none of this alphabet.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { decodeChords } from "immersic/tokens/chord/chord.ts";
 * const { notes } = decodeChords(["0.4.7", "5.9.0"]);
 * assert(notes.every((note) => note.pitch >= 45));
 * ```
 */
export function decodeChords(
  tokens: readonly string[],
  style: ChordStyle = DEFAULT_CHORD_STYLE,
  random: Random = new Random(1),
): NoteSequence {
  const barLength = barTwelfths(style);
  const notes: Note[] = [];
  /** The last note of each pitch, by its place in `notes`. */
  const lastOfPitch = new Map<number, number>();
  let now = 0, coincident = 1;
  let chord: readonly number[] = [];
  const meanings = tokens.map(parseToken);
  for (const [index, meaning] of meanings.entries()) {
    const isChord = "pitchClasses" in meaning;
    const next = meanings[index + 1] ?? meaning;
    if (isChord) chord = voiceChord(meaning.pitchClasses, chord);
    const event = isChord ? style.chords : style.notes;
    const { interval, duration } = sampleRhythm(
      event,
      now % barLength,
      coincident < MAX_COINCIDENT && !(isChord && "pitchClasses" in next),
      random,
    );
    const velocity = sampleVelocity(event, random);
    const startTicks = now * TICKS_PER_TWELFTH;
    const endTicks = (now + duration) * TICKS_PER_TWELFTH;
    for (const pitch of isChord ? chord : [intoRange(meaning.pitch)]) {
      const last = lastOfPitch.get(pitch);
      if (last !== undefined) {
        const before = notes[last]!;
        if (before.startTicks === startTicks) continue;
        if (before.endTicks > startTicks) {
          notes[last] = { ...before, endTicks: startTicks };
        }
      }
      lastOfPitch.set(pitch, notes.length);
      notes.push({ pitch, velocity, startTicks, endTicks, part: 0 });
    }
    now += interval;
    coincident = interval === 0 ? coincident + 1 : 1;
  }
  const barTicks = barLength * TICKS_PER_TWELFTH;
  const { qpm, program, numerator, denominator } = style;
  return {
    ticksPerQuarter: TWELFTHS * TICKS_PER_TWELFTH,
    parts: [{ name: "", program, isDrum: false }],
    notes: sortNotes(notes),
    tempos: [{ ticks: 0, qpm }],
    timeSignatures: [{ ticks: 0, numerator, denominator }],
    keySignatures: [],
    controls: [],
    totalTicks: Math.ceil(lastRelease({ notes }) / barTicks) * barTicks,
  };
}

/**
 * The known token that sounds most like another: for notes by distance in
 * semitones, for chords by the distance of their pitch classes. A note replaces a
 * chord, or a chord a note, only if `known` has none of the token's own kind.
 *
 * @param token A note or chord.
 * @param known The tokens to choose from.
 * @returns One of `known`; of several equally near, the first.
 * @throws {RangeError} If `token` is none of this alphabet, or there is no
 * choice.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { nearestToken } from "immersic/tokens/chord/chord.ts";
 * assert.equal(nearestToken("C#5", ["C4", "D5", "0.4.7"]), "D5");
 * assert.equal(nearestToken("0.3.7", ["C4", "0.4.7", "5.9.0"]), "0.4.7");
 * ```
 */
export function nearestToken(token: string, known: readonly string[]): string {
  const meaning = parseToken(token);
  let nearest: string | undefined, least = Infinity;
  for (const candidate of known) {
    const apart = distance(meaning, parseToken(candidate));
    if (apart < least) [nearest, least] = [candidate, apart];
  }
  if (nearest === undefined) {
    throw new RangeError(
      `Cannot find a token near "${token}": there are no tokens to choose from.`,
    );
  }
  return nearest;
}

/**
 * Transposes a token; the pitch classes of chords wrap around.
 *
 * @param token A note or chord.
 * @param semitones Up (positive) or down.
 * @returns Undefined where a note would leave MIDI's pitches.
 * @throws {RangeError} If `token` is none of this alphabet.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { transposeToken } from "immersic/tokens/chord/tokenizer.ts";
 * assert.equal(transposeToken("C4", -1), "B3");
 * assert.equal(transposeToken("4.7.11", 3), "7.10.2");
 * ```
 */
export function transposeToken(
  token: string,
  semitones: number,
): string | undefined {
  const meaning = parseToken(token);
  if ("pitchClasses" in meaning) {
    return normalOrder(
      meaning.pitchClasses.map((value) => (value + semitones + 120) % 12),
    );
  }
  const pitch = meaning.pitch + semitones;
  return pitch >= 0 && pitch < 128 ? pitchName(pitch) : undefined;
}

/**
 * Reads the original's cache of tokens.
 *
 * @param text The text of a `notes.json`.
 * @returns All tokens, piece after piece.
 * @throws {TypeError} If it is not a JSON array of strings.
 *
 * @example
 * ```ts
 * import { readNotesJson, writeNotesJson } from "immersic/tokens/chord/chord.ts";
 * console.assert(readNotesJson(writeNotesJson(["E-5"]))[0] === "E-5");
 * ```
 */
export function readNotesJson(text: string): string[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new TypeError(
      `Cannot read notes: the text is not JSON (${(error as Error).message}).`,
    );
  }
  if (
    !Array.isArray(json) || json.some((token) => typeof token !== "string")
  ) {
    throw new TypeError(
      "Cannot read notes: they must be a JSON array of strings, one token each.",
    );
  }
  return json;
}

/**
 * Writes the original's cache of tokens: one flat JSON array.
 *
 * @param tokens The tokens of all pieces, in the order of their paths.
 */
export function writeNotesJson(tokens: readonly string[]): string {
  return JSON.stringify(tokens);
}

const tokenOf = ({ pitches }: { readonly pitches: readonly number[] }) =>
  pitches.length === 1 ? pitchName(pitches[0]!) : normalOrder(pitches);

/**
 * The pitch classes of a chord in their most compact order: the smallest span,
 * then the smallest intervals from the first on, then the lowest first.
 */
function normalOrder(pitches: readonly number[]): string {
  const classes = [...new Set(pitches.map((pitch) => pitch % 12))]
    .sort((a, b) => a - b);
  const orders = classes.map((first, index) => {
    const order = [...classes.slice(index), ...classes.slice(0, index)];
    const steps = order.map((pitchClass) => (pitchClass - first + 12) % 12);
    return { order, key: [...steps.slice(-1), ...steps] };
  });
  return orders.reduce((best, other) => {
    const differs = best.key.findIndex((step, i) => step !== other.key[i]);
    return differs >= 0 && other.key[differs]! < best.key[differs]!
      ? other
      : best;
  }).order.join(".");
}

function parseToken(token: string): Meaning {
  const pitch = PITCHES.get(token);
  if (pitch !== undefined) return { pitch };
  const pitchClasses = token.split(".").map(Number);
  if (
    !/^\d+(\.\d+)*$/.test(token) || pitchClasses.some((value) => value > 11)
  ) {
    throw new RangeError(
      `Cannot understand the token "${token}": it must be a note such as "E-5" or a chord such as "4.7.11". Is it from another tokenizer?`,
    );
  }
  return { pitchClasses };
}

/** A pitch moved by octaves into the range of a piano. */
function intoRange(pitch: number): number {
  let moved = pitch;
  while (moved < LOWEST_PITCH) moved += 12;
  while (moved > HIGHEST_PITCH) moved -= 12;
  return moved;
}

/**
 * Voices a chord: chooses among its close positions, and those with the second
 * highest voice an octave lower (drop 2), the one that follows the previous chord
 * best. A single pitch class becomes an octave. Pitches ascend.
 */
function voiceChord(
  pitchClasses: readonly number[],
  previous: readonly number[],
): number[] {
  const sorted = [...new Set(pitchClasses)].sort((a, b) => a - b);
  const voicings: number[][] = [];
  for (let bass = CHORD_BASS[0]; bass <= CHORD_BASS[1]; bass++) {
    if (!sorted.includes(bass % 12)) continue;
    const above = sorted.map((pitchClass) => (pitchClass - bass % 12 + 12) % 12)
      .sort((a, b) => a - b);
    const close = above.length === 1
      ? [bass, bass + 12]
      : above.map((semitones) => bass + semitones);
    voicings.push(close);
    const second = close.at(-2)! - 12;
    if (close.length > 3 && second >= CHORD_BASS[0]) {
      voicings.push([second, ...close.toSpliced(-2, 1)]);
    }
  }
  const costs = voicings.map((voicing) => voicingCost(voicing, previous));
  return voicings[costs.indexOf(Math.min(...costs))]!;
}

/** Cost of a voicing, in semitones: movement, distance from middle C, and clashes. */
function voicingCost(
  voicing: readonly number[],
  previous: readonly number[],
): number {
  const mean = voicing.reduce((sum, pitch) => sum + pitch) / voicing.length;
  const moves = previous.length > 0 ? setDistance(voicing, previous, 128) : 0;
  const rubs = voicing.filter((pitch, i) =>
    i > 0 && pitch - voicing[i - 1]! === 1
  );
  const excess = Math.max(0, voicing.at(-1)! - CHORD_TOP);
  return moves + Math.abs(mean - CHORD_CENTER) / 4 + rubs.length + 2 * excess;
}

function distance(a: Meaning, b: Meaning): number {
  if ("pitch" in a && "pitch" in b) return Math.abs(a.pitch - b.pitch);
  const classes = (meaning: Meaning) =>
    "pitch" in meaning ? [meaning.pitch % 12] : meaning.pitchClasses;
  // More than any two notes, or chords, are apart.
  const otherKind = "pitch" in a === "pitch" in b ? 0 : 128;
  return otherKind + setDistance(classes(a), classes(b), 12);
}

/**
 * Mean distance in semitones from each pitch of one set to the nearest of the
 * other set, summed over both directions.
 *
 * @param circle Semitones after which pitches repeat.
 */
function setDistance(
  a: readonly number[],
  b: readonly number[],
  circle: number,
): number {
  const oneWay = (from: readonly number[], to: readonly number[]) =>
    from.reduce((sum, pitch) => {
      const apart = to.map((other) => Math.abs(pitch - other));
      return sum + Math.min(...apart.map((x) => Math.min(x, circle - x)));
    }, 0) / from.length;
  return oneWay(a, b) + oneWay(b, a);
}
