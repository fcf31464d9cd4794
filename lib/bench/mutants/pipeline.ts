/**
 * The way of a file through the project: read, silence cut, tokens of both kinds,
 * what is told of it, written and read again. It must end in music or in an error that
 * says what is wrong with the file.
 */

import { LimitError } from "../../base/base.ts";
import { MidiError, readMidi, writeMidi } from "../../midi/midi.ts";
import {
  attributesOf,
  cutSilence,
  describePiece,
  type NoteSequence,
} from "../../music/music.ts";
import { ChordTokenizer } from "../../tokens/chord/chord.ts";
import { RemiTokenizer } from "../../tokens/remi/remi.ts";
import { Timer } from "../timer.ts";

/** How the file ended up. */
export interface Outcome {
  /** Whether it was read. */
  readonly accepted: boolean;
  /** Named refusals, as "stage: reason". */
  readonly refusals: readonly string[];
  /** What must not happen, as "stage: what". */
  readonly faults: readonly string[];
  /** Milliseconds of each stage. */
  readonly milliseconds: Readonly<Record<string, number>>;
}

const remi = new RemiTokenizer();
const chord = new ChordTokenizer();

/** Sends a file through the project. */
export function runPipeline(bytes: Uint8Array): Outcome {
  const refusals: string[] = [], faults: string[] = [];
  const milliseconds: Record<string, number> = {};
  const stage = <T>(name: string, work: () => T): T | undefined => {
    const timer = new Timer();
    try {
      return work();
    } catch (error) {
      if (error instanceof MidiError || error instanceof LimitError) {
        refusals.push(`${name}: ${error.reason}`);
      } else faults.push(`${name}: ${describe(error)}`);
      return undefined;
    } finally {
      milliseconds[name] = timer.milliseconds;
    }
  };
  const reading = stage("read", () => readMidi(bytes));
  stage("chord", () => void chord.encodeFile(bytes));
  if (reading) {
    const { sequence } = reading;
    const cut = stage("cut silence", () => cutSilence(sequence).sequence);
    if (cut) {
      stage("remi", () => void remi.encode(cut));
      stage("attributes", () => void attributesOf(cut));
      stage("description", () => void describePiece(cut));
      if (cut.notes.length !== sequence.notes.length) {
        faults.push("cut silence: the number of notes differs");
      }
    }
    const written = stage("write", () => writeMidi(sequence));
    const again = written && stage("read again", () => readMidi(written));
    if (again) {
      const difference = differenceOf(sequence, again.sequence);
      if (difference) faults.push(`written and read: ${difference} differ`);
      for (const { reason } of again.repairs) {
        faults.push(`written and read: repaired, ${reason}`);
      }
    } else {
      faults.push("write: accepted, and cannot be written and read");
    }
  }
  return { accepted: reading !== undefined, refusals, faults, milliseconds };
}

/** An error by its class and its words without numbers, so that like ones count together. */
function describe(error: unknown): string {
  const { name, message } = error instanceof Error
    ? error
    : new Error(String(error));
  return `${name}: ${message.replaceAll(/\d+(?:\.\d+)?/g, "#").slice(0, 160)}`;
}

/** The first field in which a piece differs from itself written and read. */
function differenceOf(
  before: NoteSequence,
  after: NoteSequence,
): string | undefined {
  const fields = Object.keys(before) as (keyof NoteSequence)[];
  return fields.find((field) => textOf(before, field) !== textOf(after, field));
}

/** A field as text; the number of a part's track is the writer's own. */
function textOf(sequence: NoteSequence, field: keyof NoteSequence): string {
  if (field !== "parts") return JSON.stringify(sequence[field]);
  return JSON.stringify(
    sequence.parts.map((
      { name, program, bank, isDrum, channel },
    ) => [name, program, bank ?? 0, isDrum, channel]),
  );
}
