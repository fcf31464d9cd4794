import assert from "node:assert/strict";
import { attributeTokens } from "../music/music.ts";
import { RemiAlphabet, RemiGrammar } from "../tokens/remi/remi.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { Steering, type SteeringOptions } from "./steering.ts";

const HEAD = attributeTokens({});
const vocabulary = Vocabulary.fromTokens([
  ...HEAD,
  ..."Bar TimeSignature_4/4 Tempo_72 Program_0 Program_32 Kit_0 Velocity_68 End"
    .split(" "),
  ...[0, 6, 12, 24, 36].map((step) => `Position_${step}`),
  ...[36, 48, 59, 60, 61, 62, 64, 67, 72, 73, 84].map((p) => `Pitch_${p}`),
  "Drum_36",
  "Duration_12",
  "Duration_48",
]);

/** The steering after some tokens, and the bias of the next token. */
function after(
  music: string,
  targets: SteeringOptions["targets"],
  limits: Pick<SteeringOptions, "ranges" | "usable"> = {},
) {
  const alphabet = RemiAlphabet.of(vocabulary);
  const stepsPerQuarter = 12;
  const steering = new Steering({
    alphabet,
    stepsPerQuarter,
    targets,
    ...limits,
  });
  const grammar = new RemiGrammar(vocabulary);
  for (const token of [...HEAD, ...music.split(" ").filter(Boolean)]) {
    grammar.push(vocabulary.id(token));
    steering.push(vocabulary.id(token), grammar.step);
  }
  const bias = new Float32Array(vocabulary.size);
  steering.bias(bias, grammar, 0);
  return {
    steering,
    grammar,
    of: (token: string) => bias[vocabulary.id(token)]!,
  };
}

const BAR = "Bar TimeSignature_4/4 Tempo_72";
const note = (pitch: number, steps = 12) =>
  `Pitch_${pitch} Velocity_68 Duration_${steps}`;
const CHORD = `Position_0 Program_0 ${
  [60, 64, 67].map((p) => note(p)).join(" ")
}`;
const DENSE = BAR + ` ${CHORD} Position_12 ${note(60)} ${note(64)} ${note(67)}`
  .repeat(1) +
  ` Bar ${CHORD} Bar ${CHORD}`;

Deno.test("Steering adds nothing where a piece meets its targets", () => {
  const { of } = after(`${BAR} ${CHORD}`, {
    density: [0, 100],
    register: [40, 90],
  });
  assert.equal(of("Position_24"), 0);
  assert.equal(of("Bar"), 0);
  assert.equal(of("Pitch_84"), 0);
});

Deno.test("Steering favours early positions where notes are too few, and late ones where they are too many", () => {
  const few = after(`${BAR} Position_0 Program_0 ${note(60)} Bar Bar Bar`, {
    density: [3, Infinity],
  });
  assert.ok(few.of("Position_0") > few.of("Position_24"));
  assert.ok(few.of("Position_24") > few.of("Bar"));
  const many = after(DENSE, { density: [0, 0.2] });
  assert.ok(many.of("Bar") > many.of("Position_24"));
  assert.ok(many.of("Position_24") > 0);
});

Deno.test("Steering favours higher pitches in a piece that is too low, lower ones in one too high", () => {
  const low = after(`${BAR} Position_0 Program_0 ${note(36)}`, {
    register: [66, 128],
  });
  assert.ok(low.of("Pitch_84") > low.of("Pitch_48"));
  const high = after(`${BAR} Position_0 Program_0 ${note(84)}`, {
    register: [0, 54],
  });
  assert.ok(high.of("Pitch_48") > high.of("Pitch_72"));
});

Deno.test("Steering favours the tonic of its key, more where another key is heard", () => {
  const key = { tonic: 0, mode: "major" } as const;
  const home = after(`${BAR} ${CHORD}`, { key });
  assert.ok(home.of("Pitch_72") > home.of("Pitch_73"));
  const away = after(
    `${BAR} Position_0 Program_0 ${note(61, 48)} ${note(73, 48)} Bar`,
    { key },
  );
  const pull = ({ of }: typeof home) => of("Pitch_84") - of("Pitch_62");
  assert.ok(pull(away) > pull(home));
});

Deno.test("Steering favours an instrument that is yet to be heard, the more the longer, and no other", () => {
  const targets = { programs: [0, 32] };
  const after2 = after(`${BAR} ${CHORD} Bar Bar`, targets);
  const after4 = after(`${BAR} ${CHORD} Bar Bar Bar Bar`, targets);
  assert.ok(after2.of("Program_32") > 0);
  assert.ok(after4.of("Program_32") > after2.of("Program_32"));
  assert.equal(after4.of("Program_0"), 0);
  assert.equal(after4.of("Kit_0"), 0);
  const bass = `Position_0 Program_32 ${note(36)}`;
  const heard = after(`${BAR} ${CHORD} Bar ${bass} Bar Bar Bar Bar`, targets);
  assert.equal(heard.of("Program_32"), 0);
  const { of: free } = after(`${BAR} ${CHORD} Bar Bar Bar Bar`, {});
  assert.equal(free("Program_32"), 0);
});

