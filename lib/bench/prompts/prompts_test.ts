import assert from "node:assert/strict";
import { run } from "../../commands/testing.ts";
import { benchPrompts } from "./prompts.ts";

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
