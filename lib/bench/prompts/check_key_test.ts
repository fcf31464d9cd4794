import assert from "node:assert/strict";
import { pitchClassOf, pitchOf, scaleOf } from "./pitches.ts";
import { outcome, type SmallPiece, times } from "./testing.ts";

/** The scale and the chord of a major key. */
const major = (tonic: number): SmallPiece => ({
  parts: [[0, [
    ...times(8, 1, (i): [number, number, number] => [
      0,
      1,
      60 + tonic + [0, 2, 4, 5, 7, 9, 11, 12][i]!,
    ]),
    ...[0, 4, 7].map((above): [number, number, number] => [
      8,
      8,
      60 + tonic + above,
    ]),
  ]]],
});

Deno.test("key agrees by tonic and mode, and relatives do not contradict", () => {
  const key = (tonic: string, mode: string) =>
    outcome(major(3), { is: "key", tonic, mode });
  assert.equal(key("Eb", "major"), "met");
  assert.equal(key("D#", "major"), "met");
  assert.equal(key("C", "minor"), "missed");
  assert.equal(key("Bb", "major"), "missed");
  assert.equal(key("Eb", "minor"), "contradicted");
  assert.equal(key("A", "major"), "contradicted");
  assert.equal(outcome(major(3), { is: "key", mode: "minor" }), "contradicted");
  assert.equal(outcome(major(3), { is: "key", tonic: "Eb" }), "met");
});

Deno.test("key takes any of several, a mode by its scale, and none that is excluded", () => {
  const any = [{ tonic: "D" }, { tonic: "C", mode: "major" }];
  assert.equal(outcome(major(0), { is: "key", any }), "met");
  const not = [{ tonic: "C", mode: "major" }];
  assert.equal(outcome(major(0), { is: "key", not }), "contradicted");
  assert.equal(outcome(major(2), { is: "key", not }), "met");
  const mode = (tonic: string, mode: string) =>
    outcome(major(0), { is: "key", tonic, mode });
  assert.equal(mode("D", "dorian"), "met");
  assert.equal(mode("A", "harmonic minor"), "missed");
  assert.equal(mode("D", "lydian"), "contradicted");
  assert.throws(() => mode("D", "cheerful"), /mode "cheerful"/);
});

Deno.test("mode-not is contradicted by the mode", () => {
  assert.equal(outcome(major(0), { is: "mode-not", mode: "minor" }), "met");
  assert.equal(
    outcome(major(0), { is: "mode-not", mode: "major" }),
    "contradicted",
  );
});

Deno.test("in-scale goes by the key that the prompt names", () => {
  const key = { is: "key", tonic: "C", mode: "major" } as const;
  assert.equal(outcome(major(0), { is: "in-scale" }, key), "met");
  assert.equal(outcome(major(2), { is: "in-scale" }, key), "missed");
  assert.equal(outcome(major(2), { is: "in-scale" }), "met");
  const five = { ...key, mode: "major pentatonic" };
  assert.equal(outcome(major(0), { is: "in-scale" }, five), "missed");
});

Deno.test("drone sounds for most of the time", () => {
  const drone: SmallPiece = {
    parts: [[0, times(16, 1, () => [0, 1, 72])], [42, [[0, 14, 38]]]],
  };
  assert.equal(outcome(drone, { is: "drone", tonic: "D" }), "met");
  assert.equal(outcome(drone, { is: "drone", tonic: "A" }), "missed");
  assert.equal(outcome(drone, { is: "drone" }), "met");
});

Deno.test("starts is the first pitch class", () => {
  assert.equal(outcome(major(2), { is: "starts", on: "D" }), "met");
  assert.equal(outcome(major(2), { is: "starts", on: "C" }), "missed");
});

Deno.test("pitchOf(), pitchClassOf() and scaleOf() read names", () => {
  assert.equal(pitchOf("C4"), 60);
  assert.equal(pitchOf("C-1"), 0);
  assert.equal(pitchOf("Bb3"), 58);
  assert.equal(pitchOf("Cb4"), 59);
  assert.equal(pitchClassOf("F#"), 6);
  assert.throws(() => pitchClassOf("H"), /current value is "H"/);
  assert.deepEqual(scaleOf(9, "minor pentatonic"), [9, 0, 2, 4, 7]);
});
