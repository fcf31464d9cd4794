import assert from "node:assert/strict";
import type { Profile } from "../tokens/remi/remi.ts";
import { planStretches, Span } from "./stretches.ts";

/** The span of a model whose longest training piece has so many bars. */
const spanOf = (bars: number) =>
  new Span([{ constraints: { bars } } as unknown as Profile]);

/** A plan as text: "A24+8" for 24 bars of theme and 8 ahead, "B" for new ones. */
const plan = (bars: number, longest: number, endless = false) =>
  planStretches(bars, spanOf(longest), endless)
    .map(({ bars, ahead, returns }, i) =>
      `${i === 0 || returns ? "A" : "B"}${bars}+${ahead}`
    ).join(" ");

Deno.test("planStretches() makes a piece no longer than the model knows in one go", () => {
  assert.equal(plan(8, 32), "A8+0");
  assert.equal(plan(32, 32), "A32+0");
  assert.equal(plan(Infinity, 32), "AInfinity+0");
  assert.equal(plan(120, 150), "A120+0");
});

Deno.test("planStretches() divides a longer one at phrases, with an end after the last", () => {
  assert.equal(plan(48, 32), "A24+8 A24+0");
  assert.equal(plan(64, 32), "A24+8 B16+8 A24+0");
  assert.equal(plan(73, 32), "A20+8 A16+8 B16+8 A21+0");
  assert.equal(plan(16, 8), "A4+2 A4+2 B4+2 A4+0");
});

Deno.test("planStretches() lets more follow the end of a loop", () => {
  assert.equal(plan(8, 32, true), "A8+16");
  assert.equal(plan(32, 32, true), "A32+8");
  assert.equal(plan(64, 32, true), "A24+8 B16+8 A24+8");
});

Deno.test("planStretches() fills every length with stretches that the model knows", () => {
  for (const longest of [1, 4, 6, 8, 20, 32, 150]) {
    const span = spanOf(longest);
    for (let bars = 1; bars <= 300; bars++) {
      const stretches = planStretches(bars, span, false);
      const sum = stretches.reduce((all, stretch) => all + stretch.bars, 0);
      assert.equal(sum, bars);
      for (const { bars: length } of stretches) {
        assert.ok(length >= 1, `${bars} of ${longest}`);
        const most = Math.max(span.longest, span.outer + 4);
        assert.ok(length <= most, `${length} of ${bars}, ${longest}`);
      }
    }
  }
});
