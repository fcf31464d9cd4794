import assert from "node:assert/strict";
import { adapterText } from "./device.ts";

const VULKAN = new Set(["shader-f16", "rg11b10ufloat-renderable"]);
const CARD = { description: "A Card", vendor: "1", isFallbackAdapter: false };

Deno.test("adapterText() tells OpenGL from Vulkan, and software from hardware", () => {
  assert.equal(adapterText(CARD, VULKAN), "A Card, WebGPU");
  assert.match(adapterText(CARD, new Set()), /OpenGL, slower: no Vulkan/);
  const software = { ...CARD, description: "", isFallbackAdapter: true };
  assert.match(adapterText(software, VULKAN), /^1, WebGPU \(a software/);
});

Deno.test("WebGPU: without an adapter the engine is refused with what to do", async () => {
  const script = `
    const { webGpuDevice } = await import(${
    JSON.stringify(new URL("./webgpu.ts", import.meta.url).href)
  });
    console.log(await webGpuDevice().catch(({ message }) => message));`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", script],
    // A back end that no machine with Linux or macOS has, and Metal on Windows.
    env: {
      DENO_WEBGPU_BACKEND: Deno.build.os === "windows" ? "metal" : "dx12",
    },
  }).output();
  assert.match(
    new TextDecoder().decode(stdout),
    /no graphics adapter.*Vulkan driver.*engine auto/,
  );
});
