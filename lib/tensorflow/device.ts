/**
 * Ops of TensorFlow, run one by one on the device that the addon chose. Tensors
 * stay there; {@linkcode Device.scope} frees them.
 */
import { inScratchFolder } from "../base/base.ts";
import type { Addon, Attribute, Tensor } from "./addon.ts";
import {
  type Constant,
  encodeGraph,
  type Feed,
  GRAPH_TAG,
  type RecordedOp,
} from "./graph.ts";

export type { Attribute, Tensor } from "./addon.ts";

/** Types of elements, as the C API numbers them. */
const FLOAT = 1, INT32 = 3, INT64 = 9;

/** A graph that TensorFlow has taken. */
export interface Graph {
  /** Its number in the addon. */
  readonly model: number;
  /** Names of what it is given and of what it gives, with commas. */
  readonly inputs: string;
  readonly outputs: string;
}

/** An attribute that is a whole number, or several. */
export const int = (
  name: string,
  value: number | readonly number[],
): Attribute => ({ name, type: 1, value });
/** An attribute that is a float. */
export const float = (name: string, value: number): Attribute => ({
  name,
  type: 2,
  value,
});
/** An attribute that is true or false. */
export const bool = (name: string, value: boolean): Attribute => ({
  name,
  type: 3,
  value,
});
/** An attribute that is a text. */
export const text = (name: string, value: string): Attribute => ({
  name,
  type: 0,
  value,
});
/** The attribute of an op whose values are floats. */
export const floats = (name: string): Attribute => ({
  name,
  type: 4,
  value: FLOAT,
});

const TRANSPOSE = [false, true].map((a) =>
  [false, true].map((b) => [bool("transpose_a", a), bool("transpose_b", b)])
);
const FLOATS = floats("T");
const NONE: readonly Attribute[] = [];
/** Variables of all devices of the process are told apart by their names. */
let variables = 0;

/** Runs ops. Shapes that ops cannot take throw TensorFlow's own error. */
export class Device {
  readonly #addon: Addon;
  /** Tensors made in the current scope. */
  #made = new Set<number>();
  readonly #constants = new Map<string, Constant>();
  #recorded: RecordedOp[] | undefined;

  constructor(addon: Addon) {
    this.#addon = addon;
  }

  /** Whether it is a GPU. */
  get isGpu(): boolean {
    return this.#addon.isUsingGpuDevice();
  }

  /** Runs an op of several outputs. */
  outputs(
    op: string,
    inputs: readonly Tensor[],
    attributes: readonly Attribute[],
    count: number,
  ): Tensor[] {
    const ids = inputs.map(({ id }) => id);
    const tensors = this.#addon.executeOp(op, attributes, ids, count);
    for (const { id } of tensors) this.#made.add(id);
    this.#recorded?.push({ op, inputs, attributes, outputs: tensors });
    return tensors;
  }

  /** Runs an op of one output. */
  run(
    op: string,
    inputs: readonly Tensor[],
    attributes: readonly Attribute[] = NONE,
  ): Tensor {
    return this.outputs(op, inputs, attributes, 1)[0]!;
  }

  /** A tensor of these values, which must not be changed any more. */
  tensor(
    values: Float32Array | Int32Array,
    shape: readonly number[] = [values.length],
  ): Tensor {
    const dtype = values instanceof Float32Array ? FLOAT : INT32;
    const id = this.#addon.createTensor(shape, dtype, values);
    this.#made.add(id);
    return { id, shape, dtype };
  }

