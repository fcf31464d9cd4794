/**
 * A model of TensorFlow.js layers: `model.json`, and beside it the files with weights
 * that it names. The description of the run is in its `userDefinedMetadata`.
 */

import { layersJson } from "../model/model.ts";
import {
  checkedShape,
  ExchangeError,
  type ExportedModel,
  fieldsOf,
  type FileModel,
  type Files,
  parseRun,
  RUN_KEY,
  type Tensor,
  tensorsOf,
  told,
  WEIGHT_NAMES,
} from "./file_model.ts";
import { readLayers } from "./keras_layers.ts";

/** Makes the two files of a model. */
export function writeTfjs(model: ExportedModel): Files {
  const json = {
    ...layersJson(model.spec),
    userDefinedMetadata: { [RUN_KEY]: model.run },
  };
  return {
    "model.json": new TextEncoder().encode(JSON.stringify(json)),
    "weights.bin": bytesOf(tensorsOf(model).values()),
  };
}

/** The values of arrays, one after the other. */
export function bytesOf(tensors: Iterable<Tensor>): Uint8Array {
  const all = [...tensors];
  const bytes = new Uint8Array(
    all.reduce((sum, { values }) => sum + values.byteLength, 0),
  );
  let at = 0;
  for (const { values: { buffer, byteOffset, byteLength } } of all) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

/** Most files with weights; TensorFlow.js makes one of every 4 MB. */
const MAX_FILES = 4096;

/**
 * Reads a model.
 *
 * @param bytes Of `model.json`.
 * @param read The bytes of a file beside it, undefined where there is none.
 * @throws {ExchangeError} If it is none, or not of our layers.
 */
export async function readTfjs(
  bytes: Uint8Array,
  read: (name: string) => Promise<Uint8Array | undefined>,
): Promise<FileModel> {
  const refuse = (why: string) =>
    new ExchangeError(`Cannot import the network: ${why}.`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw refuse("its model.json is not JSON");
  }
  const { modelTopology, weightsManifest, userDefinedMetadata } = fieldsOf(
    json,
  );
  if (!modelTopology || !Array.isArray(weightsManifest)) {
    throw refuse(
      "a model of TensorFlow.js layers has modelTopology and weightsManifest, and this file lacks one. Is it a graph model? It has no layers",
    );
  }
  const layers = readLayers(modelTopology);
  const tensors = new Map<string, Tensor>();
  const seen = new Set<unknown>();
  for (const group of weightsManifest) {
    const { paths, weights } = fieldsOf(group);
    if (!Array.isArray(paths) || !Array.isArray(weights)) {
      throw refuse("its weightsManifest has no lists of paths and weights");
    }
    const parts: Uint8Array[] = [];
    for (const path of paths) {
      const isName = typeof path === "string" && /^\w[\w.-]*$/.test(path);
      const isNew = !seen.has(path) && seen.size < MAX_FILES;
      const part = isName && isNew ? await read(path) : undefined;
      if (!part) throw refuse(`${told(path)} is not beside its model.json`);
      seen.add(path);
      parts.push(part);
    }
    const all = new Uint8Array(
      await new Blob(parts as BlobPart[]).arrayBuffer(),
    );
    let at = 0;
    for (const weight of weights) {
      const { name, shape: stated, dtype, quantization } = fieldsOf(weight);
      // Names differ between the programs that write them, the order does not.
      const own = WEIGHT_NAMES[tensors.size];
      if (own === undefined) {
        throw refuse(`it has more weights than ours: ${told(name)}`);
      }
      if (dtype !== "float32" || quantization) {
        throw refuse(
          `${told(name)} must be float32 and not quantized, current value is ${
            told(dtype)
          }. Convert the model without quantization`,
        );
      }
      const shape = checkedShape(own, stated, (all.length - at) / 4);
      const end = at + 4 * shape.reduce((product, n) => product * n, 1);
      tensors.set(own, {
        shape,
        values: new Float32Array(all.buffer.slice(at, end)),
      });
      at = end;
    }
  }
  const run = fieldsOf(userDefinedMetadata)[RUN_KEY];
  return {
    tensors,
    layers,
    ...run !== undefined && { run: parseRun(JSON.stringify(run))! },
  };
}
