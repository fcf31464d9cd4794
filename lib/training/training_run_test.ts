import assert from "node:assert/strict";
import { join } from "@std/path";
import { listCheckpoints, loadBest } from "../model/model.ts";
import { inFolder } from "../model/checkpoint_testing.ts";
import {
  askToStop,
  beginWork,
  type Config,
  configure,
  Random,
  takeLock,
} from "../base/base.ts";
import { attributeTokens } from "../music/music.ts";
import { closedVocabulary } from "../tokens/remi/remi.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import type { EpochRecord } from "./records.ts";
import type { TrainingOptions } from "./resume.ts";
import type { TrainingData } from "./training_data.ts";
import { countingData, SMALL } from "./testing.ts";
import { Training } from "./training_run.ts";

/** Pieces of REMI tokens: random notes of one part. */
function remiData(pieces: number, bars: number): TrainingData {
  const random = new Random(3);
  const make = () => [
    ...attributeTokens({ Key: "C", Mode: "major" }),
    ...Array.from({ length: bars }, (_, bar) => [
      "Bar",
      ...bar === 0 ? ["TimeSignature_4/4", "Tempo_70"] : [],
      ...[0, 12, 24, 36].flatMap((position) => [
        `Position_${position}`,
        ...position === 0 ? ["Program_0"] : [],
        `Pitch_${60 + random.int(8)}`,
        "Velocity_68",
        "Duration_12",
      ]),
    ]).flat(),
    "End",
  ];
  const all = Array.from({ length: pieces + 2 }, make);
  const vocabulary = Vocabulary.fromTokens(closedVocabulary(all.flat()));
  const ids = all.map((piece) => Int32Array.from(vocabulary.encode(piece)));
  return {
    tokenizer: "remi",
    hash: "test",
    vocabulary,
    train: ids.slice(2),
    valid: ids.slice(0, 2),
  };
}

/** Trains to the end; the epochs' records without their times. */
async function trainAll(options: TrainingOptions, stopAt?: number) {
  using training = await Training.open(options);
  const records: Partial<EpochRecord>[] = [];
  for await (const record of training.run()) {
    if (record.kind === "epoch") {
      const { seconds: _, etaSeconds: __, checkpoint: ___, ...rest } = record;
      records.push(rest);
      if (record.epoch === stopAt) break;
    }
  }
  return records;
}

Deno.test("Training learns to count: its validation loss falls", () =>
  inFolder(async (folder) => {
    const config = configure({ ...SMALL, epochs: 60, patience: 0, dropout: 0 });
    const records = await trainAll({
      folder,
      data: countingData(),
      config,
      workers: 2,
    });
    assert.equal(records.length, 60);
    const first = records[0]!.validLoss!, last = records.at(-1)!.validLoss!;
    assert.ok(first > 2, `${first}`);
    assert.ok(last < 0.5, `${last}`);
  }));

for (
  const variant of [{}, { carry: true, averageDecay: 0.9 }, {
    objective: "last",
    input: "scalar",
    stride: 1,
    optimizer: "rmsprop",
    schedule: "constant",
  }, {
    input: "context",
    carry: true,
    beginnings: 0.5,
    epochTokens: 2000,
  }] as Partial<Config>[]
) {
  const dataOf = (pieces: number, length: number) =>
    variant.input === "context"
      ? remiData(pieces, Math.ceil(length / 8))
      : countingData(pieces, length);
  Deno.test(`Training resumed gives bit for bit the losses of one uninterrupted: ${JSON.stringify(variant)}`, () =>
    inFolder(async (folder) => {
      const config = configure({ ...SMALL, ...variant });
      const shared = { data: dataOf(8, 30), config, workers: 2 };
      const whole = await trainAll({ ...shared, folder: join(folder, "a") });
      const options = { ...shared, folder: join(folder, "b") };
      const begun = await trainAll(options, 1);
      const middle = await trainAll({ ...options, resume: true }, 2);
      const rest = await trainAll({ ...options, resume: true });
      assert.deepEqual([...begun, ...middle, ...rest], whole);
    }));
  Deno.test(`Training stopped within an epoch goes on bit for bit: ${JSON.stringify(variant)}`, () =>
    inFolder(async (folder) => {
      const config = configure({ ...SMALL, ...variant });
      const shared = { data: dataOf(40, 80), config, workers: 1 };
      const whole = await trainAll({ ...shared, folder: join(folder, "a") });
      const options = { ...shared, folder: join(folder, "b") };
      {
        using training = await Training.open(options);
        training.stopAfterSteps = 3;
        for await (const _ of training.run());
        assert.equal(training.epoch, 0);
      }
      const places = await listCheckpoints(options.folder);
      assert.deepEqual(places.map(({ epoch, steps }) => [epoch, steps]), [[
        0,
        3,
      ]]);
      const rest = await trainAll({ ...options, resume: true });
      assert.deepEqual(rest, whole);
    }));
}

