import assert from "node:assert/strict";
import { TELLING } from "./lexicon.ts";
import { parsePrompt } from "./parse.ts";
import { wrongIn } from "./testing.ts";

/** All that is told of a prompt: what was understood, was not, and is passed over. */
function toldOf(prompt: string) {
  const { understood, ignored, passedOver } = parsePrompt(prompt);
  const phrases = understood.map(({ phrase }) => phrase);
  return [phrases, ignored, passedOver];
}

Deno.test("Telling gives small words to what stands beside them", () => {
  const rows: [string, string[], string[], string[]][] = [
    [
      "something with a really slow piano tune, played by two violins",
      [
        "something with a really slow",
        "piano tune",
        "played by two",
        "violins",
      ],
      [],
      [],
    ],
    ["Hello! I need music, calm piano. Thanks!", ["calm", "piano"], [], [
      "Hello",
      "I need music",
      "Thanks",
    ]],
    ["can you write me a harp piece for my cat?", ["a harp piece"], [
      "for my cat",
    ], ["can you write me"]],
    [
      "piano, hits at 0:10 and 0:20 please",
      [
        "piano",
        "hits at 0:10 and 0:20",
      ],
      [],
      ["please"],
    ],
    ["slow then fast", ["slow", "then fast"], [], []],
    ["l'accordéon et la flûte", ["l'accordéon", "et la flûte"], [], []],
  ];
  for (const [prompt, ...expected] of rows) {
    assert.deepEqual(toldOf(prompt), expected, prompt);
  }
});

Deno.test("Telling joins what is in a row and was not understood", () => {
  assert.deepEqual(
    parsePrompt("I'm making an app for qwerty. Piano").ignored,
    ["I'm making an app for qwerty"],
  );
});

Deno.test("Telling leaves out of a phrase what within it was not understood", () => {
  const { understood, ignored } = parsePrompt(
    "piano, at 0:30 the xyzzy strings enter, 1 minute",
  );
  assert.equal(understood[1]!.phrase, "at 0:30 … strings enter");
  assert.deepEqual(ignored, ["the xyzzy"]);
});

Deno.test("Telling has no word with a wish of its own join what was understood", () => {
  const rows: [string, string][] = [
    ["piano twice", "twice"],
    ["more bass", "more"],
    ["piano until", "until"],
    ["slow piano, then a xyzzy", "then a xyzzy"],
    ["fast or piano", "or"],
    ["piano once more", "once more"],
    ["3 piano", "3"],
  ];
  for (const [prompt, phrase] of rows) {
    const { ignored } = parsePrompt(prompt);
    assert.deepEqual(ignored, [phrase], prompt);
  }
});

Deno.test("Telling takes a weighty word as understood only where it has an effect", () => {
  // "Strings at 0:30 again" are strings at 0:30, "one cello" is a cello.
  const idle = new Set(["again", "wieder", "one"]);
  for (const word of TELLING.weighty.difference(idle)) {
    for (
      const [before, after] of [
        ["calm piano", ""],
        ["", "calm piano"],
        ["calm piano", "strings in D minor"],
        ["calm piano with", "strings at 0:30"],
      ] as const
    ) {
      const prompt = `${before} ${word} ${after}`.trim();
      const parsed = parsePrompt(prompt);
      const isUnderstood = parsed.understood.some(({ phrase }) =>
        phrase.split(" ").includes(word)
      );
      assert.deepEqual(wrongIn(prompt, parsed), [], prompt);
      if (!isUnderstood) continue;
      const without = parsePrompt(`${before} ${after}`.trim());
      assert.notDeepEqual(without.request, parsed.request, prompt);
    }
  }
});
