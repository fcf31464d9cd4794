import assert from "node:assert/strict";
import { type Value, valuesOf } from "./score_rhythm.ts";

/** Lengths of stretches of a bar to their values, such as "quarter. 3:eighth". */
function written(...lengths: number[]): string {
  let start = 0;
  const stretches = lengths.map((length) => ({
    start,
    end: start += length,
  }));
  const show = ({ name, dots, isTriplet, beginsGroup, endsGroup }: Value) =>
    `${beginsGroup ? "[" : ""}${isTriplet ? "3:" : ""}${name}${
      ".".repeat(dots)
    }${endsGroup ? "]" : ""}`;
  return valuesOf(stretches).map((values) => values.map(show).join("+"))
    .join(" ");
}

Deno.test("valuesOf() writes values, dots and ties", () => {
  const table: [number[], string][] = [
    [[192], "whole"],
    [[48, 96, 48], "quarter half quarter"],
    [[72, 120], "quarter. eighth+half"],
    [[24, 48, 120], "eighth quarter eighth+half"],
    [[12, 12, 36, 132], "16th 16th eighth. 16th+eighth+half"],
    [[6, 186], "32nd 32nd+16th+eighth+half."],
    [[72, 72], "quarter. quarter."],
  ];
  for (const [lengths, values] of table) {
    assert.equal(written(...lengths), values);
  }
});

Deno.test("valuesOf() writes a quarter note off the straight grid in triplets", () => {
  const table: [number[], string][] = [
    [[16, 16, 16, 144], "[3:eighth 3:eighth 3:eighth] half."],
    [[32, 16, 96], "[3:quarter 3:eighth] half"],
    [[48, 8, 40, 48], "quarter [3:16th 3:quarter+3:16th] quarter"],
    [[32, 32, 128], "[3:quarter 3:eighth]+[3:eighth 3:quarter]+half"],
  ];
  for (const [lengths, values] of table) {
    assert.equal(written(...lengths), values);
  }
});

Deno.test("valuesOf() adds up to the stretches, wherever on the grid they begin", () => {
  for (const unit of [3, 4]) {
    for (let start = unit; start < 144; start += unit) {
      for (let end = start + unit; end < 192; end += unit) {
        const stretches = [[0, start], [start, end], [end, 192]].map(
          ([start = 0, end = 0]) => ({ start, end }),
        );
        const lengths = valuesOf(stretches).map((values) =>
          values.reduce((sum, { length }) => sum + length, 0)
        );
        assert.deepEqual(lengths, [start, end - start, 192 - end]);
      }
    }
  }
});
