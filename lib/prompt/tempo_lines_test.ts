import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const tempiOf = (prompt: string) => {
  const { sections = [], qpm } = parsePrompt(prompt).request;
  return sections.flatMap(({ curve, spec }) =>
    curve?.qpm ?? spec.qpm ?? qpm ?? []
  );
};

Deno.test("parsePrompt() moves a tempo from one number to another", () => {
  const rows: [string, number, number][] = [
    ["train, starts at 60 and speeds up to 140, brass", 60, 140],
    ["begins around 120 bpm and gradually slows to 70 by the end", 120, 70],
    ["piano, from 90 bpm up to 130 bpm, 45 seconds", 90, 130],
    ["tempo 80 -> 150, clarinet", 80, 150],
    ["opens at 90 and keeps getting faster until it reaches 170", 90, 170],
    ["beginnt bei 80 bpm und wird schneller bis 140, Klavier", 80, 140],
    ["ça commence à 70 et accélère jusqu'à 130, accordéon", 70, 130],
    ["empieza a 90 bpm y acelera hasta 150, guitarra", 90, 150],
    ["guitar lullaby, from 80 down to 60", 80, 60],
    ["slowing from 128 to 90 bpm, synth pads", 128, 90],
    ["chase: begins at 100 bpm, accelerating until it's at 160", 100, 160],
  ];
  for (const [prompt, from, to] of rows) {
    assert.deepEqual(tempiOf(prompt), [from, to], prompt);
  }
});

Deno.test("parsePrompt() slows down in the last bars alone", () => {
  const { sections = [], qpm } = parsePrompt(
    "guitar, 92 bpm, 16 bars, slows down in the last bars",
  ).request;
  assert.equal(qpm, 92);
  assert.deepEqual(sections[1]?.from, { bar: 14 });
  assert.equal(sections[0]?.curve, undefined);
  assert.deepEqual(sections[1]?.curve?.qpm, [92, 66]);
});

Deno.test("parsePrompt() takes no other numbers for a tempo that moves", () => {
  for (
    const prompt of [
      "from bar 20 to 40 piano",
      "between 90 and 100 bpm",
      "piano from 30 down to 40 seconds",
      "strings, starts at 0:10 and goes to 0:50",
    ]
  ) {
    const { sections = [] } = parsePrompt(prompt).request;
    assert(sections.every(({ curve }) => !curve?.qpm), prompt);
  }
});
