import assert from "node:assert/strict";
import { join } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";
import { preprocess } from "./preprocess.ts";
import { loadCorpus } from "./folder.ts";

/** Small inputs that real people's files resemble; they are not in the project. */
const CASES = join(PROJECT_FOLDER, "..", "shared", "cases");
const isHere = await Deno.stat(CASES).then(() => true, () => false);

/** What should come out of a file: notes, what is told, notes of drums. */
interface Case {
  readonly notes: number;
  readonly told?: RegExp;
  readonly drums?: number;
}

const TABLE: Readonly<Record<string, Case>> = {
  "01-key-18-flats.mid": { notes: 64, told: /key/ },
  "01b-key-mode-255.mid": { notes: 64, told: /key/ },
  "01c-key-8-sharps.mid": { notes: 64, told: /key/ },
  "02-key-meta-empty.mid": { notes: 64, told: /key/ },
  "02b-timesig-2-bytes.mid": { notes: 64, told: /time signature/ },
  "05-riff-wrapped.mid": { notes: 64 },
  "05b-riff/waltz.rmi": { notes: 64 },
  "05c-macbinary.mid": { notes: 64, told: /before the header/ },
  "06-karaoke/la-la.kar": { notes: 160, drums: 96 },
  "07-gs-drums-channel-11.mid": { notes: 256, drums: 192 },
  "07b-xg-drums-bank-127.mid": { notes: 160, drums: 96 },
  "08-track-length-3-too-long.mid": { notes: 128, told: /track/ },
  "08b-last-track-length-too-long.mid": { notes: 128, told: /track/ },
  "09-header-says-2-of-3-tracks.mid": { notes: 128, told: /tracks/ },
  "10-clock-f8-in-track.mid": { notes: 64, told: /an event is of a kind/ },
  "11-controller-value-144.mid": { notes: 64, told: /127/ },
  "12-meter-13-over-32.mid": { notes: 64 },
  "12c-meter-1-over-64.mid": { notes: 32 },
  "13-half-hour-of-tempi-after-the-music.mid": { notes: 64, told: /after/ },
  "13c-one-hour-of-silence-first.mid": { notes: 64, told: /before/ },
  "14c-one-lost-note-off-in-repeated-notes.mid": { notes: 64 },
  "18b-last-byte-missing.mid": { notes: 128, told: /ends inside a track/ },
  "22-mpe-15-channels.mid": { notes: 64 },
  "25-program-change-each-note.mid": { notes: 32 },
  "26-end-of-track-inside-the-track.mid": { notes: 64, told: /end-of-track/ },
  "27-bass-above-e3.mid": { notes: 112, drums: 48 },
  "27c-drone-of-ten-bars.mid": { notes: 82 },
  "27d-bass-c3-to-c4.mid": { notes: 16 },
};

Deno.test({
  name: isHere
    ? "preprocess() makes of files like real people's what it should"
    : "preprocess(): ../shared/cases is not here, so not read",
  ignore: !isHere,
  fn: async (t) => {
    const outFolder = await Deno.makeTempDir({ prefix: "immersic-" });
    try {
      for (const tokenizer of ["remi", "chord"] as const) {
        const manifest = await preprocess({
          midiFolder: CASES,
          outFolder,
          tokenizer,
          keepDuplicates: true,
        });
        const { pieces, vocabulary } = await loadCorpus(outFolder);
        for (const [file, expected] of Object.entries(TABLE)) {
          const { notes, told, drums = 0 } = expected;
          await t.step(`${tokenizer}: ${file}`, () => {
            const piece = pieces.find((piece) => piece.file === file);
            assert.ok(piece, "is not kept");
            assert.equal(piece.description?.notes, notes);
            const reasons = Object.keys(manifest.repairs).filter((reason) =>
              manifest.repairs[reason]?.some((one) => one.file === file)
            );
            if (told) assert.match(reasons.join("; "), told);
            if (tokenizer === "chord") return;
            const tokens = vocabulary.decode(piece.ids);
            const count = (type: string) =>
              tokens.filter((token) => token.startsWith(type)).length;
            assert.equal(count("Drum_"), drums, "drums");
            assert.equal(count("Pitch_") + count("Drum_"), notes, "notes");
            // No silence, no hundreds of bars: some tokens for each note.
            assert.ok(
              tokens.length < 20 + 6 * notes,
              `${tokens.length} tokens`,
            );
          });
        }
      }
    } finally {
      await Deno.remove(outFolder, { recursive: true });
    }
  },
});
