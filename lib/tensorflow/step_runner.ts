/**
 * How a step runs. On a CPU its ops become one graph, once for each shape of batch:
 * TensorFlow then runs all of it in one call, ops that do not wait for each other
 * side by side. On a GPU, which has few ops and is not waited for, they run one by
 * one.
 */
import type { Weight } from "../lstm/lstm.ts";
import type { Graph } from "./device.ts";
import type { StepFeeds } from "./feeds.ts";
import type { Layers } from "./pass.ts";
import { computeStep, type StepTensors } from "./step.ts";

export type { StepTensors } from "./step.ts";

/** Graphs kept; a training run has one for training and one for evaluation. */
const MOST_GRAPHS = 8;

/** Runs steps of a network. */
export class StepRunner {
  readonly #layers: Layers;
  readonly #weights: readonly Weight[];
  /** The one that was used last at the end. */
  readonly #graphs = new Map<string, Graph>();

  constructor(layers: Layers, weights: readonly Weight[]) {
    this.#layers = layers;
    this.#weights = weights;
  }

  /** Runs a step. */
  run(feeds: StepFeeds, withGradient: boolean): StepTensors {
    const { device } = this.#layers;
    if (device.isGpu) return this.#compute(feeds, withGradient);
    const graph = this.#graphFor(feeds, withGradient);
    const given = Array.from(feeds.all.values(), ({ tensor }) => tensor);
    return apart(device.runGraph(graph, given), withGradient);
  }

  #compute(feeds: StepFeeds, withGradient: boolean): StepTensors {
    return computeStep(this.#layers, this.#weights, feeds, withGradient);
  }

  #graphFor(feeds: StepFeeds, withGradient: boolean): Graph {
    const { device } = this.#layers;
    const shapes = Array.from(
      feeds.all,
      ([name, { tensor, varies }]) => varies ? name : `${name} ${tensor.shape}`,
    );
    const key = [withGradient, ...shapes].join();
    let graph = this.#graphs.get(key);
    if (graph) this.#graphs.delete(key);
    else {
      graph = device.graphOf(
        [...feeds.all.values()],
        () => together(this.#compute(feeds, withGradient)),
      );
    }
    this.#graphs.set(key, graph);
    for (const [oldest, unused] of this.#graphs) {
      if (this.#graphs.size <= MOST_GRAPHS) break;
      device.freeGraph(unused);
      this.#graphs.delete(oldest);
    }
    return graph;
  }

  /** Frees all graphs. */
  dispose(): void {
    for (const graph of this.#graphs.values()) {
      this.#layers.device.freeGraph(graph);
    }
    this.#graphs.clear();
  }
}

/** A step's tensors as a list, without those that are not wanted. */
function together({ results, gradient, states }: StepTensors) {
  return [
    ...gradient ? [results, gradient] : [results],
    ...states.flatMap(({ h, c }) => [h, c]),
  ];
}

/** Undoes {@linkcode together}. */
function apart(
  [results, ...rest]: ReturnType<typeof together>,
  withGradient: boolean,
): StepTensors {
  const gradient = withGradient ? rest.shift()! : undefined;
  const states = Array.from({ length: rest.length / 2 }, (_, i) => ({
    h: rest[2 * i]!,
    c: rest[2 * i + 1]!,
  }));
  return { results: results!, gradient, states };
}
