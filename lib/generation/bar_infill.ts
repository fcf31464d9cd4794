/** One bar whose notes of some instruments are sampled among given ones. */

import type { Range } from "../music/music.ts";
import { FIRST_KIT } from "../tokens/remi/remi.ts";
import type { DensityGuide } from "./density_guide.ts";
import type { Draft } from "./draft.ts";
import type { GivenHarmony } from "./given_harmony.ts";
import type { TokenWriter } from "./token_writer.ts";

/** A note that stays. */
export interface GivenNote {
  /** Steps after the bar line. */
  readonly position: number;
  /** Program, or {@linkcode FIRST_KIT} + kit. */
  readonly instrument: number;
  readonly pitch: number;
  /** Its tokens from the pitch on. */
  readonly ids: readonly number[];
}

/** A sampled note. */
export interface InfilledNote {
  /** Program, or {@linkcode FIRST_KIT} + kit. */
  readonly instrument: number;
  /** MIDI pitch. */
  readonly pitch: number;
  /** MIDI velocity. */
  readonly velocity: number;
  /** From the first bar line on, in steps of the tokens. */
  readonly start: number;
  /** After `start`; it may lie after the last bar. */
  readonly end: number;
}

/** A sampled note while it is written. */
export type OpenNote = { -readonly [K in keyof InfilledNote]: InfilledNote[K] };

/** One bar while it is written. */
export class BarInfill {
  readonly #writer: TokenWriter;
  readonly #draft: Draft;
  readonly #instruments: ReadonlySet<number>;
  readonly #near: ReadonlyMap<number, Range>;
  /** Whether a moment that others may be meant to play is left to them. */
  readonly #leavesRoom: boolean;
  readonly #isLast: boolean;
  readonly #density: DensityGuide | undefined;
  readonly #notes: OpenNote[];
  readonly #harmony: GivenHarmony;
  /** Steps after the bar line, −1 before the first position. */
  #position = -1;
  /** The instrument of the next notes, −1 at the start of the bar. */
  #voice = -1;
  /** Whether the last note was sampled. */
  #isOwn = false;
  /** The given note that comes next. */
  #next: GivenNote | undefined;

  constructor(
    {
      writer,
      draft,
      instruments,
      near,
      leavesRoom,
      isLast,
      density,
      notes,
      harmony,
    }: {
      readonly writer: TokenWriter;
      readonly draft: Draft;
      readonly instruments: ReadonlySet<number>;
      readonly near: ReadonlyMap<number, Range>;
      readonly leavesRoom: boolean;
      readonly isLast: boolean;
      readonly density: DensityGuide | undefined;
      readonly notes: OpenNote[];
      readonly harmony: GivenHarmony;
    },
  ) {
    this.#writer = writer;
    this.#draft = draft;
    this.#instruments = instruments;
    this.#near = near;
    this.#leavesRoom = leavesRoom;
    this.#isLast = isLast;
    this.#density = density;
    this.#notes = notes;
    this.#harmony = harmony;
  }

  /** Writes the bar, from after its `Bar` to its end. */
  fill(given: readonly GivenNote[]): void {
    for (const next of [...given, undefined]) {
      this.#next = next;
      while (true) {
        const id = this.#choose();
        if (id !== undefined) this.#play(id);
        else if (next && next.position > this.#position) this.#moveOn(next);
        else break;
      }
      if (next) this.#give(next);
    }
  }

  /** Whether nothing is played yet, and this is the last bar to do so. */
  get #mustEnter(): boolean {
    return this.#isLast && this.#notes.length === 0;
  }

