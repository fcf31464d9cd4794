import assert from "node:assert/strict";
import { join } from "@std/path";
import { LOFI_FOLDER } from "../../commands/testing.ts";
import { parseMidi } from "../../midi/midi.ts";
import { PROJECT_FOLDER } from "../../base/base.ts";
import { quantizationError } from "../../music/testing.ts";
import { RemiTokenizer } from "./tokenizer.ts";

const tokenizer = new RemiTokenizer();

/** Encodes and decodes every file; returns how many, and their mean error. */
async function roundTrip(
  folder: string,
): Promise<{ files: number; milliseconds: number }> {
  let files = 0, notes = 0, sum = 0;
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".mid")) continue;
    const sequence = parseMidi(await Deno.readFile(join(folder, name)), name);
    if (sequence.notes.length === 0) continue;
    const tokens = tokenizer.encode(sequence);
    assert.deepEqual(
      tokenizer.decode(tokens),
      tokenizer.quantize(sequence),
      name,
    );
    const error = quantizationError(sequence);
    files++;
    notes += error.notes;
    sum += error.meanMilliseconds * error.notes;
  }
  return { files, milliseconds: sum / notes };
}

Deno.test("RemiTokenizer gives back every starter piece as quantised, 11 ms from how it was played", async () => {
  const { files, milliseconds } = await roundTrip(
    join(PROJECT_FOLDER, "data", "starter"),
  );
  assert.equal(files, 162);
  assert.ok(milliseconds > 10.5 && milliseconds < 11.5, `${milliseconds}`);
});

const missing = await Deno.stat(LOFI_FOLDER).then(() => false, () => true);

Deno.test({
  name:
    "RemiTokenizer gives back every lofi-samples piece as quantised, 1.7 ms from how it was played" +
    (missing ? " (skipped: ../shared/data/lofi-samples is not there)" : ""),
  ignore: missing,
  fn: async () => {
    const { files, milliseconds } = await roundTrip(LOFI_FOLDER);
    assert.equal(files, 119);
    assert.ok(milliseconds > 1.6 && milliseconds < 1.8, `${milliseconds}`);
  },
});
