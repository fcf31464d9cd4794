import assert from "node:assert/strict";
import { join } from "@std/path";
import { runFolder, STARTER_FOLDER } from "../base/base.ts";
import { loadCorpus } from "../corpus/corpus.ts";
import { listCheckpoints, loadCheckpoint } from "../model/model.ts";
import {
  copyMidiFiles,
  program,
  runProgram,
  SMALL_NETWORK,
  withPlace,
} from "./testing.ts";

/** Pairs of processes of each command; the figures in docs are of 25. */
const PAIRS = Number(Deno.env.get("IMMERSIC_PAIRS") ?? 1);

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();

Deno.test(`of two processes that train one run, one is refused (${PAIRS} pairs)`, () =>
  withPlace(async (folder, name) => {
    const midi = join(folder, "midi"), data = join(folder, "corpus");
    await copyMidiFiles(STARTER_FOLDER, midi, 10);
    await runProgram("preprocess", "--midi", midi, "--out", data);
    const args = [
      ...["train", "--data", data, "--run", name, "--resume"],
      // They last until one is stopped.
      ...["--epochs", "9000", "--set"],
      `${SMALL_NETWORK},patience=0,keepLast=2`,
    ];
    for (let pair = 1; pair <= PAIRS; pair++) {
      const children = [program(args).spawn(), program(args).spawn()];
      const outputs = children.map((child) => child.output());
      const first = await Promise.race(
        outputs.map((output, i) => output.then(() => i)),
      );
      const refused = await outputs[first]!;
      assert.equal(refused.code, 1);
      assert.match(
        textOf(refused.stderr),
        new RegExp(`^Cannot train .*${name}.*: process \\d+, since`, "m"),
      );
      children[1 - first]!.kill("SIGINT");
      const { stderr } = await outputs[1 - first]!;
      assert.match(
        textOf(stderr),
        /^Stopped in epoch .* A checkpoint is saved/m,
      );
      const last = (await listCheckpoints(runFolder(name))).at(-1)!;
      assert.equal((await loadCheckpoint(last.folder)).epoch, last.epoch);
    }
  }));

Deno.test(`of two processes that preprocess into one folder, one is refused or comes later (${PAIRS} pairs)`, () =>
  withPlace(async (folder) => {
    const midi = join(folder, "midi"), alone = join(folder, "alone");
    await copyMidiFiles(STARTER_FOLDER, midi, 30);
    await runProgram("preprocess", "--midi", midi, "--out", alone);
    const { hash } = await loadCorpus(alone);
    for (let pair = 1; pair <= PAIRS; pair++) {
      const out = join(folder, `out${pair}`);
      const args = ["preprocess", "--midi", midi, "--out", out];
      const endings = await Promise.all(
        [program(args).output(), program(args).output()],
      );
      const refused = endings.filter(({ success }) => !success);
      assert.ok(refused.length < 2);
      for (const { code, stderr } of refused) {
        assert.equal(code, 1);
        assert.match(
          textOf(stderr),
          /^Cannot preprocess into .+: another process/m,
        );
      }
      assert.equal((await loadCorpus(out)).hash, hash);
    }
  }));
