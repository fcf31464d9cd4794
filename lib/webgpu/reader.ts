/** What the GPU computed, on its way back. */
import type { Gpu, Slice } from "./device.ts";

/** Buffers for results that are made at a time. */
const BUFFERS = 64;

/** Adds commands before what is read. */
type Encode = (encoder: GPUCommandEncoder) => void;

/** Reads arrays of a GPU. */
export class Reader {
  readonly #gpu: Gpu;
  /** Buffers for results that were mapped before and are free. */
  #free: GPUBuffer[] = [];
  #isDisposed = false;

  /** @param gpu Where the arrays are. */
  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  #buffer(size: number): GPUBuffer {
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    return this.#gpu.device.createBuffer({ size, usage });
  }

  /** Has the GPU run commands, then copy arrays to a buffer. */
  #submit(slices: readonly Slice[], to: GPUBuffer, encode?: Encode): void {
    const { device } = this.#gpu;
    const encoder = device.createCommandEncoder();
    encode?.(encoder);
    let at = 0;
    for (const { buffer, offset, size } of slices) {
      encoder.copyBufferToBuffer(buffer, offset, to, at, size);
      at += size;
    }
    device.queue.submit([encoder.finish()]);
  }

  /**
   * Waits until a buffer can be read.
   *
   * @throws {Error} When the GPU failed: nothing it holds can be used then.
   */
  async #wait(mapped: Promise<unknown>): Promise<void> {
    const failure = await mapped
      .then(() => this.#gpu.failure, (error) => this.#gpu.failure ?? error);
    if (failure === undefined) return;
    throw new Error(
      `Cannot go on with the engine webgpu: ${failure}. Nothing was saved since the last checkpoint; resume from it, or with the engine auto.`,
    );
  }

  /**
   * Reads arrays, one after another, when the GPU has done all before.
   *
   * @throws {Error} When the GPU failed.
   */
  async read(slices: readonly Slice[]): Promise<Float32Array> {
    const buffer = this.#buffer(slices.reduce((sum, one) => sum + one.size, 0));
    try {
      this.#submit(slices, buffer);
      await this.#wait(buffer.mapAsync(GPUMapMode.READ));
      return new Float32Array(buffer.getMappedRange().slice(0));
    } finally {
      buffer.destroy();
    }
  }

  /**
   * Runs commands and reads one small array, as soon as it is there.
   *
   * Deno's `mapAsync` has waited for the GPU when it returns, but its promise is
   * kept 10 ms later, which is longer than a step. So the array is read at once
   * if it can be, and its buffer is free again later. That needs buffers that
   * were mapped once before.
   *
   * @throws {Error} When the GPU failed.
   */
  async readResults(results: Slice, encode: Encode): Promise<Float32Array> {
    const buffer = await this.#takeBuffer(results.size);
    this.#submit([results], buffer, encode);
    const mapped = buffer.mapAsync(GPUMapMode.READ);
    let values = this.#gpu.failure === undefined ? readNow(buffer) : undefined;
    if (values) mapped.catch(() => {}).finally(() => this.#give(buffer));
    else {
      await this.#wait(mapped);
      values = readNow(buffer)!;
      this.#give(buffer);
    }
    return values;
  }

  async #takeBuffer(size: number): Promise<GPUBuffer> {
    if (this.#free.length === 0) await new Promise((done) => setTimeout(done));
    if (this.#free.length === 0) {
      const fresh = Array.from({ length: BUFFERS }, () => this.#buffer(size));
      const mapped = fresh.map((one) => one.mapAsync(GPUMapMode.READ));
      await this.#wait(Promise.all(mapped));
      for (const one of fresh) one.unmap();
      this.#free.push(...fresh);
    }
    return this.#free.pop()!;
  }

  #give(buffer: GPUBuffer): void {
    if (this.#isDisposed) buffer.destroy();
    else this.#free.push(buffer);
  }

  /** Frees the buffers. */
  dispose(): void {
    this.#isDisposed = true;
    for (const buffer of this.#free) buffer.destroy();
    this.#free = [];
  }
}

/** What a buffer holds; undefined where it is not mapped yet. */
function readNow(buffer: GPUBuffer): Float32Array | undefined {
  try {
    const values = new Float32Array(buffer.getMappedRange().slice(0));
    buffer.unmap();
    return values;
  } catch {
    return undefined;
  }
}
