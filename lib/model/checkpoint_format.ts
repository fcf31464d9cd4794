/**
 * Converts a checkpoint to the contents of its files and back.
 *
 * `model.json` and `weights.bin` are a tf.layers model that `loadLayersModel`
 * reads. `training.bin` holds what only training needs; without it, a checkpoint
 * can generate but not be resumed. `checkpoint.json` holds the rest.
 */

import { basename } from "@std/path";
import { DEFAULT_CONFIG } from "../base/base.ts";
import {
  type NetworkSpec,
  type NetworkState,
  sizeOf,
  statesOfAllWorkers,
  weightsOf,
} from "../lstm/lstm.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import {
  type Checkpoint,
  CheckpointError,
  type CorpusInfo,
  networkOf,
} from "./checkpoint.ts";
import { modelTopology } from "./keras.ts";
import type { Weights } from "./network.ts";

const MAGIC = "immersic-checkpoint";
/**
 * Version 1 lacked the digest of checkpoint.json, version 2 held carried states by
 * thread.
 */
const VERSION = 3;
const DESCRIPTION = "checkpoint.json";

/** Bytes of a file. */
type Bytes = Uint8Array<ArrayBuffer>;

/** A file of a checkpoint. */
export interface CheckpointFile {
  readonly name: string;
  readonly content: string | Bytes;
}

/**
 * `corpus` in checkpoint.json. The file calls the profiles "heads", the name
 * they had when version 1 of the format was fixed.
 */
export type CorpusJson = Omit<CorpusInfo, "profiles"> & {
  /** The profiles. */
  readonly heads?: CorpusInfo["profiles"];
};

/** A checkpoint without its weights: what is not in its binary files. */
export type RunDescription = Omit<Checkpoint, "weights" | "training">;

/** A {@linkcode RunDescription} as JSON carries it. */
export interface RunJson extends Omit<RunDescription, "corpus" | "vocabulary"> {
  /** The data that it trains on. */
  readonly corpus: CorpusJson;
  /** As `Vocabulary.toJSON` gives it. */
  readonly vocabulary: readonly string[];
}

