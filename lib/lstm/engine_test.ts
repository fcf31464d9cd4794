import assert from "node:assert/strict";
import { chooseEngine } from "./engine.ts";
import { machineCode } from "./native/code.ts";

const { code, reason: whyNot } = machineCode();

Deno.test("chooseEngine() takes machine code where the machine runs it, else tells why not", async () => {
  const { name, reason } = await chooseEngine("auto");
  if (!code) {
    assert.equal(name, "wasm");
    assert.ok(reason.includes(whyNot!), reason);
  } else assert.equal(name, "native");
});

Deno.test("chooseEngine() gives WebAssembly when asked", async () => {
  const { name, reason } = await chooseEngine("wasm");
  assert.deepEqual([name, reason], ["wasm", "asked for"]);
});

Deno.test("chooseEngine() refuses what is not available with the engine to use", async () => {
  await assert.rejects(chooseEngine("webgpu"), /webgpu.*--engine auto/);
  await assert.rejects(chooseEngine("tensorflow"), /tensorflow.*--engine auto/);
});
