import { basename, fromFileUrl, join } from "@std/path";
import assert from "node:assert/strict";
import { cutSilence, type NoteSequence } from "../../music/music.ts";
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

/**
 * Files like those of real people, by the start of their names: what is told of
 * them, at most how many tokens, and the bars.
 */
const CASES = [
  {
    name: "12-",
    shows: "bars of 13/32",
    told: ["bars that are not a whole number of steps long were rounded"],
    meters: ["13/32"],
  },
  {
    name: "12c-",
    shows: "bars of 1/64",
    told: ["bars that are not a whole number of steps long were rounded"],
    meters: ["1/64"],
  },
  {
    name: "13-",
    shows: "half an hour of tempi after the music",
    told: ["bars of silence after the last note were cut"],
    tokens: 320,
  },
  {
    name: "13c-",
    shows: "an hour of silence before the music",
    told: ["bars of silence before the first note were cut"],
    tokens: 320,
  },
  { name: "27c-", shows: "a drone of ten bars", told: [], drone: 40 },
];

for (const one of CASES) {
  const file = midiFiles("../../../../shared/cases")
    .find((file) => basename(file).startsWith(one.name));
  Deno.test({
    name: `RemiTokenizer takes ${one.shows}` +
      (file === undefined ? ": skipped, ../shared/cases is not here" : ""),
    ignore: file === undefined,
    fn() {
      if (file === undefined) return;
      const { sequence, cuts } = cutSilence(
        parseMidi(Deno.readFileSync(file), file),
      );
      const tokens = tokenizer.encode(sequence);
      const decoded = tokenizer.decode(tokens);
      assert.deepEqual(decoded, tokenizer.quantize(sequence));
      assert.equal(decoded.notes.length, sequence.notes.length);
      assert.deepEqual(
        [...cuts, ...tokenizer.repairs(sequence)].map(({ reason }) => reason),
        one.told,
      );
      assert(tokens.length <= (one.tokens ?? Infinity), `${tokens.length}`);
      for (const meter of one.meters ?? []) {
        assert(tokens.includes(`TimeSignature_${meter}`));
      }
      const longest = decoded.notes.map((note) =>
        (note.endTicks - note.startTicks) / 12
      ).reduce((a, b) => Math.max(a, b));
      if (one.drone !== undefined) assert.equal(longest, one.drone);
    },
  });
}
