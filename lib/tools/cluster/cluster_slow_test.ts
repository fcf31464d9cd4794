import assert from "node:assert/strict";
import { assertSameAsAlone, whyNoDask } from "./testing.ts";

const why = await whyNoDask();

Deno.test({
  name: why
    ? `preprocess_dask.py is not tested: ${why}`
    : "preprocess_dask.py makes the corpus of one machine, though a worker is killed",
  ignore: why !== undefined,
  fn: () => assertSameAsAlone({ options: ["--parts", "6"], harm: killWorker }),
});

/** Kills one of the workers that a process has begun. */
async function killWorker(parent: number): Promise<void> {
  const args = ["-eo", "pid=,ppid=,args="];
  const { stdout } = await new Deno.Command("ps", { args }).output();
  const worker = new TextDecoder().decode(stdout).split("\n")
    .map((line) => line.trim().split(/ +/))
    .find(([, ppid, ...args]) =>
      ppid === `${parent}` && args.join(" ").includes("spawn_main")
    );
  assert.ok(worker, "there is a worker");
  Deno.kill(Number(worker[0]), "SIGKILL");
}
