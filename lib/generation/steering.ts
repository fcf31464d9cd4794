/**
 * Leads sampling towards the targets of a whole piece, by a bias on the model's
 * logits. Each quantity is measured as the piece grows, and corrected only as far
 * as it misses its target: a piece that meets its targets is sampled from the
 * model's own distribution, but for rubs and restrikes.
 *
 * - **density**: a token that moves on by t quarter notes is weighted by e^(−λt);
 * - **register**: a pitch is weighted by e^(μ·octave);
 * - **key**: a pitch class is weighted by how well it fits the key, and by
 *   how well it tells the key from the one that is as likely to the key finder that
 *   is least sure;
 * - **parts**: an instrument that is yet to be heard is favoured, the more the
 *   longer it has not been;
 * - **one voice**: a program that is to play one note at a time is held back while
 *   it sounds;
 * - **restrikes**: always, a pitch that its own part still holds is held back, as
 *   MIDI cannot hold it twice and a note would be lost. So is a part that holds
 *   every pitch it may play.
 */

import type { PieceConstraints, PieceTargets, Range } from "../music/music.ts";
import {
  FIRST_KIT,
  type RemiAlphabet,
  type RemiGrammar,
} from "../tokens/remi/remi.ts";
import { KeyFit } from "./key_fit.ts";

/** What a {@linkcode Steering} works with. */
export interface SteeringOptions {
  readonly alphabet: RemiAlphabet;
  /** Resolution of the tokens. */
  readonly stepsPerQuarter: number;
  readonly targets: PieceTargets;
  /** Lowest and highest pitch of each program. @default any */
  readonly ranges?: PieceConstraints["ranges"] | undefined;
  /** By id: 1 where a token may be sampled at all. @default everywhere */
  readonly usable?: Uint8Array | undefined;
}

/** Time constants of the running means: of density, and of pitch. */
const FORGET_QUARTERS = 48, FORGET_NOTES = 96;
/** Quarter notes after which a part is to have been heard, unless targets say it. */
const PATIENCE_QUARTERS = 3;
/** What is added to the logit of an unheard part each time they pass again. */
const ENTRY = 10;
/** Number of MIDI pitches. */
const PITCHES = 128;
/** What a restrike takes from the logits. */
const RESTRIKE = 10;
/**
 * By how much the asked key is to correlate better than any other, as it does in
 * at least three of four training pieces.
 */
const KEY_MARGIN = 0.08;
/** Weight of the key's profile for each unit that the margin is short, and at most. */
const KEY_PULL = 10, MOST_KEY_PULL = 2;
/** The same after given music, whose key a listener has in his ear. */
const KEY_PULL_AFTER = 20, MOST_KEY_PULL_AFTER = 3;
const INSTRUMENTS = ["Program", "Kit"] as const;

/**
 * Measures a piece as it grows, and computes the bias for the next logits. Times
 * are steps from the start of the piece: whole numbers, which allocate nothing.
 */
export class Steering {
  readonly #alphabet: RemiAlphabet;
  readonly #stepsPerQuarter: number;
  readonly #targets: PieceTargets;
  readonly #ranges: PieceConstraints["ranges"];
  readonly #usable: Uint8Array | undefined;
  /** Notes, and the quarter notes they were counted over; both decay. */
  #notes = 0;
  #quarters = 0;
  /** Steps counted so far. */
  #now = 0;
  #meanPitch = NaN;
  /** Pitches in that mean, at most {@linkcode FORGET_NOTES}. */
  #pitches = 0;
  /** Steps that each pitch class sounded. */
  readonly #sounding = new Float64Array(12);
  /** By program and pitch: the step until which it sounds. */
  readonly #held: Int32Array;
  /** Instruments asked for that have not been heard since then. */
  #unheard = new Set<number>();
  #since = 0;
  /** By program that plays one note at a time: the step until which it sounds. */
  #busyUntil = new Map<number, number>();
  /** The density asked, with a margin inside both ends. */
  readonly #inner: Range;
  readonly #keyFit: KeyFit;
  /** Program, or {@linkcode FIRST_KIT} + kit, of the tokens now; −1 for none. */
  #instrument = -1;
  /** Where its pitches begin in `#held`. */
  #heldOffset = 0;
  /** The last pitch; −1 before the first. */
  #pitch = -1;

  constructor(options: SteeringOptions) {
    const { alphabet, stepsPerQuarter, targets } = options;
    this.#alphabet = alphabet;
    this.#stepsPerQuarter = stepsPerQuarter;
    this.#targets = targets;
    this.#ranges = options.ranges;
    this.#usable = options.usable;
    this.#keyFit = new KeyFit(targets.key);
    this.#held = new Int32Array(PITCHES * alphabet.ids.Program.length);
    const { monophonic = [] } = targets;
    for (const program of monophonic) this.#busyUntil.set(program, 0);
    this.listen(0);
    this.#inner = inner(targets.density ?? [0, Infinity]);
    if (targets.density) {
      // As if four quarters had met the target, for a steady start.
      this.#quarters = 4;
      this.#notes = 4 * this.#densityGoal();
    }
  }

