import assert from "node:assert/strict";
import {
  type ControlChange,
  emptySequence,
  type Part,
} from "../music/music.ts";
import { joinControls } from "./join_controls.ts";

const part = (channel?: number): Part => ({
  name: "",
  program: 0,
  isDrum: false,
  ...channel !== undefined && { channel },
});

/** Changes as rows of tick, part, controller and value. */
const changes = (
  ...rows: readonly (readonly [number, number, number, number])[]
): ControlChange[] =>
  rows.map(([ticks, part, controller, value]) => ({
    ticks,
    part,
    controller,
    value,
  }));

/** What is added to a passage's controllers at tick 1000 and later. */
function added(
  own: readonly ControlChange[],
  after: readonly ControlChange[],
  parts: readonly Part[] = [part(), part()],
): string[] {
  const before = { ...emptySequence(480), parts: [part(0)], controls: own };
  const all = joinControls({ before, after, parts, join: 1000 });
  assert.deepEqual(all.slice(0, own.length), own);
  return all.slice(own.length).map(({ ticks, part, controller, value }) =>
    [ticks, part, controller, value].join(" ")
  );
}

Deno.test("joinControls() lifts pedals, and undoes a fade", () => {
  const own = changes([0, 0, 64, 127], [0, 0, 7, 90], [900, 0, 7, 0]);
  assert.deepEqual(added(own, []), ["1000 0 64 0", "1000 0 7 90"]);
  // A passage that is silent throughout says nothing of its mix.
  assert.deepEqual(added(changes([0, 0, 7, 0]), []), ["1000 0 7 100"]);
  assert.deepEqual(added(changes([0, 0, 7, 90], [10, 0, 64, 0]), []), []);
});

Deno.test("joinControls() leaves the passage its own mix", () => {
  const own = changes([0, 0, 11, 64]);
  const after = changes(
    [1000, 0, 7, 100],
    [1000, 0, 11, 127],
    [1100, 0, 64, 127],
  );
  assert.deepEqual(added(own, after), ["1100 0 64 127"]);
  // A new part has the arrangement's own.
  const fresh = after.map((change) => ({ ...change, part: 1 }));
  assert.equal(added(own, fresh).length, 3);
});

Deno.test("joinControls() pedals once for each channel", () => {
  const parts = [part(0), part(0)];
  const own = changes([0, 0, 64, 127], [10, 0, 64, 0]);
  const pedals = changes([1100, 0, 64, 127], [1100, 1, 64, 127]);
  assert.deepEqual(added(own, pedals, parts), ["1100 0 64 127"]);
});
