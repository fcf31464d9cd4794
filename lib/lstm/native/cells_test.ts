// deno-lint-ignore-file no-console -- a test says why it is ignored
import assert from "node:assert/strict";
import { Random } from "../../base/base.ts";
import { type Cells, WasmCells } from "../cells.ts";
import { instantiate, loadKernels, sharedMemory } from "../kernels.ts";
import { NativeCells } from "./cells.ts";
import { machineCode } from "./code.ts";
import type { MachineCode } from "./machine.ts";

const { module, build } = await loadKernels();

/** Addresses in memory, a mebibyte or more apart. */
const GATES = 1 << 20, C_BEFORE = 3 << 20, C = 4 << 20;
const TANH_C = 5 << 20, H = 6 << 20, SCRATCH = 7 << 20;

for (const vectors of ["AVX2", "AVX-512"] as const) {
  const { code, reason } = machineCode(vectors);
  if (!code) {
    console.log(`Gates with ${vectors} are not tested here: ${reason}.`);
  }
  Deno.test({
    name:
      `NativeCells gives the bits of the WebAssembly kernels, forward and backward, and writes nothing beside them: ${vectors}`,
    // Without relaxed SIMD the kernels round twice where machine code does once.
    ignore: !code || build !== "relaxed",
    fn: () => cellsAsWasm(code!),
  });
}

function cellsAsWasm(code: MachineCode): void {
  const memory = sharedMemory(8 << 20);
  const floats = new Float32Array(memory.buffer);
  const wasm = new WasmCells(instantiate(module, memory));
  const native = new NativeCells(code, memory, SCRATCH);
  const random = new Random(1);
  const sizes = [[1, 1], [3, 8], [2, 16], [5, 13], [4, 37], [3, 70]] as const;
  for (const [rows, units] of sizes) {
    const size = rows * units;
    const extents: readonly (readonly [at: number, length: number])[] = [
      [GATES, 4 * size],
      [C_BEFORE, size],
      [C, size],
      [TANH_C, size],
      [H, size],
    ];
    // Large values too, which clamp e^x and saturate the gates.
    const before = extents.map(([, length]) =>
      Float32Array.from(
        { length: length + 16 },
        (_, i) => random.normal() * (i % 11 === 0 ? 100 : 1.5),
      )
    );
    const results = (run: (cells: Cells) => void) =>
      [native, wasm].map((cells) => {
        extents.forEach(([at], i) => floats.set(before[i]!, at / 4 - 8));
        run(cells);
        return extents.map(([at, length]) =>
          floats.slice(at / 4 - 8, at / 4 + length + 8)
        );
      });
    const places = {
      ...{ rows, units, gates: GATES },
      ...{ cBefore: C_BEFORE, tanhC: TANH_C },
    };
    const [forward, expected] = results((cells) =>
      cells.forward({ ...places, c: C, h: H })
    );
    assert.deepEqual(forward, expected, `${rows} × ${units}, forward`);
    const [backward, gradient] = results((cells) =>
      cells.backward({ ...places, dh: H, dc: C })
    );
    assert.deepEqual(backward, gradient, `${rows} × ${units}, backward`);
    assert.notDeepEqual(forward, backward);
  }
}