  /** A copy that goes on independently. */
  clone(): Steering {
    const copy = new Steering({
      alphabet: this.#alphabet,
      stepsPerQuarter: this.#stepsPerQuarter,
      targets: this.#targets,
      ranges: this.#ranges,
      usable: this.#usable,
    });
    copy.#notes = this.#notes;
    copy.#quarters = this.#quarters;
    copy.#now = this.#now;
    copy.#meanPitch = this.#meanPitch;
    copy.#pitches = this.#pitches;
    copy.#sounding.set(this.#sounding);
    copy.#held.set(this.#held);
    copy.#unheard = new Set(this.#unheard);
    copy.#since = this.#since;
    copy.#busyUntil = new Map(this.#busyUntil);
    copy.#keyFit.copy(this.#keyFit);
    return copy;
  }

  /** Steps that each pitch class sounded so far, shape [12]. */
  get sounding(): Float64Array {
    return this.#sounding;
  }

  /**
   * Counts a token.
   *
   * @param atSteps Its time, from the start of the piece.
   */
  push(id: number, atSteps: number): void {
    const number = this.#alphabet.numbers[id]!;
    switch (this.#alphabet.types[id]) {
      case "Bar":
        this.#instrument = -1;
        break;
      case "Program":
        this.#instrument = number;
        this.#heldOffset = this.#heldOffsetOf(id);
        break;
      case "Kit":
        this.#instrument = FIRST_KIT + number;
        break;
      case "Drum":
        this.#unheard.delete(this.#instrument);
        break;
      case "Pitch":
        this.#unheard.delete(this.#instrument);
        this.#pitch = number;
        this.#notes++;
        this.#pitches = Math.min(this.#pitches + 1, FORGET_NOTES);
        this.#meanPitch = this.#pitches === 1
          ? number
          : this.#meanPitch + (number - this.#meanPitch) / this.#pitches;
        break;
      case "Duration": {
        const pitch = this.#pitch, held = this.#heldOffset + pitch;
        const end = atSteps + number;
        this.#sounding[pitch % 12]! += number;
        this.#held[held] = Math.max(this.#held[held]!, end);
        if (this.#busyUntil.has(this.#instrument)) {
          this.#busyUntil.set(this.#instrument, end);
        }
        this.#keyFit.measure(this.#sounding);
        break;
      }
    }
    this.advance(atSteps);
  }

  /**
   * Forgets which instruments were heard and in what key before a time, where given
   * music ends: what follows is to have them by itself.
   */
  listen(atSteps: number): void {
    const { programs = [], kits = [] } = this.#targets;
    for (const program of programs) this.#unheard.add(program);
    for (const kit of kits) this.#unheard.add(FIRST_KIT + kit);
    this.#since = atSteps;
    this.#sounding.fill(0);
    this.#keyFit.reset();
  }

