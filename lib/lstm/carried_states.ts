/**
 * The states that a batch may begin with: those that the batch before ended
 * with, which every worker keeps for its rows.
 */
import { CONTROL } from "./control.ts";
import type { NetworkInputs } from "./batch.ts";
import { type Plan, shardOf } from "./plan.ts";
import { type NetworkSpec, sizedLayers } from "./spec.ts";

/** The states that a network carries from batch to batch. */
export class CarriedStates {
  readonly #plan: Plan;
  readonly #buffer: ArrayBufferLike;
  readonly #control: Float64Array;
  /** Time steps of the last batch, behind which its states lie. */
  #steps = 0;

  /** @param buffer The memory that the plan lays out. */
  constructor(plan: Plan, buffer: ArrayBufferLike, control: Float64Array) {
    this.#plan = plan;
    this.#buffer = buffer;
    this.#control = control;
  }

  /** Has the next batch begin with states of zero. */
  reset(): void {
    this.#steps = 0;
  }

  /** Tells the workers what a batch begins with; it must be run after this. */
  begin({ resets, steps }: NetworkInputs, carry: boolean): void {
    if (carry) {
      const { resetsAt, maxBatch } = this.#plan;
      const bytes = new Uint8Array(this.#buffer, resetsAt, maxBatch);
      bytes.fill(0);
      if (resets) bytes.set(resets);
    }
    this.#control[CONTROL.carriedSteps] = carry ? this.#steps : 0;
    this.#steps = steps;
  }

  /** Views of the states, by layer, of each its outputs first, by worker. */
  #views(batch: number): Float32Array[] {
    const plan = this.#plan;
    return plan.layers.flatMap(({ layer, output, states, outputSize }) => {
      if (layer.kind !== "lstm") return [];
      return [output, states].flatMap((place) =>
        Array.from({ length: plan.workers }, (_, w) => {
          const floats = shardOf(batch, plan.workers, w).count * outputSize;
          const arena = plan.arenasAt + w * plan.arenaBytes;
          const at = arena + 4 * floats * this.#steps + place;
          return new Float32Array(this.#buffer, at, floats);
        })
      );
    });
  }

  /** A copy of the states, as `NetworkState` has them. */
  get(batch: number): Float32Array {
    const views = this.#views(batch);
    const result = new Float32Array(
      views.reduce((sum, { length }) => sum + length, 0),
    );
    let at = 0;
    for (const view of views) {
      result.set(view, at);
      at += view.length;
    }
    return result;
  }

  /** Sets the states that {@linkcode get} gave. */
  set(batch: number, values: Float32Array): void {
    this.#steps = 1;
    let at = 0;
    for (const view of this.#views(batch)) {
      view.set(values.subarray(at, at + view.length));
      at += view.length;
    }
  }
}

/**
 * Carried states as `NetworkState` has them, from those that checkpoints held
 * before: of each worker in turn, its rows of each layer's outputs and states.
 *
 * @param batch B
 */
export function statesOfAllWorkers(
  spec: NetworkSpec,
  batch: number,
  workers: number,
  states: Float32Array,
): Float32Array {
  const units = sizedLayers(spec).flatMap(({ layer, outputSize }) =>
    layer.kind === "lstm" ? [outputSize, outputSize] : []
  );
  const result = new Float32Array(states.length);
  let from = 0;
  for (let w = 0; w < workers; w++) {
    const { first, count } = shardOf(batch, workers, w);
    let block = 0;
    for (const n of units) {
      result.set(states.subarray(from, from + count * n), block + first * n);
      from += count * n;
      block += batch * n;
    }
  }
  return result;
}
