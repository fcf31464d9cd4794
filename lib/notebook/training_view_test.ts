import assert from "node:assert/strict";
import { tellEnd } from "./bootstrap.ts";
import type { TrainingRecord } from "../training/training.ts";
import {
  epochRecord,
  inKernel,
  type Message,
  stepRecord,
  texts,
} from "./testing.ts";
import { trainingView, watchTraining } from "./training_view.ts";

/** Texts of a training view, all as though it had taken no time. */
const timelessTexts = (messages: Message[]) =>
  texts(messages).map((text) => text.replace(/ \d+ s(?=,| after)/, " 0 s"));

Deno.test("trainingView() draws a point per epoch and ends with the result", async () => {
  const messages = await inKernel(async () => {
    const view = trainingView({ history: [{ epoch: 1, trainLoss: 3.5 }] });
    view.update(stepRecord(2, 5));
    view.update(epochRecord(2, 3));
    view.update(epochRecord(3, 3));
    await view.done();
  });
  const curves = messages.filter(({ bundle }) => bundle["image/svg+xml"]);
  const lines = messages.filter(({ bundle }) => !bundle["image/svg+xml"]);
  assert.ok(curves.length >= 2);
  const path = /aria-label="training loss"><path d="([^"]*)"/;
  const drawn = path.exec(curves.at(-1)!.bundle["image/svg+xml"]!)![1]!;
  assert.equal(drawn.match(/[ML]/g)!.length, 3);
  assert.deepEqual(timelessTexts(lines), [
    "Epoch 2 of 3 · step 5 of 10 · loss 2.500 · 12.3 steps/s · 1 min 15 s left",
    "✓ Training: 3 of 3 epochs in 0 s, best epoch 3 (0.833)",
  ]);
  assert.match(lines[0]!.bundle["text/html"]!, /value="0\.500"/);
});

Deno.test("trainingView() says where a run failed", async () => {
  const messages = await inKernel(async () => {
    trainingView().update(stepRecord(2, 5));
    await tellEnd("failed");
  });
  assert.equal(texts(messages).at(-1), "✗ Training failed at epoch 2 of 3");
});

Deno.test("trainingView() counts down between records, then ends", async () => {
  const messages = await inKernel(async () => {
    const view = trainingView();
    view.update(stepRecord(2, 10));
    await new Promise((resolve) => setTimeout(resolve, 2300));
    view.update(epochRecord(2, 3));
    await view.done();
  });
  const left = texts(messages).map((text) =>
    /· (1 min .*) left$/.exec(text)?.[1]
  );
  const times = left.filter((time) => time !== undefined);
  assert.equal(times[0], "1 min 15 s");
  assert.match(times.at(-1)!, /^1 min 1[1-4] s$/);
});

Deno.test("trainingView() reports a run that was stopped or had nothing to do", async () => {
  const ending = async (...records: TrainingRecord[]) => {
    const messages = await inKernel(async () => {
      const view = trainingView({
        history: [{ epoch: 1, trainLoss: 3, validLoss: 2.5 }],
      });
      for (const record of records) view.update(record);
      await view.done();
    });
    return timelessTexts(messages).findLast((text) => /^[■✓]/.test(text))!;
  };
  assert.equal(
    await ending(epochRecord(2, 3), stepRecord(3, 4)),
    "■ Training stopped in epoch 3 of 3, 0 s after it began, best epoch 2 (1.250). A checkpoint is saved; run this cell again to go on",
  );
  assert.match(await ending(epochRecord(2, 3)), /^■ .* in epoch 3 of 3,/);
  assert.equal(
    await ending(
      { ...epochRecord(2, 3), stoppedEarly: true } as TrainingRecord,
    ),
    "✓ Training: 2 of 3 epochs in 0 s, best epoch 2 (1.250); it had stopped getting better",
  );
  assert.equal(
    await ending(),
    "✓ Training: nothing left to do, 1 epochs were trained before, best epoch 1 (2.500)",
  );
});

Deno.test("watchTraining() disposes of the run before, but not of one that continues", async () => {
  const events: string[] = [];
  const run = (name: string) => ({
    history: [],
    // deno-lint-ignore require-yield -- a generator of no records
    async *run() {
      events.push(`${name} runs`);
    },
    stop() {},
    [Symbol.dispose]: () => void events.push(`${name} ends`),
  });
  const [first, second] = [run("first"), run("second")];
  for (const training of [first, first, second]) await watchTraining(training);
  assert.deepEqual(events, [
    "first runs",
    "first runs",
    "first ends",
    "second runs",
  ]);
});
