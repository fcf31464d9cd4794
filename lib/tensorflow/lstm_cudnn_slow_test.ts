import assert from "node:assert/strict";
import { loadAddon } from "./addon.ts";
import { Device } from "./device.ts";
import { cudnnParameters, ofParameters } from "./lstm_cudnn.ts";
import { HAS_TENSORFLOW, WHY_SKIPPED } from "./testing.ts";

Deno.test({
  name:
    `cudnnParameters() has transposed kernels, then no bias, then the bias, and ofParameters() undoes it${WHY_SKIPPED}`,
  ignore: !HAS_TENSORFLOW,
  async fn() {
    const device = new Device(await loadAddon(1));
    const counting = (length: number, from: number) =>
      Float32Array.from({ length }, (_, i) => from + i);
    device.scope(() => {
      // One unit: a column for each of the gates i, f, c, o.
      const kernel = device.tensor(counting(8, 0), [2, 4]);
      const recurrent = device.tensor(counting(4, 10), [1, 4]);
      const bias = device.tensor(counting(4, 20));
      const all = cudnnParameters(device, { kernel, recurrent, bias });
      assert.deepEqual([...device.read(all)], [
        ...[0, 4, 1, 5, 2, 6, 3, 7],
        ...[10, 11, 12, 13],
        ...[0, 0, 0, 0],
        ...[20, 21, 22, 23],
      ]);
      const back = ofParameters(device, all, { kernel, recurrent });
      [kernel, recurrent, bias].forEach((one, i) => {
        assert.deepEqual(back[i]!.shape, one.shape);
        assert.deepEqual(device.read(back[i]!), device.read(one));
      });
    });
  },
});
