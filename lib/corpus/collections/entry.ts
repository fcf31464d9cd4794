/**
 * The files of a collection, each turned into the pieces that it holds, as MIDI
 * files: so that everything after it has to know one format.
 */

import { writeMidi } from "../../midi/midi.ts";
import type { Repair } from "../../music/music.ts";
import { MIDI_NAME, type Refusal } from "../midi_files.ts";
import type { Split } from "../splits.ts";
import { isEventTable, readEventTable } from "./event_table.ts";
import { readFrames } from "./frames.ts";
import type { MeterText } from "./meter_text.ts";
import { isNoteListTable, readNoteListTable } from "./note_list_table.ts";
import { readScore, SCORE_NAME } from "./score.ts";
import { fromTd11 } from "./td11.ts";

/** What the tables of a collection say of a file. */
export interface EntryNote {
  /** The file that holds the same song or performance, and is used for it. */
  readonly sameAs?: string;
  /** The collection's own split. */
  readonly split?: Split;
  /** The electronic kit that it was played on. */
  readonly kit?: "TD-11";
  /** The meter that a table gives. */
  readonly meter?: MeterText;
}

/** A piece that a file holds. */
export interface EntryPiece {
  /** Which piece of the file it is; "" where the file is the piece. */
  readonly name: string;
  /** A MIDI file; empty where the piece is refused. */
  readonly bytes: Uint8Array;
  /** Why it cannot be used. */
  readonly refusal?: Refusal;
  /** The collection's own split. */
  readonly split?: Split;
  /** The file of the collection that holds the same piece, and is used for it. */
  readonly sameAs?: string;
  /** What was put right to make the MIDI file of it. */
  readonly repairs?: readonly Repair[];
}

/** Options of {@linkcode piecesOf}. */
export interface EntryOptions {
  /** What tables say of the file. @default nothing */
  readonly note?: EntryNote | undefined;
  /**
   * The file of the collection with the piece of a name, see `pieceNameIn`.
   * @default none
   */
  readonly otherOf?: (name: string) => string | undefined;
}

/**
 * The pieces of a file: one of a MIDI file, a score or a table of events, many of
 * a table of note lists or of frames, none of a file without music.
 *
 * @param path Its path.
 * @throws {ContentError} If it cannot be read.
 * @throws {MidiError} If it is a MIDI file to be changed, and no such file.
 */
export function* piecesOf(
  path: string,
  bytes: Uint8Array,
  { note = {}, otherOf }: EntryOptions = {},
): Generator<EntryPiece> {
  const { split } = note;
  const shared = { name: "", ...split && { split } };
  if (MIDI_NAME.test(path)) {
    yield {
      ...shared,
      ...note.kit ? fromTd11(bytes, note.meter) : { bytes },
    };
  } else if (SCORE_NAME.test(path)) {
    const midi = readScore(path, bytes);
    if (midi) yield { ...shared, bytes: midi };
  } else if (/\.json$/i.test(path)) {
    for (const { sequence, ...piece } of readFrames(path, bytes)) {
      yield { ...piece, bytes: writeMidi(sequence) };
    }
  } else if (isEventTable(bytes)) {
    yield { ...shared, ...readEventTable(bytes) };
  } else if (isNoteListTable(bytes)) {
    for (const { name, sequence, ...told } of readNoteListTable(bytes)) {
      const sameAs = otherOf?.(name);
      yield {
        name,
        ...told,
        bytes: sequence ? writeMidi(sequence) : new Uint8Array(),
        ...sameAs !== undefined && { sameAs },
      };
    }
  }
}
