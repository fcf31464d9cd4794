import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import { parsePrompt } from "../prompt/prompt.ts";
import { promptLike } from "./plain_prompts.ts";
import { piece, STROKES, TUNE } from "./testing.ts";

const withFlute = piece([TUNE, [[79, 0, 16]]], { drums: STROKES });
const sequence = {
  ...withFlute,
  parts: withFlute.parts.map((part, i) =>
    i === 1 ? { ...part, program: 73 } : part
  ),
  tempos: [{ ticks: 0, qpm: 66 }],
};

Deno.test("promptLike() says some of what a piece is, and all of it is understood", () => {
  const random = new Random(1);
  const requests = Array.from({ length: 60 }, () => {
    const prompt = promptLike(sequence, random);
    const { request, ignored } = parsePrompt(prompt);
    assert.deepEqual(ignored, [], prompt);
    return request;
  });
  const asked = new Set(requests.flatMap((request) => Object.keys(request)));
  for (const field of ["key", "qpm", "tempo", "density", "loudness"] as const) {
    assert(asked.has(field), field);
  }
  for (const { key, length, playing } of requests) {
    if (key) assert.equal(key.tonic, 0);
    if (length) assert.deepEqual(length, { bars: 3 });
    if (playing?.length) {
      assert.deepEqual(playing, ["piano", "flute", "drums"]);
    }
  }
  const naming = requests.filter(({ playing }) => playing?.length);
  assert(naming.length > 10 && naming.length < 50, `${naming.length}`);
});

Deno.test("promptLike() of drums alone says nothing of pitch", () => {
  const random = new Random(2), drums = piece([], { drums: STROKES });
  for (let i = 0; i < 30; i++) {
    const { request, ignored } = parsePrompt(promptLike(drums, random));
    assert.deepEqual(ignored, []);
    assert.equal(request.key ?? request.density, undefined);
  }
});
