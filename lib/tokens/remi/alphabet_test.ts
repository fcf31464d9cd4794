import assert from "node:assert/strict";
import { Vocabulary } from "../vocabulary/vocabulary.ts";
import { RemiAlphabet, TYPE_INDEX } from "./alphabet.ts";

const vocabulary = Vocabulary.fromTokens(
  "Bar Pitch_60 Pitch_66 Pitch_72 TimeSignature_3/4 TimeSignature_4/4 Tempo_100 Tempo_70 Velocity_68 Key_D Key_any"
    .split(" "),
);
const alphabet = RemiAlphabet.of(vocabulary);
const tokenOf = (id?: number) => id === undefined ? id : vocabulary.token(id);

Deno.test("RemiAlphabet tells type, value and number by id, and ids by type", () => {
  for (let id = 0; id < vocabulary.size; id++) {
    const { type, value } = alphabet.token(id);
    assert.equal(value ? `${type}_${value}` : type, vocabulary.token(id));
    assert.equal(alphabet.types[id], type);
    assert.equal(alphabet.typeIndexes[id], TYPE_INDEX[type]);
    assert.equal(alphabet.numbers[id], Number(value) || 0);
    assert.ok(alphabet.ids[type].includes(id));
  }
  assert.equal(Object.values(alphabet.ids).flat().length, vocabulary.size);
  assert.deepEqual(alphabet.ids.Kit, []);
  assert.throws(() => alphabet.token(vocabulary.size), RangeError);
});

Deno.test("RemiAlphabet.of() gives one alphabet for a vocabulary, and refuses other tokens", () => {
  assert.equal(RemiAlphabet.of(vocabulary), alphabet);
  assert.throws(
    () => RemiAlphabet.of(Vocabulary.fromTokens(["E-5"])),
    /"E-5": it is no REMI/,
  );
});

Deno.test("RemiAlphabet.numbersAt() counts the steps of a bar, and checks the resolution", () => {
  const numberOf = (token: string, stepsPerQuarter: number) =>
    alphabet.numbersAt({ stepsPerQuarter })[vocabulary.id(token)];
  assert.equal(numberOf("TimeSignature_3/4", 12), 36);
  assert.equal(numberOf("TimeSignature_3/4", 24), 72);
  assert.equal(numberOf("Tempo_70", 24), 70);
  assert.equal(numberOf("Key_D", 24), 0);
  assert.throws(() => alphabet.numbersAt({ velocityBins: 32 }), RangeError);
});

Deno.test("RemiAlphabet.valuesOf() keeps the order of ids, numbersOf() rises", () => {
  assert.deepEqual(alphabet.valuesOf("Tempo"), ["100", "70"]);
  assert.deepEqual(alphabet.numbersOf("Tempo"), [70, 100]);
  assert.deepEqual(alphabet.valuesOf("TimeSignature"), ["3/4", "4/4"]);
  assert.deepEqual(alphabet.numbersOf("Kit"), []);
});

Deno.test("RemiAlphabet.id() and find() look a token up by type and value", () => {
  assert.equal(alphabet.id("Tempo", 70), vocabulary.id("Tempo_70"));
  assert.equal(alphabet.find("Key", "any"), vocabulary.id("Key_any"));
  assert.equal(alphabet.find("Tempo", 71), undefined);
  assert.throws(() => alphabet.id("Tempo", 71), /Tempo_71/);
});

Deno.test("RemiAlphabet.nearest() prefers octaves of a pitch, and the first of two as near", () => {
  assert.equal(tokenOf(alphabet.nearest("Tempo", 84)), "Tempo_70");
  assert.equal(tokenOf(alphabet.nearest("Tempo", 85)), "Tempo_100");
  assert.equal(tokenOf(alphabet.nearest("Pitch", 48)), "Pitch_60");
  assert.equal(tokenOf(alphabet.nearest("Pitch", 65)), "Pitch_66");
  assert.equal(tokenOf(alphabet.nearest("Key", "E")), "Key_D");
  assert.equal(alphabet.nearest("Kit", 0), undefined);
});

Deno.test("RemiAlphabet.mark() marks tokens by type", () => {
  const marked = alphabet.mark(["Pitch", "Bar"]);
  assert.deepEqual(
    vocabulary.toJSON().filter((_, id) => marked[id] === 1),
    ["Bar", "Pitch_60", "Pitch_66", "Pitch_72"],
  );
});