  /** Moves on to a time; what was not pushed until then is silence. */
  advance(atSteps: number): void {
    if (atSteps <= this.#now) return;
    const passed = (atSteps - this.#now) / this.#stepsPerQuarter;
    this.#now = atSteps;
    const kept = Math.exp(-passed / FORGET_QUARTERS);
    this.#notes *= kept;
    this.#quarters = this.#quarters * kept + passed;
  }

  /** A density near the low end of the target, for pieces begin thinly. */
  #densityGoal(): number {
    const [low, high] = this.#targets.density!;
    return low === 0 ? 0.7 * high : 1.1 * low;
  }

  /** μ per octave: above 0 favours higher pitches, below 0 lower ones. */
  #lift(): number {
    const { register } = this.#targets;
    if (!register || this.#pitches === 0) return 0;
    const low = register[0] + 2, high = register[1] - 2;
    const mean = this.#meanPitch;
    const wanted = mean < low ? low : mean > high ? high : mean;
    return clamp(1.2 * (wanted - mean), -6, 6);
  }

  /**
   * Computes what to add to the logits of the next token.
   *
   * @param bias Filled, shape [V].
   * @param grammar Of the section being written.
   * @param sectionStart Steps before the section.
   */
  bias(bias: Float32Array, grammar: RemiGrammar, sectionStart: number): void {
    const now = sectionStart + grammar.step;
    bias.fill(0);
    this.#biasTimes(bias, grammar);
    this.#biasPitches(bias, now);
    this.#biasInstruments(bias, now);
  }

  /** Density: favours moving on sooner or later. */
  #biasTimes(bias: Float32Array, grammar: RemiGrammar): void {
    if (!this.#targets.density || this.#quarters === 0) return;
    const rate = Math.max(this.#notes, 0.5) / this.#quarters;
    // Destructuring would allocate at every token.
    const low = this.#inner[0], high = this.#inner[1];
    const wanted = rate < low ? low : rate > high ? high : rate;
    // λ: above 0 for more notes, below 0 for fewer.
    const hurry = clamp(8 * Math.log(wanted / rate), -8, 12);
    if (hurry === 0) return;
    const { ids, numbers } = this.#alphabet;
    const stepsPerQuarter = this.#stepsPerQuarter;
    for (const id of ids.Position) {
      const later = grammar.barStart + numbers[id]! - grammar.step;
      bias[id]! -= hurry * later / stepsPerQuarter;
    }
    // While a part that plays one note at a time holds one, it plays no other.
    if (hurry > 0 && this.#busyUntil.has(this.#instrument)) {
      for (const id of ids.Duration) {
        bias[id]! -= hurry * numbers[id]! / stepsPerQuarter;
      }
    }
    const left = (grammar.barEnd - grammar.step) / stepsPerQuarter;
    for (const id of ids.Bar) bias[id]! -= hurry * left;
    for (const id of ids.End) bias[id]! -= hurry * left;
    // Drums do not count towards density, so pitched parts go first.
    for (const id of ids.Kit) bias[id]! -= hurry / 2;
    for (const id of ids.Drum) bias[id]! -= hurry / 2;
  }

  /** Register, key and restrikes. */
  #biasPitches(bias: Float32Array, now: number): void {
    const { ids, numbers } = this.#alphabet;
    const lift = this.#lift(), pull = this.#keyPull();
    const { weights } = this.#keyFit;
    const isBusy = this.#isBusy(this.#instrument, now);
    for (const id of ids.Pitch) {
      const pitch = numbers[id]!;
      bias[id]! += lift * pitch / 12 + pull * weights[pitch % 12]! -
        (isBusy || this.#held[this.#heldOffset + pitch]! > now ? RESTRIKE : 0);
    }
  }

  /** Favours parts yet to be heard, and holds back those that cannot play. */
  #biasInstruments(bias: Float32Array, now: number): void {
    const { ids, numbers } = this.#alphabet;
    const entry = this.#entry(now);
    if (entry > 0) {
      for (const type of INSTRUMENTS) {
        const first = type === "Kit" ? FIRST_KIT : 0;
        for (const id of ids[type]) {
          if (this.#unheard.has(first + numbers[id]!)) bias[id]! += entry;
        }
      }
    }
    for (const id of ids.Program) {
      const isSilent = !this.#isBusy(numbers[id]!, now) &&
        !this.#holdsAll(id, now);
      if (!isSilent) bias[id]! -= RESTRIKE;
    }
  }

  /** Whether a program that plays one note at a time is playing one. */
  #isBusy(program: number, now: number): boolean {
    return (this.#busyUntil.get(program) ?? 0) > now;
  }

  /** Whether a program holds every pitch that it may play, as a drone does. */
  #holdsAll(programId: number, now: number): boolean {
    const { ids, numbers } = this.#alphabet;
    const usable = this.#usable;
    const range = this.#ranges?.[numbers[programId]!];
    if (!range) return false;
    const offset = this.#heldOffsetOf(programId);
    for (const id of ids.Pitch) {
      const pitch = numbers[id]!;
      const mayPlay = pitch >= range[0] && pitch <= range[1] &&
        usable?.[id] !== 0;
      if (mayPlay && this.#held[offset + pitch]! <= now) return false;
    }
    return true;
  }

  /** Where a program's pitches begin in `#held`. */
  #heldOffsetOf(programId: number): number {
    return PITCHES * this.#alphabet.ids.Program.indexOf(programId);
  }

  /** What a part gains that has not been heard until now. */
  #entry(now: number): number {
    if (this.#unheard.size === 0) return 0;
    const quarters = (now - this.#since) / this.#stepsPerQuarter;
    const patience = this.#targets.entryQuarters ?? PATIENCE_QUARTERS;
    return ENTRY * Math.max(0, quarters / patience - 1);
  }

  /** Weight of the key's profile. */
  #keyPull(): number {
    const short = KEY_MARGIN - this.#keyFit.margin;
    return this.#since === 0
      ? clamp(KEY_PULL * short, 0, MOST_KEY_PULL)
      : clamp(KEY_PULL_AFTER * short, 0, MOST_KEY_PULL_AFTER);
  }
}

/** A range with a margin inside both ends. */
function inner([low, high]: Range): Range {
  return [low * (high === Infinity ? 1.3 : 1.12), high / 1.12];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
