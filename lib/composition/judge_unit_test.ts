import assert from "node:assert/strict";
import {
  emptySequence,
  type NoteSequence,
  type PieceSpec,
} from "../music/music.ts";
import { missedBy } from "./judge_unit.ts";
import type { Unit } from "./units.ts";

/** Four bars of 4/4 with a note every so many steps from a bar on. */
const piece = (every: number, fromBar = 0): NoteSequence => ({
  ...emptySequence(12),
  parts: [{ name: "", program: 0, isDrum: false }],
  notes: Array.from(
    { length: Math.ceil((4 - fromBar) * 48 / every) },
    (_, i) => ({
      pitch: 60,
      velocity: 70,
      startTicks: fromBar * 48 + every * i,
      endTicks: fromBar * 48 + every * (i + 1),
      part: 0,
    }),
  ),
  timeSignatures: [{ ticks: 0, numerator: 4, denominator: 4 }],
  totalTicks: 4 * 48,
});
const unit = (asked: PieceSpec, density?: number): Unit => ({
  bars: 4,
  spec: { qpm: 60, ...asked },
  wishes: [{ bars: 4, asked, own: { key: false, playing: false }, density }],
});
const judge = (
  sequence: NoteSequence,
  own: Unit,
  before?: readonly [NoteSequence, Unit],
) =>
  missedBy({
    sequence,
    unit: own,
    before: before && { sequence: before[0], unit: before[1] },
  });

Deno.test("missedBy() counts an instrument that is missing or late, of a later section sooner", () => {
  const asked = unit({ playing: ["piano"] });
  assert.equal(judge(piece(12), asked), 0);
  assert.equal(judge(piece(12, 1), asked), 0, "the first section has time");
  assert.equal(judge(piece(12, 1), asked, [piece(12), asked]), 1);
  assert.ok(judge(piece(12), unit({ playing: ["flute"] })) >= 4);
});

Deno.test("missedBy() counts how far a density is from its line", () => {
  assert.equal(judge(piece(12), unit({}, 1)), 0);
  assert.equal(judge(piece(12), unit({}, 2)), 0.5);
});

Deno.test("missedBy() asks that another class of density be heard", () => {
  const sparse = unit({ density: "sparse" }),
    medium = unit({ density: "medium" });
  const calm = [piece(12), sparse] as const;
  assert.equal(judge(piece(6), medium, calm), 0);
  // 13 notes for 12: more, but who would hear it?
  const nearly = judge(piece(11), medium, calm) - judge(piece(11), medium);
  assert.equal(nearly, 1);
});

Deno.test("missedBy() asks that a density on a line be heard to move as the line does", () => {
  const from = [piece(12), unit({}, 1)] as const;
  assert.equal(judge(piece(6), unit({}, 2), from), 0);
  // Twice the notes, but in chords: as many beginnings as before.
  const chords = piece(12);
  const notes = chords.notes.flatMap((note) => [note, { ...note, pitch: 64 }]);
  const missed = judge({ ...chords, notes }, unit({}, 2), from);
  assert.ok(missed > 0.3 && missed < 0.5);
});
