/** Music, and other programs that read sound, for tests. */

import { emptySequence, type NoteSequence } from "../music/music.ts";

/** Two bars of a bass and drums at 120 bpm: four seconds. */
export const BASS_AND_DRUMS: NoteSequence = {
  ...emptySequence(480),
  parts: [
    { name: "Bass/1", program: 32, isDrum: false },
    { name: "", program: 0, isDrum: true },
  ],
  notes: [0, 1, 2, 3, 4, 5, 6, 7].flatMap((quarter) => [
    {
      pitch: 36 + quarter,
      velocity: 90,
      startTicks: 480 * quarter,
      endTicks: 480 * quarter + 400,
      part: 0,
    },
    {
      pitch: quarter % 2 === 0 ? 36 : 38,
      velocity: 100,
      startTicks: 480 * quarter,
      endTicks: 480 * quarter + 120,
      part: 1,
    },
  ]),
  totalTicks: 3840,
};

/** Whether a program can be run; those of other people are not everywhere. */
export function hasProgram(name: string): boolean {
  try {
    new Deno.Command(name, {
      args: ["-version"],
      env: { QT_QPA_PLATFORM: "offscreen" },
      stdout: "null",
      stderr: "null",
    }).outputSync();
    return true;
  } catch {
    return false;
  }
}

/**
 * The samples of a sound file, left and right in turn, as ffmpeg reads it.
 *
 * @param options Of reading it.
 */
export async function decoded(
  path: string,
  ...options: readonly string[]
): Promise<Float32Array> {
  const { success, stdout, stderr } = await new Deno.Command("ffmpeg", {
    args: ["-v", "error", ...options, "-i", path, "-f", "f32le", "-"],
    stdout: "piped",
    stderr: "piped",
  }).output();
  const complaint = new TextDecoder().decode(stderr);
  if (!success || complaint !== "") throw new Error(complaint);
  return new Float32Array(stdout.slice().buffer);
}
