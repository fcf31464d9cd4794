/** Has music that swings play between the beats, where swing is heard. */

import type { RemiAlphabet, RemiGrammar } from "../tokens/remi/remi.ts";
import type { SamplingRule } from "./sampling_rule.ts";

/** Share of the beats that are to have a note on their second half. */
const SHARE = 0.4;
/** What the next off-beat gains where there are fewer. */
const GAIN = 12;
/** What sixteenths lose, which leave no room for a late off-beat. */
const SIXTEENTHS = 1.5;

/** Notes on the second half of enough beats. */
export class OffBeats implements SamplingRule {
  readonly #alphabet: RemiAlphabet;
  readonly #beat: number;
  /** Beats so far, and those with a note on their second half. */
  #beats = 0;
  #full = 0;
  /** The first position of the bar that may come next; the last that came. */
  #position = -1;
  #barSteps = 0;

  /** @param beat Steps of a beat. */
  constructor(alphabet: RemiAlphabet, beat: number) {
    this.#alphabet = alphabet;
    this.#beat = beat;
  }

  begin(): void {
    // It counts beats, wherever they lie.
  }

  restart(): void {
    this.#position = -1;
  }

  push(id: number): void {
    const { types, numbers } = this.#alphabet, number = numbers[id]!;
    if (types[id] === "Bar") {
      this.#beats += Math.round(this.#barSteps / this.#beat);
      this.#position = -1;
    }
    if (types[id] !== "Position") return;
    this.#position = number;
    if (number % this.#beat === this.#beat / 2) this.#full++;
  }

  restrict(): void {
    // All may still be played.
  }

  bias(bias: Float32Array, { barStart, barEnd }: RemiGrammar): void {
    const { ids, numbers } = this.#alphabet;
    this.#barSteps = barEnd - barStart;
    for (const id of ids.Position) {
      if (numbers[id]! % (this.#beat / 2) !== 0) bias[id]! -= SIXTEENTHS;
    }
    const beats = this.#beats + Math.floor(this.#position / this.#beat) + 1;
    if (this.#full >= SHARE * beats) return;
    const half = this.#beat / 2;
    const next = this.#position < half
      ? half
      : half + this.#beat * (Math.floor((this.#position - half) / this.#beat) +
            1);
    for (const id of ids.Position) if (numbers[id] === next) bias[id]! += GAIN;
  }

  needs(): boolean {
    return false;
  }

  mayPlay(): boolean {
    return true;
  }
}
