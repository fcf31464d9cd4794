import assert from "node:assert/strict";
import { clockTime } from "./clock.ts";

Deno.test("clockTime() rounds up to the next minute and never writes 0:60", () => {
  assert.deepEqual(
    [0, 9.96, 59.94, 59.95, 119.999, 3600].map(clockTime),
    ["0:00", "0:10", "0:59.9", "1:00", "2:00", "60:00"],
  );
});
