/**
 * Draws REMI music section by section. A section is a few whole bars in which
 * everything that begins also ends, so that sections can be repeated, varied and
 * put in any order; the network reads on from one to the next.
 */

import type { Checkpoint } from "../checkpoint.ts";
import type { Random } from "../random.ts";
import type { RemiConstraints } from "../remi_constraints.ts";
import { usableTokens } from "../remi_constraints.ts";
import { RemiGrammar } from "../remi_grammar.ts";
import { remiResolution, tokensOfTypes } from "../remi_tokens.ts";
import {
  RepetitionGuard,
  Sampler,
  type SamplingOptions,
  surprise,
} from "../sampling.ts";
import { findKey } from "../theory.ts";
import type { Reader, ReaderState } from "./reader.ts";
import { restrictToClose } from "./closing.ts";
import { Steering, type Targets } from "./steering.ts";
import { TokenLists } from "./token_lists.ts";

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
  readonly recent: readonly number[];
  readonly header: readonly number[];
}

/** A piece while it is drawn. */
export class Drawing {
  readonly #reader: Reader;
  readonly #options: DrawingOptions;
  readonly #tokens: TokenLists;
  readonly #usable: Uint8Array;
  /** The grammar of whichever section is drawn: one serves all, in turn. */
  readonly #rules: RemiGrammar;
  readonly #head: readonly number[];
  readonly #sampler: Sampler;
  readonly #mask: Uint8Array;
  readonly #bias: Float32Array;
  readonly #sampling: SamplingOptions;
  readonly #counted: Uint8Array;
  readonly #barId: number;
  readonly #endId: number;
  #steering: Steering;
  /** Meter and tempo where a section begins, which its first bar need not name. */
  #header: readonly number[] = [];
  /** The last ids read, at least {@linkcode GUARDED} where there are as many. */
  #recent: number[] = [];
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
    this.#tokens = new TokenLists(
      vocabulary,
      remiResolution(corpus.tokenizerOptions).stepsPerQuarter,
    );
    this.#usable = usableTokens(vocabulary, options.constraints ?? {});
    // What else is asked holds for what is drawn, not for what is given.
    this.#rules = new RemiGrammar(vocabulary, corpus.tokenizerOptions, {
      ranges: options.constraints?.ranges,
    });
    this.#sampler = new Sampler(vocabulary.size);
    this.#mask = new Uint8Array(vocabulary.size);
    this.#bias = new Float32Array(vocabulary.size);
    const { temperature, topK, topP, minP } = options;
    const mask = this.#mask, bias = this.#bias;
    this.#sampling = { temperature, topK, topP, minP, mask, bias };
    this.#counted = tokensOfTypes(vocabulary, HEARD);
    this.#barId = vocabulary.id("Bar");
    this.#endId = vocabulary.id("End");
    this.#steering = new Steering(this.#tokens, options.targets ?? {});
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
  give(ids: readonly number[]): DrawnSection {
    const grammar = this.#grammar(Infinity);
    const bars: number[][] = [];
    for (const id of ids) {
      if (id === this.#barId) bars.push([]);
      else bars[bars.length - 1].push(id);
      this.#push(id, grammar);
    }
    this.#keepHeader(bars);
    this.#close(grammar);
    return { bars, nats: 0, drawn: 0, whole: true };
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
      recent: this.#recent.slice(-GUARDED),
      header: this.#header,
    };
  }

  #return({ reader, steering, steps, recent, header }: Place): void {
    this.#reader.state = reader;
    this.#steering = steering.clone();
    this.#steps = steps;
    this.#recent = [...recent];
    this.#header = header;
  }

  /** Draws a section, or plays one again. */
  async section(options: SectionOptions): Promise<DrawnSection> {
    const { bars, template, distance = 0, closes = false } = options;
    const grammar = this.#grammar(bars);
    const guard = new RepetitionGuard({ counted: this.#counted });
    for (const id of this.#recent.slice(-GUARDED)) guard.push(id);
    const made: number[][] = [];
    const push = (id: number) => {
      if (id === this.#barId) made.push([]);
      else made[made.length - 1].push(id);
      guard.push(id);
      this.#push(id, grammar);
      if (id === this.#barId && made.length === 1) this.#skipHeader(grammar);
    };
    const before = this.#drawn;
    let nats = 0;
    if (template) {
      for (const bar of template.slice(0, bars)) {
        push(this.#barId);
        nats += this.#again(bar, distance, grammar, guard, push);
      }
    }
    let whole = 0, wholeBars = 0, cut = false;
    while (!template) {
      if (this.#drawn >= (this.#options.maxTokens ?? Infinity)) {
        made.length = wholeBars;
        if (wholeBars > 0) made[wholeBars - 1].length = whole;
        cut = true;
        break;
      }
      this.#allow(grammar, guard, closes && grammar.bar === bars);
      const id = this.#sample(grammar);
      const ends = id === this.#endId ||
        id === this.#barId && grammar.bar === bars;
      if (ends) break;
      nats += this.#sampler.nats;
      push(id);
      this.#drawn++;
      if (grammar.complete) {
        wholeBars = made.length;
        whole = made[wholeBars - 1].length;
      }
      const pause = this.#options.onToken?.(this.#drawn, grammar.bar);
      if (pause) await pause;
    }
    this.#keepHeader(made);
    this.#close(grammar);
    return { bars: made, nats, drawn: this.#drawn - before, whole: !cut };
  }

  /** A grammar that stands before the first bar of a section. */
  #grammar(bars: number): RemiGrammar {
    this.#rules.restart(bars);
    for (const id of this.#head) this.#rules.push(id);
    return this.#rules;
  }

  /** Meter and tempo of a section that is not the first go without saying. */
  #skipHeader(grammar: RemiGrammar): void {
    for (const id of this.#header) grammar.push(id);
  }

  /** Remembers the meter and tempo that bars end with. */
  #keepHeader(bars: readonly (readonly number[])[]): void {
    const { types } = this.#tokens;
    const said = bars.flat();
    const header = ["TimeSignature", "Tempo"].map((type, i) =>
      said.findLast((id) => types[id] === type) ?? this.#header[i]
    );
    if (bars.length > 0) this.#header = header;
  }

  /** Fills the mask with what may come next. */
  #allow(grammar: RemiGrammar, guard: RepetitionGuard, closes: boolean): void {
    const mask = grammar.mask(this.#mask);
    for (let id = 0; id < mask.length; id++) mask[id] &= this.#usable[id];
    // A section that may end may also go on to the next.
    if (mask[this.#endId] === 1) mask[this.#barId] = 1;
    if (closes) {
      const key = this.#options.targets?.key ??
        findKey(this.#steering.sounding);
      restrictToClose(mask, this.#tokens, grammar, key);
    }
    guard.restrict(mask);
  }

  #sample(grammar: RemiGrammar): number {
    const { stepsPerQuarter } = this.#tokens;
    this.#steering.bias(this.#bias, grammar, this.#steps / stepsPerQuarter);
    const { random } = this.#options;
    return this.#sampler.sample(this.#reader.logits, random, this.#sampling);
  }

  /**
   * Plays a bar again with a share of its notes drawn anew: in the old rhythm,
   * near the old pitch, by the model.
   *
   * @returns Nats of what was drawn.
   */
  #again(
    bar: readonly number[],
    distance: number,
    grammar: RemiGrammar,
    guard: RepetitionGuard,
    push: (id: number) => void,
  ): number {
    const { types, numbers } = this.#tokens;
    const { random } = this.#options;
    let nats = 0;
    for (let i = 0; i < bar.length; i++) {
      const id = bar[i], type = types[id];
      if (type === "TimeSignature" || type === "Tempo") {
        if (grammar.allows(id)) push(id);
        continue;
      }
      if (type === "Pitch" && random.next() < distance) {
        let next = i + 1;
        while (
          types[bar[next]] === "Velocity" || types[bar[next]] === "Duration"
        ) {
          next++;
        }
        const below = types[bar[next]] === "Pitch"
          ? numbers[bar[next]]
          : Infinity;
        this.#allow(grammar, guard, false);
        for (let other = 0; other < this.#mask.length; other++) {
          const apart = Math.abs(numbers[other] - numbers[id]);
          const isNear = types[other] === "Pitch" && numbers[other] < below &&
            apart > 0 && apart <= VARIED_SEMITONES;
          if (!isNear) this.#mask[other] = 0;
        }
        if (this.#mask.includes(1)) {
          push(this.#sample(grammar));
          nats += this.#sampler.nats;
          this.#drawn++;
          continue;
        }
      }
      if (grammar.allows(id)) push(id);
      else if (type === "Duration" && !grammar.complete) {
        push(this.#longestDuration(grammar));
      } // A note that has no place here any more is left out whole.
      else if (type === "Pitch" || type === "Drum") {
        while (
          types[bar[i + 1]] === "Velocity" || types[bar[i + 1]] === "Duration"
        ) {
          i++;
        }
      }
    }
    return nats;
  }

  /** The longest duration that fits before the section's end. */
  #longestDuration(grammar: RemiGrammar): number {
    const { lists, numbers } = this.#tokens;
    return lists.Duration.filter((id) => grammar.allows(id))
      .reduce((best, id) => numbers[id] > numbers[best] ? id : best);
  }

  #push(id: number, grammar: RemiGrammar): void {
    grammar.push(id);
    const at = this.#steps + grammar.step;
    this.#steering.push(id, at / this.#tokens.stepsPerQuarter);
    this.#read(id);
  }

  #read(id: number): void {
    this.#reader.read(id);
    this.#recent.push(id);
    if (this.#recent.length > 4 * GUARDED) {
      this.#recent = this.#recent.slice(-2 * GUARDED);
    }
  }

  /** Ends a section at its last bar line. */
  #close(grammar: RemiGrammar): void {
    this.#steps += grammar.barEnd;
    this.#steering.advance(this.#steps / this.#tokens.stepsPerQuarter);
  }
}
