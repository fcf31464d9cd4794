import assert from "node:assert/strict";
import type { SectionWish } from "../music/music.ts";
import { withContrast } from "./contrast.ts";

const from = { share: 0 };

Deno.test("withContrast() keeps sections apart that leave open what another asks for", () => {
  const wishes: SectionWish[] = [
    { from, spec: {} },
    { from, spec: { loudness: "loud", tempo: "fast" } },
    { from, spec: {}, curve: { velocity: [90, 40] } },
  ];
  const wanted = wishes.map(({ spec }) => ({
    density: "sparse" as const,
    ...spec,
  }));
  assert.deepEqual(withContrast(wanted, wishes), [
    { density: "sparse", loudness: "medium", tempo: "moderate" },
    { density: "sparse", loudness: "loud", tempo: "fast" },
    { density: "sparse", tempo: "moderate" },
  ]);
});

Deno.test("withContrast() changes nothing where no section asks for an extreme", () => {
  const wishes: SectionWish[] = [
    { from, spec: { density: "medium" } },
    { from, spec: {} },
  ];
  const wanted = [{ density: "medium" as const }, { qpm: 80 }];
  assert.deepEqual(withContrast(wanted, wishes), wanted);
});
