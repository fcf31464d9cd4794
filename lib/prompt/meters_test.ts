import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

Deno.test("parsePrompt() has two meters take turns, in several languages", () => {
  const rows: [string, string, string][] = [
    ["accordion, bars alternating 3/4 and 4/4", "3/4", "4/4"],
    ["One bar of 7/8, one bar of 4/4, taking turns, clarinet", "7/8", "4/4"],
    ["piano, alternating between 5/8 and 6/8", "5/8", "6/8"],
    ["folk tune, 3/4 and 2/4 by turns, fiddle", "3/4", "2/4"],
    ["Gitarre, abwechselnd 3/4 und 4/4", "3/4", "4/4"],
    ["accordéon, alternance de 3/4 et 2/4", "3/4", "2/4"],
    ["guitarra, alternando 6/8 y 3/4", "6/8", "3/4"],
    ["a bar of 4/4 then a bar of 3/4, over and over", "4/4", "3/4"],
  ];
  for (const [prompt, meter, secondMeter] of rows) {
    const { request, problems } = parsePrompt(prompt);
    assert.equal(request.meter, meter, prompt);
    assert.equal(request.secondMeter, secondMeter, prompt);
    assert.deepEqual(problems, [], prompt);
  }
  const { request } = parsePrompt("piano in 3/4 or 4/4");
  assert.equal(request.secondMeter, undefined);
});
