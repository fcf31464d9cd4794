/** Relations of the positions and parts that may come next to the music so far. */

import { FIRST_KIT, type RemiAlphabet } from "../tokens/remi/remi.ts";
import type { MusicContext } from "./music_context.ts";
import { AT, type Pairs } from "./pairs.ts";
import { PLACES, shareClass } from "./usage.ts";

/** Finds the relations of positions and parts. */
export class TimeRelations {
  readonly #alphabet: RemiAlphabet;
  readonly #perQuarter: number;

  constructor(alphabet: RemiAlphabet, stepsPerQuarter: number) {
    this.#alphabet = alphabet;
    this.#perQuarter = stepsPerQuarter;
  }

  /** What may come after a note: another part, a later position, a bar. */
  moments(context: MusicContext, pairs: Pairs): void {
    const { ids, numbers } = this.#alphabet;
    const { position, usage } = context, perQuarter = this.#perQuarter;
    const bars = context.history.count;
    for (let k = 0; k < ids.Position.length; k++) {
      const id = ids.Position[k]!, at = numbers[id]!;
      if (at <= position) continue;
      pairs.put(id, AT.later + Math.min(at - position, 48));
      pairs.put(id, AT.phase + Math.min(at % perQuarter, 23));
      if (at >= PLACES) continue;
      const all = context.allUsage.positions[at]!;
      pairs.put(id, AT.placeUsed + shareClass(all, bars));
      if (usage) {
        pairs.put(id, AT.ownLater + shareClass(usage.positions[at]!, bars));
      }
    }
    this.#ends(context, pairs);
    if (position >= 0) this.parts(context, pairs);
  }

  /** Positions at which a sounding note ends. */
  #ends(
    { sounding, barStart, position, instrument }: MusicContext,
    pairs: Pairs,
  ): void {
    const { ids, numbers } = this.#alphabet;
    for (let i = 0; i < sounding.count; i++) {
      const at = sounding.end(i) - barStart;
      if (at <= position) continue;
      const isOwn = sounding.instrument(i) === instrument;
      for (let k = 0; k < ids.Position.length; k++) {
        const id = ids.Position[k]!;
        if (numbers[id] === at) pairs.put(id, AT.ends + (isOwn ? 0 : 1));
      }
    }
  }

  /** Which part may play. */
  parts(context: MusicContext, pairs: Pairs): void {
    const { lines, sounding, step } = context;
    const { ids, numbers } = this.#alphabet;
    for (let type = 0; type < 2; type++) {
      const all = type === 0 ? ids.Program : ids.Kit;
      for (let k = 0; k < all.length; k++) {
        const id = all[k]!, instrument = numbers[id]! + type * FIRST_KIT;
        const line = lines.get(instrument);
        if (context.plan.instruments.has(instrument)) {
          pairs.put(id, AT.planned + (line ? 1 : 0));
        }
        if (!line) {
          pairs.put(id, AT.part + 1);
          continue;
        }
        const joins = step > line.end ? 0 : step === line.end ? 1 : 2;
        pairs.put(id, AT.legato + joins + (line.overlaps > 0 ? 3 : 0));
        const usage = context.usages.get(instrument)!;
        if (context.position < PLACES) {
          const count = usage.positions[context.position]!;
          pairs.put(
            id,
            AT.partPlace + shareClass(count, context.history.count),
          );
        }
        const quarters = (step - line.lastStep) / this.#perQuarter;
        pairs.put(
          id,
          AT.part + 2 +
            (quarters <= 0.5
              ? 0
              : quarters <= 1
              ? 1
              : quarters <= 2
              ? 2
              : quarters <= 4
              ? 3
              : quarters <= 8
              ? 4
              : 5),
        );
        for (let i = 0; i < sounding.count; i++) {
          if (sounding.instrument(i) !== instrument) continue;
          pairs.put(id, AT.part);
          break;
        }
      }
    }
  }
}
