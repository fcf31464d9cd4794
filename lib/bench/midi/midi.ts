/**
 * Reading and tokenizing MIDI files beside other libraries, in one run on the same
 * files: how many times as fast as each. Medians of rounds in which they take turns.
 */

import { fromFileUrl, join } from "@std/path";
import { FileError } from "../../base/base.ts";
import { preprocess } from "../../corpus/corpus.ts";
import { RemiTokenizer } from "../../tokens/remi/remi.ts";
import { Peer } from "../peer.ts";
import { processorOf } from "../processor.ts";
import { pythonWith } from "../python.ts";
import { spread } from "../statistics.ts";
import { Timer } from "../timer.ts";
import {
  type Collection,
  collectionOf,
  usualCollections,
} from "./collections.ts";
import { compareNotes } from "./compare.ts";
import { readAll } from "./read_all.ts";
import { ReadingThreads } from "./reading_threads.ts";

/** Options of {@linkcode benchMidi}. */
export interface MidiBenchOptions {
  /**
   * A folder or an archive, whose notes are compared, too.
   * @default POP909 and Groove of `../shared/data`, and the starter collection
   */
  readonly midi?: string;
  /** Folder of an earlier checkout, whose `preprocess` is run as well. */
  readonly before?: string;
}

const ROUNDS = 5;
/** Of so many files one is given to the slow libraries, and to the slowest. */
const SLOW = 10, SLOWEST = 400;

/** Seconds that something takes in each round. */
class Seconds {
  readonly #all = new Map<string, number[]>();

  add(name: string, seconds: number | undefined): void {
    const own = this.#all.get(name) ?? [];
    this.#all.set(name, own);
    own.push(seconds ?? NaN);
  }

