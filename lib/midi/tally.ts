/** What was wrong in a file, and what of it has no place in the music. */

import type { Repair } from "../music/music.ts";
import { MidiError } from "./cursor.ts";
import { MAX_EVENTS, MAX_NOTES } from "./limits.ts";

/** Something that files may have and the music has no place for. */
export interface Dropped {
  /** What was left out, the same words for every file. */
  readonly reason: string;
  /** How often. */
  readonly count: number;
}

/** Events of a track that are dropped. */
export interface TrackCounts {
  readonly pitchBends: number;
  /** Pressures of keys and of channels. */
  readonly pressures: number;
  /** System exclusive messages that say nothing of drums. */
  readonly messages: number;
  /** Texts and other meta events. */
  readonly others: number;
}

/** What plain files have and the music has no place for. */
export const DROPPED = [
  "pitch bends",
  "aftertouch",
  "system exclusive messages that say nothing of drums",
  "texts and other meta events",
  "controllers of channels without notes",
] as const;

/** Counts what is repaired and dropped while a file is read, and what is kept. */
export class Tally {
  /** Offset of what is being read, for faults that have no byte of their own. */
  offset = 0;
  readonly #file: string;
  readonly #strict: boolean;
  readonly #repairs = new Map<string, number>();
  readonly #dropped = new Map<string, number>();
  #notes = 0;
  #events = 0;

  /**
   * @param file Name of the file, for errors.
   * @param strict Whether a repair is an error.
   */
  constructor(file: string, strict: boolean) {
    this.#file = file;
    this.#strict = strict;
  }

  /**
   * Counts a repair.
   *
   * @param reason What was wrong and what was done.
   * @param detail The values at fault, for the error.
   * @param byteOffset Where it is wrong.
   * @throws {MidiError} If reading is strict.
   */
  repair(
    reason: string,
    detail: string = "",
    byteOffset: number = this.offset,
  ): void {
    if (this.#strict) this.refuse(reason, detail, byteOffset);
    add(this.#repairs, reason, 1);
  }

  /** Counts what is left out because the music has no place for it. */
  drop(reason: string, count: number = 1): void {
    if (count > 0) add(this.#dropped, reason, count);
  }

  /** Counts what a track has and the music has no place for. */
  dropOfTrack({ pitchBends, pressures, messages, others }: TrackCounts): void {
    this.drop(DROPPED[0], pitchBends);
    this.drop(DROPPED[1], pressures);
    this.drop(DROPPED[2], messages);
    this.drop(DROPPED[3], others);
  }

  /** @throws {MidiError} Always. */
  refuse(
    reason: string,
    detail: string,
    byteOffset: number = this.offset,
  ): never {
    throw new MidiError(this.#file, byteOffset, reason, detail);
  }

  /** @throws {MidiError} If the file has more notes than any piece. */
  countNote(): void {
    if (++this.#notes > MAX_NOTES) {
      this.refuse(`there are over ${MAX_NOTES} notes`, "no piece has so many");
    }
  }

  /** @throws {MidiError} If the file has more events than any piece. */
  countEvent(): void {
    if (++this.#events > MAX_EVENTS) {
      this.refuse(
        `there are over ${MAX_EVENTS} controllers and other events`,
        "no piece has so many",
      );
    }
  }

  /** What was put right, each reason once, in order of first occurrence. */
  repairs(): Repair[] {
    return counted(this.#repairs);
  }

  /** What was left out, each reason once, in order of first occurrence. */
  dropped(): Dropped[] {
    return counted(this.#dropped);
  }
}

function add(counts: Map<string, number>, reason: string, count: number) {
  counts.set(reason, (counts.get(reason) ?? 0) + count);
}

function counted(counts: ReadonlyMap<string, number>): Repair[] {
  return [...counts].map(([reason, count]) => ({ reason, count }));
}
