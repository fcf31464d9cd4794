import assert from "node:assert/strict";
import { join } from "@std/path";
import { listRuns } from "./runs.ts";
import { copyMidiFiles, run, SMALL_NETWORK, withPlace } from "./testing.ts";
import { runFolder, STARTER_FOLDER, takeLock } from "../base/base.ts";

Deno.test("runs lists runs and corpora, and tells of those that are damaged or being trained", () =>
  withPlace(async (folder, name) => {
    const midi = join(folder, "midi"), corpora = join(folder, "corpora");
    const checkpoints = join(folder, "checkpoints"), data = join(corpora, "a");
    await copyMidiFiles(STARTER_FOLDER, midi, 6);
    await run("preprocess", "--midi", midi, "--out", data);
    await run("preprocess", "--midi", midi, "--out", join(corpora, "b"));
    const trained = await run(
      ...["train", "--data", data, "--run", name, "--epochs", "1"],
      ...["--set", SMALL_NETWORK, "--engine", "wasm", "--workers", "1"],
    );
    assert.equal(trained.status, 0, trained.err);
    await Deno.mkdir(join(checkpoints, "none"), { recursive: true });
    await Deno.rename(runFolder(name), join(checkpoints, "first"));
    const tokens = join(corpora, "b", "tokens.bin");
    const bytes = await Deno.readFile(tokens);
    bytes[bytes.length - 1]! ^= 1;
    await Deno.writeFile(tokens, bytes);
    const found = async () => await listRuns({ checkpoints, corpora });
    const { runs: [first, none], corpora: [a, b] } = await found();
    assert.ok(first && "epochs" in first && a && "pieces" in a);
    assert.deepEqual(
      [first.name, first.engine, first.epochs, first.ofEpochs, first.heldBy],
      ["first", "wasm", 1, 1, undefined],
    );
    assert.ok(first.validLoss! > 0 && first.bytes > 1000 && first.saved);
    assert.deepEqual(none, { name: "none", error: "It has no checkpoint." });
    assert.deepEqual([a.name, a.tokenizer, a.pieces], ["a", "remi", 6]);
    assert.ok(a.tokens > 100);
    assert.ok(b && "error" in b);
    assert.match(b.error, /tokens\.bin is not the one/);

    using _lock = await takeLock(join(checkpoints, "first", ".lock"), {
      ...{ task: "train the run first", advice: "" },
    });
    const weights = join(checkpoints, "first", "epoch-0001", "weights.bin");
    const { runs: [held] } = await found();
    assert.ok(held && "epochs" in held);
    assert.match(held.heldBy ?? "", new RegExp(`process ${Deno.pid}, since`));
    await Deno.writeFile(weights, new Uint8Array(8));
    const { runs: [damaged] } = await found();
    assert.ok(damaged && "error" in damaged);
    assert.match(damaged.error, /weights\.bin is damaged/);
  }));

Deno.test("runs ends with a table for a person and one object for a program", async () => {
  const { status, out } = await run("runs");
  assert.equal(status, 0);
  assert.match(out, /^run +engine +corpus.*\n(?:.*\n)*starter /);
  const { runs } = JSON.parse((await run("runs", "--json")).out);
  const names = runs.map(({ name }: { readonly name: string }) => name);
  assert.ok(names.includes("starter"));
});
