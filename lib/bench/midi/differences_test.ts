import assert from "node:assert/strict";
import { explain, type NoteRow } from "./differences.ts";

const NOTE: NoteRow = [0, 480, 60, 80, 0, 0];
const reasonsOf = (...given: Parameters<typeof explain>) =>
  Object.fromEntries(explain(...given));

Deno.test("explain() finds nothing where the notes are the same in any order", () => {
  const other: NoteRow = [0, 480, 64, 80, 0, 0];
  assert.deepEqual(reasonsOf([NOTE, other], [other, NOTE], {}), {});
});

Deno.test("explain() names each reason only where the file bears it out", () => {
  const drum: NoteRow = [0, 480, 60, 80, 0, 1];
  const late: NoteRow = [0, 960, 60, 80, 0, 0];
  const next: NoteRow = [480, 960, 60, 80, 0, 0];
  const piano: NoteRow = [0, 480, 60, 80, 5, 0];
  assert.deepEqual(reasonsOf([drum], [NOTE], { setup: true }), {
    "drums or pitches as GS, XG, GM2 or MPE set them": 1,
  });
  assert.deepEqual(reasonsOf([drum], [NOTE], {}), { unexplained: 1 });
  assert.deepEqual(reasonsOf([piano], [NOTE], { programs: true, tracks: 2 }), {
    "the program of another track": 1,
  });
  assert.deepEqual(reasonsOf([piano], [NOTE], {}), { unexplained: 1 });
  assert.deepEqual(reasonsOf([NOTE, next], [late, next], {}), {
    "notes of one pitch overlap": 1,
  });
  assert.deepEqual(reasonsOf([NOTE], [late], {}), { unexplained: 1 });
  assert.deepEqual(reasonsOf([late], [], { unreleased: [60] }), {
    "a note is never released": 1,
  });
  assert.deepEqual(reasonsOf([late], [], {}), { unexplained: 1 });
  assert.deepEqual(reasonsOf([[0, 0, 60, 80, 0, 0]], [], {}), {
    "a note of no length": 1,
  });
  assert.deepEqual(reasonsOf([next], [NOTE], { format: 2, tracks: 2 }), {
    "patterns of a type 2 file follow one another": 1,
  });
});
