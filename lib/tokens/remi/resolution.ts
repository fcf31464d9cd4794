/** The grid that REMI tokens are written on: steps, tempi and velocity bins. */

import { STEPS_PER_QUARTER, ticksPerBar } from "../../music/music.ts";

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
 * Steps in a bar.
 *
 * @param numerator Of the time signature.
 * @param denominator Of the time signature.
 * @param stepsPerQuarter Steps in a quarter note.
 * @throws {RangeError} If a bar is not a whole number of steps.
 *
 * @example
 * ```ts
 * import { stepsPerBar } from "immersic/tokens/remi/resolution.ts";
 * console.assert(stepsPerBar(3, 4, 12) === 36);
 * ```
 */
export function stepsPerBar(
  numerator: number,
  denominator: number,
  stepsPerQuarter: number,
): number {
  const steps = ticksPerBar({ numerator, denominator }, stepsPerQuarter);
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(
      `Cannot lay out bars of ${numerator}/${denominator}: they must be a whole number of steps, current value is ${steps}. Use more steps per quarter.`,
    );
  }
  return steps;
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
