/** Bars or parts of a piece made anew, while all the rest stays. */

import { closeEnding } from "../arrangement/arrangement.ts";
import { Random } from "../base/base.ts";
import {
  type Generator,
  hearAround,
  type Redone as HeardAs,
} from "../generation/generation.ts";
import {
  BarLines,
  findKey,
  type Key,
  type Note,
  type NoteSequence,
  PITCH_CLASS_NAMES,
} from "../music/music.ts";
import { RemiAlphabet } from "../tokens/remi/remi.ts";
import type { Delivered } from "./delivered.ts";
import {
  type Aim,
  aimsOf,
  type AskedKey,
  isMet,
  type RedoWishes,
  rowsOf,
  type Stretch,
  wholeKey,
} from "./redo_aims.ts";
import { straightened, swingOf } from "./heard_swing.ts";
import { asLines, linesOf } from "./redo_lines.ts";
import { mannerAims } from "./redo_manner.ts";
import { placeNotes } from "./redo_notes.ts";
import { samplingOf } from "./redo_sampling.ts";
import { leapsAt } from "./seams.ts";

/** What of a piece is to be made anew, and how. */
export interface RedoWish {
  /** First and last bar, both included, counted from 1. @default all */
  readonly bars?: readonly [first: number, last: number];
  /** Indexes of parts. @default all */
  readonly parts?: readonly number[];
  /** What the new notes are to be like. @default what the model makes of it */
  readonly wishes?: RedoWishes;
}

/** How {@linkcode redo} works. */
export interface RedoOptions {
  /** The same seed gives the same notes. @default 1 */
  readonly randomSeed?: number | undefined;
  /** Called now and then with the tokens and bars made so far. */
  readonly onProgress?: ((tokens: number, bars: number) => void) | undefined;
}

/** A piece of which a stretch was made anew. */
export interface Redone extends Stretch {
  /** The whole piece. */
  readonly sequence: NoteSequence;
  /** Sentences on what could not be done. */
  readonly notes: readonly string[];
  /** What was asked and what the new notes have, line by line. */
  readonly delivered: readonly Delivered[];
}

/** Bars made anew in one go; more are made a stretch at a time. */
const STRETCH_BARS = 8;
/** Distance of a mean velocity from the bounds of what is asked, once moved. */
const LOUDNESS_MARGIN = 2;
/** Drafts sampled at once, and how often if none has all that is asked. */
const DRAFTS = 4, ROUNDS = 5;
/** So many rounds leave the model alone where parts enter. */
const FREE_ROUNDS = 2;

/**
 * Makes bars of a piece anew: all parts, or some among the others, which stay. Of
 * several drafts it keeps the one that meets the most wishes, has no unusual leap
 * at its ends, and after which the bars that follow surprise the model least. Tempi,
 * meters and parts stay.
 *
 * @param generator A model of REMI tokens.
 * @param piece Any piece, also one that the model did not make.
 * @returns The piece with other notes in the bars. All else of it are the same
 * objects, but for pedals of the parts within the bars.
 * @throws {RangeError} If the bars or parts are not there, the model never heard
 * any of the parts, or its tokens are not REMI.
 *
 * ```ts ignore
 * const { sequence } = await redo(generator, piece, {
 *   bars: [5, 8],
 *   parts: [0],
 *   wishes: { than: { density: -1 } },
 * }, { randomSeed: 7 });
 * ```
 */
export async function redo(
  generator: Generator,
  piece: NoteSequence,
  { bars, parts: wanted, wishes = {} }: RedoWish,
  options: RedoOptions = {},
): Promise<Redone> {
  const { vocabulary, corpus } = generator.checkpoint;
  if (corpus.tokenizer !== "remi") {
    throw new RangeError(
      "Cannot redo bars with this run: its chord tokens know no bars or parts. Train one on REMI tokens.",
    );
  }
  const lines = BarLines.of(piece);
  const [first, last] = barsAsked(bars, lines.count);
  const { parts, notes } = ableParts(
    piece,
    partsAsked(wanted, piece),
    RemiAlphabet.of(vocabulary),
  );
  const whole: Stretch = {
    from: lines.startOf(first - 1),
    to: Math.min(lines.startOf(last), Math.max(piece.totalTicks, 1)),
    parts,
  };
  const aims = aimsOf(piece, whole, wishes);
  const random = new Random(options.randomSeed ?? 1);
  let sequence = piece;
  for (let bar = first - 1; bar < last; bar += STRETCH_BARS) {
    const end = lines.startOf(Math.min(bar + STRETCH_BARS, last));
    const to = Math.min(end, whole.to);
    const stretch = { ...whole, from: lines.startOf(bar), to };
    const own = withChordsFrom(wishes, bar - (first - 1));
    sequence = await redoStretch(generator, sequence, {
      stretch,
      aims: [...aims, ...mannerAims(piece, stretch, own)],
      wishes: own,
      key: wishes.key && wholeKey(piece, wishes.key),
      random,
      onProgress: options.onProgress,
    });
  }
  return {
    ...whole,
    sequence,
    notes,
    delivered: rowsOf(
      [...aims, ...mannerAims(piece, whole, wishes)],
      notesIn(sequence, whole),
    ),
  };
}

