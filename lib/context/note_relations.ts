/** Relations of the lengths and velocities that a note may have to those before. */

import type { RemiAlphabet } from "../tokens/remi/remi.ts";
import type { MusicContext } from "./music_context.ts";
import { AT, clamp, type Pairs } from "./pairs.ts";
import { LAGS } from "./recall.ts";
import { shareClass } from "./usage.ts";

const N = LAGS.length;

/** Finds the relations of lengths and velocities. */
export class NoteRelations {
  readonly #alphabet: RemiAlphabet;
  readonly #velocityRank = new Map<number, number>();
  readonly #perQuarter: number;

  constructor(alphabet: RemiAlphabet, stepsPerQuarter: number) {
    this.#alphabet = alphabet;
    this.#perQuarter = stepsPerQuarter;
    const { ids, numbers } = alphabet;
    [...ids.Velocity].sort((a, b) => numbers[a]! - numbers[b]!)
      .forEach((id, rank) => this.#velocityRank.set(id, rank));
  }

  /** How long the note lasts. */
  durations(context: MusicContext, pairs: Pairs): void {
    const { position, barSteps, instrument, sounding, step, bar, recall } =
      context;
    const { ids } = this.#alphabet, { numbers } = context;
    const at = AT.length, perQuarter = this.#perQuarter;
    const own = context.line!.durationId;
    for (let k = 0; k < ids.Duration.length; k++) {
      const id = ids.Duration[k]!, steps = numbers[id]!, end = position + steps;
      if (end === barSteps) pairs.put(id, at);
      if (end === 2 * barSteps) pairs.put(id, at + 1);
      if (end * 2 === barSteps) pairs.put(id, at + 2);
      if (end % perQuarter === 0) pairs.put(id, at + 3);
      if (end * 2 % perQuarter === 0) pairs.put(id, at + 4);
      if (id === own) pairs.put(id, at + 5);
      for (let l = 0; l < N; l++) {
        if (recall.gaps[l] === steps) pairs.put(id, at + 6 + l);
      }
      if (end > barSteps) pairs.put(id, at + 15);
      const { ids: counts, notes } = context.usage!;
      pairs.put(id, AT.valueUsed + shareClass(counts[id]!, notes));
    }
    for (let i = 0; i < sounding.count; i++) {
      const left = sounding.end(i) - step;
      const isOwn = sounding.instrument(i) === instrument;
      for (let k = 0; k < ids.Duration.length; k++) {
        const id = ids.Duration[k]!;
        if (numbers[id] !== left) continue;
        pairs.put(id, at + (isOwn ? 11 : 12));
      }
    }
    for (let i = bar!.count - 2; i >= 0; i--) {
      if (bar!.get(i, 0) !== position) break;
      const id = bar!.get(i, 4);
      if (id < 0) continue;
      pairs.put(id, at + (bar!.get(i, 1) === instrument ? 13 : 14));
      break;
    }
  }

  /** How loud the note is. */
  velocities(context: MusicContext, pairs: Pairs): void {
    const ranks = this.#velocityRank, { ids } = this.#alphabet;
    const { line, bar, position, instrument } = context;
    const own = ranks.get(line!.velocityId);
    const any = ranks.get(context.velocityId);
    for (let k = 0; k < ids.Velocity.length; k++) {
      const id = ids.Velocity[k]!, rank = ranks.get(id)!;
      const { ids: counts, notes } = context.usage!;
      pairs.put(id, AT.valueUsed + 6 + shareClass(counts[id]!, notes));
      if (own !== undefined) {
        pairs.put(id, AT.loudness + 5 + clamp(rank - own, -5, 5));
      }
      if (any !== undefined) {
        pairs.put(id, AT.loudness + 16 + clamp(rank - any, -5, 5));
      }
    }
    for (let i = bar!.count - 2; i >= 0; i--) {
      if (bar!.get(i, 0) !== position) break;
      if (bar!.get(i, 1) !== instrument) continue;
      const id = bar!.get(i, 3);
      if (id >= 0) pairs.put(id, AT.loudness + 22);
      break;
    }
  }
}
