import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import {
  ChordTokenizer,
  decodeChords,
  readNotesJson,
  writeNotesJson,
} from "./tokenizer.ts";
import { measureStyle } from "./testing.ts";
import { MidiError, parseMidi, writeMidi } from "../../midi/midi.ts";
import { emptySequence, type NoteSequence } from "../../music/music.ts";
import { Random } from "../../base/base.ts";

const tokenizer = new ChordTokenizer();

/** Chords of a quarter each. */
function chords(...pitches: readonly (readonly number[])[]): NoteSequence {
  return {
    ...emptySequence(480),
    parts: [{ name: "", program: 0, isDrum: false }],
    notes: pitches.flatMap((chord, i) =>
      chord.map((pitch) => ({
        pitch,
        velocity: 64,
        startTicks: i * 480,
        endTicks: (i + 1) * 480,
        part: 0,
      }))
    ),
    totalTicks: pitches.length * 480,
  };
}

Deno.test("ChordTokenizer.encode() names notes as music21 does", () => {
  const pitches = [21, 60, 61, 63, 66, 68, 70, 108];
  assert.deepEqual(
    tokenizer.encode(chords(...pitches.map((pitch) => [pitch]))),
    ["A0", "C4", "C#4", "E-4", "F#4", "G#4", "B-4", "C8"],
  );
});

Deno.test("ChordTokenizer.encode() gives chords in Forte's normal order", () => {
  const sequence = chords(
    [60, 64, 67],
    [64, 67, 72],
    [59, 62, 65, 68],
    [48, 60],
    [56, 60, 64],
    [58, 62, 65, 69, 72],
    // Chords for which Rahn's normal order differs.
    [60, 61, 65, 66, 68],
  );
  assert.deepEqual(
    tokenizer.encode(sequence),
    ["0.4.7", "0.4.7", "2.5.8.11", "0", "0.4.8", "9.10.0.2.5", "5.6.8.0.1"],
  );
});

Deno.test("ChordTokenizer.encodeFile() refuses bytes that are no MIDI file", () => {
  assert.throws(
    () => tokenizer.encodeFile(new Uint8Array(3), "a.mid"),
    MidiError,
  );
});

Deno.test("ChordTokenizer.encodeFile() gives music21's tokens of starter pieces", async () => {
  const golden: Record<string, { midi: string; tokens: string[] }> = JSON.parse(
    await Deno.readTextFile(
      new URL("./testdata/chord_golden.json", import.meta.url),
    ),
  );
  assert.equal(Object.keys(golden).length, 6);
  for (const [file, { midi, tokens }] of Object.entries(golden)) {
    const bytes = new Uint8Array(Buffer.from(midi, "base64"));
    assert.deepEqual(tokenizer.encodeFile(bytes), tokens, file);
    assert.deepEqual(tokenizer.encode(parseMidi(bytes)), tokens, file);
  }
});

const LOFI = new URL("../../../../shared/data/lofi-samples/", import.meta.url);
const hasLofi = await Deno.stat(LOFI).then(() => true, () => false);

Deno.test({
  name: hasLofi
    ? "ChordTokenizer.encodeFile() gives music21's tokens of lofi-samples"
    : "ChordTokenizer.encodeFile(): lofi-samples is not here, so not compared",
  ignore: !hasLofi,
  fn() {
    const files = [...Deno.readDirSync(LOFI)].map((entry) => entry.name)
      .filter((name) => name.endsWith(".mid")).sort();
    const tokens = files.map((name) =>
      tokenizer.encodeFile(Deno.readFileSync(new URL(name, LOFI)))
    );
    assert.equal(files.length, 120);
    assert.equal(tokens.flat().length, 715);
    assert.equal(
      createHash("sha256").update(JSON.stringify(tokens)).digest("hex"),
      "1b8ed556cddccc87d5e66aacbf264a6105bca0d4306e9ef61ae896d6e0230d21",
    );
  },
});

Deno.test("decodeChords() makes pieces that encode to the same tokens", () => {
  const tokens = ["0.4.7", "E-5", "7.11.2", "0", "B-3", "0.2.4.7.9", "1.2.3"];
  assert.deepEqual(tokenizer.encode(decodeChords(tokens)), tokens);
});

