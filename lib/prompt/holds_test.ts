import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

Deno.test("parsePrompt() has a note held throughout, by whom the prompt says", () => {
  const PAD = 89, BAGPIPE = 109, CELLO = 42, SITAR = 104, ACCORDION = 21;
  const rows: [string, number, number | undefined, boolean][] = [
    ["calm harp in D minor over a low D pedal note", PAD, 2, false],
    ["flute, one low C humming underneath the whole way", PAD, 0, false],
    ["fiddle and accordion, with a steady G underneath", ACCORDION, 7, true],
    ["techno, one long F# note that never stops", PAD, 6, true],
    ["cello holds a low C throughout while a piano plays", CELLO, 0, false],
    ["bagpipes with that constant note under", BAGPIPE, undefined, true],
    ["Dudelsack mit liegendem Bordun, A-Dur", BAGPIPE, undefined, true],
    ["gaita con su bordón, sol mayor", BAGPIPE, undefined, true],
    ["guitar over a tanpura drone on C#", SITAR, 1, true],
    ["just a drone on A, nothing else", PAD, 9, true],
  ];
  for (const [prompt, program, tonic, isBeside] of rows) {
    const { held, playing } = parsePrompt(prompt).request;
    assert.deepEqual(held, {
      program,
      ...tonic !== undefined && { pitchClasses: [tonic] },
      ...isBeside && { isBeside },
    }, prompt);
    if (program === PAD && !isBeside) assert(playing.includes("pad"), prompt);
  }
});

Deno.test("parsePrompt() stays on a chord that is held, and in the key of a note", () => {
  const { request } = parsePrompt(
    "drums, an organ just holding D minor the whole time",
  );
  assert.deepEqual(request.held, { program: 16, pitchClasses: [2, 5, 9] });
  assert.deepEqual(request.chords?.chords.map(({ symbol }) => symbol), ["Dm"]);
  assert.deepEqual(parsePrompt("flute, a drone on A").request.key, {
    tonic: 9,
  });
  const still = parsePrompt("sitar in D, no chord changes").request;
  assert.equal(still.chords?.chords.length, 1);
});

Deno.test("parsePrompt() takes no other drone or note for one that is held", () => {
  for (
    const prompt of [
      "drone footage of the alps, soft piano",
      "dark ambient drone",
      "piano, only the note A",
      "long notes on the cello",
      "a low hum of engines, strings",
    ]
  ) assert.equal(parsePrompt(prompt).request.held, undefined, prompt);
});
