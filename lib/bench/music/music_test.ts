import assert from "node:assert/strict";
import { run } from "../../commands/testing.ts";
import { benchMusic } from "./music.ts";
import { musicSources } from "./sources.ts";
import { withScales } from "./testing.ts";

Deno.test("benchMusic() refuses too few pieces before anything is trained", () =>
  withScales(async (midi, empty) => {
    await assert.rejects(benchMusic({ midi, pieces: 9 }, () => {}), {
      name: "RangeError",
      message: /at least 10 pieces are needed.*current value is 9/,
    });
    for (let i = 10; i < 30; i++) await Deno.remove(`${midi}/${i}.mid`);
    await assert.rejects(benchMusic({ midi }, () => {}), {
      name: "RangeError",
      message: /at least 10 training pieces.*current numbers are 8 and 1/,
    });
    await assert.rejects(
      benchMusic({ midi: empty }, () => {}),
      /there is no .* file in it/,
    );
  }));

Deno.test("bench tells which benchmarks an option is for", async () => {
  const { status, err } = await run("bench", "jsb", "--midi", "some");
  assert.equal(status, 2);
  assert.match(err, /--midi: that is for midi and music/);
});

Deno.test("musicSources() has the corpora that are there, and a sentence for each other", async () => {
  const { sources, missing } = await musicSources();
  assert.equal(sources.length + missing.length, 4);
  assert.equal(sources[0]!.name, "starter");
  for (const sentence of missing) assert.match(sentence, /is not there\./);
  const own = await musicSources("/music/my songs.zip");
  assert.deepEqual(own.sources, [
    { name: "my songs", path: "/music/my songs.zip" },
  ]);
});
