import assert from "node:assert/strict";
import { dirname, join, relative } from "@std/path";
import {
  PROJECT_FOLDER,
  Random,
  runFolder,
  STARTER_FOLDER,
} from "../base/base.ts";
import { CorpusError, loadCorpus } from "../corpus/corpus.ts";
import { listCheckpoints, loadCheckpoint } from "../model/model.ts";
import {
  copyMidiFiles,
  program,
  runProgram,
  SMALL_NETWORK,
  withPlace,
} from "./testing.ts";

/** How often each command is killed, and how many faults it meets. */
const KILLS = Number(Deno.env.get("IMMERSIC_KILLS") ?? 2);
const FAULTS = Number(Deno.env.get("IMMERSIC_FAULTS") ?? 2);
/** So many kills come one upon another before a command is let end. */
const KILLS_IN_A_ROW = 4;
const SEED = Number(Deno.env.get("IMMERSIC_FAULT_SEED") ?? 1);

/** What happens at a change to a file, as in `fault.c`, where 0 is a kill. */
const KINDS = {
  "an input/output error": 5,
  "a full disk": -28,
  "a disk that turned read-only": -30,
};

/** Contents by path. */
type Files = Record<string, string>;

/** A command that changes a folder. */
interface Case {
  /** The command line. */
  readonly args: readonly string[];
  /** The folder; all that it held before is in `before`. */
  readonly folder: string;
  /** A copy of the folder before the command. */
  readonly before: string;
  /** Part of the paths of all files that it changes. */
  readonly mark: string;
  /** What must hold though the command was ended anywhere; given all that it writes. */
  readonly holds: (whole: Files) => Promise<void>;
}

/** All files of a folder, with their content; times are taken out. */
async function filesIn(folder: string): Promise<Files> {
  const files: Files = {};
  const visit = async (place: string) => {
    for await (const { name, isDirectory } of Deno.readDir(place)) {
      const path = join(place, name);
      if (isDirectory) await visit(path);
      else files[relative(folder, path)] = await contentOf(path);
    }
  };
  await visit(folder);
  return files;
}

async function contentOf(path: string): Promise<string> {
  const bytes = await Deno.readFile(path);
  if (path.endsWith("lock")) return "";
  if (!path.endsWith(".json")) return new TextDecoder("latin1").decode(bytes);
  return new TextDecoder().decode(bytes)
    .replace(/"(seconds|sha256|checkpoint\.json)": ?[^,}\n]+/g, "");
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.remove(to, { recursive: true }).catch(() => {});
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (isDirectory) await copyFolder(source, target);
    else await Deno.copyFile(source, target);
  }
}

/** Builds `fault.c`; undefined where that cannot be done. */
async function buildFault(folder: string): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  const library = join(folder, "fault.so");
  const source = join(PROJECT_FOLDER, "lib", "commands", "fault.c");
  const args = ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"];
  const built = await new Deno.Command("cc", { args }).output().catch(() => {});
  return built?.success ? library : undefined;
}

const hasCompiler = await withFolder(buildFault) !== undefined;