/** Wishes whose chords begin with the one that a later bar has. */
function withChordsFrom(wishes: RedoWishes, bars: number): RedoWishes {
  if (!wishes.chords) return wishes;
  const { chords, barsEach } = wishes.chords;
  const by = Math.floor(bars / barsEach) % chords.length;
  const turned = [...chords.slice(by), ...chords.slice(0, by)];
  return { ...wishes, chords: { chords: turned, barsEach } };
}

/** What a stretch is made anew with. */
interface StretchOptions {
  readonly stretch: Stretch;
  readonly aims: readonly Aim[];
  readonly wishes: RedoWishes;
  readonly key: AskedKey | undefined;
  readonly random: Random;
  readonly onProgress: RedoOptions["onProgress"];
}

/** Makes a stretch anew that is not too long for one go. */
async function redoStretch(
  generator: Generator,
  piece: NoteSequence,
  options: StretchOptions,
): Promise<NoteSequence> {
  const { stretch, aims, random, onProgress } = options;
  const redone = heardAs(piece, options);
  const swing = swingOf(piece);
  const around = hearAround(
    generator.checkpoint,
    straightened(piece, swing),
    redone,
  );
  const old = notesIn(piece, stretch);
  const lines = linesOf(piece, stretch);
  const key = endingOf(piece, options);
  const loudness = aims.find(({ what }) => what === "loudness");
  let best:
    | { sequence: NoteSequence; faults: number; cost: number }
    | undefined;
  for (let round = 0; round < ROUNDS && best?.faults !== 0; round++) {
    const drafts = await generator.infill(around, {
      ...samplingOf(generator.checkpoint, piece, {
        ...options,
        around,
        isFree: round < FREE_ROUNDS,
      }),
      attempts: DRAFTS,
      randomSeed: random.int(2 ** 31),
      onProgress,
    });
    for (const { notes, surprise } of drafts) {
      const placed = asLines(
        placeNotes(piece, notes, {
          redone,
          around,
          swing,
          drums: options.wishes.drums,
          random,
        }),
        stretch,
        lines,
      );
      const ended = key ? closeEnding(placed, key) : placed;
      const sequence = loudness
        ? withVelocities(ended, stretch, loudness)
        : ended;
      const faults = faultsOf(sequence, { stretch, aims, old });
      const isBetter = best === undefined || faults < best.faults ||
        faults === best.faults && surprise < best.cost;
      if (isBetter) best = { sequence, faults, cost: surprise };
    }
  }
  return best!.sequence;
}

/** How the model is to hear the stretch: all parts in the key asked. */
function heardAs(
  piece: NoteSequence,
  { stretch, wishes, key }: StretchOptions,
): HeardAs {
  const isAlone = piece.notes.every(({ part }) => stretch.parts.has(part));
  if (!isAlone) return stretch;
  const { density, register, loudness } = wishes;
  const up = key ? (key.tonic - findKey(piece).tonic + 12) % 12 : 0;
  return {
    ...stretch,
    semitones: up > 6 ? up - 12 : up,
    attributes: {
      ...key && { Key: PITCH_CLASS_NAMES[key.tonic], Mode: key.mode },
      ...density && { Density: density },
      ...register && { Register: register },
      ...loudness && { Loudness: loudness },
    },
  };
}

/** The key in which a new end is to close, where the piece's own end closes. */
function endingOf(
  piece: NoteSequence,
  { stretch, wishes, key }: StretchOptions,
): Key | undefined {
  const own = findKey(piece);
  // Chords that are asked for hold to the end.
  const isFree = !wishes.range && !wishes.chords;
  const isEnd = stretch.to >= piece.totalTicks && isFree &&
    piece.notes.every(({ part }) => stretch.parts.has(part)) &&
    closeEnding(piece, own) === piece;
  return isEnd ? key ?? own : undefined;
}

