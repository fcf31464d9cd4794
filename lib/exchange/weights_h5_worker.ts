/**
 * A thread that reads a file of weights, so that one whose reading has no end can be
 * stopped: {@linkcode readWeightsH5}.
 */

import {
  ExchangeError,
  type FileModel,
  parseRun,
  RUN_KEY,
  type Tensor,
  WEIGHT_NAMES,
} from "./file_model.ts";
import { pathOf, readHdf5 } from "./hdf5.ts";
import { parseLayers } from "./keras_layers.ts";

self.onmessage = async ({ data }: MessageEvent<Uint8Array>) => {
  try {
    self.postMessage({ model: await read(data) });
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    self.postMessage({ reason: error.message });
  }
};

self.postMessage("ready");

/** The network of a `.weights.h5`, or of a whole model of Keras 2. */
async function read(bytes: Uint8Array): Promise<FileModel> {
  return await readHdf5(bytes, (file) => {
    const config = file.attribute("", "model_config");
    const isWhole = typeof config === "string";
    const legacy = isWhole ? legacyPaths(file.attribute) : undefined;
    const tensors = new Map<string, Tensor>();
    for (const [i, name] of WEIGHT_NAMES.entries()) {
      const tensor = file.tensor(legacy ? legacy[i] ?? "" : pathOf(name));
      if (tensor) tensors.set(name, tensor);
    }
    const run = parseRun(file.text(RUN_KEY));
    return {
      tensors,
      ...isWhole && { layers: parseLayers(config) },
      ...run && { run },
    };
  });
}

/** Where Keras 2 keeps the weights, in the order of the layers. */
function legacyPaths(
  attribute: (path: string, name: string) => unknown,
): string[] {
  const list = (path: string, name: string) => {
    const value = attribute(path, name);
    return Array.isArray(value) ? value.map(String) : [];
  };
  return list("model_weights", "layer_names").flatMap((layer) =>
    list(`model_weights/${layer}`, "weight_names").map((name) =>
      `model_weights/${layer}/${name}`
    )
  );
}
