import assert from "node:assert/strict";
import { cpuUsage } from "node:process";
import { Random } from "../base/base.ts";
import { parsePrompt } from "./parse.ts";
import { wrongIn } from "./testing.ts";

/** Mutants in all. */
const COUNT = Number(Deno.env.get("IMMERSIC_PROMPTS") ?? 300);
/** Most time for one, in milliseconds of a processor, whatever else the machine does. */
const MOST_MILLISECONDS = 2000;

const PROMPTS: readonly string[] = JSON.parse(
  Deno.readTextFileSync(
    new URL("../bench/prompts/data/prompts.json", import.meta.url),
  ),
).map(({ prompt }: { prompt: string }) => prompt);
const WORDS = PROMPTS.flatMap((prompt) => prompt.split(/\s+/));
const ODD = [
  ..."0123456789.,:;-–+%#♯♭/\\()[]{}\"'’`<>=*&^|~?!\n\t\u0000\u00ad\u200b",
  ..."äßñçέж子",
  ..."e\u0301👩‍🎤",
  "1e309",
  "-0",
  "99999999999999999999",
  "0/0",
  "NaN",
  "__proto__",
  "constructor",
  "bars 0-0",
  "at -1:00",
  "bpm",
];

type Mutation = (words: string[], random: Random) => void;

const MUTATIONS: readonly Mutation[] = [
  function insertOdd(words, random) {
    words.splice(random.int(words.length + 1), 0, random.pick(ODD));
  },
  function insertIntoWord(words, random) {
    const at = random.int(words.length), word = words[at]!;
    const place = random.int(word.length + 1);
    words[at] = word.slice(0, place) + random.pick(ODD) + word.slice(place);
  },
  function dropLetter(words, random) {
    const at = random.int(words.length), word = words[at]!;
    const place = random.int(word.length);
    words[at] = word.slice(0, place) + word.slice(place + 1);
  },
  function dropWord(words, random) {
    words.splice(random.int(words.length), 1);
  },
  function replaceWord(words, random) {
    words[random.int(words.length)] = random.pick(WORDS);
  },
  function repeatStretch(words, random) {
    const at = random.int(words.length);
    const stretch = words.slice(at, at + 1 + random.int(6));
    for (let i = random.int(8); i > 0; i--) words.splice(at, 0, ...stretch);
  },
  function moveStretch(words, random) {
    const stretch = words.splice(random.int(words.length), 1 + random.int(5));
    words.splice(random.int(words.length + 1), 0, ...stretch);
  },
];

function mutantOf(random: Random): string {
  const words = random.pick(PROMPTS).split(/\s+/);
  for (let i = 1 + random.int(5); i > 0; i--) {
    if (words.length > 0) random.pick(MUTATIONS)(words, random);
  }
  return words.join(" ").slice(0, 2000);
}

/** Every number in the request is one that music can be made by. */
function requireFinite(value: unknown, prompt: string): void {
  if (typeof value === "number") assert.ok(Number.isFinite(value), prompt);
  else if (typeof value === "object" && value !== null) {
    for (const one of Object.values(value)) requireFinite(one, prompt);
  }
}

/** The words of a prompt that are not told, or twice. */
function untold(prompt: string): string[] {
  const parsed = parsePrompt(prompt);
  requireFinite(parsed.request, prompt);
  for (const { reason } of parsed.problems) {
    assert.match(reason, /^[^\n]*\S/, prompt);
  }
  return wrongIn(prompt, parsed);
}

function timed(prompt: string): { words: string[]; milliseconds: number } {
  const begun = cpuUsage();
  const words = untold(prompt);
  const { user, system } = cpuUsage(begun);
  return { words, milliseconds: (user + system) / 1000 };
}

Deno.test(`parsePrompt() reads ${COUNT} mangled prompts and tells of every word once`, () => {
  const missing: string[] = [];
  for (let number = 0; number < COUNT; number++) {
    const prompt = mutantOf(new Random(number)).replace(/\s+/g, " ").trim();
    try {
      const { words, milliseconds } = timed(prompt);
      if (words.length > 0) missing.push(`${words.join(" ")}: ${prompt}`);
      if (milliseconds < MOST_MILLISECONDS) continue;
      // Again, for the first time expressions may have been compiled for it.
      const again = timed(prompt).milliseconds;
      assert.ok(again < MOST_MILLISECONDS, `${again} ms`);
    } catch (error) {
      throw new Error(`${number}: ${JSON.stringify(prompt)}`, { cause: error });
    }
  }
  assert.deepEqual(missing, []);
});
