/** What tests of the benchmark of music share: a folder of small pieces. */

import { join } from "@std/path";
import { writeMidi } from "../../midi/midi.ts";
import { emptySequence } from "../../music/music.ts";

/** Pieces that {@linkcode withScales} writes. */
export const SCALES = 30;

/** Gives a test a folder of scales over a held bass, and an empty folder. */
export async function withScales(
  test: (midiFolder: string, folder: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const midiFolder = join(root, "midi"), folder = join(root, "out");
  try {
    await Deno.mkdir(midiFolder);
    await Deno.mkdir(folder);
    for (let i = 0; i < SCALES; i++) {
      await Deno.writeFile(join(midiFolder, `${i}.mid`), scale(i));
    }
    await test(midiFolder, folder);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Eight bars of a scale that no other number has, over whole notes, with drums. */
function scale(number: number): Uint8Array {
  const notes = [];
  for (let beat = 0; beat < 32; beat++) {
    const startTicks = 480 * beat;
    notes.push({
      pitch: 60 + (beat * (1 + number % 5)) % (7 + number),
      velocity: 60 + number,
      startTicks,
      endTicks: startTicks + 240 + 8 * number,
      part: 0,
    });
    if (beat % 4 > 0) continue;
    const endTicks = startTicks + 1920;
    notes.push(
      { pitch: 40 + beat % 12, velocity: 70, startTicks, endTicks, part: 1 },
      { pitch: 36, velocity: 90, startTicks, endTicks, part: 2 },
    );
  }
  return writeMidi({
    ...emptySequence(480),
    parts: [0, 33, 0].map((program, i) => (
      { name: "", program, isDrum: i === 2 }
    )),
    notes,
    totalTicks: 32 * 480,
  });
}
