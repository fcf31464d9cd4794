/** `data`: lists the data sets, or fetches, unpacks and verifies one. */

import { resolve } from "@std/path";
import { MIDI_FOLDER, requireWritableFolder } from "../base/base.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./usage_error.ts";
import {
  DatasetError,
  datasetFolder,
  DATASETS,
  datasetState,
  installDataset,
} from "../corpus/corpus.ts";

/** See {@linkcode Command}. */
export const command: Command = {
  usage: "[NAME] [--from PATH] [--out DIR] [--json]",
  options: { from: "string", out: "string" },
  words: 1,
  async run(given, progress) {
    const parent = resolve(given.text("out") ?? MIDI_FOLDER);
    const [name] = given.words;
    if (name === undefined) {
      const list = await Promise.all(DATASETS.map(async (dataset) => {
        const { name, description, files } = dataset;
        const folder = datasetFolder(dataset, parent);
        const state = await datasetState(dataset, folder);
        return { name, description, files, folder, state };
      }));
      const lines = list.map(({ name, description, state }) =>
        `${name} (${description}): ${state}`
      );
      return { text: lines.join("\n"), json: { datasets: list } };
    }
    const dataset = DATASETS.find((one) => one.name === name);
    if (dataset === undefined) {
      throw new UsageError(
        `Cannot fetch "${name}": the data sets are ${
          DATASETS.map(({ name }) => name).join(", ")
        }.`,
      );
    }
    const folder = datasetFolder(dataset, parent);
    const from = given.text("from");
    const state = await datasetState(dataset, folder);
    const absent = state === "absent" && dataset.url !== undefined;
    if (absent) {
      await requireWritableFolder(folder);
      progress(`${name} from ${from ?? dataset.url}`);
      await installDataset(dataset, folder, from && resolve(from));
    } else if (state !== "whole") {
      throw new DatasetError(
        `Cannot vouch for ${name} in ${folder}: it should be whole, current state is ${state}. Move the folder away and try again.`,
      );
    }
    const { files, hash } = dataset;
    return {
      text: `${name}: ${files} files in ${folder}, ${
        absent ? "put there and " : ""
      }verified.`,
      json: { name, folder, files, hash, fetched: absent },
    };
  },
};
