import assert from "node:assert/strict";
import { LimitError } from "../../base/base.ts";
import {
  attributesOf,
  cutSilence,
  describePiece,
  type NoteSequence,
  rangeMeasures,
} from "../../music/music.ts";
import { part, piece, type QuantizedRow } from "./testing.ts";
import { RemiTokenizer } from "./tokenizer.ts";

const N = 200_000;
const rows = (count: number, row: (i: number) => QuantizedRow) =>
  Array.from({ length: count }, (_, i) => row(i));
/** Its own end is given, since a table of so many rows cannot find it. */
const long = (
  notes: QuantizedRow[],
  totalTicks: number,
  rest: Partial<NoteSequence> = {},
): NoteSequence => ({
  ...piece([], rest),
  notes: notes.map(([pitch, velocity, startTicks, endTicks, part = 0]) => (
    { pitch, velocity, startTicks, endTicks, part }
  )),
  totalTicks,
});
const changes = Array.from({ length: N }, (_, i) => ({ ticks: i }));

/** Pieces that hurt where work or memory grows faster than they do. */
const PIECES: readonly {
  readonly name: string;
  readonly sequence: NoteSequence;
  /** Bars of its tokens, or why it is refused. */
  readonly gives: number | string;
}[] = [
  {
    name: "all notes at one step",
    sequence: long(rows(N, () => [60, 84, 0, 9]), 9),
    gives: 1,
  },
  {
    name: "16,000 parts",
    sequence: long(rows(N, (i) => [60, 84, 0, 9, i >> 4]), 9, {
      parts: Array.from({ length: 16_000 }, (_, i) => part(i % 128)),
    }),
    gives: 1,
  },
  {
    name: "notes that all last to the end",
    sequence: long(rows(N, (i) => [60, 84, i, N]), N),
    gives: "the piece has too many long notes",
  },
  {
    name: "thousands of meters at each step",
    sequence: long([[60, 84, 0, 48]], 48, {
      timeSignatures: changes.map(({ ticks }) => (
        { ticks: ticks >> 12, numerator: 3, denominator: 4 }
      )),
    }),
    gives: 16,
  },
  {
    name: "a meter at each step",
    sequence: long(rows(N / 50, (i) => [60, 84, 50 * i, 50 * i + 9]), N, {
      timeSignatures: changes.map(({ ticks }) => (
        { ticks, numerator: 3, denominator: 4 }
      )),
    }),
    gives: "the piece has too many bars",
  },
  {
    name: "a tempo at each step",
    sequence: long(rows(N / 50, (i) => [60, 84, 50 * i, 50 * i + 9]), N, {
      tempos: changes.map(({ ticks }) => ({ ticks, qpm: 60 + ticks % 90 })),
    }),
    gives: 4166,
  },
  {
    name: "a day of rest",
    sequence: long([[60, 84, 0, 1], [60, 84, 2 ** 40, 2 ** 40 + 1]], 2 ** 41),
    gives: 10,
  },
  {
    name: "a day of one note",
    sequence: long([[60, 84, 0, 2 ** 40]], 2 ** 40),
    gives: 257,
  },
];

for (const { name, sequence, gives } of PIECES) {
  Deno.test(`RemiTokenizer.encode() does not choke on ${name}`, () => {
    const tokenizer = new RemiTokenizer();
    const { sequence: cut } = cutSilence(sequence);
    assert.equal(describePiece(cut).notes, sequence.notes.length);
    assert.equal(attributesOf(cut).Meter !== undefined, true);
    assert(rangeMeasures(cut).polyphony > 0);
    if (typeof gives === "number") {
      const tokens = tokenizer.encode(cut);
      assert.equal(tokens.filter((token) => token === "Bar").length, gives);
      return;
    }
    assert.throws(
      () => tokenizer.encode(cut),
      (error) => error instanceof LimitError && error.reason === gives,
    );
  });
}
