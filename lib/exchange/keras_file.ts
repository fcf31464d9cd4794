/**
 * Files of Keras: `.keras`, a ZIP of `config.json`, `metadata.json` and
 * `model.weights.h5`; `.weights.h5` alone; and `.h5` or `.hdf5`, in which Keras 2
 * kept whole models. The description of the run is in `immersic.json` of the ZIP,
 * and in the array `immersic` of HDF5.
 */

import { unpack } from "../corpus/corpus.ts";
import {
  ExchangeError,
  type ExportedModel,
  type FileModel,
  parseRun,
  RUN_KEY,
  type Tensor,
  tensorsOf,
  told,
} from "./file_model.ts";
import { pathOf, writeHdf5 } from "./hdf5.ts";
import { kerasConfig, parseLayers } from "./keras_layers.ts";
import { readWeightsH5 } from "./weights_h5.ts";

/** Makes a `.weights.h5`. */
export function writeWeightsH5(model: ExportedModel): Promise<Uint8Array> {
  return writeHdf5({
    tensors: byPath(model),
    bytes: {
      [RUN_KEY]: new TextEncoder().encode(JSON.stringify(model.run)),
    },
  });
}

/** Makes a `.keras`. */
export async function writeKeras(model: ExportedModel): Promise<Uint8Array> {
  const { strToU8, zipSync } = await import("fflate");
  const json = (value: unknown) => strToU8(JSON.stringify(value));
  return zipSync({
    "metadata.json": json({
      keras_version: "3.0.0",
      date_saved: "1980-01-01@12:00:00",
    }),
    "config.json": json(kerasConfig(model.spec)),
    "model.weights.h5": await writeHdf5({ tensors: byPath(model) }),
    [`${RUN_KEY}.json`]: json(model.run),
  }, { level: 0 });
}

function byPath(model: ExportedModel): ReadonlyMap<string, Tensor> {
  return new Map(
    Array.from(tensorsOf(model), ([name, tensor]) => [pathOf(name), tensor]),
  );
}

/**
 * Reads a `.keras`.
 *
 * @throws {ExchangeError} If it is none, or not of our layers.
 */
export async function readKeras(bytes: Uint8Array): Promise<FileModel> {
  const files = new Map(
    (await unpack(bytes)).map(({ path, bytes }) => [path, bytes]),
  );
  const text = (name: string) => {
    const content = files.get(name);
    return content && new TextDecoder().decode(content);
  };
  const config = text("config.json"), weights = files.get("model.weights.h5");
  if (config === undefined || !weights) {
    throw new ExchangeError(
      `Cannot import the network: a .keras file holds config.json and model.weights.h5, current value is ${
        told([...files.keys()].join(", "))
      }.`,
    );
  }
  const run = parseRun(text(`${RUN_KEY}.json`));
  return {
    ...await readWeightsH5(weights),
    layers: parseLayers(config),
    ...run && { run },
  };
}
