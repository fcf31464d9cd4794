// deno-lint-ignore-file camelcase -- names of figures in JSON
/**
 * Preprocesses a collection of many small files, as a folder and as an archive: how
 * fast from beginning to end, in how much memory, and whether runs that are killed
 * and gone on, and parts that are merged, give the same bytes.
 */

import { fromFileUrl, join } from "@std/path";
import { mergeParts } from "../../corpus/corpus.ts";
import type { ChildLine } from "./child.ts";
import { writeManyFiles } from "./many_files.ts";

/** Options of {@linkcode benchScale}. */
export interface ScaleOptions {
  /**
   * How many files.
   * @default 20000
   */
  readonly count?: number;
}

const DEFAULT_FILES = 20_000;
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
    const lines = await runChild([midi, place("whole")]);
    const hashes = await hashesOf(place("whole"));
    const isSame = async (corpus: string) =>
      `${await hashesOf(place(corpus))}` === `${hashes}`;
    progress(`${name}: a run that is killed ${kills} times`);
    const parsed = await killAndGoOn(midi, place("killed"), { count, kills });
    const outFolders: string[] = [];
    for (let part = 1; part <= parts; part++) {
      progress(`${name}: part ${part} of ${parts}`);
      const outFolder = place(`${part}`);
      await runChild([midi, outFolder, `${part}`, `${parts}`]);
      outFolders.push(outFolder);
    }
    await mergeParts(outFolders, place("merged"));
    const figures = {
      ...figuresOf(lines),
      same_after_kills: await isSame("killed"),
      parsed_with_kills: parsed,
      same_from_parts: await isSame("merged"),
    };
    return { figures, hashes };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a process to its end, or until it writes a line that makes it be killed. */
async function runChild(
  args: readonly string[],
  isKilled: (line: ChildLine) => boolean = () => false,
): Promise<ChildLine[]> {
  const script = fromFileUrl(new URL("./child.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, ...args],
    stdout: "piped",
  }).spawn();
  const lines: ChildLine[] = [];
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
  throw new Error(`Cannot preprocess ${args[0]}: the process failed.`);
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
    const lines = await runChild(
      [midi, out],
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
