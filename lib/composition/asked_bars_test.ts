import assert from "node:assert/strict";
import { Generator } from "../generation/generation.ts";
import { music, untrainedRemi } from "../generation/testing.ts";
import type { Chord, ChordProgression, NoteSequence } from "../music/music.ts";
import { askedBars, withAsked } from "./asked_bars.ts";
import type { RedoWish } from "./redo.ts";
import type { Recipe, RecipeStep } from "./takes.ts";

/** Eight bars of piano, bass and drums. */
const band: NoteSequence = {
  ...music,
  parts: [0, 33].map((program) => ({ name: "", program, isDrum: false }))
    .concat({ name: "", program: 0, isDrum: true }),
  notes: music.notes.map((note, i) => ({ ...note, part: i % 3 })),
};

/** What new notes of bars are held to, of a piece made from a prompt. */
async function heldBy(
  prompt: string,
  wish: RedoWish,
  steps: readonly RecipeStep[] = [],
) {
  using generator = await Generator.open(untrainedRemi(band));
  const recipe: Recipe = {
    version: 1,
    model: "",
    start: { prompt, randomSeed: 1 },
    steps,
  };
  return withAsked(wish, askedBars(generator, recipe), band, 16);
}

const symbolsOf = (progression: ChordProgression | undefined) =>
  progression?.chords.map(({ symbol }) => symbol).join(" ");
const G: Chord = { symbol: "G", root: 7, intervals: [0, 4, 7] };
const PROMPT = "piano and bass, Am F C, 16 bars";

Deno.test("withAsked() gives bars the chords that they have in the piece", async () => {
  const { wishes, notes } = await heldBy(PROMPT, { bars: [5, 8] });
  assert.equal(symbolsOf(wishes.chords), "F C Am F");
  assert.equal(wishes.chords?.barsEach, 1);
  assert.deepEqual(notes, []);
});

Deno.test("withAsked() leaves chords out where the redo asks for others, a key, or drums", async () => {
  const chords = { chords: [G], barsEach: 1 };
  const own = await heldBy(PROMPT, { bars: [1, 2], wishes: { chords } });
  assert.deepEqual(own.wishes, { chords });
  const key = { tonic: 2, mode: "minor" } as const;
  const inKey = await heldBy(PROMPT, { wishes: { key } });
  assert.deepEqual(inKey.wishes, { key });
  assert.deepEqual((await heldBy(PROMPT, { parts: [2] })).wishes, {});
});

Deno.test("askedBars() follows the changes since: other keys, other chords", async () => {
  const transposed = { asked: "up a tone", edits: [{ transpose: 2 }] };
  const redone = {
    asked: "bars 2-3, G",
    redo: {
      bars: [2, 3] as const,
      wishes: { chords: { chords: [G], barsEach: 1 } },
    },
    takes: [1],
    kept: 0,
  };
  const wish: RedoWish = { bars: [1, 4] };
  const first = await heldBy(PROMPT, wish, [transposed, redone]);
  assert.equal(symbolsOf(first.wishes.chords), "Bm G G Bm");
  const last = await heldBy(PROMPT, wish, [redone, transposed]);
  assert.equal(symbolsOf(last.wishes.chords), "Bm A A Bm");
});

Deno.test("withAsked() keeps how parts play, and drums, where they are made anew", async () => {
  const prompt = "piano, walking bass and drums, four on the floor, 16 bars";
  const all = (await heldBy(prompt, { bars: [3, 4] })).wishes;
  assert.deepEqual(all.partWishes?.map(({ positions }) => positions), [
    "beats",
  ]);
  assert.equal(all.drums?.beat, "four-on-the-floor");
  assert.deepEqual((await heldBy(prompt, { parts: [0] })).wishes, {});
});

Deno.test("withAsked() tells that only some of the bars have chords", async () => {
  const recipe = [{
    asked: "bars 2-3, G",
    redo: {
      bars: [2, 3] as const,
      wishes: { chords: { chords: [G], barsEach: 1 } },
    },
    takes: [1],
    kept: 0,
  }];
  const { wishes, notes } = await heldBy("piano", { bars: [1, 4] }, recipe);
  assert.deepEqual(wishes, {});
  assert.match(notes.join(), /Only some of these bars have chords/);
});
