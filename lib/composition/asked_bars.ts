/**
 * What was asked of each bar of a piece, as its recipe tells it: chords, and how its
 * parts and drums play. Notes made anew keep to it.
 */

import type { Generator } from "../generation/generation.ts";
import {
  BarLines,
  type Chord,
  type ChordProgression,
  type DrumWish,
  familyOf,
  familyOfProgram,
  type NoteSequence,
  type PartWish,
  type PieceSpec,
  PITCH_CLASS_NAMES,
  type PlacedChord,
} from "../music/music.ts";
import { type Preparation, prepare } from "./prepare.ts";
import type { RedoWish } from "./redo.ts";
import type { RedoWishes } from "./redo_aims.ts";
import { drumsOf } from "./style_drums.ts";
import type { Recipe, RecipeStart } from "./takes.ts";

/** What was asked of one bar. */
export interface AskedBar {
  /** Its chords, all of one length; none: it is free. */
  readonly chords: readonly Chord[];
  /** How single parts play. */
  readonly partWishes: readonly PartWish[];
  /** How its drums play. */
  readonly drums?: DrumWish | undefined;
}

/** Wishes of a redo, and sentences on what of the bars' own they cannot keep. */
export interface HeldWishes {
  readonly wishes: RedoWishes;
  readonly notes: readonly string[];
}

const FREE: AskedBar = { chords: [], partWishes: [] };

/** What was asked of bars; those after the last are like it, their chords go on. */
export class AskedBars {
  readonly #bars: AskedBar[] = [];
  /** What bars after the last one planned are asked. */
  #rest: (bar: number) => AskedBar = () => FREE;

  /** @param bar From 0. */
  at(bar: number): AskedBar {
    return this.#bars[bar] ?? this.#rest(bar);
  }

  /** Asks a spec of all bars from one on. */
  ask(first: number, spec: PieceSpec): void {
    for (let bar = this.#bars.length; bar < first; bar++) {
      this.#bars.push(this.#rest(bar));
    }
    this.#rest = (bar) => ({
      chords: spec.chords ? chordsOfBar(spec.chords, bar - first) : [],
      partWishes: spec.partWishes ?? [],
      drums: drumsOf(spec),
    });
  }

  /** Replaces what is asked of all bars. */
  changeAll(change: (own: AskedBar, bar: number) => AskedBar): void {
    const rest = this.#rest;
    for (const [bar, own] of this.#bars.entries()) {
      this.#bars[bar] = change(own, bar);
    }
    this.#rest = (bar) => change(rest(bar), bar);
  }

  /** Replaces what is asked of some bars, numbered from 0, both included. */
  change(
    first: number,
    last: number,
    change: (own: AskedBar, bar: number) => AskedBar,
  ): void {
    for (let bar = this.#bars.length; bar <= last; bar++) {
      this.#bars.push(this.#rest(bar));
    }
    for (let bar = first; bar <= last; bar++) {
      this.#bars[bar] = change(this.#bars[bar]!, bar);
    }
  }

  /** Moves all that is asked by semitones. */
  transpose(semitones: number): void {
    this.changeAll((bar) => ({
      ...bar,
      chords: bar.chords.map((chord) => transposedChord(chord, semitones)),
      partWishes: bar.partWishes.map((wish) => ({
        ...wish,
        ...wish.range && {
          range: [wish.range[0] + semitones, wish.range[1] + semitones],
        } as const,
      })),
    }));
  }
}

/**
 * What is asked of the bars of a piece before it is made.
 *
 * @param first The first bar that is made, after those given.
 */
export function askedOf(
  { asked, sections }: Pick<Preparation, "asked" | "sections">,
  first: number = 0,
): AskedBars {
  const bars = new AskedBars();
  if (!sections) bars.ask(first, asked);
  let next = first;
  for (const section of sections ?? []) {
    bars.ask(next, section.asked);
    next += section.bars;
  }
  return bars;
}

/** The chords that were asked of a piece, where they change. */
export function placedChords(
  asked: AskedBars,
  piece: NoteSequence,
): PlacedChord[] {
  const lines = BarLines.of(piece);
  const placed: PlacedChord[] = [];
  let last = "";
  for (let bar = 0; bar < lines.count; bar++) {
    const { chords } = asked.at(bar);
    const start = lines.startOf(bar), length = lines.startOf(bar + 1) - start;
    if (chords.length === 0) last = "";
    for (const [i, chord] of chords.entries()) {
      const ticks = Math.round(start + length * i / chords.length);
      if (chord.symbol !== last) placed.push({ ticks, chord });
      last = chord.symbol;
    }
  }
  return placed;
}

/**
 * What was asked of the bars of a piece: by its prompt, and by the changes since.
 *
 * @throws {PromptError} If the prompt of the recipe cannot be read any more.
 */
export function askedBars(
  generator: Generator,
  { start, steps }: Recipe,
): AskedBars {
  const prepared = preparationOf(generator, start);
  const asked = prepared ? askedOf(prepared) : new AskedBars();
  for (const step of steps) {
    if ("edits" in step) {
      for (const edit of step.edits) {
        if ("transpose" in edit) asked.transpose(edit.transpose);
      }
    } else changeBars(asked, step.redo);
  }
  return asked;
}

/** Whether the end of a piece leads back to its beginning, as was asked. */
export function leadsBack(
  generator: Generator,
  { start, steps }: Recipe,
): boolean {
  const isLonger = steps.some((step) => "edits" in step && step.longer);
  return !isLonger && preparationOf(generator, start)?.spec.loop === true;
}

