/** `evaluate`: how well a run predicts music it never saw, and what it makes. */

import { resolve } from "@std/path";
import { type Checkpoint, loadBest } from "../model/model.ts";
import { type Corpus, loadCorpus } from "../corpus/corpus.ts";
import {
  type HeldOutReport,
  Helpers,
  judgeMade,
  likenessRows,
  type MadeReport,
  musicRows,
  predictHeldOut,
} from "../evaluation/evaluation.ts";
import { Generator } from "../generation/generation.ts";
import { PROJECT_FOLDER, runFolder, withoutUndefined } from "../base/base.ts";
import type { Run } from "./command.ts";
import { type EVALUATE, required, UsageError } from "../tasks/tasks.ts";

/** See {@linkcode Run}. */
export const run: Run<typeof EVALUATE.options> = async (
  { options },
  progress,
) => {
  const run = required("run", options.run);
  progress("reading the corpus");
  const checkpoint = await loadBest(runFolder(run));
  const corpus = await corpusOf(run, checkpoint, options.data);
  using generator = await Generator.open(checkpoint);
  const { pieces, original: other } = options;
  const origin = other && await loadBest(runFolder(other));
  using originalGenerator = origin ? await Generator.open(origin) : undefined;
  using helpers = new Helpers(checkpoint);
  // Pieces are read and made at once, by a network each.
  using reader = await Generator.open(checkpoint);
  progress("held-out loss");
  const predicting = predictHeldOut(reader, corpus, helpers);
  // Its failure is thrown where it is awaited.
  predicting.catch(() => {});
  const made = pieces < 1 ? undefined : await judgeMade(generator, corpus, {
    pieces,
    helpers,
    ...other && originalGenerator && {
      original: {
        generator: originalGenerator,
        corpus: await corpusOf(other, originalGenerator.checkpoint),
      },
    },
    onProgress: (done, total) =>
      progress(`piece ${done} of ${total}`, done / total),
  });
  const heldOut = await predicting;
  const { damaged } = checkpoint;
  return {
    text: [
      ...damaged,
      ...describeHeldOut(heldOut),
      ...made ? describeMade(made) : [],
    ].join("\n"),
    json: {
      run,
      ...made && apartSummary(made),
      epoch: checkpoint.epoch,
      ...damaged.length > 0 && { damaged },
      heldOut,
      ...made && {
        made: {
          ...made,
          pieces: made.pieces.length,
          prompted: made.prompted.map(({ prompt }) => prompt),
        },
      },
    },
  };
};

/**
 * The corpus that a run was trained on, or another that holds back the same pieces.
 *
 * @param given Its folder. @default the one that the checkpoint names
 */
async function corpusOf(
  run: string,
  { corpus: { folder, hash, heldOutHash } }: Checkpoint,
  given: string | undefined = folder,
): Promise<Corpus> {
  if (given === undefined) {
    throw new UsageError(
      `Cannot evaluate ${run}: it does not tell which corpus it learnt from. Give it with --data.`,
    );
  }
  const corpus = await loadCorpus(resolve(PROJECT_FOLDER, given));
  if (corpus.hash !== hash && corpus.heldOutHash !== heldOutHash) {
    throw new RangeError(
      `Cannot evaluate ${run}: the corpus in ${given} holds back other pieces than the one it learnt from, so it may have learnt from its test pieces. Preprocess the same files in the same way.`,
    );
  }
  return corpus;
}

/** What `--json` tells first: how well made pieces are told from training pieces. */
function apartSummary(
  { apart: { unprompted, prompted, floor } }: MadeReport,
): Record<string, number> {
  return withoutUndefined({
    told_apart: unprompted?.auc,
    told_apart_prompted: prompted?.auc,
    told_apart_floor: floor,
    told_apart_pieces: unprompted?.pieces,
  });
}

/** The table of losses. */
function describeHeldOut(report: HeldOutReport): string[] {
  const { rows, belowBestNgram, belowBestNgramCached } = report;
  return [
    ...rows.length === 0 ? [] : [
      "Loss on the test pieces, in nats a token and a note:",
    ],
    ...rows.map(({ model, perToken, perNote }) =>
      `  ${model.padEnd(28)} ${perToken.toFixed(3)} ${
        perNote.toFixed(2).padStart(7)
      }`
    ),
    ...belowBestNgram === undefined || belowBestNgramCached === undefined
      ? []
      : [
        `  the network is ${
          belowOrAbove(belowBestNgram)
        } the best n-gram, where both hear the piece so far ${
          belowOrAbove(belowBestNgramCached)
        }`,
      ],
    ...report.missing,
  ];
}

function belowOrAbove(shareBelow: number): string {
  const percent = Math.abs(100 * shareBelow).toFixed(1);
  return `${percent} % ${shareBelow < 0 ? "above" : "below"}`;
}

/** Tables about the pieces made. */
function describeMade(made: MadeReport): string[] {
  const count = made.pieces.length;
  const rows = likenessRows(made);
  const columns = Object.keys(rows[0] ?? {}).filter((key) => key !== "feature");
  const measures = musicRows(made).filter(({ what: _, ...figures }) =>
    Object.values(figures).some((figure) => figure !== undefined)
  );
  const width = Math.max(...measures.map(({ what }) => what.length));
  return [
    `${count} pieces made with default settings, ${made.wellFormed} well-formed, ${made.pitched} with pitched notes; ${made.prompted.length} from prompts.`,
    ...measures.length === 0 ? [] : [
      `${"Music".padEnd(width + 2)} generated  prompted  training   heldOut`,
    ],
    ...measures.map(({ what, generated, prompted, training, heldOut }) =>
      `  ${what.padEnd(width)}${
        [generated, prompted, training, heldOut].map((value) =>
          `${value ?? ""}`.padStart(10)
        ).join("")
      }`
    ),
    ...rows.length === 0 ? [] : [
      `Overlapping Area with the test pieces${" ".repeat(6)}${
        columns.map((name) => name.padStart(10)).join("")
      }`,
    ],
    ...rows.map((row) =>
      `  ${row.feature.padEnd(40)}${
        columns.map((name) => Number(row[name]).toFixed(3).padStart(10))
          .join("")
      }`
    ),
    ...made.apart.missing,
    ...made.music.missing,
  ];
}
