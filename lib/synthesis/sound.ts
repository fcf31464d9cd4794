/** Sound in pieces, so that long sound need not be in memory at once. */

/** Stereo sound in memory. */
export interface Audio {
  /** Samples of the left channel, −1 to 1. */
  readonly left: Float32Array;
  /** As long as `left`. */
  readonly right: Float32Array;
  /** Frames per second. */
  readonly sampleRate: number;
}

/** Stereo sound that can be read from its beginning again and again. */
export interface Sound {
  /** Its length. */
  readonly frames: number;
  /** Frames per second. */
  readonly sampleRate: number;
  /** Its consecutive pieces; each may be changed by who reads it. */
  pieces(): AsyncIterable<Audio>;
}

/** A place for sound while it is worked on, such as a file. */
export interface Scratch {
  /** Adds bytes at the end. */
  append(bytes: Uint8Array): Promise<void>;
  /** What was appended, in the same pieces. */
  pieces(): AsyncIterable<Uint8Array>;
}

/** A scratch in memory. */
export class MemoryScratch implements Scratch {
  readonly #pieces: Uint8Array[] = [];

  /** Keeps the bytes themselves. */
  append(bytes: Uint8Array): Promise<void> {
    this.#pieces.push(bytes);
    return Promise.resolve();
  }

  /** Copies, which may be changed. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    for (const piece of this.#pieces) yield piece.slice();
  }
}

/** A piece of sound as bytes: the left channel, then the right one. */
export function bytesOf({ left, right }: Audio): Uint8Array {
  const both = new Float32Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return new Uint8Array(both.buffer);
}

/** The piece of sound that {@linkcode bytesOf} made bytes of. */
export function audioOf(bytes: Uint8Array, sampleRate: number): Audio {
  // Bytes of a file may begin anywhere in their buffer.
  const isAligned = bytes.byteOffset % 4 === 0;
  const { buffer, byteOffset, byteLength } = isAligned ? bytes : bytes.slice();
  const both = new Float32Array(buffer, byteOffset, byteLength / 4);
  const frames = both.length / 2;
  return {
    left: both.subarray(0, frames),
    right: both.subarray(frames),
    sampleRate,
  };
}

/**
 * Sound whose pieces are changed as they are read.
 *
 * @param change Changes a piece, given the index of its first frame.
 */
export function changed(
  sound: Sound,
  change: (piece: Audio, start: number) => void,
): Sound {
  return {
    ...sound,
    async *pieces() {
      let start = 0;
      for await (const piece of sound.pieces()) {
        change(piece, start);
        yield piece;
        start += piece.left.length;
      }
    },
  };
}

/** A sound that is all in memory, as one piece. */
export function soundOf({ left, right, sampleRate }: Audio): Sound {
  return {
    frames: left.length,
    sampleRate,
    async *pieces() {
      yield { left: left.slice(), right: right.slice(), sampleRate };
    },
  };
}

/** A whole sound in memory. */
export async function wholeOf(sound: Sound): Promise<Audio> {
  const left = new Float32Array(sound.frames);
  const right = new Float32Array(sound.frames);
  let start = 0;
  for await (const piece of sound.pieces()) {
    left.set(piece.left, start);
    right.set(piece.right, start);
    start += piece.left.length;
  }
  return { left, right, sampleRate: sound.sampleRate };
}
