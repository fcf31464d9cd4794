/** `export`: writes a run for other programs. */

import { dirname, extname, join, resolve } from "@std/path";
import { runFolder, writeFilesAtomically } from "../base/base.ts";
import { exportModel } from "../exchange/exchange.ts";
import { type Checkpoint, loadBest, loadCheckpoint } from "../model/model.ts";
import type { Arguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { fromUsage } from "./usage_error.ts";

/** See {@linkcode Command}. */
export const command: Command = {
  usage:
    "--run NAME --to FILE.keras|.weights.h5|.safetensors|.onnx|FOLDER|FOLDER/model.json [--checkpoint epoch-…] [--json]",
  options: { run: "string", checkpoint: "string", to: "string" },
  words: 0,
  async run(given, progress) {
    const run = given.required("run");
    const folder = fromUsage(() => runFolder(run));
    const to = resolve(given.required("to"));
    const checkpoint = await checkpointOf(folder, given);
    const path = extname(to) === "" ? join(to, "model.json") : to;
    progress("writing the file");
    const files = await exportModel(checkpoint, path);
    const contents = Object.entries(files).map(([name, bytes]) =>
      [join(dirname(path), name), bytes] as const
    );
    await writeFilesAtomically(Object.fromEntries(contents));
    const paths = contents.map(([path]) => path);
    const { epoch } = checkpoint;
    return {
      text: `Epoch ${epoch} of ${run} is in ${paths.join(" and ")}.`,
      json: { run, epoch, files: paths },
    };
  },
};

/** The checkpoint that is exported: the named one, or the run's best. */
function checkpointOf(folder: string, given: Arguments): Promise<Checkpoint> {
  const name = given.text("checkpoint");
  return name === undefined
    ? loadBest(folder)
    : loadCheckpoint(join(folder, name));
}
