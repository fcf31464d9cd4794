import assert from "node:assert/strict";
import { frameOf, TonicFrame } from "./tonic_frame.ts";
import { Vocabulary } from "../vocabulary/vocabulary.ts";

const KEYS = ["Key_any", "Key_C", "Key_D", "Key_F#", "Key_B"];
const vocabulary = Vocabulary.fromTokens([
  ...KEYS,
  "Bar",
  "Drum_38",
  ...Array.from({ length: 24 }, (_, i) => `Pitch_${48 + i}`),
]);
const frame = new TonicFrame(vocabulary);
const inC = (...tokens: string[]) => {
  const ids = vocabulary.encode(tokens);
  return vocabulary.decode(
    Array.from(ids, (id) => frame.tableOf(ids[0]!)[id]!),
  ).join(" ");
};

Deno.test("TonicFrame moves only pitches, by the smallest transposition to C", () => {
  assert.equal(
    inC("Key_D", "Bar", "Pitch_62", "Drum_38"),
    "Key_C Bar Pitch_60 Drum_38",
  );
  assert.equal(inC("Key_B", "Pitch_59"), "Key_C Pitch_60");
  assert.equal(inC("Key_F#", "Pitch_66"), "Key_C Pitch_60");
});

Deno.test("TonicFrame does not move a piece of no key", () => {
  assert.equal(inC("Key_any", "Pitch_62"), "Key_C Pitch_62");
});

Deno.test("TonicFrame moves a pitch that the vocabulary lacks by an octave", () => {
  assert.equal(inC("Key_D", "Pitch_48"), "Key_C Pitch_58");
  assert.equal(inC("Key_B", "Pitch_71"), "Key_C Pitch_60");
});

Deno.test("TonicFrame.distinctIn() leaves out pitches for which another octave stands", () => {
  const lost = (key: string) => {
    const distinct = frame.distinctIn(vocabulary.id(key));
    return vocabulary.decode(
      Array.from(distinct.keys()).filter((id) => distinct[id] === 0),
    );
  };
  assert.deepEqual(lost("Key_C"), []);
  assert.deepEqual(lost("Key_any"), []);
  // In C they are 58 and 59, and so are 60 and 61.
  assert.deepEqual(lost("Key_D"), ["Pitch_48", "Pitch_49"]);
  assert.deepEqual(lost("Key_B"), ["Pitch_71"]);
  // Six semitones down, or, an octave up from there, six up.
  const six = [48, 49, 50, 51, 52, 53].map((pitch) => `Pitch_${pitch}`);
  assert.deepEqual(lost("Key_F#"), six);
});

Deno.test("frameOf() gives a frame where the config asks for one, to REMI tokens only", () => {
  const tonic = { pitchFrame: "tonic" } as const;
  const absolute = { pitchFrame: "absolute" } as const;
  const of = (config: typeof tonic | typeof absolute, tokenizer: string) =>
    frameOf({ config, tokenizer, vocabulary }) !== undefined;
  assert.ok(of(tonic, "remi"));
  assert.ok(!of(tonic, "chord"));
  assert.ok(!of(absolute, "remi"));
});
