import assert from "node:assert/strict";
import { emptySequence } from "../music/music.ts";
import { pianoRoll } from "./piano_roll.ts";
import { roleColours } from "./roles.ts";
import { bar, notePaths } from "./testing.ts";

const keys = { name: "", program: 4, isDrum: false };
const bass = { name: "", program: 33, isDrum: false };
const drums = { name: "", program: 0, isDrum: true };

Deno.test("pianoRoll() draws each note at its time, pitch and length", () => {
  // Rows 59 to 73, 10 pixels each; 192 pixels a bar, 48 a quarter.
  const sequence = bar([keys], [60, 127, 0, 960, 0], [72, 127, 960, 1440, 0], [
    60,
    127,
    1440,
    1920,
    0,
  ]);
  const { svg } = pianoRoll(sequence, { width: 256, height: 150 });
  assert.deepEqual(notePaths(svg), [
    [roleColours.Keys, 1, "M48,141h95.5m48.5,0h47.5M144,21h47.5"],
  ]);
});

Deno.test("pianoRoll() draws louder notes stronger", () => {
  const sequence = bar([keys], [60, 10, 0, 480, 0], [60, 64, 480, 960, 0], [
    60,
    127,
    960,
    1440,
    0,
  ]);
  const opacities = notePaths(pianoRoll(sequence).svg).map(([, opacity]) =>
    opacity
  );
  assert.deepEqual(opacities, [0.4, 0.7, 1]);
});

Deno.test("pianoRoll() puts drums into a lane of their own", () => {
  const sequence = bar([keys, drums], [36, 100, 0, 480, 0], [
    38,
    100,
    0,
    120,
    1,
  ], [
    36,
    100,
    480,
    600,
    1,
  ]);
  // Fifteen pitches, two drums and two empty rows, 10 pixels each.
  const { svg } = pianoRoll(sequence, { height: 190 });
  const y = (colour: string) =>
    notePaths(svg).filter(([c]) => c === colour)
      .flatMap(([, , d]) => [...d.matchAll(/M[\d.]+,([\d.]+)/g)])
      .map(([, y]) => Number(y));
  assert.deepEqual(y(roleColours.Drums).sort((a, b) => a - b), [181, 191]);
  assert.deepEqual(y(roleColours.Keys), [81]);
  assert.match(svg, />drums</);
});

Deno.test("pianoRoll() follows the tempo on its seconds axis", () => {
  const sequence = {
    ...bar([keys], [60, 100, 960, 1920, 0]),
    tempos: [{ ticks: 0, qpm: 120 }, { ticks: 960, qpm: 40 }],
  };
  // The second half of the bar takes three of the four seconds.
  const { svg } = pianoRoll(sequence, { axis: "seconds", width: 264 });
  assert.match(notePaths(svg)[0]![2], /^M98,[\d.]+h149.5$/);
});

Deno.test("pianoRoll() tells parts apart and counts them in words", () => {
  const sequence = bar([keys, keys, bass], [60, 90, 0, 480, 0], [
    64,
    90,
    0,
    480,
    1,
  ], [
    40,
    90,
    0,
    480,
    2,
  ]);
  const { svg, alt } = pianoRoll(sequence, { title: "Three parts" });
  assert.equal(new Set(notePaths(svg).map(([colour]) => colour)).size, 3);
  assert.equal(
    alt,
    "Three parts. Piano roll, 1 bar, 2 s, 120 quarters a minute. Keys 1 note, Keys 1 note, Bass 1 note.",
  );
});

Deno.test("pianoRoll() draws an empty piece", () => {
  const { alt } = pianoRoll(emptySequence(480));
  assert.match(alt, /0 bars, 0 s, .* No notes\.$/);
});

Deno.test("pianoRoll() keeps five thousand notes below 60 KB", () => {
  const notes = Array.from({ length: 5000 }, (_, i): [
    number,
    number,
    number,
    number,
    number,
  ] => [36 + (i * 7) % 48, 40 + (i * 13) % 80, i * 60, i * 60 + 110, 0]);
  const sequence = { ...bar([keys], ...notes), totalTicks: 300_060 };
  assert.ok(pianoRoll(sequence).svg.length < 60_000);
});
