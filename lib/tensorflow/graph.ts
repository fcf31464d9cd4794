/**
 * Ops that have run one by one, written as one graph: a SavedModel without
 * variables. Source of the format: tensorflow/core/protobuf/saved_model.proto and
 * tensorflow/core/framework/graph.proto of TensorFlow.
 */
import { encodeMessage, type Field } from "../base/base.ts";
import type { Attribute, Tensor } from "./addon.ts";

/** An op that has run. */
export interface RecordedOp {
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly attributes: readonly Attribute[];
  readonly outputs: readonly Tensor[];
}

/** A tensor that a graph is given each time. */
export interface Feed {
  readonly tensor: Tensor;
  /** Whether another time its shape may be another. */
  readonly varies: boolean;
}

/** What a graph is made from. */
export interface Recording {
  readonly feeds: readonly Feed[];
  /** In the order of running. */
  readonly ops: readonly RecordedOp[];
  /** Values of all other inputs of these ops, by the number of the tensor. */
  readonly constants: ReadonlyMap<number, Constant>;
  /** What the graph gives, outputs of these ops. */
  readonly results: readonly Tensor[];
}

/** A tensor that is always the same. */
export interface Constant {
  readonly tensor: Tensor;
  /** Its elements, the lowest byte first. */
  readonly bytes: Uint8Array;
}

/** A SavedModel's file, and the names of what goes in and comes out. */
export interface EncodedGraph {
  /** The content of `saved_model.pb`. */
  readonly bytes: Uint8Array;
  readonly feeds: readonly string[];
  readonly results: readonly string[];
}

/** The tag of the graph in its SavedModel. */
export const GRAPH_TAG = "train";

/**
 * Attributes that are types, with the input of that type. An op that runs by itself
 * finds them; a graph names them. By default `T`, of the first input.
 */
const TYPES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  BlockLSTM: { T: 1 },
  Cast: { SrcT: 0 },
  GatherNd: { Tparams: 0, Tindices: 1 },
  OneHot: { TI: 0, T: 2 },
  Slice: { T: 0, Index: 1 },
  SparseTensorDenseMatMul: { Tindices: 0, T: 1 },
  SplitV: { T: 0, Tlen: 1 },
  TensorScatterAdd: { T: 0, Tindices: 1 },
};

/** A version of the format that every TensorFlow from 2.16 on reads. */
const PRODUCER = 1000;

/**
 * Writes a graph.
 *
 * @throws {Error} If an op has an input that is in no part of the recording.
 */
export function encodeGraph(
  { feeds, ops, constants, results }: Recording,
): EncodedGraph {
  const nodes: Field[] = [], names = new Map<number, string>();
  const add = (
    node: { name: string; op: string; inputs: readonly string[] },
    attributes: ReadonlyMap<string, Field>,
    outputs: readonly Tensor[],
  ) => {
    const { name, op, inputs } = node;
    outputs.forEach(({ id }, i) => names.set(id, i ? `${name}:${i}` : name));
    nodes.push([1, [
      [1, name],
      [2, op],
      ...inputs.map((input): Field => [3, input]),
      ...Array.from(attributes, ([key, value]): Field => [
        5,
        [[1, key], [2, [value]]],
      ]),
    ]]);
  };
  feeds.forEach(({ tensor, varies }, i) =>
    add(
      { name: `feed${i}`, op: "Placeholder", inputs: [] },
      new Map<string, Field>([
        ["dtype", [6, tensor.dtype]],
        ...varies ? [] : [["shape", [7, shapeOf(tensor)]] as const],
      ]),
      [tensor],
    )
  );
  const nameOf = ({ id }: Tensor): string => {
    const known = names.get(id);
    if (known !== undefined) return known;
    const constant = constants.get(id);
    if (!constant) {
      throw new Error(`Cannot write a graph: tensor ${id} is new.`);
    }
    const { tensor, bytes } = constant;
    const value: Field[] = [[1, tensor.dtype], [2, shapeOf(tensor)], [
      4,
      bytes,
    ]];
    add(
      { name: `constant${id}`, op: "Const", inputs: [] },
      new Map([["dtype", [6, tensor.dtype]], ["value", [8, value]]]),
      [tensor],
    );
    return names.get(id)!;
  };
  ops.forEach(({ op, inputs, attributes, outputs }, i) => {
    const types = Object.entries(TYPES[op] ?? { T: 0 });
    add(
      { name: `op${i}`, op, inputs: inputs.map(nameOf) },
      new Map([
        ...types.map(([key, from]): [string, Field] => [
          key,
          [6, inputs[from]!.dtype],
        ]),
        ...attributes.map((one): [string, Field] => [one.name, valueOf(one)]),
      ]),
      outputs,
    );
  });
  const graph: Field[] = [...nodes, [4, [[1, PRODUCER]]]];
  const bytes = encodeMessage([
    [1, 1],
    [2, [[1, [[4, GRAPH_TAG]]], [2, graph]]],
  ]);
  return {
    bytes,
    feeds: feeds.map((_, i) => `feed${i}`),
    results: results.map(nameOf),
  };
}

/** A TensorShapeProto. */
function shapeOf({ shape }: Tensor): Field[] {
  return shape.map((size): Field => [2, [[1, size]]]);
}

/** An attribute as a field of an AttrValue, for the types that ops here have. */
function valueOf({ name, type, value }: Attribute): Field {
  if (typeof value === "string") return [2, value];
  if (typeof value === "boolean") return [5, Number(value)];
  if (typeof value !== "number") {
    throw new Error(`Cannot write a graph: the attribute "${name}" is a list.`);
  }
  if (type === 2) return [4, { float: value }];
  return [type === 4 ? 6 : 3, value];
}
