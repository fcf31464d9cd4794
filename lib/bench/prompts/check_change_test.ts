import assert from "node:assert/strict";
import type { Requirement } from "./requirement.ts";
import {
  DRUMS,
  outcome,
  type SmallNote,
  type SmallPiece,
  times,
} from "./testing.ts";

/** 32 s of half seconds, their velocity and pitch by their place. */
const even = (
  velocity: (i: number) => number,
  pitch: (i: number) => number = () => 60,
): SmallPiece => ({
  parts: [[0, times(64, 1, (i) => [0, 1, pitch(i), velocity(i)])]],
});
const up = (of: "loudness" | "density", at: "whole" | "middle" | "end") =>
  ({ is: "change", of, direction: "up", at }) as const;

Deno.test("change of loudness compares what its time says, and the other way contradicts", () => {
  const rising = even((i) => 40 + i);
  assert.equal(outcome(rising, up("loudness", "whole")), "met");
  assert.equal(outcome(rising, up("loudness", "middle")), "met");
  assert.equal(
    outcome(rising, { ...up("loudness", "whole"), direction: "down" }),
    "contradicted",
  );
  assert.equal(outcome(even(() => 80), up("loudness", "whole")), "missed");
  const late = even((i) => i < 58 ? 60 : 90);
  assert.equal(outcome(late, up("loudness", "end")), "met");
});

Deno.test("change at seconds or a bar compares both sides of it", () => {
  const jump = even((i) => i < 32 ? 60 : 90);
  const at = (
    time: { atSeconds: number } | { atBar: number },
  ): Requirement => ({
    is: "change",
    of: "loudness",
    direction: "up",
    ...time,
  });
  assert.equal(outcome(jump, at({ atSeconds: 16 })), "met");
  assert.equal(outcome(jump, at({ atBar: 9 })), "met");
  assert.equal(outcome(jump, at({ atSeconds: 28 })), "missed");
  assert.equal(outcome(jump, at({ atBar: 3 })), "missed");
});

Deno.test("change of density, tempo, register and parts has its own least amount", () => {
  const denser: SmallPiece = {
    parts: [[0, [
      ...times(32, 1, (): SmallNote => [0, 1, 60]),
      ...times(64, 0.5, (): SmallNote => [32, 0.5, 60]),
    ]]],
  };
  assert.equal(outcome(denser, up("density", "middle")), "met");
  assert.equal(outcome(even(() => 80), up("density", "middle")), "missed");
  const slower: SmallPiece = {
    ...even(() => 80),
    tempos: [[0, 120], [56, 90]],
  };
  const tempo = { is: "change", of: "tempo", at: "end" } as const;
  assert.equal(outcome(slower, { ...tempo, direction: "down" }), "met");
  assert.equal(outcome(slower, { ...tempo, direction: "up" }), "contradicted");
  const register = { is: "change", of: "register", at: "whole" } as const;
  const higher = even(() => 80, (i) => 60 + i / 16 | 0);
  assert.equal(outcome(higher, { ...register, direction: "up" }), "met");
  const joined: SmallPiece = {
    parts: [...even(() => 80).parts, [40, [[48, 16, 72]]]],
  };
  const parts = { is: "change", of: "parts", at: "whole" } as const;
  assert.equal(outcome(joined, { ...parts, direction: "up" }), "met");
  assert.equal(
    outcome(joined, { ...parts, direction: "down" }),
    "contradicted",
  );
});

Deno.test("change of key goes by the new key, or by semitones", () => {
  const scale = [0, 2, 4, 5, 7, 9, 11, 12];
  const modulating = even(
    () => 80,
    (i) => 60 + scale[i % 8]! + (i < 32 ? 0 : 4) - (i % 8 > 4 ? 12 : 0),
  );
  const key = {
    is: "change",
    of: "key",
    direction: "up",
    at: "middle",
  } as const;
  assert.equal(outcome(modulating, { ...key, to: "E major" }), "met");
  assert.equal(outcome(modulating, { ...key, to: "minor" }), "missed");
  assert.equal(outcome(modulating, { ...key, semitones: 4 }), "met");
  assert.equal(outcome(modulating, { ...key, semitones: 2 }), "missed");
  assert.equal(outcome(even(() => 80), key), "missed");
});

Deno.test("change of meter alternates every bar", () => {
  const asked: Requirement = {
    is: "change",
    of: "meter",
    direction: "alternate",
    every: "bar",
  };
  const turns = [0, 3, 7, 10, 14, 17, 21];
  const by = (meters: string[]): SmallPiece => ({
    parts: [[0, times(24, 1, () => [0, 1, 60])]],
    meters: turns.map((at, i) => [at, meters[i % 2]!]),
  });
  assert.equal(outcome(by(["3/4", "4/4"]), asked), "met");
  assert.equal(outcome(even(() => 80), asked), "missed");
});

Deno.test("steady departs from its mean in no quarter", () => {
  const steady = (of: "loudness" | "tempo" | "density") =>
    ({ is: "steady", of }) as const;
  const loud = even((i) => i < 48 ? 60 : 90);
  assert.equal(outcome(loud, steady("loudness")), "missed");
  assert.equal(outcome(loud, steady("density")), "met");
  assert.equal(outcome(loud, steady("tempo")), "met");
  const slower: SmallPiece = { ...loud, tempos: [[0, 120], [48, 110]] };
  assert.equal(outcome(slower, steady("tempo")), "missed");
});

Deno.test("cycle has the period of what swells or strikes", () => {
  const swelling = even((i) => 70 + Math.round(30 * Math.sin(i * Math.PI / 8)));
  const loudness = { is: "cycle", of: "loudness" } as const;
  assert.equal(outcome(swelling, loudness), "met");
  assert.equal(outcome(swelling, { ...loudness, seconds: 8 }), "met");
  assert.equal(outcome(swelling, { ...loudness, seconds: 4 }), "missed");
  assert.equal(outcome(even(() => 80), loudness), "missed");
  const bell: SmallPiece = {
    parts: [
      ...even(() => 80).parts,
      [14, times(4, 20, () => [0, 4, 72])],
      [DRUMS, [[0, 1, 36]]],
    ],
  };
  const hit = { is: "cycle", of: "hit" } as const;
  assert.equal(outcome(bell, { ...hit, seconds: 10 }), "met");
  assert.equal(outcome(bell, { ...hit, seconds: 6 }), "missed");
});

Deno.test("change by turns wants a quantity to go up and down again", () => {
  const asked: Requirement = {
    is: "change",
    of: "loudness",
    direction: "alternate",
    at: "whole",
  };
  const turning = even((i) => Math.floor(i / 16) % 2 === 0 ? 100 : 50);
  assert.equal(outcome(turning, asked), "met");
  assert.equal(outcome(even((i) => 40 + i), asked), "missed");
  assert.equal(outcome(even(() => 70), asked), "contradicted");
});
