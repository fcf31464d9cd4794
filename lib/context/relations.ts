/**
 * Relations of the tokens that may come next to the music so far, such as "a
 * third above the part's last pitch" or "what came here two bars ago". Each is
 * scored by the network, for all tokens that it holds for at once.
 */

import { FIRST_KIT, type RemiAlphabet } from "../tokens/remi/remi.ts";
import type { MusicContext } from "./music_context.ts";
import { LAGS } from "./recall.ts";
import { countClass, PLACES, shareClass, type Usage } from "./usage.ts";

/** Most pairs of token and relation at a step; what is over is left out. */
export const MOST_RELATIONS = 2048;

const N = LAGS.length;
/** Where each kind of relation begins, and how many there are. */
const AT = {
  recalled: 0,
  moved: N,
  together: 2 * N,
  following: 3 * N,
  moving: 3 * N + 4,
  line: 3 * N + 8, // −24 … 24 from the part's last pitch
  voice: 3 * N + 57, // −8 … 8 from the nearest of its last moment
  above: 3 * N + 74, // 1 … 24 above its last pitch in this moment
  bass: 3 * N + 99, // −12 … 36 from the lowest pitch
  degree: 3 * N + 148,
  harmony: 3 * N + 160, // sounding, bar, last bar, then by lag
  clash: 3 * N + 163 + N, // held, unison, 1, 2, 11, 13, octave
  scale: 3 * N + 170 + N,
  later: 3 * N + 174 + N, // positions
  phase: 3 * N + 223 + N,
  part: 3 * N + 247 + N, // sounds, silent for …
  length: 3 * N + 256 + N,
  loudness: 3 * N + 272 + N, // own −5 … 5, any −5 … 5, same
  used: 4 * N + 295, // pitch by the part
  degreeUsed: 4 * N + 300,
  placeUsed: 4 * N + 306, // position by any part
  partPlace: 4 * N + 312, // part at this position
  valueUsed: 4 * N + 318, // duration, then velocity, by the part
  beyond: 4 * N + 330, // the part's range
  ownLater: 4 * N + 337, // positions that the last part has used
  modeDegree: 4 * N + 343, // of a major piece, then of a minor one
  scaleShare: 4 * N + 367, // of the scales that the notes fit best
  planned: 4 * N + 371, // part that is planned: not yet heard, heard
  legato: 4 * N + 373, // part that has rested, just ended, still sounds
  ends: 4 * N + 379, // position where the last part's note ends, another's
} as const;
/** Number of relations. */
export const RELATIONS: number = 4 * N + 381;

const CLASH = new Int8Array(128).fill(-1);
for (const [interval, at] of [[1, 2], [2, 3], [11, 4], [13, 5], [12, 6]]) {
  CLASH[interval!] = at!;
}

/** Finds which relations hold. */
export class Relations {
  readonly #alphabet: RemiAlphabet;
  readonly #velocityRank = new Map<number, number>();
  readonly #perQuarter: number;
  /** By pitch: clashes with what sounds, a bit for each kind. */
  readonly #clashes = new Int32Array(160);
  #to!: Int32Array;
  #end = 0;
  #most = 0;

