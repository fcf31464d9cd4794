/** The context of a token as sparse features: the network's input. */

import { FIRST_KIT, type RemiAlphabet } from "../tokens/remi/remi.ts";
import type { MusicContext } from "./music_context.ts";
import { LAGS } from "./recall.ts";
import { PLACES } from "./usage.ts";

const INSTRUMENT_TYPES = ["Program", "Kit"] as const;
/** Longest bar, in beats, whose beats are told apart. */
const BEATS = 16;
/** Most features of a token; what is over is left out. */
export const MOST_FEATURES = 224;

/** Where each kind of feature begins, and how many there are. */
export class FeatureLayout {
  readonly size: number;
  readonly #alphabet: RemiAlphabet;
  readonly #perQuarter: number;
  /** By pitch: its index among the alphabet's pitches; −1 for none. */
  readonly #pitchIndex = new Int16Array(128).fill(-1);
  /** By instrument: its index. */
  readonly #instrumentIndex = new Int16Array(2 * FIRST_KIT).fill(-1);
  readonly #at: Record<string, number> = {};

  constructor(alphabet: RemiAlphabet, stepsPerQuarter: number) {
    this.#alphabet = alphabet;
    this.#perQuarter = stepsPerQuarter;
    const { ids, numbers, tokens } = alphabet;
    ids.Pitch.forEach((id, i) => this.#pitchIndex[numbers[id]!] = i);
    let instruments = 0;
    for (const type of INSTRUMENT_TYPES) {
      for (const id of ids[type]) {
        const number = numbers[id]! + (type === "Kit" ? FIRST_KIT : 0);
        this.#instrumentIndex[number] = instruments++;
      }
    }
    const V = tokens.length, P = ids.Pitch.length, I = instruments;
    let size = 0;
    const block = (name: string, count: number) => {
      this.#at[name] = size;
      size += count;
    };
    block("token", V);
    block("piece", V); // attributes, meter, tempo
    block("own", V); // the part's last velocity and duration
    LAGS.forEach((_, l) => block(`recall${l}`, V));
    block("following", P);
    block("place", PLACES);
    block("beat", BEATS);
    block("phase", stepsPerQuarter);
    block("bar", 2 + 4 + 8 + 17);
    block("left", 18);
    block("instrument", I + 1);
    block("placed", I);
    block("sounds", I);
    block("played", I);
    block("since", 9);
    block("voices", 8);
    block("held", P);
    block("others", P);
    block("moment", P);
    block("lowest", P + 1);
    block("classes", 12);
    block("barClasses", 12);
    block("lastBarClasses", 12);
    block("recallClasses", 12 * 2);
    block("runs", 5 * LAGS.length);
    block("agree", LAGS.length * LAGS.length);
    block("run", 2 * 5);
    block("onsets", 2 * 8);
    block("planned", I);
    block("unheard", I);
    block("unheardCount", 6);
    block("scales", 12);
    block("used", P);
    block("usedClasses", 12);
    block("usedPlaces", PLACES);
    block("lowestUsed", P + 1);
    block("highestUsed", P + 1);
    block("voicesBefore", 2 * 8);
    this.size = size;
  }

  /**
   * Writes the features of the token that comes next.
   *
   * @param to Filled from `from` on.
   * @returns Where they end.
   */
  write(context: MusicContext, to: Int32Array, from: number): number {
    const at = this.#at, most = from + MOST_FEATURES;
    let end = from;
    const put = (name: string, index: number) => {
      if (end < most && index >= 0) to[end++] = at[name]! + index;
    };
    put("token", context.id);
    for (const id of context.attributes) put("piece", id);
    if (context.meterId >= 0) put("piece", context.meterId);
    if (context.tempoId >= 0) put("piece", context.tempoId);
    if (context.bar === undefined) return end;
    this.#putPlace(context, put);
    this.#putParts(context, put);
    this.#putRecall(context, put);
    this.#putSounding(context, put);
    return end;
  }

  #putPlace(context: MusicContext, put: Put): void {
    const { position, history, barsLeft, bar } = context;
    if (position >= 0) {
      put("place", Math.min(position, PLACES - 1));
      put("beat", Math.min(Math.floor(position / this.#perQuarter), BEATS - 1));
      put("phase", position % this.#perQuarter);
    }
    const index = history.count - 1;
    put("bar", index % 2);
    put("bar", 2 + index % 4);
    put("bar", 6 + index % 8);
    put("bar", 14 + Math.min(index, 16));
    put(
      "left",
      barsLeft === Infinity ? 17 : Math.max(0, Math.min(barsLeft, 16)),
    );
    put("onsets", Math.min(bar!.count >> 1, 7));
    const before = history.back(1);
    if (before) put("onsets", 8 + Math.min(before.count >> 2, 7));
  }

  #putParts(context: MusicContext, put: Put): void {
    const { instrument, line, step, bar, position } = context;
    put("instrument", 1 + (this.#instrumentIndex[instrument] ?? -1));
    for (const one of context.playedBefore) {
      put("played", this.#instrumentIndex[one]!);
    }
    let last = -1;
    for (let i = bar!.count - 1; i >= 0; i--) {
      if (bar!.get(i, 0) !== position) break;
      const one = bar!.get(i, 1);
      if (one !== last) put("placed", this.#instrumentIndex[one]!);
      last = one;
    }
    put("voices", Math.min(context.placed, 7));
    let unheard = 0;
    for (const one of context.plan.instruments) {
      put("planned", this.#instrumentIndex[one] ?? -1);
      if (context.lines.has(one)) continue;
      put("unheard", this.#instrumentIndex[one] ?? -1);
      unheard++;
    }
    put("unheardCount", Math.min(unheard, 5));
    if (!line) return;
    const since = step - line.lastStep;
    const quarters = since / this.#perQuarter;
    put(
      "since",
      since === 0 ? 0 : Math.min(8, 1 + Math.floor(Math.log2(quarters) + 3)),
    );
    if (line.velocityId >= 0) put("own", line.velocityId);
    if (line.durationId >= 0) put("own", line.durationId);
    if (instrument < FIRST_KIT) {
      const moment = line.lastStep === step ? line.before : line.moment;
      for (const pitch of moment) put("moment", this.#pitchIndex[pitch]!);
      if (line.followingPitch >= 0) {
        put("following", this.#pitchIndex[line.followingPitch]!);
      }
    }
    this.#putUsage(context, put);
    put("run", Math.min(line.followingRun >> 1, 4));
    put("run", 5 + Math.min(line.movingRun >> 1, 4));
  }

  #putUsage(context: MusicContext, put: Put): void {
    const { line, usage, step, bar } = context;
    if (!line || !usage) return;
    const isNow = line.lastStep === step;
    const voices = isNow ? line.before.length : line.moment.length;
    put("voicesBefore", Math.min(voices, 7));
    if (context.instrument < FIRST_KIT) {
      for (let pitch = usage.lowest; pitch <= usage.highest; pitch++) {
        if (usage.pitches[pitch]! > 0) put("used", this.#pitchIndex[pitch]!);
      }
      put("lowestUsed", 1 + (this.#pitchIndex[usage.lowest] ?? -1));
      put("highestUsed", 1 + (this.#pitchIndex[usage.highest] ?? -1));
    }
    for (let at = 0; at < bar!.steps && at < PLACES; at++) {
      if (2 * usage.positions[at]! > context.history.count) {
        put("usedPlaces", at);
      }
    }
  }

  #putRecall({ recall }: MusicContext, put: Put): void {
    for (let l = 0; l < LAGS.length; l++) {
      const id = recall.ids[l]!;
      if (id < 0) continue;
      put(`recall${l}`, id);
      const run = recall.runs[l]!;
      put(
        "runs",
        5 * l + (run === 0 ? 0 : run < 3 ? 1 : run < 8 ? 2 : run < 24 ? 3 : 4),
      );
      for (let k = 0; k < l; k++) {
        if (recall.ids[k] === id) put("agree", LAGS.length * l + k);
      }
    }
    for (let i = 0; i < 2; i++) {
      const classes = recall.classes[2 * i + 1]!;
      for (let pc = 0; pc < 12; pc++) {
        if (classes >> pc & 1) put("recallClasses", 12 * i + pc);
      }
    }
  }

  #putSounding(context: MusicContext, put: Put): void {
    const { sounding, instrument, barClasses, lastBarClasses } = context;
    let classes = 0, lowest = 128;
    for (let i = 0; i < sounding.count; i++) {
      const pitch = sounding.pitch(i), index = this.#pitchIndex[pitch]!;
      const isOwn = sounding.instrument(i) === instrument;
      if (index >= 0) put(isOwn ? "held" : "others", index);
      put("sounds", this.#instrumentIndex[sounding.instrument(i)]!);
      classes |= 1 << pitch % 12;
      if (pitch < lowest) lowest = pitch;
    }
    const { classNotes, scales } = context;
    for (let pc = 0; pc < 12; pc++) {
      if (scales.best >> pc & 1) put("scales", pc);
      if (classNotes[pc]! > 1.5) put("usedClasses", pc);
    }
    put("lowest", lowest === 128 ? 0 : 1 + this.#pitchIndex[lowest]!);
    for (let pc = 0; pc < 12; pc++) {
      if (classes >> pc & 1) put("classes", pc);
      if (barClasses >> pc & 1) put("barClasses", pc);
      if (lastBarClasses >> pc & 1) put("lastBarClasses", pc);
    }
  }
}

/** Adds feature `index` of a kind. */
type Put = (name: string, index: number) => void;
