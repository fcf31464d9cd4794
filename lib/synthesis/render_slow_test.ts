import assert from "node:assert/strict";
import { join } from "@std/path";
import { parseMidi } from "../midi/midi.ts";
import { ticksToSeconds } from "../music/music.ts";
import { PROJECT_FOLDER } from "../base/base.ts";
import { renderWav } from "./render.ts";
import { integratedLoudness, levelDb, peakOf, readWav } from "./testing.ts";

const STARTER = join(PROJECT_FOLDER, "data", "starter");

for (
  const file of [
    "001-major-4-4-g-flat.mid",
    "012-major-4-4-c.mid",
    "021-minor-4-4-e.mid",
  ]
) {
  Deno.test(`renderWav() of ${file} is right in length and loudness, and never silent`, async () => {
    const bytes = await Deno.readFile(join(STARTER, file));
    const music = parseMidi(bytes, file);
    const audio = readWav(await renderWav(music));
    const seconds = ticksToSeconds(music, music.totalTicks);
    assert.equal(audio.left.length, Math.round((seconds + 2) * 44100));
    const lufs = integratedLoudness(audio);
    assert(lufs > -16 && lufs < -14, `${lufs} LUFS`);
    assert(peakOf(audio) < 1);
    for (const { startTicks, endTicks } of music.notes) {
      const start = ticksToSeconds(music, startTicks);
      const end = Math.max(start + 0.2, ticksToSeconds(music, endTicks));
      assert(levelDb(audio, start, end) > -55, `silent at ${start} s`);
    }
  });
}