Deno.test("decodeChords() keeps all pitches where they can be heard", () => {
  const every = Array.from({ length: 12 }, (_, pitch) => pitch).join(".");
  const tokens = ["C-1", "G9", "E-1", "0.1", every, "0", "11", "5.8.0.3"];
  const { notes } = decodeChords(tokens);
  assert.ok(notes.every(({ pitch }) => pitch >= 21 && pitch <= 108));
  // C and G move by octaves; "E-1" is E flat 1 and not E natural −1.
  const single = decodeChords(["C-1", "G9", "E-1"]).notes;
  assert.deepEqual(single.map((note) => note.pitch), [24, 103, 27]);
});

Deno.test("decodeChords() voices chords about middle C, near to one another", () => {
  const progression = ["2.5.9.0", "7.11.2.5", "0.4.7.11", "9.0.4"];
  const { notes } = decodeChords(progression);
  const voicings = [...Map.groupBy(notes, (note) => note.startTicks).values()]
    .map((chord) => chord.map((note) => note.pitch));
  assert.deepEqual(voicings, [
    [57, 60, 62, 65],
    [55, 59, 62, 65],
    [55, 59, 60, 64],
    [57, 60, 64],
  ]);
});

Deno.test("decodeChords() samples times and velocities from a style", () => {
  const sequence = chords([60, 64], [67], [60, 65], [69]);
  const style = measureStyle([{
    ...sequence,
    tempos: [{ ticks: 0, qpm: 80 }],
    notes: sequence.notes.map((note) => ({
      ...note,
      velocity: 33,
      endTicks: note.startTicks + 240,
    })),
  }]);
  const { notes, tempos, totalTicks } = decodeChords(
    ["0.4.7", "C5", "5.9.0", "D5"],
    style,
    new Random(3),
  );
  assert.deepEqual(tempos, [{ ticks: 0, qpm: 80 }]);
  assert.equal(totalTicks, 1920);
  assert.deepEqual([...new Set(notes.map((n) => n.startTicks))], [
    0,
    480,
    960,
    1440,
  ]);
  assert.ok(notes.every((n) => n.endTicks === n.startTicks + 240));
  assert.ok(notes.every((n) => n.velocity === 33));
});

Deno.test("decodeChords() strikes a pitch again only once it has ended", () => {
  const held = { position: 0, interval: 12, duration: 48, weight: 1 };
  const notes = {
    rhythms: [0, 12, 24, 36].map((position) => ({ ...held, position })),
    velocities: [[64, 1]] as const,
  };
  const style = { ...measureStyle([]), notes };
  const sequence = decodeChords(["C4", "C4", "D4", "C4"], style);
  assert.deepEqual(
    sequence.notes.map((n) => [n.pitch, n.startTicks, n.endTicks]),
    [[60, 0, 480], [60, 480, 1440], [62, 960, 2880], [60, 1440, 3360]],
  );
  assert.deepEqual(parseMidi(writeMidi(sequence)).notes, sequence.notes);
});

Deno.test("decodeChords() depends only on the random numbers it is given", () => {
  const tokens = tokenizer.encode(chords([60], [62, 65], [64], [65, 69, 72]));
  const style = measureStyle([
    chords([60], [62]),
    { ...chords([60], [62]), ticksPerQuarter: 240 },
  ]);
  const play = (seed: number) => decodeChords(tokens, style, new Random(seed));
  assert.deepEqual(play(5), play(5));
  assert.notDeepEqual(play(5), play(6));
});

Deno.test("decodeChords() refuses tokens of another alphabet", () => {
  for (const token of ["Pitch_60", "4.12", "D-4", "", "4..7", "H2"]) {
    assert.throws(() => decodeChords([token]), RangeError, token);
  }
});

Deno.test("readNotesJson() reads what writeNotesJson() wrote, a flat array", () => {
  const tokens = ["4.7.11", "E-5", "0"];
  assert.equal(writeNotesJson(tokens), '["4.7.11","E-5","0"]');
  assert.deepEqual(readNotesJson(writeNotesJson(tokens)), tokens);
});

Deno.test("readNotesJson() refuses anything but an array of strings", () => {
  for (const text of ["", "{}", "[1]", '[["C4"]]', '"C4"']) {
    assert.throws(() => readNotesJson(text), TypeError, text);
  }
});