/** `checkpoint.json`, parsed. */
interface CheckpointJson extends RunJson {
  readonly magic: string;
  readonly version: number;
  /** Digests of the binary files, and of all else in this one, by name. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** What JSON carries of a checkpoint. */
export function runToJson(run: RunDescription): RunJson {
  const { vocabulary, ...rest } = run;
  const { profiles, ...corpus } = run.corpus;
  return {
    ...rest,
    corpus: { ...corpus, ...profiles && { heads: profiles } },
    vocabulary: vocabulary.toJSON(),
  };
}

/**
 * Undoes {@linkcode runToJson}.
 *
 * @throws {TypeError} If it is not of that form.
 */
export function runFromJson(
  { corpus: { heads, ...corpus }, vocabulary, ...rest }: RunJson,
): RunDescription {
  return {
    ...rest,
    // Settings that came later are those of before.
    config: { ...DEFAULT_CONFIG, ...rest.config },
    corpus: { ...corpus, ...heads && { profiles: heads } },
    vocabulary: Vocabulary.fromJSON(vocabulary),
  };
}

/** The files of a checkpoint, in the order in which they are written. */
export async function encodeCheckpoint(
  checkpoint: Checkpoint,
): Promise<CheckpointFile[]> {
  const spec = networkOf(checkpoint);
  const { weights, training, ...run } = checkpoint;
  const binaries = [
    { name: "weights.bin", content: concatenate(spec, [weights]) },
    ...training
      ? [{ name: "training.bin", content: pack(spec, training) }]
      : [],
  ];
  const digests = await Promise.all(
    binaries.map(async ({ name, content }) => [name, await digest(content)]),
  );
  const description = await sealed({
    magic: MAGIC,
    version: VERSION,
    ...runToJson(run),
    sha256: Object.fromEntries(digests),
  });
  return [
    { name: "model.json", content: JSON.stringify(layersJson(spec)) },
    ...binaries,
    { name: DESCRIPTION, content: JSON.stringify(description, null, 1) },
  ];
}

/**
 * A description with a digest of itself among its digests, and so of all that must
 * belong together: the configuration, the vocabulary and the binary files.
 */
async function sealed(description: CheckpointJson): Promise<CheckpointJson> {
  const { [DESCRIPTION]: _, ...sha256 } = { ...description.sha256 };
  const text = JSON.stringify({ ...description, sha256 });
  const seal = await digest(new TextEncoder().encode(text));
  return { ...description, sha256: { ...sha256, [DESCRIPTION]: seal } };
}

/** A model of tf.layers whose weights are in `weights.bin`. */
export function layersJson(spec: NetworkSpec): object {
  return {
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
}

/**
 * Undoes {@linkcode encodeCheckpoint}.
 *
 * @param folder Named in errors.
 * @param read Gives a file's bytes, undefined where it is missing.
 * @throws {CheckpointError} If it is of another kind or version, or damaged.
 */
export async function decodeCheckpoint(
  folder: string,
  read: (name: string) => Promise<Bytes | undefined>,
): Promise<Checkpoint> {
  const fault = (reason: string) =>
    new CheckpointError(
      `Cannot load the checkpoint ${basename(folder)}: ${reason}`,
    );
  const text = await read(DESCRIPTION);
  if (!text) {
    throw fault(
      `there is no checkpoint.json in ${folder}. Name a run's folder epoch-….`,
    );
  }
  const { magic: _, version, sha256, ...run } = await parseDescription(
    text,
    fault,
  );
  const verify = async (name: string, bytes: Bytes) => {
    if (await digest(bytes) === sha256[name]) return;
    throw fault(`its ${name} is damaged. Use an earlier checkpoint.`);
  };
  const partial = runFromJson(run);
  const spec = networkOf(partial);
  const weightBytes = await read("weights.bin");
  if (!weightBytes) throw fault("its weights.bin is missing.");
  await verify("weights.bin", weightBytes);
  const size = byteLengthOf(spec);
  if (weightBytes.length !== size) {
    throw fault(
      `its weights.bin must have ${size} bytes for the network that ${DESCRIPTION} describes, current value is ${weightBytes.length}. The two do not belong together.`,
    );
  }
  const trainingBytes = await read("training.bin");
  if (trainingBytes) await verify("training.bin", trainingBytes);
  return {
    ...partial,
    weights: new WeightReader(spec, weightBytes).next(),
    ...trainingBytes && {
      training: unpack(
        spec,
        trainingBytes,
        (states) =>
          version > 2 ? states : statesOfAllWorkers(
            spec,
            partial.config.batchSize,
            run.workers,
            states,
          ),
      ),
    },
  };
}

async function parseDescription(
  text: Bytes,
  fault: (reason: string) => CheckpointError,
): Promise<CheckpointJson> {
  let description: CheckpointJson;
  try {
    description = Object(JSON.parse(new TextDecoder().decode(text)));
  } catch {
    throw fault("its checkpoint.json is damaged. Use an earlier checkpoint.");
  }
  const { magic, version } = description;
  if (magic !== MAGIC) {
    throw fault(
      `its magic must be "${MAGIC}", current value is "${magic}". It was not written by Immersic.`,
    );
  }
  if (!(version >= 1 && version <= VERSION)) {
    throw fault(
      `its version must be ${VERSION} at most, current value is ${version}. Use the version of Immersic that wrote it.`,
    );
  }
  // Version 1 had no digest of this file.
  if (version > 1 || description.sha256?.[DESCRIPTION] !== undefined) {
    const { sha256 } = await sealed(description);
    if (sha256[DESCRIPTION] !== description.sha256?.[DESCRIPTION]) {
      throw fault(
        `its ${DESCRIPTION} was changed since it was written, or is damaged, and its settings, vocabulary and weights may not belong together. Use an earlier checkpoint.`,
      );
    }
  }
  return description;
}

/** The contents of `training.bin`. */
function pack(spec: NetworkSpec, training: NetworkState): Bytes {
  const { weights, slots, average, states } = training;
  return concatenate(spec, [weights, ...slots, average], states);
}

/** Undoes {@linkcode pack}; `read` puts carried states in order. */
function unpack(
  spec: NetworkSpec,
  bytes: Bytes,
  read: (states: Float32Array) => Float32Array,
): NetworkState {
  const reader = new WeightReader(spec, bytes);
  const weights = reader.next();
  const slots = [reader.next(), reader.next()] as const;
  const average = reader.next();
  const states = reader.rest();
  return {
    weights,
    slots,
    average,
    ...states.length > 0 && { states: read(states) },
  };
}

/** Joins weights, in the network's order, and other floats after them. */
function concatenate(
  spec: NetworkSpec,
  blocks: readonly Weights[],
  rest: Float32Array = new Float32Array(0),
): Bytes {
  const names = weightsOf(spec);
  const size = byteLengthOf(spec) / Float32Array.BYTES_PER_ELEMENT;
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

/** Bytes of the weights of a network. */
function byteLengthOf(spec: NetworkSpec): number {
  const size = weightsOf(spec)
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return size * Float32Array.BYTES_PER_ELEMENT;
}

/** Reads what {@linkcode concatenate} wrote. */
class WeightReader {
  readonly #spec: NetworkSpec;
  readonly #floats: Float32Array;
  #at = 0;

  constructor(spec: NetworkSpec, bytes: Bytes) {
    this.#spec = spec;
    this.#floats = new Float32Array(bytes.buffer, bytes.byteOffset);
  }

  /** A copy of the next weights. */
  next(): Weights {
    return new Map(
      weightsOf(this.#spec).map(({ name, shape }) => [
        name,
        this.#floats.slice(this.#at, this.#at += sizeOf(shape)),
      ]),
    );
  }

  /** A copy of the floats after the weights read so far. */
  rest(): Float32Array {
    return this.#floats.slice(this.#at);
  }
}

async function digest(bytes: Bytes): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(hash).toHex();
}
