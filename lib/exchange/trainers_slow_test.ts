// deno-lint-ignore-file no-console -- says why tests are skipped
import assert from "node:assert/strict";
import { join } from "@std/path";
import { PROJECT_FOLDER, runFolder, STARTER_FOLDER } from "../base/base.ts";
import { copyMidiFiles, runProgram, withPlace } from "../commands/testing.ts";
import type { EpochResult } from "../model/model.ts";

const BIN = join(PROJECT_FOLDER, ".venv-exchange", "bin");
const isInstalled = await Deno.stat(join(BIN, "torchrun"))
  .then(() => true, () => false);
if (!isInstalled) {
  console.log(
    "Networks are not trained by PyTorch and Keras here. To install them: python3 -m venv .venv-exchange && .venv-exchange/bin/pip install -r lib/exchange/requirements.txt",
  );
}

/** So that two processes do not take each other's cores. */
const ENV = { JAX_PLATFORMS: "cpu", OMP_NUM_THREADS: "1" };

/** Runs train.py in a folder by some command lines at once; returns its results. */
async function trained(
  folder: string,
  processes: readonly {
    readonly command: readonly string[];
    readonly env?: Record<string, string>;
  }[],
): Promise<EpochResult[]> {
  const outputs = await Promise.all(
    processes.map(({ command: [program = "", ...args], env }) =>
      new Deno.Command(join(BIN, program), {
        args,
        cwd: folder,
        env: { ...ENV, ...env },
      }).output()
    ),
  );
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  for (const { success, stderr } of outputs) assert(success, text(stderr));
  return outputs.flatMap(({ stdout }) =>
    text(stdout).split("\n").filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line))
  );
}

/**
 * Trains anew in a folder, is killed once the first epoch is saved, and goes on.
 *
 * @param state The file that an epoch leaves to go on from.
 * @returns Results of the epochs after it.
 */
async function killedAndGoneOn(
  folder: string,
  state: string,
  args: readonly string[],
): Promise<EpochResult[]> {
  const path = join(folder, state);
  const isSaved = () => Deno.stat(path).then(() => true, () => false);
  await Deno.remove(path);
  const child = new Deno.Command(join(BIN, "python"), {
    args: [...args],
    cwd: folder,
    env: ENV,
    stdout: "null",
  }).spawn();
  while (!await isSaved()) await new Promise((done) => setTimeout(done, 20));
  child.kill("SIGKILL");
  await child.status;
  return await trained(folder, [{ command: ["python", ...args] }]);
}

/** Two folders for training, of the same data. */
async function exported(
  place: string,
  trainer: string,
  settings: string,
): Promise<{ data: string; one: string; two: string }> {
  const midi = join(place, "midi"), data = join(place, "corpus");
  await copyMidiFiles(STARTER_FOLDER, midi, 4);
  await runProgram("preprocess", "--midi", midi, "--out", data);
  const folders = ["one", "two"].map((name) => join(place, name));
  for (const to of folders) {
    await runProgram(
      ...["export", "--trainer", trainer, "--data", data, "--to", to],
      ...["--epochs", "2", "--set", settings],
    );
  }
  return { data, one: folders[0]!, two: folders[1]! };
}

/** Asserts that losses are equal to so much. */
function assertSame(
  actual: readonly EpochResult[],
  expected: readonly EpochResult[],
  within: number,
): void {
  assert.equal(actual.length, expected.length);
  actual.forEach(({ trainLoss, validLoss = 0 }, i) => {
    const other = expected[i]!;
    assert.ok(trainLoss > 0);
    assert.ok(Math.abs(trainLoss - other.trainLoss) < within, `${trainLoss}`);
    const difference = validLoss - (other.validLoss ?? 0);
    assert.ok(Math.abs(difference) < within, `${validLoss}`);
  });
}

/** Imports a file, generates from it, and trains on, one epoch. */
async function goOn(file: string, data: string, run: string): Promise<void> {
  try {
    const { epoch } = await runProgram("import", file, "--run", run);
    assert.equal(epoch, 2);
    const out = join(data, "piece.mid");
    await runProgram("generate", "--run", run, "--out", out, "--bars", "2");
    assert.ok((await Deno.stat(out)).size > 0);
    const { history } = await runProgram(
      ...["train", "--data", data, "--run", run, "--resume", "--epochs", "3"],
    );
    assert.deepEqual(
      history.map(({ epoch }: EpochResult) => epoch),
      [1, 2, 3],
    );
  } finally {
    await Deno.remove(runFolder(run), { recursive: true }).catch(() => {});
  }
}

const SMALL =
  "lstmUnits=12,denseUnits=8,sequenceLength=32,stride=32,batchSize=8";

Deno.test({
  name:
    "trainerFolder(): PyTorch trains the same in one process and in two, and its weights come back",
  ignore: !isInstalled,
  async fn() {
    await withPlace(async (place, run) => {
      const { data, one, two } = await exported(place, "pytorch", SMALL);
      const alone = await trained(one, [
        { command: ["python", "train.py", "--float64"] },
      ]);
      const both = await trained(two, [{
        command: [
          ...["torchrun", "--nproc-per-node", "2", "--standalone"],
          ...["train.py", "--float64"],
        ],
      }]);
      assertSame(both, alone, 1e-9);
      assert.equal(alone.length, 2);
      const args = ["train.py", "--float64"];
      const after = await killedAndGoneOn(one, "state.pt", args);
      assertSame(after, alone.slice(1), 1e-12);
      await goOn(join(two, "best.safetensors"), data, run);
    });
  },
});

Deno.test({
  name:
    "trainerFolder(): Keras on JAX trains the same in one process and in two, and its weights come back",
  ignore: !isInstalled,
  async fn() {
    await withPlace(async (place, run) => {
      const { data, one, two } = await exported(
        place,
        "keras-jax",
        `${SMALL},input=onehot,carry=false`,
      );
      const command = ["python", "train.py"];
      const alone = await trained(one, [{ command }]);
      const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const { port } = listener.addr;
      listener.close();
      const env = { COORDINATOR: `127.0.0.1:${port}`, PROCESSES: "2" };
      const both = await trained(
        two,
        ["0", "1"].map((own) => ({ command, env: { ...env, PROCESS: own } })),
      );
      assertSame(both, alone, 1e-5);
      const after = await killedAndGoneOn(one, "state.keras", ["train.py"]);
      assertSame(after, alone.slice(1), 1e-12);
      await goOn(join(two, "best.keras"), data, run);
    });
  },
});
