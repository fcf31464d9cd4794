/** How a model hears bars of a piece that are to be made anew, and what is around. */

import type { Checkpoint } from "../model/model.ts";
import {
  type Attributes,
  bandOf,
  findKey,
  hasPitch,
  type Key,
  keyCorrelation,
  LENGTH_BANDS,
  meterAt,
  nearestProgram,
  type Note,
  type NoteSequence,
  parseMeter,
  type Part,
  PITCH_CLASS_NAMES,
  pitchedNotes,
  singleVoices,
  sliceSequence,
  ticksPerBar,
} from "../music/music.ts";
import { FIRST_KIT, RemiAlphabet } from "../tokens/remi/remi.ts";
import { fitToModel, type HeardMusic } from "./fitting.ts";
import { heardMeter } from "./heard_meter.ts";
import { nearestOf } from "./nearest_tokens.ts";
import { mainQpm } from "./passage.ts";
import { Span } from "./stretches.ts";

/** Bars after those made anew, by which drafts are compared. */
const AFTER_BARS = 2;
/** Bars after which music returns, and most of those to come that are heard first. */
const PHRASE_BARS = 8, LATER_BARS = 15;
/** Fewest bars heard before them, where there are so many, and most tokens. */
const BEFORE_BARS = 4, BEFORE_TOKENS = 4096;
/** A key signature that correlates so much worse than the key found is not believed. */
const KEY_SLACK = 0.15;
/** A bar that begins so little before the end of a stretch is not in it. */
const SLACK_BARS = 1e-6;

/** Bars to make anew, and what is around them, in tokens. */
export interface Surroundings {
  /** Attribute tokens. */
  readonly head: readonly string[];
  /** Tokens of meter and tempo. */
  readonly header: readonly string[];
  /**
   * Bars heard before, without `Bar`: those before them in the piece, and before these
   * some that follow, so that the new bars can be like them.
   */
  readonly before: readonly (readonly string[])[];
  /** The bars, with the notes that stay in them. */
  readonly given: readonly (readonly string[])[];
  /** Bars after; none where a bar line of the model does not begin them. */
  readonly after: readonly (readonly string[])[];
  /** Bars of the piece, as far as the model is to know. */
  readonly planned: number;
  /** All that is heard, with the notes that do not stay. */
  readonly heard: HeardMusic;
  /**
   * By part of the piece: the program or {@linkcode FIRST_KIT} + kit that stands for
   * it, −1 where the model knows none.
   */
  readonly instrumentOf: readonly number[];
  /** Programs that play one note at a time. */
  readonly monophonic: readonly number[];
  /** Ticks of the piece in a step of the tokens; may be a fraction. */
  readonly ticksPerStep: number;
}

/** The bars that are to be made anew. */
export interface Redone {
  /** First tick, at a bar line. */
  readonly from: number;
  /** Tick after the last. */
  readonly to: number;
  /** The parts whose notes do not stay. */
  readonly parts: ReadonlySet<number>;
  /** Attributes to hear the piece with, in place of its own. @default none */
  readonly attributes?: Attributes;
  /** By so many semitones higher it is heard. @default 0 */
  readonly semitones?: number;
}

/**
 * Has a model hear the bars and what is around them.
 *
 * @param piece Any piece; it is heard in its meter at `from`, or the model's nearest.
 */
