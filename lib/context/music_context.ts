/**
 * What a musician knows before the next token of a piece: which notes sound, what
 * each part has just played, what was played at the same place some bars ago, and
 * where in the bar and in the piece it is. Made from the tokens so far alone.
 */

import {
  FIRST_KIT,
  RemiAlphabet,
  type RemiOptions,
  remiResolution,
  type RemiTokenType,
} from "../tokens/remi/remi.ts";
import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { BarHistory, type BarNotes, NOTE } from "./bar_history.ts";
import { Recall } from "./recall.ts";
import { PartLine } from "./part_line.ts";
import { NO_PLAN, type PiecePlan } from "./piece_plan.ts";
import { Scales } from "./scales.ts";
import { Sounding } from "./sounding.ts";
import { Usage } from "./usage.ts";

const MODES = ["major", "minor"];
/**
 * By mode, of a piece in C: major, lydian, mixolydian; minor, dorian, phrygian. A
 * bit for each by its major tonic.
 */
const EXPECTED = [1 << 0 | 1 << 7 | 1 << 5, 1 << 3 | 1 << 10 | 1 << 8];

/** The music of a piece so far. Its fields are for reading only. */
export class MusicContext {
  /** The tokens. */
  readonly alphabet: RemiAlphabet;
  /** Resolution. */
  readonly stepsPerQuarter: number;
  /** By id: the token's number; steps a bar for a time signature. */
  readonly numbers: Int32Array;
  /** Length and instruments of the whole piece. */
  plan: PiecePlan = NO_PLAN;
  /** The notes of the last bars. */
  readonly history = new BarHistory();
  /** The notes that sound. */
  readonly sounding = new Sounding();
  /** What came at the same place some bars ago. */
  readonly recall: Recall;
  /** By instrument: its line. */
  readonly lines = new Map<number, PartLine>();
  /** By instrument: what it has used; of all together. */
  readonly usages = new Map<number, Usage>();
  readonly allUsage: Usage;
  /** Type and id of the last token. */
  type: RemiTokenType | undefined;
  id = -1;
  /** Ids of the attributes, and of the meter and tempo in force. */
  readonly attributes: number[] = [];
  meterId = -1;
  tempoId = -1;
  /** Steps after the bar line, −1 before the bar's first position. */
  position = -1;
  /** Program, or {@linkcode FIRST_KIT} + kit, of the next notes; −1 for none. */
  instrument = -1;
  /** Pitch of the last note of this moment's instrument; −1 before the first. */
  pitch = -1;
  /** Notes of this instrument in this moment. */
  placed = 0;
  /** Velocity id of the last note of any part. */
  velocityId = -1;
  /** Where the bar begins, and its length, in steps. */
  barStart = 0;
  barSteps = 0;
  /** Pitch classes begun in this bar and the one before, a bit for each. */
  barClasses = 0;
  lastBarClasses = 0;
  /** Notes begun of each pitch class, old ones forgotten. */
  readonly classNotes = new Float64Array(12);
  /** The scales that these fit. */
  readonly scales = new Scales();
  /** 0 of a piece in major, 1 in minor, −1 where it is not said. */
  mode = -1;
  /** By instrument: 1 where it played in this bar, and in the one before. */
  played = new Uint8Array(2 * FIRST_KIT);
  playedBefore = new Uint8Array(2 * FIRST_KIT);
  #noteSteps = 0;
  /** Lines and usages by instrument, used again: a stream must not allocate. */
  readonly #linePool = new Map<number, PartLine>();
  readonly #usagePool = new Map<number, Usage>();
  readonly #noLine = new PartLine();
  readonly #noUsage: Usage;

  /** Before the first token of a piece. */
  constructor(vocabulary: Vocabulary, options: RemiOptions = {}) {
    this.alphabet = RemiAlphabet.of(vocabulary);
    this.numbers = this.alphabet.numbersAt(options);
    this.stepsPerQuarter = remiResolution(options).stepsPerQuarter;
    this.recall = new Recall(this);
    this.allUsage = new Usage(vocabulary.size);
    this.#noUsage = new Usage(vocabulary.size);
  }

