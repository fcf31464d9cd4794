/** The context of a token as sparse features: the network's input. */

import { FIRST_KIT, type RemiAlphabet } from "../tokens/remi/remi.ts";
import type { MusicContext } from "./music_context.ts";
import { LAGS } from "./recall.ts";
import { PLACES } from "./usage.ts";

/** Longest bar, in beats, whose beats are told apart. */
const BEATS = 16;
/** Most features of a token; what is over is left out. */
export const MOST_FEATURES = 224;

/**
 * How many features there are of each kind, in their order.
 *
 * @param V Tokens, P pitches, I instruments.
 */
const sizesOf = (V: number, P: number, I: number, perQuarter: number) => ({
  token: V,
  piece: V, // attributes, meter, tempo
  own: V, // the part's last velocity and duration
  recall: LAGS.length * V,
  following: P,
  place: PLACES,
  beat: BEATS,
  phase: perQuarter,
  bar: 2 + 4 + 8 + 17,
  left: 18,
  instrument: I + 1,
  placed: I,
  sounds: I,
  played: I,
  since: 9,
  voices: 8,
  held: P,
  others: P,
  moment: P,
  lowest: P + 1,
  classes: 12,
  barClasses: 12,
  lastBarClasses: 12,
  recallClasses: 2 * 12,
  runs: 5 * LAGS.length,
  agree: LAGS.length * LAGS.length,
  run: 2 * 5,
  onsets: 2 * 8,
  planned: I,
  unheard: I,
  unheardCount: 6,
  scales: 12,
  used: P,
  usedClasses: 12,
  usedPlaces: PLACES,
  lowestUsed: P + 1,
  highestUsed: P + 1,
  voicesBefore: 2 * 8,
});

type Places = ReturnType<typeof sizesOf>;

/** Where each kind of feature begins, and how many there are. */
export class FeatureLayout {
  /** All features. */
  readonly size: number;
  readonly #vocabularySize: number;
  readonly #perQuarter: number;
  /** By pitch: its index among the alphabet's pitches; −1 for none. */
  readonly #pitchIndex = new Int16Array(128).fill(-1);
  /** All instruments, and by instrument its index; −1 for none. */
  readonly #instruments: number[] = [];
  readonly #instrumentIndex = new Int16Array(2 * FIRST_KIT).fill(-1);
  readonly #at: Readonly<Places>;
  #to: Int32Array = new Int32Array(0);
  #end = 0;
  #most = 0;

  constructor(alphabet: RemiAlphabet, stepsPerQuarter: number) {
    this.#perQuarter = stepsPerQuarter;
    const { ids, numbers, tokens } = alphabet;
    this.#vocabularySize = tokens.length;
    ids.Pitch.forEach((id, i) => this.#pitchIndex[numbers[id]!] = i);
    for (const id of ids.Program) this.#instruments.push(numbers[id]!);
    for (const id of ids.Kit) this.#instruments.push(FIRST_KIT + numbers[id]!);
    this.#instruments.forEach((one, i) => this.#instrumentIndex[one] = i);
    const places = sizesOf(
      tokens.length,
      ids.Pitch.length,
      this.#instruments.length,
      stepsPerQuarter,
    );
    let size = 0;
    for (const name of Object.keys(places) as (keyof Places)[]) {
      const count = places[name];
      places[name] = size;
      size += count;
    }
    this.#at = places;
    this.size = size;
  }

  /**
   * Writes the features of the token that comes next; one may be there twice.
   *
   * @param to Filled from `from` on.
   * @returns Where they end.
   */
  write(context: MusicContext, to: Int32Array, from: number): number {
    this.#to = to;
    this.#end = from;
    this.#most = from + MOST_FEATURES;
    const at = this.#at, { attributes } = context;
    this.#put(at.token, context.id);
    for (let i = 0; i < attributes.length; i++) {
      this.#put(at.piece, attributes[i]!);
    }
    this.#put(at.piece, context.meterId);
    this.#put(at.piece, context.tempoId);
    if (context.bar === undefined) return this.#end;
    this.#putPlace(context);
    this.#putParts(context);
    this.#putRecall(context);
    this.#putSounding(context);
    return this.#end;
  }

  /** Adds feature `index` of a kind; −1 for none. */
  #put(at: number, index: number): void {
    if (this.#end < this.#most && index >= 0) {
      this.#to[this.#end++] = at + index;
    }
  }

  #putPlace(context: MusicContext): void {
    const at = this.#at;
    const { position, history, barsLeft, bar } = context;
    if (position >= 0) {
      this.#put(at.place, Math.min(position, PLACES - 1));
      this.#put(
        at.beat,
        Math.min(Math.floor(position / this.#perQuarter), BEATS - 1),
      );
      this.#put(at.phase, position % this.#perQuarter);
    }
    const index = history.count - 1;
    this.#put(at.bar, index % 2);
    this.#put(at.bar, 2 + index % 4);
    this.#put(at.bar, 6 + index % 8);
    this.#put(at.bar, 14 + Math.min(index, 16));
    this.#put(at.left, Math.max(0, Math.min(barsLeft, 16)));
    this.#put(at.onsets, Math.min(bar!.count >> 1, 7));
    const before = history.back(1);
    if (before) this.#put(at.onsets, 8 + Math.min(before.count >> 2, 7));
  }

