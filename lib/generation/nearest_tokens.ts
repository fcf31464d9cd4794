/** The known tokens nearest to any values, looked up in tables. */

import {
  binDuration,
  binTempo,
  binVelocity,
  durationTable,
  longestOf,
  type RemiAlphabet,
  type RemiResolution,
  type RemiTokenType,
} from "../tokens/remi/remi.ts";

/** Finds the nearest tokens of one vocabulary and notes which ones it replaced. */
export class NearestTokens {
  /** By token that is not known: the one in its place. */
  readonly replaced: Map<string, string> = new Map();
  /** By type: how often one of its tokens was replaced. */
  readonly counts: Map<RemiTokenType, number> = new Map();
  readonly #alphabet: RemiAlphabet;
  readonly #resolution: RemiResolution;
  /** By type: the known numbers, rising. */
  readonly #numbers = new Map<RemiTokenType, readonly number[]>();
  /** By type and number: the nearest known number. */
  readonly #found = new Map<string, number>();
  readonly #table: readonly number[];

  /** @param resolution Of the tokenizer that made the vocabulary. */
  constructor(alphabet: RemiAlphabet, resolution: RemiResolution) {
    this.#alphabet = alphabet;
    this.#resolution = resolution;
    this.#table = durationTable(resolution.stepsPerQuarter);
  }

  /** Whether a note can be written at all. */
  get hasNotes(): boolean {
    const { ids } = this.#alphabet;
    const isPitched = ids.Pitch.length > 0 && ids.Duration.length > 0;
    return ids.Position.length > 0 && ids.Velocity.length > 0 &&
      (isPitched || ids.Drum.length > 0);
  }

  /** The known numbers of a type, rising. */
  numbers(type: RemiTokenType): readonly number[] {
    let numbers = this.#numbers.get(type);
    if (!numbers) {
      numbers = this.#alphabet.numbersOf(type);
      this.#numbers.set(type, numbers);
    }
    return numbers;
  }

  /** Notes that a number is in place of another; returns it. */
  replace(type: RemiTokenType, wanted: number, known: number): number {
    if (known === wanted || known < 0) return known;
    this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
    const token = `${type}_${wanted}`;
    if (!this.replaced.has(token)) {
      this.replaced.set(token, `${type}_${known}`);
    }
    return known;
  }

  /** A known pitch, in the nearest octave that has one of the same name. */
  pitch(pitch: number): number {
    return this.#once("Pitch", pitch, () => {
      const id = this.#alphabet.nearest("Pitch", pitch);
      return id === undefined ? -1 : this.#alphabet.numbers[id]!;
    });
  }

  /**
   * A known position in a bar, −1 where there is none.
   *
   * @param isLast Whether the bar is the last, where a note needs room.
   */
  position(position: number, barSteps: number, isLast: boolean): number {
    const room = isLast ? this.numbers("Duration")[0] ?? 1 : 1;
    const last = barSteps - room;
    return this.#once(
      "Position",
      position,
      () =>
        nearestOf(
          this.numbers("Position").filter((one) => one <= last),
          position,
        ) ?? -1,
      last,
    );
  }

  /** The token of a known velocity. */
  velocity(velocity: number): string {
    const wanted = binVelocity(velocity, this.#resolution.velocityBins);
    return `Velocity_${this.#once("Velocity", wanted)}`;
  }

  /** The token of the nearest known tempo. */
  tempo(qpm: number): string {
    return `Tempo_${this.#once("Tempo", binTempo(qpm))}`;
  }

  /**
   * Tokens of a length. Only the longest that a tokenizer writes can be chained.
   *
   * @param steps At least 1.
   * @param limit The longest that fits, at least 1.
   */
  durations(
    steps: number,
    limit: number,
  ): { readonly tokens: readonly string[]; readonly steps: number } {
    const known = this.numbers("Duration");
    const longest = longestOf(this.#table);
    const canChain = known.at(-1) === longest;
    let left = Math.min(steps, limit), written = 0;
    const tokens: string[] = [];
    const write = (wanted: number, duration: number) => {
      tokens.push(
        `Duration_${this.replace("Duration", wanted, duration)}`,
      );
      written += duration;
      left -= duration;
    };
    while (canChain && left > longest) write(longest, longest);
    const room = limit - written;
    const wanted = binDuration(
      Math.max(1, Math.min(left, longest)),
      this.#table,
    );
    const fits = known.filter((one) => one <= room);
    const duration = nearestOf(
      fits.length > 0 ? fits : known.slice(0, 1),
      left,
    );
    if (duration !== undefined && (fits.length > 0 || tokens.length === 0)) {
      write(wanted, duration);
    }
    return { tokens, steps: written };
  }

  /** Looks up what is nearest to a number, by default the nearest number. */
  #once(
    type: RemiTokenType,
    wanted: number,
    find: () => number = () => nearestOf(this.numbers(type), wanted) ?? wanted,
    within = 0,
  ): number {
    const key = `${type} ${wanted} ${within}`;
    let known = this.#found.get(key);
    if (known === undefined) {
      known = find();
      this.#found.set(key, known);
    }
    return this.replace(type, wanted, known);
  }
}

/** The nearest of some rising numbers, the lower of two as near. */
export function nearestOf(
  numbers: readonly number[],
  wanted: number,
): number | undefined {
  let best: number | undefined;
  for (const one of numbers) {
    if (
      best === undefined || Math.abs(one - wanted) < Math.abs(best - wanted)
    ) {
      best = one;
    }
  }
  return best;
}
