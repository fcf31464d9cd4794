// deno-lint-ignore-file no-console -- a program
/**
 * `deno task ok` and `deno task test`: all checks, one after another, and in the last
 * line the number of tests that passed and failed.
 *
 * A check that is not a test (format, lint, types) counts as one failed test if it
 * fails. All checks run even if one fails, so one run finds everything to mend.
 */

import { extname, join } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";
import { OK, readTask, TEST } from "../tasks/tasks.ts";
import { faceOf, readModules, roomOf } from "./rooms.ts";
import { setUp, SetupError } from "./setup.ts";

/** How many tests of a run passed, and how many failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Counts tests in a report in JUnit's format.
 *
 * @param report XML, as `deno test --junit-path` writes it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readTally } from "immersic/tools/gate.ts";
 * const report = '<testsuites name="deno test" tests="5" failures="1">' +
 *   '<testsuite name="a" tests="5" disabled="1" errors="0" failures="1">';
 * assert.deepEqual(readTally(report), { passed: 3, failed: 1 });
 * ```
 */
export function readTally(report: string): Tally {
  let [tests, failed, ignored] = [0, 0, 0];
  for (const [suite] of report.matchAll(/<testsuite\s[^>]*>/g)) {
    const count = (name: string) =>
      Number(suite.match(new RegExp(`\\b${name}="(\\d+)"`))?.[1] ?? 0);
    tests += count("tests");
    failed += count("failures") + count("errors");
    ignored += count("disabled");
  }
  return { passed: tests - failed - ignored, failed };
}

/** Has packages that only those download who use it, and so a configuration. */
const TRANSCRIPTION = join(PROJECT_FOLDER, "lib", "transcription");

/** TypeScript and JavaScript files below a folder, including tests, in order. */
async function sources(
  folder = join(PROJECT_FOLDER, "lib"),
): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (path === TRANSCRIPTION) continue;
    if (isDirectory && name !== "assembly") files.push(...await sources(path));
    else if (/^\.[jt]s$/.test(extname(name))) files.push(path);
  }
  return files.sort();
}

const isTest = (file: string) => file.endsWith("_test.ts");
const isSlow = (file: string) => file.endsWith("_slow_test.ts");
/** Slow tests of the kernel, most in a browser: half of all the time. */
const isOfKernel = (file: string) =>
  file.startsWith(join(PROJECT_FOLDER, "lib", "kernel"));
const isOnGpu = (file: string) => file.endsWith("_gpu_test.ts");

/** Those of the files with TypeScript examples in their comments. */
async function withExamples(files: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) {
    if ((await Deno.readTextFile(file)).includes("```ts")) found.push(file);
  }
  return found;
}

/** Faces of the rooms of lib/: what users import. */
async function faces(): Promise<string[]> {
  const names = (await readModules()).map(({ name }) => name);
  const wanted = new Set(names.map((name) => faceOf(roomOf(name))));
  return names.filter((name) => wanted.has(name))
    .map((name) => join(PROJECT_FOLDER, "lib", `${name}.ts`));
}

/** Runs checks and counts what fails. */
class Gate {
  #passed = 0;
  #failed = 0;
  readonly #failures: string[] = [];

  /** Runs `deno` with these arguments; if it fails, that counts as one failure. */
  async check(title: string, args: string[]): Promise<void> {
    const { success } = await this.#run(title, args);
    if (!success) this.#fail(title, 1);
  }

  /**
   * Runs `deno doc --lint` over files. It takes types of packages for private
   * ones; these, which a package declares, are no faults of ours. The type of a table of
   * options is what its literals say, which it would have written out.
   */
  async documentation(files: string[]): Promise<void> {
    const args = ["doc", "--quiet", "--lint", ...files];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args,
      env: { NO_COLOR: "1" },
      cwd: PROJECT_FOLDER,
    }).output();
    const all = new TextDecoder().decode(stderr).split("\n\n\n")
      .filter((text) => !/^error: Found \d+ documentation/.test(text));
    const faults = (success ? [] : all)
      .filter((text) =>
        !/^ *\d+ \| export declare |--> \S+\btasks\Wknown\W/m.test(text)
      );
    console.log(`--- documentation: ${faults.length || "no"} faults`);
    for (const fault of faults) console.log(fault);
    if (faults.length > 0) this.#fail("documentation", faults.length);
  }

  /**
   * Runs `deno test` over files and adds up its tests.
   *
   * @param beside Whether other tests print meanwhile: then it prints at its end.
   */
  async test(
    title: string,
    args: string[],
    files: string[],
    beside = false,
  ): Promise<void> {
    if (files.length === 0) return;
    const report = await Deno.makeTempFile({ suffix: ".xml" });
    try {
      const run = () =>
        this.#run(title, [
          ...["test", "--allow-all", "--no-check", "--quiet"],
          ...[`--junit-path=${report}`, ...args, ...files],
        ], beside);
      let { success, signal } = await run();
      // Mesa's driver in software now and then ends the process that used it.
      if (signal !== null && files.every(isOnGpu)) ({ success } = await run());
      const { passed, failed } = readTally(await Deno.readTextFile(report));
      this.#passed += passed;
      // A test file that cannot be loaded fails, but its tests are not counted.
      if (!success) this.#fail(title, Math.max(failed, 1));
    } finally {
      await Deno.remove(report);
    }
  }

  /** Prints the result, the counts in the last line, and returns the exit status. */
  conclude(): number {
    for (const failure of this.#failures) console.log(`failed: ${failure}`);
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0 ? 0 : 1;
  }

  #fail(title: string, count: number): void {
    this.#failed += count;
    this.#failures.push(title);
  }

  async #run(
    title: string,
    args: string[],
    beside = false,
  ): Promise<Pick<Deno.CommandStatus, "success" | "signal">> {
    if (!beside) console.log(`--- ${title}`);
    const start = performance.now();
    const output = beside ? "piped" : "inherit";
    const ended = await new Deno.Command(Deno.execPath(), {
      args,
      cwd: PROJECT_FOLDER,
      stdout: output,
      stderr: output,
    }).output();
    if (beside) {
      console.log(`--- ${title}`);
      for (const bytes of [ended.stdout, ended.stderr]) {
        console.log(new TextDecoder().decode(bytes));
      }
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const { success, code, signal } = ended;
    const end = success ? "ok" : `failed with ${signal ?? `status ${code}`}`;
    console.log(`--- ${title}: ${end} (${seconds} s)`);
    return { success, signal };
  }
}

