import assert from "node:assert/strict";
import { chooseEngine } from "./choose.ts";

Deno.test("chooseEngine() tells the GPU's name, or that there is none", async () => {
  const hasGpu = Boolean(await navigator.gpu?.requestAdapter());
  const chosen = chooseEngine("webgpu");
  if (hasGpu) assert.match((await chosen).device, /WebGPU/);
  else await assert.rejects(chosen, /no graphics adapter.*engine auto/);
});
