import assert from "node:assert/strict";
import { attributesOf } from "./attributes.ts";
import { headsOf } from "./heads.ts";
import type { NoteSequence } from "./note_sequence.ts";
import { RemiTokenizer } from "./remi_tokenizer.ts";
import { closedVocabulary } from "./remi_tokens.ts";
import { Vocabulary } from "./vocabulary.ts";

const WALTZ: NoteSequence = {
  ticksPerQuarter: 12,
  parts: [
    { name: "", program: 4, isDrum: false },
    { name: "", program: 33, isDrum: false },
    { name: "", program: 0, isDrum: true },
  ],
  notes: [
    { pitch: 72, velocity: 60, startTicks: 0, endTicks: 12, part: 0 },
    { pitch: 40, velocity: 60, startTicks: 36, endTicks: 72, part: 1 },
    { pitch: 38, velocity: 60, startTicks: 72, endTicks: 75, part: 2 },
  ],
  tempos: [{ ticks: 0, qpm: 66 }, { ticks: 36, qpm: 80 }],
  timeSignatures: [{ ticks: 0, numerator: 3, denominator: 4 }],
  keySignatures: [],
  controls: [],
  totalTicks: 108,
};

Deno.test("headsOf() finds what a piece is like, its first tempo, its length and who plays from where to where", () => {
  const tokens = new RemiTokenizer().encode(WALTZ);
  const vocabulary = Vocabulary.fromTokens(closedVocabulary(tokens));
  const [head] = headsOf([vocabulary.encode(tokens)], vocabulary);
  assert.deepEqual(head.constraints, {
    bars: 3,
    qpm: 66,
    meter: "3/4",
    programs: [4, 33],
    kits: [0],
    ranges: { 4: [72, 72], 33: [40, 40] },
  });
  assert.deepEqual(head.attributes, attributesOf(WALTZ));
});
