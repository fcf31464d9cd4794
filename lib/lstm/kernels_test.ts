import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import { instantiate, type Kernels, sharedMemory, START } from "./kernels.ts";

const MEBIBYTE = 1 << 20;

/** The kernels of one build, in a memory of their own. */
async function load(build: "relaxed" | "simd") {
  const url = new URL(`./kernels.${build}.wasm`, import.meta.url);
  const memory = sharedMemory(8 * MEBIBYTE);
  const module = await WebAssembly.compile(await Deno.readFile(url));
  const kernels = instantiate(module, memory);
  return { kernels, floats: new Float32Array(memory.buffer) };
}

Deno.test("loadKernels() finds in the build without relaxed SIMD the same functions, with the same results but for rounding", async () => {
  const builds = [await load("relaxed"), await load("simd")];
  const [relaxed, simd] = builds.map(({ kernels }) => Object.keys(kernels));
  assert.deepEqual(relaxed, simd);
  const at = (mebibytes: number) => mebibytes * MEBIBYTE;
  /** What `run` leaves in `length` floats from 5 MiB on, by each build. */
  const results = (length: number, run: (kernels: Kernels) => void) =>
    builds.map(({ kernels, floats }) => {
      const random = new Random(1);
      for (let i = at(1) / 4; i < at(6) / 4; i++) floats[i] = random.normal();
      run(kernels);
      return floats.slice(at(5) / 4, at(5) / 4 + length);
    });
  const checks: [name: string, length: number, run: (k: Kernels) => void][] = [
    ["product", 37 * 21, (k) => {
      k.packA(37, 50, at(1), 50, at(2));
      k.packB(50, 21, at(3), 21, at(4), 0, 3);
      const [a, b, c] = [at(2), at(4), at(5)];
      k.product(37, 21, 50, a, b, 50, c, 21, START.add, 0, at(7));
    }],
    ["rowProduct", 40, (k) => {
      k.packB(50, 40, at(3), 40, at(4), 0, 5);
      k.rowProduct(40, 50, at(1), at(4), at(5), START.bias, at(2));
    }],
    ["lstmForward", 4 * 5 * 9, (k) => {
      k.lstmForward(5, 9, at(5), at(1), at(2), at(3), at(4));
    }],
    ["lstmBackward", 4 * 5 * 9, (k) => {
      k.lstmBackward(5, 9, at(5), at(1), at(2), at(3), at(4));
    }],
    ["adam", 64, (k) => {
      // Squared gradients are not negative.
      k.fill(64, at(3), 0.5);
      k.adam(64, at(5), at(1), at(2), at(3), 1, 0.01, 0.9, 0.999, 1e-7, 0.1);
    }],
  ];
  for (const [name, length, run] of checks) {
    const [ours, theirs] = results(length, run);
    ours!.forEach((x, i) =>
      assert.ok(
        Math.abs(x - theirs![i]!) < 1e-5 * Math.max(1, Math.abs(x)),
        `${name} [${i}]: ${x} and ${theirs![i]}`,
      )
    );
  }
});
