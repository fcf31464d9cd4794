import assert from "node:assert/strict";
import { progress } from "./progress.ts";
import { display, inNotebook, liveFigure, settle } from "./output.ts";
import { epochRecord, inKernel, text, texts } from "./testing.ts";
import { trainingView } from "./training_view.ts";

Deno.test("display() and the others do nothing outside a notebook", async () => {
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

Deno.test("display() sends values in order, each as an output of its own", async () => {
  const messages = await inKernel(() => display(text("a"), text("b")));
  assert.deepEqual(texts(messages), ["a", "b"]);
  assert.deepEqual(messages.map(({ update }) => update), [false, false]);
  assert.notEqual(messages[0]!.id, messages[1]!.id);
});

Deno.test("display() does not fail if the front end fails", async () => {
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
  assert.equal(messages[0]!.id, messages[1]!.id);
});

Deno.test("liveFigure() sends a version that waits after its interval", async () => {
  const messages = await inKernel(async () => {
    const figure = liveFigure({ minIntervalMs: 20 });
    for (const version of ["1", "2", "3"]) figure.update(text(version));
    await new Promise((resolve) => setTimeout(resolve, 60));
  });
  assert.deepEqual(texts(messages), ["1", "3"]);
});

Deno.test("liveFigure() sends drafts, and all of the last version at the end", async () => {
  const version = (name: string) => ({
    ...text(`${name} as PNG`),
    draft: () => ({ "text/plain": name }),
  });
  const messages = await inKernel(async () => {
    const figure = liveFigure({ minIntervalMs: 0 });
    figure.update(version("1"));
    figure.update(version("2"));
    await settle();
    await settle();
  });
  assert.deepEqual(texts(messages), ["1", "2", "2 as PNG"]);
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
