import assert from "node:assert/strict";
import { belongs } from "./families.ts";
import { DRUMS, outcome, type SmallPiece, times } from "./testing.ts";

/** Violin and piano, then drums from the fifth quarter on. */
const trio: SmallPiece = {
  parts: [
    [40, times(8, 1, () => [0, 1, 76])],
    [0, times(8, 1, () => [0, 1, 60])],
    [DRUMS, times(4, 1, () => [4, 0.25, 36])],
  ],
};

Deno.test("plays takes a member for its family, and not the other way round", () => {
  assert.equal(outcome(trio, { is: "plays", any: ["strings"] }), "met");
  assert.equal(outcome(trio, { is: "plays", any: ["cello"] }), "missed");
  assert.equal(outcome(trio, { is: "plays", any: ["cello", "drums"] }), "met");
  assert.throws(
    () => outcome(trio, { is: "plays", any: ["kazoo"] }),
    /family "kazoo"/,
  );
});

Deno.test("silent and only are contradicted by what sounds, in their window alone", () => {
  assert.equal(outcome(trio, { is: "silent", family: "guitar" }), "met");
  assert.equal(
    outcome(trio, { is: "silent", family: "piano" }),
    "contradicted",
  );
  const two = ["strings", "piano"];
  assert.equal(outcome(trio, { is: "only", families: two }), "contradicted");
  assert.equal(
    outcome(trio, { is: "only", families: two, in: { bars: [1, 1] } }),
    "met",
  );
  assert.equal(
    outcome(trio, { is: "only", families: two, in: [9, 10] }),
    "missed",
  );
});

Deno.test("program counts from 0, and the kit is none", () => {
  assert.equal(outcome(trio, { is: "program", any: [41, 40] }), "met");
  assert.equal(outcome(trio, { is: "program", any: [41] }), "missed");
});

Deno.test("parts are channels, or the voices of a single one", () => {
  assert.equal(outcome(trio, { is: "parts", count: [3, 3] }), "met");
  const chords = (share: number): SmallPiece => ({
    parts: [[48, [[0, 8, 60], [0, 8 * share, 64], [0, 8 * share, 67]]]],
  });
  assert.equal(outcome(chords(0.5), { is: "parts", count: [3, 4] }), "met");
  assert.equal(outcome(chords(0.1), { is: "parts", count: [3, 4] }), "missed");
  const ofFamily = (family: string, count: number) =>
    outcome(trio, { is: "parts", family, count: [count, count] });
  assert.deepEqual([ofFamily("violin", 1), ofFamily("flute", 0)], [
    "met",
    "met",
  ]);
  assert.equal(ofFamily("violin", 2), "missed");
});

Deno.test("drums: timpani are drums where they are asked, and do not break their absence", () => {
  const timpani: SmallPiece = { parts: [[47, [[0, 1, 40]]]] };
  assert.equal(outcome(timpani, { is: "drums", play: true }), "met");
  assert.equal(outcome(timpani, { is: "drums", play: false }), "met");
  assert.equal(outcome(trio, { is: "drums", play: false }), "contradicted");
  const piano: SmallPiece = { parts: [[0, [[0, 1, 40]]]] };
  assert.equal(outcome(piano, { is: "drums", play: true }), "missed");
});

Deno.test("drum-sound is a key of the kit or a program", () => {
  const kick = { is: "drum-sound", play: true, sound: "kick" } as const;
  assert.equal(outcome(trio, kick), "met");
  assert.equal(outcome(trio, { ...kick, sound: "clap" }), "missed");
  assert.equal(outcome(trio, { ...kick, play: false }), "contradicted");
  const hat: SmallPiece = { parts: [[DRUMS, [[0, 1, 42]]]] };
  const noCymbals = { ...kick, play: false, sound: "cymbal" };
  assert.equal(outcome(hat, noCymbals), "contradicted");
  const block: SmallPiece = { parts: [[115, [[0, 1, 60]]]] };
  assert.equal(outcome(block, { ...kick, sound: "woodblock" }), "met");
});

Deno.test("leads is the highest for half of its time, or the only single line", () => {
  assert.equal(outcome(trio, { is: "leads", family: "violin" }), "met");
  assert.equal(outcome(trio, { is: "leads", family: "piano" }), "missed");
  assert.equal(outcome(trio, { is: "leads", family: "organ" }), "missed");
  const under: SmallPiece = {
    parts: [[56, [[0, 8, 60]]], [19, [[0, 8, 70], [0, 8, 74]]]],
  };
  assert.equal(outcome(under, { is: "leads", family: "brass" }), "met");
});

Deno.test("belongs() keeps the kit's number out of the families of programs", () => {
  const kit = { program: 40, isDrum: true, pitch: 38 };
  assert.ok(belongs(kit, "drums"));
  assert.ok(!belongs(kit, "violin"));
});
