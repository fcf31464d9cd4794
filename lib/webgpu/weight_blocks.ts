/** Blocks of a value for every weight, between the GPU and their names. */
import type { Weights } from "../lstm/lstm.ts";
import type { Block, Memory } from "./memory.ts";
import type { Reader } from "./reader.ts";
import { fromGpuOrder, toGpuOrder } from "./weight_order.ts";

/** A network's blocks. */
export class WeightBlocks {
  readonly #memory: Memory;
  readonly #reader: Reader;

  /** @param reader Reads what the GPU computed. */
  constructor(memory: Memory, reader: Reader) {
    this.#memory = memory;
    this.#reader = reader;
  }

  /** A block's values by the names of the weights. */
  async read(block: Block): Promise<Weights> {
    const all = await this.#reader.read([this.#memory.block(block)]);
    return new Map(
      this.#memory.weights.map((weight) => {
        const first = weight.offset / 4;
        const values = all.slice(first, first + weight.size);
        return [weight.name, fromGpuOrder(weight, values)];
      }),
    );
  }

  /**
   * Writes values by the names of the weights.
   *
   * @throws {RangeError} When there is none of a name and size.
   */
  write(
    block: Block,
    values: ReadonlyMap<string, ArrayLike<number>>,
  ): void {
    const { gpu, weights } = this.#memory;
    const { buffer } = this.#memory.block(block);
    for (const [name, given] of values) {
      const weight = weights.find((one) => one.name === name);
      if (!weight) {
        throw new RangeError(
          `Cannot find the weight "${name}": the network has ${
            weights.map((one) => one.name).join(", ")
          }.`,
        );
      }
      if (given.length !== weight.size) {
        throw new RangeError(
          `Cannot set the weight "${name}": it has ${weight.size} values, ${given.length} were given.`,
        );
      }
      const floats = toGpuOrder(weight, given);
      gpu.device.queue.writeBuffer(buffer, weight.offset, floats);
    }
  }

  /** Copies blocks over others, in turn. */
  copy(copies: readonly (readonly [Block, Block])[]): void {
    const encoder = this.#memory.gpu.device.createCommandEncoder();
    for (const [from, to] of copies) {
      const { buffer, size } = this.#memory.block(from);
      const target = this.#memory.block(to).buffer;
      encoder.copyBufferToBuffer(buffer, 0, target, 0, size);
    }
    this.#memory.gpu.device.queue.submit([encoder.finish()]);
  }
}
