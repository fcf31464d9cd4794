/**
 * Writes a piece of REMI tokens one after the other: keeps network, grammar and
 * steering in step, masks what may not come next, and samples what does.
 */

import type { Random } from "../base/base.ts";
import type { PieceSpec } from "../music/music.ts";
import type { Checkpoint } from "../model/model.ts";
import { RemiAlphabet, RemiGrammar } from "../tokens/remi/remi.ts";
import { type Aims, aimsOf } from "./aims.ts";
import { Draft } from "./draft.ts";
import type { Reader, ReaderState } from "./reader.ts";
import { RepetitionGuard } from "./repetition_guard.ts";
import { AllRules } from "./all_rules.ts";
import { rulesOf } from "./rules.ts";
import { Sampler, type SamplingOptions, surprise } from "./sampling.ts";
import { Steering } from "./steering.ts";

/** What a {@linkcode TokenWriter} works with. */
export interface WriterOptions {
  readonly checkpoint: Checkpoint;
  readonly reader: Reader;
  /** Ids of the attributes. */
  readonly head: readonly number[];
  /** Read for its constraints, targets and how tokens are sampled. */
  readonly spec: PieceSpec;
  readonly random: Random;
  /** Bars of the whole piece, Infinity where they are not planned. */
  readonly bars: number;
  /** Strength of the piece's cache, see `PieceCache`. @default 0, none */
  readonly cache?: number;
}

/** The state of a {@linkcode TokenWriter} between two sections. */
export interface Place {
  readonly aims: Aims;
  readonly reader: ReaderState;
  readonly steering: Steering;
  readonly steps: number;
  readonly recent: Int32Array;
  readonly header: readonly number[];
}

/** Types of tokens by which two bars sound the same. */
const HEARD = ["Bar", "Position", "Program", "Kit", "Pitch", "Drum"] as const;
/** Tokens before a section that its guard against repetition knows. */
const GUARDED = 600;

/** A piece while it is written, section by section. */
export class TokenWriter {
  readonly alphabet: RemiAlphabet;
  readonly random: Random;
  readonly barId: number;
  readonly endId: number;
  readonly #reader: Reader;
  readonly #checkpoint: Checkpoint;
  readonly #cache: number | undefined;
  #aims!: Aims;
  /** The grammar of the section being written. */
  #grammar!: RemiGrammar;
  #sampling!: SamplingOptions;
  /** Chords, and how parts play; mostly none. */
  #rules!: AllRules;
  readonly #sampler: Sampler;
  readonly #mask: Uint8Array;
  readonly #bias: Float32Array;
  readonly #counted: Uint8Array;
  #steering: Steering;
  /** Ids of the meter and tempo in force; a section's first bar need not repeat them. */
  #header: readonly number[] = [];
  /** The last {@linkcode GUARDED} ids read, −1 before the first. */
  readonly #recent = new Int32Array(GUARDED).fill(-1);
  /** Steps before the section. */
  #steps = 0;
  #sampled = 0;

  /** @throws {RangeError} If the vocabulary cannot meet the constraints. */
  constructor(
    { checkpoint, reader, head, spec, random, bars, cache }: WriterOptions,
  ) {
    const { vocabulary } = checkpoint;
    this.#reader = reader;
    this.#checkpoint = checkpoint;
    this.#cache = cache;
    this.random = random;
    this.alphabet = RemiAlphabet.of(vocabulary);
    this.#sampler = new Sampler(vocabulary.size);
    this.#mask = new Uint8Array(vocabulary.size);
    this.#bias = new Float32Array(vocabulary.size);
    this.#counted = this.alphabet.mark(HEARD);
    this.barId = vocabulary.id("Bar");
    this.endId = vocabulary.id("End");
    this.#adopt(aimsOf(checkpoint, spec, head));
    this.#steering = new Steering(this.#aims.steering);
    const { instruments } = this.#aims;
    reader.reset(head[0]!, cache, { bars, instruments });
    for (const id of head) this.#read(id);
  }

  /** Tokens sampled so far, rejected drafts included. */
  get sampled(): number {
    return this.#sampled;
  }

  /** The bar being written, from 1. */
  get bar(): number {
    return this.#grammar.bar;
  }

  /** By id: 1 where a token may be sampled at all. */
  get usable(): Uint8Array {
    return this.#aims.usable;
  }

  /** Steps from the section's start. */
  get step(): number {
    return this.#grammar.step;
  }

  /** Steps from the section's start to that of the bar, and to its end. */
  get barStart(): number {
    return this.#grammar.barStart;
  }

