import assert from "node:assert/strict";
import { basename } from "@std/path";
import { configure } from "../base/base.ts";
import { inFolder } from "../model/checkpoint_testing.ts";
import { openRun } from "./open_run.ts";
import { countingData, SMALL } from "./testing.ts";

Deno.test("openRun() begins a run, goes on with it, and replaces it where its name is given", () =>
  inFolder(async (folder) => {
    const options = { folder, data: countingData(), config: configure(SMALL) };
    using begun = await openRun(options);
    for await (const { kind } of begun.run()) if (kind === "epoch") break;
    using goneOn = await openRun(options);
    assert.equal(goneOn.epoch, 1);
    await assert.rejects(openRun({ ...options, replaceRun: "another" }), {
      name: "RangeError",
      message: /^Cannot replace the run another: the run to train is /,
    });
    using still = await openRun(options);
    assert.equal(still.epoch, 1);
    using anew = await openRun({ ...options, replaceRun: basename(folder) });
    assert.equal(anew.epoch, 0);
  }));

Deno.test("openRun() does not replace a run that is being trained", () =>
  inFolder(async (folder) => {
    const options = { folder, data: countingData(), config: configure(SMALL) };
    using training = await openRun(options);
    const running = training.run();
    await running.next();
    await assert.rejects(
      openRun({ ...options, replaceRun: basename(folder) }),
      { name: "LockError" },
    );
    await running.return();
  }));
