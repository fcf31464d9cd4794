/**
 * Begins a run: from the start, or from its latest checkpoint.
 */

import { basename, join } from "@std/path";
import { type Config, takeLock } from "../base/base.ts";
import type { EngineName } from "../engines/engines.ts";
import type { NetworkState } from "../lstm/lstm.ts";
import {
  type Checkpoint,
  listCheckpoints,
  type LoadedCheckpoint,
  loadLatest,
} from "../model/model.ts";
import type { TrainingData } from "./training_data.ts";

/** How a run begins. */
export interface TrainingOptions {
  /** Folder of the run's checkpoints. */
  readonly folder: string;
  /** The data that it trains on. */
  readonly data: TrainingData;
  /** The configuration of a fresh run. */
  readonly config: Config;
  /**
   * Whether to resume from the run's latest checkpoint, if it has one, with the
   * configuration that the run was begun with.
   * @default false
   */
  readonly resume?: boolean;
  /**
   * The settings that the user gave. In a resumed run they must equal those that it
   * was begun with, except `epochs`, which may change.
   * @default `epochs` of `config`
   */
  readonly asked?: Partial<Config>;
  /** Threads. @default those of the checkpoint, or the number of cores */
  readonly workers?: number | undefined;
  /**
   * From `chooseEngine`; a resumed run may use another.
   * @default "native" where it works, else "wasm"
   */
  readonly engine?: EngineName;
}

/** Where a run stands on disk. */
export interface RunPlace {
  readonly folder: string;
  /** Its last checkpoint, damaged or not; undefined if it has none. */
  readonly last: string | undefined;
}

/**
 * Holds a run's folder while it is trained, so that no other process trains it at the
 * same time or goes on from an older state.
 *
 * @param place Where the run stood when it was opened or last saved.
 * @throws {LockError} If it is trained elsewhere.
 * @throws {RangeError} If it was trained elsewhere in the meantime.
 */
export async function lockRun({ folder, last }: RunPlace): Promise<Disposable> {
  const run = basename(folder);
  const lock = await takeLock(join(folder, ".lock"), {
    task: `train the run ${run}`,
    advice: "Wait until it is done or stop it there, or name another run.",
  });
  const now = await lastCheckpoint(folder).catch((error) => {
    lock[Symbol.dispose]();
    throw error;
  });
  if (now === last) return lock;
  lock[Symbol.dispose]();
  throw new RangeError(
    `Cannot go on training the run ${run}: since it was opened here it was changed elsewhere, and its last checkpoint is ${
      now === undefined ? "gone" : `${basename(now)} now`
    }. Open it again.`,
  );
}

/** The folder of a run's last checkpoint. */
export async function lastCheckpoint(
  folder: string,
): Promise<string | undefined> {
  return (await listCheckpoints(folder)).at(-1)?.folder;
}

/** A checkpoint that holds everything for training. */
export type ResumableCheckpoint = LoadedCheckpoint & {
  readonly training: NetworkState;
};

/**
 * The checkpoint from which a run resumes; undefined for a fresh run.
 *
 * @throws {RangeError} When a fresh run would overwrite an existing one, or the
 * run cannot be resumed with these data.
 */
export async function checkpointToResume(
  { folder, data, resume }: TrainingOptions,
): Promise<ResumableCheckpoint | undefined> {
  const places = await listCheckpoints(folder);
  if (!resume && places.length > 0) {
    throw new RangeError(
      `Cannot begin the run in ${folder}: it has ${places.length} checkpoints already. Resume it (--resume), name another run, or remove the folder.`,
    );
  }
  const from = await loadLatest(places);
  if (!from) return undefined;
  if (from.corpus.hash !== data.hash) {
    throw new RangeError(
      `Cannot resume the run in ${folder}: it was begun with other data. Preprocess the same files in the same way, or give the run another name.`,
    );
  }
  const { training } = from;
  if (!training) {
    throw new RangeError(
      `Cannot resume the run in ${folder}: its checkpoint was saved for generating only. Give the run another name.`,
    );
  }
  return { ...from, training };
}

/**
 * The configuration of a run.
 *
 * @param from The checkpoint from which it resumes.
 * @throws {RangeError} When another configuration was asked for.
 */
export function configOf(
  { folder, config: fresh, asked }: TrainingOptions,
  from?: Checkpoint,
): Config {
  const { epochs, ...others } = asked ?? { epochs: fresh.epochs };
  const config: Config = from
    ? { ...from.config, ...epochs !== undefined && { epochs } }
    : fresh;
  for (const [name, value] of Object.entries(others)) {
    const was = config[name as keyof Config];
    if (value === undefined || value === was) continue;
    throw new RangeError(
      `Cannot resume the run in ${folder}: it was begun with ${name} ${was}, ${value} was asked for. Leave it out, or give the run another name.`,
    );
  }
  return config;
}
