import assert from "node:assert/strict";
import { Random } from "../../base/base.ts";
import { instantiate, loadKernels, sharedMemory } from "../kernels.ts";
import { type Rows, WasmRows } from "../rows.ts";
import { machineCode } from "./code.ts";
import { NativeRows } from "./rows.ts";

const { code } = machineCode();
const { module, build } = await loadKernels();

/** Addresses in memory, a mebibyte or more apart. */
const X = 1 << 20, B = 2 << 20, PACKED_B = 4 << 20, FROM = 6 << 20;
const IDS = 7 << 20, ONES = 8 << 20, OFFSETS = 9 << 20, SCRATCH = 10 << 20;
const Y = 11 << 20;

/** Both kinds of rows in one memory, of noise. */
function rows() {
  const memory = sharedMemory(12 << 20);
  const kernels = instantiate(module, memory);
  const wasm = new WasmRows(kernels, memory.buffer, ONES, OFFSETS);
  const native = new NativeRows(code!, wasm, memory, SCRATCH);
  const floats = new Float32Array(memory.buffer);
  const random = new Random(1);
  for (const at of [X, B, FROM, Y]) {
    for (let i = 0; i < 100_000; i++) floats[at / 4 + i] = random.normal();
  }
  floats.fill(1, ONES / 4, ONES / 4 + 300);
  /** What one of both leaves around y, of `length` floats. */
  const around = (length: number, run: () => void) => {
    const from = Y / 4 - 32, before = floats.slice(from, from + length + 64);
    run();
    const after = floats.slice(from, from + length + 64);
    floats.set(before, from);
    return after;
  };
  const both = (length: number, run: (rows: Rows) => void) =>
    [native, wasm].map((rows) => around(length, () => run(rows)));
  return { kernels, floats, random, both, ids: new Int32Array(memory.buffer) };
}

// Without relaxed SIMD the kernels round twice where machine code does once.
const ignore = !code || build !== "relaxed";

Deno.test({
  name:
    "NativeRows.multiply() gives the bits of the WebAssembly kernels, from a bias and from what y holds, and writes nothing beside y",
  ignore,
  fn() {
    const { kernels, both } = rows();
    for (const n of [1, 8, 9, 24, 64, 120, 121, 200]) {
      const panels = Math.ceil(n / 8);
      for (const k of [1, 2, 7, 33, 64]) {
        kernels.packB(k, n, B, n, PACKED_B, 0, panels);
        for (const from of [FROM, Y]) {
          const [ours, theirs] = both(
            8 * panels,
            (rows) => rows.multiply({ n, k, x: X, b: PACKED_B, from, y: Y }),
          );
          assert.deepEqual(ours, theirs, `${k} × ${n}`);
        }
      }
    }
  },
});

Deno.test({
  name:
    "NativeRows.sum() gives the bits of the WebAssembly kernels, and writes nothing beside y",
  ignore,
  fn() {
    const { both, ids, random } = rows();
    for (const n of [64, 128, 100, 512]) {
      for (const count of [0, 1, 5, 130]) {
        for (let i = 0; i < count; i++) ids[IDS / 4 + i] = random.int(150);
        const [ours, theirs] = both(
          n,
          (rows) =>
            rows.sum({ n, count, ids: IDS, table: B, from: FROM, y: Y }),
        );
        assert.deepEqual(ours, theirs, `${count} rows of ${n}`);
      }
    }
  },
});
