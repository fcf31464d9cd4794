/** Reads "up 2 semitones, 90 bpm, bass louder" as changes to a whole piece. */

import {
  findKey,
  firstStatedQpm,
  hasPitch,
  type NoteSequence,
} from "../music/music.ts";
import { parsePrompt, PromptError } from "../prompt/prompt.ts";
import type { Edit } from "./edit.ts";
import { readRedo } from "./read_redo.ts";

/** What a text asks to change. */
export interface EditReading {
  /** Changes in the order of the text. */
  readonly edits: readonly Edit[];
  /** Bars of the whole piece, where it is to be longer. */
  readonly bars?: number;
  /** Every phrase that was understood. */
  readonly understood: readonly string[];
}

/** Changes to a whole piece, for errors. */
const EXAMPLES =
  '"up 2 semitones", "to D minor", "90 bpm", "10 % faster", "bass louder" and "8 bars longer"';
const NUMBER = "(\\d+(?:\\.\\d+)?)";
/** Decibels of "louder" and "softer". */
const STEP_DECIBELS = 4;
const INTERVALS: Readonly<Record<string, number>> = {
  "semitone": 1,
  "half step": 1,
  "whole tone": 2,
  "tone": 2,
  "whole step": 2,
  "third": 4,
  "fourth": 5,
  "fifth": 7,
  "octave": 12,
};

/**
 * Reads changes to a whole piece, separated by commas: its key ("up 2 semitones",
 * "down an octave", "to D minor"), its tempo ("90 bpm", "10 % faster"), the loudness of
 * parts ("bass louder", "keys 3 dB softer"), and its length ("32 bars",
 * "8 bars longer").
 *
 * @throws {PromptError} If a change is not understood.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readEdit } from "immersic/composition/composition.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const { edits } = readEdit("up a fifth, 90 bpm", emptySequence(480));
 * assert.deepEqual(edits, [{ transpose: 7 }, { qpm: 90 }]);
 * ```
 */
export function readEdit(
  text: string,
  piece: NoteSequence,
  barCount: number = 0,
): EditReading {
  const edits: Edit[] = [], understood: string[] = [];
  let bars: number | undefined;
  for (const phrase of text.split(/[,;]|\band\b/).map((one) => one.trim())) {
    if (phrase === "") continue;
    const own = phrase.toLowerCase();
    const longer = longerTo(own, barCount);
    if (longer !== undefined) {
      bars = longer;
      understood.push(`"${phrase}": ${longer} bars`);
      continue;
    }
    const found = transposed(own) ?? retimed(own, piece) ??
      toKey(own, piece) ?? louder(phrase, piece);
    if (!found) {
      throw new PromptError(
        phrase,
        `"${phrase}" is no change to a whole piece. Such are ${EXAMPLES}.`,
      );
    }
    edits.push(...found.edits);
    understood.push(`"${phrase}": ${found.meaning}`);
  }
  if (understood.length === 0) {
    throw new PromptError(
      text,
      `no change is asked. Such are ${EXAMPLES}.`,
    );
  }
  return { edits, understood, ...bars !== undefined && { bars } };
}

interface Found {
  readonly edits: readonly Edit[];
  readonly meaning: string;
}

function longerTo(phrase: string, barCount: number): number | undefined {
  const match = /^(?:make it )?(\d+) bars?( longer| more)?(?: long)?$/.exec(
    phrase,
  );
  if (!match) return undefined;
  const bars = Number(match[1]) + (match[2] ? barCount : 0);
  if (bars > barCount) return bars;
  throw new PromptError(
    phrase,
    `the piece has ${barCount} bars, and "${phrase}" does not make it longer.`,
  );
}

function transposed(phrase: string): Found | undefined {
  const names = Object.keys(INTERVALS).join("|");
  const match = new RegExp(
    `^(?:transposed? )?(?:by )?(up|down|\\+|-|higher|lower)? ?(?:by )?(?:an? |(\\d+) ?)(${names})?s?(?: (up|down|higher|lower))?$`,
  ).exec(phrase);
  const way = match?.[1] ?? match?.[4];
  if (!match || !way || !match[3] && !match[2]) return undefined;
  const isDown = ["down", "-", "lower"].includes(way);
  const semitones = Number(match[2] ?? 1) * (INTERVALS[match[3] ?? ""] ?? 1);
  return byTransposing(isDown ? -semitones : semitones);
}

function byTransposing(transpose: number): Found {
  const count = Math.abs(transpose);
  return {
    edits: transpose === 0 ? [] : [{ transpose }],
    meaning: `${count} semitone${count === 1 ? "" : "s"} ${
      transpose < 0 ? "down" : "up"
    }`,
  };
}

function retimed(phrase: string, piece: NoteSequence): Found | undefined {
  const exact = new RegExp(`^(?:at |to )?${NUMBER} ?bpm$`).exec(phrase);
  const share = new RegExp(
    `^(?:${NUMBER} ?% )?(faster|slower)(?: by ${NUMBER} ?%)?$`,
  )
    .exec(phrase);
  if (!exact && !share) return undefined;
  const percent = Number(share?.[1] ?? share?.[3] ?? 10);
  const factor = share?.[2] === "slower"
    ? 1 - percent / 100
    : 1 + percent / 100;
  const qpm = exact
    ? Number(exact[1])
    : Math.round(100 * firstStatedQpm(piece) * factor) / 100;
  return { edits: [{ qpm }], meaning: `${qpm} bpm` };
}

/** "to D minor": to the tonic; the mode stays as it is. */
function toKey(phrase: string, piece: NoteSequence): Found | undefined {
  const match = /^(?:transposed? )?(?:in)?to (.+)$/.exec(phrase);
  if (!match || !hasPitch(piece)) return undefined;
  const { key } = parsePrompt(`in ${match[1]!}`).request;
  if (key?.tonic === undefined) return undefined;
  const up = (key.tonic - findKey(piece).tonic + 12) % 12;
  return byTransposing(up > 6 ? up - 12 : up);
}

/** "bass louder", "keys 3 dB softer". */
function louder(phrase: string, piece: NoteSequence): Found | undefined {
  const match = new RegExp(
    `^(?:the )?(.+?) (?:${NUMBER} ?db )?(louder|softer|quieter)(?: by ${NUMBER} ?db)?$`,
    "i",
  ).exec(phrase);
  if (!match) return undefined;
  const parts = readRedo(match[1]!, piece).wish.parts ??
    [...piece.parts.keys()];
  const size = Number(match[2] ?? match[4] ?? STEP_DECIBELS);
  const decibels = match[3]!.toLowerCase() === "louder" ? size : -size;
  return {
    edits: parts.map((part) => ({ part, decibels })),
    meaning: `${match[1]} by ${size} dB ${decibels < 0 ? "softer" : "louder"}`,
  };
}
