import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const requestOf = (prompt: string) => parsePrompt(prompt).request;
/** Where each section begins, and who plays in it. */
const castsOf = (prompt: string) => {
  const { playing, sections = [] } = requestOf(prompt);
  return sections.map(({ from, spec }) =>
    [Object.values(from)[0], ...(spec.playing ?? playing)].join(" ")
  );
};

Deno.test("parsePrompt() has those who play only at a time be silent else", () => {
  assert.deepEqual(castsOf("piano, 32 bars. Drums only in bars 17-24"), [
    "0 piano",
    "17 piano drums",
    "25 piano",
  ]);
  assert.deepEqual(
    castsOf("oboe and strings, strings only from 0:30, 1 minute"),
    ["0 oboe", "30 oboe strings"],
  );
});

Deno.test("parsePrompt() has what follows an entry be of it", () => {
  const { sections = [] } = requestOf(
    "harp, 1 minute. A cello comes in at 0:28 and takes the tune",
  );
  assert.equal(sections[1]?.spec.partWishes?.[0]?.isOnTop, true);
});

Deno.test("parsePrompt() ends a silence where the music is back", () => {
  const { events } = requestOf(
    "polka, stops at 0:18, back at 0:23, stops again at 0:37, back at 0:42, 1 minute",
  );
  assert.deepEqual(events, [
    { at: { seconds: 18 }, what: "silence", seconds: 5 },
    { at: { seconds: 37 }, what: "silence", seconds: 5 },
  ]);
});

Deno.test("parsePrompt() has a bell strike at each of several times", () => {
  const { events } = requestOf(
    "choir, church bell at 0:10, 0:30 and 0:50, nothing loud except the bell",
  );
  assert.deepEqual(events?.map(({ at, by }) => [at, by]), [
    [{ seconds: 10 }, "bells"],
    [{ seconds: 30 }, "bells"],
    [{ seconds: 50 }, "bells"],
  ]);
});

Deno.test("parsePrompt() counts from one entry to the next", () => {
  assert.deepEqual(
    castsOf(
      "only drums, then after 8 bars the bass, then after 8 bars the guitar, 32 bars",
    ),
    ["0 drums", "9 drums bass", "17 drums bass guitar"],
  );
});

Deno.test("parsePrompt() tells a first time from a second, and each length", () => {
  const twice = requestOf(
    "first time major, piano; second time minor with strings, G, 1 minute",
  );
  assert.deepEqual(
    twice.sections?.map(({ spec }) => spec.key?.mode),
    ["major", "minor"],
  );
  const loudness = (prompt: string) =>
    requestOf(prompt).sections?.map(({ spec }) => spec.loudness);
  assert.deepEqual(
    loudness("harpsichord, 8 bars forte, 8 bars piano, 8 bars forte"),
    ["loud", "soft", "loud"],
  );
  assert.deepEqual(
    requestOf("slow strings, then fast brass; each 16 bars").length,
    { bars: 32 },
  );
  assert.deepEqual(
    requestOf(
      "verse in A minor 16 bars, chorus in C 16 bars, verse, chorus in D major",
    ).length,
    { bars: 64 },
  );
});
