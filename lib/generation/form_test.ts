import assert from "node:assert/strict";
import { formSection, planForm } from "./form.ts";

const names = (bars: number) =>
  planForm(bars).map(({ name, bars }) => `${name}:${bars}`).join(" ");

Deno.test("planForm() lays out A A′ B A, and shorter and longer forms", () => {
  assert.equal(names(1), "A:1");
  assert.equal(names(11), "A:11");
  assert.equal(names(12), "A:4 B:4 A:4");
  assert.equal(names(16), "A:4 A′:4 B:4 A:4");
  assert.equal(names(20), "A:4 A′:4 B:4 A:4 A′:4");
  assert.equal(names(24), "A:8 B:8 A:8");
  assert.equal(names(35), "A:8 A′:8 B:8 A:8 coda:3");
  assert.equal(names(64), "A:8 A′:8 B:8 A:8 C:8 A′:8 D:8 A:8");
});

Deno.test("planForm() fills every length, repeats earlier sections only, and ends on an A", () => {
  for (let bars = 1; bars <= 1100; bars++) {
    const form = planForm(bars);
    assert.equal(form.reduce((sum, section) => sum + section.bars, 0), bars);
    for (const [i, { repeats, bars }] of form.entries()) {
      if (repeats === undefined) continue;
      assert.ok(repeats < i && form[repeats]!.bars === bars);
    }
    const sections = form.filter(({ name }) => name !== "coda");
    assert.match(sections.at(-1)!.name, /^A/);
  }
});

Deno.test("formSection() goes on without end, every other section new", () => {
  const first = Array.from(
    { length: 10 },
    (_, i) => formSection(i, Infinity, 8).name,
  );
  assert.equal(first.join(" "), "A A′ B A C A′ D A E A′");
  assert.equal(formSection(1000, Infinity, 8).bars, 8);
});
