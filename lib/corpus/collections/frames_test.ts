import assert from "node:assert/strict";
import { readFrames } from "./frames.ts";

const bytes = (content: unknown) =>
  new TextEncoder().encode(JSON.stringify(content));

Deno.test("readFrames() takes the length of a frame from the file's name", () => {
  const content = bytes({ train: [[[60], [60], [62]]] });
  const lengths: [string, number[]][] = [
    ["jsb-chorales-quarter.json", [960, 480]],
    ["data/jsb-chorales-8th.json", [480, 240]],
    ["Jsb16thSeparated.json", [240, 120]],
    ["Nottingham.json", [480, 240]],
  ];
  for (const [path, ticks] of lengths) {
    const [piece] = readFrames(path, content);
    assert.deepEqual(
      piece?.sequence.notes.map((note) => note.endTicks - note.startTicks),
      ticks,
      path,
    );
  }
});

Deno.test("readFrames() passes by other JSON, and refuses impossible pitches", () => {
  for (const content of [{}, [], 3, null, { train: 3 }, { train: [{}] }]) {
    assert.deepEqual(readFrames("a.json", bytes(content)), []);
  }
  assert.throws(
    () => readFrames("a.json", bytes({ test: [[[60], [128]]] })),
    {
      message:
        "Cannot read test/1: pitches must be 0 to 127, current value is 128.",
    },
  );
});

Deno.test("readFrames() numbers pieces so that they sort", () => {
  const content = bytes({ train: Array(10).fill([[60]]), validation: [[[1]]] });
  const names = readFrames("a.json", content).map(({ name }) => name);
  assert.equal(names[0], "train/01");
  assert.deepEqual(names, names.toSorted());
  assert.equal(names.at(-1), "validation/1");
});
