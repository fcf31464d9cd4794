/** The forward pass over one worker's rows; see `shard.ts` for the shapes. */
import { CONTROL } from "./control.ts";
import { drop } from "./dropout.ts";
import { START } from "./kernels.ts";
import { mostFeatures, type PlannedLayer } from "./plan.ts";
import type { Shard } from "./shard.ts";
import { classesOf } from "./spec.ts";

/** Computes every layer, from the input to the logits. */
export function forward(shard: Shard): void {
  const { rows, steps } = shard.extent();
  if (rows === 0) return;
  const { arena, kernels, plan } = shard;
  const hot = plan.spec.input.kind === "sparse" ? mostFeatures(plan.spec) : 1;
  kernels.fill(rows * steps * hot, arena + plan.factors, 1);
  plan.layers.forEach(({ layer, output, outputSize }, i) => {
    if (layer.kind === "lstm") lstm(shard, i);
    else if (layer.kind === "dense") {
      project(shard, i, outputSize, arena + output);
    } else dropForward(shard, i);
  });
  relate(shard);
}

/** Adds the scores of relations to the logits of the classes they hold for. */
function relate(shard: Shard): void {
  const { arena, kernels, plan } = shard;
  if (!plan.spec.relations) return;
  const last = plan.layers.length - 1, top = plan.layers[last]!;
  kernels.addRelations(
    shard.rowsOf(top),
    classesOf(plan.spec),
    top.outputSize,
    arena + plan.pairOffsets,
    arena + plan.pairs,
    shard.outputOf(last),
  );
}

/** out [rows, n] = input·kernel + bias of layer i. */
function project(shard: Shard, i: number, n: number, out: number): void {
  const { arena, kernels, plan, products } = shard;
  const layer = plan.layers[i]!;
  const { weight, packed, k } = layer.kernel!;
  const m = shard.rowsOf(layer);
  const input = shard.outputOf(i - 1);
  const bias = shard.weightAt(layer.bias!);
  if (packed === 0) {
    const factors = arena + plan.factors, table = shard.weightAt(weight);
    const { spec } = plan;
    if (spec.input.kind === "sparse") {
      const offsets = arena + plan.inputOffsets, { most } = spec.input;
      kernels.gatherSets(
        ...[m, n, most, offsets, input, factors, table, bias, out] as const,
      );
    } else kernels.gatherRows(m, n, input, factors, table, bias, out);
  } else {
    const start = START.bias;
    products.multiply({ m, n, k, a: input, b: packed, c: out, start, bias });
  }
}

function dropForward(shard: Shard, i: number): void {
  const { arena, bytes, plan } = shard;
  if (shard.dropsFactors(i)) {
    return drop(shard, i, arena + plan.factors, mostFeatures(plan.spec));
  }
  const layer = plan.layers[i]!, columns = layer.inputSize;
  const output = arena + layer.output, input = shard.outputOf(i - 1);
  bytes.copyWithin(output, input, input + 4 * shard.rowsOf(layer) * columns);
  drop(shard, i, output, columns);
}

function lstm(shard: Shard, i: number): void {
  const { arena, cells, products } = shard;
  const layer = shard.plan.layers[i]!;
  const { rows, steps } = shard.extent();
  const units = layer.outputSize, block = 4 * rows * units;
  const recurrent = {
    m: rows,
    n: 4 * units,
    k: units,
    b: layer.recurrent!.packed,
    start: START.add,
  };
  const startsFromZero = initialState(shard, layer);
  project(shard, i, 4 * units, arena + layer.gates);
  for (let t = 0; t < steps; t++) {
    const gates = arena + layer.gates + 4 * t * block;
    const hBefore = arena + layer.output + t * block;
    const cBefore = arena + layer.states + t * block;
    const tanhC = arena + layer.tanhStates + t * block;
    if (t > 0 || !startsFromZero) {
      products.multiply({ ...recurrent, a: hBefore, c: gates });
    }
    const c = cBefore + block, h = hBefore + block;
    cells.forward({ rows, units, gates, cBefore, c, tanhC, h });
  }
}

/**
 * Writes the state before the first step: zero, or where states are carried,
 * that after the last batch, zero again for rows that begin a new piece.
 *
 * @returns Whether it is zero for all rows.
 */
function initialState(shard: Shard, layer: PlannedLayer): boolean {
  const { arena, bytes, control, plan } = shard;
  const { first, rows } = shard.extent();
  const carried = control[CONTROL.carriedSteps]!;
  const row = 4 * layer.outputSize, block = rows * row;
  for (const place of [layer.output, layer.states]) {
    const at = arena + place;
    if (carried === 0) {
      bytes.fill(0, at, at + block);
      continue;
    }
    const last = at + carried * block;
    bytes.copyWithin(at, last, last + block);
    for (let r = 0; r < rows; r++) {
      if (bytes[plan.resetsAt + first + r] === 0) continue;
      bytes.fill(0, at + r * row, at + (r + 1) * row);
    }
  }
  return carried === 0;
}