  get barEnd(): number {
    return this.#grammar.barEnd;
  }

  /** Whether every note so far is complete. */
  get complete(): boolean {
    return this.#grammar.complete;
  }

  /** Ids of the meter and tempo in force. */
  get header(): readonly number[] {
    return this.#header;
  }

  /**
   * Aims at something else from the next section on, as if a piece began there: what
   * was written stays, but targets count from there. Let the network
   * {@linkcode hear} the bars before next.
   *
   * @param head Ids of the attributes.
   * @throws {RangeError} If the vocabulary cannot meet the constraints.
   */
  retarget(spec: PieceSpec, head: readonly number[]): void {
    this.#adopt(aimsOf(this.#checkpoint, spec, head));
    this.#steering = new Steering(this.#aims.steering);
    this.#steps = 0;
    const [meter = this.#header[0], tempo = this.#header[1]] =
      this.#aims.header;
    this.#header = meter === undefined || tempo === undefined
      ? []
      : [meter, tempo];
  }

  /** Takes over aims, with a grammar to match. */
  #adopt(aims: Aims): void {
    this.#aims = aims;
    const { vocabulary, corpus } = this.#checkpoint;
    const { ranges } = aims.spec.constraints ?? {};
    // The other constraints hold for what is sampled, not for what is given.
    this.#grammar = new RemiGrammar(
      vocabulary,
      corpus.tokenizerOptions,
      ranges && { ranges },
    );
    const mask = this.#mask, bias = this.#bias;
    this.#sampling = { ...aims.sampling, mask, bias };
    const { stepsPerQuarter } = aims.steering;
    this.#rules = new AllRules(
      rulesOf(aims.spec, aims.head, this.alphabet, stepsPerQuarter),
    );
  }

  /**
   * Reads given bars as a section.
   *
   * @param ids From `Bar` on, without `End`.
   * @throws {RangeError} If they break the grammar.
   */
  give(ids: readonly number[]): void {
    this.#restart(Infinity);
    for (const id of ids) this.#push(id);
    this.endSection();
    this.#steering.listen(this.#steps);
    this.#rules.begin(this.#steps);
  }

  /**
   * Has the network hear other bars of the piece in place of all that it read; what
   * is written stays. Without bars the next one states meter and tempo.
   *
   * @param bars Ids without `Bar`.
   * @param planned Bars of the piece that they begin.
   */
  hear(bars: readonly (readonly number[])[], planned: number): void {
    const { head, instruments } = this.#aims;
    this.#reader.reset(head[0]!, this.#cache, { bars: planned, instruments });
    for (const id of head) this.#reader.read(id);
    if (bars.length === 0) this.#header = [];
    for (const [i, bar] of bars.entries()) {
      this.#reader.read(this.barId);
      if (i === 0) {
        for (const id of this.#header) {
          if (!bar.includes(id)) this.#reader.read(id);
        }
      }
      for (const id of bar) this.#reader.read(id);
    }
  }

  /**
   * Begins a section.
   *
   * @param bars Its length; Infinity until the model ends it.
   */
  beginSection(bars: number): Draft {
    this.#restart(bars);
    const guard = new RepetitionGuard({
      counted: this.#counted,
      maxHearings: 32,
    });
    // By index: `for … of` in a function this rarely called allocates, which a long
    // stream cannot afford; see docs/experiments/stream_memory.md.
    for (let i = 0; i < GUARDED; i++) {
      if (this.#recent[i]! >= 0) guard.push(this.#recent[i]!);
    }
    return new Draft(guard, this.barId);
  }

  /** Ends a section at its last bar line. */
  endSection(): void {
    this.#steps += this.#grammar.barEnd;
    this.#steering.advance(this.#steps);
  }

  /** Whether the grammar lets a token come next. */
  allows(id: number): boolean {
    return this.#grammar.allows(id);
  }

  /** Writes a token into a section. */
  write(id: number, draft: Draft): void {
    draft.push(id);
    this.#push(id);
    if (id !== this.barId || draft.bars.length > 1) return;
    // Later bars of a piece state meter and tempo only where they change, but the
    // grammar of a section expects them in its first bar.
    for (const one of this.#header) this.#grammar.push(one);
  }

  /**
   * Writes a token of a note that is given: the network reads it, but targets count
   * only what is sampled.
   */
  writeGiven(id: number, draft: Draft): void {
    draft.givenNats += surprise(this.#reader.logits, id);
    draft.push(id);
    this.#grammar.push(id);
    const now = this.#steps + this.#grammar.step;
    this.#steering.advance(now);
    this.#rules.push(id, now);
    this.#read(id);
  }

  /** Whether a rule has a part play at a position. */
  needs(position: number): boolean {
    return this.#rules.needs(position);
  }

  /** Whether the rules let a program begin a note at a position of the bar. */
  mayPlay(program: number, position: number): boolean {
    const bar = this.#steps + this.#grammar.barStart;
    return this.#rules.mayPlay(program, position, bar);
  }

  /**
   * How likely one of some tokens would follow another that may come next; writes
   * nothing.
   *
   * @param among The tokens that are compared, and 2 for those that are wanted,
   * shape [V].
   * @returns Their share, 0–1.
   */
  shareAfter(id: number, among: Uint8Array): number {
    const { state } = this.#reader;
    const logits = this.#reader.read(id);
    let peak = -Infinity, all = 0, wanted = 0;
    for (let i = 0; i < among.length; i++) {
      if (among[i]! > 0) peak = Math.max(peak, logits[i]!);
    }
    for (let i = 0; i < among.length; i++) {
      if (among[i] === 0) continue;
      const weight = Math.exp(logits[i]! - peak);
      all += weight;
      if (among[i] === 2) wanted += weight;
    }
    this.#reader.state = state;
    return wanted / all;
  }

  /**
   * Computes which tokens may come next.
   *
   * @returns 1 where a token may come, shape [V]; the caller may clear more.
   */
  mask({ guard }: Draft): Uint8Array {
    const mask = this.#grammar.mask(this.#mask);
    const { usable } = this.#aims;
    for (let id = 0; id < mask.length; id++) mask[id]! &= usable[id]!;
    // Where a section may end, its next bar may begin.
    if (mask[this.endId] === 1) mask[this.barId] = 1;
    this.#rules.restrict(mask, this.#grammar, this.#steps);
    guard.restrict(mask);
    return mask;
  }

  /** Samples a token that {@linkcode TokenWriter.mask} allows; writes nothing. */
  sample(): number {
    this.#steering.bias(this.#bias, this.#grammar, this.#steps);
    this.#rules.bias(this.#bias, this.#grammar, this.#steps);
    const { logits } = this.#reader;
    return this.#sampler.sample(logits, this.random, this.#sampling);
  }

  /** Writes the token that was just sampled into a section. */
  writeSampled(id: number, draft: Draft): void {
    draft.nats += this.#sampler.nats;
    this.write(id, draft);
    this.#sampled++;
  }

  /** Whether a token would end a section of so many bars. */
  ends(id: number, bars: number): boolean {
    return id === this.endId || id === this.barId && this.bar === bars;
  }

  /** The sum of nats of tokens if they came next; writes nothing. */
  surprises(ids: readonly number[]): number {
    const { state } = this.#reader;
    let nats = 0;
    for (const id of ids) {
      nats += surprise(this.#reader.logits, id);
      this.#reader.read(id);
    }
    this.#reader.state = state;
    return nats;
  }

  /** A copy of the state, between two sections. */
  get place(): Place {
    return {
      aims: this.#aims,
      reader: this.#reader.state,
      steering: this.#steering.clone(),
      steps: this.#steps,
      recent: this.#recent.slice(),
      header: this.#header,
    };
  }

  /** Returns to a state. */
  set place({ aims, reader, steering, steps, recent, header }: Place) {
    if (aims !== this.#aims) this.#adopt(aims);
    this.#reader.state = reader;
    this.#steering = steering.clone();
    this.#steps = steps;
    this.#recent.set(recent);
    this.#header = header;
  }

  /** Puts the grammar before the first bar of a section. */
  #restart(bars: number): void {
    this.#grammar.restart(bars);
    this.#rules.restart();
    for (const id of this.#aims.head) this.#grammar.push(id);
  }

  #push(id: number): void {
    const type = this.alphabet.types[id], header = this.#header;
    if (type === "TimeSignature") this.#header = [id, header[1]!];
    else if (type === "Tempo") this.#header = [header[0]!, id];
    this.#grammar.push(id);
    this.#steering.push(id, this.#steps + this.#grammar.step);
    const now = this.#steps + this.#grammar.step;
    this.#rules.push(id, now);
    this.#read(id);
  }

  #read(id: number): void {
    this.#reader.read(id);
    this.#recent.copyWithin(0, 1);
    this.#recent[GUARDED - 1] = id;
  }
}
