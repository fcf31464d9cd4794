/**
 * What would come next if the music went on as it did some bars ago, at the same
 * place in the bar.
 */

import {
  FIRST_KIT,
  type RemiAlphabet,
  type RemiTokenType,
} from "../tokens/remi/remi.ts";
import { type BarHistory, type BarNotes, NOTE } from "./bar_history.ts";
import type { PartLine } from "./part_line.ts";

/** How many bars ago. */
export const LAGS = [1, 2, 4, 8, 16] as const;
/** Longest bar in steps that has a table of its own. */
const POSITIONS = 1024;

/** The music so far, as far as it is compared with what was played before. */
export interface Now {
  readonly alphabet: RemiAlphabet;
  readonly history: BarHistory;
  readonly type: RemiTokenType | undefined;
  readonly step: number;
  readonly position: number;
  readonly instrument: number;
  readonly pitch: number;
  readonly line: PartLine | undefined;
  readonly barsLeft: number;
}

/** What was played some bars ago, at the place of the next token. */
export class Recall {
  readonly #context: Now;
  readonly #positionIds: Int32Array;
  readonly #instrumentIds = new Int32Array(2 * FIRST_KIT).fill(-1);
  readonly #pitchIds = new Int32Array(128).fill(-1);
  readonly #drumIds = new Int32Array(128).fill(-1);
  readonly #barId: number;
  readonly #endId: number;
  /** By lag: id of the token that came next; −1 for none. */
  readonly ids = new Int32Array(LAGS.length).fill(-1);
  /** By lag: that pitch, moved as the part has moved since; −1 for none. */
  readonly moved = new Int32Array(LAGS.length).fill(-1);
  /** By lag: how many tokens in a row came as foretold. */
  readonly runs = new Int32Array(LAGS.length);
  /** By lag: pitch classes that sounded at this place, a bit for each. */
  readonly classes = new Int32Array(LAGS.length);
  /** By lag: steps to the next onset of the current part; 0 for none. */
  readonly gaps = new Int32Array(LAGS.length);
  #classesAt = -1;

  /** @param context Whose history is recalled. */
  constructor(context: Now) {
    this.#context = context;
    const { alphabet } = context;
    const { ids, numbers } = alphabet;
    this.#positionIds = new Int32Array(POSITIONS).fill(-1);
    for (const id of ids.Position) this.#positionIds[numbers[id]!] = id;
    for (const id of ids.Program) this.#instrumentIds[numbers[id]!] = id;
    for (const id of ids.Kit) {
      this.#instrumentIds[FIRST_KIT + numbers[id]!] = id;
    }
    for (const id of ids.Pitch) this.#pitchIds[numbers[id]!] = id;
    for (const id of ids.Drum) this.#drumIds[numbers[id]!] = id;
    this.#barId = first(alphabet, "Bar");
    this.#endId = first(alphabet, "End");
  }

  reset(): void {
    this.ids.fill(-1);
    this.moved.fill(-1);
    this.runs.fill(0);
    this.classes.fill(0);
    this.gaps.fill(0);
    this.#classesAt = -1;
  }

  copy(other: Recall): void {
    this.ids.set(other.ids);
    this.moved.set(other.moved);
    this.runs.set(other.runs);
    this.classes.set(other.classes);
    this.gaps.set(other.gaps);
    this.#classesAt = other.#classesAt;
  }

  /** Counts which lags foretold a token. */
  score(id: number): void {
    for (let l = 0; l < LAGS.length; l++) {
      if (this.ids[l]! < 0) continue;
      this.runs[l] = this.ids[l] === id ? this.runs[l]! + 1 : 0;
    }
  }

  /** Looks up what comes next. */
  update(): void {
    const { step } = this.#context;
    const isNewPlace = step !== this.#classesAt;
    this.#classesAt = step;
    for (let l = 0; l < LAGS.length; l++) {
      const bar = this.#context.history.back(LAGS[l]!);
      this.moved[l] = -1;
      this.ids[l] = bar === undefined ? -1 : this.#next(bar, l);
      if (isNewPlace) this.classes[l] = this.#classesOf(l);
    }
  }

