import assert from "node:assert/strict";
import { join } from "@std/path";
import { STARTER_FOLDER } from "../base/base.ts";
import { inFolder } from "../model/checkpoint_testing.ts";
import { parseMidi } from "../midi/midi.ts";
import { renderWav } from "../synthesis/synthesis.ts";
import { BASS_AND_DRUMS, decoded, hasProgram } from "./testing.ts";
import { writePiece } from "./write_files.ts";

Deno.test("writePiece() of a long piece goes through a file, and writes the same bytes", () =>
  inFolder(async (folder) => {
    // Of eleven minutes all but the beginning and the end are silent.
    const { notes, totalTicks } = BASS_AND_DRUMS;
    const later = notes.map((note) => ({
      ...note,
      startTicks: note.startTicks + 629_760,
      endTicks: note.endTicks + 629_760,
    }));
    const sequence = {
      ...BASS_AND_DRUMS,
      notes: [...notes, ...later],
      totalTicks: totalTicks + 629_760,
    };
    const path = join(folder, "long.wav");
    let sawScratch = false;
    await writePiece([path], { sequence }, {
      onProgress: () => {
        sawScratch ||= Array.from(Deno.readDirSync(folder)).length === 1;
      },
    });
    assert(sawScratch);
    assert.equal(Array.from(Deno.readDirSync(folder)).length, 1);
    const whole = await renderWav(sequence);
    const written = await Deno.readFile(path);
    assert.equal(written.length, whole.length);
    assert(written.every((byte, i) => byte === whole[i]));
  }));

Deno.test({
  name: hasProgram("ffmpeg")
    ? "writePiece() writes loops that ffmpeg repeats without a sample between"
    : "writePiece() writes loops: not tried with ffmpeg, which is not installed",
  ignore: !hasProgram("ffmpeg"),
  fn: () =>
    inFolder(async (folder) => {
      for (const ending of ["wav", "flac"]) {
        const path = join(folder, `loop.${ending}`);
        await writePiece([path], { sequence: BASS_AND_DRUMS, isLoop: true });
        const once = await decoded(path);
        const twice = await decoded(path, "-stream_loop", "1");
        assert.equal(once.length, 2 * 4 * 44100);
        assert.equal(twice.length, 2 * once.length);
        assert(twice.every((value, i) => value === once[i % once.length]));
      }
    }),
});

Deno.test({
  name: hasProgram("mscore3")
    ? "writePiece() writes scores that MuseScore takes without a complaint"
    : "writePiece() writes scores: not tried with MuseScore 3, which is not installed",
  ignore: !hasProgram("mscore3"),
  fn: () =>
    inFolder(async (folder) => {
      for (const file of ["002-major-6-8-b.mid", "012-major-4-4-c.mid"]) {
        const bytes = await Deno.readFile(join(STARTER_FOLDER, file));
        const path = join(folder, `${file}.mxl`);
        await writePiece([path], { sequence: parseMidi(bytes), title: file });
        const { success, stderr } = await new Deno.Command("mscore3", {
          args: ["-o", join(folder, "out.mscx"), path],
          env: { QT_QPA_PLATFORM: "offscreen" },
          stdout: "null",
          stderr: "piped",
        }).output();
        const said = new TextDecoder().decode(stderr);
        assert(success, said);
        assert.doesNotMatch(said, /not a valid|rror/);
      }
    }),
});