  /** How many times as long one takes as another, as medians are. */
  ratio(slow: string, fast: string): number | null {
    const [a, b] = [slow, fast].map((name) => this.#all.get(name));
    return a && b ? spread(a).median / spread(b).median : null;
  }

  /** Medians by name. */
  medians(): Record<string, number> {
    return Object.fromEntries(
      Array.from(this.#all, ([name, all]) => [name, spread(all).median]),
    );
  }
}

/** Seconds of this process or of the clock, whichever are fewer. */
async function timed(work: () => unknown): Promise<number> {
  const timer = new Timer();
  await work();
  return timer.milliseconds / 1000;
}

/**
 * Measures reading and tokenizing.
 *
 * @returns Times as fast, or null where a peer or an earlier build is missing.
 */
export async function benchMidi(
  { midi, before }: MidiBenchOptions,
  progress: (text: string) => void,
): Promise<Record<string, unknown>> {
  if (before !== undefined) await requireCheckout(before);
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    const collections = midi === undefined
      ? await usualCollections(folder)
      : new Map([["midi", await collectionOf(midi, join(folder, "midi"))]]);
    await using peer = await startPeers();
    const files = [...collections.values()].flatMap(({ files }) => files);
    const seconds = new Seconds();
    const readers = await measureReaders(files, { peer, seconds, progress });
    await measureTokens(files, { folder, peer, seconds, progress });
    const [[name, first]] = collections as unknown as [[string, Collection]];
    if (before !== undefined) {
      const commands = { source: first.source, before, folder };
      await measureCommand(commands, { peer, seconds, progress });
    }
    const ratio = seconds.ratio.bind(seconds);
    return {
      ...await processorOf(),
      vs_symusic: ratio("symusic", "ours"),
      vs_symusic_all_cores: ratio("symusic_clock", "ours_all_cores_clock"),
      vs_pretty_midi: ratio("pretty_midi", "ours_of_slow"),
      vs_miditoolkit: ratio("miditoolkit", "ours_of_slow"),
      vs_music21: ratio("music21", "ours_of_slowest"),
      remi_vs_miditok: ratio("miditok", "ours_to_disk"),
      preprocess_vs_before: ratio("before_clock", "now_clock"),
      preprocess_vs_before_processor: ratio("before", "now"),
      preprocess_of: before === undefined ? null : name,
      ...readers,
      files_of_each: Object.fromEntries(
        Array.from(collections, ([name, { files }]) => [name, files.length]),
      ),
      seconds: seconds.medians(),
      ...midi &&
        { notes: await compareNotes(collections.get("midi")!, peer, progress) },
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }

  async function startPeers(): Promise<Peer> {
    const list = new URL("./requirements.txt", import.meta.url);
    const python = await pythonWith(list, ".venv-readers", progress);
    const script = fromFileUrl(new URL("./peers.py", import.meta.url));
    return await Peer.start("symusic and others", python, [script]);
  }
}

/** What each measurement needs. */
interface Measuring {
  readonly peer: Peer;
  /** Takes what is measured. */
  readonly seconds: Seconds;
  readonly progress: (text: string) => void;
}

/** One of so many files. */
function oneOf(files: readonly string[], many: number): string[] {
  const step = Math.min(many, files.length);
  return files.filter((_, i) => i % step === step - 1);
}

/** From bytes to notes: ours on one thread and on all cores, and five libraries. */
async function measureReaders(
  files: readonly string[],
  { peer, seconds, progress }: Measuring,
): Promise<Record<string, number>> {
  const contentsOf = (some: readonly string[]) =>
    Promise.all(some.map((file) => Deno.readFile(file)));
  const time = (library: string, of: readonly string[]) =>
    peer.ask<[processor: number, clock: number]>({
      do: "time",
      library,
      files: of,
    });
  const contents = await contentsOf(files);
  using threads = await ReadingThreads.start(contents);
  for (let round = -2; round < ROUNDS; round++) {
    progress(`round ${round} of symusic`);
    const ours = await timed(() => readAll(contents));
    const [processor, clock] = await time("symusic", files);
    const all = await threads.read();
    if (round < 0) continue; // warm-up
    seconds.add("ours", ours);
    seconds.add("symusic", Math.min(processor, clock));
    seconds.add("symusic_clock", clock);
    seconds.add("ours_all_cores_clock", all);
  }
  const slow = oneOf(files, SLOW), slowest = oneOf(files, SLOWEST);
  for (
    const [name, some, libraries] of [
      ["ours_of_slow", slow, ["pretty_midi", "miditoolkit"]],
      ["ours_of_slowest", slowest, ["music21"]],
    ] as const
  ) {
    const own = await contentsOf(some);
    // So often that they take as long as all files.
    const times = Math.ceil(files.length / some.length);
    for (let round = 0; round < 3; round++) {
      const all = await timed(() => {
        for (let i = 0; i < times; i++) readAll(own);
      });
      seconds.add(name, all / times);
      for (const library of libraries) {
        progress(`round ${round} of ${library}`);
        seconds.add(library, Math.min(...await time(library, some)));
      }
    }
  }
  return {
    files: files.length,
    megabytes: contents.reduce((sum, { length }) => sum + length, 0) / 1e6,
    files_for_pretty_midi_miditoolkit_miditok: slow.length,
    files_for_music21: slowest.length,
  };
}

/** From files to tokens on the disk on one thread, and MidiTok's tokenizing alone. */
async function measureTokens(
  files: readonly string[],
  { folder, peer, seconds, progress }: Measuring & { readonly folder: string },
): Promise<void> {
  const some = oneOf(files, SLOW);
  const midiFolder = join(folder, "some");
  await Deno.mkdir(midiFolder);
  for (const [i, file] of some.entries()) {
    await Deno.copyFile(file, join(midiFolder, `${i}.mid`));
  }
  for (let round = -1; round < ROUNDS; round++) {
    progress(`round ${round} of MidiTok`);
    const outFolder = join(folder, `some.${round}`);
    // A tokenizer in place of its name is used on one thread.
    const tokenizer = new RemiTokenizer();
    const ours = await timed(() =>
      preprocess({ midiFolder, outFolder, tokenizer, compose: 0 })
    );
    const miditok = await peer.ask<number[]>({
      ...{ do: "time", library: "miditok", files: some },
    });
    await Deno.remove(outFolder, { recursive: true });
    if (round < 0) continue; // warm-up
    seconds.add("ours_to_disk", ours);
    seconds.add("miditok", Math.min(...miditok));
  }
}

/** @throws {FileError} If a folder is no checkout: before minutes of measuring. */
async function requireCheckout(folder: string): Promise<void> {
  await Deno.stat(join(folder, "lib", "commands", "main.ts")).catch((error) => {
    throw new FileError(
      `measure the build in ${folder}`,
      error,
      "Give the folder of a checkout, such as git worktree makes of a commit.",
    );
  });
}

/** The whole command, here and in an earlier checkout. */
async function measureCommand(
  { source, before, folder }: {
    readonly source: string;
    readonly before: string;
    readonly folder: string;
  },
  { peer, seconds, progress }: Measuring,
): Promise<void> {
  const here = fromFileUrl(new URL("../../../", import.meta.url));
  const out = join(folder, "corpus");
  const command = [
    ...[Deno.execPath(), "run", "-A", "--no-check", "lib/commands/main.ts"],
    ...["preprocess", "--midi", source, "--out", out],
  ];
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, checkout] of [["before", before], ["now", here]]) {
      progress(`round ${round} of preprocess ${name}`);
      const [processor, clock] = await peer.ask<number[]>({
        ...{ do: "run", command, folder: checkout },
      });
      await Deno.remove(out, { recursive: true });
      if (round < 0) continue; // warm-up
      seconds.add(name!, processor);
      seconds.add(`${name}_clock`, clock);
    }
  }
}
