import assert from "node:assert/strict";
import { attributeTokens } from "../music/music.ts";
import { RemiAlphabet, RemiGrammar } from "../tokens/remi/remi.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { rulesOf } from "./rules.ts";

const HEAD = attributeTokens({});
const vocabulary = Vocabulary.fromTokens([
  ...HEAD,
  ..."Bar TimeSignature_4/4 Tempo_72 Program_0 Velocity_68 End Pitch_60 Duration_6"
    .split(" "),
  ...[0, 3, 6, 12, 18, 24, 30].map((step) => `Position_${step}`),
]);
const BAR = "Bar TimeSignature_4/4 Tempo_72";
const NOTE = "Program_0 Pitch_60 Velocity_68 Duration_6";
/** Another of the same program. */
const NEXT = "Pitch_60 Velocity_68 Duration_6";

/** What is favoured after some tokens. */
function favoured(music: string, swing: number) {
  const head = [...vocabulary.encode(HEAD)];
  const rules = rulesOf({ swing }, head, RemiAlphabet.of(vocabulary), 12);
  const grammar = new RemiGrammar(vocabulary);
  const bias = new Float32Array(vocabulary.size);
  for (const id of [...head, ...vocabulary.encode(music.split(" "))]) {
    grammar.push(id);
    for (const rule of rules) rule.push(id, grammar.step);
  }
  for (const rule of rules) rule.bias(bias, grammar, 0);
  return (position: number) => bias[vocabulary.id(`Position_${position}`)]!;
}

Deno.test("OffBeats favours the next off-beat where there are too few", () => {
  const of = favoured(`${BAR} Position_0 ${NOTE}`, 0.64);
  assert(of(6) > 0 && of(18) === 0 && of(12) === 0);
  assert(of(3) < 0);
  const enough = favoured(`${BAR} Position_0 ${NOTE} Position_6 ${NEXT}`, 0.64);
  assert.equal(enough(18), 0);
  assert(
    favoured(`${BAR} Position_6 ${NOTE} Position_24 ${NEXT}`, 0.64)(30) > 0,
  );
});

Deno.test("OffBeats leaves music without swing alone", () => {
  assert.equal(favoured(`${BAR} Position_0 ${NOTE}`, 0.5)(6), 0);
});
