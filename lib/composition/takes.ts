/**
 * How a piece came to be, kept beside its file as JSON: what it began with, and every
 * change with all its takes. From it the piece is made again, and undone step by step.
 */

import type { PieceSpec } from "../music/music.ts";
import type { Edit } from "./edit.ts";
import type { RedoWish } from "./redo.ts";

/** What a piece began with. */
export type RecipeStart =
  | {
    /** The prompt; "" of a piece without one. */
    readonly prompt: string;
    readonly randomSeed: number;
    /** Other options of its making, such as `bars`. */
    readonly options?: Readonly<Record<string, unknown>>;
  }
  | {
    /** A file, by its path from the folder of the recipe. */
    readonly file: string;
    /** Hash of its bytes. */
    readonly sha256: string;
  };

/** How a piece is made longer. */
export interface Longer {
  /** Bars of the whole. */
  readonly bars: number;
  /** The same seed gives the same new bars. */
  readonly randomSeed: number;
  /** What was asked of the piece and holds for the new bars. @default nothing */
  readonly wishes?: Pick<PieceSpec, "chords" | "partWishes" | "drums">;
}

/** A change to a piece. */
export type RecipeStep =
  | {
    /** The words. */
    readonly asked: string;
    /** What they were read as. */
    readonly redo: RedoWish;
    /** The random seed of each take. */
    readonly takes: readonly number[];
    /** Index of the take that is kept. */
    readonly kept: number;
  }
  | {
    readonly asked: string;
    readonly edits: readonly Edit[];
    /** How it was made longer. */
    readonly longer?: Longer;
  };

/** How a piece came to be. */
export interface Recipe {
  /** Version of this form. */
  readonly version: 1;
  /** Which model made the notes: its corpus, epoch and step. */
  readonly model: string;
  /** What the piece is first made from. */
  readonly start: RecipeStart;
  /** Hash of the MIDI file that it makes, SHA-256. @default not known */
  readonly made?: string;
  /** In the order in which they were made. */
  readonly steps: readonly RecipeStep[];
}

/** A recipe with one more step. */
export function withStep(recipe: Recipe, step: RecipeStep): Recipe {
  return { ...recipe, steps: [...recipe.steps, step] };
}

/**
 * A recipe without its last step.
 *
 * @throws {RangeError} If it has none.
 */
export function undoStep(recipe: Recipe): Recipe {
  if (recipe.steps.length > 0) {
    return { ...recipe, steps: recipe.steps.slice(0, -1) };
  }
  throw new RangeError(
    "Cannot undo a step: the piece is as it began.",
  );
}

/**
 * A recipe that keeps another take of its last step.
 *
 * @param take From 1.
 * @throws {RangeError} If the last step has no such take.
 */
export function withTake(recipe: Recipe, take: number): Recipe {
  const last = recipe.steps.at(-1);
  const count = last && "takes" in last ? last.takes.length : 0;
  if (
    last && "takes" in last && Number.isInteger(take) && take >= 1 &&
    take <= count
  ) {
    const steps = [...recipe.steps.slice(0, -1), { ...last, kept: take - 1 }];
    return { ...recipe, steps };
  }
  throw new RangeError(
    count === 0
      ? "Cannot keep a take: the last step has none. Redo some bars first."
      : `Cannot keep take ${take}: the last step has takes 1 to ${count}. Choose one of these.`,
  );
}

/** A recipe as the text of its file. */
export function writeRecipe(recipe: Recipe): string {
  return `${JSON.stringify(recipe, undefined, 2)}\n`;
}

/**
 * Reads the text of a recipe's file.
 *
 * @param file Its name, for errors.
 * @throws {RangeError} If it is no recipe of this version.
 */
export function readRecipe(text: string, file: string): Recipe {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (isRecipe(value)) return value;
  throw new RangeError(
    `Cannot read ${file}: it is no recipe of a piece. Is it another program's file? Move it away, and the piece begins anew.`,
  );
}

function isRecipe(value: unknown): value is Recipe {
  if (!isRecord(value)) return false;
  const { version, model, start, steps } = value;
  return version === 1 && typeof model === "string" && isRecord(start) &&
    (typeof start["prompt"] === "string" ||
      typeof start["file"] === "string") &&
    Array.isArray(steps) &&
    steps.every((step) =>
      isRecord(step) && typeof step["asked"] === "string" &&
      (Array.isArray(step["edits"]) ||
        isRecord(step["redo"]) && Array.isArray(step["takes"]) &&
          typeof step["kept"] === "number")
    );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
