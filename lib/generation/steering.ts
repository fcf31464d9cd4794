/**
 * Leads the drawing of tokens towards what is asked of a piece as a whole, by
 * what is added to the model's logits. Each quantity is measured as the piece
 * goes on, and pushed only as far as it has left what was asked, so that a piece
 * which comes out right by itself is drawn as the model alone would draw it:
 *
 * - **density**: a token that moves on by t quarter notes is weighed by e^(−λt);
 * - **register**: pitches are tilted, e^(μ·octaves);
 * - **key**: pitch classes are weighed by how well they fit the key, after the
 *   profiles of Krumhansl and Kessler, more where another key is as likely;
 * - **parts**: an instrument that has long been silent is called for;
 * - **rubs**: always, a pitch a semitone or a minor ninth from one that sounds is
 *   held back, for a small model hears too little of what sounds around it;
 * - **restrikes**: always, a pitch that its own part still holds is held back:
 *   no MIDI file can say it, and the part would be a note thinner. So is the turn
 *   of a part that holds all it may play.
 */

import {
  type Key,
  keyCorrelation,
  type PieceConstraints,
  type PieceTargets,
  type Range,
} from "../music/music.ts";
import {
  FIRST_KIT,
  type RemiAlphabet,
  type RemiGrammar,
} from "../tokens/remi/remi.ts";

/** What a {@linkcode Steering} works with. */
export interface SteeringOptions {
  readonly alphabet: RemiAlphabet;
  /** Resolution of the tokens. */
  readonly stepsPerQuarter: number;
  readonly targets: PieceTargets;
  /** Lowest and highest pitch of each program. @default any */
  readonly ranges?: PieceConstraints["ranges"] | undefined;
  /** 1 where a token may be sampled at all, by id. @default everywhere */
  readonly usable?: Uint8Array | undefined;
  /** How well each token fits the key, where known. @default worked out */
  readonly profile?: Float64Array;
}

/** Quarter notes, and notes, over which the measured means forget. */
const FORGET_QUARTERS = 48, FORGET_NOTES = 96;
/** Quarter notes of silence after which a part is called for. */
const PATIENCE_QUARTERS = 6;
/** Logits less for a rub, and the least time it must last, quarter notes. */
const RUB = 4, RUB_QUARTERS = 0.2;
/** Semitones between pitches that rub. */
const RUBBING = [1, 13, 25];
/** MIDI pitches. */
const PITCHES = 128;
/** Logits less for a restrike. */
const RESTRIKE = 10;
/**
 * By how much the asked key is to correlate better than any other: as it does in
 * three of four training pieces and more.
 */
const KEY_MARGIN = 0.08;
const MODES = ["major", "minor"] as const;
const INSTRUMENTS = ["Program", "Kit"] as const;

/**
 * Keeps count of a piece, and tells what to add to the next logits. Places are
 * steps from the start of the piece: whole numbers, which leave no garbage.
 */
export class Steering {
  readonly #alphabet: RemiAlphabet;
  readonly #stepsPerQuarter: number;
  readonly #targets: PieceTargets;
  readonly #ranges: PieceConstraints["ranges"];
  readonly #usable: Uint8Array | undefined;
  /** Notes, and the quarter notes they were counted over; both forget. */
  #notes = 0;
  #quarters = 0;
  /** Where the last count was, in steps. */
  #now = 0;
  #meanPitch = NaN;
  #pitches = 0;
  /** Steps that each pitch class sounded. */
  readonly #sounding = new Float64Array(12);
  /** Until when each MIDI pitch sounds, in steps. */
  readonly #until = new Int32Array(PITCHES);
  /** The same of each program's pitches, one program after the other. */
  readonly #held: Int32Array;
  /** By instrument asked for: when it was last heard, in steps. */
  #heard = new Map<number, number>();
  /** {@linkcode keyMargin} since the last duration. */
  #margin = 0;
  /** The density asked, less a margin. */
  readonly #inner: Range;
  /** How well each pitch fits the key, by id. */
  readonly #profile: Float64Array;
  #instrument = -1;
  #heldOffset = 0;
  #pitch = -1;

  constructor(options: SteeringOptions) {
    const { alphabet, stepsPerQuarter, targets } = options;
    this.#alphabet = alphabet;
    this.#stepsPerQuarter = stepsPerQuarter;
    this.#targets = targets;
    this.#ranges = options.ranges;
    this.#usable = options.usable;
    this.#profile = options.profile ?? profileOf(alphabet, targets.key);
    this.#held = new Int32Array(PITCHES * alphabet.ids.Program.length);
    const { programs = [], kits = [] } = targets;
    for (const program of programs) this.#heard.set(program, 0);
    for (const kit of kits) this.#heard.set(FIRST_KIT + kit, 0);
    this.#inner = inner(targets.density ?? [0, Infinity]);
    if (targets.density) {
      // As if a bar had been right, so that it does not start out hurried.
      this.#quarters = 4;
      this.#notes = 4 * this.#densityGoal();
    }
  }

