import assert from "node:assert/strict";
import type { Note } from "./note_sequence.ts";
import { playableBy, playingOf } from "./playing.ts";

const note = (pitch: number, startTicks: number, endTicks: number): Note => ({
  pitch,
  velocity: 70,
  startTicks,
  endTicks,
  part: 0,
});
const row = (
  { pitch, startTicks, endTicks }: Note,
) => [pitch, startTicks, endTicks];

Deno.test("playingOf() knows every program, each with more than an octave but for bells", () => {
  for (let program = 0; program < 128; program++) {
    const { range: [low, high] } = playingOf(program);
    assert.ok(low >= 21 && high <= 108 && high - low >= 12, `${program}`);
  }
  assert.deepEqual(playingOf(42), { range: [36, 76], isMonophonic: true });
  assert.equal(playingOf(48).isMonophonic, false);
});

Deno.test("playableBy() moves a part by octaves, and what is still outside by more", () => {
  // Of a guitar for a celesta, whose lowest pitch is 60.
  const notes = Array.from(
    { length: 12 },
    (_, i) => note(50 + i, 12 * i, 12 * i + 12),
  );
  const low = note(41, 144, 156);
  assert.deepEqual(
    playableBy([...notes, low], 8).map(({ pitch }) => pitch),
    [...notes.map(({ pitch }) => pitch + 12), 65],
  );
});

Deno.test("playableBy() keeps the top line of an instrument that plays one note at a time", () => {
  const notes = [
    note(60, 0, 48),
    note(64, 0, 24),
    note(67, 0, 48),
    note(65, 12, 24),
  ];
  assert.deepEqual(playableBy(notes, 73).map(row), [[67, 0, 12], [65, 12, 24]]);
});

Deno.test("playableBy() keeps pitches that meet in one octave apart", () => {
  // 40 and 52 both become 64 of a music box that begins at 60.
  const notes = [
    note(40, 0, 24),
    note(76, 0, 12),
    note(88, 0, 12),
    note(64, 12, 24),
  ];
  const made = playableBy(notes, 10).map(row);
  assert.deepEqual(made, [[64, 0, 12], [76, 0, 12], [88, 0, 12], [64, 12, 24]]);
});
