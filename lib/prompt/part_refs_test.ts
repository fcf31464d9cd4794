import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

/** Who plays in each section, all who play where it does not say. */
function castsOf(prompt: string): string[] {
  const { playing, sections = [] } = parsePrompt(prompt).request;
  return sections.map(({ spec }) =>
    (spec.playing ?? playing).toSorted().join(" ")
  );
}

const LIST = "verse 8 bars, chorus 8 bars, verse 8 bars, chorus 8 bars";

Deno.test("parsePrompt() has instruments play in the parts of a song that are spoken of", () => {
  const strings = ["flute piano", "flute piano strings"];
  for (
    const prompt of [
      `piano, flute. Strings only in the chorus. ${LIST}`,
      `piano and flute; strings in every chorus; ${LIST}`,
      "piano and flute, strings in the choruses only, verse chorus verse chorus",
      "piano and flute, strings just in the chorus",
    ]
  ) assert.deepEqual(castsOf(prompt), [...strings, ...strings], prompt);
  assert.deepEqual(
    castsOf("piano, strings. No strings in the second verse. " + LIST),
    ["piano strings", "piano strings", "piano", "piano strings"],
  );
  assert.deepEqual(
    castsOf(
      "piano, bass, drums. In the bridge just two guitars. verse chorus bridge chorus",
    ),
    ["bass drums piano", "bass drums piano", "guitar", "bass drums piano"],
  );
});

Deno.test("parsePrompt() keeps a band that is spoken of in one part of a song", () => {
  assert.deepEqual(
    castsOf("rock, drums louder in the chorus, verse chorus verse chorus"),
    Array(4).fill("drums electric bass electric guitar"),
  );
});
