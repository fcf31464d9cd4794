import assert from "node:assert/strict";
import { join } from "@std/path";
import { askToStop, beginWork, STARTER_FOLDER, Stopped } from "../base/base.ts";
import { RemiTokenizer } from "../tokens/remi/remi.ts";
import { KnownReadings, READINGS_FILE } from "./known_readings.ts";
import { openMidiSource } from "./midi_source.ts";
import { readFiles, type ReadFilesOptions } from "./read_files.ts";

const READING = { strict: false, maxGapBars: 8 };

/** Records and readings of the starter folder. */
async function read(
  options: Partial<ReadFilesOptions>,
  ownMilliseconds?: number,
): Promise<unknown> {
  const folder = await Deno.makeTempDir();
  try {
    const source = await openMidiSource(STARTER_FOLDER);
    using known = await KnownReadings.open(folder, READING);
    const records = await readFiles(
      source.files(new Set(source.names)),
      known,
      { tokenizer: "remi", ...READING, ...options },
      ownMilliseconds,
    );
    return [records, await Deno.readFile(join(folder, READINGS_FILE))];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readFiles() gives the same bytes on all cores and on one", async () => {
  const alone = await read({ tokenizer: new RemiTokenizer() });
  const order: string[] = [];
  const onFile = ({ file }: { file: string }) => order.push(file);
  assert.deepEqual(await read({ onFile }, 0), alone);
  assert.deepEqual(order, [...order].sort());
  assert.deepEqual(await read({}, 20), alone);
});

Deno.test("readFiles() stops when asked, and keeps what it has read", async () => {
  const folder = await Deno.makeTempDir();
  beginWork();
  try {
    const source = await openMidiSource(STARTER_FOLDER);
    let done = 0;
    const again = async (stopAt: number) => {
      using known = await KnownReadings.open(folder, READING);
      const parsed: boolean[] = [];
      await readFiles(source.files(new Set(source.names)), known, {
        tokenizer: "remi",
        ...READING,
        onFile: (at) => {
          parsed.push(at.parsed);
          if (++done === stopAt) askToStop();
        },
      }, 0);
      return parsed.filter((own) => own).length;
    };
    await assert.rejects(again(50), Stopped);
    beginWork();
    assert.equal(await again(Infinity), 162 - 50);
  } finally {
    beginWork();
    await Deno.remove(folder, { recursive: true });
  }
});
