import assert from "node:assert/strict";
import { openLiveWindow } from "./live_window.ts";

Deno.test("openLiveWindow() says what it needs if there is no network", async () => {
  const window = await openLiveWindow({ plotlyUrl: "http://127.0.0.1:9/p.js" });
  assert.equal(window.url, undefined);
  assert.match(window.message, /needs 127\.0\.0\.1:9, which cannot be reached/);
  window.update([{ epoch: 1, trainLoss: 3 }]);
  await window.close();
});
