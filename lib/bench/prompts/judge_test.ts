import assert from "node:assert/strict";
import { judgeAll, type Outcome, requireCheckable } from "./judge.ts";
import { type KeyFinder, openKeyFinder, ownKey } from "./key_finder.ts";
import { missesOf, reportLines, reportOn } from "./report.ts";
import { type PromptCase, readCases } from "./requirement.ts";
import { heard, times } from "./testing.ts";

const cases: PromptCase[] = [
  {
    prompt: "piano in C",
    require: [
      { is: "plays", any: ["piano"] },
      { is: "key", tonic: "C", mode: "major" },
      { is: "silent", family: "piano" },
      { is: "tempo", qpm: [60, 70], implied: true },
    ],
  },
  { prompt: "nonsense", require: [{ is: "loop" }] },
];
const C_MAJOR = [60, 64, 67, 72, 65, 69, 67, 62];
const outcomes: Outcome[] = [
  {
    heard: heard({
      parts: [[0, times(32, 1, (i) => [0, 1, C_MAJOR[i % 8]!])]],
    }),
    told: { understood: [], ignored: ["piano"], notes: [] },
  },
  { refusal: "PromptError: Cannot follow the prompt." },
];

Deno.test("judgeAll() asks the key finder once, and follows it", async () => {
  const asked: number[] = [];
  const finder = (tonic: number): KeyFinder => ({
    name: "a test",
    find: (rows) => {
      asked.push(rows.length);
      return Promise.resolve(rows.map(() => ({ tonic, mode: "major" })));
    },
  });
  const [first] = await judgeAll(cases, outcomes, finder(0));
  assert.deepEqual(first!.judgements.map(({ met }) => met), [
    true,
    true,
    false,
    false,
  ]);
  assert.deepEqual(
    first!.judgements.map(({ treatment }) => treatment),
    ["met", "met", "told", "told"],
  );
  const [other] = await judgeAll(cases, outcomes, finder(6));
  assert.ok(other!.judgements[1]!.contradicted);
  assert.deepEqual(asked, [1, 1]);
});

Deno.test("reportOn() sums by kind and by prompt, and refusals meet nothing", async () => {
  const judged = await judgeAll(cases, outcomes, {
    name: "ours",
    find: (rows) => Promise.resolve(rows.map(ownKey)),
  });
  const report = reportOn(judged);
  assert.deepEqual(report.all, {
    asked: 5,
    met: 2,
    contradicted: 2,
    silent: 0,
    believed: 0,
    told: 2,
    refused: 1,
  });
  assert.equal(report.implied.asked, 1);
  assert.equal(report.kinds["loop"]!.refused, 1);
  assert.equal(report.promptsMet, 0);
  assert.equal(report.promptsRefused, 1);
  const misses = missesOf(judged);
  assert.deepEqual(misses.map(({ index, asked }) => [index, asked.is]), [
    [0, "silent"],
    [0, "tempo"],
    [1, "loop"],
  ]);
  assert.match(misses[2]!.refusal!, /Cannot follow/);
  assert.match(reportLines(report)[1]!, /2 of +5 \( 40.0 %\)/);
});

Deno.test("readCases() refuses what is no list of prompts with known kinds", () => {
  const read = (value: unknown) =>
    readCases(JSON.stringify(value), "p.json", ["loop"]);
  assert.equal(read(cases.slice(1)).length, 1);
  assert.throws(() => read({}), /p.json: it is not an array/);
  assert.throws(() => read([{ prompt: "x" }]), /entry 0 lacks/);
  assert.throws(() => read(cases), /entry 0 has the unknown kind "plays"/);
  assert.throws(() => readCases("{", "p.json", []), /it is not JSON/);
});

Deno.test("openKeyFinder() says where it has our own finder alone", async () => {
  const lines: string[] = [];
  const finder = await openKeyFinder(
    (text) => lines.push(text),
    () => Promise.reject(new Error("there is no python3")),
  );
  assert.equal(finder.name, "our own finder");
  assert.match(lines.join(), /music21 is missing: there is no python3/);
  const g = [2, 0, 3, 0, 2, 0, 1, 5, 0, 2, 0, 3];
  assert.deepEqual(await finder.find([g, Array(12).fill(0)]), [
    { tonic: 7, mode: "major" },
    { tonic: 0, mode: "major" },
  ]);
});

Deno.test("requireCheckable() finds unknown names before anything is composed", () => {
  requireCheckable(cases);
  const refuse = (require: PromptCase["require"], message: RegExp) =>
    assert.throws(() => requireCheckable([{ prompt: "x", require }]), message);
  refuse(
    [{ is: "plays", any: ["piano", "kazoo"] }],
    /prompt 0, "x": .*family "kazoo"/,
  );
  refuse([{ is: "only", families: ["drums", "kazoo"] }], /family "kazoo"/);
  refuse([{ is: "key", tonic: "C", mode: "sad" }], /mode "sad"/);
  refuse(
    [{ is: "chords", progression: ["Am", "X7"] }],
    /value is "X"|value is ""/,
  );
  refuse([{ is: "drum-sound", play: true, sound: "gong" }], /sound "gong"/);
});
