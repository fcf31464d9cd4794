import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import type { PieceSpec } from "../music/music.ts";
import { parsePrompt } from "../prompt/prompt.ts";
import type { Profile } from "../tokens/remi/remi.ts";
import { chooseProfile } from "./profile_choice.ts";

/** Six pieces of each of three kinds. */
const PROFILES: Profile[] = Array.from({ length: 18 }, (_, i) => ({
  attributes: {
    Mode: i % 3 === 0 ? "minor" : "major",
    Density: i % 3 === 1 ? "dense" : "sparse",
  },
  constraints: {
    bars: 8 + i,
    qpm: [60, 90, 120][i % 3]!,
    meter: i % 3 === 2 ? "3/4" : "4/4",
    programs: [[0], [0, 33], [73]][i % 3]!,
    kits: i % 3 === 1 ? [0] : [],
    ranges: {},
  },
  density: 1,
}));

/** The kinds of the profiles chosen with 200 seeds, and how many profiles. */
function chosen(asked: PieceSpec): [kinds: string, count: number] {
  const found = new Set<number>();
  for (let seed = 1; seed <= 200; seed++) {
    found.add(
      PROFILES.indexOf(chooseProfile(asked, PROFILES, new Random(seed))),
    );
  }
  const kinds = [...new Set([...found].map((i) => i % 3))].sort();
  return [kinds.join(" "), found.size];
}

Deno.test("chooseProfile() chooses among those that fit best what a prompt asks", () => {
  const of = (prompt: string) => chosen(parsePrompt(prompt).request);
  assert.deepEqual(of(""), ["0 1 2", 18]);
  assert.deepEqual(of("minor"), ["0", 6]);
  assert.deepEqual(of("fast"), ["2", 6]);
  assert.deepEqual(of("88 bpm"), ["1", 6]);
  assert.deepEqual(of("dense"), ["1", 6]);
  assert.deepEqual(of("waltz"), ["2", 6]);
  assert.deepEqual(of("piano"), ["0", 6]);
  assert.deepEqual(of("piano, bass and drums"), ["1", 6]);
  assert.deepEqual(of("no drums, no flute"), ["0", 6]);
});

Deno.test("chooseProfile() chooses among few where one alone fits best", () => {
  const [, count] = chosen(parsePrompt("minor, piano, 8 bars").request);
  assert.ok(count > 1 && count <= 6, `${count}`);
});
