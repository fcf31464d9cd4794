// deno-lint-ignore-file no-console -- a test says why it is ignored
import assert from "node:assert/strict";
import { Random } from "../../base/base.ts";
import {
  instantiate,
  loadKernels,
  PANEL_COLUMNS,
  sharedMemory,
  START,
} from "../kernels.ts";
import { type MatrixProducts, WasmProducts } from "../products.ts";
import { machineCode } from "./code.ts";
import type { MachineCode } from "./machine.ts";
import { mostPackedFloats, NativeProducts } from "./products.ts";

const { module, build } = await loadKernels();

/** Addresses in memory, a mebibyte or more apart. */
const A = 1 << 20, B = 3 << 20, PACKED_B = 5 << 20, BIAS = 7 << 20;
const PACKED_A = 8 << 20, SCRATCH = 11 << 20, C = 12 << 20;

/** Both kinds of products in one memory. */
function products(code: MachineCode) {
  const memory = sharedMemory(16 << 20);
  const kernels = instantiate(module, memory);
  return {
    floats: new Float32Array(memory.buffer),
    kernels,
    native: new NativeProducts(code, memory, PACKED_A, SCRATCH),
    wasm: new WasmProducts(kernels, PACKED_A, SCRATCH + 4096),
  };
}

/** Floats that arithmetic treats in ways of their own. */
const SPECIAL = [0, -0, 1e-41, -3e-39, 3e38, Infinity, -Infinity];

for (const vectors of ["AVX2", "AVX-512"] as const) {
  const { code, reason } = machineCode(vectors);
  if (!code) {
    console.log(`Products with ${vectors} are not tested here: ${reason}.`);
  }
  Deno.test({
    name:
      `NativeProducts.multiply() gives the bits of the WebAssembly kernels, and writes nothing beside C: ${vectors}`,
    // Without relaxed SIMD the kernels round twice where machine code does once.
    ignore: !code || build !== "relaxed",
    fn: () => multiplyAsWasm(code!),
  });
  Deno.test({
    name:
      `NativeProducts.packBAndSum() gives the bits of the WebAssembly kernels, and writes nothing beside the sums: ${vectors}`,
    ignore: !code,
    fn: () => packAsWasm(code!),
  });
}

function multiplyAsWasm(code: MachineCode): void {
  const { floats, kernels, native, wasm } = products(code);
  const random = new Random(1);
  for (let round = 0; round < 300; round++) {
    const m = 1 + random.int(round % 9 === 0 ? 200 : 20);
    const n = 1 + random.int(100);
    const k = 1 + random.int(round % 7 === 0 ? 300 : 40);
    const skip = random.int(3), depthB = k + skip;
    const transposed = random.int(2) === 1;
    const start = random.pick([START.zero, START.add, START.bias]);
    const fill = (at: number, length: number) => {
      for (let i = 0; i < length; i++) {
        floats[at / 4 + i] = round % 5 === 0 && random.int(50) === 0
          ? random.pick(SPECIAL)
          : random.normal();
      }
    };
    fill(A, m * k);
    fill(B, depthB * n);
    fill(BIAS, n);
    const panels = Math.ceil(n / PANEL_COLUMNS);
    kernels.packB(depthB, n, B, n, PACKED_B, 0, panels);
    // The values around C must not change.
    const before = Float32Array.from(
      { length: m * n + 64 },
      () => random.normal(),
    );
    const result = (products: MatrixProducts) => {
      floats.set(before, C / 4 - 32);
      const b = PACKED_B + 4 * PANEL_COLUMNS * skip;
      products.multiply({
        ...{ m, n, k, a: A, transposed, b, depthB },
        ...{ c: C, start, bias: BIAS },
      });
      return floats.slice(C / 4 - 32, C / 4 + m * n + 32);
    };
    const behindA = PACKED_A / 4 + mostPackedFloats(m, k);
    floats.fill(7, behindA, behindA + 64);
    const ours = result(native);
    assert.ok(floats.slice(behindA, behindA + 64).every((x) => x === 7));
    const theirs = result(wasm);
    assert.deepEqual(
      ours,
      theirs,
      JSON.stringify({ m, n, k, depthB, transposed, start }),
    );
    assert.deepEqual(ours.subarray(0, 32), before.subarray(0, 32));
    assert.deepEqual(
      ours.subarray(m * n + 32),
      before.subarray(m * n + 32),
    );
  }
}

function packAsWasm(code: MachineCode): void {
  const { floats, native, wasm } = products(code);
  const random = new Random(1);
  const noise = (length: number) =>
    Float32Array.from({ length }, () => random.normal());
  for (
    const [k, n] of [[1, 1], [7, 8], [8, 9], [20, 16], [33, 50], [
      64,
      32,
    ]] as const
  ) {
    floats.set(noise(k * n), B / 4);
    const before = noise(n + 32);
    const result = (products: MatrixProducts) => {
      floats.set(before, BIAS / 4 - 16);
      floats.fill(
        0,
        PACKED_B / 4,
        PACKED_B / 4 + k * (n + PANEL_COLUMNS),
      );
      products.packBAndSum({ k, n, b: B, packed: PACKED_B, sums: BIAS });
      const sums = floats.slice(BIAS / 4 - 16, BIAS / 4 + n + 16);
      // The padding of the last panel is not compared: no product depends on it.
      const packed = Array.from({ length: k * n }, (_, i) => {
        const row = Math.floor(i / n), column = i % n;
        const panel = Math.floor(column / PANEL_COLUMNS);
        const place = (panel * k + row) * PANEL_COLUMNS;
        return floats[PACKED_B / 4 + place + column % PANEL_COLUMNS];
      });
      return { sums, packed };
    };
    const ours = result(native);
    assert.deepEqual(ours, result(wasm), `${k} × ${n}`);
    assert.deepEqual(ours.packed, [
      ...floats.slice(B / 4, B / 4 + k * n),
    ]);
    assert.deepEqual(ours.sums.subarray(0, 16), before.subarray(0, 16));
    assert.deepEqual(ours.sums.subarray(n + 16), before.subarray(n + 16));
  }
}
