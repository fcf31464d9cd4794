import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { editPiece } from "./edit.ts";
import { readEdit } from "./read_edit.ts";

const PIECE: NoteSequence = {
  ...emptySequence(480),
  parts: [
    { name: "Keys", program: 0, isDrum: false, channel: 0 },
    { name: "Bass", program: 33, isDrum: false },
    { name: "Strings", program: 48, isDrum: false, channel: 0 },
  ],
  notes: [60, 64, 67, 72].map((pitch, i) => ({
    pitch,
    velocity: 80,
    startTicks: 480 * i,
    endTicks: 480 * i + 480,
    part: i % 3,
  })),
  tempos: [{ ticks: 0, qpm: 80 }, { ticks: 960, qpm: 100 }],
  controls: [{ ticks: 0, part: 1, controller: 7, value: 80 }],
  totalTicks: 8 * 1920,
};

Deno.test("editPiece() transposes", () => {
  const { notes, tempos } = editPiece(PIECE, { transpose: -2 });
  assert.deepEqual(notes.map(({ pitch }) => pitch), [58, 62, 65, 70]);
  assert.equal(tempos, PIECE.tempos);
});

Deno.test("editPiece() changes the tempo, and later ones in proportion", () => {
  assert.deepEqual(editPiece(PIECE, { qpm: 120 }).tempos, [
    { ticks: 0, qpm: 120 },
    { ticks: 960, qpm: 150 },
  ]);
  const late = { ...PIECE, tempos: [{ ticks: 960, qpm: 240 }] };
  assert.deepEqual(editPiece(late, { qpm: 60 }).tempos, [
    { ticks: 0, qpm: 60 },
    { ticks: 960, qpm: 120 },
  ]);
  assert.throws(() => editPiece(PIECE, { qpm: 0 }), /from 10 to 400 bpm/);
});

Deno.test("editPiece() changes the volume of a part, or of one without it", () => {
  const { controls, notes } = editPiece(PIECE, { part: 1, decibels: 4 });
  assert.deepEqual(controls, [{
    ticks: 0,
    part: 1,
    controller: 7,
    value: 101,
  }]);
  assert.equal(notes, PIECE.notes);
  const own = editPiece({ ...PIECE, controls: [] }, { part: 1, decibels: -4 });
  assert.deepEqual(own.controls, [
    { ticks: 0, part: 1, controller: 7, value: 79 },
  ]);
});

Deno.test("editPiece() changes velocities of a part that shares its channel, or is at full volume", () => {
  const keys = editPiece(PIECE, { part: 0, decibels: -4 });
  assert.deepEqual(keys.notes.map(({ velocity }) => velocity), [
    64,
    80,
    80,
    64,
  ]);
  assert.equal(keys.controls, PIECE.controls);
  const bass = editPiece(PIECE, { part: 1, decibels: 12 });
  assert.deepEqual(bass.notes.map(({ velocity }) => velocity), [
    80,
    127,
    80,
    80,
  ]);
  assert.throws(
    () => editPiece(PIECE, { part: 3, decibels: 1 }),
    /the piece has parts 0 to 2/,
  );
});

Deno.test("readEdit() reads several changes, and what it took them for", () => {
  const cases:
    readonly (readonly [string, ReturnType<typeof readEdit>["edits"]])[] = [
      ["up 2 semitones", [{ transpose: 2 }]],
      ["transpose down an octave, 90 bpm", [{ transpose: -12 }, { qpm: 90 }]],
      ["a fifth higher", [{ transpose: 7 }]],
      ["to D major", [{ transpose: 2 }]],
      ["10 % faster and bass 3 dB softer", [{ qpm: 88 }, {
        part: 1,
        decibels: -3,
      }]],
      ["Keys louder", [{ part: 0, decibels: 4 }]],
    ];
  for (const [text, edits] of cases) {
    assert.deepEqual(readEdit(text, PIECE, 8).edits, edits, text);
  }
  assert.deepEqual(readEdit("8 bars longer", PIECE, 8), {
    edits: [],
    bars: 16,
    understood: ['"8 bars longer": 16 bars'],
  });
});

Deno.test("readEdit() refuses what is no change with a sentence", () => {
  assert.throws(() => readEdit("xyzzy", PIECE, 8), /"xyzzy" is no change/);
  assert.throws(() => readEdit("4 bars", PIECE, 8), /does not make it longer/);
  assert.throws(
    () => readEdit("flute louder", PIECE, 8),
    /no part of the piece is flute/,
  );
});
