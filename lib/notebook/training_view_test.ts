import assert from "node:assert/strict";
import { join } from "@std/path";
import { audioPlayer, fileLink } from "./files.ts";
import { describeProgress, progress } from "./progress.ts";
import { display, inNotebook, liveFigure, settle } from "./output.ts";
import { openLiveWindow } from "./live_window.ts";
import { trainingView, watchTraining } from "./training_view.ts";
import { jupyterDisplay, type MimeBundle } from "../plot/plot.ts";
import type { TrainingRecord } from "../training/training.ts";

interface Message {
  bundle: MimeBundle;
  id: string;
  update: boolean;
}

/** Runs `cell` as in a notebook; returns what the kernel was given. */
async function inKernel(
  cell: () => Promise<void>,
  deliver: () => Promise<void> = () => Promise.resolve(),
): Promise<Message[]> {
  const messages: Message[] = [];
  const namespace = Deno as unknown as { jupyter?: unknown };
  namespace.jupyter = {
    display: async (
      bundle: MimeBundle,
      options: { display_id: string; update: boolean },
    ) => {
      await deliver();
      messages.push({ bundle, id: options.display_id, update: options.update });
    },
  };
  try {
    await cell();
  } finally {
    namespace.jupyter = undefined;
  }
  return messages;
}

const text = (value: string) => ({
  [jupyterDisplay]: () => ({ "text/plain": value }),
});
const texts = (messages: Message[]) =>
  messages.map(({ bundle }) => bundle["text/plain"]);
/** Texts of a training view, all as though it had taken no time. */
const timelessTexts = (messages: Message[]) =>
  texts(messages).map((text) => text.replace(/ \d+ s(?=,| after)/, " 0 s"));

Deno.test("display() and all others do nothing outside a notebook", async () => {
  assert.equal(inNotebook(), false);
  await display(text("a"));
  liveFigure().update(text("b"));
  const files = progress("Reading", 3);
  files.update(3);
  await files.done();
  const view = trainingView();
  view.update(epochRecord(1, 1));
  await view.done();
  await settle();
});

Deno.test("display() hands values over in order, each in its own place", async () => {
  const messages = await inKernel(() => display(text("a"), text("b")));
  assert.deepEqual(texts(messages), ["a", "b"]);
  assert.deepEqual(messages.map(({ update }) => update), [false, false]);
  assert.notEqual(messages[0].id, messages[1].id);
});

Deno.test("display() does not fail with the front end", async () => {
  const gone = () => Promise.reject(new Error("front end gone"));
  await inKernel(() => display(text("a")), gone);
  assert.deepEqual(texts(await inKernel(() => display(text("b")))), ["b"]);
});

Deno.test("liveFigure() replaces its content and never loses the last version", async () => {
  const messages = await inKernel(async () => {
    const figure = liveFigure({ minIntervalMs: 60_000 });
    for (const version of ["1", "2", "3", "4"]) figure.update(text(version));
    await settle();
  });
  assert.deepEqual(texts(messages), ["1", "4"]);
  assert.deepEqual(messages.map(({ update }) => update), [false, true]);
  assert.equal(messages[0].id, messages[1].id);
});

Deno.test("liveFigure() sends a held version by itself", async () => {
  const messages = await inKernel(async () => {
    const figure = liveFigure({ minIntervalMs: 20 });
    for (const version of ["1", "2", "3"]) figure.update(text(version));
    await new Promise((resolve) => setTimeout(resolve, 60));
  });
  assert.deepEqual(texts(messages), ["1", "3"]);
});

Deno.test("settle() waits for outputs that are slow to go out", async () => {
  const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 30));
  const messages = await inKernel(async () => {
    const figure = liveFigure({ minIntervalMs: 0 });
    for (const version of ["1", "2", "3"]) figure.update(text(version));
    await settle(0);
  }, slow);
  assert.deepEqual(texts(messages), ["1", "2", "3"]);
});

Deno.test("describeProgress() gives rate and time left", () => {
  const state = {
    title: "Reading",
    done: 60,
    total: 120,
    unit: "files",
    elapsedSeconds: 30,
  };
  const lines: [string, Partial<typeof state & { note: string }>][] = [
    ["Reading 60 of 120 files · 2.0 files/s · 30 s left", {}],
    ["Reading 60 of 120 files · 2.0 files/s · 30 s left · a.mid", {
      note: "a.mid",
    }],
    ["Reading 0 of 120 files · 30 s", { done: 0 }],
    ["Reading 60 files · 2.0 files/s", { total: 0 }],
    ["Reading 60 of 120 files · 600 files/s · 0 s left", {
      elapsedSeconds: 0.1,
    }],
    ["Reading 60 of 120 files · 30.0 files/min · 2 min 0 s left", {
      elapsedSeconds: 120,
    }],
    ["Reading 60 of 120 files · 10.0 files/h · 6 h 00 min left", {
      elapsedSeconds: 21_600,
    }],
  ];
  for (const [line, change] of lines) {
    assert.equal(describeProgress({ ...state, ...change }), line);
  }
});

