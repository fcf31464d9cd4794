/**
 * Pieces as frames: the pitches that sound in each step of time, as the JSB
 * chorales and the Nottingham tunes are passed on (N. Boulanger-Lewandowski,
 * Y. Bengio, P. Vincent, Modeling Temporal Dependencies in High-Dimensional
 * Sequences, 2012), in JSON.
 */

import {
  emptySequence,
  type Note,
  type NoteSequence,
} from "../../music/music.ts";
import type { Split } from "../splits.ts";
import { ContentError } from "./table.ts";

const TICKS_PER_QUARTER = 480, VELOCITY = 80;

/** The splits of a file, by the names that they have in it. */
const SPLITS = [
  ["test", "test"],
  ["train", "train"],
  ["valid", "valid"],
  ["validation", "valid"],
] as const satisfies readonly (readonly [string, Split])[];

/** A piece of a file. */
export interface FramesPiece {
  /** Its split and number in it, as "train/12". */
  readonly name: string;
  /** Its music. */
  readonly sequence: NoteSequence;
  /** Its split. */
  readonly split: Split;
}

/** Pitches of a frame; −1 is a voice that rests. */
type Frames = readonly (readonly number[])[];

/**
 * Reads a file of frames.
 *
 * @param path Says the length of a frame: a quarter note, or what "8th" and "16th"
 * in its name say; an eighth note in a file of the Nottingham tunes.
 * @returns None if it is JSON of another kind.
 * @throws {ContentError} If it has splits but is no whole JSON, or a pitch is none.
 */
export function readFrames(path: string, bytes: Uint8Array): FramesPiece[] {
  const frameTicks = TICKS_PER_QUARTER / stepsPerQuarter(path);
  const content = contentOf(bytes);
  return SPLITS.flatMap(([key, split]) => {
    const pieces = content[key];
    if (!Array.isArray(pieces) || !isFrames(pieces[0])) return [];
    const digits = `${pieces.length}`.length;
    return pieces.map((frames, i) => {
      const name = `${key}/${`${i + 1}`.padStart(digits, "0")}`;
      return { name, split, sequence: sequenceOf(frames, frameTicks, name) };
    });
  });
}

function contentOf(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const text = new TextDecoder().decode(bytes);
  if (!/"(?:train|valid|validation|test)"\s*:/.test(text)) return {};
  try {
    const content = JSON.parse(text);
    return typeof content === "object" && content !== null ? content : {};
  } catch (error) {
    throw new ContentError(
      "the JSON cannot be read",
      `Cannot read the JSON: ${
        error instanceof Error ? error.message : error
      }. Was the download cut short?`,
    );
  }
}

function isFrames(piece: unknown): piece is Frames {
  return Array.isArray(piece) && Array.isArray(piece[0]) &&
    piece[0].every((pitch) => typeof pitch === "number");
}

function stepsPerQuarter(path: string): number {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (name.includes("16th")) return 4;
  return name.includes("8th") || name.includes("nottingham") ? 2 : 1;
}

/** A pitch that goes on from frame to frame is one note. */
function sequenceOf(
  frames: Frames,
  frameTicks: number,
  name: string,
): NoteSequence {
  const notes: Note[] = [];
  const open = new Map<number, number>();
  const end = (pitch: number, startTicks: number, endTicks: number) =>
    notes.push({ pitch, velocity: VELOCITY, startTicks, endTicks, part: 0 });
  frames.forEach((frame, t) => {
    const ticks = t * frameTicks;
    for (const [pitch, start] of open) {
      if (frame.includes(pitch)) continue;
      end(pitch, start, ticks);
      open.delete(pitch);
    }
    for (const pitch of frame) {
      if (pitch === -1) continue;
      if (!Number.isInteger(pitch) || pitch < 0 || pitch > 127) {
        throw new ContentError(
          "a frame has a pitch that is none",
          `Cannot read ${name}: pitches must be 0 to 127, current value is ${pitch}.`,
        );
      }
      if (!open.has(pitch)) open.set(pitch, ticks);
    }
  });
  const totalTicks = frames.length * frameTicks;
  for (const [pitch, start] of open) end(pitch, start, totalTicks);
  notes.sort((a, b) => a.startTicks - b.startTicks || a.pitch - b.pitch);
  return {
    ...emptySequence(TICKS_PER_QUARTER),
    parts: [{ name: "", program: 0, isDrum: false }],
    notes,
    totalTicks,
  };
}
