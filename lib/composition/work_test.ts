import assert from "node:assert/strict";
import { Generator } from "../generation/generation.ts";
import { music, untrainedRemi } from "../generation/testing.ts";
import { parseMidi, writeMidi } from "../midi/midi.ts";
import type { NoteSequence } from "../music/music.ts";
import { compose } from "./compose.ts";
import { readRecipe, writeRecipe } from "./takes.ts";
import {
  beginWork,
  editWork,
  keepTake,
  redoWork,
  remakeWork,
  startFromFile,
  undoWork,
} from "./work.ts";

const band: NoteSequence = {
  ...music,
  parts: [0, 33].map((program) => ({ name: "", program, isDrum: false })),
  notes: music.notes.map((note, i) => ({
    ...note,
    part: i % 2,
    pitch: note.pitch - 20 * (i % 2),
  })),
};
const FILE = writeMidi(band);
const readFile = () => Promise.resolve(FILE);

Deno.test("remakeWork() makes a piece again, change by change, from what is kept of it", async () => {
  using generator = await Generator.open(untrainedRemi(band));
  const start = await startFromFile("band.mid", FILE);
  let work = beginWork(generator, FILE, start);
  const takes = await redoWork(generator, work, "bars 3-4 piano, louder", {
    takes: 2,
    randomSeed: 11,
  });
  assert.notDeepEqual(takes[0]!.bytes, takes[1]!.bytes);
  work = await editWork(generator, takes[1]!, "up 2 semitones, 90 bpm");
  work = await editWork(generator, work, "4 bars longer", { randomSeed: 3 });
  const recipe = readRecipe(writeRecipe(work.recipe), "band.json");
  const again = await remakeWork(generator, recipe, readFile);
  assert.deepEqual(again.bytes, work.bytes);
  assert.deepEqual(again.recipe, work.recipe);
});

Deno.test("undoWork() gives back the piece before the last change", async () => {
  using generator = await Generator.open(untrainedRemi(band));
  const work = beginWork(generator, FILE, await startFromFile("a.mid", FILE));
  const [take] = await redoWork(generator, work, "bass", { randomSeed: 1 });
  const edited = await editWork(generator, take!, "bass softer");
  const undone = await undoWork(generator, edited, readFile);
  assert.deepEqual(undone.bytes, take!.bytes);
  const first = await undoWork(generator, undone, readFile);
  assert.deepEqual(first.bytes, FILE);
});

Deno.test("keepTake() gives the take that is named", async () => {
  using generator = await Generator.open(untrainedRemi(band));
  const work = beginWork(generator, FILE, await startFromFile("a.mid", FILE));
  const takes = await redoWork(generator, work, "bar 2", {
    takes: 3,
    randomSeed: 5,
  });
  const kept = await keepTake(generator, takes[0]!, 3, readFile);
  assert.deepEqual(kept.bytes, takes[2]!.bytes);
  assert.deepEqual(kept.recipe, takes[2]!.recipe);
});

Deno.test("remakeWork() composes a piece again from its prompt", async () => {
  using generator = await Generator.open(untrainedRemi(band));
  const made = await compose(generator, "piano, 8 bars", { randomSeed: 9 });
  const bytes = writeMidi(made.sequence);
  const start = { prompt: "piano, 8 bars", randomSeed: 9 };
  const [take] = await redoWork(
    generator,
    beginWork(generator, bytes, start),
    "bars 1-2",
  );
  const again = await remakeWork(generator, take!.recipe, readFile);
  assert.deepEqual(again.bytes, take!.bytes);
});

Deno.test("redoWork() keeps to the chords that the piece was asked with", async () => {
  using generator = await Generator.open(untrainedRemi(band));
  const start = { prompt: "piano and bass, Am F C, 8 bars", randomSeed: 9 };
  const made = await compose(generator, start.prompt, start);
  const work = beginWork(generator, writeMidi(made.sequence), start);
  const [take] = await redoWork(generator, work, "bars 2-3", { randomSeed: 1 });
  const [step] = take!.recipe.steps;
  assert.ok(step && "redo" in step);
  const { chords } = step.redo.wishes ?? {};
  assert.deepEqual(chords?.chords.map(({ symbol }) => symbol), ["F", "C"]);
  assert.deepEqual(take!.delivered.map(({ what, asked }) => [what, asked]), [
    ["chords", "F C"],
  ]);
  const again = await remakeWork(generator, take!.recipe, readFile);
  assert.deepEqual(again.bytes, take!.bytes);
});

