import assert from "node:assert/strict";
import { drumsOf } from "./style_drums.ts";

Deno.test("drumsOf() takes the beat that is asked, or else that of a style", () => {
  assert.deepEqual(drumsOf({ styles: ["cinematic", "techno", "rock"] }), {
    beat: "four-on-the-floor",
  });
  assert.deepEqual(drumsOf({ styles: ["rock"], drums: { sounds: [39] } }), {
    beat: "backbeat",
    sounds: [39],
  });
  const asked = { beat: "half-time" as const };
  assert.equal(drumsOf({ styles: ["rock"], drums: asked }), asked);
  assert.equal(drumsOf({ styles: ["lo-fi"] }), undefined);
});
