/**
 * Music to REMI tokens and back: bars, positions, instruments, pitches,
 * velocities and durations, headed by the attributes of the piece. The alphabet
 * is in `tokens.ts`, the order of its tokens in `grammar.ts`.
 *
 * What the tokens can say is exactly what {@linkcode RemiTokenizer.quantize}
 * returns; decoding gives that, and nothing else is lost. Its rules:
 *
 * - Times are quantised as `quantize.ts` says.
 * - The sustain pedal becomes longer notes, as it sounds; other controllers
 *   are left out.
 * - Parts with the same program are one part, parts without notes none. Names
 *   are left out.
 * - Velocities go to the middle of one of 16 bins, 8 wide.
 * - Durations go to the nearest of a table, exact up to two quarters (see
 *   `durationTable`), but never past the end of the piece, nor past the next
 *   start of the same pitch if the note ended by then. Drum hits last one step.
 * - Tempi are whole quarter notes per minute.
 * - A meter change inside a bar waits for the next bar line.
 * - The piece is whole bars long. A release up to a sixth of a quarter beyond
 *   the last bar line is drawn back to it.
 * - The key signature is the key that `theory.ts` finds.
 */

import {
  applySustain,
  type Attributes,
  attributesOf,
  attributeTokens,
  type NoteSequence,
  type Part,
  quantize,
  type TempoChange,
} from "../../music/music.ts";
import {
  keySignatures,
  partOf,
  RemiDecoder,
  timeSignature,
} from "./decoder.ts";
import { FIRST_KIT } from "./grammar.ts";
import {
  binDuration,
  binTempo,
  binVelocity,
  DRUM_STEPS,
  durationTable,
  type RemiOptions,
  type RemiResolution,
  remiResolution,
  splitDuration,
  stepsPerBar,
} from "./tokens.ts";
import { type Tokenizer, Vocabulary } from "../vocabulary/vocabulary.ts";

/** A bar of a piece on the grid. */
interface Bar {
  readonly start: number;
  readonly end: number;
  readonly meter: string;
}

/**
 * The REMI tokenizer at one resolution.
 *
 * @example
 * ```ts
 * import { RemiTokenizer } from "immersic/tokens/remi/remi.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const tokenizer = new RemiTokenizer();
 * const tokens = tokenizer.encode({
 *   ...emptySequence(480),
 *   parts: [{ name: "Keys", program: 4, isDrum: false }],
 *   notes: [{ pitch: 60, velocity: 70, startTicks: 485, endTicks: 950, part: 0 }],
 *   tempos: [{ ticks: 0, qpm: 72 }],
 *   totalTicks: 1920,
 * });
 * console.assert(
 *   tokens.slice(tokens.indexOf("Bar")).join(" ") ===
 *     "Bar TimeSignature_4/4 Tempo_72 Position_12 Program_4 Pitch_60 Velocity_68 Duration_12 End",
 * );
 * const [note] = tokenizer.decode(tokens).notes;
 * console.assert(note.startTicks === 12 && note.endTicks === 24);
 * ```
 */
export class RemiTokenizer implements Tokenizer {
  readonly name = "remi";
  readonly options: RemiResolution;
  readonly #durations: readonly number[];

  /**
   * @param options Resolution of the tokens.
   * @throws {RangeError} If an option is out of range.
   */
  constructor(options: RemiOptions = {}) {
    this.options = remiResolution(options);
    this.#durations = durationTable(this.options.stepsPerQuarter);
  }

  /**
   * A piece as the tokens can say it, by the rules at the head of this module;
   * `decode(encode(piece))` equals `quantize(piece)`.
   *
   * @returns A piece whose ticks are steps.
   * @throws {RangeError} If a bar is not a whole number of steps.
   */
  quantize(sequence: NoteSequence): NoteSequence {
    const { stepsPerQuarter, velocityBins } = this.options;
    const onGrid = quantize(
      mergeParts(applySustain(sequence)),
      stepsPerQuarter,
    );
    const bars = this.#bars(onGrid);
    const totalTicks = bars.at(-1)?.end ?? 0;
    const nextStart = new Map<number, number>();
    const notes = [...onGrid.notes];
    for (let i = notes.length - 1; i >= 0; i--) {
      const { pitch, velocity, startTicks, endTicks, part } = notes[i];
      const next = nextStart.get(128 * part + pitch) ?? Infinity;
      nextStart.set(128 * part + pitch, startTicks);
      const limit = Math.min(endTicks <= next ? next : Infinity, totalTicks);
      const steps = onGrid.parts[part].isDrum ? DRUM_STEPS : binDuration(
        Math.min(endTicks, totalTicks) - startTicks,
        this.#durations,
        limit - startTicks,
      );
      notes[i] = {
        ...notes[i],
        velocity: binVelocity(velocity, velocityBins),
        endTicks: startTicks + steps,
      };
    }
    const piece: NoteSequence = {
      ...onGrid,
      notes,
      tempos: binTempos(onGrid.tempos, totalTicks),
      timeSignatures: bars
        .filter((bar, i) => bar.meter !== bars[i - 1]?.meter)
        .map((bar) => timeSignature(bar.start, bar.meter)),
      keySignatures: [],
      controls: [],
      totalTicks,
    };
    return { ...piece, keySignatures: keySignatures(attributesOf(piece)) };
  }

