import assert from "node:assert/strict";
import { whyNoTensorFlow } from "./setup_tensorflow.ts";

Deno.test("whyNoTensorFlow() tells where TensorFlow cannot be set up, and what to do instead", () => {
  const cases: [os: string, arch: string, device: "cpu" | "gpu", RegExp?][] = [
    ["linux", "x86_64", "cpu"],
    ["linux", "x86_64", "gpu"],
    ["linux", "aarch64", "cpu"],
    ["linux", "aarch64", "gpu", /Leave out --gpu/],
    ["darwin", "aarch64", "cpu"],
    ["darwin", "aarch64", "gpu", /Linux on x86-64 only.*Leave out --gpu/],
    ["darwin", "x86_64", "cpu", /no wheel.*engine auto/],
    ["windows", "x86_64", "gpu", /engine auto, or .*WSL 2/],
  ];
  for (const [os, arch, device, words] of cases) {
    const why = whyNoTensorFlow(os, arch, device);
    if (words) assert.match(why ?? "", words, `${os} ${arch} ${device}`);
    else assert.equal(why, undefined, `${os} ${arch} ${device}`);
  }
});

Deno.test("requirements of TensorFlow are pinned to a version and to digests", async () => {
  for (const list of ["", "-gpu"]) {
    const url = new URL(`requirements-tensorflow${list}.txt`, import.meta.url);
    const lines = (await Deno.readTextFile(url)).trim().split("\n")
      .filter((line) => !line.startsWith("#"));
    for (const line of lines) {
      assert.match(line, /^[\w-]+==[\d.]+ .*--hash=sha256:[0-9a-f]{64}$/);
    }
    assert.ok(lines.some((line) => /^tensorflow(-cpu)?==/.test(line)));
  }
});
