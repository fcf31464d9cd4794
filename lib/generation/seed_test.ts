import assert from "node:assert/strict";
import { writeMidi } from "../midi/midi.ts";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { ChordTokenizer } from "../tokens/chord/chord.ts";
import { RemiTokenizer } from "../tokens/remi/remi.ts";
import { Generator } from "./generator.ts";
import { seedFrom, seedFromPiece } from "./seed.ts";
import { music, untrained, untrainedChord, untrainedRemi } from "./testing.ts";

Deno.test("seedFrom() replaces what the model does not know by the nearest, and reports it", () => {
  const model = untrainedRemi();
  const strange: NoteSequence = {
    ...music,
    parts: [{ name: "", program: 6, isDrum: false }],
    notes: music.notes.map((note) => ({ ...note, pitch: note.pitch + 36 })),
    tempos: [{ ticks: 0, qpm: 190 }],
  };
  const { tokens, replaced } = seedFrom(model, writeMidi(strange), "a.mid");
  assert.equal(replaced.get("Program_6"), "Program_4");
  assert.equal(replaced.get("Tempo_190"), "Tempo_72");
  assert.equal(replaced.get("Pitch_96"), "Pitch_60");
  assert.ok(tokens.every((token) => model.vocabulary.has(token)));
});

Deno.test("seedFrom() refuses a piece too short to go on, and one without notes", async () => {
  const model = untrainedRemi();
  assert.throws(
    () => seedFrom(model, writeMidi(music), "a.mid", 1),
    /at least 2 bars/,
  );
  const empty = seedFrom(untrainedChord(), writeMidi(emptySequence(480)));
  using generator = await Generator.open(untrainedChord());
  await assert.rejects(
    generator.generate({ seed: empty.tokens }),
    /it has no tokens/,
  );
});

Deno.test("seedFrom() reads chords as the original does", () => {
  const expected = new ChordTokenizer().encodeFile!(writeMidi(music)).slice(
    0,
    64,
  );
  const { tokens } = seedFrom(untrained("chord", expected), writeMidi(music));
  assert.deepEqual(tokens, expected);
});

Deno.test("seedFromPiece() takes the first four bars, its length left open", async () => {
  const model = untrainedRemi();
  const ids = model.vocabulary.encode(new RemiTokenizer().encode(music));
  const { tokens } = seedFromPiece(model, ids);
  assert.equal(tokens.filter((token) => token === "Bar").length, 4);
  assert.ok(tokens.includes("LengthBars_any"));
  using generator = await Generator.open(model);
  const piece = await generator.generate({ seed: tokens, bars: 6 });
  assert.equal(piece.tokens.filter((token) => token === "Bar").length, 6);
});

Deno.test("seedFrom() takes the file's end where the whole is too long, and gives its spec", () => {
  const { tokens, spec } = seedFrom(untrainedRemi(), writeMidi(music), "", 8);
  assert.equal(tokens.filter((token) => token === "Bar").length, 4);
  assert.equal(Math.round(spec!.qpm!), 72);
  assert.equal(spec?.meter, "4/4");
  assert.deepEqual(spec?.constraints, { programs: [4], kits: [] });
  assert.throws(
    () =>
      seedFrom(
        untrainedRemi(),
        writeMidi({
          ...music,
          timeSignatures: [{ ticks: 0, numerator: 5, denominator: 4 }],
        }),
      ),
    /has a TimeSignature_5\/4, and the model knows only TimeSignature_4\/4/,
  );
});
