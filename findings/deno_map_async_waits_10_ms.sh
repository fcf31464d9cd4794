#!/usr/bin/env bash
# Deno 2.9.6 keeps the promise of GPUBuffer.mapAsync() ten milliseconds late.
#
# The call itself waits until the GPU is done. Then, before the promise is kept, a timer
# of 10 ms runs, however short the work was. Mappings begun together share that wait.
#
# Why it matters: a training step on a graphics card takes a millisecond or two. A loop
# that awaits each step's loss is then several times slower than the card, and looks
# like a slow GPU.
#
# Expected: an idle GPU's buffer is mapped in far less than a millisecond.
# Seen: 10 ms and more each, one after another; under 5 ms each, twenty at once.
# Needs a graphics adapter (on Debian: mesa-vulkan-drivers).
# Exits 0 while it is as stated, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/map.ts" <<'TS'
const adapter = await navigator.gpu.requestAdapter();
if (!adapter) throw new Error("There is no graphics adapter here.");
const device = await adapter.requestDevice();
const buffers = Array.from({ length: 20 }, () =>
  device.createBuffer({
    size: 16,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  }));
const map = (buffer: GPUBuffer) => buffer.mapAsync(GPUMapMode.READ);
const millisecondsEach = async (work: () => Promise<unknown>) => {
  const begun = performance.now();
  await work();
  for (const buffer of buffers) buffer.unmap();
  return (performance.now() - begun) / buffers.length;
};
const together = () =>
  millisecondsEach(() => Promise.all(buffers.map(map)));
await together();
const inTurn = await millisecondsEach(async () => {
  for (const buffer of buffers) await map(buffer);
});
const atOnce = await together();
console.log(`in turn: ${inTurn.toFixed(1)} ms each`);
console.log(`at once: ${atOnce.toFixed(1)} ms each`);
Deno.exit(inTurn >= 10 && atOnce < 5 ? 0 : 1);
TS
npx -y deno@2.9.6 --version | head -1
npx -y deno@2.9.6 run --no-check "$folder/map.ts"
