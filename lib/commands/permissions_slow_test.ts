import assert from "node:assert/strict";
import { join } from "@std/path";
import { PROJECT_FOLDER, runFolder, STARTER_FOLDER } from "../base/base.ts";
import { chooseEngine } from "../engines/engines.ts";
import { HAS_TENSORFLOW, WHY_SKIPPED } from "../tensorflow/testing.ts";
import {
  canCutOff,
  copyMidiFiles,
  jsonOf,
  SMALL_NETWORK,
  withPlace,
} from "./testing.ts";

const { tasks } = JSON.parse(
  await Deno.readTextFile(join(PROJECT_FOLDER, "deno.json")),
) as { tasks: Record<string, string> };

Deno.test("deno.json: only data reaches the network, and no command runs other programs", () => {
  const may = (permission: string) =>
    Object.keys(tasks).filter((name) =>
      tasks[name]!.includes("lib/commands/main.ts") && name !== "bench" &&
      tasks[name]!.split(" ").includes(permission)
    );
  assert.deepEqual(may("--allow-net"), ["data"]);
  assert.deepEqual(may("--allow-ffi"), ["train", "generate", "evaluate"]);
  assert.deepEqual(may("--allow-run"), []);
  assert.deepEqual(may("-A"), []);
});

/** Where that can be had, also without a network and a home. */
const runProgram = (...args: string[]) => jsonOf(args, { isCutOff: canCutOff });

const NAME = `every command does its work with the permissions of its task, ${
  canCutOff
    ? "and without a network or a home"
    : "not tried without a network, as there is no unshare"
}`;

Deno.test(NAME, async () => {
  await withPlace(async (folder, run) => {
    const midi = join(folder, "midi"), data = join(folder, "corpus");
    await copyMidiFiles(STARTER_FOLDER, midi, 9);
    await runProgram("preprocess", "--midi", midi, "--out", data);
    const { engine } = await runProgram(
      ...["train", "--data", data, "--run", run, "--epochs", "1"],
      ...["--set", SMALL_NETWORK],
    );
    // Without the permission for foreign functions it would be WebAssembly.
    assert.equal(engine, (await chooseEngine()).name);
    const prompt = "two bars of calm piano";
    for (const ending of ["mid", "flac", "mp3", "mxl", "html"]) {
      const out = join(folder, `piece.${ending}`);
      await runProgram(
        ...["generate", "--run", "starter", "--prompt", prompt, "--out", out],
      );
      assert.ok((await Deno.stat(out)).size > 0, out);
    }
    await runProgram(
      ...["evaluate", "--run", run, "--data", data, "--pieces", "10"],
    );
    const model = join(folder, "model.keras");
    await runProgram("export", "--run", run, "--to", model);
    const copy = `${run}-copy`;
    try {
      await runProgram("import", model, "--run", copy);
    } finally {
      await Deno.remove(runFolder(copy), { recursive: true });
    }
    await runProgram("data");
  });
});

Deno.test({
  name:
    `train --engine tensorflow needs no more permissions, and generate goes on from it${WHY_SKIPPED}`,
  ignore: !HAS_TENSORFLOW,
  fn: () =>
    withPlace(async (folder, run) => {
      const midi = join(folder, "midi"), data = join(folder, "corpus");
      await copyMidiFiles(STARTER_FOLDER, midi, 6);
      await runProgram("preprocess", "--midi", midi, "--out", data);
      const { engine, history } = await runProgram(
        ...["train", "--data", data, "--run", run, "--epochs", "1"],
        ...["--engine", "tensorflow", "--set", SMALL_NETWORK],
      );
      assert.equal(engine, "tensorflow");
      assert.ok(Number.isFinite(history[0].validLoss));
      const out = join(folder, "piece.mid");
      await runProgram(
        ...["generate", "--run", run, "--bars", "2", "--out", out],
      );
      assert.ok((await Deno.stat(out)).size > 0);
    }),
});
