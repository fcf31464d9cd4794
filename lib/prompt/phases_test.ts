import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const requestOf = (prompt: string) => parsePrompt(prompt).request;
const sectionsOf = (prompt: string) => requestOf(prompt).sections ?? [];

Deno.test("phaseAt() makes sections of numbered headings, as long as they say", () => {
  const prompt =
    "Phase 1 (20 s): organ only. Phase 2 (20 s): organ and choir. Phase 3 (20 s): everything, fastest";
  assert.deepEqual(requestOf(prompt).length, { seconds: 60 });
  assert.deepEqual(
    sectionsOf(prompt).map(({ from, spec }) => [from, spec.playing]),
    [
      [{ share: 0 }, ["organ"]],
      [{ seconds: 20 }, undefined],
      [{ seconds: 40 }, undefined],
    ],
  );
});

Deno.test("isHeadOf() takes bars in parentheses for the place of the part before", () => {
  assert.deepEqual(
    sectionsOf(
      "32 bars, horns, strings, a quiet middle part (bars 17-24) of only flute and harp",
    ).map(({ from, spec }) => [from, spec.playing?.join(" ")]),
    [
      [{ share: 0 }, "brass strings"],
      [{ bar: 17 }, "flute harp"],
      [{ bar: 25 }, undefined],
    ],
  );
});

Deno.test("withTurns() makes three sections of soft-loud-soft", () => {
  assert.deepEqual(
    sectionsOf("organ, soft-loud-soft, 40 bars").map(({ spec }) =>
      spec.loudness
    ),
    ["soft", "loud", "soft"],
  );
  assert.deepEqual(sectionsOf("organ, up-to-date"), []);
});

Deno.test("moreAndMore() has the music move to what it becomes", () => {
  for (
    const prompt of [
      "arpa, cada vez más lenta, un minuto",
      "harpe, de plus en plus lent, une minute",
    ]
  ) {
    const [{ curve } = {}] = sectionsOf(prompt);
    assert(curve?.qpm && curve.qpm[0] > curve.qpm[1], prompt);
  }
});

Deno.test("withCorrections() takes what is said instead", () => {
  const { qpm, playing, silent } = requestOf(
    "tempo 90. No, make that 96. Trumpet. No: two trumpets and a trombone",
  );
  assert.deepEqual([qpm, playing, silent], [96, ["trumpet", "trombone"], []]);
  assert.deepEqual(requestOf("no, not a piano. A harp").playing, ["harp"]);
});

Deno.test("parsePrompt() reads those alone, the last third and double time", () => {
  assert.deepEqual(
    sectionsOf("piano, violin, ends at 1:20 with the piano alone").at(-1)?.spec
      .playing,
    ["piano"],
  );
  const [, last] = sectionsOf("piano, 80 bpm, double time in the last third");
  assert.deepEqual([last?.from, last?.spec.qpm], [{ share: 0.667 }, 160]);
  const { playing } = requestOf("jazz piano trio");
  assert.deepEqual(playing, ["piano", "acoustic bass", "drums"]);
  const { events } = requestOf("pad, cut to black (silence) at 0:57, 60 secs");
  assert.deepEqual(events?.map(({ at }) => at), [{ seconds: 57 }]);
});
