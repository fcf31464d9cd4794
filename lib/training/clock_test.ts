import assert from "node:assert/strict";
import { Clock } from "./clock.ts";

Deno.test("Clock estimates from the steps so far, then from whole epochs", () => {
  const clock = new Clock(3);
  assert.equal(clock.stepsPerSecond, 0);
  clock.addSteps(10, 500);
  assert.equal(clock.stepsPerSecond, 20);
  // Half of the first epoch is left, and two more of 100 steps.
  assert.equal(clock.etaSeconds(1, 50, 100), 12.5);
  clock.addEpoch(8);
  assert.equal(clock.etaSeconds(1, 100, 100), 16);
  clock.addEpoch(13);
  assert.equal(clock.etaSeconds(2, 100, 100), 9);
});

Deno.test("Clock gives older measurements less weight", () => {
  const clock = new Clock(1);
  for (let i = 0; i < 100; i++) clock.addSteps(10, 500);
  for (let i = 0; i < 100; i++) clock.addSteps(10, 1000);
  assert.equal(Math.round(clock.stepsPerSecond * 100) / 100, 10);
});