Deno.test("progress() keeps its line going between updates, then ends it", async () => {
  const messages = await inKernel(async () => {
    const files = progress("Reading", 0, { unit: "files" });
    files.update(2, { total: 4 });
    await new Promise((resolve) => setTimeout(resolve, 1300));
    files.update(4);
    await files.done("3 kept, 1 rejected");
  });
  const lines = texts(messages);
  assert.equal(lines[0], "Reading 0 files · 0 s");
  assert.match(lines[1], /^Reading 2 of 4 files · .* left$/);
  assert.match(lines[2], /^Reading 2 of 4 files · 2\.0 files\/s · 1 s left$/);
  assert.match(lines.at(-1)!, /^✓ Reading: 3 kept, 1 rejected in 1\.\d s$/);
  assert.match(
    messages[1].bundle["text/html"],
    /<progress max="1" value="0\.500" aria-label="Reading"><\/progress> Reading 2/,
  );
  assert.equal(new Set(messages.map(({ id }) => id)).size, 1);
});

Deno.test("progress() refuses a total that is none", () => {
  assert.throws(() => progress("Reading", NaN), {
    name: "RangeError",
    message: /current value is NaN/,
  });
});

function epochRecord(epoch: number, epochs: number): TrainingRecord {
  return {
    kind: "epoch",
    epoch,
    epochs,
    step: epoch * 10,
    trainLoss: 3 / epoch,
    trainAccuracy: 0.5,
    validLoss: 2.5 / epoch,
    seconds: 1,
    bestEpoch: epoch,
    etaSeconds: epochs - epoch,
    checkpoint: "",
    stoppedEarly: false,
  };
}

function stepRecord(epoch: number, step: number): TrainingRecord {
  return {
    kind: "step",
    epoch,
    epochs: 3,
    step,
    steps: 10,
    loss: 2.5,
    stepsPerSecond: 12.34,
    etaSeconds: 75,
  };
}

Deno.test("trainingView() draws a point an epoch and ends with the result", async () => {
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
  const drawn = path.exec(curves.at(-1)!.bundle["image/svg+xml"])![1];
  assert.equal(drawn.match(/[ML]/g)!.length, 3);
  assert.deepEqual(timelessTexts(lines), [
    "Epoch 2 of 3 · step 5 of 10 · loss 2.500 · 12.3 steps/s · 1 min 15 s left",
    "✓ Training: 3 of 3 epochs in 0 s, best epoch 3 (0.833)",
  ]);
  assert.match(lines[0].bundle["text/html"], /value="0\.500"/);
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

Deno.test("trainingView() tells a run that was stopped or had nothing to do", async () => {
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

Deno.test("watchTraining() disposes of the run before, not of one that goes on", async () => {
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

Deno.test("audioPlayer() plays a file by a path relative to the notebook", () => {
  const bundle = audioPlayer(join(Deno.cwd(), "outputs", "a & b.wav"), {
    label: "Dream <1>",
  })[jupyterDisplay]();
  assert.equal(
    bundle["text/html"],
    '<p>Dream &#60;1&#62;<br><audio controls preload="metadata" ' +
      'aria-label="Dream &#60;1&#62;" src="outputs/a%20%26%20b.wav"></audio></p>',
  );
});

Deno.test("audioPlayer() embeds bytes, but not a whole song", () => {
  const bytes = new Uint8Array([82, 73, 70, 70]);
  assert.match(
    audioPlayer(bytes)[jupyterDisplay]()["text/html"],
    /src="data:audio\/wav;base64,UklGRg=="/,
  );
  assert.throws(() => audioPlayer(new Uint8Array(1_000_001)), {
    name: "RangeError",
    message: /current value is 1000001.*Write it to a file/,
  });
});

Deno.test("fileLink() downloads, and holds no absolute path", () => {
  const path = join(Deno.cwd(), "..", "outputs", "piece #1.mid");
  assert.deepEqual(fileLink(path)[jupyterDisplay](), {
    "text/html":
      '<p><a href="../outputs/piece%20%231.mid" download="piece #1.mid">piece #1.mid</a></p>',
    "text/plain": "../outputs/piece%20%231.mid",
  });
  assert.match(
    fileLink(path, "the MIDI file")[jupyterDisplay]()["text/html"],
    />the MIDI file<\/a>/,
  );
});

Deno.test("openLiveWindow() says what it misses without a network", async () => {
  const window = await openLiveWindow({ plotlyUrl: "http://127.0.0.1:9/p.js" });
  assert.equal(window.url, undefined);
  assert.match(window.message, /needs 127\.0\.0\.1:9, which cannot be reached/);
  window.update([{ epoch: 1, trainLoss: 3 }]);
  await window.close();
});
