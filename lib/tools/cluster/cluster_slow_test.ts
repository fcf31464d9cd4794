// deno-lint-ignore-file no-console -- says why a test is skipped
import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { PROJECT_FOLDER, STARTER_FOLDER } from "../../base/base.ts";
import { preprocess } from "../../corpus/corpus.ts";

/** A Python that has the packages of requirements.txt. */
const PYTHON = Deno.env.get("IMMERSIC_DASK_PYTHON") ?? "python3";

const { success: hasDask } = await new Deno.Command(PYTHON, {
  args: ["-c", "import dask.distributed"],
  stderr: "null",
}).output().catch(() => ({ success: false }));
if (!hasDask) {
  console.warn(
    `preprocess_dask.py is not tested: ${PYTHON} has no Dask. Give the path of a Python that has it in IMMERSIC_DASK_PYTHON.`,
  );
}

Deno.test({
  name:
    "preprocess_dask.py makes the corpus of one machine, though a worker is killed",
  ignore: !hasDask,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "immersic-" });
    try {
      const whole = join(folder, "whole"), spread = join(folder, "spread");
      await preprocess({
        midiFolder: STARTER_FOLDER,
        outFolder: whole,
        compose: 0,
      });
      const script = fromFileUrl(
        new URL("./preprocess_dask.py", import.meta.url),
      );
      const child = new Deno.Command(PYTHON, {
        args: [
          script,
          "--midi",
          STARTER_FOLDER,
          "--out",
          spread,
          "--parts",
          "6",
          "--compose",
          "0",
        ],
        cwd: PROJECT_FOLDER,
        env: { DENO: Deno.execPath() },
        stdout: "piped",
      }).spawn();
      let text = "", killed = 0;
      for await (
        const part of child.stdout.pipeThrough(new TextDecoderStream())
      ) {
        text += part;
        if (killed === 0 && text.includes("2 of 6 parts")) {
          killed = await killWorker(child.pid);
        }
      }
      assert.ok((await child.status).success);
      assert.ok(killed > 0, "a worker was killed");
      assert.match(
        text,
        /6 of 6 parts\n162 MIDI files, 0 of them parsed now, 162 kept/,
      );
      for (const name of ["manifest.json", "tokens.bin", "vocabulary.json"]) {
        assert.deepEqual(
          await Deno.readFile(join(spread, name)),
          await Deno.readFile(join(whole, name)),
          name,
        );
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** Kills one of the cluster's workers. @returns Its process. */
async function killWorker(parent: number): Promise<number> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-eo", "pid=,ppid=,args="],
  }).output();
  const workers = new TextDecoder().decode(stdout).split("\n")
    .map((line) => line.trim().match(/^(\d+) +(\d+) (.*)$/))
    .filter((match) =>
      match && Number(match[2]) === parent && match[3]!.includes("spawn_main")
    );
  const pid = Number(workers[0]?.[1] ?? 0);
  if (pid > 0) Deno.kill(pid, "SIGKILL");
  return pid;
}
