/** The pieces of a folder or archive, each as a MIDI file, whatever its files are. */

import { catalogueOf } from "./collections/catalogue.ts";
import { piecesOf } from "./collections/entry.ts";
import { pieceNameIn } from "./collections/piece_names.ts";
import { ContentError } from "./collections/table.ts";
import { LimitError } from "../base/base.ts";
import { MidiError } from "../midi/midi.ts";
import { MIDI_NAME, type Refusal } from "./midi_files.ts";
import type { MidiSource, SourceFile } from "./midi_source.ts";

/**
 * Gives the pieces of a source: those in scores and tables as MIDI files, and what
 * the tables of its collection say of each.
 *
 * @param keepsDuplicates Whether all files of a song or performance are used.
 */
export async function collectionSource(
  source: MidiSource,
  keepsDuplicates: boolean,
): Promise<MidiSource> {
  const { names } = source;
  const { notes, tables, refusals } = await catalogueOf(
    names,
    (wanted) => source.files(wanted),
  );
  // Made when a table asks for it: of many files it takes much memory.
  let others: ReadonlyMap<string, string> | undefined;
  const otherOf = (piece: string) => {
    others ??= new Map(
      names.filter((name) => MIDI_NAME.test(name))
        .map((name) => [pieceNameIn(name), name]),
    );
    return others.get(piece);
  };
  /** The pieces of a file that was opened. */
  function* piecesIn(file: string, content: Uint8Array): Generator<SourceFile> {
    const note = notes.get(file), kit = note?.kit;
    try {
      const pieces = piecesOf(file, content, { note, otherOf });
      for (const { name, bytes, refusal, sameAs, ...origin } of pieces) {
        yield {
          ...origin,
          file: name === "" ? file : `${file}#${name}`,
          ...kit && { kit },
          ...sameAs !== undefined && !keepsDuplicates && { sameAs },
          read: () => Promise.resolve(refusal ?? bytes),
        };
      }
    } catch (error) {
      yield refused(file, refusalOf(error));
    }
  }
  return {
    names,
    async *files(wanted) {
      for (const [file, refusal] of refusals) {
        if (wanted.has(file)) yield refused(file, refusal);
      }
      const music = {
        has: (file: string) => wanted.has(file) && !tables.has(file),
      };
      for await (const { file, read } of source.files(music)) {
        const { sameAs, split, kit } = notes.get(file) ?? {};
        const isPlain = MIDI_NAME.test(file) && kit === undefined;
        if (sameAs !== undefined && !keepsDuplicates) {
          yield { file, sameAs, read };
        } else if (isPlain) {
          yield { file, read, ...split && { split } };
        } else {
          const content = await read();
          if ("reason" in content) yield refused(file, content);
          else yield* piecesIn(file, content);
        }
      }
    },
  };
}

function refused(file: string, refusal: Refusal): SourceFile {
  return { file, read: () => Promise.resolve(refusal) };
}

/** @throws What is no fault of the file. */
function refusalOf(error: unknown): Refusal {
  if (
    error instanceof ContentError || error instanceof MidiError ||
    error instanceof LimitError
  ) {
    const { reason, message } = error;
    return { reason, message };
  }
  throw error;
}
