import assert from "node:assert/strict";
import type { Note, NoteSequence, Part } from "../music/music.ts";
import { RemiDecoder, RemiTokenizer } from "../tokens/remi/remi.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { fitToModel } from "./fitting.ts";
import { music, untrainedRemi } from "./testing.ts";

const part = (program: number, isDrum = false): Part => ({
  name: "",
  program,
  isDrum,
});

/** Notes as rows of start and length in quarters, pitch and part. */
function piece(
  parts: readonly Part[],
  rows: readonly (readonly [number, number, number, number])[],
): NoteSequence {
  const notes = rows.map(([start, length, pitch, part]): Note => ({
    pitch,
    velocity: 68,
    startTicks: 480 * start,
    endTicks: 480 * (start + length),
    part,
  }));
  return { ...music, parts, notes, totalTicks: 480 * 8 };
}

/** The tokens of two bars of 4/4, read back as the grammar allows them. */
function hear(model: ReturnType<typeof untrainedRemi>, given: NoteSequence) {
  const heard = fitToModel(model, given, {
    meter: "4/4",
    qpm: 72,
    endTicks: 480 * 8,
  });
  const tokens = [...heard.head, ...heard.bars.flat(), "End"];
  const { notes, parts } = new RemiDecoder(model.vocabulary)
    .decode(model.vocabulary.encode(tokens));
  const rows = notes.map(({ startTicks, endTicks, pitch, part }) => [
    startTicks,
    endTicks - startTicks,
    pitch,
    parts[part]!.isDrum ? "drum" : parts[part]!.program,
  ]);
  return { heard, rows, tokens };
}

Deno.test("fitToModel() writes what the tokenizer writes of music that is all known", () => {
  const model = untrainedRemi();
  const heard = fitToModel(model, music, {
    meter: "4/4",
    qpm: 72,
    endTicks: music.totalTicks,
  });
  assert.deepEqual(
    [...heard.head, ...heard.bars.flat(), "End"],
    new RemiTokenizer().encode(music),
  );
  assert.equal(heard.replaced.size, 0);
  assert.deepEqual([...heard.pitchOf], [...music.notes.keys()]);
});

Deno.test("fitToModel() merges programs and pitches that become one, in the order of the grammar", () => {
  // Clavinet and harpsichord both become the electric piano; an octave becomes one.
  const { heard, rows } = hear(
    untrainedRemi(),
    piece([part(7), part(6)], [
      [0, 1, 70, 0],
      [0, 2, 63, 1],
      [0, 1, 75, 1],
      [1, 1, 60, 0],
    ]),
  );
  assert.deepEqual(
    rows.map(([start, , pitch, program]) => [
      start,
      pitch,
      program,
    ]),
    [[0, 63, 4], [0, 70, 4], [12, 60, 4]],
  );
  // 63 and its octave are one token; so the four notes are three.
  assert.deepEqual([...heard.pitchOf], [1, 0, 0, 2]);
  assert.equal(heard.replaced.get("Program_7"), "Program_4");
  assert.equal(heard.replaced.get("Pitch_75"), "Pitch_63");
});

Deno.test("fitToModel() keeps a drone inside the music, chained only where the model chains", () => {
  const long = (parts: readonly Part[]): NoteSequence => {
    const notes = [{ ...music.notes[0]!, startTicks: 0, endTicks: 480 * 40 }];
    return { ...music, parts, notes, totalTicks: 480 * 40 };
  };
  const durationsIn = (model: ReturnType<typeof untrainedRemi>) =>
    fitToModel(model, long([part(4)]), {
      meter: "4/4",
      qpm: 72,
      endTicks: 480 * 40,
    }).bars.flat().filter((token) => token.startsWith("Duration"));
  assert.deepEqual(durationsIn(untrainedRemi()), ["Duration_6"]);
  assert.deepEqual(durationsIn(untrainedRemi(long([part(4)]))), [
    "Duration_384",
    "Duration_96",
  ]);
});

Deno.test("fitToModel() hears drums by their kind, and leaves them out where the model has none", () => {
  const drums = piece([part(24, true), part(4)], [
    [0, 0.1, 35, 0],
    [0, 1, 60, 1],
    [1, 0.1, 40, 0],
    [2, 0.1, 46, 0],
  ]);
  const kit = piece([part(0, true)], [
    [0, 0.1, 36, 0],
    [1, 0.1, 38, 0],
    [2, 0.1, 42, 0],
  ]);
  const { rows, heard } = hear(untrainedRemi(kit), drums);
  assert.deepEqual(rows.filter(([, , , name]) => name === "drum"), [
    [0, 1, 36, "drum"],
    [12, 1, 38, "drum"],
    [24, 1, 42, "drum"],
  ]);
  assert.equal(heard.instruments.soundingDrum(36), 35);
  assert.equal(heard.replaced.get("Kit_24"), "Kit_0");

  const without = hear(untrainedRemi(), drums).heard;
  assert.deepEqual(without.unheard, { pitched: 0, drums: 3 });
  assert.deepEqual([...without.pitchOf], [-1, 0, -1, -1]);
});

Deno.test("fitToModel() hears nothing with tokens that can write no note", () => {
  const model = untrainedRemi();
  const vocabulary = Vocabulary.fromTokens(
    model.vocabulary.toJSON().filter((token) => !token.startsWith("Program")),
  );
  const { bars, unheard } = fitToModel({ ...model, vocabulary }, music, {
    meter: "4/4",
    qpm: 72,
    endTicks: music.totalTicks,
  });
  assert.deepEqual(bars, []);
  assert.equal(unheard.pitched, 64);
});
