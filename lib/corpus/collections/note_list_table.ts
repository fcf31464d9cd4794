/**
 * Tables of pieces as lists of notes, as the Kaggle set "Jazz ML ready MIDI" has
 * them: `Jazz-midi.csv` with the columns index, Name, Notes, Len_Sequence,
 * Unique_notes and len_Uni_Notes. Notes is a Python list of what music21 prints:
 * "E-5" for a note, "4.7.11" for a chord. Rhythms are in none.
 */

import type { NoteSequence, Repair } from "../../music/music.ts";
import { decodeChords } from "../../tokens/chord/chord.ts";
import type { Refusal } from "../midi_files.ts";
import { pieceNameIn } from "./piece_names.ts";
import { columnsOf, rowsOf } from "./table.ts";

/** A piece of a table; in order of name. */
export interface ListedPiece {
  /** Its name, without `.mid`. */
  readonly name: string;
  /** Its notes, in a slow rhythm. */
  readonly sequence?: NoteSequence;
  /** Why it has none. */
  readonly refusal?: Refusal;
  /** What was wrong. */
  readonly repairs: readonly Repair[];
}

const NOTE = /^[A-G](?:#{1,2}|-{1,2})?\d$/;
const CHORD = /^(?:1?\d)(?:\.1?\d)*$/;

/** Whether a table is one of note lists. */
export function isNoteListTable(bytes: Uint8Array): boolean {
  const columns = columnsOf(bytes);
  return columns.includes("name") && columns.includes("notes");
}

/**
 * Reads a table.
 *
 * @throws {ContentError} If it is none.
 */
export function readNoteListTable(bytes: Uint8Array): ListedPiece[] {
  const names = new Map<string, number>();
  return rowsOf(bytes).map((row, i) => {
    const given = pieceNameIn(row["name"] ?? "") || `row ${i + 1}`;
    const earlier = names.get(given) ?? 0;
    names.set(given, earlier + 1);
    const name = earlier > 0 ? `${given} (${earlier + 1})` : given;
    const cell = row["notes"] ?? "", said = wordsOf(cell);
    const notes = said.filter((word) =>
      NOTE.test(word) || CHORD.test(word) && isChord(word)
    );
    const repairs: Repair[] = [];
    const repair = (reason: string, count: number) => {
      if (count > 0) repairs.push({ reason, count });
    };
    repair("words of a note list are no notes", said.length - notes.length);
    repair("a note list is cut off", cell && !/\]\s*$/.test(cell) ? 1 : 0);
    if (notes.length === 0) {
      const message = `The list of ${name} has no notes.`;
      return { name, refusal: { reason: "no notes", message }, repairs };
    }
    repair("a note list has no rhythm: every note is as long", 1);
    return { name, sequence: decodeChords(notes), repairs };
  }).sort((a, b) => a.name < b.name ? -1 : 1);
}

/** The strings of a Python list, as far as they are whole. */
function wordsOf(cell: string): string[] {
  return Array.from(
    cell.matchAll(/'([^']*)'|"([^"]*)"/g),
    ([, single, double]) => (single ?? double ?? "").trim(),
  );
}

function isChord(word: string): boolean {
  return word.split(".").every((pitchClass) => Number(pitchClass) < 12);
}
