/** What the GPU computed, on its way back. */
import type { Gpu, Slice } from "./device.ts";

/** Largest results whose buffers are kept; whole states are read too seldom. */
const KEPT_BYTES = 256;

/** Reads arrays of a GPU. */
export class Reader {
  readonly #gpu: Gpu;
  /** Buffers to read with that no reading uses. */
  readonly #free: GPUBuffer[] = [];

  /** Reads nothing yet. */
  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /**
   * Reads arrays, one after another, when the GPU has done all before.
   *
   * @param encode Adds commands before they are read.
   * @throws {Error} When the GPU failed: nothing it holds can be used then.
   */
  async read(
    slices: readonly Slice[],
    encode: (encoder: GPUCommandEncoder) => void = () => {},
  ): Promise<Float32Array> {
    const { device } = this.#gpu;
    const size = slices.reduce((sum, one) => sum + one.size, 0);
    const kept = this.#free.findIndex((one) => one.size === size);
    const reader = kept >= 0
      ? this.#free.splice(kept, 1)[0]!
      : device.createBuffer({
        size,
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      });
    const encoder = device.createCommandEncoder();
    encode(encoder);
    let at = 0;
    for (const { buffer, offset, size } of slices) {
      encoder.copyBufferToBuffer(buffer, offset, reader, at, size);
      at += size;
    }
    device.queue.submit([encoder.finish()]);
    const failure = await reader.mapAsync(GPUMapMode.READ)
      .then(() => this.#gpu.failure, (error) => this.#gpu.failure ?? error);
    if (failure !== undefined) {
      throw new Error(
        `Cannot go on with the engine webgpu: ${failure}. Nothing was saved since the last checkpoint; resume from it, or with --engine auto.`,
      );
    }
    const values = new Float32Array(reader.getMappedRange().slice(0));
    reader.unmap();
    if (size <= KEPT_BYTES) this.#free.push(reader);
    else reader.destroy();
    return values;
  }

  /** Frees the buffers. */
  dispose(): void {
    for (const buffer of this.#free) buffer.destroy();
  }
}