  /** Starts another piece. */
  reset(plan: PiecePlan = NO_PLAN): void {
    this.plan = plan;
    this.history.count = 0;
    this.sounding.count = 0;
    this.lines.clear();
    this.usages.clear();
    this.allUsage.copy(this.#noUsage);
    this.attributes.length = 0;
    this.type = undefined;
    this.id =
      this.meterId =
      this.tempoId =
      this.velocityId =
        -1;
    this.position = this.instrument = this.pitch = -1;
    this.placed = this.barStart = this.barSteps = 0;
    this.barClasses = this.lastBarClasses = 0;
    this.classNotes.fill(0);
    this.mode = -1;
    this.#updateScales();
    this.played.fill(0);
    this.playedBefore.fill(0);
    this.#noteSteps = 0;
    this.recall.reset();
  }

  /** Steps from the start of the piece to the current position. */
  get step(): number {
    return this.barStart + Math.max(this.position, 0);
  }

  /** The current bar; undefined before the first. */
  get bar(): BarNotes | undefined {
    return this.history.back(0);
  }

  /** Bars that follow the current one, Infinity where the length is not planned. */
  get barsLeft(): number {
    return this.plan.bars - this.history.count;
  }

  /** The line of the current instrument; undefined before it has played. */
  get line(): PartLine | undefined {
    return this.lines.get(this.instrument);
  }

  /** What the current instrument has used; undefined before it has played. */
  get usage(): Usage | undefined {
    return this.usages.get(this.instrument);
  }

  /** Adds a token. */
  push(id: number): void {
    const type = this.alphabet.types[id]!, number = this.numbers[id]!;
    this.recall.score(id);
    switch (type) {
      case "Bar":
        this.#beginBar();
        break;
      case "TimeSignature":
        this.meterId = id;
        this.barSteps = number;
        if (this.bar) this.bar.steps = number;
        break;
      case "Tempo":
        this.tempoId = id;
        break;
      case "Position":
        this.position = number;
        this.pitch = -1;
        this.placed = 0;
        this.sounding.advance(this.step);
        break;
      case "Program":
      case "Kit":
        this.instrument = type === "Kit" ? FIRST_KIT + number : number;
        this.pitch = -1;
        this.placed = 0;
        break;
      case "Pitch":
      case "Drum":
        this.#beginNote(number, type === "Pitch");
        break;
      case "Velocity":
        this.#setVelocity(id);
        break;
      case "Duration":
        this.#setDuration(id, number);
        break;
      case "End":
        break;
      default:
        this.attributes.push(id);
        if (type !== "Mode") break;
        this.mode = MODES.indexOf(this.alphabet.tokens[id]!.value);
        this.#updateScales();
    }
    this.type = type;
    this.id = id;
    this.recall.update();
  }

  #beginBar(): void {
    this.barStart += this.history.count > 0 ? this.barSteps : 0;
    this.history.begin(this.barStart, this.barSteps);
    this.position = this.instrument = this.pitch = -1;
    this.placed = 0;
    this.lastBarClasses = this.barClasses;
    this.barClasses = 0;
    const { playedBefore, played } = this;
    this.playedBefore = played;
    this.played = playedBefore;
    this.played.fill(0);
    for (let pc = 0; pc < 12; pc++) this.classNotes[pc]! *= 0.9;
    this.sounding.advance(this.barStart);
  }

  #beginNote(pitch: number, isPitched: boolean): void {
    this.pitch = pitch;
    this.placed++;
    const bar = this.bar!;
    bar.add(this.position, this.instrument, pitch);
    this.played[this.instrument] = 1;
    const line = this.line ?? this.#begin(this.instrument);
    this.usage!.add(pitch, this.position, line.lastStep !== this.step);
    const { count } = bar;
    const isFirst = count < 2 ||
      bar.get(count - 2, NOTE.position) !== this.position;
    this.allUsage.add(pitch, this.position, isFirst);
    line.add(this.step, pitch);
    this.#noteSteps = 0;
    if (!isPitched) return;
    this.barClasses |= 1 << pitch % 12;
    this.classNotes[pitch % 12]!++;
    this.#updateScales();
  }

  /** Begins the line and the usage of an instrument. */
  #begin(instrument: number): PartLine {
    let line = this.#linePool.get(instrument);
    let usage = this.#usagePool.get(instrument);
    if (!line || !usage) {
      line = new PartLine();
      usage = new Usage(this.numbers.length);
      this.#linePool.set(instrument, line);
      this.#usagePool.set(instrument, usage);
    }
    line.copy(this.#noLine);
    usage.copy(this.#noUsage);
    this.lines.set(instrument, line);
    this.usages.set(instrument, usage);
    return line;
  }

  #updateScales(): void {
    this.scales.update(this.classNotes, EXPECTED[this.mode] ?? 0);
  }

  #setVelocity(id: number): void {
    const bar = this.bar!;
    bar.set(bar.count - 1, NOTE.velocityId, id);
    this.velocityId = id;
    this.line!.velocityId = id;
    this.usage!.ids[id]!++;
  }

  #setDuration(id: number, steps: number): void {
    const bar = this.bar!;
    if (this.#noteSteps === 0) {
      bar.set(bar.count - 1, NOTE.durationId, id);
      this.line!.durationId = id;
      this.usage!.ids[id]!++;
    }
    this.#noteSteps += steps;
    bar.set(bar.count - 1, NOTE.steps, this.#noteSteps);
    const end = this.step + this.#noteSteps;
    this.sounding.add(this.pitch, this.instrument, end);
    this.line!.holdUntil(end);
  }

  /** Takes over another context of the same vocabulary. */
  copy(other: MusicContext): void {
    this.plan = other.plan;
    this.history.copy(other.history);
    this.sounding.copy(other.sounding);
    this.lines.clear();
    this.usages.clear();
    for (const [instrument, line] of other.lines) {
      this.#begin(instrument).copy(line);
      this.usages.get(instrument)!.copy(other.usages.get(instrument)!);
    }
    this.allUsage.copy(other.allUsage);
    this.attributes.length = 0;
    for (const id of other.attributes) this.attributes.push(id);
    this.type = other.type;
    this.id = other.id;
    this.meterId = other.meterId;
    this.tempoId = other.tempoId;
    this.velocityId = other.velocityId;
    this.position = other.position;
    this.instrument = other.instrument;
    this.pitch = other.pitch;
    this.placed = other.placed;
    this.barStart = other.barStart;
    this.barSteps = other.barSteps;
    this.barClasses = other.barClasses;
    this.lastBarClasses = other.lastBarClasses;
    this.classNotes.set(other.classNotes);
    this.scales.copy(other.scales);
    this.mode = other.mode;
    this.played.set(other.played);
    this.playedBefore.set(other.playedBefore);
    this.#noteSteps = other.#noteSteps;
    this.recall.copy(other.recall);
  }
}
