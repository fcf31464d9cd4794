import assert from "node:assert/strict";
import { parsePrompt } from "./parse.ts";

const castOf = (prompt: string) => {
  const { playing, silent } = parsePrompt(prompt).request;
  return { playing, silent };
};

Deno.test("parsePrompt() leaves out all that a label such as exclude: lists", () => {
  const { playing, silent } = castOf(
    "exclude: drums, guitar. include: harp, flute, soft strings",
  );
  assert.deepEqual(playing, ["harp", "flute", "strings"]);
  assert.deepEqual(silent, ["drums", "guitar"]);
  for (
    const prompt of [
      "without: drums, guitar, instruments: harp",
      "instruments: harp. avoid: drums, guitar",
      "harp. no: drums, guitar",
      "Harfe. ohne: Schlagzeug, Gitarre",
      "harpe. sans : batterie, guitare",
    ]
  ) {
    assert.deepEqual(castOf(prompt), {
      playing: ["harp"],
      silent: ["drums", "guitar"],
    }, prompt);
  }
});

Deno.test("parsePrompt() leaves out what it is told not to add, with or without apostrophe", () => {
  const { silent } = castOf("harp. DONT add guitar or keys");
  assert(silent.includes("guitar") && silent.includes("keys"));
  assert.deepEqual(castOf("harp, dont use drums").silent, ["drums"]);
  assert.deepEqual(castOf("harp, do not add drums").silent, ["drums"]);
  assert.deepEqual(castOf("harp, don't add drums").silent, ["drums"]);
});

Deno.test("parsePrompt() leaves out what another instrument plays instead of", () => {
  for (
    const prompt of [
      "Guitar instead of piano",
      "Gitarre statt Klavier",
      "guitare au lieu du piano",
      "guitarra en vez de piano",
    ]
  ) {
    const { playing, silent } = castOf(prompt);
    assert.deepEqual(playing, ["guitar"], prompt);
    assert(silent.includes("piano"), prompt);
  }
});

Deno.test("parsePrompt() lets nobody join where no other instrument is wanted", () => {
  for (
    const end of [
      "no other instrument",
      "no other instruments",
      "nothing else",
      "keine anderen Instrumente",
      "aucun autre instrument",
    ]
  ) {
    const { request, ignored, problems } = parsePrompt(`rock, drums, ${end}`);
    assert.deepEqual(request.playing, ["drums"], end);
    assert.deepEqual([ignored, problems], [[], []], end);
  }
});

Deno.test("parsePrompt() keeps the first stretch to what plays only at first", () => {
  for (
    const prompt of [
      "only harp at first, oboe after 15 s",
      "Erst nur Harfe, nach 15 Sekunden Oboe dazu",
    ]
  ) {
    const { playing, sections = [] } = parsePrompt(prompt).request;
    assert.deepEqual(playing, ["harp", "oboe"], prompt);
    assert.deepEqual(sections.map(({ from }) => from), [
      { share: 0 },
      { seconds: 15 },
    ]);
    assert.deepEqual(sections[0]!.spec.playing, ["harp"], prompt);
  }
});
