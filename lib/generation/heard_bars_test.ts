import assert from "node:assert/strict";
import { RemiAlphabet } from "../tokens/remi/remi.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { barsInto } from "./heard_bars.ts";

const alphabet = RemiAlphabet.of(Vocabulary.fromTokens(
  ("TimeSignature_4/4 Tempo_70 Tempo_80 Position_0 Position_12 Program_0 Program_33 " +
    "Kit_0 Pitch_50 Pitch_57 Pitch_60 Pitch_62 Drum_36 Velocity_60 Duration_12")
    .split(" "),
));
const { vocabulary } = alphabet;

function into(bar: string, semitones: number, without: string[] = []): string {
  const usable = new Uint8Array(vocabulary.size).fill(1);
  for (const token of without) usable[vocabulary.id(token)] = 0;
  const ids = [...vocabulary.encode(bar.split(" "))];
  const [made] = barsInto([ids], { alphabet, usable, semitones });
  return [...vocabulary.decode(made!)].join(" ");
}

const BAR = "TimeSignature_4/4 Tempo_70 Position_0 " +
  "Program_0 Pitch_60 Velocity_60 Duration_12 " +
  "Program_33 Pitch_50 Velocity_60 Duration_12 Kit_0 Drum_36 Velocity_60 " +
  "Position_12 Tempo_80 Drum_36 Velocity_60";

Deno.test("barsInto() leaves out meter, tempo, and instruments that do not play", () => {
  assert.equal(
    into(BAR, 0, ["Kit_0", "Program_0"]),
    "Position_0 Program_33 Pitch_50 Velocity_60 Duration_12",
  );
});

Deno.test("barsInto() moves pitches but no drums, by an octave where it has to", () => {
  assert.equal(
    into(BAR, 2, ["Program_33"]),
    "Position_0 Program_0 Pitch_62 Velocity_60 Duration_12 " +
      "Kit_0 Drum_36 Velocity_60 Position_12 Drum_36 Velocity_60",
  );
  // 60 + 9 is neither there nor an octave away in the vocabulary but as 57.
  const high = "Position_0 Program_0 Pitch_60 Velocity_60 Duration_12 " +
    "Pitch_62 Velocity_60 Duration_12";
  assert.equal(
    into(high, 9),
    "Position_0 Program_0 Pitch_57 Velocity_60 Duration_12 " +
      "Pitch_62 Velocity_60 Duration_12",
  );
});