  /** A constant, made once and kept for ever. */
  #constant(
    key: string,
    shape: readonly number[],
    make: () => Float32Array | Int32Array,
    dtype: number,
  ): Tensor {
    const found = this.#constants.get(key);
    if (found) return found.tensor;
    const values = make(), bytes = new Uint8Array(values.buffer);
    const id = this.#addon.createTensor(shape, dtype, values);
    const tensor = { id, shape, dtype };
    this.#constants.set(key, { tensor, bytes });
    return tensor;
  }

  /** Integers, as axes and shapes are given; kept for ever. */
  ints(...values: number[]): Tensor {
    const make = () => Int32Array.from(values);
    return this.#constant(`ints ${values}`, [values.length], make, INT32);
  }

  /** An integer without dimensions, kept for ever. */
  int(value: number): Tensor {
    return this.#constant(
      `int ${value}`,
      [],
      () => Int32Array.of(value),
      INT32,
    );
  }

  /** A 64-bit integer without dimensions, kept for ever. */
  int64(value: number): Tensor {
    // The addon takes the two halves of each.
    const make = () => Int32Array.of(value, 0);
    return this.#constant(`int64 ${value}`, [], make, INT64);
  }

  /** Two 64-bit integers, kept for ever. */
  int64Pair(a: number, b: number): Tensor {
    const make = () => Int32Array.of(a, 0, b, 0);
    return this.#constant(`int64 ${a} ${b}`, [2], make, INT64);
  }

  /** Zeros, kept for ever. */
  zeros(...shape: number[]): Tensor {
    const size = shape.reduce((product, n) => product * n, 1);
    const make = () => new Float32Array(size);
    return this.#constant(`zeros ${shape}`, shape, make, FLOAT);
  }

  /** A float without dimensions. */
  scalar(value: number): Tensor {
    return this.tensor(Float32Array.of(value), []);
  }

  /**
   * A graph of the ops that `compute` runs.
   *
   * @param feeds What they are given, apart from constants.
   * @param compute Gives their results.
   */
  graphOf(feeds: readonly Feed[], compute: () => readonly Tensor[]): Graph {
    const ops: RecordedOp[] = [], outer = this.#recorded;
    this.#recorded = ops;
    let results: readonly Tensor[];
    try {
      results = this.scope(compute);
    } finally {
      this.#recorded = outer;
    }
    const constants = new Map(
      Array.from(this.#constants.values(), (one) => [one.tensor.id, one]),
    );
    const graph = encodeGraph({ feeds, ops, constants, results });
    const model = inScratchFolder(
      ["saved_model.pb", graph.bytes],
      (folder) => this.#addon.loadSavedModel(folder, GRAPH_TAG),
    );
    const inputs = graph.feeds.join(), outputs = graph.results.join();
    return { model, inputs, outputs };
  }

  /** Runs a graph, given tensors as it was recorded with, in their order. */
  runGraph(
    { model, inputs, outputs }: Graph,
    feeds: readonly Tensor[],
  ): Tensor[] {
    const ids = feeds.map(({ id }) => id);
    const tensors = this.#addon.runSavedModel(model, ids, inputs, outputs);
    for (const { id } of tensors) this.#made.add(id);
    return tensors;
  }

  /** Frees a graph. */
  freeGraph({ model }: Graph): void {
    this.#addon.deleteSavedModel(model);
  }

  /** A copy of a tensor's values. */
  read(tensor: Tensor): Float32Array {
    return this.#addon.tensorDataSync(tensor.id) as Float32Array;
  }

  /** Frees all tensors that were made while `compute` ran and are not kept. */
  scope<T>(compute: () => T): T {
    const outer = this.#made;
    this.#made = new Set();
    try {
      return compute();
    } finally {
      for (const id of this.#made) this.#addon.deleteTensor(id);
      this.#made = outer;
    }
  }

  /** As {@linkcode scope}, but what is returned as kept lives on in the outer scope. */
  brief<T extends { readonly kept: readonly Tensor[] }>(compute: () => T): T {
    const result = this.scope(() => {
      const result = compute();
      for (const tensor of result.kept) this.keep(tensor);
      return result;
    });
    for (const { id } of result.kept) this.#made.add(id);
    return result;
  }

  /** Keeps a tensor beyond its scope, until it is freed. */
  keep(tensor: Tensor): Tensor {
    this.#made.delete(tensor.id);
    return tensor;
  }

  /** Frees a tensor. */
  free({ id }: Tensor): void {
    this.#made.delete(id);
    this.#addon.deleteTensor(id);
  }

  /** a·b of matrices. */
  matMul(
    a: Tensor,
    b: Tensor,
    transposed: { readonly a?: boolean; readonly b?: boolean } = {},
  ): Tensor {
    const attributes = TRANSPOSE[Number(transposed.a ?? false)]!;
    return this.run(
      "MatMul",
      [a, b],
      attributes[Number(transposed.b ?? false)],
    );
  }

  /** a + b; one may have fewer dimensions. */
  add(a: Tensor, b: Tensor): Tensor {
    return this.run("AddV2", [a, b]);
  }

  /** The sum of tensors of one shape. */
  sum(tensors: readonly Tensor[]): Tensor {
    if (tensors.length === 1) return tensors[0]!;
    return this.run("AddN", tensors, [int("N", tensors.length), FLOATS]);
  }

  /** a·b, element by element; one may have fewer dimensions. */
  multiply(a: Tensor, b: Tensor | number): Tensor {
    const factor = typeof b === "number" ? this.scalar(b) : b;
    return this.run("Mul", [a, factor]);
  }

  /** The same values in another shape. */
  reshape(a: Tensor, ...shape: number[]): Tensor {
    return this.run("Reshape", [a, this.ints(...shape)]);
  }

  /** Tensors one after the other along an axis. */
  concatenate(tensors: readonly Tensor[], axis = 0): Tensor {
    if (tensors.length === 1) return tensors[0]!;
    return this.run("ConcatV2", [...tensors, this.int(axis)], [
      ...[int("N", tensors.length), FLOATS],
    ]);
  }

  /** Parts of these sizes along an axis. */
  split(a: Tensor, sizes: readonly number[], axis = 0): Tensor[] {
    return this.outputs(
      "SplitV",
      [a, this.ints(...sizes), this.int(axis)],
      [int("num_split", sizes.length)],
      sizes.length,
    );
  }

  /** The parts of the first axis, which they lose. */
  unpack(a: Tensor): Tensor[] {
    const count = a.shape[0]!;
    return this.outputs("Unpack", [a], [int("num", count)], count);
  }

  /** The sum of all values. */
  total(a: Tensor): Tensor {
    const axes = a.shape.map((_, axis) => axis);
    return this.run("Sum", [a, this.ints(...axes)]);
  }

  /** A variable, which ops change in place. */
  variable(shape: readonly number[]): Tensor {
    return this.keep(this.run("VarHandleOp", [], [
      floats("dtype"),
      { name: "shape", type: 5, value: shape },
      text("shared_name", `immersic/${variables++}`),
    ]));
  }

  /** Sets a variable. */
  assign(variable: Tensor, value: Tensor): void {
    this.outputs("AssignVariableOp", [variable, value], NONE, 0);
  }

  /** The value of a variable. */
  valueOf(variable: Tensor): Tensor {
    return this.run("ReadVariableOp", [variable], [floats("dtype")]);
  }

  /** Frees a variable. */
  destroy(variable: Tensor): void {
    this.outputs("DestroyResourceOp", [variable], NONE, 0);
    this.free(variable);
  }
}