  constructor(alphabet: RemiAlphabet, stepsPerQuarter: number) {
    this.#alphabet = alphabet;
    this.#perQuarter = stepsPerQuarter;
    const { ids, numbers } = alphabet;
    [...ids.Velocity].sort((a, b) => numbers[a]! - numbers[b]!)
      .forEach((id, rank) => this.#velocityRank.set(id, rank));
  }

  /**
   * Writes each pair of a token that may come next and a relation that holds for
   * it, as token + 65536·relation.
   *
   * @param to Filled from `from` on.
   * @returns Where they end.
   */
  write(context: MusicContext, to: Int32Array, from: number): number {
    this.#to = to;
    this.#end = from;
    this.#most = from + MOST_RELATIONS;
    const { bar, type, instrument } = context;
    if (bar === undefined) return from;
    this.#recalled(context);
    switch (type) {
      case "Pitch":
      case "Drum":
        this.#velocities(context);
        break;
      case "Velocity":
        if (instrument < FIRST_KIT) this.#durations(context);
        else this.#moments(context);
        break;
      case "Duration":
        this.#pitches(context);
        this.#moments(context);
        break;
      case "Position":
        if (instrument >= 0) this.#pitches(context);
        this.#parts(context);
        break;
      case "Program":
      case "Kit":
        this.#pitches(context);
        break;
      default:
        this.#moments(context);
    }
    return this.#end;
  }

  #put(id: number, relation: number): void {
    if (this.#end < this.#most) this.#to[this.#end++] = id + (relation << 16);
  }

  #recalled({ recall }: MusicContext): void {
    for (let l = 0; l < N; l++) {
      if (recall.ids[l]! >= 0) this.#put(recall.ids[l]!, AT.recalled + l);
      const moved = recall.pitchId(recall.moved[l]!);
      if (recall.moved[l]! >= 0 && moved >= 0) this.#put(moved, AT.moved + l);
    }
  }

