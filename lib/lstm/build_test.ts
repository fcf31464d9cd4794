import assert from "node:assert/strict";
import { buildKernels } from "./build.ts";

for (const build of ["relaxed", "simd"] as const) {
  Deno.test(`buildKernels() gives the committed ${build} build, byte for byte`, async () => {
    const url = new URL(`./kernels.${build}.wasm`, import.meta.url);
    const committed = await Deno.readFile(url);
    const built = await buildKernels(build);
    assert.ok(
      built.length === committed.length &&
        built.every((byte, i) => byte === committed[i]),
      "The kernels differ from their source: run deno run -A lib/lstm/build.ts.",
    );
  });
}
