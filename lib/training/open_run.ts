/** Begins a training run, goes on with it, or replaces it. */

import { basename } from "@std/path";
import { removeRun } from "../model/model.ts";
import { lastCheckpoint, lockRun, type TrainingOptions } from "./resume.ts";
import { Training } from "./training_run.ts";

/** Options of {@linkcode openRun}. */
export interface OpenRunOptions
  extends Omit<TrainingOptions, "resume" | "asked"> {
  /**
   * The name of the run once more, to remove what it has learnt and begin anew.
   * @default "", and it goes on
   */
  readonly replaceRun?: string;
}

/**
 * Opens a training run: begins it, or goes on from its last checkpoint.
 *
 * @throws {RangeError} If the run was begun with other data, or `replaceRun` names
 * another run.
 * @throws {LockError} If the run that is to be replaced is trained at this time.
 * @throws {FileError} If its checkpoints cannot be saved.
 *
 * ```ts ignore
 * using training = await openRun({ folder: runFolder("mine"), data, config });
 * for await (const record of training.run()) show(record);
 * ```
 */
export async function openRun(
  { replaceRun = "", ...options }: OpenRunOptions,
): Promise<Training> {
  const { folder } = options;
  const run = basename(folder);
  if (replaceRun !== "") {
    if (replaceRun !== run) {
      throw new RangeError(
        `Cannot replace the run ${replaceRun}: the run to train is ${run}. Give its name in both places, or leave replaceRun empty to go on with it.`,
      );
    }
    using _lock = await lockRun({ folder, last: await lastCheckpoint(folder) });
    await removeRun(folder);
  }
  return await Training.open({ ...options, resume: true });
}
