import assert from "node:assert/strict";
import { Generator } from "./generator.ts";
import type { SectionDraft } from "./options.ts";
import { music, untrainedRemi } from "./testing.ts";

/** Keys and bass in two tempi and two meters. */
const band = {
  ...music,
  parts: [0, 33].map((program) => ({ name: "", program, isDrum: false })),
  notes: music.notes.map((note, i) => ({
    ...note,
    part: i % 2,
    pitch: 40 + i % 30,
  })),
};
const model = () =>
  untrainedRemi(
    band,
    { ...band, tempos: [{ ticks: 0, qpm: 100 }] },
    {
      ...band,
      timeSignatures: [{ ticks: 0, numerator: 3, denominator: 4 }],
    },
  );

const draft = (
  qpm: number,
  meter: string,
  programs: number[],
): SectionDraft => ({
  spec: {
    attributes: { Key: qpm > 80 ? "D" : "C" },
    constraints: { qpm, meter, programs, kits: [] },
  },
  hears: true,
});

Deno.test("Generator.generateSections() gives each section its own tempo, meter and instruments", async () => {
  using generator = await Generator.open(model());
  const asked = [
    { bars: 3, drafts: [draft(72, "4/4", [0])] },
    { bars: 4, drafts: [draft(100, "4/4", [0, 33])] },
    { bars: 5, drafts: [draft(100, "3/4", [33])] },
  ];
  const make = (randomSeed: number) =>
    generator.generateSections({ sections: asked, randomSeed });
  const { sections } = await make(2);
  assert.deepEqual(
    sections.map((
      { sequence: { tempos, timeSignatures, totalTicks, parts } },
    ) => [
      tempos.map(({ qpm }) => qpm),
      timeSignatures.map(({ numerator }) => numerator),
      totalTicks,
      parts.every(({ program }) => [0, 33].includes(program)),
    ]),
    [
      [[72], [4], 3 * 48, true],
      [[100], [4], 4 * 48, true],
      [[100], [3], 5 * 36, true],
    ],
  );
  assert.deepEqual(
    [0, 2].map((i) => sections[i]!.sequence.parts.map((part) => part.program)),
    [[0], [33]],
  );
  assert.deepEqual((await make(2)).sections, sections);
  assert.notDeepEqual((await make(3)).sections, sections);
});

Deno.test("Generator.generateSections() keeps the draft that misses fewest wishes", async () => {
  using generator = await Generator.open(model());
  const drafts = Array.from({ length: 3 }, () => draft(72, "4/4", [0]));
  const heard: number[] = [], misses = [2, 1, 3, 4, 0];
  const { sections } = await generator.generateSections({
    sections: [{ bars: 2, drafts }, { bars: 2, drafts }],
    missed: ({ notes }) => {
      heard.push(notes.length);
      return misses[heard.length - 1]!;
    },
  });
  assert.equal(heard.length, 5, "the second section stops at its second draft");
  assert.deepEqual(
    sections.map(({ sequence }) => sequence.notes.length),
    [heard[1], heard[4]],
  );
});
