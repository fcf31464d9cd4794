/**
 * Draws REMI music section by section. A section is a few whole bars in which
 * everything that begins also ends, so that sections can be repeated, varied and
 * put in any order; the network reads on from one to the next.
 */

import type { Checkpoint } from "../model/model.ts";
import type { Random } from "../base/base.ts";
import {
  RemiAlphabet,
  type RemiConstraints,
  RemiGrammar,
  remiResolution,
  usableTokens,
} from "../tokens/remi/remi.ts";
import {
  RepetitionGuard,
  Sampler,
  type SamplingOptions,
  surprise,
} from "./sampling.ts";
import { findKey } from "../music/music.ts";
import type { Reader, ReaderState } from "./reader.ts";
import { restrictToClose } from "./closing.ts";
import { Draft } from "./draft.ts";
import { Steering, type Targets } from "./steering.ts";

/** How {@linkcode Drawing} draws. */
export interface DrawingOptions
  extends Pick<SamplingOptions, "temperature" | "topK" | "topP" | "minP"> {
  readonly random: Random;
  readonly constraints?: Omit<RemiConstraints, "bars">;
  readonly targets?: Targets;
  /** Strength of the piece's cache, see `PieceCache`. @default 0, none */
  readonly cache?: number;
  /** Most tokens drawn in all. @default Infinity */
  readonly maxTokens?: number;
  /** Called at every token drawn; may pause. */
  readonly onToken?: (drawn: number, bar: number) => Promise<void> | undefined;
}

/** How one section is drawn. */
export interface SectionOptions {
  /** Length in bars; Infinity until the model ends it. */
  readonly bars: number;
  /** Bars of an earlier section that are played again, ids without `Bar`. */
  readonly template?: readonly (readonly number[])[];
  /** Share of the template's notes that are drawn anew. @default 0 */
  readonly distance?: number;
  /** Whether its last bar closes the piece. @default false */
  readonly closes?: boolean;
}

/** A section, drawn. */
export interface DrawnSection {
  /** Ids of each bar, without `Bar`; of a piece's first, with its meter and tempo. */
  readonly bars: readonly (readonly number[])[];
  /** Sum of nats of the tokens drawn, by the model's own distribution. */
  readonly nats: number;
  readonly drawn: number;
  /** Ids of the meter and tempo in force where it begins; of a piece's first, none. */
  readonly header: readonly number[];
  /** Whether it is as long as asked, and not cut off by `maxTokens`. */
  readonly whole: boolean;
}

/** Types of tokens that make a bar the same bar when heard again. */
const HEARD = ["Bar", "Position", "Program", "Kit", "Pitch", "Drum"] as const;
/** Tokens before a section that the guard against repetition looks at. */
const GUARDED = 600;
/** A varied note stays within so many semitones. */
const VARIED_SEMITONES = 7;

/** A place to go on from. */
interface Place {
  readonly reader: ReaderState;
  readonly steering: Steering;
  readonly steps: number;
  readonly recent: Int32Array;
  readonly header: readonly number[];
}

/** A piece while it is drawn. */
export class Drawing {
  readonly #reader: Reader;
  readonly #options: DrawingOptions;
  readonly #alphabet: RemiAlphabet;
  readonly #usable: Uint8Array;
  /** The grammar of whichever section is drawn: one serves all, in turn. */
  readonly #grammar: RemiGrammar;
  readonly #head: readonly number[];
  readonly #sampler: Sampler;
  readonly #mask: Uint8Array;
  readonly #bias: Float32Array;
  readonly #sampling: SamplingOptions;
  readonly #counted: Uint8Array;
  readonly #barId: number;
  readonly #endId: number;
  #steering: Steering;
  /** Meter and tempo last said; a section's first bar need not repeat them. */
  #header: readonly number[] = [];
  /** The last {@linkcode GUARDED} ids read, −1 before the first. */
  readonly #recent = new Int32Array(GUARDED).fill(-1);
  /** Steps before the section. */
  #steps = 0;
  #drawn = 0;

