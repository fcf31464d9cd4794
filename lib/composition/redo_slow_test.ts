/**
 * Bars and parts made anew by the starter model, measured on the MIDI bytes. The
 * rates required are those that the project promises, below those that it reaches.
 */

import assert from "node:assert/strict";
import { Random, runFolder } from "../base/base.ts";
import { Generator } from "../generation/generation.ts";
import { parseMidi, spliceMidi, writeMidi } from "../midi/midi.ts";
import { loadBest } from "../model/model.ts";
import { BarLines, type NoteSequence } from "../music/music.ts";
import { compose } from "./compose.ts";
import { redo, type Redone, type RedoWish } from "./redo.ts";
import { leapsAt } from "./seams.ts";

const STARTER = await loadBest(runFolder("starter"));
const PROMPTS = [
  "calm piano",
  "lo-fi keys, bass and drums",
  "sad strings and piano, 3/4",
  "electric piano, bass, pad, flute and drums",
  "happy guitar and bass, 6/8",
  "loud piano and bass in G minor",
];
const WISHES: readonly NonNullable<RedoWish["wishes"]>[] = [
  {},
  { density: "sparse" },
  { density: "dense" },
  { than: { density: -1, loudness: -1 } },
  { than: { density: 1 } },
  { register: "low" },
  { than: { register: 1 } },
  { loudness: "soft" },
  { key: { tonic: 2, mode: "minor" } },
  { range: [52, 76] },
];
/** Redone stretches of each piece. */
const TIMES = 6;

/** The chunks of a file, header first. */
function chunksOf(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = start + 8 + view.getUint32(start + 4);
    chunks.push(bytes.subarray(start, end).toHex());
    start = end;
  }
  return chunks;
}

/** Asserts that nothing but notes and pedals of the parts in the bars changes. */
function assertRestSame(
  before: Uint8Array,
  after: Uint8Array,
  { from, to, parts }: Redone,
): void {
  const music = parseMidi(before), made = parseMidi(after);
  const touched = new Set([...parts].map((part) => music.parts[part]!.track));
  const old = chunksOf(before), fresh = chunksOf(after);
  assert.equal(fresh.length, old.length);
  for (const [i, chunk] of old.entries()) {
    if (!touched.has(i - 1)) assert.equal(fresh[i], chunk, `chunk ${i}`);
  }
  const rest = ({ notes, controls }: NoteSequence) => ({
    notes: notes.filter(({ part, startTicks }) =>
      !parts.has(part) || startTicks < from || startTicks >= to
    ),
    controls: controls.filter(({ part, ticks }) =>
      !parts.has(part) || ticks < from || ticks >= to
    ),
  });
  assert.deepEqual(rest(made), rest(music));
}

Deno.test("redo() leaves the rest byte for byte, meets wishes, and leaps no further than the corpus", async () => {
  using generator = await Generator.open(STARTER);
  const random = new Random(5);
  let asked = 0, met = 0, seams = 0, far = 0;
  const missed: string[] = [];
  for (const [i, prompt] of PROMPTS.entries()) {
    const made = await compose(generator, `${prompt}, 16 bars`, {
      randomSeed: 40 + i,
    });
    const bytes = writeMidi(made.sequence), music = parseMidi(bytes);
    for (let time = 0; time < TIMES; time++) {
      const count = BarLines.of(music).count;
      const length = random.pick([1, 2, 4, 8]);
      const first = 1 + random.int(count - length + 1);
      const wish: RedoWish = {
        bars: [first, first + length - 1],
        ...time % 3 > 0 && { parts: [random.int(music.parts.length)] },
        wishes: WISHES[(TIMES * i + time) % WISHES.length]!,
      };
      const redone = await redo(generator, music, wish, { randomSeed: time });
      const after = spliceMidi(bytes, redone.sequence);
      assert.ok(after, "the file is changed in place");
      assertRestSame(bytes, after, redone);
      for (const row of redone.delivered) {
        asked++;
        if (row.met) met++;
        else missed.push(`${prompt} ${JSON.stringify(wish)}: ${row.delivered}`);
      }
      if (wish.wishes?.range) continue;
      const ends = [redone.from, redone.to];
      for (const leap of leapsAt(redone.sequence, redone.parts, ends)) {
        seams++;
        if (leap.semitones > leap.usual) far++;
      }
    }
  }
  assert.ok(met >= 0.95 * asked, `${met} of ${asked}\n${missed.join("\n")}`);
  assert.ok(far <= 0.05 * seams, `${far} of ${seams} leaps are unusual`);
});
