import assert from "node:assert/strict";
import { join } from "@std/path";
import { run } from "../../commands/testing.ts";
import { benchJsb, RECIPE } from "./jsb.ts";

/** A round of four chords, begun at any of them. */
const round = (from: number, length: number) =>
  Array.from(
    { length },
    (_, t) => [[60, 64], [62, 65], [59, 62], [60]][(from + t) % 4],
  );

Deno.test("benchJsb() gives medians of three seeds, and each seed's own", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const data = join(folder, "rounds.json");
    await Deno.writeTextFile(
      data,
      JSON.stringify({
        train: [round(0, 16), round(1, 14), round(2, 12)],
        valid: [round(1, 12)],
        test: [round(2, 8), round(3, 16)],
      }),
    );
    const recipe = { ...RECIPE, units: 4, epochs: 2 };
    const result = await benchJsb(() => {}, { data, recipe });
    const seeds = result.seeds as { test_nll: number; valid_nll: number }[];
    const middle = (values: number[]) => values.sort((a, b) => a - b)[1];
    assert.equal(seeds.length, 3);
    assert.equal(result.test_nll, middle(seeds.map((one) => one.test_nll)));
    assert.equal(result.valid_nll, middle(seeds.map((one) => one.valid_nll)));
    assert.equal(new Set(seeds.map((one) => one.test_nll)).size, 3);
    assert.ok(Number(result.test_nll) > 0 && Number(result.seconds) > 0);
    assert.deepEqual(result.settings, { ...recipe, data });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("bench jsb says how to get the chorales, and bench engine takes no file", async () => {
  const missing = await run("bench", "jsb", "--data", "no/such.json");
  assert.equal(missing.status, 1);
  assert.match(missing.err, /no\/such\.json is not there.*deno task data jsb/);
  const engine = await run("bench", "engine", "--data", "some.json");
  assert.equal(engine.status, 2);
  assert.match(engine.err, /--data: that is for jsb/);
});