  #putParts(context: MusicContext): void {
    const at = this.#at;
    const { instrument, line, step, bar, position } = context;
    this.#put(at.instrument, 1 + (this.#instrumentIndex[instrument] ?? -1));
    for (let i = 0; i < this.#instruments.length; i++) {
      if (context.playedBefore[this.#instruments[i]!] === 1) {
        this.#put(at.played, i);
      }
    }
    let last = -1;
    for (let i = bar!.count - 1; i >= 0; i--) {
      if (bar!.get(i, 0) !== position) break;
      const one = bar!.get(i, 1);
      if (one !== last) this.#put(at.placed, this.#instrumentIndex[one]!);
      last = one;
    }
    this.#put(at.voices, Math.min(context.placed, 7));
    let unheard = 0;
    for (let i = 0; i < this.#instruments.length; i++) {
      const one = this.#instruments[i]!;
      if (!context.plan.instruments.has(one)) continue;
      this.#put(at.planned, i);
      if (context.lines.has(one)) continue;
      this.#put(at.unheard, i);
      unheard++;
    }
    this.#put(at.unheardCount, Math.min(unheard, 5));
    if (!line) return;
    const since = step - line.lastStep;
    const quarters = since / this.#perQuarter;
    this.#put(
      at.since,
      since === 0 ? 0 : Math.min(8, 1 + Math.floor(Math.log2(quarters) + 3)),
    );
    if (line.velocityId >= 0) this.#put(at.own, line.velocityId);
    if (line.durationId >= 0) this.#put(at.own, line.durationId);
    if (instrument < FIRST_KIT) {
      const moment = line.lastStep === step ? line.before : line.moment;
      for (let i = 0; i < moment.count; i++) {
        this.#put(at.moment, this.#pitchIndex[moment.pitches[i]!]!);
      }
      if (line.followingPitch >= 0) {
        this.#put(at.following, this.#pitchIndex[line.followingPitch]!);
      }
    }
    this.#putUsage(context);
    this.#put(at.run, Math.min(line.followingRun >> 1, 4));
    this.#put(at.run, 5 + Math.min(line.movingRun >> 1, 4));
  }

  #putUsage(context: MusicContext): void {
    const at = this.#at;
    const { line, usage, step, bar } = context;
    if (!line || !usage) return;
    const isNow = line.lastStep === step;
    const voices = isNow ? line.before.count : line.moment.count;
    this.#put(at.voicesBefore, Math.min(voices, 7));
    if (context.instrument < FIRST_KIT) {
      for (let pitch = usage.lowest; pitch <= usage.highest; pitch++) {
        if (usage.pitches[pitch]! > 0) {
          this.#put(at.used, this.#pitchIndex[pitch]!);
        }
      }
      this.#put(at.lowestUsed, 1 + (this.#pitchIndex[usage.lowest] ?? -1));
      this.#put(at.highestUsed, 1 + (this.#pitchIndex[usage.highest] ?? -1));
    }
    for (let place = 0; place < bar!.steps && place < PLACES; place++) {
      if (2 * usage.positions[place]! > context.history.count) {
        this.#put(at.usedPlaces, place);
      }
    }
  }

  #putRecall({ recall }: MusicContext): void {
    const at = this.#at;
    for (let l = 0; l < LAGS.length; l++) {
      const id = recall.ids[l]!;
      if (id < 0) continue;
      this.#put(at.recall + l * this.#vocabularySize, id);
      const run = recall.runs[l]!;
      this.#put(
        at.runs,
        5 * l + (run === 0 ? 0 : run < 3 ? 1 : run < 8 ? 2 : run < 24 ? 3 : 4),
      );
      for (let k = 0; k < l; k++) {
        if (recall.ids[k] === id) this.#put(at.agree, LAGS.length * l + k);
      }
    }
    for (let i = 0; i < 2; i++) {
      const classes = recall.classes[2 * i + 1]!;
      for (let pc = 0; pc < 12; pc++) {
        if (classes >> pc & 1) this.#put(at.recallClasses, 12 * i + pc);
      }
    }
  }

  #putSounding(context: MusicContext): void {
    const at = this.#at;
    const { sounding, instrument, barClasses, lastBarClasses } = context;
    let classes = 0, lowest = 128;
    for (let i = 0; i < sounding.count; i++) {
      const pitch = sounding.pitch(i), index = this.#pitchIndex[pitch]!;
      const isOwn = sounding.instrument(i) === instrument;
      if (index >= 0) this.#put(isOwn ? at.held : at.others, index);
      this.#put(at.sounds, this.#instrumentIndex[sounding.instrument(i)]!);
      classes |= 1 << pitch % 12;
      if (pitch < lowest) lowest = pitch;
    }
    const { classNotes, scales } = context;
    for (let pc = 0; pc < 12; pc++) {
      if (scales.best >> pc & 1) this.#put(at.scales, pc);
      if (classNotes[pc]! > 1.5) this.#put(at.usedClasses, pc);
    }
    this.#put(at.lowest, lowest === 128 ? 0 : 1 + this.#pitchIndex[lowest]!);
    for (let pc = 0; pc < 12; pc++) {
      if (classes >> pc & 1) this.#put(at.classes, pc);
      if (barClasses >> pc & 1) this.#put(at.barClasses, pc);
      if (lastBarClasses >> pc & 1) this.#put(at.lastBarClasses, pc);
    }
  }
}
