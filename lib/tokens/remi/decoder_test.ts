import assert from "node:assert/strict";
import { attributeTokens } from "../../music/music.ts";
import { music, untrainedRemi } from "../../generation/testing.ts";
import { RemiDecoder } from "./decoder.ts";
import { RemiTokenizer } from "./tokenizer.ts";
import { Vocabulary } from "../vocabulary/vocabulary.ts";

const tokenizer = new RemiTokenizer();
/** Half the tempo, and another instrument. */
const other = {
  ...music,
  parts: [{ name: "Bass", program: 33, isDrum: false }],
  tempos: [{ ticks: 0, qpm: 36 }],
};

Deno.test("RemiDecoder decodes pieces of one vocabulary one after the other", () => {
  const { vocabulary } = untrainedRemi(music, other);
  const decoder = new RemiDecoder(vocabulary);
  for (const piece of [music, other, music]) {
    const ids = vocabulary.encode(tokenizer.encode(piece));
    assert.deepEqual(decoder.decode(ids), tokenizer.quantize(piece));
  }
});

Deno.test("RemiDecoder decodes the next piece after one that it refused", () => {
  const { vocabulary } = untrainedRemi(music);
  const decoder = new RemiDecoder(vocabulary);
  const ids = vocabulary.encode(tokenizer.encode(music));
  assert.throws(() => decoder.decode(ids.slice(0, -3)), {
    name: "RangeError",
    message: /they stop after Pitch_70, current length is 290/,
  });
  assert.throws(() => decoder.decode(ids.slice(1)), /Cannot take token 0/);
  for (const id of [-1, 0.5, vocabulary.size]) {
    assert.throws(() => decoder.decode([...ids.slice(0, 20), id]), {
      name: "RangeError",
      message: new RegExp(`below ${vocabulary.size}, current value is ${id}`),
    });
  }
  assert.deepEqual(decoder.decode(ids), tokenizer.quantize(music));
});

Deno.test("RemiDecoder refuses a vocabulary with other tokens in it", () => {
  const vocabulary = Vocabulary.fromTokens([...attributeTokens({}), "E-5"]);
  assert.throws(() => new RemiDecoder(vocabulary), /"E-5": it is no REMI/);
});
