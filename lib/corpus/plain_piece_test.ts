import assert from "node:assert/strict";
import { join } from "@std/path";
import { Random, STARTER_FOLDER } from "../base/base.ts";
import { writeMidi } from "../midi/midi.ts";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { type RemiOptions, RemiTokenizer } from "../tokens/remi/remi.ts";
import { readPlainPiece } from "./plain_piece.ts";
import { readPiece } from "./reading.ts";
import { midi } from "./testing.ts";

/** Of another class, so that its files are read in TypeScript. */
class OwnTokenizer extends RemiTokenizer {
  readonly #tokenizer: RemiTokenizer;

  constructor(options: RemiOptions) {
    super(options);
    this.#tokenizer = new RemiTokenizer(options);
  }

  override encode(sequence: NoteSequence): string[] {
    return this.#tokenizer.encode(sequence);
  }

  override encodeNumbered(sequence: NoteSequence) {
    return this.#tokenizer.encodeNumbered(sequence);
  }
}

/** What was told of plain files so far. */
const told = new Set<string>();

/** Whether a file is plain; if so, both ways must make the same of it. */
function isPlainAndSame(
  bytes: Uint8Array,
  what: string,
  { maxGapBars = 8, ...options }: RemiOptions & { maxGapBars?: number } = {},
): boolean {
  const tokenizer = new OwnTokenizer(options);
  const plain = readPlainPiece(bytes, tokenizer.options, maxGapBars);
  if (plain === undefined) return false;
  for (const { reason } of plain.repairs) told.add(reason);
  const other = readPiece(bytes, tokenizer, { maxGapBars });
  // In JSON too, as it is kept: in the same order.
  assert.equal(JSON.stringify(plain), JSON.stringify(other), what);
  assert.deepEqual(plain, other, what);
  return true;
}

/** A piece of all that such a file may have: gaps, pedals, meters, tempi, programs. */
function anyPiece(random: Random): NoteSequence {
  const pick = (below: number) => Math.floor(random.next() * below);
  const isRare = () => pick(5) === 0;
  const ticksPerQuarter = [24, 96, 480, 1000][pick(4)]!;
  const bar = 4 * ticksPerQuarter;
  const parts = Array.from({ length: 1 + pick(5) }, (_, track) => ({
    name: "",
    program: pick(128),
    isDrum: isRare(),
    channel: track,
    track,
  }));
  let ticks = isRare() ? pick(12) * bar : 0;
  const notes = Array.from({ length: 1 + pick(150) }, () => {
    ticks += pick(3) * pick(ticksPerQuarter);
    if (pick(60) === 0) ticks += pick(300) * bar;
    const length = isRare() ? pick(4 * bar) : pick(2 * ticksPerQuarter);
    return {
      pitch: 30 + pick(60),
      velocity: 1 + pick(127),
      startTicks: ticks,
      endTicks: ticks + 1 + length * (pick(80) === 0 ? 300 : 1),
      part: pick(parts.length),
    };
  }).sort((a, b) => a.startTicks - b.startTicks || a.part - b.part);
  const totalTicks = Math.max(...notes.map(({ endTicks }) => endTicks)) +
    (isRare() ? pick(20) * bar : 0);
  const times = (most: number) =>
    [...new Set(Array.from({ length: pick(most) }, () => pick(totalTicks)))]
      .sort((a, b) => a - b);
  const isOneBeat = isRare();
  return {
    ...emptySequence(ticksPerQuarter),
    parts,
    notes,
    tempos: times(6).map((ticks) => ({ ticks, qpm: 5 + pick(600) })),
    timeSignatures: (isOneBeat ? [0, ...times(2)] : times(5)).map((ticks) => ({
      ticks,
      numerator: isOneBeat ? 1 : 1 + pick(9),
      denominator: isOneBeat ? 4 : [2, 4, 8, 16, 32][pick(5)]!,
    })),
    controls: isRare() ? [] : times(60).map((ticks) => ({
      ticks,
      part: pick(parts.length),
      controller: pick(4) > 0 ? 64 : 7,
      value: pick(128),
    })),
    totalTicks,
  };
}

Deno.test("readPlainPiece() makes of a piece what readPiece() does: silences, pedals, meters", () => {
  const random = new Random(3);
  let plain = 0;
  for (let i = 0; i < 300; i++) {
    const piece = anyPiece(random);
    const maxGapBars = i % 4 === 0 ? i % 3 : 8;
    const options = [{}, { stepsPerQuarter: 5, velocityBins: 4 }][i % 2];
    const bytes = writeMidi(piece);
    if (isPlainAndSame(bytes, `piece ${i}`, { ...options, maxGapBars })) {
      plain++;
    }
  }
  assert.ok(plain > 200, `only ${plain} are plain`);
  assert.equal(told.size, 7, [...told].join());
});

Deno.test("readPlainPiece() makes of the longest bars and times what readPiece() does", () => {
  const part = { name: "", program: 0, isDrum: false, channel: 0, track: 0 };
  const piece = (ticksPerQuarter: number, startTicks: number) =>
    writeMidi({
      ...emptySequence(ticksPerQuarter),
      parts: [part],
      timeSignatures: [{ ticks: 0, numerator: 255, denominator: 1 }],
      notes: [0, startTicks].map((startTicks) => ({
        ...{ pitch: 60, velocity: 64, part: 0 },
        startTicks,
        endTicks: startTicks + 9,
      })),
      totalTicks: startTicks + 9,
    });
  for (const ticksPerQuarter of [1, 480, 32767]) {
    for (const startTicks of [2 ** 20, 2 ** 27 - 99]) {
      for (const maxGapBars of [0, 1000]) {
        for (const stepsPerQuarter of [12, 96]) {
          isPlainAndSame(
            piece(ticksPerQuarter, startTicks),
            `${ticksPerQuarter} ${startTicks}`,
            { stepsPerQuarter, maxGapBars },
          );
        }
      }
    }
  }
});

Deno.test("readPlainPiece() leaves to readPiece() what it has no rule for", () => {
  const none = writeMidi(emptySequence(480));
  assert.ok(!isPlainAndSame(none, "no notes"));
  assert.ok(!isPlainAndSame(midi(60).subarray(0, 30), "half a file"));
  assert.ok(isPlainAndSame(midi(60, 62), "two notes"));
});

Deno.test("readPlainPiece() makes of starter files, and mutants of them, what readPiece() does", () => {
  const random = new Random(4);
  const pick = (below: number) => Math.floor(random.next() * below);
  let plain = 0, mutants = 0;
  for (const { name } of Deno.readDirSync(STARTER_FOLDER)) {
    if (!name.endsWith(".mid")) continue;
    const bytes = Deno.readFileSync(join(STARTER_FOLDER, name));
    assert.ok(isPlainAndSame(bytes, name), name);
    for (let i = 0; i < 4; i++) {
      const mutant = bytes.slice();
      // Heads, tempi and programs are more worth a change than notes.
      const at = pick(i % 2 === 0 ? mutant.length : 200);
      mutant[at] = i % 3 === 0 ? pick(128) : pick(256);
      mutants++;
      if (isPlainAndSame(mutant, `mutant ${i} of ${name}`)) plain++;
    }
  }
  assert.ok(plain > mutants / 10 && plain < mutants, `${plain} of ${mutants}`);
});
