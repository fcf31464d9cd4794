/** The order of the events of a track that is to be written. */

import {
  type ControlChange,
  type Note,
  type Part,
  SUSTAIN_PEDAL,
} from "../music/music.ts";
import type { PlacedEvent } from "./lay_out.ts";
import {
  bankBytes,
  controllerBytes,
  portBytes,
  programBytes,
} from "./raw_events.ts";
import type { TrackPlan } from "./track_plan.ts";

/** Notes that are handed to `@tonejs/midi` at once. */
export const BLOCK = 2048;

/** A note and the numbers of its events among those of its block, from 1. */
export interface PlacedNote {
  readonly note: Note;
  readonly block: number;
  on: number;
  off: number;
}

/** The events of a track. */
export interface OrderedEvents {
  /** All in their order, the name first and the end of the track last. */
  readonly events: readonly PlacedEvent[];
  /** A block for each {@linkcode BLOCK} of them, after that of the name. */
  readonly notes: readonly PlacedNote[];
}

/**
 * Puts the events of a track in order. At each tick notes end, then controllers
 * change, then notes begin; but a pedal that alone changes follows the notes.
 */
export function orderEvents(plan: TrackPlan): OrderedEvents {
  return new Ordering(plan).order();
}

class Ordering {
  readonly #plan: TrackPlan;
  readonly #events: PlacedEvent[] = [];
  readonly #notes: readonly PlacedNote[];
  /** The notes that have a length, in the order of their ends. */
  readonly #ends: readonly PlacedNote[];
  /** For each controller change, whether it follows the notes of its tick. */
  readonly #follows: readonly boolean[];
  /** How many events each block has. */
  readonly #counts: number[] = [];
  #nextEnd = 0;
  #nextControl = 0;

  constructor(plan: TrackPlan) {
    this.#plan = plan;
    this.#notes = plan.notes.map((note, i) => (
      { note, block: 1 + Math.floor(i / BLOCK), on: 0, off: 0 }
    ));
    this.#ends = this.#notes
      .filter(({ note }) => note.endTicks > note.startTicks)
      .sort((a, b) => a.note.endTicks - b.note.endTicks);
    this.#follows = pedalsAlone(plan.controls);
  }

  order(): OrderedEvents {
    const { place, first } = this.#plan;
    this.#place(0, 0); // the name
    if (place.port > 0) this.#put(0, portBytes(place.port));
    this.#putBank(0, first);
    this.#place(0, 0); // the program
    for (const note of this.#notes) this.#begin(note);
    this.#advance(Infinity);
    this.#place(this.#events.at(-1)!.ticks, 0); // the end
    return { events: this.#events, notes: this.#notes };
  }

  #begin(placed: PlacedNote): void {
    const { note, block } = placed;
    const ticks = note.startTicks;
    this.#advance(ticks);
    const part = this.#plan.changes.get(note);
    if (part) {
      this.#putBank(ticks, part);
      this.#put(ticks, programBytes(this.#plan.place.channel, part));
    }
    placed.on = this.#place(ticks, block);
    if (note.endTicks === ticks) placed.off = this.#place(ticks, block);
  }

  /** Ends notes and changes controllers until those that begin at a tick. */
  #advance(ticks: number): void {
    for (;;) {
      const end = this.#ends[this.#nextEnd];
      const control = this.#plan.controls[this.#nextControl];
      const endTicks = end?.note.endTicks ?? Infinity;
      const isDue = control && (control.ticks < ticks ||
        control.ticks === ticks && !this.#follows[this.#nextControl]);
      if (isDue && control.ticks < endTicks) {
        const { controller, value } = control;
        const { channel } = this.#plan.place;
        this.#put(control.ticks, controllerBytes(channel, controller, value));
        this.#nextControl++;
      } else if (end && endTicks <= ticks) {
        end.off = this.#place(endTicks, end.block);
        this.#nextEnd++;
      } else return;
    }
  }

  #putBank(ticks: number, { bank = 0 }: Part): void {
    const { place: { channel }, hasBanks } = this.#plan;
    if (!hasBanks) return;
    for (const bytes of bankBytes(channel, bank)) this.#put(ticks, bytes);
  }

  #put(ticks: number, bytes: readonly number[]): void {
    this.#events.push({ ticks, bytes });
  }

  /** Places the next event of a block and returns its number. */
  #place(ticks: number, block: number): number {
    this.#events.push({ ticks, block });
    return this.#counts[block] = (this.#counts[block] ?? 0) + 1;
  }
}

/** For each change, whether all changes at its tick are of the sustain pedal. */
function pedalsAlone(controls: readonly ControlChange[]): boolean[] {
  const others = new Set(
    controls.filter(({ controller }) => controller !== SUSTAIN_PEDAL)
      .map(({ ticks }) => ticks),
  );
  return controls.map(({ ticks }) => !others.has(ticks));
}
