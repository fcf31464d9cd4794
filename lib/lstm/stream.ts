/**
 * Generation one step at a time: the network's states are kept between steps,
 * so a token costs one row through each layer, not the whole window again.
 */
import type { Cells } from "./cells.ts";
import type { Kernels } from "./kernels.ts";
import { mostFeatures, type Plan } from "./plan.ts";
import { type Instance, makeCells, makeRows } from "./program.ts";
import type { Rows } from "./rows.ts";
import { classesOf } from "./spec.ts";

/** Of a network without relations. */
const NO_PAIRS: ArrayLike<number> = [];
/** Below this share of nonzero features, the product adds only their rows. */
const SPARSE = 1 / 4;

/** Hidden and cell states of the LSTM layers, in the order of the layers. */
export type StreamState = readonly {
  readonly h: Float32Array;
  readonly c: Float32Array;
}[];

/** One sequence, fed a step at a time. Made by `Network.stream()`. */
export class Stream {
  readonly #plan: Plan;
  readonly #kernels: Kernels;
  readonly #rows: Rows;
  readonly #cells: Cells;
  readonly #buffer: ArrayBufferLike;
  readonly #prepare: () => void;
  /** The first layer's input id; with float input, the index of one feature. */
  readonly #id: Int32Array;
  readonly #features: Float32Array;
  /** Sparse input: the features of a step; where input and relations end. */
  readonly #set: Int32Array;
  readonly #offsets: Int32Array;
  readonly #pairs: Int32Array;
  readonly #logits: Float32Array;

  /**
   * Begins with states of zero.
   *
   * @param prepare Called before each step: packs changed weights.
   */
  constructor(plan: Plan, instance: Instance, prepare: () => void) {
    const { buffer } = instance.memory;
    this.#plan = plan;
    this.#kernels = instance.kernels;
    this.#rows = makeRows(instance, plan);
    this.#cells = makeCells(instance, plan.streamCells);
    this.#buffer = buffer;
    this.#prepare = prepare;
    const { kind, size } = plan.spec.input;
    const idAt = kind === "onehot" ? plan.streamInput : plan.streamId;
    this.#id = new Int32Array(buffer, idAt, 1);
    this.#features = this.#floats(
      plan.streamInput,
      kind === "onehot" ? 1 : size,
    );
    const { relations } = plan.spec, most = mostFeatures(plan.spec);
    this.#set = new Int32Array(buffer, plan.streamInput, most);
    this.#offsets = new Int32Array(buffer, plan.streamOffsets, 4);
    this.#pairs = new Int32Array(
      buffer,
      plan.streamPairs,
      relations?.most ?? 0,
    );
    const top = plan.layers[plan.layers.length - 1]!;
    this.#logits = this.#floats(top.stream.output, classesOf(plan.spec));
    this.reset();
  }

  #floats(at: number, length: number): Float32Array {
    return new Float32Array(this.#buffer, at, length);
  }

  /** Forgets everything fed so far. */
  reset(): void {
    for (const { stream, outputSize, layer } of this.#plan.layers) {
      if (layer.kind !== "lstm") continue;
      this.#floats(stream.output, outputSize).fill(0);
      this.#floats(stream.state, outputSize).fill(0);
    }
  }

  /** A copy of the states, to return to. */
  get state(): StreamState {
    return this.#plan.layers.filter(({ layer }) => layer.kind === "lstm").map(
      ({ stream, outputSize }) => ({
        h: this.#floats(stream.output, outputSize).slice(),
        c: this.#floats(stream.state, outputSize).slice(),
      }),
    );
  }

  /** Returns to a copy of the states. */
  set state(state: StreamState) {
    const layers = this.#plan.layers.filter(({ layer }) =>
      layer.kind === "lstm"
    );
    layers.forEach(({ stream, outputSize }, i) => {
      this.#floats(stream.output, outputSize).set(state[i]!.h);
      this.#floats(stream.state, outputSize).set(state[i]!.c);
    });
  }

  /**
   * Feeds one step and returns the logits [V] of the next.
   *
   * @param input A one-hot id, the features of a dense input, or the indices of
   * the features that are 1 of a sparse one.
   * @param pairs Which relation holds for which class, see `NetworkBatch`.
   * @returns A view that the next step overwrites.
   */
  next(
    input: number | ArrayLike<number>,
    pairs: ArrayLike<number> = NO_PAIRS,
  ): Float32Array {
    this.#prepare();
    const plan = this.#plan, rows = this.#rows, cells = this.#cells;
    let from = plan.streamInput;
    if (typeof input === "number") {
      if (plan.spec.input.kind === "onehot") {
        if (!(input >= 0 && input < plan.spec.input.size)) {
          throw new RangeError(
            `Cannot feed the network: the id must be at least 0 and below ${plan.spec.input.size}, current value is ${input}.`,
          );
        }
        this.#id[0] = input;
      } else this.#features[0] = input;
    } else if (plan.spec.input.kind === "sparse") {
      this.#set.set(input);
      this.#offsets[1] = input.length;
    } else this.#features.set(input);
    for (const layer of plan.layers) {
      if (layer.layer.kind === "dropout") continue;
      const { weight, packed, k, n } = layer.kernel!;
      const bias = plan.weightsAt + layer.bias!.offset;
      const { output, gates, state: c, tanhState: tanhC } = layer.stream;
      const isLstm = layer.layer.kind === "lstm";
      const y = isLstm ? gates : output;
      const table = plan.weightsAt + weight.offset;
      if (packed === 0) {
        const { kind } = plan.spec.input;
        const count = kind === "sparse" ? this.#offsets[1]! : 1;
        rows.sum({ n, count, ids: from, table, from: bias, y });
      } else if (from === plan.streamInput && this.#isSparse()) {
        this.#addRows(n, table, bias, y);
      } else rows.multiply({ n, k, x: from, b: packed, from: bias, y });
      if (isLstm) {
        const units = layer.outputSize, b = layer.recurrent!.packed;
        rows.multiply({ n: 4 * units, k: units, x: output, b, from: y, y });
        cells.forward({
          ...{ rows: 1, units, gates, cBefore: c, c, tanhC, h: output },
        });
      }
      from = output;
    }
    this.#relate(pairs);
    return this.#logits;
  }

  /** Adds the scores of relations to the logits of the classes they hold for. */
  #relate(pairs: ArrayLike<number>): void {
    const { layers, spec, streamOffsets, streamPairs } = this.#plan;
    if (!spec.relations) return;
    const top = layers[layers.length - 1]!;
    this.#pairs.set(pairs);
    this.#offsets[3] = pairs.length;
    this.#kernels.addRelations(
      1,
      this.#logits.length,
      top.outputSize,
      streamOffsets + 8,
      streamPairs,
      top.stream.output,
    );
  }

  #isSparse(): boolean {
    const features = this.#features;
    let count = 0;
    for (let i = 0; i < features.length; i++) {
      if (features[i] !== 0) count++;
    }
    return count < SPARSE * features.length;
  }

  /** to [n] = bias + the rows of a table times their features. */
  #addRows(n: number, table: number, bias: number, to: number): void {
    const { streamInput, streamId } = this.#plan;
    for (let i = 0; i < this.#features.length; i++) {
      if (i > 0 && this.#features[i] === 0) continue;
      this.#id[0] = i;
      const factor = streamInput + 4 * i, start = i === 0 ? bias : to;
      this.#kernels.gatherRows(1, n, streamId, factor, table, start, to);
    }
  }
}
