/**
 * The checkpoints of a run: lists them, loads the best or the latest, and removes
 * those that are no longer needed.
 */

import { basename, dirname, join } from "@std/path";
import { FileError, nearestName } from "../base/base.ts";
import { bestEpoch, type Checkpoint, CheckpointError } from "./checkpoint.ts";
import { loadCheckpoint, parseFolderName } from "./checkpoint_files.ts";

/** Place of a checkpoint within its run. */
export interface CheckpointPlace {
  /** The checkpoint's folder. */
  readonly folder: string;
  /** Finished epochs. */
  readonly epoch: number;
  /** Steps into the next epoch; 0 between epochs. */
  readonly steps: number;
}

/**
 * The checkpoints of a run, in the order of training; empty if it has none.
 *
 * @throws {FileError} If the folder cannot be read.
 */
export async function listCheckpoints(
  runFolder: string,
): Promise<CheckpointPlace[]> {
  const places: CheckpointPlace[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(runFolder)) {
      const place = parseFolderName(name);
      if (!place || !isDirectory) continue;
      places.push({ folder: join(runFolder, name), ...place });
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw new FileError(`list the checkpoints in ${runFolder}`, error);
  }
  return places.sort((a, b) => a.epoch - b.epoch || a.steps - b.steps);
}

/** A checkpoint of a run, and what was found wrong with others. */
export type LoadedCheckpoint = Checkpoint & {
  /** A sentence for each damaged checkpoint that this one stands in for. */
  readonly damaged: readonly string[];
};

/**
 * Loads the latest readable checkpoint, and tells which later ones are damaged.
 *
 * @returns Undefined where there is none at all.
 * @throws {CheckpointError} When all are damaged.
 */
export async function loadLatest(
  places: readonly CheckpointPlace[],
): Promise<LoadedCheckpoint | undefined> {
  const failures: Error[] = [];
  for (const { folder } of places.toReversed()) {
    try {
      const checkpoint = await loadCheckpoint(folder);
      const damaged = failures.map((error) => insteadOf(error, checkpoint));
      return { ...checkpoint, damaged };
    } catch (error) {
      failures.push(error as Error);
    }
  }
  if (failures[0]) throw failures[0];
  return undefined;
}

/** A sentence on a damaged checkpoint and the one that is taken in its place. */
function insteadOf(error: unknown, { epoch, progress }: Checkpoint): string {
  const moment = progress
    ? `step ${progress.steps} of epoch ${epoch + 1}`
    : `the end of epoch ${epoch}`;
  return `${
    (error as Error).message
  } The one of ${moment} is taken in its place.`;
}

/**
 * Loads a run's best checkpoint; where that is damaged, the latest whole one, and
 * tells so.
 *
 * @throws {CheckpointError} When the run has none.
 */
export async function loadBest(runFolder: string): Promise<LoadedCheckpoint> {
  const places = await listCheckpoints(runFolder);
  const latest = await loadLatest(places);
  if (!latest) {
    const run = basename(runFolder);
    const meant = nearestName(run, await runsBeside(runFolder));
    throw new CheckpointError(
      `Cannot load the run ${run}: it has no checkpoint. ${
        meant
          ? `Did you mean ${meant}?`
          : `Train it first: deno task train --data DIR --run ${run}`
      }`,
    );
  }
  const best = bestEpoch(latest.history);
  const place = places.find(({ epoch, steps }) =>
    epoch === best && steps === 0
  );
  if (!place) return latest;
  const { damaged } = latest;
  try {
    return { ...await loadCheckpoint(place.folder), damaged };
  } catch (error) {
    return { ...latest, damaged: [...damaged, insteadOf(error, latest)] };
  }
}

/** Names of the other runs in the folder of one. */
async function runsBeside(runFolder: string): Promise<string[]> {
  const folder = dirname(runFolder);
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const places = await listCheckpoints(join(folder, name)).catch(() => []);
      if (places.length > 0) names.push(name);
    }
  } catch {
    return []; // no runs at all
  }
  return names;
}

/**
 * Removes the checkpoints that a run need not keep: all but the latest
 * `keepLast`, the best, every `keepEvery`th, and within the present epoch the latest.
 * Also removes the temporary
 * folders of killed processes.
 *
 * @throws {FileError} If one cannot be removed.
 */
export async function pruneCheckpoints(
  runFolder: string,
  { config, history, epoch, progress }: Pick<
    Checkpoint,
    "config" | "history" | "epoch" | "progress"
  >,
): Promise<void> {
  const { keepLast, keepEvery } = config;
  const best = bestEpoch(history);
  for (const place of await listCheckpoints(runFolder)) {
    const keep = place.steps > 0
      ? place.epoch > epoch ||
        place.epoch === epoch && place.steps >= (progress?.steps ?? 0)
      : place.epoch > epoch - keepLast || place.epoch === best ||
        (keepEvery > 0 && place.epoch % keepEvery === 0 && place.epoch > 0);
    if (!keep) await removeFolder(place.folder);
  }
  for await (const { name } of Deno.readDir(runFolder)) {
    if (!name.endsWith(".tmp") || name.endsWith(`.${Deno.pid}.tmp`)) continue;
    await removeFolder(join(runFolder, name));
  }
}

async function removeFolder(folder: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    throw new FileError(`remove ${folder}`, error);
  }
}

/** Removes a run's checkpoints; does nothing where the run does not exist. */
export async function removeRun(runFolder: string): Promise<void> {
  for (const { folder } of await listCheckpoints(runFolder)) {
    await removeFolder(folder);
  }
}
