/** What a command tells of files that were there before. */

import { basename, dirname, extname, join } from "@std/path";
import { readFileIfAny } from "../base/base.ts";
import {
  readRecipe,
  recipeFile,
  type RecipeStart,
} from "../composition/composition.ts";
import { fileKindOf } from "../files/files.ts";
import { flagOf } from "../tasks/tasks.ts";

/** A sentence on each piece that is about to be replaced, and how to make it again. */
export async function replacedPieces(
  files: readonly string[],
): Promise<string[]> {
  const lines: string[] = [];
  for (const file of files) {
    if (fileKindOf(file) !== "midi" || !await readFileIfAny(file)) continue;
    const text = await readFileIfAny(recipeFile(file));
    const start = text && startOfRecipe(new TextDecoder().decode(text), file);
    const again = start && "prompt" in start
      ? ` The earlier piece: --prompt ${JSON.stringify(start.prompt)} ${
        Object.entries({ randomSeed: start.randomSeed, ...start.options })
          .map(([name, value]) => `${flagOf(name)} ${value}`).join(" ")
      }`
      : "";
    lines.push(`${basename(file)} was there before and is replaced.${again}`);
  }
  return lines;
}

/** How the piece of a recipe began, if its file is a recipe. */
function startOfRecipe(text: string, file: string): RecipeStart | undefined {
  try {
    return readRecipe(text, file).start;
  } catch {
    return undefined; // another program's file
  }
}

/**
 * A sentence on files that are named like a piece and were not written with it: they are
 * of the piece that was there before.
 *
 * @param piece The piece's file, just written.
 * @param written All files that were written.
 */
export async function staleFiles(
  piece: string,
  written: readonly string[],
): Promise<string[]> {
  const names = await filesOfPiece(piece, written);
  if (names.length === 0) return [];
  return [
    `Of an earlier piece: ${
      names.join(", ")
    }. Give --out for each that is to be written again.`,
  ];
}

/** Sound, scores and pages of a piece that are to follow its change, by their paths. */
export async function filesToFollow(piece: string): Promise<string[]> {
  const names = await filesOfPiece(piece, [piece]);
  return names.filter((name) => fileKindOf(name) !== "midi")
    .map((name) => join(dirname(piece), name));
}

/** Names of files that are named like a piece, without those that were written. */
async function filesOfPiece(
  piece: string,
  written: readonly string[],
): Promise<string[]> {
  const names: string[] = [], stem = stemOf(piece);
  for await (const { name, isFile } of Deno.readDir(dirname(piece))) {
    const isOfPiece = isFile && stemOf(name) === stem && isPiece(name);
    if (isOfPiece && !written.some((file) => basename(file) === name)) {
      names.push(name);
    }
  }
  return names.sort();
}

const stemOf = (file: string) => basename(file, extname(file));

function isPiece(file: string): boolean {
  try {
    fileKindOf(file);
    return true;
  } catch {
    return false; // of another kind
  }
}