  /** Whether the given note that comes next begins at this position. */
  get #isDue(): boolean {
    return this.#next !== undefined && this.#next.position === this.#position;
  }

  /** Goes to the position of the next given note, at which others may come first. */
  #moveOn({ position }: GivenNote): void {
    const { alphabet } = this.#writer;
    this.#writer.writeGiven(alphabet.id("Position", position), this.#draft);
    this.#position = position;
  }

  #give({ instrument, ids }: GivenNote): void {
    const writer = this.#writer;
    if (instrument !== this.#voice) {
      writer.writeGiven(this.#idOf(instrument), this.#draft);
    }
    for (const id of ids) writer.writeGiven(id, this.#draft);
    this.#voice = instrument;
    this.#isOwn = false;
  }

  #idOf(instrument: number): number {
    const { alphabet } = this.#writer;
    return instrument < FIRST_KIT
      ? alphabet.id("Program", instrument)
      : alphabet.id("Kit", instrument - FIRST_KIT);
  }

  /** Samples a token that leads to a note; undefined where something else comes. */
  #choose(): number | undefined {
    const writer = this.#writer, { types } = writer.alphabet;
    const mask = writer.mask(this.#draft);
    const own = new Uint8Array(mask.length);
    for (let id = 0; id < mask.length; id++) {
      if (mask[id] === 0) continue;
      if (this.#leadsToNote(id) && this.#isNear(id)) own[id] = 1;
      else if (!this.#leadsElsewhere(id)) mask[id] = 0;
    }
    while (mask.includes(1)) {
      const id = writer.sample();
      if (this.#isTooLate(id) && this.#leaveSooner(mask, own, id)) continue;
      if (own[id] === 0) return undefined;
      if (types[id] === "Duration") return id;
      if (writer.random.next() >= this.#suits(id)) mask[id] = 0;
      else if (this.#isWelcome(id)) return id;
      else this.#skip(mask, id);
    }
    return undefined;
  }

  /** When what a token leads to begins, in steps. */
  #timeOf(id: number): number {
    const { step, barStart, barEnd, alphabet } = this.#writer;
    const { types, numbers } = alphabet;
    switch (types[id]) {
      case "Position":
        return barStart +
          Math.min(numbers[id]!, this.#next?.position ?? Infinity);
      case "Bar":
      case "End":
        return barStart + (this.#next?.position ?? barEnd - barStart);
      default:
        return step;
    }
  }

  /** Whether a token leads on to where too few notes would have been. */
  #isTooLate(id: number): boolean {
    const density = this.#density;
    const { barStart, barEnd } = this.#writer;
    if (this.#mustEnter && 2 * this.#timeOf(id) > barStart + barEnd) {
      return true;
    }
    if (!density) return false;
    const likely = density.mayPass(this.#notes, this.#timeOf(id));
    return likely < 1 && this.#writer.random.next() >= likely;
  }

  /** Leaves what leads to a note sooner than a token; false where there is none. */
  #leaveSooner(mask: Uint8Array, own: Uint8Array, later: number): boolean {
    const limit = this.#timeOf(later);
    const isSooner = (id: number) =>
      own[id] === 1 && this.#writer.alphabet.types[id] !== "Duration" &&
      this.#timeOf(id) < limit;
    const sooner = mask.map((may, id) => may === 1 && isSooner(id) ? 1 : 0);
    if (!sooner.includes(1)) return false;
    mask.set(sooner);
    return true;
  }

  /** Whether a note that a token leads to is to be let in. */
  #isWelcome(id: number): boolean {
    const writer = this.#writer, density = this.#density;
    const { types, numbers } = writer.alphabet;
    const isPosition = types[id] === "Position";
    if (isPosition && writer.needs(numbers[id]!)) return true;
    // Others may be meant, and what they play is given.
    const share = isPosition && this.#leavesRoom && !this.#mustEnter
      ? writer.shareAfter(id, this.#wantedAfter())
      : 1;
    const wanted = density?.mayEnter(this.#notes, this.#timeOf(id)) ?? 1;
    const likely = density?.isShort(this.#notes, this.#timeOf(id))
      ? wanted
      : share * wanted;
    return likely >= 1 || writer.random.next() < likely;
  }

  /** Leaves only what comes later than a token that was not let in. */
  #skip(mask: Uint8Array, skipped: number): void {
    const { types, numbers } = this.#writer.alphabet;
    const last = types[skipped] === "Position" ? numbers[skipped]! : -1;
    for (let id = 0; id < mask.length; id++) {
      const isLater = types[id] === "Position"
        ? numbers[id]! > last
        : !this.#leadsToNote(id);
      if (!isLater) mask[id] = 0;
    }
  }

  /** Whether a token leads to a note of the instruments that fits here. */
  #leadsToNote(id: number): boolean {
    const { types, numbers } = this.#writer.alphabet;
    const number = numbers[id]!, next = this.#next;
    switch (types[id]) {
      case "Position":
        return !this.#isDue && number < (next?.position ?? Infinity) &&
          this.#mayPlayAt(number);
      case "Program":
        return this.#mayEnter(number);
      case "Kit":
        return this.#mayEnter(FIRST_KIT + number);
      case "Pitch":
      case "Drum":
        return this.#mayPlay(this.#voice, number);
      case "Duration":
        return this.#isOwn;
      default:
        return false;
    }
  }

  /** Whether a token says that what is given comes next, or the end of the bar. */
  #leadsElsewhere(id: number): boolean {
    switch (this.#writer.alphabet.types[id]) {
      case "Position":
      case "Bar":
      case "End":
        return true;
      case "Program":
      case "Kit":
      case "Pitch":
      case "Drum":
        return this.#isDue;
      default:
        return false;
    }
  }

  /** Whether an instrument may play before the given note that comes next. */
  #mayEnter(instrument: number): boolean {
    if (!this.#instruments.has(instrument)) return false;
    return !this.#isDue || instrument < this.#next!.instrument;
  }

  /** Whether an instrument may begin a note at a position. */
  #mayPlayAt(position: number): boolean {
    for (const one of this.#instruments) {
      if (one >= FIRST_KIT || this.#writer.mayPlay(one, position)) return true;
    }
    return false;
  }

  /** Whether a pitch comes before the given note that comes next. */
  #mayPlay(instrument: number, pitch: number): boolean {
    if (!this.#instruments.has(instrument)) return false;
    const next = this.#next;
    return !this.#isDue || instrument < next!.instrument ||
      instrument === next!.instrument && pitch < next!.pitch;
  }

  /** After a new position: 1 for all that may begin a note, 2 where it is ours. */
  #wantedAfter(): Uint8Array {
    const { types, numbers } = this.#writer.alphabet;
    return Uint8Array.from(types, (type, id) => {
      const instrument = type === "Program"
        ? numbers[id]!
        : type === "Kit"
        ? FIRST_KIT + numbers[id]!
        : type === (this.#voice < FIRST_KIT ? "Pitch" : "Drum")
        ? this.#voice
        : -1;
      return instrument < 0 ? 0 : this.#instruments.has(instrument) ? 2 : 1;
    });
  }

  /** Writes a sampled token, and the rest of the note that it leads to. */
  #play(first: number): void {
    const { types } = this.#writer.alphabet;
    let id: number | undefined = first;
    while (id !== undefined) {
      this.#take(id);
      const type = types[id]!;
      if (type === "Duration") return;
      if (type === "Velocity" && this.#voice >= FIRST_KIT) return;
      id = this.#nextOfNote();
    }
  }

  /** Samples the next token of a note that has begun. */
  #nextOfNote(): number | undefined {
    const writer = this.#writer, { types } = writer.alphabet;
    const mask = writer.mask(this.#draft);
    for (let id = 0; id < mask.length; id++) {
      const type = types[id];
      const isNext = type === "Velocity" || type === "Duration" ||
        type !== "Position" && this.#leadsToNote(id);
      if (!isNext) mask[id] = 0;
    }
    const near = mask.map((may, id) => may === 1 && this.#isNear(id) ? 1 : 0);
    if (near.includes(1)) mask.set(near);
    if (!mask.includes(1)) return undefined;
    while (true) {
      const id = writer.sample();
      mask[id] = 0;
      const isLast = !mask.includes(1);
      if (isLast || writer.random.next() < this.#suits(id)) return id;
    }
  }

  /** How readily a token is let in beside what the others hold, 0–1. */
  #suits(id: number): number {
    const { alphabet: { types, numbers }, step } = this.#writer;
    return types[id] === "Pitch" ? this.#harmony.admits(numbers[id]!, step) : 1;
  }

  /** Whether a pitch is near enough to those before the bars, if it is a first one. */
  #isNear(id: number): boolean {
    const { types, numbers } = this.#writer.alphabet;
    const near = this.#near.get(this.#voice);
    if (types[id] !== "Pitch" || !near) return true;
    const first = this.#notes.find(({ instrument }) =>
      instrument === this.#voice
    );
    const isFirst = !first || first.start === this.#writer.step;
    return !isFirst || numbers[id]! >= near[0] && numbers[id]! <= near[1];
  }

  #take(id: number): void {
    const writer = this.#writer, { types, numbers } = writer.alphabet;
    writer.writeSampled(id, this.#draft);
    const number = numbers[id]!;
    switch (types[id]) {
      case "Position":
        this.#position = number;
        break;
      case "Program":
        this.#voice = number;
        break;
      case "Kit":
        this.#voice = FIRST_KIT + number;
        break;
      case "Pitch":
      case "Drum": {
        const isDrum = types[id] === "Drum", start = writer.step;
        this.#notes.push({
          instrument: this.#voice,
          pitch: number,
          velocity: 0,
          start,
          end: start + (isDrum ? 1 : 0),
        });
        this.#isOwn = !isDrum;
        break;
      }
      case "Velocity":
        this.#notes.at(-1)!.velocity = number;
        break;
      case "Duration":
        this.#notes.at(-1)!.end += number;
    }
  }
}
