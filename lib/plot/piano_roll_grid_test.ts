import assert from "node:assert/strict";
import { emptySequence } from "../music/music.ts";
import { pianoRollGrid } from "./piano_roll_grid.ts";
import { bar, notePaths } from "./testing.ts";

const keys = { name: "", program: 4, isDrum: false };

Deno.test("pianoRollGrid() shows every piece on one pitch scale", () => {
  const low = bar([keys], [48, 127, 0, 1920, 0]);
  const high = bar([keys], [84, 127, 0, 1920, 0]);
  const { svg, alt } = pianoRollGrid([
    { title: "low", sequence: low },
    { title: "high", sequence: high },
  ], { columnTitles: ["Training", "Generated"], rollHeight: 78 });
  const rows = notePaths(svg).map(([, , d]) => /M[\d.]+,([\d.]+)/.exec(d)![1]);
  // 39 rows of 2 pixels, the pitches 36 rows apart.
  assert.deepEqual(rows, ["81", "9"]);
  assert.match(svg, />Training<.*>Generated</);
  assert.match(alt, /2 piano rolls: low, 1 bar, .*; high, 1 bar/);
});

Deno.test("pianoRollGrid() refuses an empty list and odd columns", () => {
  assert.throws(() => pianoRollGrid([]), { name: "RangeError" });
  const items = [{ title: "a", sequence: emptySequence(480) }];
  assert.throws(() => pianoRollGrid(items, { columns: 1.5 }), {
    name: "RangeError",
    message: /columns must be a positive integer, current value is 1.5/,
  });
});
