/** What tests of clusters share. */

import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { PROJECT_FOLDER, STARTER_FOLDER } from "../../base/base.ts";

/** A Python that has the packages of requirements.txt. */
export const PYTHON = Deno.env.get("IMMERSIC_DASK_PYTHON") ?? "python3";

/** Whether a program ends well. */
export async function succeeds(
  command: string,
  ...args: string[]
): Promise<boolean> {
  const options = { args, stdout: "null", stderr: "null" } as const;
  const running = new Deno.Command(command, options).output();
  return await running.then(({ success }) => success, () => false);
}

/** Why nothing can be tested; undefined where Dask is there. */
export async function whyNoDask(): Promise<string | undefined> {
  return await succeeds(PYTHON, "-c", "import dask.distributed")
    ? undefined
    : `${PYTHON} has no Dask; give the path of a Python that has it in IMMERSIC_DASK_PYTHON`;
}

/** A run of preprocess_dask.py. */
export interface DaskRun {
  /** What stands before Python on the command line. */
  readonly before?: readonly string[];
  /** Options of the program, beside the folders. */
  readonly options: readonly string[];
  /** Called when some parts are done, to do harm. */
  readonly harm: (pid: number) => Promise<void>;
}

/** Asserts that a run does what one machine does. */
export async function assertSameAsAlone(
  { before = [], options, harm }: DaskRun,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  const midiFolder = STARTER_FOLDER;
  const alone = join(folder, "alone"), spread = join(folder, "spread");
  try {
    const preprocess = [
      ...["run", "-A", "--no-check", "lib/commands/main.ts", "preprocess"],
      ...["--midi", midiFolder, "--out", alone, "--compose", "0"],
    ];
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: preprocess,
      cwd: PROJECT_FOLDER,
      stderr: "null",
    }).output();
    assert.ok(success);
    const [program, ...args] = [
      ...before,
      PYTHON,
      fromFileUrl(new URL("./preprocess_dask.py", import.meta.url)),
      ...["--midi", midiFolder, "--out", spread, "--compose", "0"],
      ...options,
    ];
    const child = new Deno.Command(program!, {
      args,
      cwd: PROJECT_FOLDER,
      env: { DENO: Deno.execPath() },
      stdout: "piped",
    }).spawn();
    let text = "", isHarmed = false;
    const decoder = new TextDecoderStream();
    for await (const part of child.stdout.pipeThrough(decoder)) {
      text += part;
      if (isHarmed || !text.includes("2 of ")) continue;
      isHarmed = true;
      await harm(child.pid);
    }
    assert.ok((await child.status).success, text);
    assert.ok(isHarmed, text);
    assert.match(text, /\n162 MIDI files, 0 of them parsed now, 162 kept/);
    for (const name of ["manifest.json", "tokens.bin", "vocabulary.json"]) {
      const [one, other] = await Promise.all(
        [alone, spread].map((corpus) => Deno.readFile(join(corpus, name))),
      );
      assert.deepEqual(one, other, name);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
