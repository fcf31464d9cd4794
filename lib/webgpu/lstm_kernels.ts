/**
 * The recurrence of an LSTM layer on the GPU: B rows, T time steps, U units.
 * A unit's four gates i, f, c, o lie together as one vector, in weights [U, U]
 * and in gates [T·B, U] alike; outputs and states are [(T + 1)·B, U], the first
 * block being those before the first step.
 *
 * Rows do not depend on each other. So a workgroup can take some rows through
 * all time steps by itself, or be given one step of some rows and units: the
 * same kernel, by the number of workgroups and of steps.
 */
import type { Kernel } from "./kernel.ts";

/** How a workgroup's threads are divided. */
export interface Division {
  /** Rows of the batch, a multiple of 4. */
  readonly rows: number;
  /** Units at a time. */
  readonly units: number;
  /** Threads that share the sum over the units before. */
  readonly shares: number;
}

/** Units before that are in the workgroup's memory at a time. */
const DEPTH = 64;

type LstmParams = "rows" | "units" | "first" | "steps";

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

/** Goes over the units that a workgroup computes, and over those before. */
function overUnits(
  { units, shares }: Division,
  parts: { begin: string; stage: string; sum: string; end: string },
  condition = "true",
): string {
  return `
for (var tile = group.x; tile * ${units}u < params.units; tile += groups.x) {
  let unit = min(tile * ${units}u + local.x, params.units - 1u);
  ${parts.begin}
  if (${condition}) {
    for (var k0 = 0u; k0 < params.units; k0 += ${DEPTH}u) {
      ${parts.stage}
      workgroupBarrier();
      let last = min((local.y + 1u) * ${DEPTH / shares}u, params.units - k0);
      for (var k = local.y * ${DEPTH / shares}u; k < last; k++) {
        ${parts.sum}
      }
      workgroupBarrier();
    }
  }
  ${parts.end}
  workgroupBarrier();
}`;
}

/** Each thread's part of the tile's rows and units. */
function overCells({ rows, units, shares }: Division, body: string): string {
  return `
  for (var i = thread; i < ${rows * units}u; i += ${units * shares}u) {
    let r = row0 + i / ${units}u;
    let u = tile * ${units}u + i % ${units}u;
    if (r < params.rows && u < params.units) {
      ${body}
    }
  }`;
}

/**
 * Time steps from `first` on: gates [T·B, U] hold the input's part of the
 * pre-activations and become gates; states and outputs are written.
 */
export function lstmForward(division: Division): Kernel<
  "recurrent" | "gates" | "states" | "outputs",
  LstmParams
> {
  const { rows, units, shares } = division;
  const fours = rows / 4;
  const room = Math.max(fours * DEPTH, shares * rows * units);
  return {
    name: `LSTM forward, ${rows} rows`,
    arrays: {
      recurrent: "vec4f",
      gates: "write vec4f",
      states: "write f32",
      outputs: "write f32",
    },
    params: { rows: "u32", units: "u32", first: "u32", steps: "u32" },
    threads: [units, shares],
    declarations: `var<workgroup> room: array<vec4f, ${room}>;`,
    body: `
let row0 = group.y * ${rows}u;
for (var t = params.first; t < params.first + params.steps; t++) {
  ${
      overUnits(division, {
        begin: range(rows).map((r) => `var sum${r} = vec4f();`).join(" "),
        stage: `
      for (var i = thread; i < ${fours * DEPTH}u; i += ${units * shares}u) {
        let k = k0 + i % ${DEPTH}u;
        let r = row0 + 4u * (i / ${DEPTH}u);
        var v = vec4f();
        if (k < params.units) {
          ${
          range(4).map((j) =>
            `if (r + ${j}u < params.rows) { v[${j}] = outputs[(t * params.rows + r + ${j}u) * params.units + k]; }`
          ).join("\n")
        }
        }
        room[i] = v;
      }`,
        sum: `
        let w = recurrent[(k0 + k) * params.units + unit];
        ${
          range(fours).map((f) => `let h${f} = room[${f * DEPTH}u + k];`).join(
            " ",
          )
        }
        ${
          range(rows).map((r) =>
            `sum${r} = fma(vec4f(h${Math.floor(r / 4)}[${r % 4}]), w, sum${r});`
          ).join("\n")
        }`,
        end: `
  ${
          range(rows).map((r) =>
            `room[(local.y * ${rows}u + ${r}u) * ${units}u + local.x] = sum${r};`
          ).join("\n")
        }
  workgroupBarrier();
  ${
          overCells(
            division,
            `
      let at = (t * params.rows + r) * params.units + u;
      var z = gates[at];
      for (var s = 0u; s < ${shares}u; s++) { z += room[s * ${
              rows * units
            }u + i]; }
      let gate = vec4f(sigmoid(z.x), sigmoid(z.y), tangent(z.z), sigmoid(z.w));
      let state = fma(gate.y, states[at], gate.x * gate.z);
      let next = at + params.rows * params.units;
      gates[at] = gate;
      states[next] = state;
      outputs[next] = gate.w * tangent(state);`,
          )
        }`,
      })
    }
  storageBarrier();
}`,
  };
}

