import assert from "node:assert/strict";
import { run } from "../../commands/testing.ts";
import { Generator } from "../../generation/generation.ts";
import { untrainedRemi } from "../../generation/testing.ts";
import { benchPrompts, composeAll } from "./prompts.ts";

Deno.test("composeAll() keeps and hears each file, and why there is none", async () => {
  using generator = await Generator.open(untrainedRemi());
  const folder = await Deno.makeTempDir();
  const prompts = ["93 bpm, 4 bars, mumbling", "drums, 4 bars"];
  const [made, refused] = await composeAll(
    generator,
    prompts.map((prompt) => ({ prompt, require: [] })),
    { folder, randomSeed: 1 },
    () => {},
  );
  assert.ok("heard" in made! && "refusal" in refused!);
  assert.equal(Math.round(made.heard.qpm), 93);
  assert.equal(made.heard.bars.length, 4);
  assert.deepEqual(made.told.ignored, ["mumbling"]);
  assert.match(refused.refusal, /has no drums/);
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name);
  assert.deepEqual(files, ["0000.mid"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("benchPrompts() refuses a missing file before it composes", async () => {
  await assert.rejects(benchPrompts({ prompts: "/no/such.json" }, () => {}), {
    name: "FileError",
    message: /Cannot read \/no\/such.json: there is no such file/,
  });
});

Deno.test("bench prompts needs its file", async () => {
  const { status, err } = await run("bench", "prompts");
  assert.equal(status, 2);
  assert.match(err, /--prompts is missing/);
});
