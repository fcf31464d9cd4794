/**
 * What reading makes of the small files beside the checkout that resemble those of
 * real people; their README says what each is.
 */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { readMidi } from "./read.ts";

const CASES = new URL("../../../shared/cases/", import.meta.url).pathname;
const MISSING = existsSync(CASES)
  ? ""
  : " (skipped: ../shared/cases is not there)";

/** Name, notes, drums among them, and a word of the repair, "" for none. */
const ROWS: [string, number, number, string][] = [
  ["01-key-18-flats.mid", 64, 0, "key signature is impossible"],
  ["01b-key-mode-255.mid", 64, 0, "key signature is impossible"],
  ["01c-key-8-sharps.mid", 64, 0, "key signature is impossible"],
  ["02-key-meta-empty.mid", 64, 0, "key signature is of the wrong length"],
  ["02b-timesig-2-bytes.mid", 64, 0, "time signature is of the wrong length"],
  ["05-riff-wrapped.mid", 64, 0, ""],
  ["05b-riff/waltz.rmi", 64, 0, ""],
  ["05c-macbinary.mid", 64, 0, "bytes come before the header"],
  ["06-karaoke/la-la.kar", 160, 96, ""],
  ["07-gs-drums-channel-11.mid", 256, 192, ""],
  ["07b-xg-drums-bank-127.mid", 160, 96, ""],
  ["08-track-length-3-too-long.mid", 128, 0, "length of a track is wrong"],
  ["08b-last-track-length-too-long.mid", 128, 0, "length of a track is wrong"],
  ["09-header-says-2-of-3-tracks.mid", 128, 0, "more tracks than announced"],
  ["10-clock-f8-in-track.mid", 64, 0, "of a kind that files cannot have"],
  ["11-controller-value-144.mid", 64, 0, "data byte is above 127"],
  ["12-meter-13-over-32.mid", 64, 0, ""],
  ["12c-meter-1-over-64.mid", 32, 0, ""],
  ["13-half-hour-of-tempi-after-the-music.mid", 64, 0, ""],
  ["13c-one-hour-of-silence-first.mid", 64, 0, ""],
  ["14c-one-lost-note-off-in-repeated-notes.mid", 64, 0, "no note-off"],
  ["18b-last-byte-missing.mid", 128, 0, "file ends inside a track"],
  ["22-mpe-15-channels.mid", 64, 0, ""],
  ["25-program-change-each-note.mid", 32, 0, ""],
  ["26-end-of-track-inside-the-track.mid", 64, 0, "end-of-track event"],
  ["27-bass-above-e3.mid", 112, 48, ""],
  ["27c-drone-of-ten-bars.mid", 82, 0, ""],
  ["27d-bass-c3-to-c4.mid", 16, 0, ""],
];

Deno.test({
  name: `readMidi() reads other people's small files as players do${MISSING}`,
  ignore: MISSING !== "",
  fn: () => {
    for (const [file, noteCount, drumCount, repair] of ROWS) {
      const { sequence, repairs } = readMidi(readFileSync(CASES + file));
      const { notes, parts } = sequence;
      const drums = notes.filter(({ part }) => parts[part]!.isDrum);
      assert.deepEqual(
        [notes.length, drums.length],
        [noteCount, drumCount],
        file,
      );
      assert.equal(repairs.length, repair === "" ? 0 : 1, file);
      assert.ok((repairs[0]?.reason ?? "").includes(repair), file);
    }
  },
});

Deno.test({
  name:
    "readMidi() ends every note of ../shared/cases in time but the lost one",
  ignore: !existsSync(CASES),
  fn: () => {
    const [file] = ROWS.find(([name]) => name.startsWith("14c"))!;
    const { notes } = readMidi(readFileSync(CASES + file)).sequence;
    // Repeated notes of one length: only the one without a note-off is longer.
    const lengths = notes.filter(({ pitch }) => pitch === 62)
      .map(({ startTicks, endTicks }) => endTicks - startTicks);
    assert.deepEqual(lengths.filter((length) => length !== 200), [240]);
  },
});
