/** Which of a model's instruments stands for each part of some music. */

import {
  nearestDrum,
  nearestProgram,
  type NoteSequence,
} from "../music/music.ts";
import { FIRST_KIT, type RemiAlphabet } from "../tokens/remi/remi.ts";
import { nearestOf, type NearestTokens } from "./nearest_tokens.ts";

/** A part of the music is likelier to go on the more it plays near the end. */
const LATE_SHARE = 0.25;

/** The instruments of some music, as a model hears them. */
export class HeardInstruments {
  /**
   * By instrument of the model, a program or {@linkcode FIRST_KIT} + kit: the
   * parts of the music that it stands for, of those that play near its end if any
   * does, first the one that plays most.
   */
  readonly partsOf: ReadonlyMap<number, readonly number[]>;
  /** By part: its mean pitch, NaN of a part without notes. */
  readonly meanPitches: Float64Array;
  /** By program of the music that is not known: the one heard in its place. */
  readonly standIns: ReadonlyMap<number, number>;
  /** By part: its instrument, −1 where the model knows none. */
  readonly #ofPart: Int32Array;
  /** By drum of the music: the one that stands for it, −1 where none is known. */
  readonly #drums: Int32Array;
  readonly #nearest: NearestTokens;
  /** By drum of the model: how often each drum is played that it stands for. */
  readonly #played = new Map<number, Map<number, number>>();

  /**
   * Finds a stand-in for each instrument of the music.
   *
   * @param alphabet The model's tokens.
   * @param nearest Keeps account of the tokens replaced.
   */
  constructor(
    { parts, notes }: NoteSequence,
    alphabet: RemiAlphabet,
    nearest: NearestTokens,
  ) {
    this.#nearest = nearest;
    const drums = alphabet.numbersOf("Drum");
    this.#drums = Int32Array.from(
      { length: 128 },
      (_, drum) => nearestDrum(drum, drums) ?? -1,
    );
    const programs = alphabet.numbersOf("Program");
    const kits = drums.length > 0 ? alphabet.numbersOf("Kit") : [];
    const counts = new Float64Array(parts.length);
    const late = new Float64Array(parts.length);
    const sums = new Float64Array(parts.length);
    const pitchSums = new Float64Array(128), played = new Float64Array(128);
    const first = notes[0]?.startTicks ?? 0, last = notes.at(-1)?.startTicks;
    const lateFrom = first + (1 - LATE_SHARE) * ((last ?? 0) - first);
    for (const { part, pitch, startTicks } of notes) {
      const { program, isDrum } = parts[part]!;
      counts[part]!++;
      sums[part]! += pitch;
      if (startTicks >= lateFrom) late[part]!++;
      if (isDrum) this.#count(pitch);
      else {
        pitchSums[program]! += pitch;
        played[program]!++;
      }
    }
    const standIns = new Map<number, number>();
    this.#ofPart = Int32Array.from(parts, ({ program, isDrum }, part) => {
      if (counts[part] === 0) return -1;
      if (isDrum) {
        const kit = nearestOf(kits, program);
        return kit === undefined
          ? -1
          : FIRST_KIT + nearest.replace("Kit", program, kit);
      }
      const meanPitch = pitchSums[program]! / played[program]!;
      const known = nearestProgram(program, programs, meanPitch);
      if (known === undefined) return -1;
      if (known !== program) standIns.set(program, known);
      return nearest.replace("Program", program, known);
    });
    this.standIns = standIns;
    const partsOf = new Map<number, number[]>();
    for (const [part, instrument] of this.#ofPart.entries()) {
      if (instrument < 0) continue;
      partsOf.set(instrument, [...partsOf.get(instrument) ?? [], part]);
    }
    for (const [instrument, own] of partsOf) {
      own.sort((a, b) => late[b]! - late[a]! || counts[b]! - counts[a]!);
      const playing = own.filter((part) => late[part]! > 0);
      if (playing.length > 0) partsOf.set(instrument, playing);
    }
    this.partsOf = partsOf;
    this.meanPitches = sums.map((sum, part) => sum / counts[part]!);
  }

  /** The model's instrument that stands for a part, −1 where it knows none. */
  ofPart(part: number): number {
    return this.#ofPart[part]!;
  }

  /** The model's drum that stands for one of the music. */
  drum(drum: number): number {
    return this.#nearest.replace("Drum", drum, this.#drums[drum]!);
  }

  /**
   * The drum of the music that a drum of the model sounds on: itself where the
   * music has it, else the one played most of those that it stands for.
   */
  soundingDrum(known: number): number {
    const played = this.#played.get(known);
    if (!played || played.has(known)) return known;
    return [...played].reduce((a, b) => b[1] > a[1] ? b : a)[0];
  }

  #count(drum: number): void {
    const known = this.#drums[drum]!;
    if (known < 0) return;
    const played = this.#played.get(known) ?? new Map<number, number>();
    played.set(drum, (played.get(drum) ?? 0) + 1);
    this.#played.set(known, played);
  }
}
