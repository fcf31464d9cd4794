import assert from "node:assert/strict";
import { join } from "@std/path";
import { type EpochResult, listCheckpoints } from "../model/model.ts";
import {
  copyMidiFiles,
  program,
  runProgram,
  SMALL_NETWORK,
  withPlace,
} from "./testing.ts";
import { Random, runFolder, STARTER_FOLDER } from "../base/base.ts";

/** How often training is killed in each test. */
const KILLS = Number(Deno.env.get("IMMERSIC_KILLS") ?? 3);
/** More than the killed processes live to see: most come one further, few two. */
const EPOCHS = 20 + 2 * KILLS;
/** Decides after how many epochs, and how long after them. */
const random = new Random(Number(Deno.env.get("IMMERSIC_KILL_SEED") ?? 1));

async function latestEpoch(folder: string): Promise<number> {
  return (await listCheckpoints(folder)).at(-1)?.epoch ?? 0;
}

const sleep = (milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Kills a process that trains, some epochs and some time after its start. */
async function trainAndKill(
  args: readonly string[],
  folder: string,
): Promise<void> {
  const from = await latestEpoch(folder) + (random.next() < 0.8 ? 1 : 0);
  // As long as a process needs to start, or for an epoch or two.
  const milliseconds = 400 * random.next();
  const child = program(args, { isRead: false }).spawn();
  let ended = false;
  child.status.then(() => ended = true);
  /** Waits for an epoch, or for a time if that is over before. */
  const wait = async (epoch: number, milliseconds = Infinity) => {
    const started = performance.now();
    while (!ended && performance.now() - started < milliseconds) {
      if (await latestEpoch(folder) >= epoch) break;
      await sleep(2);
    }
  };
  try {
    await wait(from);
    await wait(from + 2, milliseconds);
  } finally {
    if (!ended) child.kill("SIGKILL");
  }
  const { signal } = await child.status;
  assert.equal(signal, "SIGKILL", "training ended before it was killed");
}

const withoutTimes = (history: readonly EpochResult[]) =>
  history.map(({ seconds: _, ...result }) => result);

/** What the latest checkpoint holds, wall-clock times and their digest aside. */
async function latestBytes(folder: string) {
  const { folder: place } = (await listCheckpoints(folder)).at(-1)!;
  const read = (name: string) => Deno.readFile(join(place, name));
  const { history, sha256, ...rest } = JSON.parse(
    new TextDecoder().decode(await read("checkpoint.json")),
  );
  const { "checkpoint.json": _, ...digests } = sha256;
  return {
    description: { ...rest, digests, history: withoutTimes(history) },
    weights: await read("weights.bin"),
    training: await read("training.bin"),
  };
}

for (const knobs of ["", ",carry=true,averageDecay=0.9,optimizer=rmsprop"]) {
  Deno.test(`train killed at ${KILLS} random moments goes on bit for bit: "${knobs}"`, () =>
    withPlace(async (folder, name) => {
      const midi = join(folder, "midi"), data = join(folder, "corpus");
      await copyMidiFiles(STARTER_FOLDER, midi, 4);
      await runProgram("preprocess", "--midi", midi, "--out", data);
      const train = (run: string) => [
        ...["train", "--data", data, "--run", run, "--epochs", `${EPOCHS}`],
        ...["--set", `${SMALL_NETWORK},patience=0,keepLast=2${knobs}`],
      ];
      const whole = `${name}-a`, killed = `${name}-b`;
      const { history } = await runProgram(...train(whole));
      assert.equal(history.length, EPOCHS);

      const again = [...train(killed), "--resume"];
      for (let kill = 0; kill < KILLS; kill++) {
        await trainAndKill(again, runFolder(killed));
      }
      const begun = await latestEpoch(runFolder(killed));
      assert.ok(begun > 0, "no epoch was finished between the kills");

      // Left out, the settings are those that the run was begun with.
      const resumed = await runProgram(
        ...["train", "--data", data, "--run", killed, "--resume"],
      );
      assert.deepEqual(withoutTimes(resumed.history), withoutTimes(history));
      assert.deepEqual(
        await latestBytes(runFolder(killed)),
        await latestBytes(runFolder(whole)),
      );
      const left = Array.from(
        Deno.readDirSync(runFolder(killed)),
        (entry) => entry.name,
      );
      assert.deepEqual(left.filter((entry) => entry.endsWith(".tmp")), []);
    }));
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`train ends at ${signal} with a checkpoint, and says how to go on`, () =>
    withPlace(async (folder, name) => {
      const midi = join(folder, "midi"), data = join(folder, "corpus");
      await copyMidiFiles(STARTER_FOLDER, midi, 10);
      await runProgram("preprocess", "--midi", midi, "--out", data);
      const child = program([
        ...["train", "--data", data, "--run", name, "--epochs", "900"],
        ...["--set", `${SMALL_NETWORK},patience=0`],
      ]).spawn();
      while (await latestEpoch(runFolder(name)) < 1) await sleep(10);
      child.kill(signal);
      const { code, stderr } = await child.output();
      assert.equal(code, 1);
      const [, epoch] = new TextDecoder().decode(stderr).match(
        /^Stopped in epoch (\d+) of 900\. A checkpoint is saved: .*--resume/m,
      ) ?? [];
      assert.equal(Number(epoch), await latestEpoch(runFolder(name)) + 1);
    }));
}
