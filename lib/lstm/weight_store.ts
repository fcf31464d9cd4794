/** A network's weights in its memory, with their gradients and optimizer state. */
import type { PlacedWeight, Plan } from "./plan.ts";

/** Finds weights by their names. */
export class WeightStore {
  readonly #plan: Plan;
  readonly #buffer: ArrayBufferLike;
  readonly #byName: ReadonlyMap<string, PlacedWeight>;

  /** @param buffer The memory that the plan lays out. */
  constructor(plan: Plan, buffer: ArrayBufferLike) {
    this.#plan = plan;
    this.#buffer = buffer;
    this.#byName = new Map(plan.weights.map((weight) => [weight.name, weight]));
  }

  /** A view of a weight's place in a block as large as that of all weights. */
  #floats(block: number, name: string): Float32Array {
    const weight = this.#byName.get(name);
    if (!weight) {
      throw new RangeError(
        `Cannot find the weight "${name}": the network has ${
          [...this.#byName.keys()].join(", ")
        }.`,
      );
    }
    return new Float32Array(this.#buffer, block + weight.offset, weight.size);
  }

  /** A view of a weight. */
  weight(name: string): Float32Array {
    return this.#floats(this.#plan.weightsAt, name);
  }

  /**
   * Sets a weight.
   *
   * @throws {RangeError} When there is none of that name and size.
   */
  set(name: string, values: ArrayLike<number>): void {
    const floats = this.weight(name);
    if (values.length !== floats.length) {
      throw new RangeError(
        `Cannot set the weight "${name}": it has ${floats.length} values, ${values.length} were given.`,
      );
    }
    floats.set(values);
  }

  /** A view of a weight's gradient. */
  gradient(name: string): Float32Array {
    return this.#floats(this.#plan.gradientsAt, name);
  }

  /** A view of a weight's optimizer state, see `Network.slot`. */
  slot(name: string, slot: 0 | 1 | 2): Float32Array {
    const { slotsAt, averageAt } = this.#plan;
    return this.#floats([...slotsAt, averageAt][slot]!, name);
  }

  /** Sets the moving average to the weights as they are. */
  startAverage(): void {
    for (const name of this.#byName.keys()) {
      this.slot(name, 2).set(this.weight(name));
    }
  }

  /** Swaps the weights with their moving average. */
  swapAverage(): void {
    for (const name of this.#byName.keys()) {
      const weights = this.weight(name), average = this.slot(name, 2);
      const copy = weights.slice();
      weights.set(average);
      average.set(copy);
    }
  }
}
