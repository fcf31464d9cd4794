/**
 * The benchmark of prompts: composes each prompt of a file with the shipped model,
 * reads the MIDI back with another reader, and checks on the notes everything that
 * a careful reader would say the prompt asks for.
 */

import { basename, join } from "@std/path";
import {
  FileError,
  requireWritableFile,
  requireWritableFolder,
  runFolder,
  withoutUndefined,
  writeFileAtomically,
} from "../../base/base.ts";
import { compose, type Composition } from "../../composition/composition.ts";
import { Generator } from "../../generation/generation.ts";
import { writeMidi } from "../../midi/midi.ts";
import { loadBest } from "../../model/model.ts";
import { KINDS } from "./checks.ts";
import { Heard } from "./heard.ts";
import { judgeAll, type Outcome, requireCheckable } from "./judge.ts";
import { openKeyFinder } from "./key_finder.ts";
import { missesOf, reportLines, reportOn } from "./report.ts";
import { type PromptCase, readCases } from "./requirement.ts";
import type { Told } from "./told.ts";

/** What to measure, and where to put it. */
export interface PromptsOptions {
  /** Path of the prompts, JSON. */
  readonly prompts: string;
  /** Path for every requirement that is not met, JSON. @default none */
  readonly misses?: string;
  /** Path of a folder for the pieces, MIDI. @default none */
  readonly folder?: string;
  /** Seed of every piece. @default 1 */
  readonly randomSeed?: number;
}

/**
 * Measures how far the shipped model does what the prompts of a file ask.
 *
 * @throws {RangeError} If the file holds no prompts, or asks what cannot be checked.
 * @throws {FileError} If it cannot be read, or a file or the folder not written.
 */
export async function benchPrompts(
  { prompts, misses, folder, randomSeed = 1 }: PromptsOptions,
  progress: (text: string) => void,
): Promise<Record<string, unknown>> {
  const text = await Deno.readTextFile(prompts).catch((error) => {
    throw new FileError(`read ${prompts}`, error);
  });
  const cases = readCases(text, basename(prompts), KINDS);
  requireCheckable(cases);
  if (misses !== undefined) await requireWritableFile(misses);
  if (folder !== undefined) {
    await requireWritableFolder(folder);
    await Deno.mkdir(folder, { recursive: true });
  }
  const finder = await openKeyFinder(progress);
  using generator = await Generator.open(await loadBest(runFolder("starter")));
  const outcomes = await composeAll(
    generator,
    cases,
    withoutUndefined({ folder, randomSeed }),
    progress,
  );
  const judged = await judgeAll(cases, outcomes, finder);
  const report = reportOn(judged);
  if (misses !== undefined) {
    const content = {
      keysBy: finder.name,
      report,
      misses: missesOf(judged),
      told: outcomes.map((one) => "told" in one ? one.told : one),
    };
    await writeFileAtomically(
      misses,
      new TextEncoder().encode(JSON.stringify(content, null, 1)),
    );
  }
  const { kinds: _, ...sums } = report;
  return { keysBy: finder.name, ...sums, table: reportLines(report) };
}

/** Composes each prompt, hears its file, and keeps it if there is a folder. */
export async function composeAll(
  generator: Generator,
  cases: readonly PromptCase[],
  { folder, randomSeed }: { folder?: string; randomSeed: number },
  progress: (text: string) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [i, one] of cases.entries()) {
    progress(`prompt ${i + 1} of ${cases.length}`);
    const path = folder && join(folder, `${String(i).padStart(4, "0")}.mid`);
    outcomes.push(await outcomeOf(generator, one, { path, randomSeed }));
  }
  return outcomes;
}

/** Composes a prompt and hears the file. */
async function outcomeOf(
  generator: Generator,
  { prompt }: PromptCase,
  { path, randomSeed }: { path: string | undefined; randomSeed: number },
): Promise<Outcome> {
  let composition: Composition;
  try {
    composition = await compose(generator, prompt, { randomSeed });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { refusal: `${error.name}: ${error.message}` };
  }
  const bytes = writeMidi(composition.sequence);
  if (path !== undefined) await writeFileAtomically(path, bytes);
  return { heard: Heard.read(bytes), told: toldOf(composition) };
}

/** All that the user is told of a composition. */
function toldOf({ prompt, notes, delivered }: Composition): Told {
  return {
    understood: prompt.understood,
    ignored: prompt.ignored,
    notes: [
      ...notes,
      ...delivered.filter(({ met }) => !met).map(({ what, asked, delivered }) =>
        `Asked for ${what} ${asked}, came out as ${delivered}.`
      ),
    ],
  };
}
