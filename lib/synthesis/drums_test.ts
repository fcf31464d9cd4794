import assert from "node:assert/strict";
import { drumOf } from "./drums.ts";

Deno.test("drumOf() gives the drums of a kit, and a drum for every other key", () => {
  const names = [35, 36, 38, 42, 46, 51, 49, 41, 70].map((key) =>
    drumOf(key).name
  );
  assert.deepEqual(names, [
    "Kick",
    "Kick",
    "Brushed snare",
    "Closed hi-hat",
    "Open hi-hat",
    "Ride",
    "Cymbal swell",
    "Tom",
    "Shaker",
  ]);
  assert.equal(drumOf(0).name, "Side stick");
});