export function hearAround(
  checkpoint: Checkpoint,
  piece: NoteSequence,
  { from, to, parts, attributes = {}, semitones = 0 }: Redone,
): Surroundings {
  const alphabet = RemiAlphabet.of(checkpoint.vocabulary);
  const own = meterAt(piece, from);
  const meter = heardMeter(own, alphabet.valuesOf("TimeSignature")).name;
  const barTicks = ticksPerBar(parseMeter(meter), piece.ticksPerQuarter);
  const count = Math.max(1, Math.ceil((to - from) / barTicks - SLACK_BARS));
  const isAligned = Math.abs(count * barTicks - (to - from)) < 1;
  const follow = isAligned
    ? Math.min(LATER_BARS, Math.ceil((piece.totalTicks - to) / barTicks))
    : 0;
  const { longest } = new Span(checkpoint.corpus.profiles);
  const left = Math.max(
    follow,
    Math.round((piece.totalTicks - to) / barTicks),
  );
  const room = Math.max(
    BEFORE_BARS,
    longest - count - Math.min(left, longest / 2),
  );
  const beforeCount = Math.min(
    Math.ceil(from / barTicks - SLACK_BARS),
    Math.floor(room),
  );
  const start = Math.max(0, Math.round(from - beforeCount * barTicks));
  const end = Math.round(from + (count + follow) * barTicks);
  const slice = moved(sliceSequence(piece, start, end), semitones);
  const endTicks = end - start;
  const as = { meter, qpm: mainQpm(slice, endTicks), endTicks };
  const heard = fitToModel(checkpoint, slice, as);
  const isLeftOut = ({ part, startTicks }: Note) =>
    parts.has(part) && startTicks >= from - start && startTicks < to - start;
  const staying = fitToModel(checkpoint, slice, { ...as, isLeftOut });
  const bars = padded(
    staying.bars.map((bar) => bar.filter((token) => !isHeader(token))),
    count + follow,
  );
  const firstGiven = bars.length - count - follow;
  const after = bars.slice(firstGiven + count);
  const isLikeOthers = semitones === 0 && Object.keys(attributes).length === 0;
  const before = lastOf([
    ...isLikeOthers ? laterBars(after, firstGiven) : [],
    ...bars.slice(0, firstGiven),
  ]);
  const planned = Math.min(
    before.length + count + left,
    Math.max(longest, before.length + count + follow),
  );
  const key = semitones === 0 ? keyAt(piece, from, slice) : undefined;
  const told: Attributes = {
    ...key && { Key: PITCH_CLASS_NAMES[key.tonic], Mode: key.mode },
    LengthBars: bandOf(LENGTH_BANDS, planned),
    ...attributes,
  };
  return {
    head: heard.head.map((token) => {
      const name = token.slice(0, token.indexOf("_"));
      const asked = `${name}_${told[name as keyof Attributes]}`;
      return checkpoint.vocabulary.has(asked) ? asked : token;
    }),
    header: heard.header,
    planned,
    before,
    given: bars.slice(firstGiven, firstGiven + count),
    after: after.slice(0, AFTER_BARS),
    heard,
    instrumentOf: piece.parts.map((part, i) => {
      const own = heard.instruments.ofPart(i);
      return own < 0 ? instrumentFor(part, alphabet) : own;
    }),
    monophonic: singleVoices(heard.music),
    ticksPerStep: barTicks / heard.barSteps,
  };
}

/** The key that a piece states at a tick, where what sounds about it agrees. */
function keyAt(
  { keySignatures }: NoteSequence,
  ticks: number,
  around: NoteSequence,
): Key | undefined {
  const stated = keySignatures.findLast((one) => one.ticks <= ticks);
  if (!stated || !hasPitch(around)) return undefined;
  const { fifths, mode } = stated;
  const tonic = (7 * fifths + (mode === "minor" ? 9 : 0) + 12 * 7) % 12;
  const weights = new Array<number>(12).fill(0);
  for (const { pitch, startTicks, endTicks } of pitchedNotes(around)) {
    weights[pitch % 12]! += endTicks - startTicks;
  }
  const fits = keyCorrelation(weights, tonic, mode);
  return fits >= findKey(weights).correlation - KEY_SLACK
    ? { tonic, mode }
    : undefined;
}

/** What would stand for a part that is silent, −1 where the model knows nothing. */
function instrumentFor(
  { program, isDrum }: Part,
  alphabet: RemiAlphabet,
): number {
  if (!isDrum) {
    return nearestProgram(program, alphabet.numbersOf("Program")) ?? -1;
  }
  const kit = nearestOf(alphabet.numbersOf("Kit"), program);
  return kit === undefined ? -1 : FIRST_KIT + kit;
}

/** Music some semitones higher; a pitch that MIDI lacks stays in the octave below. */
function moved(sequence: NoteSequence, semitones: number): NoteSequence {
  if (semitones === 0) return sequence;
  const inMidi = (pitch: number) =>
    pitch < 0 ? pitch + 12 : pitch > 127 ? pitch - 12 : pitch;
  return {
    ...sequence,
    notes: sequence.notes.map((note) =>
      sequence.parts[note.part]!.isDrum
        ? note
        : { ...note, pitch: inMidi(note.pitch + semitones) }
    ),
  };
}

/**
 * Bars that follow, to be heard before those that lead up to the new ones: so many
 * that what comes a phrase later lies whole phrases back.
 *
 * @param count Bars that lead up to the new ones.
 */
function laterBars(after: readonly string[][], count: number): string[][] {
  const length = 2 * PHRASE_BARS - 1 - (count + PHRASE_BARS - 1) % PHRASE_BARS;
  return length <= after.length ? after.slice(0, length) : [];
}

/** Bars with empty ones before them, where there are too few. */
function padded(bars: string[][], count: number): string[][] {
  const missing = Math.max(0, count - bars.length);
  return [...Array.from({ length: missing }, (): string[] => []), ...bars];
}

/** The last bars, of not too many tokens. */
function lastOf(bars: readonly string[][]): readonly string[][] {
  let first = bars.length, tokens = 0;
  while (first > 0) {
    tokens += bars[first - 1]!.length;
    if (tokens > BEFORE_TOKENS) break;
    first--;
  }
  return bars.slice(first);
}

function isHeader(token: string): boolean {
  return token === "Bar" || token.startsWith("TimeSignature_") ||
    token.startsWith("Tempo_");
}
