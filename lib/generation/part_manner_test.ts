import assert from "node:assert/strict";
import { attributeTokens, type PartWish } from "../music/music.ts";
import { RemiAlphabet, RemiGrammar } from "../tokens/remi/remi.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { rulesOf } from "./rules.ts";

const HEAD = attributeTokens({});
const vocabulary = Vocabulary.fromTokens([
  ...HEAD,
  ..."Bar TimeSignature_4/4 Tempo_72 Program_0 Program_33 Program_48 Velocity_68 End"
    .split(" "),
  ...[0, 6, 12, 18, 24, 36].map((step) => `Position_${step}`),
  ...[48, 50, 52, 55, 60].map((pitch) => `Pitch_${pitch}`),
  ...[6, 12, 24, 48].map((steps) => `Duration_${steps}`),
]);
const alphabet = RemiAlphabet.of(vocabulary);
const BAR = "Bar TimeSignature_4/4 Tempo_72";
const note = (pitch: number, steps = 12) =>
  `Pitch_${pitch} Velocity_68 Duration_${steps}`;

/** What may follow some tokens, and what is favoured. */
function after(music: string, wish: PartWish, programs = [0, 33, 48]) {
  const head = [...vocabulary.encode(HEAD)];
  const spec = { partWishes: [wish], constraints: { programs, kits: [] } };
  const [rule] = rulesOf(spec, head, alphabet, 12);
  const grammar = new RemiGrammar(vocabulary);
  const mask = new Uint8Array(vocabulary.size);
  const bias = new Float32Array(vocabulary.size);
  for (const id of [...head, ...vocabulary.encode(music.split(" "))]) {
    grammar.push(id);
    rule?.push(id, grammar.step);
  }
  grammar.mask(mask);
  rule?.restrict(mask, grammar, 0);
  rule?.bias(bias, grammar, 0);
  return {
    hasRule: rule !== undefined,
    may: (token: string) => mask[vocabulary.id(token)] === 1,
    of: (token: string) => bias[vocabulary.id(token)]!,
  };
}

const WALKS = { program: 33, positions: "beats", isMonophonic: true } as const;

Deno.test("PartManner has a walking bass play on each beat, before what follows it", () => {
  const start = after(BAR, WALKS);
  assert.ok(start.may("Position_0") && !start.may("Position_12"));
  const due = after(`${BAR} Position_0`, WALKS);
  assert.equal(due.of("Program_0"), 0);
  assert.ok(due.of("Program_48") < 0 && due.of("Position_12") < 0);
  const played = after(`${BAR} Position_0 Program_33 ${note(48)}`, WALKS);
  assert.equal(played.of("Position_12"), 0);
  assert.ok(played.may("Position_12") && !played.may("Position_18"));
  assert.ok(!played.may("Bar") && !played.may("Pitch_50"));
});

Deno.test("PartManner keeps a walking bass off the other positions, and moving", () => {
  const start = `${BAR} Position_0 Program_33 ${note(48)}`;
  const off = after(`${start} Position_6`, WALKS);
  assert.ok(!off.may("Program_33") && !off.may("Pitch_50"));
  assert.ok(off.may("Program_0"));
  const next = after(`${start} Position_12`, WALKS);
  assert.ok(next.of("Pitch_48") < next.of("Pitch_50"));
  const held = after(
    `${BAR} Position_0 Program_33 Pitch_48 Velocity_68`,
    WALKS,
  );
  assert.ok(held.may("Duration_12") && !held.may("Duration_24"));
});

Deno.test("PartManner gives a drone long notes, chained where they must be", () => {
  const drone = { program: 48, leastQuarters: 8 };
  const first = after(
    `${BAR} Position_0 Program_48 Pitch_48 Velocity_68`,
    drone,
  );
  assert.ok(first.may("Duration_48") && !first.may("Duration_24"));
  const then = after(`${BAR} Position_0 Program_48 ${note(48, 48)}`, drone);
  assert.ok(then.of("Duration_48") > then.of("Bar"));
});

