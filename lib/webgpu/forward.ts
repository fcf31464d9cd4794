/** The forward pass as dispatches; see `memory.ts` for the shapes. */
import { classesOf } from "../lstm/lstm.ts";
import { mostFeatures } from "./batch_memory.ts";
import type { Slice } from "./device.ts";
import type { Kernel } from "./kernel.ts";
import { SIGMOID_LOSS, SOFTMAX_LOSS, TOTALS } from "./loss_kernels.ts";
import {
  BEGIN_STATES,
  type Division,
  lstmBackward,
  lstmForward,
} from "./lstm_kernels.ts";
import type { LayerMemory, Memory } from "./memory.ts";
import { PRODUCT_WITH_BIAS, TILE } from "./product_kernels.ts";
import { DROP, dropoutOf, GATHER, RELATE } from "./row_kernels.ts";
import type { Schedule } from "./schedule.ts";

/** A pass over a batch of some shape, and where its dispatches go. */
export interface Pass {
  readonly memory: Memory;
  readonly schedule: Schedule;
  /** B */
  readonly rows: number;
  /** T */
  readonly steps: number;
  /** Most units of a layer whose time steps go in one dispatch. */
  readonly residentUnits: number;
}

/** The kernels of a layer's recurrence, and how they are dispatched. */
export interface Recurrence {
  readonly division: Division;
  /** Whether a workgroup takes its rows through all time steps. */
  readonly isResident: boolean;
  readonly forward: ReturnType<typeof lstmForward>;
  readonly backward: ReturnType<typeof lstmBackward>;
}

function recurrence(division: Division, isResident: boolean): Recurrence {
  const forward = lstmForward(division), backward = lstmBackward(division);
  return { division, isResident, forward, backward };
}

/** All steps in one dispatch: every workgroup reads the whole recurrent kernel. */
const RESIDENT = recurrence({ rows: 4, units: 64, shares: 4 }, true);
/** A dispatch a step: the recurrent kernel is divided among workgroups. */
const STEPWISE = recurrence({ rows: 8, units: 32, shares: 4 }, false);

/** How a layer's time steps are computed. */
export function recurrenceOf(
  { residentUnits }: Pass,
  { outputSize }: LayerMemory,
): Recurrence {
  return outputSize <= residentUnits ? RESIDENT : STEPWISE;
}

/** Workgroups of a recurrence. */
export function recurrenceGroups(
  { division, isResident }: Recurrence,
  rows: number,
  units: number,
): readonly [number, number] {
  return [
    isResident ? 1 : Math.ceil(units / division.units),
    Math.ceil(rows / division.rows),
  ];
}

/** Rows that a layer computes: B·T, or B where it sees the last step only. */
export function rowsOf({ rows, steps }: Pass, layer: LayerMemory): number {
  return layer.lastStepOnly ? rows : rows * steps;
}

/** Whether layer i drops hot values of the input, where they are gathered. */
function dropsHot({ spec, layers }: Memory, i: number): boolean {
  return i === 0 && spec.input.kind !== "dense" &&
    layers[0]!.layer.kind === "dropout";
}

/** What layer i sees: an array, and where in it, in floats. */
export function inputOf(
  { memory, rows, steps }: Pass,
  i: number,
): { readonly input: Slice; readonly at: number } {
  if (i === 0 || dropsHot(memory, i - 1)) {
    return { input: memory.batch.slice("inputs"), at: 0 };
  }
  const { layer, outputs, outputSize } = memory.layers[i - 1]!;
  if (layer.kind !== "lstm") return { input: outputs, at: 0 };
  const blocks = layer.returnSequences ? 1 : steps;
  return { input: outputs, at: blocks * rows * outputSize };
}

/** Whether layer i is the first with weights, and its input is ids. */
export function isHot({ spec, layers }: Memory, i: number): boolean {
  const first = layers.findIndex(({ kernel }) => kernel);
  return i === first && spec.input.kind !== "dense";
}

/** Parameters of dropout of hot input. */
export function hotDropout({ spec, layers }: Memory):
  & ReturnType<
    typeof dropoutOf
  >
  & { most: number } {
  const bottom = layers[0]!.layer;
  const rate = bottom.kind === "dropout" ? bottom.rate : 0;
  return { ...dropoutOf(rate, 0), most: mostFeatures(spec) };
}

