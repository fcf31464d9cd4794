import assert from "node:assert/strict";
import { channelsOf } from "./channels.ts";

Deno.test("channelsOf() numbers channels in the order of the parts", () => {
  const parts = [5, undefined, 2, undefined, 5, 2].map((channel) => ({
    name: "",
    program: 0,
    isDrum: false,
    ...channel === undefined ? {} : { channel },
  }));
  assert.deepEqual(channelsOf(parts), [0, 1, 2, 3, 0, 2]);
  assert.deepEqual(channelsOf([]), []);
});
