import assert from "node:assert/strict";
import { tellEnd } from "./bootstrap.ts";
import { describeProgress, progress } from "./progress.ts";
import { inKernel, texts } from "./testing.ts";

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

Deno.test("progress() updates its line between reports, then ends it", async () => {
  const messages = await inKernel(async () => {
    const files = progress("Reading", 0, { unit: "files" });
    files.update(2, { total: 4 });
    await new Promise((resolve) => setTimeout(resolve, 1300));
    files.update(4);
    await files.done("3 kept, 1 rejected");
  });
  const lines = texts(messages);
  assert.equal(lines[0], "Reading 0 files · 0 s");
  assert.match(lines[1]!, /^Reading 2 of 4 files · .* left$/);
  // The line comes after a second, or a little later on a busy machine.
  assert.match(
    lines[2]!,
    /^Reading 2 of 4 files · [12]\.\d files\/s · [12] s left$/,
  );
  assert.match(lines.at(-1)!, /^✓ Reading: 3 kept, 1 rejected in [1-9]\.\d s$/);
  assert.match(
    messages[1]!.bundle["text/html"]!,
    /<progress max="1" value="0\.500" aria-label="Reading"><\/progress> Reading 2/,
  );
  assert.equal(new Set(messages.map(({ id }) => id)).size, 1);
});

Deno.test("progress() refuses a total that is not a number", () => {
  assert.throws(() => progress("Reading", NaN), {
    name: "RangeError",
    message: /current value is NaN/,
  });
});

Deno.test("progress() ends its line with a cell that fails, and not with another", async () => {
  const lines = texts(
    await inKernel(async () => {
      progress("Waiting", 0);
      await tellEnd("done");
      const reading = progress("Reading", 4, { unit: "files" });
      reading.update(2);
      await tellEnd("failed");
      reading.update(3);
      await reading.done();
    }),
  );
  assert(lines.includes("✗ Reading failed at 2 of 4 files"));
  // It was not awaited, and another statement of its cell had failed.
  assert.match(lines.at(-1)!, /^✓ Reading: 3 files, /);
  assert.ok(!lines.some((line) => /Waiting failed/.test(line)));
});

Deno.test("progress() says of work that was refused at once that it did not begin", async () => {
  const lines = texts(
    await inKernel(async () => {
      progress("Composing", 0);
      await tellEnd("failed");
    }),
  );
  assert.equal(lines.at(-1), "✗ Composing did not begin");
});

Deno.test("progress() ends its line when work is stopped", async () => {
  const lines = texts(
    await inKernel(async () => {
      const writing = progress("Composing", 0, { unit: "tokens" });
      await tellEnd("done");
      writing.update(340, { note: "bar 8" });
      await tellEnd("stopped");
    }),
  );
  assert.equal(lines.at(-1), "■ Composing stopped at 340 tokens, bar 8");
});
