import assert from "node:assert/strict";
import { checkEngines } from "./check.ts";
import { chooseEngine } from "./choose.ts";

Deno.test("checkEngines() has a line for each engine: what is chosen and why, or what would add it", async () => {
  const chosen = await chooseEngine("wasm");
  const lines = await checkEngines(chosen);
  assert.deepEqual(
    lines.map(({ what }) => what),
    ["native", "wasm", "webgpu", "tensorflow", "memory"],
  );
  const wasm = lines.find(({ what }) => what === "wasm");
  assert.deepEqual(wasm, {
    ...{ what: "wasm", state: "chosen", device: chosen.device },
    remark: "asked for",
  });
  for (const { what, state, device, remark } of lines) {
    if (state === "missing") assert.match(remark, /^Cannot train .*(Use|use) /);
    else if (state !== "unknown") assert.ok(device.length > 0, what);
  }
});
