/** The backward pass over one worker's rows; see `shard.ts` for the shapes. */
import { CONTROL } from "./control.ts";
import { drop } from "./dropout.ts";
import { PANEL_COLUMNS, START } from "./kernels.ts";
import type { Shard } from "./shard.ts";

/** Computes this worker's gradients of all weights, from the logits' on. */
export function backward(shard: Shard): void {
  const { bytes, kernels, plan } = shard;
  if (shard.extent().rows === 0) {
    const at = shard.weightGradientAt(plan.weights[0]!);
    return kernels.fill(plan.weightFloats, at, 0);
  }
  const firstTrainable = plan.layers.findIndex(({ kernel }) => kernel);
  for (let i = plan.layers.length - 1; i >= firstTrainable; i--) {
    const layer = plan.layers[i]!;
    if (layer.layer.kind === "lstm") lstmBackward(shard, i);
    else if (layer.layer.kind === "dense") {
      projectBackward(shard, i, layer.outputSize, shard.gradientOf(i));
    } else {
      const from = shard.gradientOf(i), to = shard.gradientOf(i - 1);
      const size = 4 * shard.rowsOf(layer) * layer.inputSize;
      bytes.copyWithin(to, from, from + size);
      drop(shard, i, to, layer.inputSize);
    }
  }
}

/**
 * Gradients of layer i's kernel, bias and input.
 *
 * @param d Address of the gradient [rows, n] of what `project()` in
 * `forward.ts` computes. It is left packed at the arena's `packedB`.
 */
function projectBackward(shard: Shard, i: number, n: number, d: number): void {
  const { arena, bytes, kernels, plan, products } = shard;
  const layer = plan.layers[i]!;
  const { weight, packed, transposed, k } = layer.kernel!;
  const rows = shard.rowsOf(layer);
  const input = shard.outputOf(i - 1);
  const packedD = arena + plan.packedB;
  const gradient = shard.weightGradientAt(weight);
  const sums = shard.weightGradientAt(layer.bias!);
  products.packBAndSum({ k: rows, n, b: d, packed: packedD, sums });
  const start = START.zero;
  if (packed === 0) {
    const factors = arena + plan.factors;
    bytes.fill(0, gradient, gradient + 4 * weight.size);
    if (plan.spec.input.kind === "sparse") {
      const offsets = arena + plan.inputOffsets, { most } = plan.spec.input;
      kernels.scatterSets(
        ...[rows, n, most, offsets, input, factors, d, gradient] as const,
      );
    } else kernels.scatterRows(rows, n, input, factors, d, gradient);
  } else {
    products.multiply({
      m: k,
      n,
      k: rows,
      a: input,
      transposed: true,
      b: packedD,
      c: gradient,
      start,
    });
  }
  if (transposed !== 0) {
    const c = shard.gradientOf(i - 1);
    products.multiply({ m: rows, n: k, k: n, a: d, b: transposed, c, start });
  }
}

function lstmBackward(shard: Shard, i: number): void {
  const { arena, cells, control, kernels, plan, products } = shard;
  const planned = plan.layers[i]!, { layer } = planned;
  const { rows, steps } = shard.extent();
  const units = planned.outputSize, block = 4 * rows * units;
  const { transposed, weight } = planned.recurrent!;
  const sequences = layer.kind === "lstm" && layer.returnSequences;
  // The gradient that reaches a step's output through the next step's gates.
  const recurrent = {
    m: rows,
    n: units,
    k: 4 * units,
    b: transposed,
    start: sequences ? START.add : START.zero,
  };
  const allGates = arena + planned.gates;
  const dc = arena + planned.stateGradient;
  kernels.fill(rows * units, dc, 0);
  for (let t = steps - 1; t >= 0; t--) {
    const gates = allGates + 4 * t * block;
    const dh = arena + planned.gradient + t * block;
    if (t < steps - 1) {
      products.multiply({ ...recurrent, a: gates + 4 * block, c: dh });
    }
    const cBefore = arena + planned.states + t * block;
    const tanhC = arena + planned.tanhStates + t * block;
    cells.backward({ rows, units, gates, cBefore, tanhC, dh, dc });
  }
  projectBackward(shard, i, 4 * units, allGates);
  // A first state of zero adds nothing to the recurrent kernel's gradient.
  const skip = control[CONTROL.carriedSteps] === 0 ? 1 : 0;
  const depth = (steps - skip) * rows;
  const c = shard.weightGradientAt(weight);
  if (depth === 0) return kernels.fill(weight.size, c, 0);
  products.multiply({
    m: units,
    n: 4 * units,
    k: depth,
    a: arena + planned.output + skip * block,
    transposed: true,
    // As projectBackward() has packed it.
    b: arena + plan.packedB + 4 * PANEL_COLUMNS * skip * rows,
    depthB: steps * rows,
    c,
    start: START.zero,
  });
}
