import assert from "node:assert/strict";
import { INSTRUMENTS } from "../music/music.ts";
import { progressionOf } from "./chord_symbols.ts";
import { GENRES } from "./genres.ts";
import { formsOf } from "./inflect.ts";
import { CONCEPTS, familyOfName, nameOfProgram, phraseAt } from "./lexicon.ts";
import { spelledLike } from "./spelling.ts";

Deno.test("CONCEPTS name instruments that there are", () => {
  for (const { sense } of CONCEPTS) {
    if (sense.is !== "ask" || sense.ask.is !== "cast") continue;
    const { name } = sense.ask;
    assert(name in INSTRUMENTS, name);
    for (const one of familyOfName(name)) assert(one in INSTRUMENTS, one);
  }
});

Deno.test("CONCEPTS have a word for every instrument", () => {
  const named = new Set(
    CONCEPTS.flatMap(({ sense }) =>
      sense.is === "ask" && sense.ask.is === "cast" ? [sense.ask.name] : []
    ),
  );
  const mute = Object.keys(INSTRUMENTS).filter((name) =>
    !named.has(name as keyof typeof INSTRUMENTS)
  );
  assert.deepEqual(mute, []);
});

Deno.test("CONCEPTS share no phrase", () => {
  const seen = new Map<string, string>();
  for (const { words, sense, isFixed } of CONCEPTS) {
    const name = JSON.stringify(sense);
    for (const [form, isOwn] of formsOf(words, { isFixed })) {
      if (isOwn) assert.equal(seen.get(form) ?? name, name, form);
      if (isOwn) seen.set(form, name);
    }
  }
});

Deno.test("GENRES bring instruments and chords that there are", () => {
  for (const [name, { cast = [], progression, range }] of GENRES) {
    for (const one of cast) assert(one in INSTRUMENTS, `${name}: ${one}`);
    assert(!range || range[0] < range[1], name);
    if (progression === undefined) continue;
    const key = { tonic: 0, isMinor: false };
    assert(progressionOf(progression, key), `${name}: ${progression}`);
  }
});

Deno.test("phraseAt() finds the longest phrase, in any of its forms", () => {
  const count = (...words: string[]) => phraseAt(words)?.count;
  assert.equal(count("electric", "piano", "trio"), 2);
  assert.equal(count("electric"), undefined);
  assert.equal(count("pianos"), 1);
  assert.deepEqual(phraseAt(["ruhiges"]), phraseAt(["ruhig"]));
  assert.deepEqual(phraseAt(["tranquila"]), phraseAt(["tranquilo"]));
  assert.deepEqual(phraseAt(["peacefully"]), phraseAt(["peaceful"]));
});

Deno.test("formsOf() leaves words of grammar as they are", () => {
  const forms = (isFixed: boolean) =>
    [...formsOf({ en: "solo" }, { isFixed })].map(([form]) => form);
  assert.deepEqual(forms(true), ["solo"]);
  assert.deepEqual(forms(false), ["solo", "solos"]);
});

Deno.test("nameOfProgram() names every program up to the sound effects", () => {
  for (let program = 0; program < 119; program++) {
    const name = nameOfProgram(program);
    assert(name && INSTRUMENTS[name].programs.includes(program), `${program}`);
  }
});

Deno.test("spelledLike() takes a word for the one that it is near to", () => {
  assert.deepEqual(spelledLike("pianno"), ["piano"]);
  assert.deepEqual(spelledLike("gutiar"), ["guitar"]);
  assert.deepEqual(spelledLike("mellancholy"), ["melancholy"]);
  for (const right of ["cheesy", "leaps", "home", "grade", "chairs"]) {
    assert.deepEqual(spelledLike(right), [], right);
  }
});