  /** The same, to go another way from here. */
  clone(): Steering {
    const copy = new Steering({
      alphabet: this.#alphabet,
      stepsPerQuarter: this.#stepsPerQuarter,
      targets: this.#targets,
      ranges: this.#ranges,
      usable: this.#usable,
      profile: this.#profile,
    });
    copy.#notes = this.#notes;
    copy.#quarters = this.#quarters;
    copy.#now = this.#now;
    copy.#meanPitch = this.#meanPitch;
    copy.#pitches = this.#pitches;
    copy.#sounding.set(this.#sounding);
    copy.#until.set(this.#until);
    copy.#held.set(this.#held);
    copy.#heard = new Map(this.#heard);
    copy.#margin = this.#margin;
    return copy;
  }

  /** Steps that each pitch class sounded so far. */
  get sounding(): Float64Array {
    return this.#sounding;
  }

  /**
   * Takes note of a token.
   *
   * @param atSteps Where it stands, from the start of the piece.
   */
  push(id: number, atSteps: number): void {
    const number = this.#alphabet.numbers[id];
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
        this.#hear(atSteps);
        break;
      case "Pitch":
        this.#hear(atSteps);
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
        this.#sounding[pitch % 12] += number;
        this.#until[pitch] = Math.max(this.#until[pitch], end);
        this.#held[held] = Math.max(this.#held[held], end);
        this.#margin = this.#measureMargin();
        break;
      }
    }
    this.advance(atSteps);
  }

  #hear(atSteps: number): void {
    if (this.#heard.has(this.#instrument)) {
      this.#heard.set(this.#instrument, atSteps);
    }
  }

  /** Lets time pass, without notes where none were pushed. */
  advance(atSteps: number): void {
    if (atSteps <= this.#now) return;
    const passed = (atSteps - this.#now) / this.#stepsPerQuarter;
    this.#now = atSteps;
    const kept = Math.exp(-passed / FORGET_QUARTERS);
    this.#notes *= kept;
    this.#quarters = this.#quarters * kept + passed;
  }

  /** A rate within what is asked, at its thin end: pieces begin with little. */
  #densityGoal(): number {
    const [low, high] = this.#targets.density!;
    return low === 0 ? 0.7 * high : 1.1 * low;
  }

  /** μ: above 0 for higher pitches, below for lower, by octave. */
  #lift(): number {
    const { register } = this.#targets;
    if (!register || this.#pitches === 0) return 0;
    const low = register[0] + 2, high = register[1] - 2;
    const mean = this.#meanPitch;
    const wanted = mean < low ? low : mean > high ? high : mean;
    return clamp(1.2 * (wanted - mean), -6, 6);
  }

  /**
   * By how much the asked key correlates better than any other, −2 to 2; 0
   * before anything has sounded.
   */
  #measureMargin(): number {
    const { key } = this.#targets;
    if (!key) return 0;
    let other = -1;
    for (const mode of MODES) {
      for (let tonic = 0; tonic < 12; tonic++) {
        if (tonic === key.tonic && mode === key.mode) continue;
        other = Math.max(other, keyCorrelation(this.#sounding, tonic, mode));
      }
    }
    return keyCorrelation(this.#sounding, key.tonic, key.mode) - other;
  }

  /**
   * What to add to the logits of the next token.
   *
   * @param bias Filled, shape [V].
   * @param grammar Where the section stands.
   * @param sectionStart Steps before the section.
   */
  bias(bias: Float32Array, grammar: RemiGrammar, sectionStart: number): void {
    const now = sectionStart + grammar.step;
    bias.fill(0);
    this.#biasTimes(bias, grammar);
    this.#biasPitches(bias, now);
    this.#biasInstruments(bias, now);
  }

  /** Moves on sooner or later, as the density asks. */
  #biasTimes(bias: Float32Array, grammar: RemiGrammar): void {
    if (!this.#targets.density || this.#quarters === 0) return;
    const rate = Math.max(this.#notes, 0.5) / this.#quarters;
    // Destructuring would leave garbage at every token.
    const low = this.#inner[0], high = this.#inner[1];
    const wanted = rate < low ? low : rate > high ? high : rate;
    // λ: above 0 for more notes, below for fewer.
    const hurry = clamp(16 * Math.log(wanted / rate), -8, 12);
    if (hurry === 0) return;
    const { ids, numbers } = this.#alphabet;
    const stepsPerQuarter = this.#stepsPerQuarter;
    for (const id of ids.Position) {
      const later = grammar.barStart + numbers[id] - grammar.step;
      bias[id] -= hurry * later / stepsPerQuarter;
    }
    const left = (grammar.barEnd - grammar.step) / stepsPerQuarter;
    for (const id of ids.Bar) bias[id] -= hurry * left;
    for (const id of ids.End) bias[id] -= hurry * left;
    // Drums do not count: where both could go on, the pitched part does.
    for (const id of ids.Kit) bias[id] -= hurry / 2;
    for (const id of ids.Drum) bias[id] -= hurry / 2;
  }

  /** Register, key, rubs and restrikes. */
  #biasPitches(bias: Float32Array, now: number): void {
    const { ids, numbers } = this.#alphabet;
    const lift = this.#lift(), pull = this.#keyPull();
    for (const id of ids.Pitch) {
      const pitch = numbers[id];
      bias[id] += lift * pitch / 12 + pull * this.#profile[id] -
        (this.#held[this.#heldOffset + pitch] > now
          ? RESTRIKE
          : this.#rubs(pitch, now)
          ? RUB
          : 0);
    }
  }

  /** Calls for the parts that are silent. */
  #biasInstruments(bias: Float32Array, now: number): void {
    const { ids, numbers } = this.#alphabet;
    for (const type of INSTRUMENTS) {
      for (const id of ids[type]) {
        const instrument = numbers[id] + (type === "Kit" ? FIRST_KIT : 0);
        const silence = this.#silence(this.#heard.get(instrument) ?? now, now);
        bias[id] += Math.min(6, 0.5 * silence);
      }
    }
    for (const id of ids.Program) {
      if (this.#holdsAll(id, now)) bias[id] -= RESTRIKE;
    }
  }

  /** Whether a program holds every pitch that it may play, such as a drone. */
  #holdsAll(programId: number, now: number): boolean {
    const { ids, numbers } = this.#alphabet;
    const usable = this.#usable;
    const range = this.#ranges?.[numbers[programId]];
    if (!range) return false;
    const offset = this.#heldOffsetOf(programId);
    for (const id of ids.Pitch) {
      const pitch = numbers[id];
      const mayPlay = pitch >= range[0] && pitch <= range[1] &&
        usable?.[id] !== 0;
      if (mayPlay && this.#held[offset + pitch] <= now) return false;
    }
    return true;
  }

  /** Where a program's pitches begin in `#held`. */
  #heldOffsetOf(programId: number): number {
    return PITCHES * this.#alphabet.ids.Program.indexOf(programId);
  }

  /** Whether a pitch would rub with one that sounds on. */
  #rubs(pitch: number, now: number): boolean {
    const least = RUB_QUARTERS * this.#stepsPerQuarter;
    for (const interval of RUBBING) {
      const until = Math.max(
        this.#until[pitch - interval] ?? 0,
        this.#until[pitch + interval] ?? 0,
      );
      if (until - now > least) return true;
    }
    return false;
  }

  /** Quarter notes for which a part has been silent beyond all patience. */
  #silence(heard: number, now: number): number {
    const quarters = (now - heard) / this.#stepsPerQuarter;
    return Math.max(0, quarters - PATIENCE_QUARTERS);
  }

  /** How strongly the key pulls. */
  #keyPull(): number {
    return clamp(10 * (KEY_MARGIN - this.#margin), 0, 2);
  }

  /**
   * How far the piece so far is from what is asked, 0 where nothing is left to
   * wish for.
   */
  distance(): number {
    const { density, register, key } = this.#targets;
    let sum = 0;
    if (density && this.#quarters > 0) {
      const rate = Math.max(this.#notes, 0.5) / this.#quarters;
      const [low, high] = this.#inner;
      sum += 4 * Math.max(0, Math.log(low / rate), Math.log(rate / high));
    }
    if (register && this.#pitches > 0) {
      const [low, high] = [register[0] + 1, register[1] - 1];
      sum += Math.max(0, low - this.#meanPitch, this.#meanPitch - high) / 3;
    }
    if (key) sum += 8 * Math.max(0, KEY_MARGIN - this.#margin);
    for (const heard of this.#heard.values()) {
      sum += 0.1 * this.#silence(heard, this.#now);
    }
    return sum;
  }
}

/** A range with a margin inside both ends. */
function inner([low, high]: Range): Range {
  return [low * (high === Infinity ? 1.3 : 1.12), high / 1.12];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** How well each pitch fits a key, mean 0, deviation 1; else 0. By id. */
function profileOf({ types, numbers }: RemiAlphabet, key?: Key): Float64Array {
  return Float64Array.from(numbers, (pitch, id) => {
    if (!key || types[id] !== "Pitch") return 0;
    // The profile is what one pitch class by itself correlates with.
    const one = new Float64Array(12);
    one[pitch % 12] = 1;
    return keyCorrelation(one, key.tonic, key.mode) * Math.sqrt(11);
  });
}
