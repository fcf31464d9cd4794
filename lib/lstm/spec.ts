/**
 * What a recurrent network is: its layers, and the weights they hold, named
 * and shaped as Keras has them.
 */

/** One layer of a network. */
export type LayerSpec =
  | { readonly kind: "dropout"; readonly name: string; readonly rate: number }
  | {
    readonly kind: "lstm";
    readonly name: string;
    readonly units: number;
    /** Whether every time step's output goes on, or the last one's only. */
    readonly returnSequences: boolean;
  }
  | { readonly kind: "dense"; readonly name: string; readonly units: number };

/** A stack of layers, from its input to its loss. */
export interface NetworkSpec {
  /**
   * `onehot`: integer ids below `size`; `dense`: `size` floats a step; `sparse`:
   * at most `most` of `size` features a step, each 1, the others 0.
   */
  readonly input:
    | { readonly kind: "onehot" | "dense"; readonly size: number }
    | {
      readonly kind: "sparse";
      readonly size: number;
      readonly most: number;
    };
  /** From the input up; the last is dense. */
  readonly layers: readonly LayerSpec[];
  /** `softmax`: one of the last layer's units; `sigmoid`: each on its own. */
  readonly loss: "softmax" | "sigmoid";
  /**
   * Softmax only: the last `count` units of the last layer score relations, which
   * at each step hold for some classes and add their score to these classes'
   * logits; `most` is the most pairs of class and relation at a step.
   * @default none: all units are classes
   */
  readonly relations?: { readonly count: number; readonly most: number };
}

/** The classes that the last layer's units stand for. */
export function classesOf(spec: NetworkSpec): number {
  const top = spec.layers.at(-1)!;
  return (top.kind === "dropout" ? 0 : top.units) -
    (spec.relations?.count ?? 0);
}

/** A trainable array. */
export interface Weight {
  /** As in Keras: `lstm_1/kernel`. */
  readonly name: string;
  /** Its dimensions, as Keras orders them. */
  readonly shape: readonly number[];
}

/** A layer with its input and output sizes. */
export interface SizedLayer {
  /** The layer. */
  readonly layer: LayerSpec;
  /** Features that come in, of one step. */
  readonly inputSize: number;
  /** Features that go out, of one step. */
  readonly outputSize: number;
  /** Whether the layer sees one step a sequence, not all of them. */
  readonly lastStepOnly: boolean;
}

/**
 * The layers with their sizes worked out.
 *
 * @throws {RangeError} When a layer could not run.
 */
export function sizedLayers(spec: NetworkSpec): SizedLayer[] {
  const top = spec.layers[spec.layers.length - 1];
  if (top?.kind !== "dense") {
    throw new RangeError(
      `Cannot build the network: its last layer must be dense, current value is ${top?.kind}.`,
    );
  }
  if (spec.relations && (spec.loss !== "softmax" || classesOf(spec) < 1)) {
    throw new RangeError(
      `Cannot build the network: ${spec.relations.count} relations need the loss softmax and more units in the last layer, current values are ${spec.loss} and ${top.units}.`,
    );
  }
  let inputSize = spec.input.size;
  let lastStepOnly = false;
  const names = new Set<string>();
  return spec.layers.map((layer) => {
    if (names.has(layer.name)) {
      throw new RangeError(
        `Cannot build the network: two layers are named "${layer.name}".`,
      );
    }
    names.add(layer.name);
    const before = lastStepOnly;
    if (layer.kind === "lstm") {
      if (lastStepOnly) {
        throw new RangeError(
          `Cannot build the network: layer "${layer.name}" needs sequences, but a layer below returns its last step only. Set its returnSequences.`,
        );
      }
      lastStepOnly = !layer.returnSequences;
    }
    if (layer.kind === "dropout") {
      if (!(layer.rate >= 0 && layer.rate < 1)) {
        throw new RangeError(
          `Cannot build the network: the rate of "${layer.name}" must be in [0, 1), current value is ${layer.rate}.`,
        );
      }
    } else if (!Number.isInteger(layer.units) || layer.units < 1) {
      throw new RangeError(
        `Cannot build the network: the units of "${layer.name}" must be a positive integer, current value is ${layer.units}.`,
      );
    }
    const outputSize = layer.kind === "dropout" ? inputSize : layer.units;
    const sized = { layer, inputSize, outputSize, lastStepOnly: before };
    inputSize = outputSize;
    return sized;
  });
}

/** The trainable weights, in the order of the layers. */
export function weightsOf(spec: NetworkSpec): Weight[] {
  return sizedLayers(spec).flatMap(({ layer, inputSize }) => {
    if (layer.kind === "dropout") return [];
    const { name, units } = layer;
    if (layer.kind === "dense") {
      return [
        { name: `${name}/kernel`, shape: [inputSize, units] },
        { name: `${name}/bias`, shape: [units] },
      ];
    }
    return [
      { name: `${name}/kernel`, shape: [inputSize, 4 * units] },
      { name: `${name}/recurrent_kernel`, shape: [units, 4 * units] },
      { name: `${name}/bias`, shape: [4 * units] },
    ];
  });
}

/** The number of floats in an array of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
