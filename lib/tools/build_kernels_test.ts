import assert from "node:assert/strict";
import { buildKernels } from "./build_kernels.ts";

for (const build of ["relaxed", "simd"] as const) {
  Deno.test(`buildKernels() gives the committed ${build} build, byte for byte`, async () => {
    const url = new URL(`../lstm/kernels.${build}.wasm`, import.meta.url);
    const committed = await Deno.readFile(url);
    const built = await buildKernels(build);
    assert.ok(
      built.length === committed.length &&
        built.every((byte, i) => byte === committed[i]),
      "The kernels differ from their source: run deno run -A lib/tools/build_kernels.ts.",
    );
  });
}
