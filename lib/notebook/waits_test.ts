import assert from "node:assert/strict";
import { Waits } from "./waits.ts";

Deno.test("Waits.stoppable() gives what is awaited, and errors with the line of the cell", async () => {
  const { stoppable } = new Waits();
  assert.equal(await stoppable(5), 5);
  assert.equal(await stoppable(Promise.resolve(5)), 5);
  assert.equal(
    await stoppable({ then: (resolve: (value: number) => void) => resolve(5) }),
    5,
  );
  await assert.rejects(
    async () => await stoppable(Promise.reject(new TypeError("no")), 12),
    (error) =>
      error instanceof TypeError &&
      error.stack!.endsWith("\n    at async <anonymous>:12"),
  );
});

Deno.test("Waits.stoppable() gives loops that never wait a turn", async () => {
  const { stoppable } = new Waits();
  let isTurn = false;
  setTimeout(() => isTurn = true);
  while (!isTurn) await stoppable(1);
});

Deno.test("Waits.end() ends all waiting, and nothing that waits later", async () => {
  const waits = new Waits();
  const endless = waits.stoppable(new Promise(() => {}));
  waits.end();
  await assert.rejects(async () => await endless, {
    name: "Interrupted",
    message: "The cell was stopped.",
  });
  assert.equal(await waits.stoppable(Promise.resolve(1)), 1);
});

Deno.test("Waits.end() has what a loop goes through return", async () => {
  const waits = new Waits();
  let hasReturned = false;
  async function* count() {
    try {
      for (let i = 0;; i++) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        yield i;
      }
    } finally {
      hasReturned = true;
    }
  }
  const seen: unknown[] = [];
  await assert.rejects(async () => {
    for await (
      const i of waits.each(count()) as AsyncIterable<number>
    ) {
      seen.push(i);
      if (i === 2) setTimeout(() => waits.end());
    }
  }, { name: "Interrupted" });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual([seen.slice(0, 3), hasReturned], [[0, 1, 2], true]);
});

Deno.test("Waits.each() leaves others than asynchronous iterables as they are", () => {
  const values = [1, 2];
  assert.equal(new Waits().each(values), values);
});
