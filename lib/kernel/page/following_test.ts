import assert from "node:assert/strict";
import { decide, type Entry } from "./static/following.js";

const SAVED = 1000;
const entry = (changes: Partial<Entry>): Entry => ({
  ...{ id: "request", cell: "cell", code: "1", outputs: [], asked: 900 },
  ...{ state: "running", count: 3, ended: null },
  ...changes,
});
const other = { own: false, missed: false, count: null };
const own = { own: true, missed: true, count: null };

Deno.test("decide() follows cells that run or wait, and that another page sent", () => {
  assert.equal(decide(entry({}), other, SAVED), "follow");
  const waiting = entry({ state: "waiting", count: null });
  assert.equal(decide(waiting, { ...other, count: 2 }, SAVED), "follow");
});

Deno.test("decide() takes an end that the file cannot have", () => {
  const ended = entry({ state: "ok", ended: 1001 });
  assert.equal(decide(ended, other, SAVED), "take");
  const whileSaving = entry({ state: "error", ended: 999 });
  assert.equal(decide(whileSaving, other, SAVED), "take");
});

Deno.test("decide() takes an end that this page missed, though the file was saved since", () => {
  const ended = entry({ state: "ok", ended: 900 });
  assert.equal(decide(ended, { ...other, missed: true }, SAVED), "take");
});

Deno.test("decide() takes outputs that came after the end of a cell", () => {
  const ended = entry({ state: "ok", ended: 900 });
  assert.equal(decide(ended, { ...other, count: 3 }, SAVED), "take");
});

Deno.test("decide() leaves a cell that was cleared, or run elsewhere, since it ended", () => {
  const ended = entry({ state: "ok", ended: 900 });
  assert.equal(decide(ended, other, SAVED), "leave");
  assert.equal(decide(ended, { ...other, count: 9 }, SAVED), "leave");
  const here = { own: true, missed: false, count: null };
  assert.equal(decide(ended, here, SAVED), "leave");
});

Deno.test("decide() replays what this page itself asked for", () => {
  assert.equal(decide(entry({}), own, SAVED), "replay");
  const ended = entry({ state: "ok", ended: 900 });
  assert.equal(decide(ended, own, SAVED), "replay");
  const known = { own: true, missed: false, count: 3 };
  assert.equal(decide(ended, known, SAVED), "replay");
});