async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Ends a command at random changes of its files, and runs it to its end then. */
async function endAnywhere(test: Case): Promise<void> {
  await withFolder(async (place) => {
    const library = (await buildFault(place))!, count = join(place, "count");
    const run = (at: number, kind: number) =>
      program(test.args, {
        env: {
          LD_PRELOAD: library,
          FAULT_FOLDER: test.mark,
          FAULT_AT: `${at}`,
          FAULT_KIND: `${kind}`,
          FAULT_COUNT: count,
        },
      }).output();
    await copyFolder(test.before, test.folder);
    const undisturbed = await run(2 ** 30, 0);
    assert.ok(undisturbed.success, textOf(undisturbed.stderr));
    const expected = await filesIn(test.folder);
    const changes = (await Deno.stat(count)).size;

    const random = new Random(SEED);
    for (let done = 0, inARow = 0; done < KILLS + FAULTS;) {
      const at = 1 + random.int(changes);
      const [name, kind] = done < KILLS
        ? ["a kill", 0] as const
        : random.pick(Object.entries(KINDS));
      const what = `${test.args[0]} with ${name} at change ${at} of ${changes}`;
      if (inARow === 0) await copyFolder(test.before, test.folder);
      await Deno.writeTextFile(count, "");
      const { code, signal, stderr } = await run(at, kind);
      if ((await Deno.stat(count)).size < at) {
        // Changes are fewer on what an earlier kill has left.
        assert.equal(code, 0, `${what}: ${textOf(stderr)}`);
        inARow = 0;
        continue;
      }
      if (kind === 0) {
        assert.equal(signal, "SIGKILL", what);
      } else if (code !== 0) {
        assert.match(
          textOf(stderr),
          /^(Cannot|The disk) [^\n]+\.$/m,
          `${what}: ${textOf(stderr)}`,
        );
      }
      done++;
      await test.holds(expected).catch((error) => {
        throw new Error(what, { cause: error });
      });
      inARow = kind === 0 && done < KILLS ? (inARow + 1) % KILLS_IN_A_ROW : 0;
      if (inARow > 0) continue;
      const again = await run(2 ** 30, 0);
      assert.ok(again.success, `${what}: ${textOf(again.stderr)}`);
      assert.deepEqual(await filesIn(test.folder), expected, what);
    }
  });
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function testOf(
  name: string,
  make: (folder: string, run: string) => Promise<Case>,
): void {
  Deno.test({
    name: hasCompiler
      ? `${name} ended at any change to a file loses nothing and leaves nothing (${KILLS} kills, ${FAULTS} faults)`
      : `${name} ended at any change to a file: not tried, as it takes Linux and a C compiler`,
    ignore: !hasCompiler,
    fn: () =>
      withPlace(async (folder, run) => endAnywhere(await make(folder, run))),
  });
}

testOf("preprocess", async (folder) => {
  const midi = join(folder, "midi"), corpus = join(folder, "corpus");
  const before = join(folder, "before"), fewer = join(folder, "fewer");
  await copyMidiFiles(STARTER_FOLDER, midi, 10);
  await copyMidiFiles(STARTER_FOLDER, fewer, 9);
  await runProgram("preprocess", "--midi", fewer, "--out", before);
  return {
    args: ["preprocess", "--midi", midi, "--out", corpus],
    folder: corpus,
    before,
    mark: corpus,
    holds: async () => {
      const loaded = await loadCorpus(corpus).catch((error) => {
        assert.ok(error instanceof CorpusError, error);
      });
      if (loaded) assert.ok([9, 10].includes(loaded.pieces.length));
    },
  };
});

testOf("train", async (folder, run) => {
  const midi = join(folder, "midi"), data = join(folder, "corpus");
  await copyMidiFiles(STARTER_FOLDER, midi, 10);
  await runProgram("preprocess", "--midi", midi, "--out", data);
  const train = (name: string) => ["train", "--data", data, "--run", name];
  const knobs = ["--set", `${SMALL_NETWORK},patience=0,keepLast=3`];
  const before = `${run}-a`, again = `${run}-b`;
  await runProgram(...train(before), "--epochs", "2", ...knobs);
  return {
    args: [...train(again), "--epochs", "4", "--resume"],
    folder: runFolder(again),
    before: runFolder(before),
    mark: again,
    holds: async () => {
      const last = (await listCheckpoints(runFolder(again))).at(-1)!;
      assert.ok(last.epoch >= 2);
      assert.equal((await loadCheckpoint(last.folder)).epoch, last.epoch);
    },
  };
});

testOf("generate", async (folder) => {
  const before = join(folder, "before"), place = join(folder, "pieces");
  const generate = (folder: string, seed: number) => [
    ...["generate", "--run", "starter", "--prompt", "two bars of calm piano"],
    ...["--random-seed", `${seed}`, "--out", join(folder, "piece.mid")],
  ];
  await runProgram(...generate(before, 1));
  const earlier = await filesIn(before);
  return {
    args: generate(place, 2),
    folder: place,
    before,
    mark: place,
    holds: async (later) => {
      const { "piece.mid": piece } = await filesIn(place);
      assert.ok([earlier, later].some((all) => all["piece.mid"] === piece));
    },
  };
});

testOf("data", async (folder) => {
  const from = join(folder, "from"), data = join(folder, "data");
  await copyMidiFiles(STARTER_FOLDER, join(from, "someone"), 5);
  const before = join(folder, "before");
  await Deno.mkdir(before);
  const installed = join(data, "lakh-clean");
  return {
    args: ["data", "lakh-clean", "--from", from, "--out", data],
    folder: data,
    before,
    mark: data,
    holds: async () => {
      const names = await Array.fromAsync(Deno.readDir(dirname(installed)));
      const isThere = names.some(({ name }) => name === "lakh-clean");
      if (isThere) {
        assert.equal(
          (await Array.fromAsync(Deno.readDir(installed))).length,
          5,
        );
      }
    },
  };
});