Deno.test("Training asked to stop as it validates saves what it trained, and goes on bit for bit", () =>
  inFolder(async (folder) => {
    const config = configure({ ...SMALL, carry: true, averageDecay: 0.9 });
    const shared = { data: countingData(), config, workers: 1 };
    const whole = await trainAll({ ...shared, folder: join(folder, "a") });
    const options = { ...shared, folder: join(folder, "b") };
    {
      using training = await Training.open(options);
      const { network } = training;
      const evaluate = network.evaluate.bind(network);
      network.evaluate = (...batch) => {
        askToStop();
        return evaluate(...batch);
      };
      for await (const record of training.run()) {
        assert.equal(record.kind, "step");
      }
      beginWork();
      assert.equal(training.epoch, 0);
    }
    assert.equal((await listCheckpoints(options.folder)).length, 1);
    const rest = await trainAll({ ...options, resume: true });
    assert.deepEqual(rest, whole);
  }));

Deno.test("Training saves within a long epoch, and goes on from there after a kill", () =>
  inFolder(async (folder) => {
    const config = configure({ ...SMALL, epochs: 1 });
    const shared = { data: countingData(200), config, workers: 1 };
    const whole = await trainAll({ folder: join(folder, "whole"), ...shared });

    const killed = { folder: join(folder, "killed"), ...shared };
    {
      using training = await Training.open(killed);
      training.saveAfterMilliseconds = 0;
      for await (const _ of training.run()) break; // as a kill: nothing is saved now
    }
    const places = await listCheckpoints(killed.folder);
    assert.equal(places.length, 1);
    assert.ok(places[0]!.steps > 0);
    const rest = await trainAll({ ...killed, resume: true });
    assert.deepEqual(rest, whole);
  }));

Deno.test("Training keeps the last checkpoints, the best and every so many", () =>
  inFolder(async (folder) => {
    const config = configure({
      ...SMALL,
      epochs: 12,
      keepLast: 2,
      keepEvery: 5,
      patience: 0,
    });
    const records = await trainAll({
      folder,
      data: countingData(),
      config,
      workers: 1,
    });
    const best = records.at(-1)!.bestEpoch!;
    const kept = (await listCheckpoints(folder)).map(({ epoch }) => epoch);
    assert.deepEqual(
      kept,
      [...new Set([5, 10, 11, 12, best])].sort((a, b) => a - b),
    );
    assert.equal((await loadBest(folder)).epoch, best);
  }));

Deno.test("Training.run() of a finished run removes what killed processes left, unless it is trained elsewhere", () =>
  inFolder(async (folder) => {
    const options = { folder, data: countingData(), config: configure(SMALL) };
    await trainAll(options);
    const left = () =>
      Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
    const whole = left();
    // Of a process that was killed, after which another was before it removed that.
    await Deno.mkdir(join(folder, "epoch-0004.1.tmp"));
    using training = await Training.open({ ...options, resume: true });
    {
      const refusal = { task: "train", advice: "Wait." };
      using _lock = await takeLock(join(folder, ".lock"), refusal);
      assert.deepEqual(await Array.fromAsync(training.run()), []);
      assert.equal(left().length, whole.length + 1);
    }
    assert.deepEqual(await Array.fromAsync(training.run()), []);
    assert.deepEqual(left(), whole);
  }));

Deno.test("Training.open() refuses to overwrite a run, other data, and no data", () =>
  inFolder(async (folder) => {
    const config = configure({ ...SMALL, epochs: 1 });
    const options = { folder, data: countingData(), config, workers: 1 };
    await trainAll(options);
    await assert.rejects(Training.open(options), /has 1 checkpoints already/);
    await assert.rejects(
      Training.open({
        ...options,
        resume: true,
        data: { ...countingData(), hash: "other" },
      }),
      /begun with other data/,
    );
    await assert.rejects(
      Training.open({
        ...options,
        folder: join(folder, "x"),
        data: { ...countingData(), train: [] },
      }),
      /no training piece/,
    );
  }));

Deno.test("Training stops on a loss that is no number, and names the step", () =>
  inFolder(async (folder) => {
    const config = configure({
      ...SMALL,
      epochs: 3,
      optimizer: "sgd",
      learningRate: 1e30,
      clipNorm: 0,
    });
    await assert.rejects(
      trainAll({ folder, data: countingData(), config, workers: 1 }),
      /at step \d+ of epoch \d+ the loss is/,
    );
  }));

Deno.test("Training.run() holds its run, and refuses one that was trained elsewhere meanwhile", () =>
  inFolder(async (folder) => {
    const config = configure(SMALL), shared = { data: countingData(), config };
    const open = () => Training.open({ folder, ...shared, resume: true });
    using first = await open();
    using second = await open();
    const running = first.run();
    await running.next();
    await assert.rejects(Array.fromAsync(second.run()), {
      name: "LockError",
      message: /^Cannot train the run .+: process \d+, since .+, does so now\./,
    });
    for await (const _ of running) { /* To the end. */ }
    await assert.rejects(Array.fromAsync(second.run()), {
      name: "RangeError",
      message: /its last checkpoint is epoch-0004 now\. Open it again\.$/,
    });
    using third = await open();
    assert.equal(third.epoch, 4);
  }));