/** The checks of `deno task ok`. */
async function quickChecks(gate: Gate, files: string[]): Promise<void> {
  // Not notebooks/: `fmt --check` rejects every notebook; "notebook cells" checks them.
  await gate.check("format", [
    ...["fmt", "--check", "lib", "data/starter", ".github"],
    ...["docs", "README.md", "CONTRIBUTING.md", "deno.json"],
  ]);
  await gate.check("lint", ["lint", "--quiet"]);
  await gate.check("types", [
    ...["check", "--quiet", "--doc", ...files],
    "data/starter/compose.ts",
    "data/starter/worker.ts",
  ]);
  await gate.documentation(await faces());
  await gate.check("notebook cells", [
    "run",
    "-A",
    "lib/kernel/notebook_check.ts",
  ]);
  const quick = files.filter((file) =>
    isTest(file) && !isSlow(file) && !isOnGpu(file)
  );
  await gate.test("unit tests", ["--parallel"], quick);
  // Not in parallel: Mesa's driver in software, opened by several threads of one
  // process, sometimes ends it with "double free or corruption".
  await gate.test("tests of the graphics adapter", [], files.filter(isOnGpu));
}

/** Checks and tests transcription where its packages have been downloaded. */
async function transcriptionChecks(gate: Gate): Promise<void> {
  const config = [
    "--config",
    join(TRANSCRIPTION, "deno.json"),
    "--cached-only",
  ];
  const program = join(TRANSCRIPTION, "transcribe.ts");
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--quiet", ...config, program],
    ...{ stdout: "null", stderr: "null" },
  }).output();
  if (success) {
    await gate.check("types of transcription", ["check", ...config, program]);
    await gate.test("transcription", config, [TRANSCRIPTION]);
  } else {
    console.log(
      `--- transcription: not tested, as its packages are not there; "deno task transcribe" downloads them`,
    );
  }
}

/** Installs Python packages that slow tests need: minutes of downloads, mostly. */
async function installPeers(): Promise<void> {
  await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", join("lib", "bench", "install_peers.ts")],
    ...{ cwd: PROJECT_FOLDER, stdout: "null", stderr: "null" },
  }).output();
}

/** Runs the checks of a task, "ok" or "test", and returns the exit status. */
async function main(which: string | undefined): Promise<number> {
  if (which === "test") await setUp(console.error);
  const gate = new Gate();
  const files = await sources();
  if (which !== "test") await quickChecks(gate, files);
  else {
    // Tests of the kernel mostly wait, for pages and for what it shows: they run beside
    // all others.
    const slow = files.filter(isSlow);
    const ofKernel = gate.test(
      "slow tests of the kernel",
      [],
      slow.filter(isOfKernel),
      true,
    );
    const peers = installPeers();
    await quickChecks(gate, files);
    const examples = await withExamples([
      ...files.filter((file) => !isTest(file)),
      join(PROJECT_FOLDER, "docs", "tokens.md"),
    ]);
    await gate.test("examples", ["--doc", "--parallel"], examples);
    await transcriptionChecks(gate);
    await peers;
    const others = slow.filter((file) => !isOfKernel(file));
    await gate.test("slow tests", [], others);
    await ofKernel;
  }
  return gate.conclude();
}

if (import.meta.main) {
  const [which, ...rest] = Deno.args;
  await readTask(which === "test" ? TEST : OK, rest);
  try {
    Deno.exit(await main(which));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