  #pitches(context: MusicContext): void {
    const { instrument, line, recall, step, history, position } = context;
    if (instrument >= FIRST_KIT) return this.#drums(context);
    const { ids, numbers } = this.#alphabet;
    if (line) {
      const { followingRun, followingPitch, movingRun, movingPitch } = line;
      const following = recall.pitchId(followingPitch);
      if (followingRun > 0 && following >= 0) {
        this.#put(following, AT.following + runClass(followingRun));
      }
      const moving = recall.pitchId(movingPitch);
      if (movingRun > 1 && moving >= 0) {
        this.#put(moving, AT.moving + runClass(movingRun));
      }
    }
    for (let l = 0; l < N; l++) {
      const bar = history.back(LAGS[l]!);
      for (let i = 0; bar && i < bar.count; i++) {
        if (bar.get(i, 0) !== position || bar.get(i, 1) !== instrument) {
          continue;
        }
        const id = recall.pitchId(bar.get(i, 2));
        if (id >= 0) this.#put(id, AT.together + l);
      }
    }
    const last = line ? line.pitch(0) : -1;
    const moment = line
      ? line.lastStep === step ? line.before : line.moment
      : [];
    const lowest = context.sounding.lowest();
    const classes = this.#soundingOf(context);
    const { barClasses, lastBarClasses, classNotes, pitch: floor } = context;
    const { usage, scales, mode } = context;
    let most = 0;
    for (let pc = 0; pc < 12; pc++) most = Math.max(most, classNotes[pc]!);
    for (let k = 0; k < ids.Pitch.length; k++) {
      const id = ids.Pitch[k]!, pitch = numbers[id]!, bit = 1 << pitch % 12;
      if (pitch <= floor) continue;
      if (last >= 0) this.#put(id, AT.line + 24 + clamp(pitch - last, -24, 24));
      if (moment.length > 0) {
        this.#put(id, AT.voice + 8 + clamp(nearest(moment, pitch), -8, 8));
      }
      if (floor >= 0) this.#put(id, AT.above + Math.min(pitch - floor, 25) - 1);
      if (lowest >= 0) {
        this.#put(id, AT.bass + 12 + clamp(pitch - lowest, -12, 36));
      }
      this.#put(id, AT.degree + pitch % 12);
      if (mode >= 0) this.#put(id, AT.modeDegree + 12 * mode + pitch % 12);
      this.#put(id, AT.scaleShare + scales.shareClass(pitch % 12));
      if (classes & bit) this.#put(id, AT.harmony);
      if (barClasses & bit) this.#put(id, AT.harmony + 1);
      if (lastBarClasses & bit) this.#put(id, AT.harmony + 2);
      for (let l = 0; l < N; l++) {
        if (recall.classes[l]! & bit) this.#put(id, AT.harmony + 3 + l);
      }
      const clashes = this.#clashes[pitch]!;
      for (let c = 0; clashes >> c; c++) {
        if (clashes >> c & 1) this.#put(id, AT.clash + c);
      }
      if (usage) {
        this.#put(id, AT.used + countClass(usage.pitches[pitch]!));
        this.#put(id, AT.beyond + beyondClass(usage, pitch));
      }
      this.#put(id, AT.degreeUsed + shareClass(classNotes[pitch % 12]!, most));
      const heard = classNotes[pitch % 12]!;
      this.#put(
        id,
        AT.scale + (heard < 0.2 ? 0 : heard < 2 ? 1 : heard < 8 ? 2 : 3),
      );
    }
  }

  /** Pitch classes that sound; marks by pitch what would clash. */
  #soundingOf({ sounding, instrument }: MusicContext): number {
    const clashes = this.#clashes.fill(0);
    let classes = 0;
    for (let i = 0; i < sounding.count; i++) {
      const pitch = sounding.pitch(i);
      const isOwn = sounding.instrument(i) === instrument;
      classes |= 1 << pitch % 12;
      clashes[pitch]! |= isOwn ? 1 : 2;
      for (let interval = 1; interval <= 13; interval++) {
        const at = CLASH[interval]!;
        if (at < 0) continue;
        if (pitch >= interval) clashes[pitch - interval]! |= 1 << at;
        clashes[pitch + interval]! |= 1 << at;
      }
    }
    return classes;
  }

  #drums({ history, position, instrument }: MusicContext): void {
    const { ids, numbers } = this.#alphabet;
    for (let l = 0; l < N; l++) {
      const bar = history.back(LAGS[l]!);
      for (let i = 0; bar && i < bar.count; i++) {
        if (bar.get(i, 0) !== position || bar.get(i, 1) !== instrument) {
          continue;
        }
        const pitch = bar.get(i, 2);
        const id = ids.Drum.find((id) => numbers[id] === pitch);
        if (id !== undefined) this.#put(id, AT.together + l);
      }
    }
  }

  /** What may come after a note: another part, a later position, a bar. */
  #moments(context: MusicContext): void {
    const { ids, numbers } = this.#alphabet;
    const { position, usage } = context, perQuarter = this.#perQuarter;
    const bars = context.history.count;
    for (let k = 0; k < ids.Position.length; k++) {
      const id = ids.Position[k]!, at = numbers[id]!;
      if (at <= position) continue;
      this.#put(id, AT.later + Math.min(at - position, 48));
      this.#put(id, AT.phase + Math.min(at % perQuarter, 23));
      if (at >= PLACES) continue;
      const all = context.allUsage.positions[at]!;
      this.#put(id, AT.placeUsed + shareClass(all, bars));
      if (usage) {
        this.#put(id, AT.ownLater + shareClass(usage.positions[at]!, bars));
      }
    }
    this.#ends(context);
    if (position >= 0) this.#parts(context);
  }

  /** Positions at which a sounding note ends. */
  #ends({ sounding, barStart, position, instrument }: MusicContext): void {
    const { ids, numbers } = this.#alphabet;
    for (let i = 0; i < sounding.count; i++) {
      const at = sounding.end(i) - barStart;
      if (at <= position) continue;
      const isOwn = sounding.instrument(i) === instrument;
      for (let k = 0; k < ids.Position.length; k++) {
        const id = ids.Position[k]!;
        if (numbers[id] === at) this.#put(id, AT.ends + (isOwn ? 0 : 1));
      }
    }
  }

  #parts(context: MusicContext): void {
    const { lines, sounding, step } = context;
    const { ids, numbers } = this.#alphabet;
    for (let type = 0; type < 2; type++) {
      const all = type === 0 ? ids.Program : ids.Kit;
      for (let k = 0; k < all.length; k++) {
        const id = all[k]!, instrument = numbers[id]! + type * FIRST_KIT;
        const line = lines.get(instrument);
        if (context.plan.instruments.has(instrument)) {
          this.#put(id, AT.planned + (line ? 1 : 0));
        }
        if (!line) {
          this.#put(id, AT.part + 1);
          continue;
        }
        const joins = step > line.end ? 0 : step === line.end ? 1 : 2;
        this.#put(id, AT.legato + joins + (line.overlaps > 0 ? 3 : 0));
        const usage = context.usages.get(instrument)!;
        if (context.position < PLACES) {
          const count = usage.positions[context.position]!;
          this.#put(
            id,
            AT.partPlace + shareClass(count, context.history.count),
          );
        }
        const quarters = (step - line.lastStep) / this.#perQuarter;
        this.#put(
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
          this.#put(id, AT.part);
          break;
        }
      }
    }
  }

  #durations(context: MusicContext): void {
    const { position, barSteps, instrument, sounding, step, bar, recall } =
      context;
    const { ids } = this.#alphabet, { numbers } = context;
    const at = AT.length, perQuarter = this.#perQuarter;
    const own = context.line!.durationId;
    for (let k = 0; k < ids.Duration.length; k++) {
      const id = ids.Duration[k]!, steps = numbers[id]!, end = position + steps;
      if (end === barSteps) this.#put(id, at);
      if (end === 2 * barSteps) this.#put(id, at + 1);
      if (end * 2 === barSteps) this.#put(id, at + 2);
      if (end % perQuarter === 0) this.#put(id, at + 3);
      if (end * 2 % perQuarter === 0) this.#put(id, at + 4);
      if (id === own) this.#put(id, at + 5);
      for (let l = 0; l < N; l++) {
        if (recall.gaps[l] === steps) this.#put(id, at + 6 + l);
      }
      if (end > barSteps) this.#put(id, at + 15);
      const { ids: counts, notes } = context.usage!;
      this.#put(id, AT.valueUsed + shareClass(counts[id]!, notes));
    }
    for (let i = 0; i < sounding.count; i++) {
      const left = sounding.end(i) - step;
      const isOwn = sounding.instrument(i) === instrument;
      for (let k = 0; k < ids.Duration.length; k++) {
        const id = ids.Duration[k]!;
        if (numbers[id] !== left) continue;
        this.#put(id, at + (isOwn ? 11 : 12));
      }
    }
    for (let i = bar!.count - 2; i >= 0; i--) {
      if (bar!.get(i, 0) !== position) break;
      const id = bar!.get(i, 4);
      if (id < 0) continue;
      this.#put(id, at + (bar!.get(i, 1) === instrument ? 13 : 14));
      break;
    }
  }

  #velocities(context: MusicContext): void {
    const ranks = this.#velocityRank, { ids } = this.#alphabet;
    const { line, bar, position, instrument } = context;
    const own = ranks.get(line!.velocityId);
    const any = ranks.get(context.velocityId);
    for (let k = 0; k < ids.Velocity.length; k++) {
      const id = ids.Velocity[k]!, rank = ranks.get(id)!;
      const { ids: counts, notes } = context.usage!;
      this.#put(id, AT.valueUsed + 6 + shareClass(counts[id]!, notes));
      if (own !== undefined) {
        this.#put(id, AT.loudness + 5 + clamp(rank - own, -5, 5));
      }
      if (any !== undefined) {
        this.#put(id, AT.loudness + 16 + clamp(rank - any, -5, 5));
      }
    }
    for (let i = bar!.count - 2; i >= 0; i--) {
      if (bar!.get(i, 0) !== position) break;
      if (bar!.get(i, 1) !== instrument) continue;
      const id = bar!.get(i, 3);
      if (id >= 0) this.#put(id, AT.loudness + 22);
      break;
    }
  }
}

/** Where a pitch lies to what a part has used: within, or how far beyond. */
function beyondClass({ lowest, highest }: Usage, pitch: number): number {
  const above = pitch - highest, below = lowest - pitch;
  return above > 0
    ? 1 + (above > 5 ? 2 : above > 2 ? 1 : 0)
    : below > 0
    ? 4 + (below > 5 ? 2 : below > 2 ? 1 : 0)
    : 0;
}

function runClass(run: number): number {
  return run < 2 ? 0 : run < 4 ? 1 : run < 8 ? 2 : 3;
}

/** The smallest move to a pitch from one of some pitches. */
function nearest(pitches: readonly number[], pitch: number): number {
  let best = 128;
  for (let i = 0; i < pitches.length; i++) {
    const move = pitch - pitches[i]!;
    if (Math.abs(move) < Math.abs(best)) best = move;
  }
  return best;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
