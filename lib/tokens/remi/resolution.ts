/** The grid that REMI tokens are written on: steps, tempi and velocity bins. */

import {
  type Meter,
  STEPS_PER_QUARTER,
  ticksPerBar,
} from "../../music/music.ts";

/** Resolution of the tokens. */
export interface RemiOptions {
  /**
   * Steps in a quarter note.
   * @default 12
   */
  readonly stepsPerQuarter?: number;
  /**
   * Bins of equal width that velocities 0–127 fall into: 1, 2, 4, 8, 16 or 32.
   * @default 16
   */
  readonly velocityBins?: number;
}

/** {@linkcode RemiOptions} with the defaults filled in. */
export type RemiResolution = Required<RemiOptions>;

/**
 * Fills in the defaults of {@linkcode RemiOptions}.
 *
 * @throws {RangeError} If a value is out of range.
 *
 * @example
 * ```ts
 * import { remiResolution } from "immersic/tokens/remi/remi.ts";
 * console.assert(remiResolution({ velocityBins: 8 }).stepsPerQuarter === 12);
 * ```
 */
export function remiResolution(options: RemiOptions = {}): RemiResolution {
  const { stepsPerQuarter = STEPS_PER_QUARTER, velocityBins = 16 } = options;
  if (
    !Number.isInteger(stepsPerQuarter) || stepsPerQuarter < 1 ||
    stepsPerQuarter > 96
  ) {
    throw new RangeError(
      `Cannot tokenize: stepsPerQuarter must be a whole number from 1 to 96, current value is ${stepsPerQuarter}.`,
    );
  }
  if (![1, 2, 4, 8, 16, 32].includes(velocityBins)) {
    throw new RangeError(
      `Cannot tokenize: velocityBins must be 1, 2, 4, 8, 16 or 32, current value is ${velocityBins}.`,
    );
  }
  return { stepsPerQuarter, velocityBins };
}

/**
 * Whether a `TimeSignature_…` token can say a meter: beats as a MIDI file can
 * count them, of a whole note down to a 128th.
 *
 * @example
 * ```ts
 * import { isWritable } from "immersic/tokens/remi/resolution.ts";
 * console.assert(isWritable({ numerator: 13, denominator: 32 }));
 * console.assert(!isWritable({ numerator: 4, denominator: 3 }));
 * ```
 */
export function isWritable({ numerator, denominator }: Meter): boolean {
  return Number.isInteger(numerator) && numerator >= 1 && numerator <= 255 &&
    [1, 2, 4, 8, 16, 32, 64, 128].includes(denominator);
}

/**
 * Steps in a bar: the nearest whole number, at least 1.
 *
 * @param meter The time signature.
 * @param stepsPerQuarter Steps in a quarter note.
 *
 * @example
 * ```ts
 * import { stepsPerBar } from "immersic/tokens/remi/resolution.ts";
 * console.assert(stepsPerBar({ numerator: 3, denominator: 4 }, 12) === 36);
 * console.assert(stepsPerBar({ numerator: 13, denominator: 32 }, 12) === 20);
 * ```
 */
export function stepsPerBar(meter: Meter, stepsPerQuarter: number): number {
  return Math.max(1, Math.round(ticksPerBar(meter, stepsPerQuarter)));
}

/**
 * The velocity that `Velocity_…` gives for one: the middle of its bin.
 *
 * @example
 * ```ts
 * import { binVelocity } from "immersic/tokens/remi/resolution.ts";
 * console.assert(binVelocity(64, 16) === 68 && binVelocity(71, 16) === 68);
 * ```
 */
export function binVelocity(velocity: number, velocityBins: number): number {
  const width = 128 / velocityBins;
  return Math.floor(velocity / width) * width + width / 2;
}

/** Slowest and fastest `Tempo_…`, in quarter notes per minute. */
export const TEMPO_RANGE = [10, 400] as const;

/**
 * The nearest whole tempo within {@linkcode TEMPO_RANGE}.
 *
 * @example
 * ```ts
 * import { binTempo } from "immersic/tokens/remi/remi.ts";
 * console.assert(binTempo(71.6) === 72 && binTempo(900) === 400);
 * ```
 */
export function binTempo(qpm: number): number {
  return Math.min(Math.max(Math.round(qpm), TEMPO_RANGE[0]), TEMPO_RANGE[1]);
}
