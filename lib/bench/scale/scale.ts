// deno-lint-ignore-file camelcase -- names of figures in JSON
/**
 * Preprocesses a collection of many small files, as a folder and as an archive: how
 * fast from beginning to end, in how much memory, and whether runs that are killed
 * and gone on, and parts that are merged, give the same bytes; then trains on it.
 */

import { fromFileUrl, join } from "@std/path";
import { mergeParts } from "../../corpus/corpus.ts";
import type { ChildLine } from "./child.ts";
import { writeManyFiles } from "./many_files.ts";
import type { TrainingLine } from "./training_child.ts";

/** Options of {@linkcode benchScale}. */
export interface ScaleOptions {
  /**
   * How many files.
   * @default 20000
   */
  readonly count?: number;
}

const DEFAULT_FILES = 20_000;
const CHILD = "./child.ts", TRAINING = "./training_child.ts";
const TRAINED_STEPS = 20;
const CORPUS_FILES = ["manifest.json", "tokens.bin", "vocabulary.json"];

/**
 * Measures how preprocessing scales.
 *
 * @returns For a folder and for an archive: {@linkcode ScaleFigures}.
 */
export async function benchScale(
  { count = DEFAULT_FILES }: ScaleOptions,
  progress: (text: string) => void,
): Promise<Record<string, unknown>> {
  const size = { count, kills: 5, parts: 8 };
  const folder = await measureScale("files", size, progress);
  const archive = await measureScale("files.tar.gz", size, progress);
  return {
    files: count,
    folder: folder.figures,
    archive: archive.figures,
    same_from_both: `${folder.hashes}` === `${archive.hashes}`,
  };
}

/** What is measured of one form of a collection. */
export interface ScaleFigures {
  readonly seconds: number;
  readonly files_per_second: number;
  /** Files a second in the last tenth, as a share of those in the first. */
  readonly last_tenth_vs_first: number;
  /** Most memory, in MB. */
  readonly peak_mb: number;
  /** Whether a run that was killed and gone on gave the same bytes. */
  readonly same_after_kills: boolean;
  /** Files that all its beginnings parsed together. */
  readonly parsed_with_kills: number;
  /** Whether parts that were merged gave the same bytes. */
  readonly same_from_parts: boolean;
  /** From the beginning of a process to its first step of training on the corpus. */
  readonly train_first_step_seconds: number;
  /** Most memory of training for some steps, in MB. */
  readonly train_peak_mb: number;
}

/**
 * Measures one form of a collection.
 *
 * @param name Of the folder or archive, see `writeManyFiles`.
 * @returns Figures, and hashes of the corpus.
 */
export async function measureScale(
  name: string,
  size: {
    readonly count: number;
    readonly kills: number;
    readonly parts: number;
  },
  progress: (text: string) => void,
): Promise<{ figures: ScaleFigures; hashes: readonly string[] }> {
  const { count, kills, parts } = size;
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  const place = (name: string) => join(folder, name);
  try {
    const midi = place(name);
    progress(`${name}: making ${count}`);
    await writeManyFiles(midi, count);
    progress(`${name}: a run that nothing disturbs`);
    const lines = await runChild<ChildLine>([CHILD, midi, place("whole")]);
    const hashes = await hashesOf(place("whole"));
    const isSame = async (corpus: string) =>
      `${await hashesOf(place(corpus))}` === `${hashes}`;
    progress(`${name}: training`);
    const [training] = await runChild<TrainingLine>(
      [TRAINING, place("whole"), `${TRAINED_STEPS}`],
    );
    progress(`${name}: a run that is killed ${kills} times`);
    const parsed = await killAndGoOn(midi, place("killed"), { count, kills });
    const outFolders: string[] = [];
    for (let part = 1; part <= parts; part++) {
      progress(`${name}: part ${part} of ${parts}`);
      const outFolder = place(`${part}`);
      await runChild([CHILD, midi, outFolder, `${part}`, `${parts}`]);
      outFolders.push(outFolder);
    }
    await mergeParts(outFolders, place("merged"));
    const figures = {
      ...figuresOf(lines),
      same_after_kills: await isSame("killed"),
      parsed_with_kills: parsed,
      same_from_parts: await isSame("merged"),
      train_first_step_seconds: training!.firstStepMilliseconds / 1000,
      train_peak_mb: training!.peak,
    };
    return { figures, hashes };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a process to its end, or until it writes a line that makes it be killed. */
async function runChild<Line>(
  [script, ...args]: readonly [script: string, ...args: string[]],
  isKilled: (line: Line) => boolean = () => false,
): Promise<Line[]> {
  const path = fromFileUrl(new URL(script, import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", path, ...args],
    stdout: "piped",
  }).spawn();
  const lines: Line[] = [];
  let text = "", wasKilled = false;
  const decoder = new TextDecoderStream();
  for await (const chunk of child.stdout.pipeThrough(decoder)) {
    const [...whole] = (text + chunk).split("\n");
    text = whole.pop() ?? "";
    for (const line of whole) lines.push(JSON.parse(line));
    if (wasKilled || !lines.some(isKilled)) continue;
    child.kill("SIGKILL");
    wasKilled = true;
  }
  const { success } = await child.status;
  if (success || wasKilled) return lines;
  throw new Error(`Cannot go on with ${args[0]}: the process failed.`);
}

/** @returns How many files all runs together have parsed. */
async function killAndGoOn(
  midi: string,
  out: string,
  { count, kills }: { readonly count: number; readonly kills: number },
): Promise<number> {
  let parsed = 0;
  for (let kill = 1; kill <= kills + 1; kill++) {
    const at = count * kill / (kills + 1);
    const lines = await runChild<ChildLine>(
      [CHILD, midi, out],
      ({ done }) => kill <= kills && done >= at,
    );
    parsed += lines.at(-1)?.parsed ?? 0;
  }
  return parsed;
}

function figuresOf(lines: readonly ChildLine[]) {
  const { total, milliseconds, peak } = lines.at(-1)!;
  const tenths = [0.1, 0.9, 1].map((share) =>
    lines.find(({ done }) => done >= share * total)!
  );
  const [first, late, last] = tenths as [ChildLine, ChildLine, ChildLine];
  const start = lines[0]!;
  const rate = (from: ChildLine, to: ChildLine) =>
    1000 * (to.done - from.done) / (to.milliseconds - from.milliseconds);
  return {
    seconds: milliseconds / 1000,
    files_per_second: 1000 * total / milliseconds,
    last_tenth_vs_first: rate(late, last) / rate(start, first),
    peak_mb: peak ?? NaN,
  };
}

async function hashesOf(corpus: string): Promise<string[]> {
  return await Promise.all(CORPUS_FILES.map(async (name) => {
    const bytes = await Deno.readFile(join(corpus, name));
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  }));
}
