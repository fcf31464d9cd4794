/**
 * The network of Basic Pitch, which finds notes in audio: R. Bittner, J. Bosch, D. Rubinstein,
 * G. Meseguer-Brocal and S. Ewert, "A Lightweight Instrument-Agnostic Model for
 * Polyphonic Note Transcription and Multipitch Estimation", ICASSP 2022.
 *
 * It runs on WebAssembly here. The package's own `BasicPitch` class cannot: it calls
 * `tf.signal.frame`, which fills without naming a type, and that backend refuses it.
 */

import { createRequire } from "node:module";
import { dirname, join } from "@std/path";
import basicPitch, { type NoteEventTime } from "@spotify/basic-pitch";
import * as tf from "@tensorflow/tfjs";
import wasmBackend from "tfjs-backend-wasm-3";
import { SAMPLE_RATE } from "./audio.ts";

// As the network was trained: windows of two seconds that overlap by 30 frames, of
// which half are dropped at each side.
const FRAME_SAMPLES = 256;
const WINDOW_SAMPLES = 2 * SAMPLE_RATE - FRAME_SAMPLES;
const DROPPED_FRAMES = 15;
const OVERLAP_SAMPLES = 2 * DROPPED_FRAMES * FRAME_SAMPLES;
const FRAMES_PER_SECOND = Math.floor(SAMPLE_RATE / FRAME_SAMPLES);
/** The network's outputs: which notes sound, and which begin, in each frame. */
const OUTPUTS = ["Identity_1", "Identity_2"];
/** Least probability of a beginning and of a sounding note; least frames of one. */
const [ONSET, FRAME, NOTE_FRAMES] = [0.5, 0.3, 11] as const;

const require = createRequire(import.meta.url);
const folderOf = (name: string) =>
  dirname(require.resolve(`${name}/package.json`));

/** Loads the network. */
export async function loadModel(): Promise<tf.GraphModel> {
  const wasm = folderOf("@tensorflow/tfjs-backend-wasm");
  wasmBackend.setWasmPaths(join(wasm, "dist", "/"));
  await tf.setBackend("wasm");
  const folder = join(folderOf("@spotify/basic-pitch"), "model");
  const { weightsManifest, ...rest } = JSON.parse(
    await Deno.readTextFile(join(folder, "model.json")),
  );
  const [{ paths, weights }] = weightsManifest;
  const { buffer } = await Deno.readFile(join(folder, paths[0]));
  return await tf.loadGraphModel({
    load: () =>
      Promise.resolve({ ...rest, weightSpecs: weights, weightData: buffer }),
  });
}

/**
 * Finds the notes of a recording.
 *
 * @param samples {@linkcode SAMPLE_RATE} a second.
 * @param onProgress Is told the share that is done.
 * @returns Notes by their beginning.
 */
export async function notesOf(
  model: tf.GraphModel,
  samples: Float32Array,
  onProgress: (share: number) => void,
): Promise<NoteEventTime[]> {
  const frames: number[][] = [], onsets: number[][] = [];
  const step = WINDOW_SAMPLES - OVERLAP_SAMPLES;
  for (let at = -OVERLAP_SAMPLES / 2; at < samples.length; at += step) {
    const window = new Float32Array(WINDOW_SAMPLES);
    window.set(
      samples.subarray(Math.max(0, at), Math.max(0, at + WINDOW_SAMPLES)),
      Math.max(0, -at),
    );
    const outputs = tf.tidy(() =>
      model.execute(tf.tensor3d(window, [1, WINDOW_SAMPLES, 1]), OUTPUTS)
    ) as tf.Tensor3D[];
    for (const [i, all] of [frames, onsets].entries()) {
      const [rows] = await outputs[i]!.array();
      all.push(...rows!.slice(DROPPED_FRAMES, -DROPPED_FRAMES));
    }
    tf.dispose(outputs);
    onProgress(Math.min(1, (at + step) / samples.length));
  }
  const length = Math.floor(samples.length * FRAMES_PER_SECOND / SAMPLE_RATE);
  const notes = basicPitch.outputToNotesPoly(
    frames.slice(0, length),
    onsets.slice(0, length),
    ...[ONSET, FRAME, NOTE_FRAMES],
  );
  return basicPitch.noteFramesToTime(notes)
    .sort((a, b) => a.startTimeSeconds - b.startTimeSeconds);
}
