import assert from "node:assert/strict";
import { join } from "@std/path";
import midiFiles from "@tonejs/midi";

const PITCHES = [60, 64, 67, 72, 67, 64];
const SECONDS = 0.6, RATE = 44_100;

/** A WAV file of 16 bits, two channels, with a tone of harmonics for each pitch. */
function wav(): Uint8Array {
  const frames = Math.round(PITCHES.length * SECONDS * RATE);
  const bytes = new DataView(new ArrayBuffer(44 + 4 * frames));
  const text = (at: number, word: string) =>
    [...word].forEach((c, i) => bytes.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF"), text(8, "WAVEfmt "), text(36, "data");
  bytes.setUint32(4, 36 + 4 * frames, true);
  bytes.setUint32(16, 16, true);
  [1, 2].forEach((word, i) => bytes.setUint16(20 + 2 * i, word, true));
  bytes.setUint32(24, RATE, true), bytes.setUint32(28, 4 * RATE, true);
  [4, 16].forEach((word, i) => bytes.setUint16(32 + 2 * i, word, true));
  bytes.setUint32(40, 4 * frames, true);
  for (let i = 0; i < frames; i++) {
    const seconds = i / RATE, note = Math.floor(seconds / SECONDS);
    const into = seconds - note * SECONDS;
    const hertz = 440 * 2 ** ((PITCHES[note]! - 69) / 12);
    const fade = Math.min(1, into / 0.005) * Math.exp(-3 * into);
    let sample = 0;
    for (let h = 1; h <= 4; h++) {
      sample += Math.sin(2 * Math.PI * h * hertz * seconds) / h ** 2;
    }
    for (const channel of [0, 1]) {
      const value = Math.round(12_000 * fade * sample);
      bytes.setInt16(44 + 4 * i + 2 * channel, value, true);
    }
  }
  return new Uint8Array(bytes.buffer);
}

async function transcribe(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "transcribe", ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, said: text(stdout), told: text(stderr) };
}

Deno.test("transcribe writes the notes of each recording, tells what it cannot, and goes on", async () => {
  const root = await Deno.makeTempDir();
  try {
    const audio = join(root, "audio"), out = join(root, "out");
    await Deno.mkdir(join(audio, "sub"), { recursive: true });
    await Deno.writeFile(join(audio, "sub", "scale.wav"), wav());
    await Deno.writeTextFile(join(audio, "broken.mp3"), "no sound");
    const first = await transcribe("--audio", audio, "--out", out);
    assert.equal(first.code, 0, first.told);
    assert.match(first.said, /^1 transcribed, 0 were there, 1 could not be\./);
    assert.match(first.said, /broken\.mp3: /);
    const file = await Deno.readFile(join(out, "sub", "scale.wav.mid"));
    const { tracks: [track] } = new midiFiles.Midi(file);
    for (const [i, pitch] of PITCHES.entries()) {
      const heard = track!.notes.some(({ midi, time }) =>
        midi === pitch && Math.abs(time - i * SECONDS) < 0.06
      );
      assert.ok(heard, `note ${i + 1}, pitch ${pitch}`);
    }
    const again = await transcribe("--audio", audio, "--out", out);
    assert.match(again.said, /^0 transcribed, 1 were there, 1 could not be\./);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("transcribe refuses a wrong command line with what to give", async () => {
  const none = await transcribe("--audio", "x");
  assert.deepEqual([none.code, none.said], [2, ""]);
  assert.match(none.told, /give both --audio and --out.*\nUsage: /);
  const missing = await transcribe("--audio", "not-there", "--out", "x");
  assert.match(missing.told, /Cannot transcribe not-there: there is no such/);
  const half = await transcribe(
    ...["--audio", "lib", "--out", "x", "--genre", "Ambient"],
  );
  assert.match(half.told, /give both --genre and --fma-metadata/);
});
