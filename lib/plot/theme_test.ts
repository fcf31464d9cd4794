import assert from "node:assert/strict";
import { roleColours, spareColours } from "./roles.ts";
import { colours, seriesColours, themeStyle } from "./theme.ts";

Deno.test("themeStyle() has a rule for each colour that a drawing has", () => {
  const style = themeStyle('<path fill="none" stroke="#3a57b0"/>');
  assert.equal(
    style,
    "<style>@media(prefers-color-scheme:dark){" +
      ".immersic-figure[stroke='#3a57b0'],.immersic-figure [stroke='#3a57b0']" +
      "{stroke:#5874dc}}</style>",
  );
});

Deno.test("themeStyle() knows every colour of figures", () => {
  const all = [
    ...Object.values(colours),
    ...seriesColours,
    ...Object.values(roleColours),
    ...spareColours,
  ];
  for (const colour of all) {
    assert.match(themeStyle(`fill="${colour}"`), /\{fill:#/, colour);
  }
});
