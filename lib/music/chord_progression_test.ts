import assert from "node:assert/strict";
import type { Chord } from "./brief.ts";
import { chordsHeard, keyOfChords, triadOf } from "./chord_progression.ts";
import { CHORDS } from "./chords.ts";
import { emptySequence, type NoteSequence } from "./note_sequence.ts";
import type { PartialKey } from "./piece_spec.ts";
import { keyName, PITCH_CLASS_NAMES } from "./theory.ts";

/** Chords by symbols without a bass. */
function chordsOf(symbols: string): Chord[] {
  return symbols.split(" ").map((symbol) => {
    const [, name = "", kind = ""] = /^([A-G][b#]?)(.*)$/.exec(symbol)!;
    const root = PITCH_CLASS_NAMES.findIndex((one) => one === name);
    return { symbol, root, intervals: CHORDS.get(kind)! };
  });
}

Deno.test("keyOfChords() finds the key by scale, tonic and cadence", () => {
  const keys = {
    "Am F C G": "A minor",
    "Dm7 G7 Cmaj7 Am7": "C major",
    "F#m7 Bm7 E7 Amaj7": "A major",
    "Am G F E": "A minor",
    "C G Am F": "C major",
    "Em7 A7": "E minor",
    "Bb Gm Cm F": "Bb major",
  };
  for (const [symbols, key] of Object.entries(keys)) {
    const chords = chordsOf(symbols);
    assert.equal(keyName(keyOfChords({ chords, barsEach: 1 })), key, symbols);
  }
});

Deno.test("keyOfChords() takes what is asked where the chords leave a choice", () => {
  const key = (symbols: string, asked: PartialKey) =>
    keyName(keyOfChords({ chords: chordsOf(symbols), barsEach: 1 }, asked));
  assert.equal(key("Am F C G", { tonic: 0, mode: "major" }), "C major");
  assert.equal(key("Am F C G", { mode: "major" }), "A minor");
  assert.equal(key("C F G C", { tonic: 0, mode: "minor" }), "C major");
  assert.equal(key("Em7 A7", { tonic: 4, mode: "dorian" }), "E minor");
});

Deno.test("triadOf() has what stands for the third and the fifth", () => {
  const triad = (symbol: string) => triadOf(chordsOf(symbol)[0]!);
  assert.deepEqual(triad("Cmaj9"), [0, 4, 7]);
  assert.deepEqual(triad("C9sus4"), [0, 5, 7]);
  assert.deepEqual(triad("Cm7b5"), [0, 3, 6]);
  assert.deepEqual(triad("C5"), [0, 7]);
});

/** Bars of 4/4 that each hold some pitches throughout. */
function bars(...pitches: readonly (readonly number[])[]): NoteSequence {
  return {
    ...emptySequence(4),
    parts: [{ name: "", program: 0, isDrum: false }],
    notes: pitches.flatMap((bar, i) =>
      bar.map((pitch) => ({
        pitch,
        velocity: 64,
        startTicks: 16 * i,
        endTicks: 16 * i + 16,
        part: 0,
      }))
    ),
    totalTicks: 16 * pitches.length,
  };
}

Deno.test("chordsHeard() tells bar by bar which chords are heard", () => {
  const music = bars([45, 60, 64], [41, 57, 60], [48, 52, 55], [43, 60, 64]);
  const heard = chordsHeard(music, {
    chords: chordsOf("Am F C G"),
    barsEach: 1,
  });
  assert.deepEqual(heard.map(({ isHeard }) => isHeard), [
    true,
    true,
    true,
    false,
  ]);
  assert.deepEqual(heard.map(({ startTicks }) => startTicks), [0, 16, 32, 48]);
});

Deno.test("chordsHeard() misses a chord without its third, and hears one with a seventh", () => {
  const progression = { chords: chordsOf("C"), barsEach: 1 };
  const is = (...pitches: number[]) =>
    chordsHeard(bars(pitches), progression)[0]!.isHeard;
  assert.ok(!is(48, 55, 60));
  assert.ok(is(48, 52, 55, 59));
  // On another bass the same notes are A minor with a seventh.
  assert.ok(!is(45, 48, 52, 55));
});

Deno.test("chordsHeard() hears a chord of two bars in both, and half bars", () => {
  const music = bars([48, 52, 55], [48, 52, 55], [43, 59, 62]);
  const chords = chordsOf("C G");
  const long = chordsHeard(music, { chords, barsEach: 2 });
  assert.deepEqual(long.map(({ isHeard }) => isHeard), [true, true, true]);
  const half = chordsHeard(music, { chords, barsEach: 0.5 });
  assert.deepEqual(
    half.map(({ chord: { symbol } }) => symbol).join(),
    "C,G,C,G,C,G",
  );
  assert.deepEqual(half.filter(({ isHeard }) => isHeard).length, 3);
});
