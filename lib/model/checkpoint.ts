/**
 * Training that is never lost: versioned checkpoints, each a folder that is
 * there whole or not at all, with everything that resuming needs.
 *
 * `model.json` and `weights.bin` are a tf.layers model that `loadLayersModel`
 * reads; `training.bin` holds what only training needs, and may be left out of
 * a copy that is to generate only; `checkpoint.json` tells the rest.
 */
import { basename, join } from "@std/path";
import { type Config, writeToDisk } from "../base/base.ts";
import type { Profile } from "../tokens/remi/remi.ts";
import { type NetworkSpec, sizeOf, weightsOf } from "../lstm/lstm.ts";
import { immersicNetwork, modelTopology, type Weights } from "./network.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";

const MAGIC = "immersic-checkpoint";
const VERSION = 1;

/** What one finished epoch gave. */
export interface EpochResult {
  /** From 1 on. */
  readonly epoch: number;
  /** Training steps since the beginning. */
  readonly step: number;
  /** Mean over the epoch, in nats per token, with dropout on. */
  readonly trainLoss: number;
  /** Share of training tokens that were the likeliest. */
  readonly trainAccuracy: number;
  /** Nats per token of pieces held out; undefined where there are none. */
  readonly validLoss?: number;
  readonly validAccuracy?: number;
  /** Wall-clock time of the epoch, validation included. */
  readonly seconds: number;
}

/** Where in an epoch training stood, and what the epoch had given so far. */
export interface EpochProgress {
  readonly steps: number;
  readonly lossSum: number;
  readonly count: number;
  readonly correct: number;
}

/** The data that a model was trained on. */
export interface CorpusInfo {
  readonly tokenizer: "chord" | "remi";
  /** Settings of the tokenizer. */
  readonly tokenizerOptions?: object;
  /** Of the split and its token ids: resuming on other data is refused. */
  readonly hash: string;
  /** Folder of the corpus, from the project's folder on. */
  readonly folder?: string;
  /** What decoding needs to know of the training pieces. */
  readonly style?: unknown;
  /** REMI: the heads of usual training pieces, for pieces of no other wish. */
  readonly heads?: readonly Profile[];
}

/** Everything of a training run at one moment. */
export interface Checkpoint {
  readonly config: Config;
  readonly corpus: CorpusInfo;
  readonly vocabulary: Vocabulary;
  /** Finished epochs. */
  readonly epoch: number;
  /** Training steps since the beginning. */
  readonly step: number;
  /** Within the epoch after `epoch`, where it was saved in its midst. */
  readonly progress?: EpochProgress;
  readonly history: readonly EpochResult[];
  /** Threads: the order of sums, and so the last bits, depend on them. */
  readonly workers: number;
  /** The weights to generate with. */
  readonly weights: Weights;
  /** What only training needs; undefined in a copy that cannot resume. */
  readonly training?: TrainingState;
}

/** The weights as the optimizer has them, its state, and the moving average. */
export interface TrainingState {
  readonly weights: Weights;
  readonly slots: readonly [Weights, Weights];
  readonly average: Weights;
  /** Carried states, where it was saved in mid-epoch. */
  readonly states?: Float32Array;
}

/** What is wrong with a checkpoint that cannot be used. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}

/** The network that a checkpoint's weights belong to. */
export function networkOf(
  { config, vocabulary }: Pick<Checkpoint, "config" | "vocabulary">,
): NetworkSpec {
  return immersicNetwork(config, vocabulary.size);
}

function concatenate(
  spec: NetworkSpec,
  blocks: readonly Weights[],
  rest: Float32Array = new Float32Array(0),
): Uint8Array<ArrayBuffer> {
  const names = weightsOf(spec);
  const size = names.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const floats = new Float32Array(size * blocks.length + rest.length);
  let at = 0;
  for (const block of blocks) {
    for (const { name } of names) {
      const values = block.get(name)!;
      floats.set(values, at);
      at += values.length;
    }
  }
  floats.set(rest, at);
  return new Uint8Array(floats.buffer);
}

/** Undoes {@linkcode concatenate}. */
function separate(
  spec: NetworkSpec,
  bytes: Uint8Array<ArrayBuffer>,
  count: number,
): { blocks: Weights[]; rest: Float32Array } {
  const floats = new Float32Array(bytes.buffer, bytes.byteOffset);
  const blocks: Weights[] = [];
  let at = 0;
  while (blocks.length < count) {
    const block = new Map<string, Float32Array>();
    for (const { name, shape } of weightsOf(spec)) {
      block.set(name, floats.slice(at, at += sizeOf(shape)));
    }
    blocks.push(block);
  }
  return { blocks, rest: floats.slice(at) };
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(hash).toHex();
}