/** What was decided of a piece from a prompt, as far as the model reads prompts. */
function preparationOf(
  generator: Generator,
  start: RecipeStart,
): Preparation | undefined {
  const readsPrompts = generator.checkpoint.corpus.tokenizer === "remi";
  if (!readsPrompts || !("prompt" in start)) return undefined;
  const { prompt, randomSeed, options } = start;
  return prepare(generator, prompt, { ...options, randomSeed });
}

/** Has bars ask what they were made anew with. */
function changeBars(asked: AskedBars, { bars, wishes = {} }: RedoWish): void {
  const { key, chords, partWishes = [], drums } = wishes;
  const from = (bars?.[0] ?? 1) - 1;
  const change = (own: AskedBar, bar: number): AskedBar => ({
    chords: chords ? chordsOfBar(chords, bar - from) : key ? [] : own.chords,
    partWishes: withWishes(own.partWishes, partWishes),
    drums: drums ?? own.drums,
  });
  if (bars) asked.change(from, bars[1] - 1, change);
  else asked.changeAll(change);
}

/**
 * The wishes of a redo, and what was asked of its bars as far as they do not say
 * otherwise.
 *
 * @param count Bars of the piece.
 */
export function withAsked(
  { bars: [first, last] = [1, Infinity], parts, wishes = {} }: RedoWish,
  asked: AskedBars,
  piece: NoteSequence,
  count: number,
): HeldWishes {
  const bars: AskedBar[] = [];
  for (let bar = first - 1; bar < Math.min(last, count); bar++) {
    bars.push(asked.at(bar));
  }
  const [one = FREE] = bars;
  const playing = (parts ?? [...piece.parts.keys()])
    .flatMap((part) => piece.parts[part] ?? []);
  const notes: string[] = [];
  const isPitched = playing.some(({ isDrum }) => !isDrum);
  const isFollowed = isPitched && !wishes.chords && !wishes.key;
  const own = isFollowed ? progressionOf(bars) : undefined;
  if (isFollowed && !own && bars.some(({ chords }) => chords.length > 0)) {
    notes.push(
      "Only some of these bars have chords that were asked for, so their new notes follow none. Redo the bars with chords by themselves to keep them.",
    );
  }
  const manners = one.partWishes.filter((wish) =>
    bars.every(({ partWishes }) => includes(partWishes, wish)) &&
    playing.some((part) =>
      !part.isDrum && (wish.program === undefined ||
        familyOf(part) === familyOfProgram(wish.program))
    )
  );
  const drums = playing.some(({ isDrum }) => isDrum) &&
      bars.every((bar) => isSame(bar.drums, one.drums))
    ? one.drums
    : undefined;
  const partWishes = withWishes(manners, wishes.partWishes ?? []);
  return {
    wishes: {
      ...drums && { drums },
      ...wishes,
      ...own && { chords: own },
      ...partWishes.length > 0 && { partWishes },
    },
    notes,
  };
}

/**
 * What bars that are added to the end of a piece are asked: its last chords go on, and
 * all play as they did.
 *
 * @param count Bars of the piece.
 * @param added Bars after them.
 */
export function askedAfter(
  asked: AskedBars,
  count: number,
  added: number,
): Pick<PieceSpec, "chords" | "partWishes" | "drums"> {
  const bars = Array.from({ length: added }, (_, i) => asked.at(count + i));
  const chords = progressionOf(bars);
  const { partWishes, drums } = asked.at(count);
  return {
    ...chords && { chords },
    ...partWishes.length > 0 && { partWishes },
    ...drums && { drums },
  };
}

/** Wishes of which the later ones replace those of the same program. */
function withWishes(
  own: readonly PartWish[],
  later: readonly PartWish[],
): PartWish[] {
  const programs = new Set(later.map(({ program }) => program));
  return [...own.filter(({ program }) => !programs.has(program)), ...later];
}

/** The chords of bars in a row; undefined where one has none, or of another length. */
function progressionOf(
  bars: readonly AskedBar[],
): ChordProgression | undefined {
  const each = bars[0]?.chords.length ?? 0;
  if (each === 0 || bars.some(({ chords }) => chords.length !== each)) {
    return undefined;
  }
  return {
    chords: bars.flatMap(({ chords }) => chords),
    barsEach: 1 / each,
  };
}

/** The chords of a bar, counted from where a progression begins. */
function chordsOfBar(
  { chords, barsEach }: ChordProgression,
  bar: number,
): Chord[] {
  const each = Math.max(1, Math.round(1 / barsEach));
  return Array.from({ length: each }, (_, i) => {
    const index = Math.floor((bar + i / each) / barsEach + 1e-9);
    return chords[index % chords.length]!;
  });
}

/** A chord moved up, and its symbol. */
function transposedChord(
  { symbol, root, intervals, bass }: Chord,
  semitones: number,
): Chord {
  const move = (pitchClass: number) =>
    ((pitchClass + semitones) % 12 + 12) % 12;
  const named = (pitchClass: number) => PITCH_CLASS_NAMES[move(pitchClass)]!;
  return {
    symbol: symbol.replace(/^[A-G][#b♯♭]?/, named(root))
      .replace(/\/[A-G][#b♯♭]?$/, `/${named(bass ?? root)}`),
    root: move(root),
    intervals,
    ...bass !== undefined && { bass: move(bass) },
  };
}

function includes(wishes: readonly PartWish[], wish: PartWish): boolean {
  return wishes.some((one) => isSame(one, wish));
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
