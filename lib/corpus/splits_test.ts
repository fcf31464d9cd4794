import assert from "node:assert/strict";
import { type Note, type NoteSequence, sortNotes } from "../music/music.ts";
import { fileFamily, splitPieces, twinSignature } from "./splits.ts";

/** A note; part 1 is drums. */
type Row = readonly [pitch: number, start: number, end: number, part: 0 | 1];

function sequence(
  notes: readonly Row[],
  ticksPerQuarter = 480,
): NoteSequence {
  return {
    ticksPerQuarter,
    parts: [
      { name: "", program: 0, isDrum: false },
      { name: "", program: 0, isDrum: true },
    ],
    notes: sortNotes(
      notes.map(([pitch, startTicks, endTicks, part]): Note => ({
        pitch,
        startTicks,
        endTicks,
        part,
        velocity: pitch,
      })),
    ),
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    controls: [],
    totalTicks: 9600,
  };
}

Deno.test("fileFamily() drops the extension and the number at the end", () => {
  const table: [string, string][] = [
    ["blob1.mid", "blob"],
    ["blob12.MID", "blob"],
    ["blob 3.midi", "blob"],
    ["blob_03.mid", "blob"],
    ["blob (2).mid", "blob"],
    ["ii-V1.mid", "ii-V"],
    ["sets.v2/a.mid", "sets.v2/a"],
    ["a/x1.mid", "a/x"],
    ["b/x1.mid", "b/x"],
    ["a/12.mid", "a/12"],
    ["12.mid", "12"],
    ["solo.mid", "solo"],
  ];
  for (const [file, family] of table) {
    assert.equal(fileFamily(file), family, file);
  }
});

const MELODY: Row[] = [
  [60, 0, 480, 0],
  [64, 480, 960, 0],
  [67, 480, 720, 0],
  [36, 0, 9, 1],
];

Deno.test("twinSignature() is that of every transposition, delay and resolution", () => {
  const signature = twinSignature(sequence(MELODY));
  assert.match(signature, /^[0-9a-f]{16}$/);
  const twins: Row[][] = [
    MELODY.map(([p, s, e, part]) => [part ? p : p + 5, s, e, part]),
    MELODY.map(([p, s, e, part]) => [p, s + 1920, e + 1920, part]),
  ];
  for (const twin of twins) {
    assert.equal(twinSignature(sequence(twin)), signature);
  }
  // Other parts: the notes of a chord come in another order.
  const { parts, notes, ...rest } = sequence(MELODY);
  const moved = notes.map((note) => ({
    ...note,
    part: note.pitch === 64 ? 2 : note.part,
  }));
  const split = [...parts, { name: "", program: 40, isDrum: false }];
  assert.equal(
    twinSignature({ ...rest, parts: split, notes: sortNotes(moved) }),
    signature,
  );
  const halved = MELODY.map(([p, s, e, part]): Row => [p, s / 2, e / 2, part]);
  assert.equal(twinSignature(sequence(halved, 240)), signature);
});

Deno.test("twinSignature() tells other rhythms, intervals and drums apart", () => {
  const others: Row[][] = [
    MELODY,
    [[60, 0, 480, 0], [63, 480, 960, 0], [67, 480, 720, 0], [36, 0, 9, 1]],
    [[60, 0, 480, 0], [64, 480, 960, 0], [67, 480, 960, 0], [36, 0, 9, 1]],
    [[60, 0, 480, 0], [64, 600, 960, 0], [67, 480, 720, 0], [36, 0, 9, 1]],
    [[60, 0, 480, 0], [64, 480, 960, 0], [67, 480, 720, 0], [38, 0, 9, 1]],
    [[60, 0, 480, 0], [64, 480, 960, 0], [67, 480, 720, 0], [36, 0, 9, 0]],
    MELODY.slice(1),
  ];
  const signatures = others.map((notes) => twinSignature(sequence(notes)));
  assert.equal(new Set(signatures).size, others.length);
});

