import assert from "node:assert/strict";
import { writeMidi } from "../midi/midi.ts";
import type { NoteSequence, Part } from "../music/music.ts";
import { chordTokens } from "./chord_seed.ts";
import { music } from "./testing.ts";

const beginning = music.notes.slice(0, 3);
const read = (sequence: NoteSequence) => chordTokens(writeMidi(sequence));

Deno.test("chordTokens() reads pitched parts where music21 finds nothing", () => {
  const expected = ["C4", "E-4", "G4"];
  const piano: Part = { name: "Piano", program: 40, isDrum: false };
  const drums: Part = { name: "", program: 0, isDrum: true };
  const notes = beginning.map((note) => ({ ...note, part: 1 }));
  const stroke = { ...beginning[0]!, pitch: 36, part: 0 };
  // The name says piano, the program violin.
  assert.deepEqual(
    read({ ...music, parts: [piano], notes: beginning }),
    expected,
  );
  const parts = [drums, { ...piano, name: "" }];
  assert.deepEqual(
    read({ ...music, parts, notes: [stroke, ...notes] }),
    expected,
  );
  assert.deepEqual(read({ ...music, parts: [drums], notes: [stroke] }), []);
});
