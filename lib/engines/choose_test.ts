import assert from "node:assert/strict";
import { whyNoMachineCode } from "../lstm/lstm.ts";
import { chooseEngine } from "./choose.ts";
import { tensorFlowIfAny } from "./tensorflow_device.ts";

const whyNot = whyNoMachineCode();

Deno.test({
  name:
    "chooseEngine() takes machine code where the machine runs it, else tells why not",
  // Where it is set up, see lib/tensorflow/engine_slow_test.ts.
  ignore: await tensorFlowIfAny() !== undefined,
  async fn() {
    const { name, reason } = await chooseEngine("auto");
    if (whyNot !== undefined) {
      assert.equal(name, "wasm");
      assert.ok(reason.includes(whyNot), reason);
    } else assert.equal(name, "native");
  },
});

Deno.test("chooseEngine() gives WebAssembly when asked", async () => {
  const { name, reason } = await chooseEngine("wasm");
  assert.deepEqual([name, reason], ["wasm", "asked for"]);
});

Deno.test("chooseEngine() refuses what is not available with the engine to use", async () => {
  const isThere = await tensorFlowIfAny() !== undefined;
  const chosen = chooseEngine("tensorflow");
  if (isThere) {
    assert.match((await chosen).device, /^TensorFlow \d/);
  } else await assert.rejects(chosen, /setup:tensorflow.*engine auto/);
});

Deno.test("chooseEngine() refuses an engine that there is not", async () => {
  const name: unknown = "gpu";
  await assert.rejects(chooseEngine(name as "auto"), {
    message: /^Cannot set the engine to "gpu"\. .*webgpu/,
  });
});