Deno.test("editWork() goes on with the chords that the piece was asked with", async () => {
  using generator = await Generator.open(untrainedRemi(band));
  const start = { prompt: "piano and bass, Am F C, 8 bars", randomSeed: 9 };
  const made = await compose(generator, start.prompt, start);
  const work = beginWork(generator, writeMidi(made.sequence), start);
  const longer = await editWork(generator, work, "4 bars longer", {
    randomSeed: 3,
  });
  const [step] = longer.recipe.steps;
  assert.ok(step && "edits" in step);
  const { chords } = step.longer?.wishes ?? {};
  assert.deepEqual(chords?.chords.map(({ symbol }) => symbol), [
    "C",
    "Am",
    "F",
    "C",
  ]);
  const again = await remakeWork(generator, longer.recipe, readFile);
  assert.deepEqual(again.bytes, longer.bytes);
});

Deno.test("redoWork() knows that a piece loops, until it is made longer", async () => {
  using generator = await Generator.open(untrainedRemi(band));
  const start = { prompt: "piano loop, 8 bars", randomSeed: 9 };
  const made = await compose(generator, start.prompt, start);
  const work = beginWork(generator, writeMidi(made.sequence), start);
  assert.ok(made.isLoop && work.isLoop);
  const [take] = await redoWork(generator, work, "bar 2", { randomSeed: 1 });
  assert.ok(take!.isLoop);
  const longer = await editWork(generator, take!, "4 bars longer");
  assert.ok(!longer.isLoop);
  assert.match(longer.told.join(), /The piece is no loop any more/);
});

Deno.test("editWork() tells what a file loses that has to be written anew", async () => {
  using generator = await Generator.open(untrainedRemi(band));
  // A text in the last track, and a track that no change can be put into.
  const text = [0, 0xff, 1, 2, 0x68, 0x69, 0, 0xff, 0x2f, 0];
  const track = [0x4d, 0x54, 0x72, 0x6b, 0, 0, 0, text.length, ...text];
  const file = Uint8Array.from([...FILE, ...track]);
  file[11]!++;
  const start = await startFromFile("a.mid", file);
  const kept = await editWork(
    generator,
    beginWork(generator, file, start),
    "up 2 semitones, 90 bpm",
  );
  assert.ok(kept.bytes.toHex().includes(Uint8Array.from(text).toHex()));
  assert.doesNotMatch(kept.told.join(), /written anew/);
  const cut = file.slice(0, -1);
  const lost = await editWork(
    generator,
    beginWork(generator, cut, await startFromFile("b.mid", cut)),
    "90 bpm",
  );
  assert.match(lost.told.join(), /written anew.*1 × texts/);
});

Deno.test("remakeWork() refuses another model and a changed file with a sentence", async () => {
  using generator = await Generator.open(untrainedRemi(band));
  const { recipe } = beginWork(
    generator,
    FILE,
    await startFromFile("a.mid", FILE),
  );
  await assert.rejects(
    remakeWork(generator, { ...recipe, model: "other" }, readFile),
    /its model was "other"/,
  );
  await assert.rejects(
    remakeWork(generator, recipe, () => Promise.resolve(FILE.slice(0, 40))),
    /a\.mid has changed since/,
  );
});

Deno.test("editWork() adds bars after those that there are", async () => {
  using generator = await Generator.open(untrainedRemi(band));
  const work = beginWork(generator, FILE, await startFromFile("a.mid", FILE));
  const { sequence } = await editWork(generator, work, "12 bars", {
    randomSeed: 2,
  });
  const end = 8 * 1920;
  assert.equal(sequence.ticksPerQuarter, 480);
  const before = sequence.notes.filter(({ startTicks }) => startTicks < end);
  assert.deepEqual(before, parseMidi(FILE).notes);
  assert.ok(before.length < sequence.notes.length);
});
