import assert from "node:assert/strict";
import { whyNoMachineCode } from "../lstm/lstm.ts";
import { chooseEngine } from "./choose.ts";

const whyNot = whyNoMachineCode();

Deno.test("chooseEngine() takes machine code where the machine runs it, else tells why not", async () => {
  const { name, reason } = await chooseEngine("auto");
  if (whyNot !== undefined) {
    assert.equal(name, "wasm");
    assert.ok(reason.includes(whyNot), reason);
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
