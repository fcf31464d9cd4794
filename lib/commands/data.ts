/** `data`: lists the collections, or downloads, unpacks and verifies one. */

import { resolve } from "@std/path";
import {
  MIDI_FOLDER,
  nearestName,
  requireWritableFolder,
} from "../base/base.ts";
import {
  type Dataset,
  DatasetError,
  datasetFolder,
  DATASETS,
  datasetState,
  installDataset,
  removeLeftovers,
} from "../corpus/corpus.ts";
import type { Run } from "./command.ts";
import { type DATA, UsageError } from "../tasks/tasks.ts";

/** See {@linkcode Run}. */
export const run: Run<typeof DATA.options> = async (
  { options, words: [name] },
  progress,
) => {
  const parent = resolve(options.out ?? MIDI_FOLDER);
  if (name === undefined) return await list(parent);
  const dataset = DATASETS.find((one) => one.name === name);
  if (dataset === undefined) {
    const names = DATASETS.map(({ name }) => name);
    const meant = nearestName(name, names);
    throw new UsageError(
      `Cannot fetch "${name}": the data sets are ${names.join(", ")}.${
        meant ? ` Did you mean ${meant}?` : ""
      }`,
    );
  }
  const folder = datasetFolder(dataset, parent);
  const { from } = options;
  const before = await datasetState(dataset, folder);
  const isWanted = dataset.page !== undefined &&
    /^(?:absent|partly)/.test(before);
  if (isWanted) {
    await requireWritableFolder(folder);
    await installDataset(dataset, folder, {
      from: from && resolve(from),
      onProgress: progress,
    });
  } else await removeLeftovers(folder);
  const state = await datasetState(dataset, folder);
  if (state !== "whole" && state !== "there") {
    throw new DatasetError(
      `Cannot vouch for ${name} in ${folder}: it should be whole, current state is ${state}. Move the folder away and try again.`,
    );
  }
  const { files, hash, licence, next } = dataset;
  return {
    text: [
      `${name} is in ${folder}${
        state === "whole" ? `, ${files} files, verified` : ""
      }. Licence: ${licence}.`,
      ...from === undefined || isWanted ? [] : [
        `It was there before, so ${from} was not read. Move the folder away to unpack that file.`,
      ],
      `Next: ${
        next?.(folder) ?? `deno task preprocess --midi ${folder} --out DIR`
      }`,
    ].join("\n"),
    json: { name, folder, files, hash, licence, state, fetched: isWanted },
  };
};

/** All collections and their states. */
async function list(parent: string): Promise<{ text: string; json: object }> {
  const datasets = await Promise.all(DATASETS.map(async (dataset) => {
    const { pattern: _, next: __, ...about } = dataset;
    const folder = datasetFolder(dataset, parent);
    return { ...about, folder, state: await datasetState(dataset, folder) };
  }));
  const text = datasets.map((dataset) =>
    `${dataset.name}: ${dataset.description}\n  ${dataset.licence}; ${dataset.size}; ${
      sourceOf(dataset)
    }; ${dataset.state}`
  ).join("\n");
  return { text, json: { datasets } };
}

/** How a collection is got, in a few words. */
function sourceOf(
  { name, page, downloads }: Omit<Dataset, "pattern" | "next">,
): string {
  if (page === undefined) return "nothing to fetch";
  return downloads.length > 0
    ? `deno task data ${name}`
    : `by hand from ${page}, then deno task data ${name} --from FILE`;
}
