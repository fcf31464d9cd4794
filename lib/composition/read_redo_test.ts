import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { readRedo } from "./read_redo.ts";
import type { RedoWish } from "./redo.ts";

/** Sixteen bars of 4/4 at 120: keys, bass, violin, drums. */
const PIECE: NoteSequence = {
  ...emptySequence(480),
  parts: [
    { name: "Keys", program: 0, isDrum: false },
    { name: "Bass", program: 33, isDrum: false },
    { name: "Violin I", program: 40, isDrum: false },
    { name: "", program: 0, isDrum: true },
  ],
  notes: [0, 1, 2, 3].map((part) => ({
    pitch: 50 + 10 * part,
    velocity: 80,
    startTicks: 0,
    endTicks: 480,
    part,
  })),
  totalTicks: 16 * 1920,
};

const CASES: readonly (readonly [text: string, wish: RedoWish])[] = [
  ["", {}],
  ["everything again", {}],
  ["bars 5-8 keys, calmer", {
    bars: [5, 8],
    parts: [0],
    wishes: { than: { density: -1, loudness: -1 } },
  }],
  ["Redo bar 3 of the bass", { bars: [3, 3], parts: [1] }],
  ["measures 1 to 4, violin i, higher and louder", {
    bars: [1, 4],
    parts: [2],
    wishes: { than: { register: 1, loudness: 1 } },
  }],
  ["the violin, from C4 to C6", { parts: [2], wishes: { range: [60, 84] } }],
  ["piano and drums in bars 9 and 10, a bit busier", {
    bars: [9, 10],
    parts: [0, 3],
    wishes: { than: { density: 1 } },
  }],
  ["the last 4 bars without the drums, in D minor", {
    bars: [13, 16],
    parts: [0, 1, 2],
    wishes: { key: { tonic: 2, mode: "minor" } },
  }],
  ["first half, no keys, sparse and soft", {
    bars: [1, 8],
    parts: [1, 2, 3],
    wishes: { density: "sparse", loudness: "soft" },
  }],
  ["0:08-0:16 part 2 above E2", {
    bars: [5, 8],
    parts: [1],
    wishes: { range: [40, 127] },
  }],
  ["from bar 15", { bars: [15, 16] }],
  ["the melody in bar 2", { bars: [2, 2], parts: [2] }],
  ["Takte 5 bis 8, ruhiger", {
    bars: [5, 8],
    wishes: { than: { density: -1, loudness: -1 } },
  }],
];

for (const [text, wish] of CASES) {
  Deno.test(`readRedo() reads "${text}"`, () => {
    const reading = readRedo(text, PIECE);
    assert.deepEqual(reading.wish, wish);
    assert.deepEqual(reading.ignored, []);
  });
}

Deno.test("readRedo() tells what it understood, what it did not, and what stays", () => {
  const reading = readRedo("bars 5-8 keys, calmer, xyzzy, 90 bpm", PIECE);
  assert.deepEqual(reading.understood.slice(0, 3), [
    { phrase: "bars 5-8", meaning: "bars 5 to 8" },
    { phrase: "keys", meaning: "the part Keys" },
    { phrase: "calmer", meaning: "sparser and softer" },
  ]);
  assert.deepEqual(reading.ignored, ["xyzzy"]);
  assert.deepEqual(reading.notes, [
    "New notes keep the tempo of the piece; change it for the whole piece.",
  ]);
});

Deno.test("readRedo() reads chords", () => {
  const { chords, key } = readRedo("bars 1-4, Dm G C Am", PIECE).wish.wishes!;
  assert.deepEqual(
    chords?.chords.map(({ symbol }) => symbol),
    ["Dm", "G", "C", "Am"],
  );
  assert.equal(key, undefined);
});

Deno.test("readRedo() reads how a part is to play", () => {
  const { wish, understood, ignored } = readRedo("walking bass", PIECE);
  assert.deepEqual(wish.wishes?.partWishes?.map(({ positions }) => positions), [
    "beats",
  ]);
  assert.ok(understood.some(({ phrase }) => /walking/.test(phrase)));
  assert.deepEqual(ignored, []);
});

Deno.test("readRedo() tells of every word of a text", () => {
  for (
    const text of [
      "Please redo bars 5-8 of the keys, a bit calmer, but not too xyzzy. Thanks!",
      "the violin, with walking bass, from C4 to C6, everything again",
      "could you make the last 4 bars louder for me, in D minor",
    ]
  ) {
    const { understood, ignored, passedOver } = readRedo(text, PIECE);
    const told = [
      ...understood.map(({ phrase }) => phrase),
      ...ignored,
      ...passedOver,
    ].join(" ");
    const words = text.match(/[\p{L}\p{N}]+/gu)!;
    const missing = words.filter((word) => !told.includes(word));
    assert.deepEqual(missing, [], text);
  }
});

Deno.test("readRedo() tells what a stretch cannot do", () => {
  const { notes } = readRedo("last two bars fade out", PIECE);
  assert.match(notes.join(), /what changes in time is left out/);
});

Deno.test("readRedo() takes no key from a mood", () => {
  assert.equal(readRedo("keys, happy", PIECE).wish.wishes?.key, undefined);
});

const FAULTS: readonly (readonly [text: string, message: RegExp])[] = [
  ["bars 15-18", /the piece has bars 1 to 16, and "bars 15-18" is not within/],
  ["bars 8-5", /"bars 8-5" ends before it begins/],
  ["bars 1-2 and bars 5-6", /are two stretches/],
  [
    "bar 2, flute",
    /no part of the piece is flute; it has Keys, Bass, Violin I, and part 4/,
  ],
  ["part 7", /the piece has parts 1 to 4/],
  ["keys, from C5 to C3", /ends below where it begins/],
];

for (const [text, message] of FAULTS) {
  Deno.test(`readRedo() refuses "${text}" with a sentence`, () => {
    assert.throws(() => readRedo(text, PIECE), message);
  });
}

Deno.test("readRedo() tells one player of several from the others", () => {
  const parts = ["Violin", "Violin 2", "Viola"].map((name, i) => ({
    name,
    program: i < 2 ? 40 : 41,
    isDrum: false,
  }));
  const notes = [72, 65, 60].map((pitch, part) => ({
    pitch,
    velocity: 80,
    startTicks: 0,
    endTicks: 480,
    part,
  }));
  const piece = { ...emptySequence(480), parts, notes, totalTicks: 1920 };
  for (
    const [text, expected] of [
      ["the second violin", [1]],
      ["first violin, louder", [0]],
      ["violin II", [1]],
      ["lower violin", [1]],
      ["the violins", [0, 1]],
      ["viola", [2]],
    ] as const
  ) {
    const { wish, ignored } = readRedo(text, piece);
    assert.deepEqual([wish.parts, ignored], [expected, []], text);
  }
});
