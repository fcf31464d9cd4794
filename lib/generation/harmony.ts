/**
 * Leads sampling through chords that are asked for, as a player would go through
 * them: on the beats, and where a part enters a chord, only its tones; between
 * them notes of the scale too, which pass on soon; the part that carries the
 * harmony begins each chord with its bass note; and what does not belong to the
 * next chord does not ring into it. What the chord still lacks is favoured.
 */

import {
  beatQuarters,
  chordPitchClasses,
  type ChordProgression,
  familyOfProgram,
  isBass,
  keyOfAttributes,
  parseMeter,
  type PieceSpec,
  scalePitchClasses,
} from "../music/music.ts";
import type { RemiAlphabet, RemiGrammar } from "../tokens/remi/remi.ts";
import { type ChordSets, coloursOf, setOf, setsOf } from "./chord_sets.ts";
import { clearMarked, type SamplingRule } from "./sampling_rule.ts";

/** What a {@linkcode Harmony} works with. */
export interface HarmonyOptions {
  readonly alphabet: RemiAlphabet;
  readonly progression: ChordProgression;
  /** Steps between two beats. */
  readonly beatSteps: number;
  /** Programs that may play; none: not known. */
  readonly programs: readonly number[];
  /** Whether the scale's seventh and ninth may colour a chord. */
  readonly hasColours: boolean;
  /** Pitch classes of the scale between the chords' tones. @default the chords' */
  readonly scale?: readonly number[] | undefined;
}

/** What a note between the chord's tones loses, and their most share of its time. */
const PASSING = 2, MOST_PASSING = 0.15;
/**
 * What the third, other tones of the triad, and those beyond it gain while the chord
 * lacks them, at its beginning and at its end.
 */
const THIRD = { first: 4, last: 8 };
const TRIAD = { first: 3, last: 4 };
const BEYOND = { first: 0, last: 2 };
/** What a tone beyond the triad loses where it has been heard enough. */
const BEYOND_ENOUGH = 1.5;
/** By how much more plain chords are pulled together. */
const PLAIN_PULL = 2;
/** Share of the chord's time that each of them is to sound. */
const ENOUGH = 0.5;
/** Share of the chord's time after which notes on a beat are its third, if it lacks it. */
const LATE = 0.25;
/** What the note that begins a chord gains for sounding all through it. */
const HOLD = 5;
/** What the part that carries the harmony gains where a chord begins. */
const GROUND = 3;
/** Families that carry the harmony where no bass plays, the likeliest first. */
const GROUND_FAMILIES = [
  "Piano",
  "Guitar",
  "Organ",
  "Pad",
  "Strings",
  "Mallets",
] as const;

/** The chords of a piece, followed token by token. */
export class Harmony implements SamplingRule {
  readonly #alphabet: RemiAlphabet;
  readonly #chords: readonly ChordSets[];
  readonly #barsEach: number;
  readonly #beatSteps: number;
  /** Whether its triad comes before all else. */
  readonly #isPlain: boolean;
  /** Programs that carry the harmony. */
  readonly #ground: ReadonlySet<number>;
  /** By pitch class: the step until which it sounds. */
  readonly #sounding = new Int32Array(12);
  /** By pitch class: the steps that it sounds within the chord. */
  readonly #heard = new Int32Array(12);
  /** Steps that other notes sounded within it. */
  #passed = 0;
  /** Where that chord, or its bar, begins and ends. */
  #spanStart = 0;
  #spanEnd = 0;
  #chord: ChordSets;
  /** Steps of a chord of the progression. */
  #chordSteps = 0;
  #now = 0;
  /** Whether the last note is the one that begins the chord. */
  #begins = false;
  /** By program: the step of its last note. */
  readonly #played = new Map<number, number>();
  #program = -1;
  #pitch = -1;
  #noteStart = 0;
  #noteEnd = 0;
  /** Steps before the first chord. */
  #origin = 0;

