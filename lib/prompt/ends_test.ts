import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

Deno.test("parsePrompt() stops at once where it is said, and at the time that is said", () => {
  const rows: [string, number | undefined][] = [
    ["punk riff, 180 bpm, stops on a dime", undefined],
    ["strings, louder and louder and cuts hard at 0:25", 25],
    ["celesta, gets faster and then stops dead at 40 secs", 40],
    ["trailer, hard out at 0:15", 15],
    ["polka with accordion, finishes with two dry chords", undefined],
    ["Marsch, am Ende zwei trockene Akkorde", undefined],
    ["rumba, guitarra, termina en seco", undefined],
    ["valse au piano qui s'arrête d'un coup", undefined],
  ];
  for (const [prompt, seconds] of rows) {
    const { cutsOff, length } = parsePrompt(prompt).request;
    assert.equal(cutsOff, true, prompt);
    assert.deepEqual(
      length,
      seconds === undefined ? undefined : { seconds, exact: true },
      prompt,
    );
  }
});

Deno.test("parsePrompt() fades to nothing, up to the time that is said", () => {
  const rows: [string, number | undefined][] = [
    ["celesta, gets quieter until it is gone after 2 minutes", 120],
    ["campfire guitar that dies away to nothing", undefined],
    ["Harfe, wird leiser bis nichts mehr zu hören ist", undefined],
    ["piano qui s'éteint peu à peu", undefined],
    ["flauta, y que al final se vaya apagando poco a poco", undefined],
  ];
  for (const [prompt, seconds] of rows) {
    const { events, length } = parsePrompt(prompt).request;
    assert.equal(events?.[0]?.what, "fadeOut", prompt);
    assert.equal(
      length && "seconds" in length ? length.seconds : undefined,
      seconds,
      prompt,
    );
  }
});

Deno.test("parsePrompt() knows how long nothing sounds, and where the end is", () => {
  const cue = parsePrompt(
    "0:00 oboe over strings. 1:00 sudden stop, two seconds of nothing, then the oboe alone until the end at 1:20.",
  ).request;
  assert.deepEqual(cue.events, [
    { at: { seconds: 60 }, what: "silence", seconds: 2 },
  ]);
  assert.deepEqual(cue.length, { seconds: 80, exact: true });
  assert.deepEqual(cue.sections?.map(({ from }) => from), [
    { share: 0 },
    { seconds: 62 },
  ]);
  const hit = parsePrompt(
    "armonica. A 1:10 silenzio totale per tre secondi, poi un colpo secco",
  ).request;
  assert.deepEqual(hit.events, [
    { at: { seconds: 70 }, what: "silence", seconds: 3 },
    { at: { seconds: 73 }, what: "hit" },
  ]);
  const list = parsePrompt(
    "guitar, 20 secs of calm, then 5 seconds of silence, then loud drums",
  ).request;
  assert.deepEqual(list.events, [
    { at: { seconds: 20 }, what: "silence", seconds: 5 },
  ]);
});

Deno.test("parsePrompt() comes home to the key note", () => {
  for (
    const prompt of [
      "piano, it must come home to the key note at the end",
      "piano, lands on the tonic",
      "piano that finds its way back home to the home chord",
    ]
  ) assert.equal(parsePrompt(prompt).request.close, "tonic", prompt);
});