Deno.test("PartManner lets a part play one note at a time", () => {
  const single = { program: 0, isMonophonic: true };
  const start = `${BAR} Position_0 Program_0 ${note(48, 24)}`;
  assert.ok(!after(start, single).may("Pitch_52"));
  assert.ok(!after(`${start} Position_12`, single).may("Pitch_52"));
  assert.ok(after(`${start} Position_24`, single).may("Pitch_52"));
  const alone = after(start, single, [0]);
  assert.ok(!alone.may("Position_12") && alone.may("Position_24"));
});

Deno.test("PartManner plays off the beat", () => {
  const off = { program: 0, positions: "offbeats" } as const;
  assert.ok(!after(`${BAR} Position_0`, off).may("Program_0"));
  assert.ok(after(`${BAR} Position_6`, off).may("Program_0"));
});

Deno.test("PartManner keeps notes short, and within the part's range", () => {
  const low = { program: 0, mostQuarters: 0.5, range: [0, 52] } as const;
  const start = after(`${BAR} Position_0 Program_0`, low);
  assert.ok(start.may("Pitch_52") && !start.may("Pitch_55"));
  const held = after(`${BAR} Position_0 Program_0 Pitch_48 Velocity_68`, low);
  assert.ok(held.may("Duration_6") && !held.may("Duration_12"));
  const other = after(`${BAR} Position_0 Program_48`, low);
  assert.ok(other.may("Pitch_60"));
});

Deno.test("PartManner breaks chords: thirds and more, no steps from the bar's tones", () => {
  const broken = { program: 0, isMonophonic: true, isBroken: true };
  const start = `${BAR} Position_0 Program_0 ${note(48)} Position_12`;
  const next = after(start, broken);
  assert.ok(next.may("Pitch_52") && next.may("Pitch_60"));
  assert.ok(!next.may("Pitch_48") && !next.may("Pitch_50"));
  const third = after(`${start} ${note(52)} Position_24`, broken);
  assert.ok(third.of("Pitch_50") < third.of("Pitch_55"));
});

Deno.test("rulesOf() finds who plays a part: another of its family, or nobody", () => {
  assert.ok(after(BAR, { program: 32, isMonophonic: true }).hasRule);
  assert.ok(!after(BAR, { program: 73, isMonophonic: true }).hasRule);
});

Deno.test("PartManner keeps to a range, a span, small steps and pitch classes", () => {
  const start = `${BAR} Position_0 Program_48 ${note(50)}`;
  const may = (wish: PartWish) => after(start, wish, [48]).may;
  assert.ok(may({ range: [0, 55] })("Pitch_55"));
  assert.ok(!may({ range: [0, 55] })("Pitch_60"));
  assert.ok(may({ span: 5 })("Pitch_55") && !may({ span: 5 })("Pitch_60"));
  assert.ok(may({ mostLeap: 2 })("Pitch_52"));
  assert.ok(!may({ mostLeap: 2 })("Pitch_55"));
  assert.ok(may({ pitchClasses: [0] })("Pitch_60"));
  assert.ok(!may({ pitchClasses: [0] })("Pitch_55"));
});

Deno.test("PartManner begins no note too soon after the last", () => {
  const start = `${BAR} Position_0 Program_48 ${note(50)}`;
  const { may } = after(start, { apartQuarters: 1 }, [48]);
  assert.ok(!may("Position_6") && may("Position_12"));
});

Deno.test("rulesOf() has every part play as a wish of no part says", () => {
  const spec = {
    partWishes: [{ span: 12 }],
    constraints: { programs: [0, 48], kits: [] },
  };
  const rules = rulesOf(spec, [...vocabulary.encode(HEAD)], alphabet, 12);
  assert.equal(rules.length, 2);
});
