/** What the next bars are to be, in the form that a token writer works with. */

import type { Checkpoint } from "../model/model.ts";
import type { PieceSpec } from "../music/music.ts";
import {
  FIRST_KIT,
  frameOf,
  RemiAlphabet,
  remiResolution,
  usableTokens,
} from "../tokens/remi/remi.ts";
import type { SamplingOptions } from "./sampling.ts";
import type { SteeringOptions } from "./steering.ts";

/**
 * Only tokens at least so many times as likely as the likeliest: what is rarer is
 * mostly an error of the model, while a true choice has many likely answers.
 */
const MIN_P = 0.05;

/** Everything of a spec that decides which tokens come next. */
export interface Aims {
  /** Read for its constraints, targets and how tokens are sampled. */
  readonly spec: PieceSpec;
  /** Ids of the attributes, that of the key first. */
  readonly head: readonly number[];
  /** By id: 1 where a token may be sampled at all. */
  readonly usable: Uint8Array;
  /** Who plays, see `PiecePlan`. */
  readonly instruments: ReadonlySet<number>;
  /** Ids of the only meter and tempo that may be; those left out are free. */
  readonly header: readonly (number | undefined)[];
  readonly steering: SteeringOptions;
  readonly sampling: SamplingOptions;
}

/**
 * The aims that a spec means for a model.
 *
 * @param head Ids of the attributes.
 * @throws {RangeError} If the vocabulary cannot meet the constraints.
 */
export function aimsOf(
  checkpoint: Checkpoint,
  spec: PieceSpec,
  head: readonly number[],
): Aims {
  const { vocabulary, corpus } = checkpoint;
  const { constraints = {}, temperature, topK, topP, minP = MIN_P } = spec;
  const { ranges, meter, qpm, programs = [], kits = [] } = constraints;
  const alphabet = RemiAlphabet.of(vocabulary);
  const { stepsPerQuarter } = remiResolution(corpus.tokenizerOptions);
  const usable = usableTokens(vocabulary, constraints);
  // Of two pitches that are one to the network only the one that it means; where
  // parts have ranges, these decide, and may leave them no other.
  const frame = ranges ? undefined : frameOf({ ...checkpoint, ...corpus });
  frame?.distinctIn(head[0]!).forEach((one, id) => usable[id]! &= one);
  return {
    spec,
    head,
    usable,
    instruments: new Set([...programs, ...kits.map((kit) => FIRST_KIT + kit)]),
    header: [
      meter === undefined ? undefined : alphabet.find("TimeSignature", meter),
      qpm === undefined ? undefined : alphabet.find("Tempo", qpm),
    ],
    steering: {
      alphabet,
      stepsPerQuarter,
      targets: spec.targets ?? {},
      ranges,
      usable,
    },
    sampling: { temperature, topK, topP, minP },
  };
}