/** Folder name of a checkpoint: `epoch-0012`, in mid-epoch `epoch-0012-step-40`. */
function folderName({ epoch, progress }: Checkpoint): string {
  const name = `epoch-${String(epoch).padStart(4, "0")}`;
  return progress ? `${name}-step-${progress.steps}` : name;
}

/**
 * Saves a checkpoint: written under a temporary name, flushed to disk, then
 * renamed, so that a process killed at any moment leaves only whole ones.
 *
 * @param runFolder Folder of the run, made where missing.
 * @returns The checkpoint's folder.
 */
export async function saveCheckpoint(
  runFolder: string,
  checkpoint: Checkpoint,
): Promise<string> {
  const spec = networkOf(checkpoint);
  const { weights, training, vocabulary, ...rest } = checkpoint;
  const weightBytes = concatenate(spec, [weights]);
  const trainingBytes = training && concatenate(spec, [
    training.weights,
    ...training.slots,
    training.average,
  ], training.states);
  const model = {
    format: "layers-model",
    generatedBy: "Immersic",
    convertedBy: null,
    modelTopology: modelTopology(spec),
    weightsManifest: [{
      paths: ["weights.bin"],
      weights: weightsOf(spec).map((weight) => ({
        ...weight,
        dtype: "float32",
      })),
    }],
  };
  const description = {
    magic: MAGIC,
    version: VERSION,
    ...rest,
    vocabulary: vocabulary.toJSON(),
    sha256: {
      "weights.bin": await digest(weightBytes),
      ...trainingBytes && { "training.bin": await digest(trainingBytes) },
    },
  };
  const folder = join(runFolder, folderName(checkpoint));
  const temporary = `${folder}.${Deno.pid}.tmp`;
  await Deno.mkdir(temporary, { recursive: true });
  await writeToDisk(join(temporary, "model.json"), JSON.stringify(model));
  await writeToDisk(join(temporary, "weights.bin"), weightBytes);
  if (trainingBytes) {
    await writeToDisk(join(temporary, "training.bin"), trainingBytes);
  }
  await writeToDisk(
    join(temporary, "checkpoint.json"),
    JSON.stringify(description, null, 1),
  );
  // A folder cannot be renamed onto another; one that is replaced goes first.
  await Deno.remove(folder, { recursive: true }).catch(ignoreMissing);
  await Deno.rename(temporary, folder);
  return folder;
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** Place of a checkpoint within its run. */
export interface CheckpointPlace {
  readonly folder: string;
  readonly epoch: number;
  /** Steps into the next epoch; 0 at an epoch's end. */
  readonly steps: number;
}

/** The checkpoints of a run, in the order of training; none where it has none. */
export async function listCheckpoints(
  runFolder: string,
): Promise<CheckpointPlace[]> {
  const places: CheckpointPlace[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(runFolder)) {
      const match = /^epoch-(\d+)(?:-step-(\d+))?$/.exec(name);
      if (!match || !isDirectory) continue;
      places.push({
        folder: join(runFolder, name),
        epoch: Number(match[1]),
        steps: Number(match[2] ?? 0),
      });
    }
  } catch (error) {
    ignoreMissing(error);
  }
  return places.sort((a, b) => a.epoch - b.epoch || a.steps - b.steps);
}

/**
 * Reads a checkpoint.
 *
 * @throws {CheckpointError} When it is of another kind or version, or damaged.
 */
