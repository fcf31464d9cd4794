/**
 * The original Immersic's tokens: one for each note ("E-5") or chord ("4.7.11",
 * its pitch classes in normal order) of a piece, as music21 reads them. They hold
 * no times and no velocities; decoding samples those from a
 * {@linkcode ChordStyle}.
 */

import { parseToken, tokenOf } from "./chord_tokens.ts";
import { TWELFTHS } from "./grid.ts";
import { type ReadChord, readChords } from "./reading.ts";
import { chordsOf } from "./sequence_chords.ts";
import {
  barTwelfths,
  type ChordStyle,
  DEFAULT_CHORD_STYLE,
  sampleRhythm,
  sampleVelocity,
} from "./style.ts";
import { voiceChord } from "./voicing.ts";
import { parseMidiEvents } from "../../midi/midi.ts";
import {
  lastRelease,
  type Note,
  type NoteSequence,
  sortNotes,
} from "../../music/music.ts";
import { Random } from "../../base/base.ts";
import type { Tokenizer } from "../vocabulary/vocabulary.ts";

/** The range of a piano; pitches outside it are hard to hear. */
const LOWEST_PITCH = 21;
const HIGHEST_PITCH = 108;
/** Most tokens that may begin at the same time; at most one of them is a chord. */
const MAX_COINCIDENT = 3;
const TICKS_PER_TWELFTH = 40;

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
   * @throws {LimitError} If there are millions of bars, or notes are cut at over
   * half a million barlines.
   */
  encodeFile(bytes: Uint8Array, file: string = ""): string[] {
    const { tracks, ticksPerQuarter } = parseMidiEvents(bytes, file);
    return tokensOf(readChords(tracks, ticksPerQuarter));
  }

  /**
   * The tokens of a sequence, as of a file with a track for each part and no
   * names. They may differ from {@linkcode ChordTokenizer.encodeFile} of the file
   * that the sequence was read from: a sequence does not keep the order of the
   * file's events, nor instruments that play nothing.
   *
   * @throws {LimitError} As {@linkcode ChordTokenizer.encodeFile} does.
   */
  encode(sequence: NoteSequence): string[] {
    return tokensOf(chordsOf(sequence));
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

/** The tokens of chords; the parts of a cut chord share theirs. */
function tokensOf(chords: readonly ReadChord[]): string[] {
  const tokens = new Map<readonly number[], string>();
  return chords.map(({ pitches }) => {
    const known = pitches.length > 1 ? tokens.get(pitches) : undefined;
    const token = known ?? tokenOf(pitches);
    if (pitches.length > 1) tokens.set(pitches, token);
    return token;
  });
}

/** A pitch moved by octaves into the range of a piano. */
function intoRange(pitch: number): number {
  let moved = pitch;
  while (moved < LOWEST_PITCH) moved += 12;
  while (moved > HIGHEST_PITCH) moved -= 12;
  return moved;
}