/** Workgroups of 64 threads for so many elements. */
export function groupsOf(n: number, threads = 64): number {
  return Math.ceil(n / threads);
}

/** Workgroups of a product [m, n]. */
export function tilesOf(m: number, n: number): readonly [number, number] {
  return [groupsOf(n, TILE), groupsOf(m, TILE)];
}

/** From the input to the logits, their loss, and the logits' gradient. */
export function forward(pass: Pass): void {
  const { memory, schedule } = pass;
  memory.layers.forEach((layer, i) => {
    if (layer.layer.kind === "lstm") lstm(pass, i);
    else if (layer.layer.kind === "dense") {
      project(pass, i, layer.outputSize, layer.outputs);
    } else if (!dropsHot(memory, i)) {
      const { input, at } = inputOf(pass, i);
      const n = rowsOf(pass, layer) * layer.inputSize;
      schedule.add(
        DROP,
        { x: input, y: layer.outputs },
        { n, xAt: at, ...dropoutOf(layer.layer.rate, i) },
        [groupsOf(n)],
      );
    }
  });
  const { spec, batch, results } = memory;
  const top = memory.layers.at(-1)!, units = top.outputSize;
  const size = { rows: rowsOf(pass, top), classes: classesOf(spec), units };
  if (spec.relations) {
    schedule.add(RELATE, relationArrays(pass), size, [groupsOf(size.rows)]);
  }
  const loss: Kernel<"targets" | "logits" | "results", keyof typeof size> =
    spec.loss === "softmax" ? SOFTMAX_LOSS : SIGMOID_LOSS;
  const targets = batch.slice("targets");
  schedule.add(loss, { targets, logits: top.outputs, results }, size, [
    size.rows,
  ]);
}

/** Arrays of the kernels of relations. */
export function relationArrays(
  { memory }: Pass,
): { offsets: Slice; pairs: Slice; scores: Slice } {
  return {
    offsets: memory.batch.slice("pairOffsets"),
    pairs: memory.batch.slice("pairs"),
    scores: memory.layers.at(-1)!.outputs,
  };
}

/** Adds up the rows' results. */
export function totals(pass: Pass): void {
  const { results, squareSums: squares, totals, layers } = pass.memory;
  const rows = rowsOf(pass, layers.at(-1)!);
  pass.schedule.add(TOTALS, { results, squares, totals }, { rows }, [1]);
}

/** out [rows, n] = input·kernel + bias of layer i. */
function project(pass: Pass, i: number, n: number, out: Slice): void {
  const { memory, schedule } = pass;
  const layer = memory.layers[i]!, m = rowsOf(pass, layer);
  const bias = memory.weight("weights", layer.bias!);
  const kernel = memory.weight("weights", layer.kernel!);
  const { input, at } = inputOf(pass, i);
  if (isHot(memory, i)) {
    const offsets = memory.batch.slice("inputOffsets");
    schedule.add(
      GATHER,
      { offsets, ids: input, table: kernel, bias, y: out },
      { rows: m, n, ...hotDropout(memory) },
      [groupsOf(n), m],
    );
  } else {
    const k = layer.inputSize;
    schedule.add(
      PRODUCT_WITH_BIAS,
      { a: input, b: kernel, c: out, bias },
      { m, n, k, aAt: at, chunk: k },
      tilesOf(m, n),
    );
  }
}

function lstm(pass: Pass, i: number): void {
  const { memory, schedule, rows, steps } = pass;
  const layer = memory.layers[i]!, units = layer.outputSize;
  const { gates, states, outputs } = layer;
  const resets = memory.batch.slice("resets");
  const arrays = { resets, states, outputs };
  schedule.add(BEGIN_STATES, arrays, { rows, units }, [groupsOf(rows * units)]);
  project(pass, i, 4 * units, gates);
  const recurrence = recurrenceOf(pass, layer);
  const recurrent = memory.weight("weights", layer.recurrent!);
  const groups = recurrenceGroups(recurrence, rows, units);
  const stride = recurrence.isResident ? steps : 1;
  for (let first = 0; first < steps; first += stride) {
    schedule.add(
      recurrence.forward,
      { recurrent, gates, states, outputs },
      { rows, units, first, steps: stride },
      groups,
    );
  }
}