  /**
   * A piece as tokens.
   *
   * @param sequence Any piece.
   * @param attributes What to write at the head; by default what the piece is.
   * @returns Tokens from the head to `End`, none if there are no notes.
   * @throws {RangeError} If a bar is not a whole number of steps.
   */
  encode(sequence: NoteSequence, attributes?: Attributes): string[] {
    const piece = this.quantize(sequence);
    if (piece.notes.length === 0) return [];
    const tokens = attributeTokens(attributes ?? attributesOf(piece));
    const { notes, tempos } = piece;
    let meter = "", nextNote = 0, nextTempo = 0;
    for (const bar of this.#bars(piece)) {
      tokens.push("Bar");
      if (bar.meter !== meter) tokens.push(`TimeSignature_${bar.meter}`);
      meter = bar.meter;
      let part = -1;
      while (true) {
        const step = Math.min(
          notes[nextNote]?.startTicks ?? Infinity,
          tempos[nextTempo]?.ticks ?? Infinity,
        );
        if (step >= bar.end) break;
        const tempo = tempos[nextTempo]?.ticks === step
          ? [`Tempo_${tempos[nextTempo++].qpm}`]
          : [];
        // A tempo of the whole bar stands before its positions.
        if (step === bar.start) tokens.push(...tempo.splice(0));
        const here = notes[nextNote]?.startTicks === step;
        if (here || tempo.length > 0) {
          tokens.push(`Position_${step - bar.start}`, ...tempo);
        }
        for (; notes[nextNote]?.startTicks === step; nextNote++) {
          const note = notes[nextNote];
          const { program, isDrum } = piece.parts[note.part];
          if (note.part !== part) {
            tokens.push(isDrum ? `Kit_${program}` : `Program_${program}`);
          }
          part = note.part;
          tokens.push(
            `${isDrum ? "Drum" : "Pitch"}_${note.pitch}`,
            `Velocity_${note.velocity}`,
          );
          if (isDrum) continue;
          const steps = note.endTicks - note.startTicks;
          for (const length of splitDuration(steps, this.#durations)) {
            tokens.push(`Duration_${length}`);
          }
        }
      }
    }
    tokens.push("End");
    return tokens;
  }

  /**
   * The piece that tokens say.
   *
   * @param tokens Head, bars and `End`; they may stop earlier where nothing is
   * left half said.
   * @returns A piece whose ticks are steps.
   * @throws {RangeError} If the tokens break the grammar.
   */
  decode(tokens: readonly string[]): NoteSequence {
    const vocabulary = Vocabulary.fromTokens(tokens);
    return new RemiDecoder(vocabulary, this.options)
      .decode(vocabulary.encode(tokens));
  }

  /** The bars that a piece on the grid needs. */
  #bars(onGrid: NoteSequence): Bar[] {
    const { notes, timeSignatures, totalTicks } = onGrid;
    const { stepsPerQuarter } = this.options;
    const slack = Math.floor(stepsPerQuarter / 6);
    const lastStart = notes.at(-1)?.startTicks ?? -1;
    const bars: Bar[] = [];
    let numerator = 4, denominator = 4;
    for (
      let start = 0, next = 0;
      start < Math.max(lastStart + 1, totalTicks);
    ) {
      while (timeSignatures[next]?.ticks <= start) {
        ({ numerator, denominator } = timeSignatures[next++]);
      }
      const end = start + stepsPerBar(numerator, denominator, stepsPerQuarter);
      const isNeeded = start <= lastStart || end <= totalTicks ||
        start + slack < totalTicks;
      if (!isNeeded) break;
      bars.push({ start, end, meter: `${numerator}/${denominator}` });
      start = end;
    }
    return bars;
  }
}

/** Parts by instrument: programs rising, then kits; only those with notes. */
function mergeParts(sequence: NoteSequence): NoteSequence {
  const instrumentOf = ({ program, isDrum }: Part) =>
    isDrum ? FIRST_KIT + program : program;
  const byNote = sequence.notes.map((note) =>
    instrumentOf(sequence.parts[note.part])
  );
  const instruments = [...new Set(byNote)].sort((a, b) => a - b);
  return {
    ...sequence,
    parts: instruments.map(partOf),
    notes: sequence.notes.map((note, i) => ({
      ...note,
      part: instruments.indexOf(byNote[i]),
    })),
    controls: [],
  };
}

/** Whole tempi, the first at 0, each unlike the one before it. */
function binTempos(tempos: readonly TempoChange[], end: number): TempoChange[] {
  const first = tempos[0]?.ticks === 0 ? [] : [{ ticks: 0, qpm: 120 }];
  return [...first, ...tempos]
    .filter(({ ticks }) => ticks < end || ticks === 0)
    .map(({ ticks, qpm }) => ({ ticks, qpm: binTempo(qpm) }))
    .filter(({ qpm }, i, all) => qpm !== all[i - 1]?.qpm);
}