export async function loadCheckpoint(folder: string): Promise<Checkpoint> {
  const fail = (reason: string): never => {
    throw new CheckpointError(
      `Cannot load the checkpoint ${basename(folder)}: ${reason}`,
    );
  };
  const read = async (name: string) => {
    try {
      return await Deno.readFile(join(folder, name));
    } catch (error) {
      ignoreMissing(error);
      return undefined;
    }
  };
  const text = await read("checkpoint.json") ??
    fail(
      `there is no checkpoint.json in ${folder}. Name a run's folder epoch-….`,
    );
  let description;
  try {
    description = JSON.parse(new TextDecoder().decode(text));
  } catch {
    return fail("its checkpoint.json is damaged. Use an earlier checkpoint.");
  }
  const { magic, version, sha256, vocabulary, ...rest } = description;
  if (magic !== MAGIC) {
    fail(
      `its magic must be "${MAGIC}", current value is "${magic}". It was not written by Immersic.`,
    );
  }
  if (version !== VERSION) {
    fail(
      `its version must be ${VERSION}, current value is ${version}. Use the version of Immersic that wrote it.`,
    );
  }
  const bytesOf = async (name: string, optional: boolean) => {
    const bytes = await read(name);
    if (!bytes) return optional ? undefined : fail(`its ${name} is missing.`);
    if (await digest(bytes) !== sha256[name]) {
      fail(`its ${name} is damaged. Use an earlier checkpoint.`);
    }
    return bytes;
  };
  const partial = { ...rest, vocabulary: Vocabulary.fromJSON(vocabulary) };
  const spec = networkOf(partial);
  const weightBytes = (await bytesOf("weights.bin", false))!;
  const trainingBytes = await bytesOf("training.bin", true);
  const [weights] = separate(spec, weightBytes, 1).blocks;
  if (!trainingBytes) return { ...partial, weights };
  const { blocks, rest: states } = separate(spec, trainingBytes, 4);
  const [raw, first, second, average] = blocks;
  const training = {
    weights: raw,
    slots: [first, second] as const,
    average,
    ...states.length > 0 && { states },
  };
  return { ...partial, weights, training };
}

/** The epoch with the lowest validation loss, or training loss where none is. */
export function bestEpoch(history: readonly EpochResult[]): number | undefined {
  const loss = ({ validLoss, trainLoss }: EpochResult) =>
    validLoss ?? trainLoss;
  let best: EpochResult | undefined;
  for (const result of history) {
    if (!best || loss(result) < loss(best)) best = result;
  }
  return best?.epoch;
}

/**
 * The latest of some checkpoints that can be read: a damaged one is passed over
 * for the one before it.
 *
 * @returns Undefined where there is none at all.
 * @throws {CheckpointError} When all are damaged.
 */
export async function loadLatest(
  places: readonly CheckpointPlace[],
): Promise<Checkpoint | undefined> {
  let failure: unknown;
  for (const { folder } of places.toReversed()) {
    try {
      return await loadCheckpoint(folder);
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure) throw failure;
}

/**
 * Loads a run's best checkpoint; where that is damaged, the latest whole one.
 *
 * @throws {CheckpointError} When the run has none.
 */
export async function loadBest(runFolder: string): Promise<Checkpoint> {
  const places = await listCheckpoints(runFolder);
  const latest = await loadLatest(places);
  if (!latest) {
    throw new CheckpointError(
      `Cannot load the run ${
        basename(runFolder)
      }: it has no checkpoint. Train it first: deno task train --run ${
        basename(runFolder)
      }.`,
    );
  }
  const best = bestEpoch(latest.history);
  const place = places.find(({ epoch, steps }) =>
    epoch === best && steps === 0
  );
  if (!place) return latest;
  return await loadLatest([place]).catch(() => undefined) ?? latest;
}

/**
 * Removes the checkpoints that a run need not keep: all but the latest
 * `keepLast`, the best, and every `keepEvery`th; and what a killed process left
 * half written.
 */
export async function pruneCheckpoints(
  runFolder: string,
  { config, history, epoch }: Pick<Checkpoint, "config" | "history" | "epoch">,
): Promise<void> {
  const { keepLast, keepEvery } = config;
  const best = bestEpoch(history);
  for (const place of await listCheckpoints(runFolder)) {
    const keep = place.steps > 0
      ? place.epoch >= epoch
      : place.epoch > epoch - keepLast || place.epoch === best ||
        (keepEvery > 0 && place.epoch % keepEvery === 0 && place.epoch > 0);
    if (!keep) await Deno.remove(place.folder, { recursive: true });
  }
  for await (const { name } of Deno.readDir(runFolder)) {
    if (!name.endsWith(".tmp") || name.endsWith(`.${Deno.pid}.tmp`)) continue;
    await Deno.remove(join(runFolder, name), { recursive: true });
  }
}

/** Removes a run's checkpoints; a run that is not there is no mistake. */
export async function removeRun(runFolder: string): Promise<void> {
  for (const { folder } of await listCheckpoints(runFolder)) {
    await Deno.remove(folder, { recursive: true });
  }
}