  constructor(options: HarmonyOptions) {
    const { alphabet, progression, beatSteps, programs } = options;
    const all = progression.chords.flatMap(chordPitchClasses);
    const scale = setOf(options.scale ?? all);
    this.#alphabet = alphabet;
    this.#chords = progression.chords.map((chord) =>
      setsOf(chord, scale, options.hasColours ? coloursOf(chord) : [])
    );
    this.#chord = this.#chords[0]!;
    this.#barsEach = progression.barsEach;
    this.#beatSteps = beatSteps;
    this.#isPlain = !options.hasColours;
    this.#ground = groundOf(programs);
  }

  /** Puts the first chord at a time, where given music ends. */
  begin(atSteps: number): void {
    this.#origin = atSteps;
  }

  /** Forgets what sounds, where a section begins. */
  restart(): void {
    this.#sounding.fill(0);
    this.#heard.fill(0);
    this.#spanStart = this.#spanEnd = 0;
    this.#played.clear();
    this.#program = -1;
  }

  /**
   * Counts a token.
   *
   * @param atSteps Its time, from the start of the piece.
   */
  push(id: number, atSteps: number): void {
    const now = atSteps - this.#origin;
    const { types, numbers } = this.#alphabet, number = numbers[id]!;
    switch (types[id]) {
      case "Bar":
        this.#program = -1;
        break;
      case "Kit":
        this.#program = -1;
        break;
      case "Program":
        this.#program = number;
        break;
      case "Pitch":
        this.#pitch = number;
        this.#begins = this.#ground.has(this.#program) &&
          this.#isFirst(this.#program);
        this.#noteStart = this.#noteEnd = now;
        this.#played.set(this.#program, now);
        break;
      case "Duration": {
        const pitchClass = this.#pitch % 12;
        const from = this.#noteEnd, to = from + number;
        this.#noteEnd = to;
        const within = Math.max(0, Math.min(to, this.#spanEnd) - from);
        this.#heard[pitchClass]! += within;
        if ((this.#chord.coloured >> pitchClass & 1) === 0) {
          this.#passed += within;
        }
        this.#sounding[pitchClass] = Math.max(
          this.#sounding[pitchClass]!,
          to,
        );
        break;
      }
    }
  }

  /**
   * Clears from a mask the notes and durations that the chords do not allow. A rule
   * that would leave nothing is dropped.
   *
   * @param mask 1 where a token may be sampled, shape [V]; changed in place.
   * @param grammar Of the section being written.
   * @param sectionStart Steps before the section.
   */
  restrict(mask: Uint8Array, grammar: RemiGrammar, sectionStart: number): void {
    if (!this.#enter(grammar, sectionStart)) return;
    this.#restrictPitches(mask);
    this.#restrictDurations(mask);
  }

  /**
   * Adds to a bias: less for what only passes, more for what the chord lacks and for
   * the part that is to begin it.
   *
   * @param bias Shape [V]; changed in place.
   */
  bias(bias: Float32Array, grammar: RemiGrammar, sectionStart: number): void {
    if (!this.#enter(grammar, sectionStart)) return;
    const { ids, numbers } = this.#alphabet;
    for (const id of ids.Pitch) bias[id]! += this.#gainOf(numbers[id]! % 12);
    for (const id of ids.Program) {
      const program = numbers[id]!;
      if (this.#ground.has(program) && this.#isFirst(program)) {
        bias[id]! += GROUND;
      }
    }
    if (!this.#begins) return;
    const steps = this.#spanEnd - this.#spanStart;
    for (const id of ids.Duration) {
      bias[id]! += HOLD * Math.min(1, numbers[id]! / steps);
    }
  }

  needs(): boolean {
    return false;
  }

  mayPlay(): boolean {
    return true;
  }

  /** What a pitch class gains. */
  #gainOf(pitchClass: number): number {
    const { coloured, third, triad } = this.#chord,
      one = 1 << pitchClass;
    if ((coloured & one) === 0) return -PASSING;
    const steps = this.#spanEnd - this.#spanStart;
    const lack = 1 - this.#heard[pitchClass]! / (ENOUGH * steps);
    if (lack <= 0) return triad & one ? 0 : -BEYOND_ENOUGH;
    const gain = pitchClass === third ? THIRD : triad & one ? TRIAD : BEYOND;
    const passed = (this.#now - this.#spanStart) / steps;
    const pull = this.#isPlain ? PLAIN_PULL * lack : lack;
    return pull * (gain.first + (gain.last - gain.first) * passed);
  }

  #restrictPitches(mask: Uint8Array): void {
    const { ids, numbers } = this.#alphabet;
    const { bass, coloured, third, triad, passing } = this.#chord;
    const isGround = this.#ground.has(this.#program);
    const isFirst = this.#isFirst(this.#program);
    const isStrong = isFirst || this.#now % this.#beatSteps === 0;
    const steps = this.#spanEnd - this.#spanStart;
    const lacksThird = !isBass(this.#program) &&
      this.#now - this.#spanStart >= LATE * steps &&
      this.#heard[third] === 0;
    const allowed = isFirst && isGround
      ? bass
      : !isStrong
      ? this.#passed < MOST_PASSING * steps ? passing : coloured
      : lacksThird
      ? 1 << third
      : this.#isPlain && this.#lacks(triad)
      ? triad
      : coloured;
    for (const id of ids.Pitch) {
      if ((allowed >> numbers[id]! % 12 & 1) === 0) mask[id]! *= 2;
    }
    clearMarked(mask, ids.Pitch);
  }

  #restrictDurations(mask: Uint8Array): void {
    const { ids, numbers } = this.#alphabet;
    const start = this.#noteStart, end = this.#noteEnd;
    const one = 1 << this.#pitch % 12;
    const next = this.#chordAt(this.#spanEnd);
    const goesOn = this.#ground.has(this.#program) ? next.bass : next.coloured;
    const steps = this.#spanEnd - this.#spanStart;
    const latest = (this.#chord.coloured & one) === 0
      ? Math.min(start + this.#beatSteps / 2, this.#spanEnd)
      : goesOn & one
      ? this.#spanEnd + steps
      : this.#spanEnd;
    for (const id of ids.Duration) {
      if (end + numbers[id]! > latest) mask[id]! *= 2;
    }
    clearMarked(mask, ids.Duration);
  }

  /** Moves on to a time; false where no bar has begun. */
  #enter(
    { barStart, barEnd, step }: RemiGrammar,
    sectionStart: number,
  ): boolean {
    if (barEnd === barStart) return false;
    const now = sectionStart + step - this.#origin;
    this.#now = now;
    this.#chordSteps = this.#barsEach * (barEnd - barStart);
    if (now >= this.#spanStart && now < this.#spanEnd) return true;
    // A chord of several bars begins anew in each.
    const steps = this.#chordSteps /
      Math.max(1, Math.round(this.#barsEach));
    this.#spanStart = now - now % steps;
    this.#spanEnd = this.#spanStart + steps;
    this.#chord = this.#chordAt(now);
    this.#passed = 0;
    for (let i = 0; i < 12; i++) {
      // What rings on.
      const end = Math.min(this.#sounding[i]!, this.#spanEnd);
      this.#heard[i] = Math.max(0, end - this.#spanStart);
    }
    return true;
  }

  #chordAt(steps: number): ChordSets {
    const index = Math.floor(steps / this.#chordSteps + 1e-9) %
      this.#chords.length;
    return this.#chords[index]!;
  }

  /** Whether one of some pitch classes has not sounded since the chord began. */
  #lacks(set: number): boolean {
    for (let i = 0; i < 12; i++) {
      if (set >> i & 1 && this.#heard[i] === 0) return true;
    }
    return false;
  }

  /** Whether a program has not played since the chord began. */
  #isFirst(program: number): boolean {
    return (this.#played.get(program) ?? -1) < this.#spanStart;
  }
}

/** The programs that carry the harmony: the basses, or else one of the others. */
function groundOf(programs: readonly number[]): ReadonlySet<number> {
  const basses = programs.filter(isBass);
  if (basses.length > 0) return new Set(basses);
  for (const family of GROUND_FAMILIES) {
    const one = programs.find((program) => familyOfProgram(program) === family);
    if (one !== undefined) return new Set([one]);
  }
  return new Set();
}

/**
 * How the chords of a spec are played.
 *
 * @param head Ids of the attributes, which name the key.
 * @returns Undefined where it has none.
 */
export function harmonyOf(
  { chords, constraints = {}, targets }: PieceSpec,
  head: readonly number[],
  alphabet: RemiAlphabet,
  stepsPerQuarter: number,
): HarmonyOptions | undefined {
  if (!chords || chords.chords.length === 0) return undefined;
  const { meter = "4/4", programs = [], pitchClasses } = constraints;
  const key = keyOfAttributes(
    Object.fromEntries(head.map((id) => {
      const { type, value } = alphabet.token(id);
      return [type, value];
    })),
  );
  return {
    alphabet,
    progression: chords,
    beatSteps: beatQuarters(parseMeter(meter)) * stepsPerQuarter,
    programs,
    hasColours: !targets?.plainChords,
    scale: pitchClasses ?? (key && scalePitchClasses(key.tonic, key.mode)),
  };
}
