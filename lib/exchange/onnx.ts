/**
 * Networks as ONNX, whose LSTM operator has the layers as they are. Hidden and cell
 * states go in and come out, so that one step at a time can be run.
 * Source: https://github.com/onnx/onnx/blob/main/docs/Operators.md, opset 17.
 *
 * B batch rows, T time steps, F features of a step, U units.
 */

import { encodeMessage, type Field } from "../base/base.ts";
import { sizedLayers } from "../lstm/lstm.ts";
import {
  type ExportedModel,
  RUN_KEY,
  type Tensor,
  tensorsOf,
  transposed,
} from "./file_model.ts";

/** Kinds of values and attributes, as ONNX numbers them. */
const FLOAT = 1, INT64 = 7, INT = 2, INTS = 7;
/** ONNX has the gates in the order i, o, f, c, Keras in the order i, f, c, o. */
const GATES = [0, 3, 1, 2];

/** Makes an `.onnx`. */
export function writeOnnx(model: ExportedModel): Uint8Array {
  const graph = new Graph();
  const { spec } = model;
  const tensors = tensorsOf(model);
  const weight = (layer: string, part: string) =>
    tensors.get(`${layer}/${part}`)!;
  graph.input("input", ["batch", "steps", spec.input.size]);
  let at = graph.add("Transpose", ["input"], { perm: [1, 0, 2] });
  let isLastStep = false;
  for (const { layer } of sizedLayers(spec)) {
    const { name } = layer;
    if (layer.kind === "dropout") continue;
    if (layer.kind === "dense") {
      const product = graph.add("MatMul", [
        at,
        graph.floats(`${name}/kernel`, weight(name, "kernel")),
      ]);
      const bias = graph.floats(`${name}/bias`, weight(name, "bias"));
      at = graph.add("Add", [product, bias]);
      continue;
    }
    const { units } = layer, state = [1, "batch", units];
    const [h, c] = [`${name}_h`, `${name}_c`];
    for (const one of [h, c]) {
      graph.input(one, state);
      graph.output(`${one}_out`, state);
    }
    const all = `${name}_all`;
    graph.node(
      "LSTM",
      [
        at,
        graph.floats(`${name}/W`, gateRows(weight(name, "kernel"))),
        graph.floats(`${name}/R`, gateRows(weight(name, "recurrent_kernel"))),
        graph.floats(`${name}/B`, gateBiases(weight(name, "bias"))),
        "",
        h,
        c,
      ],
      [all, `${h}_out`, `${c}_out`],
      { hidden_size: units },
    );
    isLastStep = !layer.returnSequences;
    at = isLastStep
      ? graph.add("Squeeze", [`${h}_out`, graph.integers([0])])
      : graph.add("Squeeze", [all, graph.integers([1])]);
  }
  const last = sizedLayers(spec).at(-1)!.outputSize;
  const shape = isLastStep ? ["batch", last] : ["batch", "steps", last];
  graph.output("logits", shape);
  if (isLastStep) graph.node("Identity", [at], ["logits"]);
  else graph.node("Transpose", [at], ["logits"], { perm: [1, 0, 2] });
  if (!spec.relations) {
    graph.output("probabilities", shape);
    graph.node("Softmax", ["logits"], ["probabilities"]);
  }
  return encodeMessage([
    [1, 8], // version of the format
    [2, "Immersic"],
    [7, graph.fields],
    [8, [[1, ""], [2, 17]]], // operators
    [14, [[1, RUN_KEY], [2, JSON.stringify(model.run)]]],
  ]);
}

/** A graph that grows. */
class Graph {
  readonly #nodes: Field[] = [];
  readonly #initializers: Field[] = [];
  readonly #inputs: Field[] = [];
  readonly #outputs: Field[] = [];
  #count = 0;

  /** The message `GraphProto`. */
  get fields(): Field[] {
    return [
      ...this.#nodes,
      [2, "immersic"],
      ...this.#initializers,
      ...this.#inputs,
      ...this.#outputs,
    ];
  }

  /** Adds a node with one output; returns its name. */
  add(
    operator: string,
    inputs: readonly string[],
    attributes?: Attributes,
  ): string {
    const output = `${operator.toLowerCase()}_${this.#count++}`;
    this.node(operator, inputs, [output], attributes);
    return output;
  }

  node(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Attributes = {},
  ): void {
    this.#nodes.push([1, [
      ...inputs.map((name): Field => [1, name]),
      ...outputs.map((name): Field => [2, name]),
      [4, operator],
      ...Object.entries(attributes).map(([name, value]): Field => [
        5,
        typeof value === "number"
          ? [[1, name], [3, value], [20, INT]]
          : [[1, name], ...value.map((n): Field => [8, n]), [20, INTS]],
      ]),
    ]]);
  }

  /** Adds a weight; returns its name. */
  floats(name: string, { shape, values }: Tensor): string {
    const { buffer, byteOffset, byteLength } = values;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    this.#initializers.push([5, [
      ...shape.map((n): Field => [1, n]),
      [2, FLOAT],
      [8, name],
      [9, bytes],
    ]]);
    return name;
  }

  /** Adds whole numbers; returns their name. */
  integers(values: readonly number[]): string {
    const name = `axes_${this.#count++}`;
    const numbers = BigInt64Array.from(values, BigInt);
    this.#initializers.push([5, [
      [1, values.length],
      [2, INT64],
      [8, name],
      [9, new Uint8Array(numbers.buffer)],
    ]]);
    return name;
  }

  input(name: string, shape: Shape): void {
    this.#inputs.push([11, valueInfo(name, shape)]);
  }

  output(name: string, shape: Shape): void {
    this.#outputs.push([12, valueInfo(name, shape)]);
  }
}

type Attributes = Readonly<Record<string, number | readonly number[]>>;
/** A dimension that is free has a name. */
type Shape = readonly (number | string)[];

/** The message `ValueInfoProto`. */
function valueInfo(name: string, shape: Shape): Field[] {
  const dimensions = shape.map((n): Field => [
    1,
    typeof n === "number" ? [[1, n]] : [[2, n]],
  ]);
  return [[1, name], [2, [[1, [[1, FLOAT], [2, dimensions]]]]]];
}

/** A kernel [I, 4U] as ONNX has it, [1, 4U, I] in its order of gates. */
function gateRows(kernel: Tensor): Tensor {
  const { shape: [rows = 0, inputs = 0], values } = transposed(kernel);
  const block = rows / 4 * inputs;
  const ordered = new Float32Array(values.length);
  GATES.forEach((gate, i) =>
    ordered.set(values.subarray(gate * block, (gate + 1) * block), i * block)
  );
  return { shape: [1, rows, inputs], values: ordered };
}

/** A bias [4U] as ONNX has it, [1, 8U]: a second one, zero, follows. */
function gateBiases({ values }: Tensor): Tensor {
  const units = values.length / 4;
  const ordered = new Float32Array(8 * units);
  GATES.forEach((gate, i) =>
    ordered.set(values.subarray(gate * units, (gate + 1) * units), i * units)
  );
  return { shape: [1, 8 * units], values: ordered };
}
