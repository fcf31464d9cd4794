/** The masks of dropout: those of the project's own kernels, by these kernels. */
import {
  instantiate,
  type Kernels,
  loadKernels,
  PAGE_BYTES,
  sharedMemory,
} from "../lstm/lstm.ts";

/** Makes masks of up to so many floats. */
export class DropoutMasks {
  readonly #kernels: Kernels;
  readonly #memory: WebAssembly.Memory;

  private constructor(kernels: Kernels, memory: WebAssembly.Memory) {
    this.#kernels = kernels;
    this.#memory = memory;
  }

  /** @param floats Most floats of a mask. */
  static async create(floats: number): Promise<DropoutMasks> {
    const { module } = await loadKernels();
    const memory = sharedMemory(PAGE_BYTES + 4 * floats);
    return new DropoutMasks(instantiate(module, memory), memory);
  }

  /**
   * A factor for each element of a share's rows, which are in the order of time
   * steps: 0 where it is dropped, else 1 / (1 − rate).
   *
   * @param layer Number of the layer, which has its own random numbers.
   * @param key Of the step.
   * @param rows T·B of the share, or B above a layer that returns its last step.
   * @returns A view, valid until the next call.
   */
  of(
    { layer, key, rate, rows, columns, first, size, batch }: {
      readonly layer: number;
      readonly key: number;
      readonly rate: number;
      readonly rows: number;
      readonly columns: number;
      /** The share's first row in the batch. */
      readonly first: number;
      /** B of the share. */
      readonly size: number;
      /** B of the whole batch. */
      readonly batch: number;
    },
  ): Float32Array {
    const at = PAGE_BYTES;
    const mask = new Float32Array(this.#memory.buffer, at, rows * columns);
    mask.fill(1);
    const own = (key ^ Math.imul(layer + 1, 0x632be5ab)) | 0;
    this.#kernels.dropout(rows, columns, at, rate, own, size, first, batch);
    return mask;
  }
}
