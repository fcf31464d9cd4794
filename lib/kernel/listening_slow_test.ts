/** Sound that a notebook plays by a script, in JupyterLab in a real browser. */

import assert from "node:assert/strict";
import { BrowserTests, type LabPage, waitFor } from "./lab_testing.ts";

const browser = new BrowserTests();

/** What the page knows of the streams that it plays. */
async function streams(notebook: LabPage) {
  return await notebook.page.evaluate(() =>
    // deno-lint-ignore no-explicit-any -- what the script of a stream keeps
    Object.values((globalThis as any).immersicStreams ?? {}).map((
      // deno-lint-ignore no-explicit-any -- likewise
      { context, index, end }: any,
    ) => ({ seconds: context.currentTime, state: context.state, index, end }))
  );
}

const OPEN = `import { loadBest } from "immersic/model/model.ts";
import { Generator } from "immersic/generation/generation.ts";
import { playStream } from "immersic/notebook/notebook.ts";
import { runFolder } from "immersic/base/base.ts";
const generator = await Generator.open(await loadBest(runFolder("starter")));`;

browser.testNotebook(
  "playStream() plays on while other cells run, follows another prompt, and stops",
  [
    `${OPEN}
const stream = await playStream(generator, "calm pads, 80 bpm, 4/4");`,
    `stream.prompt = "calm piano alone, 100 bpm, 4/4";`,
    `await stream.stop();
console.log(stream.told.prompt.understood.map(({ phrase }) => phrase).join());`,
  ],
  async (notebook) => {
    await notebook.run(1);
    await notebook.idle(120);
    await waitFor("sound", 20, async () => (await streams(notebook))[0]);
    const [begun] = await streams(notebook);
    assert.equal(begun?.state, "running");
    await notebook.run(2);
    // Eight bars at 80 bpm are 24 s; then the next section has another tempo.
    await waitFor("the other prompt", 120, async () => {
      const text = await notebook.page.locator(".jp-OutputArea").first()
        .innerText();
      return text.includes("piano alone");
    });
    const [going] = await streams(notebook);
    assert(going!.index > 4, `${going!.index} pieces`);
    // Each piece begins where the one before ends, ahead of what is heard.
    assert(going!.end > going!.seconds, JSON.stringify(going));
    assert(going!.end < going!.seconds + 40, JSON.stringify(going));
    await notebook.run(3);
    await notebook.idle(60);
    const cells = await notebook.cells();
    assert.match(JSON.stringify(cells[2]?.outputs), /piano/);
    // The notebook keeps no sound.
    assert(JSON.stringify(cells).length < 20_000);
    assert.match(JSON.stringify(cells[0]?.outputs), /Stopped: /);
  },
);

browser.testNotebook(
  "makePiece() of a loop shows a player that repeats without a gap",
  [
    OPEN.replace("playStream", "makePiece") +
    `\nawait makePiece(generator, "lo-fi loop, 90 bpm, 2 bars", { midiFile: "loop.mid" });`,
  ],
  async (notebook) => {
    await notebook.run(1);
    await notebook.idle(120);
    const button = notebook.page.getByRole("button", {
      name: "Play without a gap",
    });
    await button.click();
    await waitFor(
      "the loop",
      10,
      async () =>
        await notebook.page.getByRole("button", { name: "Stop" }).count() > 0,
    );
  },
);
