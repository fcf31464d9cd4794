import assert from "node:assert/strict";
import { attributeTokens } from "../music/music.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { FeatureLayout, MOST_FEATURES } from "./features.ts";
import { MusicContext } from "./music_context.ts";
import { planOf } from "./piece_plan.ts";
import { MOST_RELATIONS } from "./pairs.ts";
import { Relations } from "./relations.ts";

/** Tokens of one voice's notes at a position. */
const at = (position: number, program: number, ...notes: string[]) =>
  `Position_${position} Program_${program} ${notes.join(" ")}`;
const note = (pitch: number, steps: number) =>
  `Pitch_${pitch} Velocity_68 Duration_${steps}`;
const HEAD = attributeTokens({ Key: "C", Mode: "major" }).join(" ");
const OPENING = "Bar TimeSignature_4/4 Tempo_70";
const PIECE = [
  HEAD,
  ...[OPENING, at(0, 0, note(60, 12), note(64, 12)), at(24, 0, note(67, 24))],
  ...["Bar", at(0, 0, note(62, 12), note(65, 12)), at(24, 0, note(69, 24))],
  "End",
].join(" ").split(" ");
const VOCABULARY = Vocabulary.fromTokens([
  ...PIECE,
  ...["Pitch_61", "Program_32", "Pitch_36", "Kit_0", "Drum_38"],
]);
const IDS = VOCABULARY.encode(PIECE);

/** A context after the first `count` tokens of a piece. */
function after(count: number, ids: ArrayLike<number> = IDS): MusicContext {
  const context = new MusicContext(VOCABULARY);
  context.reset(planOf(ids, context.alphabet));
  for (let i = 0; i < count; i++) context.push(ids[i]!);
  return context;
}

/** What the network is shown, and which relations hold. */
function shown(context: MusicContext): string {
  const { alphabet, stepsPerQuarter } = context;
  const features = new Int32Array(MOST_FEATURES);
  const pairs = new Int32Array(MOST_RELATIONS);
  const layout = new FeatureLayout(alphabet, stepsPerQuarter);
  const relations = new Relations(alphabet, stepsPerQuarter);
  return [
    features.subarray(0, layout.write(context, features, 0)),
    pairs.subarray(0, relations.write(context, pairs, 0)),
  ].join(" ");
}

const indexOf = (token: string, from = 0) => PIECE.indexOf(token, from);

Deno.test("MusicContext knows what sounds, and what each part played last", () => {
  const context = after(indexOf("Pitch_67") + 3);
  assert.equal(context.step, 24);
  assert.equal(context.sounding.count, 1);
  assert.equal(context.sounding.lowest(), 67);
  const { before, moment } = context.line!;
  const pitchesOf = (
    { count, pitches }: typeof moment,
  ) => [...pitches.subarray(0, count)];
  assert.deepEqual(pitchesOf(before), [60, 64]);
  assert.deepEqual(pitchesOf(moment), [67]);
  assert.equal(context.barsLeft, 1);
});

Deno.test("MusicContext recalls what came at the same place a bar ago", () => {
  const second = indexOf("Bar", indexOf("Bar") + 1);
  const recalled = (count: number) => {
    const id = after(count).recall.ids[0]!;
    return id < 0 ? "" : VOCABULARY.token(id);
  };
  assert.equal(recalled(second), "");
  assert.equal(recalled(second + 1), "Position_0");
  assert.equal(recalled(second + 2), "Program_0");
  assert.equal(recalled(second + 3), "Pitch_60");
  // After D it was E; moved as the part has moved since, F sharp.
  const inChord = after(indexOf("Pitch_62") + 3);
  assert.equal(VOCABULARY.token(inChord.recall.ids[0]!), "Pitch_64");
  assert.equal(inChord.recall.moved[0], 66);
  assert.equal(recalled(indexOf("Pitch_65") + 3), "Position_24");
});

Deno.test("MusicContext hears nothing of the tokens to come", () => {
  for (let count = 1; count < IDS.length; count++) {
    const other = [...IDS.slice(0, count), ...IDS.slice(0, IDS.length - count)];
    const plan = after(0).plan;
    const a = new MusicContext(VOCABULARY), b = new MusicContext(VOCABULARY);
    a.reset(plan);
    b.reset(plan);
    for (let i = 0; i < count; i++) {
      a.push(IDS[i]!);
      b.push(other[i]!);
    }
    assert.equal(shown(a), shown(b));
  }
});

Deno.test("MusicContext.copy() goes on as the original does", () => {
  for (let count = 0; count < IDS.length; count += 5) {
    const original = after(count), copy = after(3);
    copy.copy(original);
    for (let i = count; i < IDS.length; i++) {
      assert.equal(shown(copy), shown(original));
      copy.push(IDS[i]!);
      original.push(IDS[i]!);
    }
    assert.equal(shown(copy), shown(original));
  }
});

Deno.test("MusicContext.reset() leaves nothing of the piece before", () => {
  const used = after(IDS.length), fresh = after(0);
  used.reset(fresh.plan);
  for (const id of IDS) {
    used.push(id);
    fresh.push(id);
    assert.equal(shown(used), shown(fresh));
  }
});

Deno.test("FeatureLayout and Relations stay within their sizes", () => {
  const { size } = new FeatureLayout(after(0).alphabet, 12);
  for (let count = 1; count <= IDS.length; count++) {
    const context = after(count);
    const to = new Int32Array(MOST_FEATURES + 1).fill(-7);
    const layout = new FeatureLayout(context.alphabet, 12);
    const end = layout.write(context, to, 1);
    assert.equal(to[0], -7);
    const features = [...to.subarray(1, end)];
    assert.ok(features.every((one) => one >= 0 && one < size));
  }
});
