/** The backward pass as dispatches; see `memory.ts` for the shapes. */
import { classesOf } from "../lstm/lstm.ts";
import type { Slice } from "./device.ts";
import {
  groupsOf,
  hotDropout,
  inputOf,
  isHot,
  type Pass,
  recurrenceGroups,
  recurrenceOf,
  relationArrays,
  rowsOf,
  tilesOf,
} from "./forward.ts";
import { SQUARE_GROUPS, SQUARES, UPDATE } from "./loss_kernels.ts";
import { TRANSPOSE } from "./lstm_kernels.ts";
import type { LayerMemory } from "./memory.ts";
import { partsOf } from "./parts.ts";
import {
  PRODUCT_OF_COLUMNS,
  PRODUCT_OF_ROWS,
  SUM_PARTS,
  SUM_ROWS,
} from "./product_kernels.ts";
import { DROP, dropoutOf, RELATE_BACKWARD, SCATTER } from "./row_kernels.ts";
import type { PlacedWeight } from "./weight_order.ts";

/** From the logits' gradient to those of all weights, and their squares. */
export function backward(pass: Pass): void {
  const { memory, schedule } = pass, { layers, spec } = memory;
  const top = layers.at(-1)!;
  if (spec.relations) {
    const rows = rowsOf(pass, top);
    schedule.add(
      RELATE_BACKWARD,
      relationArrays(pass),
      { rows, classes: classesOf(spec), units: top.outputSize },
      [groupsOf(rows)],
    );
  }
  const first = layers.findIndex(({ kernel }) => kernel);
  for (let i = layers.length - 1; i >= first; i--) {
    const layer = layers[i]!;
    if (layer.layer.kind === "lstm") lstmBackward(pass, i);
    else if (layer.layer.kind === "dense") {
      // The loss turned the last layer's outputs into their gradient in place.
      const d = layer === top ? layer.outputs : layer.gradient;
      projectBackward(pass, i, layer.outputSize, d);
    } else {
      const n = rowsOf(pass, layer) * layer.inputSize;
      schedule.add(
        DROP,
        { x: layer.gradient, y: layers[i - 1]!.gradient },
        { n, xAt: 0, ...dropoutOf(layer.layer.rate, i) },
        [groupsOf(n)],
      );
    }
  }
  const squares = memory.squareSums;
  schedule.add(
    SQUARES,
    { x: memory.block("gradients"), squares },
    { n: memory.weightFloats },
    [SQUARE_GROUPS],
  );
}

/** A step of the optimizer, after the totals. */
export function update({ memory, schedule }: Pass): void {
  schedule.add(
    UPDATE,
    {
      totals: memory.totals,
      gradients: memory.block("gradients"),
      weights: memory.block("weights"),
      means: memory.block("means"),
      squares: memory.block("squares"),
      average: memory.block("average"),
    },
    { n: memory.weightFloats },
    [groupsOf(memory.weightFloats)],
  );
}

/** gradient of `weight` [m, n] = Aᵀ·D, both of so many rows. */
function columnsProduct(
  { memory, schedule }: Pass,
  weight: PlacedWeight,
  { a, aAt, d, rows }: {
    readonly a: Slice;
    readonly aAt: number;
    readonly d: Slice;
    readonly rows: number;
  },
): void {
  const [m, n] = weight.shape as readonly [number, number];
  const { parts, chunk } = partsOf(m, n, rows);
  const gradient = memory.weight("gradients", weight);
  schedule.add(
    PRODUCT_OF_COLUMNS,
    { a, b: d, c: parts === 1 ? gradient : memory.parts },
    { m, n, k: rows, aAt, chunk },
    [...tilesOf(m, n), parts],
  );
  if (parts === 1) return;
  schedule.add(
    SUM_PARTS,
    { parts: memory.parts, sums: gradient },
    { n: m * n, count: parts },
    [groupsOf(m * n)],
  );
}

/**
 * Gradients of layer i's kernel, bias and input.
 *
 * @param d The gradient [rows, n] of what `project()` in `forward.ts` computes.
 */
function projectBackward(pass: Pass, i: number, n: number, d: Slice): void {
  const { memory, schedule } = pass;
  const layer = memory.layers[i]!, rows = rowsOf(pass, layer);
  const sums = memory.weight("gradients", layer.bias!);
  schedule.add(SUM_ROWS, { x: d, sums }, { rows, n }, [groupsOf(n, 32)]);
  if (isHot(memory, i)) {
    const size = layer.inputSize;
    schedule.add(
      SCATTER,
      {
        begins: memory.batch.slice("begins"),
        places: memory.batch.slice("places"),
        x: d,
        d: memory.weight("gradients", layer.kernel!),
      },
      { size, n, ...hotDropout(memory) },
      [groupsOf(n, 32), size],
    );
    return;
  }
  const { input: a, at: aAt } = inputOf(pass, i);
  columnsProduct(pass, layer.kernel!, { a, aAt, d, rows });
  if (!memory.layers.slice(0, i).some(({ kernel }) => kernel)) return;
  schedule.add(
    PRODUCT_OF_ROWS,
    {
      a: d,
      b: memory.weight("weights", layer.kernel!),
      c: memory.layers[i - 1]!.gradient,
    },
    { m: rows, n: layer.inputSize, k: n, aAt: 0, chunk: n },
    tilesOf(rows, layer.inputSize),
  );
}

function lstmBackward(pass: Pass, i: number): void {
  const { memory, schedule, rows, steps } = pass;
  const layer: LayerMemory = memory.layers[i]!, units = layer.outputSize;
  const { gates, states, transposed } = layer;
  schedule.add(
    TRANSPOSE,
    { x: memory.weight("weights", layer.recurrent!), y: transposed },
    { rows: units, columns: units },
    [groupsOf(units * units)],
  );
  const recurrence = recurrenceOf(pass, layer);
  const groups = recurrenceGroups(recurrence, rows, units);
  const sequences = layer.layer.kind === "lstm" && layer.layer.returnSequences;
  const stride = recurrence.isResident ? steps : 1;
  for (let first = steps - 1; first >= 0; first -= stride) {
    schedule.add(
      recurrence.backward,
      {
        recurrent: transposed,
        gates,
        states,
        dOutputs: layer.gradient,
        dStates: layer.stateGradient,
      },
      {
        ...{ rows, units, first, steps: stride, total: steps },
        lastOnly: sequences ? 0 : 1,
      },
      groups,
    );
  }
  projectBackward(pass, i, 4 * units, gates);
  // The outputs before each step: where the first are zero they add nothing.
  columnsProduct(pass, layer.recurrent!, {
    a: layer.outputs,
    aAt: 0,
    d: gates,
    rows: rows * steps,
  });
}
