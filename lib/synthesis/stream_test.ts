import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import type { Audio } from "./sound.ts";
import { renderStream } from "./stream.ts";
import { integratedLoudness, levelDb, peakOf } from "./testing.ts";

const PAD = 89, BASS = 32;

/** Four seconds of a held chord, or of silence. */
function section(
  pitches: readonly number[],
  program = PAD,
  velocity = 90,
): NoteSequence {
  return {
    ...emptySequence(480),
    parts: [{ name: "", program, isDrum: false }],
    notes: pitches.map((pitch) => ({
      pitch,
      velocity,
      startTicks: 0,
      endTicks: 3840,
      part: 0,
    })),
    totalTicks: 3840,
  };
}

async function streamed(...sections: NoteSequence[]): Promise<Audio> {
  const pieces = await Array.fromAsync(renderStream(sections));
  const channel = (side: "left" | "right") =>
    Float32Array.from(pieces.flatMap((piece) => [...piece[side]]));
  return { left: channel("left"), right: channel("right"), sampleRate: 44100 };
}

Deno.test("renderStream() gives each section its time, also with other instruments", async () => {
  const audio = await streamed(section([48, 60]), section([36], BASS));
  assert.equal(audio.left.length, 8 * 44100);
  assert(levelDb(audio, 1, 3) > -30);
  assert(levelDb(audio, 4, 5) > -30);
});

Deno.test("renderStream() lets a section ring over the next one", async () => {
  const audio = await streamed(section([48, 60]), section([]));
  assert(levelDb(audio, 4, 4.3) > -50, `${levelDb(audio, 4, 4.3)}`);
});

Deno.test("renderStream() goes on without a jump, at the loudness asked for", async () => {
  const chord = [48, 55, 60, 64];
  const audio = await streamed(
    section(chord),
    section(chord, PAD, 40),
    section(chord, PAD, 127),
    section(chord),
  );
  const lufs = integratedLoudness(audio);
  assert(Math.abs(lufs + 15) < 2, `${lufs} LUFS`);
  assert(peakOf(audio) < 0.9);
  const { left } = audio;
  const bend = (i: number) =>
    Math.abs(left[i + 1]! - 2 * left[i]! + left[i - 1]!);
  const usual = Math.max(
    ...Array.from({ length: 44100 }, (_, i) => bend(44100 + i)),
  );
  // Where sections meet, and where what the limiter held back ends.
  for (const border of [4, 8, 12].map((seconds) => seconds * 44100)) {
    for (let i = border - 1200; i < border + 200; i++) {
      assert(bend(i) < 3 * usual, `${bend(i)} at ${i}, usually ${usual}`);
    }
  }
});