  #next(bar: BarNotes, l: number): number {
    const { type, position, instrument, pitch } = this.#context;
    switch (type) {
      case "Bar":
      case "TimeSignature":
      case "Tempo":
        return this.#after(bar, l, -1, -1, -1);
      case "Position": {
        const i = noteFrom(bar, position, -1, -1);
        if (i < 0 || bar.get(i, NOTE.position) !== position) return -1;
        const other = bar.get(i, NOTE.instrument);
        return other === instrument
          ? this.#pitchOf(bar, l, i)
          : this.#instrumentIds[other]!;
      }
      case "Program":
      case "Kit": {
        const i = noteFrom(bar, position, instrument, -1);
        this.#setGap(bar, l);
        return isOf(bar, i, position, instrument)
          ? this.#pitchOf(bar, l, i)
          : -1;
      }
      case "Pitch":
      case "Drum":
        return this.#ofNote(bar, NOTE.velocityId);
      case "Velocity":
        if (instrument < FIRST_KIT) {
          this.#setGap(bar, l);
          return this.#ofNote(bar, NOTE.durationId);
        }
        return this.#after(bar, l, position, instrument, pitch);
      case "Duration":
        return this.#after(bar, l, position, instrument, pitch);
    }
    return -1;
  }

  /** The token after the note at a place. */
  #after(
    bar: BarNotes,
    l: number,
    position: number,
    instrument: number,
    pitch: number,
  ): number {
    const i = noteFrom(bar, position, instrument, pitch + 1);
    if (i < 0) {
      return this.#context.barsLeft === 0 ? this.#endId : this.#barId;
    }
    const at = bar.get(i, NOTE.position);
    if (at !== position) return this.#positionIds[at] ?? -1;
    const other = bar.get(i, NOTE.instrument);
    if (other !== instrument) return this.#instrumentIds[other]!;
    return this.#pitchOf(bar, l, i);
  }

  /** The id of a note's pitch; also moves it as the part has moved since. */
  #pitchOf(bar: BarNotes, l: number, i: number): number {
    const pitch = bar.get(i, NOTE.pitch), { instrument, line } = this.#context;
    if (bar.get(i, NOTE.instrument) >= FIRST_KIT) return this.#drumIds[pitch]!;
    const before = this.#before(bar, l, i, instrument);
    if (before >= 0 && line) this.moved[l] = line.pitch(0) + pitch - before;
    return this.#pitchIds[pitch]!;
  }

  /** The pitch that a part played before note `i` of a bar; −1 for none. */
  #before(bar: BarNotes, l: number, i: number, instrument: number): number {
    for (let j = i - 1; j >= 0; j--) {
      if (bar.get(j, NOTE.instrument) === instrument) {
        return bar.get(j, NOTE.pitch);
      }
    }
    const earlier = this.#context.history.back(LAGS[l]! + 1);
    if (!earlier) return -1;
    for (let j = earlier.count - 1; j >= 0; j--) {
      if (earlier.get(j, NOTE.instrument) === instrument) {
        return earlier.get(j, NOTE.pitch);
      }
    }
    return -1;
  }

  /** Velocity or duration of the same note, else of one like it. */
  #ofNote(bar: BarNotes, field: number): number {
    const { position, instrument, pitch } = this.#context;
    let like = -1;
    for (let i = 0; i < bar.count; i++) {
      if (bar.get(i, NOTE.instrument) !== instrument) continue;
      const isHere = bar.get(i, NOTE.position) === position;
      if (isHere && bar.get(i, NOTE.pitch) === pitch) return bar.get(i, field);
      if (isHere) like = bar.get(i, field);
    }
    return like;
  }

  /** Steps from here to the part's next onset. */
  #setGap(bar: BarNotes, l: number): void {
    const { position, instrument } = this.#context;
    this.gaps[l] = 0;
    for (let i = 0; i < bar.count; i++) {
      const at = bar.get(i, NOTE.position);
      if (at <= position || bar.get(i, NOTE.instrument) !== instrument) {
        continue;
      }
      this.gaps[l] = at - position;
      return;
    }
  }

  /** Pitch classes that sounded at this place of the bar. */
  #classesOf(l: number): number {
    const { history, position } = this.#context;
    const at = Math.max(position, 0), bar = history.back(LAGS[l]!);
    if (!bar) return 0;
    let classes = 0;
    for (let i = 0; i < bar.count; i++) {
      const from = bar.get(i, NOTE.position);
      if (from > at) break;
      if (from + bar.get(i, NOTE.steps) > at) {
        classes |= 1 << bar.get(i, NOTE.pitch) % 12;
      }
    }
    const earlier = history.back(LAGS[l]! + 1);
    if (!earlier) return classes;
    for (let i = 0; i < earlier.count; i++) {
      const end = earlier.get(i, NOTE.position) + earlier.get(i, NOTE.steps);
      if (end > earlier.steps + at) {
        classes |= 1 << earlier.get(i, NOTE.pitch) % 12;
      }
    }
    return classes;
  }

  /** Ids by number. */
  pitchId(pitch: number): number {
    return this.#pitchIds[pitch] ?? -1;
  }
}

function first(alphabet: RemiAlphabet, type: "Bar" | "End"): number {
  return alphabet.ids[type][0] ?? -1;
}

/** The first note of a bar at or after a place; −1 for none. */
function noteFrom(
  bar: BarNotes,
  position: number,
  instrument: number,
  pitch: number,
): number {
  for (let i = 0; i < bar.count; i++) {
    const at = bar.get(i, NOTE.position);
    if (at < position) continue;
    if (at > position) return i;
    const other = bar.get(i, NOTE.instrument);
    if (other < instrument) continue;
    if (other > instrument || bar.get(i, NOTE.pitch) >= pitch) return i;
  }
  return -1;
}

function isOf(
  bar: BarNotes,
  i: number,
  position: number,
  instrument: number,
): boolean {
  return i >= 0 && bar.get(i, NOTE.position) === position &&
    bar.get(i, NOTE.instrument) === instrument;
}
