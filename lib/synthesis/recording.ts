/** Records a performance, and gives it again as often as it is read. */

import { Turns } from "../base/base.ts";
import {
  type Audio,
  audioOf,
  bytesOf,
  type Scratch,
  type Sound,
} from "./sound.ts";

/** The form of a recording. */
export interface Form {
  /** Length of the sound. */
  readonly frames: number;
  /** Frames per second. */
  readonly sampleRate: number;
  /** Frames performed after the sound's own, which sound over its beginning. */
  readonly tailFrames: number;
  /** Frames at the end of what was performed that are faded out. */
  readonly fadeFrames: number;
}

/** A performance that was recorded. */
export interface Recording {
  /** Largest magnitude. */
  readonly peak: number;
  /**
   * What was recorded, with its end faded and its tail over its beginning.
   *
   * @param peak Magnitude that becomes 1.
   */
  sound(peak: number): Sound;
}

/**
 * Records a performance.
 *
 * @param performance Consecutive pieces, of `frames` and `tailFrames` together.
 * @param form What to make of them.
 * @param scratch Keeps them.
 */
export async function record(
  performance: AsyncIterable<Audio>,
  form: Form,
  scratch: Scratch,
): Promise<Recording> {
  const { frames, sampleRate, tailFrames } = form;
  const tail = {
    left: new Float32Array(tailFrames),
    right: new Float32Array(tailFrames),
    sampleRate,
  };
  let peak = 0, start = 0;
  for await (const piece of performance) {
    const { left, right } = piece;
    peak = Math.max(peak, peakOf(left), peakOf(right));
    const own = Math.max(0, Math.min(left.length, frames - start));
    const part = (from: number, to: number) => ({
      left: left.subarray(from, to),
      right: right.subarray(from, to),
      sampleRate,
    });
    if (own > 0) await scratch.append(bytesOf(part(0, own)));
    const rest = part(own, left.length);
    tail.left.set(rest.left, Math.max(0, start - frames));
    tail.right.set(rest.right, Math.max(0, start - frames));
    start += left.length;
  }
  return {
    peak,
    sound: (peak) => ({
      frames,
      sampleRate,
      pieces: () => read(scratch, form, tail, peak || 1),
    }),
  };
}

async function* read(
  scratch: Scratch,
  { frames, sampleRate, tailFrames, fadeFrames }: Form,
  rawTail: Audio,
  peak: number,
): AsyncGenerator<Audio> {
  const end = frames + tailFrames;
  /** Brings a piece to its level, and fades out the end of the performance. */
  const prepare = (piece: Audio, start: number) => {
    for (const channel of [piece.left, piece.right]) {
      for (let i = 0; i < channel.length; i++) channel[i]! /= peak;
      for (
        let i = Math.max(0, end - fadeFrames - start);
        i < channel.length;
        i++
      ) {
        const faded = start + i - (end - fadeFrames);
        channel[i]! *= 0.5 + 0.5 * Math.cos(Math.PI * (faded + 1) / fadeFrames);
      }
    }
    return piece;
  };
  const { left, right } = rawTail;
  const tail = prepare(
    { left: left.slice(), right: right.slice(), sampleRate },
    frames,
  );
  const turns = new Turns();
  let start = 0;
  for await (const bytes of scratch.pieces()) {
    await turns.give();
    const piece = prepare(audioOf(bytes, sampleRate), start);
    // The tail continues the end without a break, so adding it makes no seam.
    for (let from = start; from < tailFrames; from += frames) {
      addTo(piece.left, tail.left.subarray(from));
      addTo(piece.right, tail.right.subarray(from));
    }
    yield piece;
    start += piece.left.length;
  }
}

function addTo(channel: Float32Array, other: Float32Array): void {
  const length = Math.min(channel.length, other.length);
  for (let i = 0; i < length; i++) channel[i]! += other[i]!;
}

function peakOf(channel: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < channel.length; i++) {
    const value = Math.abs(channel[i]!);
    if (value > peak) peak = value;
  }
  return peak;
}
