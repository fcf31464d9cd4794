/**
 * Which token may follow which. The same rules check a corpus, decode tokens
 * and, as a mask, keep a model from generating what cannot be decoded.
 *
 * A piece is its attributes in fixed order, then bars, then `End`:
 *
 *     bar   = Bar [TimeSignature] [Tempo] moment*
 *     moment = Position [Tempo] (voice notes)*
 *     voice = [Program | Kit]         left out where it is the one before
 *     note  = Pitch Velocity Duration+ | Drum Velocity
 *
 * The first bar has both a meter and a tempo; a later bar has them where they
 * change. Positions rise within a bar, and at one position instruments rise
 * (kits after programs) and so do an instrument's pitches, so that the same
 * music is always written the same way. A bar starts without an instrument, so
 * that bars can be moved. Only the longest duration can be followed by another,
 * which is added to it. A piece ends where no note sounds beyond the last bar
 * line.
 */

import { ATTRIBUTE_NAMES, largest } from "../../music/music.ts";
import { RemiAlphabet, TYPE_INDEX } from "./alphabet.ts";
import {
  type RemiConstraints,
  requireBars,
  requireRoom,
  usableTokens,
} from "./constraints.ts";
import { DRUM_STEPS, durationTable, longestOf } from "./durations.ts";
import { type RemiOptions, remiResolution } from "./resolution.ts";
import { FIRST_KIT } from "./sequence.ts";
import { type RemiTokenType, TOKEN_TYPES } from "./tokens.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";

const PROGRAM = TYPE_INDEX.Program, KIT = TYPE_INDEX.Kit;
const PITCH = TYPE_INDEX.Pitch;
const NO_LIMIT = 2 ** 31 - 1;

/**
 * Follows a sequence of tokens and tells which may come next.
 *
 * @example
 * ```ts
 * import { RemiGrammar } from "immersic/tokens/remi/remi.ts";
 * import { attributeTokens } from "immersic/music/music.ts";
 * import { Vocabulary } from "immersic/tokens/vocabulary/vocabulary.ts";
 * const attributes = attributeTokens({});
 * const vocabulary = Vocabulary.fromTokens([...attributes, "Bar", "End"]);
 * const grammar = new RemiGrammar(vocabulary);
 * for (const token of attributes) grammar.push(vocabulary.id(token));
 * const mask = grammar.mask(new Uint8Array(vocabulary.size));
 * console.assert(mask[vocabulary.id("Bar")] === 1);
 * console.assert(mask[vocabulary.id("End")] === 0);
 * ```
 */
export class RemiGrammar {
  readonly #vocabulary: Vocabulary;
  /** Bars of the piece, Infinity where its length is free. */
  #bars!: number;
  readonly #ranges: NonNullable<RemiConstraints["ranges"]>;
  /** By id: index of its type. */
  readonly #types: Uint8Array;
  /** By type index: its ids. */
  readonly #ids: readonly (readonly number[])[];
  /** By id: the token's number; steps per bar for a time signature. */
  readonly #numbers: Int32Array;
  /** By id: 1 if the constraints allow it anywhere. */
  readonly #usable: Uint8Array;
  /** Longest duration of the resolution, and shortest of the vocabulary. */
  readonly #longest: number;
  readonly #shortest: number;
  /** Steps of the longest bar, Infinity where there is no time signature. */
  readonly #longestBar: number;
  /** By type index: the numbers that may come next, from 0 up; none where low > high. */
  readonly #low = new Int32Array(TOKEN_TYPES.length);
  readonly #high = new Int32Array(TOKEN_TYPES.length);

  #complete!: boolean;
  #length!: number;
  #previous: RemiTokenType | undefined;
  #bar!: number;
  #barStart!: number;
  #barSteps!: number;
  #meterId!: number;
  #tempoId!: number;
  /** Steps after the bar line, −1 before the bar's first position. */
  #position!: number;
  /** The instrument of the next notes, −1 at the start of a bar. */
  #instrument!: number;
  /** Instrument and pitch of the last note at this position, −1 for none. */
  #placed!: number;
  #pitch!: number;
  #noteSteps!: number;
  #notes!: number;
  #soundsUntil!: number;

