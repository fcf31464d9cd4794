/** A checkpoint as a file of another program. */

import { basename } from "@std/path";
import { type Checkpoint, networkOf, runToJson } from "../model/model.ts";
import { ExchangeError, type ExportedModel, type Files } from "./file_model.ts";
import { writeKeras, writeWeightsH5 } from "./keras_file.ts";
import { writeOnnx } from "./onnx.ts";
import { writeSafetensors } from "./safetensors.ts";
import { writeTfjs } from "./tfjs_file.ts";

/** What files are written, by how their names end. */
const WRITERS: Readonly<
  Record<
    string,
    (model: ExportedModel) => Uint8Array | Promise<Uint8Array>
  >
> = {
  ".keras": writeKeras,
  ".weights.h5": writeWeightsH5,
  ".safetensors": writeSafetensors,
  ".onnx": writeOnnx,
};

/** How names of files that can be written end; `model.json` has another file beside it. */
export const MODEL_ENDINGS: readonly string[] = [
  ...Object.keys(WRITERS),
  "model.json",
];

/**
 * A checkpoint's network as a file of another program. It carries the run's
 * configuration, vocabulary and corpus, so that {@linkcode importModel} gives back a
 * run; not the state of the optimizer.
 *
 * @param path Its ending says which kind of file.
 * @returns The files' bytes by their names, all in the folder of `path`.
 * @throws {ExchangeError} If no kind of file ends so.
 */
export async function exportModel(
  checkpoint: Checkpoint,
  path: string,
): Promise<Files> {
  const name = basename(path);
  const model = exportedOf(checkpoint);
  if (name === "model.json") return writeTfjs(model);
  const ending = Object.keys(WRITERS).find((one) => name.endsWith(one));
  if (ending === undefined) {
    throw new ExchangeError(
      `Cannot export to ${path}: its name must end with ${
        MODEL_ENDINGS.join(", ")
      }.`,
    );
  }
  return { [name]: await WRITERS[ending]!(model) };
}

/** What a file holds of a checkpoint. */
export function exportedOf(checkpoint: Checkpoint): ExportedModel {
  const { weights, training: _, progress: _unfinished, ...run } = checkpoint;
  return { spec: networkOf(checkpoint), weights, run: runToJson(run) };
}
