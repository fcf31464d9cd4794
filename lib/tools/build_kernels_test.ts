import assert from "node:assert/strict";
import { ALL_BUILDS, buildKernels, urlOf } from "./build_kernels.ts";

for (const build of ALL_BUILDS) {
  Deno.test(`buildKernels() gives the committed ${build}, byte for byte`, async () => {
    const committed = await Deno.readFile(urlOf(build));
    const built = await buildKernels(build);
    assert.ok(
      built.length === committed.length &&
        built.every((byte, i) => byte === committed[i]),
      "The kernels differ from their source: run deno run -A lib/tools/build_kernels.ts.",
    );
  });
}
