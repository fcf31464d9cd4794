import assert from "node:assert/strict";
import { join } from "@std/path";
import { openNsynth } from "../corpus/corpus.ts";
import { emptySequence } from "../music/music.ts";
import { nsynthSoundBank } from "./nsynth_bank.ts";
import { renderWav } from "./render.ts";
import { readWav } from "./testing.ts";
import { pitchHz } from "./tones.ts";

const RATE = 16_000;

/** A second of a sine at a pitch, as NSynth has its notes: 16 kHz, 16 bits, mono. */
function note(pitch: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(44 + 2 * RATE));
  const text = (at: number, word: string) =>
    [...word].forEach((c, i) => bytes.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF"), text(8, "WAVEfmt "), text(36, "data");
  bytes.setUint32(16, 16, true), bytes.setUint32(24, RATE, true);
  bytes.setUint16(20, 1, true), bytes.setUint16(22, 1, true);
  bytes.setUint16(34, 16, true), bytes.setUint32(40, 2 * RATE, true);
  for (let i = 0; i < RATE; i++) {
    const value = 3000 * Math.sin(2 * Math.PI * pitchHz(pitch) * i / RATE);
    bytes.setInt16(44 + 2 * i, Math.round(value), true);
  }
  return new Uint8Array(bytes.buffer);
}

/** A folder in NSynth's layout with these notes, by family and pitch. */
async function withNotes(
  notes: readonly (readonly [family: string, pitch: number])[],
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(folder, "audio"));
    const examples: Record<string, object> = {
      "bad name/": {},
      "no-pitch": {},
    };
    for (const [family, pitch] of notes) {
      const instrument = `${family}_acoustic_000`;
      const name = `${instrument}-${String(pitch).padStart(3, "0")}-075`;
      examples[name] = {
        ...{ pitch, velocity: 75, sample_rate: RATE, instrument: 1 },
        ...{ instrument_family_str: family, instrument_str: instrument },
      };
      await Deno.writeFile(join(folder, "audio", `${name}.wav`), note(pitch));
    }
    const text = JSON.stringify(examples);
    await Deno.writeTextFile(join(folder, "examples.json"), text);
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** How strongly a sound has a frequency. */
function strength(sound: Float32Array, hz: number): number {
  let [re, im] = [0, 0];
  for (const [i, x] of sound.entries()) {
    re += x * Math.cos(2 * Math.PI * hz * i / 44_100);
    im += x * Math.sin(2 * Math.PI * hz * i / 44_100);
  }
  return Math.hypot(re, im) / sound.length;
}

Deno.test("nsynthSoundBank() plays each program by the nearest recorded pitch and family", () =>
  withNotes(
    [["keyboard", 60], ["keyboard", 67], ["bass", 36]],
    async (folder) => {
      const soundBank = await nsynthSoundBank(await openNsynth(folder));
      // A piano between its pitches, a bass, and a flute, of which there is none.
      for (const [program, pitch] of [[0, 62], [0, 67], [33, 40], [73, 72]]) {
        const wav = await renderWav({
          ...emptySequence(480),
          parts: [{ name: "", program: program!, isDrum: false }],
          notes: [{
            ...{ pitch: pitch!, velocity: 100, part: 0 },
            ...{ startTicks: 0, endTicks: 480 },
          }],
          totalTicks: 480,
        }, { soundBank, tailSeconds: 0, reverb: 0, chorus: 0 });
        const { left } = readWav(wav);
        const [below, at, above] = [-1, 0, 1].map((semitones) =>
          strength(left, pitchHz(pitch! + semitones))
        );
        assert.ok(at! > 0.01, `program ${program}, pitch ${pitch} is heard`);
        assert.ok(at! > 3 * below! && at! > 3 * above!, `pitch ${pitch}`);
      }
    },
  ));

Deno.test("openNsynth() refuses a folder without notes with what it should have", async () => {
  await withNotes(
    [],
    (folder) =>
      assert.rejects(
        openNsynth(folder),
        /it tells of no note.*has examples\.json/,
      ),
  );
  await assert.rejects(openNsynth("not-there"), /Cannot read .*examples\.json/);
});
