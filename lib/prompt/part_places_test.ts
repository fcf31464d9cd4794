import assert from "node:assert/strict";
import { INSTRUMENTS } from "../music/music.ts";
import { parsePrompt } from "./parse.ts";

Deno.test("parsePrompt() knows who leads, in several languages", () => {
  const rows: [string, keyof typeof INSTRUMENTS][] = [
    ["jazz, clarinet carries the melody, piano and bass", "clarinet"],
    ["oboe on top, strings below", "oboe"],
    ["harp, the tune is in the cello, flute around it", "cello"],
    ["Posaune spielt die Melodie, Klavier", "trombone"],
    ["accordéon qui porte la mélodie, guitare", "accordion"],
    ["trompeta lleva la melodía con piano", "trumpet"],
    ["jazz, muted trumpet lead, walking bass", "muted trumpet"],
    ["flauta na melodia, cavaquinho e violão", "flute"],
    ["accordion up front, E minor, guitar", "accordion"],
  ];
  for (const [prompt, name] of rows) {
    const { partWishes = [] } = parsePrompt(prompt).request;
    assert.deepEqual(
      partWishes.filter(({ isOnTop }) => isOnTop).map(({ program }) => program),
      [INSTRUMENTS[name].programs[0]],
      prompt,
    );
  }
  const { playing } = parsePrompt("techno, synth lead, 128 bpm").request;
  assert(playing.includes("synth lead"));
});

Deno.test("parsePrompt() keeps apart how high each part is", () => {
  const rangesOf = (prompt: string) =>
    (parsePrompt(prompt).request.partWishes ?? []).map((
      { program, range },
    ) => [program, range?.[0] === 0 ? "low" : "high"]);
  assert.deepEqual(
    rangesOf(
      "piano and viola. The piano stays low, the viola up in its high register.",
    ),
    [[0, "low"], [41, "high"]],
  );
  assert.deepEqual(
    rangesOf("celesta, bassoon, low shivery strings"),
    [[48, "low"]],
  );
  assert.deepEqual(
    rangesOf("cello low in its range, flute high up in its range"),
    [[42, "low"], [73, "high"]],
  );
});
