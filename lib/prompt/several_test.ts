import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const playersOf = (prompt: string) =>
  parsePrompt(prompt).request.players?.map(({ programs }) => programs) ?? [];

Deno.test("parsePrompt() has so many play an instrument as a number before it says", () => {
  for (
    const [prompt, players] of [
      ["two violins and a cello", [[40, 40]]],
      ["zwei Geigen, Walzer", [[40, 40]]],
      ["deux flûtes et une harpe", [[73, 73]]],
      ["dos trompetas y un piano", [[56, 56]]],
      ["a pair of french horns and strings", [[60, 60]]],
      ["two clean electric guitars, bass", [[27, 27]]],
      ["3 recorders in harmony", [[74, 74, 74]]],
    ] as const
  ) assert.deepEqual(playersOf(prompt), players, prompt);
  const { understood, ignored } = parsePrompt("two violins");
  assert.deepEqual(ignored, []);
  assert.deepEqual(understood.map(({ meaning }) => meaning), [
    "so many play violin",
    "with violin, 2 of them",
  ]);
});

Deno.test("parsePrompt() knows groups of one kind by their names", () => {
  for (
    const [prompt, players] of [
      ["minuet for string quartet", [[40, 40, 41, 42]]],
      ["Streichquartett in G-Dur", [[40, 40, 41, 42]]],
      ["SATB choir, slow", [[52, 52, 52, 52]]],
      ["brass quintet", [[56, 56, 60, 57, 58]]],
      ["saxophone quartet", [[65, 65, 65, 65]]],
      ["piano four hands", [[0, 0]]],
      ["Klavier vierhändig", [[0, 0]]],
      ["four-part choir", [[52, 52, 52, 52]]],
      ["two-part invention for harpsichord", [[6, 6]]],
    ] as const
  ) assert.deepEqual(playersOf(prompt), players, prompt);
});

Deno.test("parsePrompt() counts nobody by numbers of something else", () => {
  for (
    const prompt of [
      "bar 2 violins",
      "3/4, flutes",
      "12 string guitar",
      "piano trio",
      "clarinet and bassoon duet",
      "flute duet with harp",
      "string trio: violin, viola, cello",
      "two minutes, violins",
      "double bass",
      "jazz trio",
    ]
  ) assert.deepEqual(playersOf(prompt), [], prompt);
});