  /**
   * @param head Ids of the attributes.
   * @throws {RangeError} If the vocabulary leaves no way to meet the constraints.
   */
  constructor(
    checkpoint: Checkpoint,
    reader: Reader,
    head: readonly number[],
    options: DrawingOptions,
  ) {
    const { vocabulary, corpus } = checkpoint;
    this.#reader = reader;
    this.#options = options;
    this.#head = head;
    this.#alphabet = RemiAlphabet.of(vocabulary);
    this.#usable = usableTokens(vocabulary, options.constraints ?? {});
    // What else is asked holds for what is drawn, not for what is given.
    this.#grammar = new RemiGrammar(vocabulary, corpus.tokenizerOptions, {
      ranges: options.constraints?.ranges,
    });
    this.#sampler = new Sampler(vocabulary.size);
    this.#mask = new Uint8Array(vocabulary.size);
    this.#bias = new Float32Array(vocabulary.size);
    const { temperature, topK, topP, minP } = options;
    const mask = this.#mask, bias = this.#bias;
    this.#sampling = { temperature, topK, topP, minP, mask, bias };
    this.#counted = this.#alphabet.mark(HEARD);
    this.#barId = vocabulary.id("Bar");
    this.#endId = vocabulary.id("End");
    this.#steering = new Steering({
      alphabet: this.#alphabet,
      stepsPerQuarter: remiResolution(corpus.tokenizerOptions).stepsPerQuarter,
      targets: options.targets ?? {},
      limits: { ranges: options.constraints?.ranges, usable: this.#usable },
    });
    reader.reset(head[0], options.cache);
    for (const id of head) this.#read(id);
  }

  /** Tokens drawn so far, those thrown away too. */
  get drawn(): number {
    return this.#drawn;
  }

  /**
   * Reads music that is given: bars from the piece's first on, after whatever
   * was drawn or given before.
   *
   * @param ids From `Bar` on, without `End`.
   * @throws {RangeError} If they break the grammar.
   */
  give(ids: readonly number[]): void {
    this.#restart(Infinity);
    for (const id of ids) this.#push(id);
    this.#close();
  }

  /** Draws a section the best of several times, by {@linkcode Steering.distance}. */
  async best(options: SectionOptions, attempts: number): Promise<DrawnSection> {
    return await this.#choose(
      attempts,
      () => this.section(options),
      () => this.#steering.distance(),
    );
  }

  /**
   * Draws a section so that it leads into music that was there before: the one
   * of several after which that surprises the model least.
   *
   * @param into The bar that follows, ids without `Bar`.
   */
  async leading(
    options: SectionOptions,
    into: readonly number[],
    attempts: number,
  ): Promise<DrawnSection> {
    const follows = [
      this.#barId,
      ...into.filter((id) => !this.#header.includes(id)),
    ];
    return await this.#choose(attempts, () => this.section(options), () => {
      const { state } = this.#reader;
      let nats = 0;
      for (const id of follows) {
        nats += surprise(this.#reader.logits, id);
        this.#reader.read(id);
      }
      this.#reader.state = state;
      return nats;
    });
  }

  async #choose(
    attempts: number,
    draw: () => Promise<DrawnSection>,
    cost: () => number,
  ): Promise<DrawnSection> {
    if (attempts === 1) return await draw();
    const start = this.#place();
    let best: { section: DrawnSection; place: Place; cost: number } | undefined;
    for (let i = 0; i < attempts; i++) {
      if (i > 0) this.#return(start);
      const section = await draw();
      const total = cost() + (section.whole ? 0 : Infinity);
      if (best === undefined || total < best.cost) {
        best = { section, place: this.#place(), cost: total };
      }
      // Nothing is left to wish for.
      if (total === 0) break;
    }
    this.#return(best!.place);
    return best!.section;
  }

  #place(): Place {
    return {
      reader: this.#reader.state,
      steering: this.#steering.clone(),
      steps: this.#steps,
      recent: this.#recent.slice(),
      header: this.#header,
    };
  }

  #return({ reader, steering, steps, recent, header }: Place): void {
    this.#reader.state = reader;
    this.#steering = steering.clone();
    this.#steps = steps;
    this.#recent.set(recent);
    this.#header = header;
  }

  /** Draws a section, or plays one again. */
  async section(options: SectionOptions): Promise<DrawnSection> {
    const { bars, template, distance = 0, closes = false } = options;
    const header = this.#header, before = this.#drawn;
    const draft = this.#open(bars);
    let whole = true;
    if (template) {
      for (const bar of template.slice(0, bars)) {
        this.#take(this.#barId, draft);
        this.#again(bar, distance, draft);
      }
    } else whole = await this.#drawNew(draft, bars, closes);
    this.#close();
    const drawn = this.#drawn - before;
    return { header, bars: draft.bars, nats: draft.nats, drawn, whole };
  }

  /** Has the grammar stand before the first bar of a section. */
  #restart(bars: number): void {
    this.#grammar.restart(bars);
    for (const id of this.#head) this.#grammar.push(id);
  }

  /** Begins a section. */
  #open(bars: number): Draft {
    this.#restart(bars);
    const guard = new RepetitionGuard({ counted: this.#counted });
    // By index: this is a long loop of a rare function, see CONTRIBUTING.
    for (let i = 0; i < GUARDED; i++) {
      if (this.#recent[i] >= 0) guard.push(this.#recent[i]);
    }
    return new Draft(guard, this.#barId);
  }

  /** Draws a section to its end; false where it is cut off. */
  async #drawNew(
    draft: Draft,
    bars: number,
    closes: boolean,
  ): Promise<boolean> {
    const { maxTokens = Infinity, onToken } = this.#options;
    while (this.#drawn < maxTokens) {
      if (!this.#drawNext(draft, bars, closes)) return true;
      const pause = onToken?.(this.#drawn, this.#grammar.bar);
      if (pause) await pause;
    }
    draft.cut();
    return false;
  }

  /** Draws one token of a section; false where it ends instead. */
  #drawNext(draft: Draft, bars: number, closes: boolean): boolean {
    const grammar = this.#grammar;
    this.#allow(draft, closes && grammar.bar === bars);
    const id = this.#sample();
    const ends = id === this.#endId ||
      id === this.#barId && grammar.bar === bars;
    if (ends) return false;
    draft.nats += this.#sampler.nats;
    this.#take(id, draft);
    this.#drawn++;
    if (grammar.complete) draft.keep();
    return true;
  }

  /** Takes a token into a section. */
  #take(id: number, draft: Draft): void {
    draft.push(id);
    this.#push(id);
    if (id === this.#barId && draft.bars.length === 1) this.#skipHeader();
  }

  /** Meter and tempo of a section that is not the first go without saying. */
  #skipHeader(): void {
    for (const id of this.#header) this.#grammar.push(id);
  }

  /** Fills the mask with what may come next. */
  #allow({ guard }: Draft, closes: boolean): void {
    const mask = this.#grammar.mask(this.#mask);
    for (let id = 0; id < mask.length; id++) mask[id] &= this.#usable[id];
    // A section that may end may also go on to the next.
    if (mask[this.#endId] === 1) mask[this.#barId] = 1;
    if (closes) {
      const key = this.#options.targets?.key ??
        findKey(this.#steering.sounding);
      restrictToClose(mask, this.#alphabet, this.#grammar, key);
    }
    guard.restrict(mask);
  }

  #sample(): number {
    this.#steering.bias(this.#bias, this.#grammar, this.#steps);
    const { random } = this.#options;
    return this.#sampler.sample(this.#reader.logits, random, this.#sampling);
  }

  /**
   * Plays a bar again with a share of its notes drawn anew: in the old rhythm,
   * near the old pitch, by the model.
   */
  #again(bar: readonly number[], distance: number, draft: Draft): void {
    const { types, numbers } = this.#alphabet;
    const { random } = this.#options;
    const grammar = this.#grammar;
    let program = -1;
    for (let i = 0; i < bar.length; i++) {
      const id = bar[i], type = types[id];
      if (type === "TimeSignature" || type === "Tempo") {
        if (grammar.allows(id)) this.#take(id, draft);
        continue;
      }
      if (type === "Program") program = numbers[id];
      if (type === "Pitch" && distance > 0) {
        // Where a note drawn anew holds what this one would strike, it is, too.
        const held = draft.anew.get(128 * program + numbers[id]) ?? 0;
        const isAnew = random.next() < distance || held > grammar.step;
        if (isAnew && this.#drawNear(bar, i, program, draft)) continue;
      }
      if (grammar.allows(id)) this.#take(id, draft);
      else if (type === "Duration" && !grammar.complete) {
        this.#take(this.#longestDuration(), draft);
      } // A note that has no place here any more is left out whole.
      else if (type === "Pitch" || type === "Drum") {
        i = this.#endOfNote(bar, i) - 1;
      }
    }
  }

  /** Draws another pitch near that of a bar's token `i`; false where none may come. */
  #drawNear(
    bar: readonly number[],
    i: number,
    program: number,
    draft: Draft,
  ): boolean {
    const { types, numbers } = this.#alphabet;
    const next = this.#endOfNote(bar, i);
    let steps = 0;
    for (const id of bar.slice(i, next)) {
      if (types[id] === "Duration") steps += numbers[id];
    }
    const below = types[bar[next]] === "Pitch" ? numbers[bar[next]] : Infinity;
    this.#allow(draft, false);
    for (let other = 0; other < this.#mask.length; other++) {
      const apart = Math.abs(numbers[other] - numbers[bar[i]]);
      const isNear = types[other] === "Pitch" && numbers[other] < below &&
        apart > 0 && apart <= VARIED_SEMITONES;
      if (!isNear) this.#mask[other] = 0;
    }
    if (!this.#mask.includes(1)) return false;
    const id = this.#sample();
    draft.anew.set(
      128 * program + numbers[id],
      this.#grammar.step + steps,
    );
    draft.nats += this.#sampler.nats;
    this.#take(id, draft);
    this.#drawn++;
    return true;
  }

  /** Where a note's velocity and durations end that begins at a bar's token `i`. */
  #endOfNote(bar: readonly number[], i: number): number {
    const { types } = this.#alphabet;
    let next = i + 1;
    while (types[bar[next]] === "Velocity" || types[bar[next]] === "Duration") {
      next++;
    }
    return next;
  }

  /** The longest duration that fits before the section's end. */
  #longestDuration(): number {
    const { ids, numbers } = this.#alphabet;
    return ids.Duration.filter((id) => this.#grammar.allows(id))
      .reduce((best, id) => numbers[id] > numbers[best] ? id : best);
  }

  #push(id: number): void {
    const type = this.#alphabet.types[id], header = this.#header;
    if (type === "TimeSignature") this.#header = [id, header[1]];
    else if (type === "Tempo") this.#header = [header[0], id];
    this.#grammar.push(id);
    this.#steering.push(id, this.#steps + this.#grammar.step);
    this.#read(id);
  }

  #read(id: number): void {
    this.#reader.read(id);
    this.#recent.copyWithin(0, 1);
    this.#recent[GUARDED - 1] = id;
  }

  /** Ends a section at its last bar line. */
  #close(): void {
    this.#steps += this.#grammar.barEnd;
    this.#steering.advance(this.#steps);
  }
}
