import { fromFileUrl, join } from "@std/path";
import assert from "node:assert/strict";
import type { NoteSequence } from "../../music/music.ts";
import { parseMidi } from "../../midi/midi.ts";
import { RemiTokenizer } from "./tokenizer.ts";

const tokenizer = new RemiTokenizer();

/** MIDI files of a folder next to this module, none if there is no folder. */
function midiFiles(folder: string): string[] {
  const path = fromFileUrl(new URL(folder, import.meta.url));
  try {
    return [...Deno.readDirSync(path)].map(({ name }) => join(path, name))
      .filter((file) => file.endsWith(".mid")).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/**
 * Start, instrument and pitch of every note on the grid, computed independently
 * of `quantize()`.
 */
function onsets(piece: NoteSequence, stepsPerQuarter: number): string[] {
  const places = piece.notes.map(({ startTicks, pitch, part }) => {
    const { program, isDrum } = piece.parts[part]!;
    const quarters = startTicks / piece.ticksPerQuarter;
    const step = Math.round(quarters * stepsPerQuarter);
    return `${step} ${isDrum ? "kit" : "program"} ${program} ${pitch}`;
  });
  return [...new Set(places)].sort();
}

for (
  const folder of [
    "../../../data/starter",
    "../../../../shared/data/lofi-samples",
  ]
) {
  const files = midiFiles(folder);
  Deno.test({
    name: `RemiTokenizer keeps the notes, tempi and meters of ${folder}` +
      (files.length === 0 ? ": skipped, the folder is not here" : ""),
    ignore: files.length === 0,
    fn() {
      for (const file of files) {
        const original = parseMidi(Deno.readFileSync(file), file);
        if (original.notes.length === 0) continue;
        const tokens = tokenizer.encode(original);
        const decoded = tokenizer.decode(tokens);
        assert.deepEqual(decoded, tokenizer.quantize(original), file);
        assert.deepEqual(onsets(decoded, 12), onsets(original, 12), file);
        assert.deepEqual(
          decoded.tempos.map((tempo) => tempo.qpm),
          original.tempos.map((tempo) => Math.round(tempo.qpm)),
          file,
        );
        assert.deepEqual(
          decoded.timeSignatures,
          original.timeSignatures,
          file,
        );
      }
    },
  });
}