Deno.test("Steering.listen() forgets which instruments were heard", () => {
  const { steering, grammar } = after(`${BAR} ${CHORD} Bar`, {
    programs: [0],
  });
  const bias = new Float32Array(vocabulary.size);
  const favour = (start: number) => {
    steering.bias(bias, grammar, start);
    return bias[vocabulary.id("Program_0")]!;
  };
  assert.equal(favour(240), 0);
  steering.listen(144);
  assert.equal(favour(96), 0);
  assert.ok(favour(240) > 0);
});

Deno.test("Steering.listen() leads what follows to the key, whatever was heard before", () => {
  const key = { tonic: 0, mode: "major" } as const;
  const home = `${BAR} ${CHORD} Bar ${CHORD} Bar ${CHORD} Bar`;
  const { steering, grammar } = after(home, { key });
  const bias = new Float32Array(vocabulary.size);
  const pull = () => {
    steering.bias(bias, grammar, 0);
    return bias[vocabulary.id("Pitch_72")]! - bias[vocabulary.id("Pitch_73")]!;
  };
  const before = pull();
  steering.listen(144);
  assert.ok(pull() > before);
});

Deno.test("Steering holds back a pitch that its own part still holds, but not for other parts", () => {
  const held = after(`${BAR} Position_0 Program_32 ${note(60, 48)}`, {});
  assert.ok(held.of("Pitch_60") < held.of("Pitch_61"));
  assert.equal(held.of("Pitch_62"), 0);
  const other = after(
    `${BAR} Position_0 Program_0 ${note(60, 48)} Program_32`,
    {},
  );
  assert.equal(other.of("Pitch_60"), 0);
  const over = after(`${BAR} Position_0 Program_32 ${note(60, 48)} Bar`, {});
  assert.equal(over.of("Pitch_60"), 0);
});

Deno.test("Steering holds back a part that holds every pitch of its range", () => {
  const drone = `${BAR} Position_0 Program_0 ${note(60, 48)}`;
  const ranges = { 0: [60, 60], 32: [36, 36] } as const;
  const { of } = after(drone, {}, { ranges });
  assert.ok(of("Program_0") < of("Program_32"));
  const wider = { ranges: { 0: [60, 61] } } as const;
  assert.equal(after(drone, {}, wider).of("Program_0"), 0);
  const usable = new Uint8Array(vocabulary.size).fill(1);
  usable[vocabulary.id("Pitch_61")] = 0;
  const outOfScale = after(drone, {}, { ...wider, usable });
  assert.ok(outOfScale.of("Program_0") < 0);
  const over = after(`${drone} Bar`, {}, { ranges });
  assert.equal(over.of("Program_0"), 0);
});

Deno.test("Steering holds back a program of one voice while it sounds", () => {
  const sounding = `${BAR} Position_0 Program_0 ${note(60, 48)}`;
  const one = after(sounding, { monophonic: [0] });
  assert.ok(one.of("Pitch_67") < 0 && one.of("Program_0") < 0);
  assert.equal(one.of("Program_32"), 0);
  assert.equal(after(sounding, { monophonic: [32] }).of("Pitch_67"), 0);
  const over = after(`${sounding} Bar`, { monophonic: [0] });
  assert.equal(over.of("Program_0"), 0);
});

Deno.test("Steering.clone() goes on independently", () => {
  const music = `${BAR} Position_0 Program_32 ${note(60, 48)}`;
  const { steering, grammar } = after(music, { programs: [0] });
  const copy = steering.clone();
  copy.push(vocabulary.id("Program_0"), 0);
  copy.push(vocabulary.id("Pitch_60"), 0);
  const bias = new Float32Array(vocabulary.size), other = bias.slice();
  steering.bias(bias, grammar, 96);
  copy.bias(other, grammar, 96);
  assert.ok(bias[vocabulary.id("Program_0")]! > 0);
  assert.equal(other[vocabulary.id("Program_0")], 0);
});

Deno.test("Steering.clone() copies what is held", () => {
  const music = `${BAR} Position_0 Program_32 ${note(60, 48)}`;
  const { steering, grammar } = after(music, {});
  const bias = new Float32Array(vocabulary.size), other = bias.slice();
  const copy = steering.clone();
  for (const one of [steering, copy]) one.push(vocabulary.id("Program_32"), 0);
  steering.bias(bias, grammar, 0);
  copy.bias(other, grammar, 0);
  assert.ok(bias[vocabulary.id("Pitch_60")]! < 0);
  assert.deepEqual(other, bias);
});
