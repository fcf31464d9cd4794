import assert from "node:assert/strict";
import {
  check,
  outcome,
  type SmallNote,
  type SmallPiece,
  times,
} from "./testing.ts";

/** 40 s: a piano, and strings from 20 s to 30 s. */
const entering: SmallPiece = {
  parts: [
    [0, times(80, 1, () => [0, 1, 60])],
    [48, times(20, 1, () => [40, 1, 72])],
  ],
};

Deno.test("enters and leaves are within a bar of their time", () => {
  const strings = { is: "enters", family: "strings" } as const;
  assert.equal(outcome(entering, { ...strings, atSeconds: 21.5 }), "met");
  assert.equal(outcome(entering, { ...strings, atSeconds: 24 }), "missed");
  assert.equal(outcome(entering, { ...strings, atBar: 11 }), "met");
  assert.equal(outcome(entering, { ...strings, at: "middle" }), "met");
  assert.equal(outcome(entering, { ...strings, at: "start" }), "missed");
  assert.equal(
    outcome(entering, { is: "leaves", family: "strings", atSeconds: 30 }),
    "met",
  );
  assert.equal(
    outcome(entering, { is: "leaves", family: "piano", atSeconds: 30 }),
    "missed",
  );
});

Deno.test("hit stands out by loudness, by notes, or as an instrument's first", () => {
  const at = (atSeconds: number) => ({ is: "hit", atSeconds }) as const;
  assert.equal(outcome(entering, at(20)), "met");
  assert.equal(outcome(entering, at(15)), "missed");
  const with_ = (...notes: SmallNote[]): SmallPiece => ({
    parts: [[0, [...times(80, 1, (): SmallNote => [0, 1, 60]), ...notes]]],
  });
  assert.equal(outcome(with_([30, 1, 72, 110]), at(15)), "met");
  assert.equal(outcome(with_([30, 1, 72, 80]), at(15)), "met");
  const late = with_([30.4, 0.5, 72, 110]);
  assert.equal(outcome(late, at(15)), "met");
  assert.equal(outcome(late, { ...at(15), within: 0.05 }), "missed");
  assert.equal(check(late, at(15)).found, "0.2 s away");
});

Deno.test("silence begins near its time and lasts", () => {
  const gap: SmallPiece = {
    parts: [[0, [
      ...times(20, 1, (): SmallNote => [0, 1, 60]),
      ...times(20, 1, (): SmallNote => [28, 1, 60]),
    ]]],
  };
  const at = (atSeconds: number, forSeconds?: number) =>
    ({
      is: "silence",
      atSeconds,
      ...forSeconds !== undefined && { forSeconds },
    }) as const;
  assert.equal(outcome(gap, at(10, 4)), "met");
  assert.equal(outcome(gap, at(10.4, 4)), "met");
  assert.equal(outcome(gap, at(11, 4)), "contradicted");
  assert.equal(outcome(gap, at(5)), "contradicted");
  assert.equal(outcome(gap, at(24)), "met");
});

Deno.test("ends: soft, faded, abrupt or clean", () => {
  const ending = (velocity: (i: number) => number, last: SmallNote[] = []) =>
    ({
      parts: [[0, [
        ...times(64, 1, (i): SmallNote => [0, 1, 60, velocity(i)]),
        ...last,
      ]]],
    }) as SmallPiece;
  const ends = (how: "soft" | "fade" | "abrupt" | "clean") =>
    ({ is: "ends", how }) as const;
  const level = ending(() => 80);
  const fading = ending((i) => i < 48 ? 80 : 80 - 4 * (i - 47));
  const swelling = ending((i) => i < 56 ? 80 : 110);
  assert.equal(outcome(fading, ends("soft")), "met");
  assert.equal(outcome(level, ends("soft")), "missed");
  assert.equal(outcome(swelling, ends("soft")), "contradicted");
  assert.equal(outcome(fading, ends("fade")), "met");
  assert.equal(outcome(level, ends("fade")), "missed");
  // By expression, over a third of the piece.
  const long: SmallPiece = {
    ...level,
    controls: Array.from({ length: 22 }, (_, i) => [42 + i, 11, 126 - 6 * i]),
  };
  assert.equal(outcome(long, ends("fade")), "met");
  assert.equal(outcome(level, ends("abrupt")), "met");
  assert.equal(outcome(fading, ends("abrupt")), "contradicted");
  assert.equal(
    outcome({ ...level, tempos: [[0, 120], [60, 60]] }, ends("abrupt")),
    "missed",
  );
  assert.equal(outcome(level, ends("clean")), "met");
  assert.equal(
    outcome(ending(() => 80, [[64, 8, 60]]), ends("clean")),
    "missed",
  );
});

Deno.test("ends on the tonic, on it in major, or openly", () => {
  const scale = [0, 2, 3, 5, 7, 8, 10, 12];
  const closing = (...pitches: number[]): SmallPiece => ({
    parts: [[0, [
      ...times(32, 1, (i): SmallNote => [0, 1, 60 + scale[i % 8]!]),
      ...pitches.map((pitch): SmallNote => [32, 4, pitch]),
    ]]],
  });
  const key = { is: "key", tonic: "C", mode: "minor" } as const;
  const ends = (how: "tonic" | "major tonic" | "open", ...pitches: number[]) =>
    outcome(closing(...pitches), { is: "ends", how }, key);
  assert.equal(ends("tonic", 48, 63), "met");
  assert.equal(ends("tonic", 51, 60), "missed");
  assert.equal(ends("major tonic", 48, 64, 67), "met");
  assert.equal(ends("major tonic", 48, 63, 67), "contradicted");
  assert.equal(ends("open", 55, 59), "met");
  assert.equal(ends("open", 48, 63, 72), "missed");
});

Deno.test("loop is whole bars without a gap, a fade or slowing, or has markers", () => {
  const loop = { is: "loop" } as const;
  const bars = (
    notes: number,
    extra: Partial<SmallPiece> = {},
  ): SmallPiece => ({
    parts: [[0, times(notes, 1, () => [0, 1, 60])]],
    ...extra,
  });
  assert.equal(outcome(bars(16), loop), "met");
  assert.equal(outcome(bars(15), loop), "missed");
  assert.equal(outcome(bars(15, { length: 16 }), loop), "met");
  assert.equal(outcome(bars(14, { length: 16 }), loop), "missed");
  assert.equal(outcome(bars(32, { length: 36 }), loop), "missed");
  assert.equal(
    outcome(bars(32, { tempos: [[0, 120], [28, 90]] }), loop),
    "missed",
  );
});
