/**
 * Relations of the tokens that may come next to the music so far, such as "a
 * third above the part's last pitch" or "what came here two bars ago". Each is
 * scored by the network, for all tokens that it holds for at once.
 */

import { FIRST_KIT, type RemiAlphabet } from "../tokens/remi/remi.ts";
import type { MusicContext } from "./music_context.ts";
import { NoteRelations } from "./note_relations.ts";
import { AT, Pairs } from "./pairs.ts";
import { PitchRelations } from "./pitch_relations.ts";
import { LAGS } from "./recall.ts";
import { TimeRelations } from "./time_relations.ts";

const N = LAGS.length;

/** Finds which relations hold. */
export class Relations {
  readonly #pairs = new Pairs();
  readonly #pitches: PitchRelations;
  readonly #time: TimeRelations;
  readonly #notes: NoteRelations;

  constructor(alphabet: RemiAlphabet, stepsPerQuarter: number) {
    this.#pitches = new PitchRelations(alphabet);
    this.#time = new TimeRelations(alphabet, stepsPerQuarter);
    this.#notes = new NoteRelations(alphabet, stepsPerQuarter);
  }

  /**
   * Writes each pair of a token that may come next and a relation that holds for
   * it, as token + 65536·relation.
   *
   * @param to Filled from `from` on.
   * @returns Where they end.
   */
  write(context: MusicContext, to: Int32Array, from: number): number {
    const pairs = this.#pairs, time = this.#time;
    pairs.begin(to, from);
    const { bar, type, instrument } = context;
    if (bar === undefined) return from;
    this.#recalled(context);
    switch (type) {
      case "Pitch":
      case "Drum":
        this.#notes.velocities(context, pairs);
        break;
      case "Velocity":
        if (instrument < FIRST_KIT) this.#notes.durations(context, pairs);
        else time.moments(context, pairs);
        break;
      case "Duration":
        this.#pitches.write(context, pairs);
        time.moments(context, pairs);
        break;
      case "Position":
        if (instrument >= 0) this.#pitches.write(context, pairs);
        time.parts(context, pairs);
        break;
      case "Program":
      case "Kit":
        this.#pitches.write(context, pairs);
        break;
      default:
        time.moments(context, pairs);
    }
    return pairs.end;
  }

  #recalled({ recall }: MusicContext): void {
    const pairs = this.#pairs;
    for (let l = 0; l < N; l++) {
      if (recall.ids[l]! >= 0) pairs.put(recall.ids[l]!, AT.recalled + l);
      const moved = recall.pitchId(recall.moved[l]!);
      if (recall.moved[l]! >= 0 && moved >= 0) pairs.put(moved, AT.moved + l);
    }
  }
}
