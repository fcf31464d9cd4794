/**
 * Has single parts play as they are asked to: a walking bass a note on each beat, a
 * drone long ones, a lead one at a time, a harp broken chords, a cello low notes.
 */

import type { PartWish } from "../music/music.ts";
import type { RemiAlphabet, RemiGrammar } from "../tokens/remi/remi.ts";
import { clearMarked, type SamplingRule } from "./sampling_rule.ts";

/** What a {@linkcode PartManner} works with. */
export interface PartMannerOptions {
  readonly alphabet: RemiAlphabet;
  /** One of the model's, which plays so. */
  readonly program: number;
  readonly wish: PartWish;
  readonly stepsPerQuarter: number;
  /** Steps between two beats. */
  readonly beatSteps: number;
  /** Whether nothing else plays. */
  readonly isAlone: boolean;
}

/** What all else loses where the part is to play, or its note to go on, first. */
const WAIT = 12;
/** What the pitch loses that a part which walks has just played. */
const AGAIN = 3;
/** Semitones from note to note of a broken chord, at least and at most. */
const THIRD = 3, OCTAVE = 12;
/** What a pitch loses a step away from another of the bar, where chords are broken. */
const STEP = 3;

/** How one part plays. */
export class PartManner implements SamplingRule {
  readonly #alphabet: RemiAlphabet;
  readonly #wish: PartWish;
  readonly #program: number;
  readonly #beatSteps: number;
  readonly #isAlone: boolean;
  /** Least and most steps of a note. */
  readonly #least: number;
  readonly #most: number;
  /** Least steps from onset to onset. */
  readonly #apart: number;
  /** Whether it plays on every beat. */
  readonly #walks: boolean;
  /** The instrument of the next notes: whether it is this part's. */
  #isOwn = false;
  /** Whether the bar has no position yet. */
  #isBarNew = false;
  #pitch = -1;
  /** Its lowest and its highest pitch so far. */
  #lowest = Infinity;
  #highest = -Infinity;
  /** By pitch class: 1 where it was heard in the bar. */
  readonly #heard = new Uint8Array(12);
  /** Where its last note begins and ends; −1 before the first. */
  #noteStart = -1;
  #noteEnd = -1;

  constructor(options: PartMannerOptions) {
    const { alphabet, wish, stepsPerQuarter, beatSteps } = options;
    this.#alphabet = alphabet;
    this.#wish = wish;
    this.#program = options.program;
    this.#beatSteps = beatSteps;
    this.#isAlone = options.isAlone;
    this.#least = (wish.leastQuarters ?? 0) * stepsPerQuarter;
    this.#apart = (wish.apartQuarters ?? 0) * stepsPerQuarter;
    const most = (wish.mostQuarters ?? Infinity) * stepsPerQuarter;
    this.#walks = wish.positions === "beats" && wish.isMonophonic === true;
    this.#most = this.#walks ? Math.min(beatSteps, most) : most;
  }

  begin(): void {
    // It counts from bar lines, and plays so from any of them.
  }

  restart(): void {
    this.#isOwn = false;
    this.#noteStart = this.#noteEnd = this.#pitch = -1;
    this.#heard.fill(0);
  }

