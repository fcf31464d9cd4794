import assert from "node:assert/strict";
import {
  askToStop,
  beginWork,
  Stopped,
  Turns,
  whenTurnsBegin,
} from "./turns.ts";

/** Works for some milliseconds without a turn. */
function work(milliseconds: number): void {
  const endMs = performance.now() + milliseconds;
  while (performance.now() < endMs);
}

Deno.test("Turns.give() lets timers run when it is time, and not before", async () => {
  const turns = new Turns(20);
  let ticks = 0;
  await turns.take();
  setTimeout(() => ticks++);
  assert.equal(turns.give(), undefined);
  work(25);
  await turns.give();
  assert.equal(ticks, 1);
  assert.equal(turns.give(), undefined);
});

Deno.test("Turns.give() of many short loops lets timers run too", async () => {
  await new Turns().take();
  let ticks = 0;
  setTimeout(() => ticks++);
  for (let i = 0; i < 12; i++) {
    const turns = new Turns();
    work(10);
    await turns.give();
  }
  assert.equal(ticks, 1);
});

Deno.test("Turns.give() throws once a stop is asked, also in turns made after that", () => {
  const turns = new Turns();
  askToStop();
  assert.throws(() => turns.give(), Stopped);
  assert.throws(() => new Turns().give(), { name: "Interrupted" });
  assert.equal(turns.areStopped, true);
  beginWork();
});

Deno.test("Turns.give() throws after a turn in which a stop was asked", async () => {
  const turns = new Turns(0);
  setTimeout(askToStop);
  await assert.rejects(async () => {
    while (true) await turns.give();
  }, Stopped);
  beginWork();
});

Deno.test("beginWork() spares new work only: what was stopped stays so", () => {
  const old = new Turns();
  askToStop();
  beginWork();
  assert.equal(new Turns().give(), undefined);
  assert.throws(() => old.give(), Stopped);
  const later = new Turns();
  beginWork();
  assert.equal(later.give(), undefined);
});

Deno.test("whenTurnsBegin() tells once of each work that gives turns", () => {
  let told = 0;
  whenTurnsBegin(() => told++);
  beginWork();
  assert.equal(told, 0);
  new Turns();
  new Turns();
  assert.equal(told, 1);
  beginWork();
  new Turns();
  assert.equal(told, 2);
  whenTurnsBegin(() => {});
});
