import assert from "node:assert/strict";
import { openLiveWindow } from "./live_window.ts";

Deno.test("openLiveWindow() serves the curve, quietly, until it is closed", async () => {
  const cdn = Deno.serve({ port: 0, onListen() {} }, () => new Response(""));
  const window = await openLiveWindow({
    title: "My run",
    openBrowser: false,
    plotlyUrl: `http://localhost:${cdn.addr.port}/plotly.js`,
  });
  try {
    window.update([{ epoch: 1, trainLoss: 3, validLoss: 3.5 }]);
    // The page asks for its data by Socket.IO's polling transport.
    const poll = `${window.url}/socket.io/?EIO=4&transport=polling`;
    const opened = await (await fetch(poll)).text();
    const session = `${poll}&sid=${JSON.parse(opened.slice(1)).sid}`;
    const send = async (body: string) =>
      await (await fetch(session, { method: "POST", body })).text();
    const receive = async () => await (await fetch(session)).text();
    await send("40");
    await receive();
    await send('42["readplots"]');
    const [, { data, layout }] = JSON.parse((await receive()).slice(2));
    assert.equal(layout.title, "My run");
    assert.deepEqual(data[1].y, [3.5]);

    window.update([{ epoch: 1, trainLoss: 3 }, { epoch: 2, trainLoss: 2.5 }]);
    const [, { data: next }] = JSON.parse((await receive()).slice(2));
    assert.deepEqual(next[0].x, [1, 2]);
    assert.deepEqual(next[0].y, [3, 2.5]);
  } finally {
    await window.close();
    await cdn.shutdown();
  }
  await assert.rejects(fetch(window.url!));
});
