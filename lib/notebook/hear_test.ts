import assert from "node:assert/strict";
import { join } from "@std/path";
import { parseMidi } from "../midi/midi.ts";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { hearPiece } from "./hear.ts";
import { inKernel, texts } from "./testing.ts";

/** A piece of one note. */
function piece(pitch: number): NoteSequence {
  return {
    ...emptySequence(480),
    parts: [{ name: "Keys", program: 4, isDrum: false }],
    notes: [{ pitch, velocity: 80, startTicks: 0, endTicks: 480, part: 0 }],
    totalTicks: 480,
  };
}

Deno.test("hearPiece() writes and shows the piece of a number", async () => {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    let files: string[] = [];
    const messages = await inKernel(async () => {
      files = await hearPiece([piece(60), piece(67)], 2, { folder });
    });
    assert.deepEqual(files, [join(folder, "02.mid"), join(folder, "02.mp3")]);
    const { notes } = parseMidi(await Deno.readFile(files[0]!));
    assert.deepEqual(notes.map(({ pitch }) => pitch), [67]);
    const shown = texts(messages).join("\n");
    assert.match(shown, /Piece 2\. Piano roll/);
    assert.match(shown, /Piece 2: .*02\.mp3/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("hearPiece() refuses a number that no piece has", async () => {
  await assert.rejects(hearPiece([piece(60)], 2), {
    name: "RangeError",
    message: /Cannot hear piece 2: there are pieces 1 to 1/,
  });
});
