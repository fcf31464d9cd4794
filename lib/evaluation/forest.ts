/**
 * A random forest that tells two classes of rows apart: the library Yggdrasil Decision
 * Forests (M. Guillame-Bert et al. 2023), with its defaults: 300 trees, at each
 * node a random choice of the square root of the columns.
 */

import type { EventEmitter } from "node:events";
import process from "node:process";

/** Rows of numbers, column by column; every column has as many. */
export type Columns = Readonly<Record<string, readonly number[]>>;

/** What is used here of the library, which has no types of its own. */
interface Library {
  readonly RandomForestLearner: new (
    label: string,
    task: "CLASSIFICATION",
  ) => { train(rows: Table): Model };
}
type Table = Readonly<Record<string, readonly number[] | readonly string[]>>;
interface Model {
  getLabelClasses(): readonly string[];
  /** Probability of the second class, of each row. */
  predict(rows: Columns): readonly number[];
  unload(): void;
}

/** Name of the column of classes; no figure has it. */
const LABEL = "isMade";

let library: Promise<Library> | undefined;

/** The library, loaded when first needed. */
function loadLibrary(): Promise<Library> {
  return library ??= open();
}

async function open(): Promise<Library> {
  const program: EventEmitter = process;
  const events = ["uncaughtException", "unhandledRejection"];
  const before = events.map((event) => program.listeners(event));
  const { default: start } = await import("ydf-training");
  const opened: Library = await start({ print: ignore, printErr: ignore });
  // It would handle the errors of the whole program; the program does so itself.
  events.forEach((event, i) => {
    for (const listener of program.listeners(event)) {
      if (!before[i]!.includes(listener)) {
        program.off(event, listener as () => void);
      }
    }
  });
  return opened;
}

function ignore(): void {}

/** What a forest learns from, and what it judges. */
export interface ForestJob {
  /** To learn from. */
  readonly rows: Columns;
  /** The class of each of them; both classes must occur. */
  readonly isMade: readonly boolean[];
  /** Rows to judge, of the same columns. */
  readonly unseen: Columns;
}

/**
 * Trains a forest, and has it judge other rows. The same rows always give the same
 * result.
 *
 * @returns By unseen row, the probability that it is made, 0–1.
 */
export async function judgeUnseen(
  { rows, isMade, unseen }: ForestJob,
): Promise<number[]> {
  const { RandomForestLearner } = await loadLibrary();
  const model = new RandomForestLearner(LABEL, "CLASSIFICATION").train({
    ...rows,
    [LABEL]: isMade.map(String),
  });
  try {
    const secondIsMade = model.getLabelClasses()[1] === String(true);
    return model.predict(unseen).map((p) => secondIsMade ? p : 1 - p);
  } finally {
    model.unload();
  }
}