/**
 * How many wishes the new notes miss, parts have fallen silent, and leaps are
 * unusual; one more where nothing is new.
 */
function faultsOf(
  sequence: NoteSequence,
  { stretch, aims, old }: {
    readonly stretch: Stretch;
    readonly aims: readonly Aim[];
    readonly old: readonly Note[];
  },
): number {
  const fresh = notesIn(sequence, stretch);
  const playing = new Set(old.map(({ part }) => part));
  const plays = new Set(fresh.map(({ part }) => part));
  const silent = [...playing].filter((part) => !plays.has(part)).length;
  const leaps = leapsAt(sequence, stretch.parts, [stretch.from, stretch.to])
    .filter(({ semitones, usual }) => semitones > usual).length;
  const missed = aims.filter((aim) => !isMet(aim, fresh)).length;
  const isOld = fresh.length === old.length &&
    fresh.every(({ part, pitch, startTicks }, i) => {
      const was = old[i]!;
      return was.part === part && was.pitch === pitch &&
        Math.abs(was.startTicks - startTicks) < sequence.ticksPerQuarter / 24;
    });
  return missed + silent + leaps + (plays.size === 0 ? 1 : 0) + (isOld ? 1 : 0);
}

/** Brings the mean velocity of the new notes into a range, by changing all equally. */
function withVelocities(
  sequence: NoteSequence,
  stretch: Stretch,
  { range, measure }: Aim,
): NoteSequence {
  const low = range[0] + LOUDNESS_MARGIN, high = range[1] - LOUDNESS_MARGIN;
  let notes = sequence.notes;
  // Clamped velocities no longer move, so several steps may be needed.
  for (let i = 0; i < 8; i++) {
    const value = measure(notesIn({ notes }, stretch));
    const change = value < low
      ? Math.ceil(low - value)
      : value >= high
      ? -Math.ceil(value - high + 0.5)
      : 0;
    if (!(Math.abs(change) > 0)) break;
    notes = notes.map((note) =>
      isIn(note, stretch)
        ? { ...note, velocity: clamp(note.velocity + change, 1, 127) }
        : note
    );
  }
  return { ...sequence, notes };
}

/** Notes of the parts that begin in a stretch. */
function notesIn(
  { notes }: Pick<NoteSequence, "notes">,
  stretch: Stretch,
): Note[] {
  return notes.filter((note) => isIn(note, stretch));
}

function isIn(
  { part, startTicks }: Note,
  { from, to, parts }: Stretch,
): boolean {
  return parts.has(part) && startTicks >= from && startTicks < to;
}

/** @throws {RangeError} If the piece has not these bars. */
function barsAsked(
  bars: RedoWish["bars"],
  count: number,
): readonly [number, number] {
  const [first, last] = bars ?? [1, count];
  const areBars = Number.isInteger(first) && Number.isInteger(last) &&
    first >= 1 && first <= last && last <= count;
  if (areBars) return [first, last];
  throw new RangeError(
    count === 0
      ? "Cannot redo bars: the piece has none. Choose another one."
      : `Cannot redo bars ${first} to ${last}: the piece has bars 1 to ${count}. Choose some of these.`,
  );
}

/** @throws {RangeError} If the piece has not these parts. */
function partsAsked(
  wanted: readonly number[] | undefined,
  { parts }: NoteSequence,
): readonly number[] {
  const all = [...parts.keys()];
  const missing = wanted?.find((part) => !all.includes(part));
  if (missing !== undefined || wanted?.length === 0 || all.length === 0) {
    throw new RangeError(
      `Cannot redo part ${missing}: the piece has parts 0 to ${
        all.length - 1
      }. Choose some of these.`,
    );
  }
  return wanted ?? all;
}

/** The parts that a model can play, and a sentence on others. */
function ableParts(
  { parts }: NoteSequence,
  wanted: readonly number[],
  alphabet: RemiAlphabet,
): { parts: Set<number>; notes: string[] } {
  const { ids } = alphabet;
  const able = wanted.filter((part) =>
    parts[part]!.isDrum
      ? ids.Kit.length > 0 && ids.Drum.length > 0
      : ids.Program.length > 0
  );
  const what = ids.Kit.length > 0 ? "instruments" : "drums";
  if (able.length === 0) {
    throw new RangeError(
      `Cannot redo these parts: the model never heard ${what}. Choose others.`,
    );
  }
  return {
    parts: new Set(able),
    notes: able.length === wanted.length
      ? []
      : [`The model never heard ${what}; those of the piece stay as they are.`],
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