/**
 * The gradient of {@linkcode lstmForward}, from the time step `first` down:
 * gates become the gradient of the pre-activations. `dOutputs` is what reaches
 * the outputs from above, [T·B, U], or where `lastOnly` is 1 that of the last
 * step [B, U]. `recurrent` is given transposed, `dStates` [B, U] is zero first.
 */
export function lstmBackward(division: Division): Kernel<
  "recurrent" | "gates" | "states" | "dOutputs" | "dStates",
  LstmParams | "total" | "lastOnly"
> {
  const { rows, units, shares } = division;
  return {
    name: `LSTM backward, ${rows} rows`,
    arrays: {
      recurrent: "vec4f",
      gates: "write vec4f",
      states: "f32",
      dOutputs: "f32",
      dStates: "write f32",
    },
    params: {
      rows: "u32",
      units: "u32",
      first: "u32",
      steps: "u32",
      total: "u32",
      lastOnly: "u32",
    },
    threads: [units, shares],
    declarations: `
var<workgroup> room: array<vec4f, ${rows * DEPTH}>;
var<workgroup> sums: array<f32, ${shares * rows * units}>;`,
    body: `
let row0 = group.y * ${rows}u;
for (var step = 0u; step < params.steps; step++) {
  let t = params.first - step;
  ${
      overUnits(
        division,
        {
          begin: range(rows).map((r) => `var sum${r} = vec4f();`).join(" "),
          stage: `
      for (var i = thread; i < ${rows * DEPTH}u; i += ${units * shares}u) {
        let k = k0 + i % ${DEPTH}u;
        let r = row0 + i / ${DEPTH}u;
        var v = vec4f();
        if (k < params.units && r < params.rows) {
          v = gates[((t + 1u) * params.rows + r) * params.units + k];
        }
        room[i] = v;
      }`,
          sum: `
        let w = recurrent[(k0 + k) * params.units + unit];
        ${
            range(rows).map((r) =>
              `sum${r} = fma(room[${r * DEPTH}u + k], w, sum${r});`
            ).join("\n")
          }`,
          end: `
  ${
            range(rows).map((r) =>
              `sums[(local.y * ${rows}u + ${r}u) * ${units}u + local.x] = dot(sum${r}, vec4f(1.0));`
            ).join("\n")
          }
  workgroupBarrier();
  ${
            overCells(
              division,
              `
      let cell = r * params.units + u;
      let block = params.rows * params.units;
      let at = t * block + cell;
      let isLast = t + 1u == params.total;
      var d = 0.0;
      if (params.lastOnly == 0u) { d = dOutputs[at]; }
      else if (isLast) { d = dOutputs[cell]; }
      for (var s = 0u; s < ${shares}u; s++) { d += sums[s * ${
                rows * units
              }u + i]; }
      let gate = gates[at];
      let bent = tangent(states[at + block]);
      let dNext = select(dStates[cell], 0.0, isLast);
      let dState = fma(d * gate.w, 1.0 - bent * bent, dNext);
      dStates[cell] = dState * gate.y;
      gates[at] = vec4f(
        dState * gate.z * gate.x * (1.0 - gate.x),
        dState * states[at] * gate.y * (1.0 - gate.y),
        dState * gate.x * (1.0 - gate.z * gate.z),
        d * bent * gate.w * (1.0 - gate.w),
      );`,
            )
          }`,
        },
        "t + 1u < params.total",
      )
    }
  storageBarrier();
}`,
  };
}

/** y [columns, rows] = x [rows, columns] transposed, of vectors. */
export const TRANSPOSE: Kernel<"x" | "y", "rows" | "columns"> = {
  name: "transpose",
  arrays: { x: "vec4f", y: "write vec4f" },
  params: { rows: "u32", columns: "u32" },
  threads: [64, 1],
  body: `
let n = params.rows * params.columns;
for (var i = group.x * 64u + thread; i < n; i += groups.x * 64u) {
  y[i] = x[(i % params.rows) * params.columns + i / params.rows];
}`,
};

/**
 * The outputs and states before the first step: zero, or where states are
 * carried those after the last batch, and zero again for rows that begin anew.
 */
export const BEGIN_STATES: Kernel<
  "resets" | "states" | "outputs",
  "rows" | "units"
> = {
  name: "first states",
  arrays: { resets: "u32", states: "write f32", outputs: "write f32" },
  params: { rows: "u32", units: "u32" },
  threads: [64, 1],
  body: `
let n = params.rows * params.units;
for (var i = group.x * 64u + thread; i < n; i += groups.x * 64u) {
  let last = control.carriedSteps * n + i;
  let isZero = control.carriedSteps == 0u || resets[i / params.units] != 0u;
  states[i] = select(states[last], 0.0, isZero);
  outputs[i] = select(outputs[last], 0.0, isZero);
}`,
};