  /**
   * The grammar of one vocabulary, before the first token of a piece.
   *
   * @param vocabulary Of REMI tokens only.
   * @param options The options of the tokenizer that made them.
   * @param constraints Further limits on the piece.
   * @throws {RangeError} If the vocabulary holds other tokens, or cannot meet
   * the constraints.
   */
  constructor(
    vocabulary: Vocabulary,
    options: RemiOptions = {},
    constraints: RemiConstraints = {},
  ) {
    const resolution = remiResolution(options);
    this.#vocabulary = vocabulary;
    this.#usable = usableTokens(vocabulary, constraints);
    this.#ranges = constraints.ranges ?? {};
    const alphabet = RemiAlphabet.of(vocabulary);
    this.#types = alphabet.typeIndexes;
    this.#ids = TOKEN_TYPES.map((type) => alphabet.ids[type]);
    this.#numbers = alphabet.numbersAt(resolution);
    this.#longest = longestOf(durationTable(resolution.stepsPerQuarter));
    this.#shortest = alphabet.numbersOf("Duration")[0] ?? DRUM_STEPS;
    const barSteps = alphabet.ids.TimeSignature
      .filter((id) => this.#usable[id] === 1).map((id) => this.#numbers[id]!);
    this.#longestBar = barSteps.length === 0 ? Infinity : largest(barSteps);
    this.restart(constraints.bars);
  }

  /**
   * Starts another piece, before its first token, by the same rules.
   *
   * @param bars The piece's length, as in {@linkcode RemiConstraints}.
   * @throws {RangeError} If it is not a positive integer or Infinity, or too short
   * for a note.
   */
  restart(bars: number = Infinity): void {
    if (bars !== Infinity) {
      requireBars(bars);
      requireRoom(bars, this.#longestBar, this.#shortest);
    }
    this.#bars = bars;
    this.#complete = false;
    this.#length =
      this.#bar =
      this.#barStart =
      this.#barSteps =
        0;
    this.#noteSteps = this.#notes = this.#soundsUntil = 0;
    this.#meterId = this.#tempoId = -1;
    this.#position =
      this.#instrument =
      this.#placed =
      this.#pitch =
        -1;
    this.#previous = undefined;
    this.#expect();
  }

  /** Bars begun so far. */
  get bar(): number {
    return this.#bar;
  }

  /** Steps from the start of the piece to the current position. */
  get step(): number {
    return this.#barStart + Math.max(this.#position, 0);
  }

  /** Steps from the start of the piece to the start of the current bar. */
  get barStart(): number {
    return this.#barStart;
  }

  /** Steps from the start of the piece to the end of the current bar. */
  get barEnd(): number {
    return this.#barStart + this.#barSteps;
  }

  /** Whether the tokens so far can end here: every note has all its tokens. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Whether the last token is `End`. */
  get ended(): boolean {
    return this.#previous === "End";
  }

  /**
   * Whether a token may come next. Pitch ranges do not count: they hold for what
   * is sampled, see {@linkcode mask}, and not for music that is given.
   *
   * @param id The token's id in the vocabulary.
   */
  allows(id: number): boolean {
    // An id that the vocabulary lacks is not usable.
    const type = this.#types[id]!, number = this.#numbers[id]!;
    if (
      this.#usable[id] !== 1 || number < this.#low[type]! ||
      number > this.#high[type]! || id === this.#tempoId || id === this.#meterId
    ) return false;
    if (type === PROGRAM) return number !== this.#instrument;
    if (type === KIT) return number + FIRST_KIT !== this.#instrument;
    return true;
  }

  /**
   * Which tokens may be sampled next: those allowed, within the instrument's
   * pitch range.
   *
   * @param mask Filled with 1 where a token may come and 0 elsewhere, shape [V].
   * @returns `mask`.
   */
  mask(mask: Uint8Array): Uint8Array {
    mask.fill(0);
    // Mostly tokens of one or two types may come, so the others are not looked at.
    for (let type = 0; type < this.#ids.length; type++) {
      if (this.#low[type]! > this.#high[type]!) continue;
      for (const id of this.#ids[type]!) if (this.allows(id)) mask[id] = 1;
    }
    const range = this.#ranges[this.#instrument];
    if (!range || this.#high[PITCH]! < 0) return mask;
    for (const id of this.#ids[PITCH]!) {
      const pitch = this.#numbers[id]!;
      if (pitch < range[0] || pitch > range[1]) mask[id] = 0;
    }
    return mask;
  }

  /**
   * Adds the next token.
   *
   * @param id The token's id in the vocabulary.
   * @throws {RangeError} If the token may not come here.
   */
  push(id: number): void {
    if (!this.allows(id)) {
      const expected = TOKEN_TYPES.filter((_, i) =>
        this.#low[i]! <= this.#high[i]!
      );
      throw new RangeError(
        `Cannot take token ${this.#length}, ${
          this.#vocabulary.token(id)
        }, after ${this.#previous ?? "nothing"}: ${
          this.ended
            ? "the piece has ended"
            : `expected one of ${expected.join(", ")}, in rising order`
        }.`,
      );
    }
    const type = TOKEN_TYPES[this.#types[id]!], number = this.#numbers[id]!;
    switch (type) {
      case "Bar":
        this.#bar++;
        this.#barStart += this.#barSteps;
        this.#position = this.#instrument = this.#placed = -1;
        break;
      case "TimeSignature":
        this.#meterId = id;
        this.#barSteps = number;
        break;
      case "Tempo":
        this.#tempoId = id;
        break;
      case "Position":
        this.#position = number;
        this.#placed = -1;
        break;
      case "Program":
      case "Kit":
        this.#instrument = type === "Kit" ? FIRST_KIT + number : number;
        this.#pitch = -1;
        break;
      case "Pitch":
      case "Drum":
        this.#placed = this.#instrument;
        this.#pitch = number;
        this.#notes++;
        this.#sound(type === "Drum" ? DRUM_STEPS : 0);
        break;
      case "Duration":
        this.#sound(this.#noteSteps + number);
        break;
    }
    this.#previous = type;
    this.#length++;
    this.#expect(number);
  }

  /** Sets the length of the current note. */
  #sound(steps: number): void {
    this.#noteSteps = steps;
    this.#soundsUntil = Math.max(this.#soundsUntil, this.step + steps);
  }

  /** Sets what may come after `#previous`, whose number is `number`. */
  #expect(number = 0): void {
    this.#high.fill(-1);
    this.#complete = this.ended;
    const firstBar = this.#bar === 1;
    const lastBar = this.#bar === this.#bars;
    const attribute = ATTRIBUTE_NAMES[this.#length];
    if (attribute !== undefined) return this.#open(TYPE_INDEX[attribute]);
    switch (this.#previous) {
      case "End":
        return;
      case "Program":
      case "Kit":
        return this.#openNotes();
      case "Pitch":
      case "Drum":
        return this.#open(TYPE_INDEX.Velocity);
      case "Velocity":
        if (this.#instrument >= FIRST_KIT) break;
        return this.#open(TYPE_INDEX.Duration, 1, this.#room());
      case "Duration":
        if (number === this.#longest) {
          this.#open(TYPE_INDEX.Duration, 1, this.#room());
        }
        break;
      case "Position":
        if (this.#position > 0) this.#open(TYPE_INDEX.Tempo);
        this.#openInstruments();
        if (this.#instrument >= 0) this.#openNotes();
        return;
      case "Bar":
        // A note has to fit into the piece.
        if (firstBar) {
          return this.#open(
            TYPE_INDEX.TimeSignature,
            Math.ceil(this.#shortest / this.#bars),
          );
        }
        if (this.#bars === Infinity) this.#open(TYPE_INDEX.TimeSignature);
        this.#open(TYPE_INDEX.Tempo);
        break;
      case "TimeSignature":
        this.#open(TYPE_INDEX.Tempo);
        if (firstBar) return;
        break;
    }
    // A note or bar line is complete: more at this position, a later one or a bar.
    this.#complete = this.#bar > 0;
    if (this.#position >= 0) {
      this.#openInstruments();
      if (this.#instrument >= 0) this.#openNotes();
    }
    // Steps to the end of the piece, which has to have a note.
    const left = this.#bar === 0
      ? Infinity
      : (this.#bars - this.#bar + 1) * this.#barSteps;
    if (this.#bar > 0) {
      const last = Math.min(this.#barSteps - 1, left - this.#shortest);
      this.#open(TYPE_INDEX.Position, this.#position + 1, last);
    }
    const fitsLater = this.#notes > 0 ||
      left - this.#barSteps >= this.#shortest;
    if (!lastBar && fitsLater) this.#open(TYPE_INDEX.Bar);
    if (
      this.#notes > 0 && this.#soundsUntil <= this.barEnd &&
      (lastBar || this.#bars === Infinity)
    ) this.#open(TYPE_INDEX.End);
  }

  /** Allows tokens of a type next, by its index, with numbers from `low` to `high`. */
  #open(type: number, low = 0, high = NO_LIMIT): void {
    this.#low[type] = low;
    this.#high[type] = high;
  }

  /** Allows the instruments after that of the last note at this position. */
  #openInstruments(): void {
    this.#open(TYPE_INDEX.Program, this.#placed + 1);
    this.#open(TYPE_INDEX.Kit, Math.max(this.#placed + 1 - FIRST_KIT, 0));
  }

  /** Allows the instrument's pitches above its last one at this position. */
  #openNotes(): void {
    const above = this.#placed === this.#instrument ? this.#pitch + 1 : 0;
    if (this.#instrument >= FIRST_KIT) {
      return this.#open(TYPE_INDEX.Drum, above);
    }
    this.#open(TYPE_INDEX.Pitch, above);
  }

  /** Steps that may still be added to the current note. */
  #room(): number {
    if (this.#bars === Infinity) return NO_LIMIT;
    const end = this.barEnd + (this.#bars - this.#bar) * this.#barSteps;
    return end - this.step - this.#noteSteps;
  }
}
