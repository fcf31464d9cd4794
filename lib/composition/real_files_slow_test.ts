/**
 * Other people's files, continued and varied by the starter model. What must hold
 * for every file, `testing.ts` asserts; the key of new bars is a rate.
 */

import assert from "node:assert/strict";
import { runFolder } from "../base/base.ts";
import {
  hasCollection,
  type RealFile,
  someFiles,
} from "../commands/real_files.ts";
import { Generator } from "../generation/generation.ts";
import { MidiError } from "../midi/midi.ts";
import { loadBest } from "../model/model.ts";
import { checkContinuation, checkVariation } from "./testing.ts";

const STARTER = await loadBest(runFolder("starter"));

/** How a collection is tried. */
interface Trial {
  /** How many of its files. @default all */
  readonly files?: number;
  /** Least share of continuations in the key of the passage. */
  readonly key: number;
}

const TRIALS: Readonly<Record<string, Trial>> = {
  "cases": { key: 0.9 },
  "lofi-samples": { key: 0.9 },
  "reader-conformance": { key: 0.8 },
  "POP909": { files: 8, key: 0.9 },
  "Groove": { files: 20, key: 0 },
};
/** A variation of fewer notes may by chance change any share of them. */
const FEW_NOTES = 50;

for (const [collection, trial] of Object.entries(TRIALS)) {
  const isThere = await hasCollection(collection);
  Deno.test({
    name: `compose() goes on from and varies every file of ${collection}` +
      (isThere ? "" : ": skipped, for ../shared has none of them"),
    ignore: !isThere,
    fn: async () => {
      using generator = await Generator.open(STARTER);
      let keyed = 0, sameKey = 0;
      const failed: string[] = [];
      for (const file of await someFiles(collection, trial.files)) {
        await trying(file, failed, async () => {
          const made = await checkContinuation(generator, file);
          if (made?.sameKey === undefined) return;
          keyed++;
          if (made.sameKey) sameKey++;
        });
        await trying(file, failed, async () => {
          await checkVariation(generator, file, 0);
          const varied = await checkVariation(generator, file, 0.3);
          if (!varied || varied.pitched < FEW_NOTES) return;
          const { share } = varied;
          assert.ok(share >= 0.15 && share <= 0.45, `share ${share}`);
        });
      }
      assert.deepEqual(failed, []);
      assert.ok(sameKey >= trial.key * keyed, `${sameKey} of ${keyed}`);
    },
  });
}

/** Collects failures, for one file must not hide the others. */
async function trying(
  { name }: RealFile,
  failed: string[],
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    // Whether a file can be read is tested with the reader.
    if (!(error instanceof MidiError)) failed.push(`${name}: ${error}`);
  }
}