function counts(splits: readonly string[]): number[] {
  return ["train", "valid", "test"].map((split) =>
    splits.filter((other) => other === split).length
  );
}

Deno.test("splitPieces() divides lone pieces 80/10/10, and tiny corpora so that training has some", () => {
  const table: [number, number[]][] = [
    [120, [96, 12, 12]],
    [96, [76, 10, 10]],
    [5, [3, 1, 1]],
    [3, [1, 1, 1]],
    [2, [1, 1, 0]],
    [1, [1, 0, 0]],
    [0, [0, 0, 0]],
  ];
  for (const [pieces, expected] of table) {
    const keys = Array.from({ length: pieces }, (_, i) => [`${i}`]);
    assert.deepEqual(counts(splitPieces(keys)), expected, `${pieces} pieces`);
  }
});

Deno.test("splitPieces() depends on the seed and on nothing else", () => {
  const keys = Array.from({ length: 12 }, (_, i) => [`${i}`]);
  const initials = (seed: number) =>
    splitPieces(keys, { seed, validShare: 0.25, testShare: 0.2 })
      .map((split) => ({ train: ".", valid: "v", test: "t" })[split]).join("");
  assert.equal(initials(1), "t.v...t...vv");
  assert.equal(initials(2), "v.t..tv.v...");
  assert.equal(initials(1), initials(1));
});

Deno.test("splitPieces() keeps whole families together, for every seed", () => {
  const sizes = { blob: 24, c: 30, "ii-V": 23, reece: 22, tree: 20, out: 1 };
  const keys = Object.entries(sizes).flatMap(([family, size]) =>
    Array<string[]>(size).fill([family])
  );
  for (let seed = 0; seed < 50; seed++) {
    const splits = splitPieces(keys, { seed });
    for (const family in sizes) {
      const of = splits.filter((_, piece) => keys[piece]![0] === family);
      assert.equal(new Set(of).size, 1, family);
    }
    const [train = 0, valid = 0, test = 0] = counts(splits);
    assert.ok(train >= 66, `seed ${seed}: ${train} train`);
    assert.ok(valid >= 20 && test >= 20, `seed ${seed}: ${valid}, ${test}`);
  }
});

Deno.test("splitPieces() joins pieces through chains of keys", () => {
  // 0–1 share b, 1–2 share c, 2–3 share d, in whichever order the links are found.
  const keys = [["a", "b"], ["b", "c"], ["c", "d"], ["d"], ["x"], ["y"]];
  for (let seed = 0; seed < 20; seed++) {
    const splits = splitPieces([...keys].reverse(), { seed }).reverse();
    assert.equal(new Set(splits.slice(0, 4)).size, 1);
    assert.deepEqual(counts(splits), [4, 1, 1]);
  }
});

Deno.test("splitPieces() leaves out a split whose share is 0", () => {
  const keys = Array.from({ length: 20 }, (_, i) => [`${i}`]);
  assert.deepEqual(counts(splitPieces(keys, { testShare: 0 })), [18, 2, 0]);
});

Deno.test("splitPieces() refuses shares that leave nothing to train on", () => {
  for (
    const [validShare, testShare] of [[0.5, 0.5], [-0.1, 0], [0, NaN]] as const
  ) {
    assert.throws(() => splitPieces([["a"]], { validShare, testShare }), {
      name: "RangeError",
      message: new RegExp(`current values are ${validShare} and ${testShare}`),
    });
  }
});

Deno.test("splitPieces() divides a hundred thousand pieces of one family and a chain", () => {
  const count = 100_000;
  const family = splitPieces(Array(count).fill(["x"]));
  assert.deepEqual(counts(family), [count, 0, 0]);
  // Each piece joins a large group to a lone piece.
  const chain = Array.from(
    { length: count },
    (_, i) => i % 2 === 1 ? [`${i}`] : ["x", `${i - 1}`],
  );
  assert.deepEqual(counts(splitPieces(chain)), [count - 1, 1, 0]);
});
