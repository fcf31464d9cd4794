/** Relations of the pitches that may come next to the music so far. */

import { FIRST_KIT, type RemiAlphabet } from "../tokens/remi/remi.ts";
import type { MusicContext } from "./music_context.ts";
import { AT, clamp, type Pairs } from "./pairs.ts";
import type { Moment } from "./part_line.ts";
import { LAGS } from "./recall.ts";
import { countClass, shareClass, type Usage } from "./usage.ts";

const N = LAGS.length;
const CLASH = new Int8Array(128).fill(-1);
for (const [interval, at] of [[1, 2], [2, 3], [11, 4], [13, 5], [12, 6]]) {
  CLASH[interval!] = at!;
}

/** Finds the relations of pitches. */
export class PitchRelations {
  readonly #alphabet: RemiAlphabet;
  /** By pitch: clashes with what sounds, a bit for each kind. */
  readonly #clashes = new Int32Array(160);

  constructor(alphabet: RemiAlphabet) {
    this.#alphabet = alphabet;
  }

  /** Adds the relations of pitches or drums. */
  write(context: MusicContext, pairs: Pairs): void {
    const { instrument, line, recall, step, history, position } = context;
    if (instrument >= FIRST_KIT) return this.#drums(context, pairs);
    const { ids, numbers } = this.#alphabet;
    if (line) {
      const { followingRun, followingPitch, movingRun, movingPitch } = line;
      const following = recall.pitchId(followingPitch);
      if (followingRun > 0 && following >= 0) {
        pairs.put(following, AT.following + runClass(followingRun));
      }
      const moving = recall.pitchId(movingPitch);
      if (movingRun > 1 && moving >= 0) {
        pairs.put(moving, AT.moving + runClass(movingRun));
      }
    }
    for (let l = 0; l < N; l++) {
      const bar = history.back(LAGS[l]!);
      for (let i = 0; bar && i < bar.count; i++) {
        if (bar.get(i, 0) !== position || bar.get(i, 1) !== instrument) {
          continue;
        }
        const id = recall.pitchId(bar.get(i, 2));
        if (id >= 0) pairs.put(id, AT.together + l);
      }
    }
    const last = line ? line.pitch(0) : -1;
    const moment = line?.lastStep === step ? line.before : line?.moment;
    const lowest = context.sounding.lowest();
    const classes = this.#soundingOf(context);
    const { barClasses, lastBarClasses, classNotes, pitch: floor } = context;
    const { usage, scales, mode } = context;
    let most = 0;
    for (let pc = 0; pc < 12; pc++) most = Math.max(most, classNotes[pc]!);
    for (let k = 0; k < ids.Pitch.length; k++) {
      const id = ids.Pitch[k]!, pitch = numbers[id]!, bit = 1 << pitch % 12;
      if (pitch <= floor) continue;
      if (last >= 0) pairs.put(id, AT.line + 24 + clamp(pitch - last, -24, 24));
      if (moment && moment.count > 0) {
        pairs.put(id, AT.voice + 8 + clamp(nearest(moment, pitch), -8, 8));
      }
      if (floor >= 0) pairs.put(id, AT.above + Math.min(pitch - floor, 25) - 1);
      if (lowest >= 0) {
        pairs.put(id, AT.bass + 12 + clamp(pitch - lowest, -12, 36));
      }
      pairs.put(id, AT.degree + pitch % 12);
      if (mode >= 0) pairs.put(id, AT.modeDegree + 12 * mode + pitch % 12);
      pairs.put(id, AT.scaleShare + scales.shareClass(pitch % 12));
      if (classes & bit) pairs.put(id, AT.harmony);
      if (barClasses & bit) pairs.put(id, AT.harmony + 1);
      if (lastBarClasses & bit) pairs.put(id, AT.harmony + 2);
      for (let l = 0; l < N; l++) {
        if (recall.classes[l]! & bit) pairs.put(id, AT.harmony + 3 + l);
      }
      const clashes = this.#clashes[pitch]!;
      for (let c = 0; clashes >> c; c++) {
        if (clashes >> c & 1) pairs.put(id, AT.clash + c);
      }
      if (usage) {
        pairs.put(id, AT.used + countClass(usage.pitches[pitch]!));
        pairs.put(id, AT.beyond + beyondClass(usage, pitch));
      }
      pairs.put(id, AT.degreeUsed + shareClass(classNotes[pitch % 12]!, most));
      const heard = classNotes[pitch % 12]!;
      pairs.put(
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

  #drums(
    { history, position, instrument }: MusicContext,
    pairs: Pairs,
  ): void {
    const { ids, numbers } = this.#alphabet;
    for (let l = 0; l < N; l++) {
      const bar = history.back(LAGS[l]!);
      for (let i = 0; bar && i < bar.count; i++) {
        if (bar.get(i, 0) !== position || bar.get(i, 1) !== instrument) {
          continue;
        }
        const pitch = bar.get(i, 2);
        const id = ids.Drum.find((id) => numbers[id] === pitch);
        if (id !== undefined) pairs.put(id, AT.together + l);
      }
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
function nearest({ count, pitches }: Moment, pitch: number): number {
  let best = 128;
  for (let i = 0; i < count; i++) {
    const move = pitch - pitches[i]!;
    if (Math.abs(move) < Math.abs(best)) best = move;
  }
  return best;
}
