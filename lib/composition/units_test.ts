import assert from "node:assert/strict";
import type { PieceSpec } from "../music/music.ts";
import type { SectionPlan } from "./plan_sections.ts";
import { draftsOf, unitsOf } from "./units.ts";

const plan = (
  bars: number,
  spec: PieceSpec,
  curve?: SectionPlan["wish"]["curve"],
): SectionPlan => ({
  asked: {},
  aims: {},
  wish: { from: { share: 0 }, spec: {}, ...curve && { curve } },
  spec,
  bars,
  meter: "4/4",
  qpm: [80, 80],
});

Deno.test("unitsOf() joins sections that differ in their loudness alone", () => {
  const at = (Loudness: "soft" | "loud", qpm: number): PieceSpec => ({
    attributes: { Loudness },
    constraints: { qpm },
  });
  const units = unitsOf([
    plan(4, at("soft", 80)),
    plan(6, at("loud", 80)),
    plan(8, at("loud", 90)),
  ]);
  assert.deepEqual(
    units.map(({ bars, wishes }) => [bars, wishes.length]),
    [[10, 2], [8, 1]],
  );
});

Deno.test("unitsOf() cuts a section on a line into parts with targets of their own", () => {
  const units = unitsOf([
    plan(12, {}, { density: [1, 4], register: [72, 48] }),
  ]);
  assert.deepEqual(units.map(({ bars }) => bars), [4, 4, 4]);
  assert.deepEqual(
    units.map(({ wishes }) => [wishes[0]!.density, wishes[0]!.register]),
    [[1.5, 68], [2.5, 60], [3.5, 52]],
  );
  assert.equal(units[2]!.spec.attributes?.Register, "low");
  assert.deepEqual(units[1]!.spec.targets?.register, [57, 63]);
});

Deno.test("draftsOf() samples the model alone first, and a long piece fewer times", () => {
  const of = (bars: number) =>
    draftsOf(unitsOf([plan(bars, { targets: { programs: [0] } })]))[0]!.drafts
      .map(({ spec, hears }) =>
        `${spec.targets?.programs ? "led" : "free"}${hears ? " hears" : ""}`
      );
  assert.deepEqual(of(20), [
    "free hears",
    "free",
    "led",
    "led",
    "free hears",
    "led",
    "led",
    "free",
  ]);
  assert.deepEqual(of(200), ["free hears", "led"]);
  assert.deepEqual(of(2000), ["led"]);
});