  push(id: number, atSteps: number): void {
    const { types, numbers } = this.#alphabet, number = numbers[id]!;
    switch (types[id]) {
      case "Bar":
        this.#isBarNew = true;
        this.#isOwn = false;
        this.#heard.fill(0);
        break;
      case "Position":
        this.#isBarNew = false;
        break;
      case "Kit":
        this.#isOwn = false;
        break;
      case "Program":
        this.#isOwn = number === this.#program;
        break;
      case "Pitch":
        this.#heard[number % 12] = 1;
        if (!this.#isOwn) break;
        this.#pitch = number;
        this.#lowest = Math.min(this.#lowest, number);
        this.#highest = Math.max(this.#highest, number);
        this.#noteStart = this.#noteEnd = atSteps;
        break;
      case "Duration":
        if (this.#isOwn) this.#noteEnd += number;
        break;
    }
  }

  restrict(mask: Uint8Array, grammar: RemiGrammar, sectionStart: number): void {
    const { ids, numbers } = this.#alphabet;
    const { step, barStart } = grammar;
    const barSteps = sectionStart + barStart;
    if (!this.mayPlay(this.#program, step - barStart, barSteps)) {
      for (const id of ids.Program) {
        if (numbers[id] === this.#program) mask[id]! *= 2;
      }
      for (const id of ids.Pitch) if (this.#isOwn) mask[id]! *= 2;
      clearMarked(mask, ids.Program, ids.Pitch);
    }
    if (this.#isAlone) this.#leaveOutSilence(mask, grammar, sectionStart);
    if (this.#walks) this.#restrictPositions(mask, grammar);
    if (!this.#isOwn) return;
    this.#restrictPitches(mask);
    this.#restrictDurations(mask);
  }

  bias(bias: Float32Array, grammar: RemiGrammar, sectionStart: number): void {
    const now = sectionStart + grammar.step;
    const { ids, numbers } = this.#alphabet;
    const sounded = this.#noteEnd - this.#noteStart;
    if (this.#isOwn && sounded > 0 && sounded < this.#least) {
      // Only the longest duration can go on.
      for (const id of ids.Duration) bias[id]! += WAIT;
    }
    if (this.#isOwn && this.#wish.isBroken) {
      for (const id of ids.Pitch) {
        if (this.#isStep(numbers[id]! % 12)) bias[id]! -= STEP;
      }
    }
    if (!this.#walks) return;
    for (const id of ids.Pitch) {
      if (this.#isOwn && numbers[id] === this.#pitch) bias[id]! -= AGAIN;
    }
    if (this.#isBarNew || !this.#isOnBeat(grammar) || this.#noteStart === now) {
      return;
    }
    // All that would pass the part by.
    for (const id of ids.Program) {
      if (numbers[id]! > this.#program) bias[id]! -= WAIT;
    }
    for (const id of ids.Kit) bias[id]! -= WAIT;
    for (const id of ids.Position) bias[id]! -= WAIT;
    for (const id of ids.Bar) bias[id]! -= WAIT;
    for (const id of ids.End) bias[id]! -= WAIT;
  }

  needs(position: number): boolean {
    return this.#walks && position % this.#beatSteps === 0;
  }

  mayPlay(program: number, position: number, barSteps: number): boolean {
    const now = barSteps + position;
    const { positions, isMonophonic } = this.#wish;
    if (program !== this.#program) return true;
    if (isMonophonic && (this.#noteEnd > now || this.#noteStart === now)) {
      return false;
    }
    const isSoon = this.#noteStart >= 0 && now > this.#noteStart &&
      now < this.#noteStart + this.#apart;
    if (isSoon) return false;
    const isOnBeat = position % this.#beatSteps === 0;
    return positions === undefined || (positions === "beats") === isOnBeat;
  }

  /** Whether a pitch class is a step away from one of the bar, and none of them. */
  #isStep(pitchClass: number): boolean {
    return this.#heard[pitchClass] === 0 &&
      [1, 2, 10, 11].some((by) => this.#heard[(pitchClass + by) % 12] === 1);
  }

  #isOnBeat({ step, barStart }: RemiGrammar): boolean {
    return (step - barStart) % this.#beatSteps === 0;
  }

  /** Leaves out positions at which nobody could play. */
  #leaveOutSilence(
    mask: Uint8Array,
    { barStart }: RemiGrammar,
    sectionStart: number,
  ): void {
    const { ids, numbers } = this.#alphabet;
    const { positions, isMonophonic } = this.#wish;
    for (const id of ids.Position) {
      const place = numbers[id]!, now = sectionStart + barStart + place;
      const isBusy = isMonophonic && this.#noteEnd > now ||
        this.#noteStart >= 0 && now < this.#noteStart + this.#apart;
      const isOnBeat = place % this.#beatSteps === 0;
      if (isBusy || positions && (positions === "beats") !== isOnBeat) {
        mask[id]! *= 2;
      }
    }
    clearMarked(mask, ids.Position);
  }

  /** Leaves out no beat. */
  #restrictPositions(
    mask: Uint8Array,
    { step, barStart, barEnd }: RemiGrammar,
  ): void {
    const { ids, numbers } = this.#alphabet;
    const place = step - barStart;
    const next = this.#isBarNew
      ? 0
      : place - place % this.#beatSteps + this.#beatSteps;
    for (const id of ids.Position) if (numbers[id]! > next) mask[id]! *= 2;
    clearMarked(mask, ids.Position);
    if (next >= barEnd - barStart) return;
    for (const id of ids.Bar) mask[id]! *= 2;
    clearMarked(mask, ids.Bar);
    for (const id of ids.End) mask[id]! *= 2;
    clearMarked(mask, ids.End);
  }

  /** Leaves out what is too low, high or far, and then what breaks no chord. */
  #restrictPitches(mask: Uint8Array): void {
    const { ids, numbers } = this.#alphabet;
    const { range, span = Infinity, mostLeap, isBroken, pitchClasses } =
      this.#wish;
    const [least, most] = range ?? [0, 127];
    const low = Math.max(least, this.#highest - span);
    const high = Math.min(most, this.#lowest + span);
    for (const id of ids.Pitch) {
      if (numbers[id]! < low || numbers[id]! > high) mask[id]! *= 2;
    }
    clearMarked(mask, ids.Pitch);
    if (pitchClasses) {
      for (const id of ids.Pitch) {
        if (!pitchClasses.includes(numbers[id]! % 12)) mask[id]! *= 2;
      }
      clearMarked(mask, ids.Pitch);
    }
    if (mostLeap !== undefined && this.#pitch >= 0) {
      for (const id of ids.Pitch) {
        if (Math.abs(numbers[id]! - this.#pitch) > mostLeap) mask[id]! *= 2;
      }
      clearMarked(mask, ids.Pitch);
    }
    if (!isBroken || this.#pitch < 0) return;
    for (const id of ids.Pitch) {
      const move = Math.abs(numbers[id]! - this.#pitch);
      if (move < THIRD || move > OCTAVE) mask[id]! *= 2;
    }
    clearMarked(mask, ids.Pitch);
  }

  #restrictDurations(mask: Uint8Array): void {
    const { ids, numbers } = this.#alphabet;
    const sounded = this.#noteEnd - this.#noteStart;
    for (const id of ids.Duration) {
      if (sounded + numbers[id]! > this.#most) mask[id]! *= 2;
    }
    clearMarked(mask, ids.Duration);
    if (sounded >= this.#least) return;
    let longest = 0;
    for (const id of ids.Duration) {
      if (mask[id] === 1) longest = Math.max(longest, numbers[id]!);
    }
    // Where there is no room for more, the longest that fits.
    const wanted = Math.min(this.#least - sounded, longest);
    for (const id of ids.Duration) {
      if (numbers[id]! < wanted) mask[id]! *= 2;
    }
    clearMarked(mask, ids.Duration);
  }
}
