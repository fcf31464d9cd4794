/** What was asked beside what a finished piece is, measured on its notes. */

import {
  type Attributes,
  attributesOf,
  type Band,
  bandOf,
  barStarts,
  DENSITY_BANDS,
  findKey,
  hasPitch,
  INSTRUMENTS,
  keyName,
  LOUDNESS_BANDS,
  type NoteSequence,
  type PieceSpec,
  PITCH_CLASS_NAMES,
  pitchedNotes,
  REGISTER_BANDS,
  scalePitchClasses,
  TEMPO_BANDS,
  ticksPerBar,
  ticksToSeconds,
} from "../music/music.ts";

const FOUR_FOUR = { numerator: 4, denominator: 4 };

/** A line of the table. */
export interface Delivered {
  /** For instance "key". */
  readonly what: string;
  /** "" where nothing was asked. */
  readonly asked: string;
  readonly delivered: string;
  /** Whether the one is the other; of what was not asked, true. */
  readonly met: boolean;
}

/** Numbers of a piece. */
export interface PieceMeasures {
  /** Pitched notes per quarter note. */
  readonly density: number;
  /** Mean MIDI pitch of the pitched notes, NaN without any. */
  readonly register: number;
  /** Mean velocity of all notes, NaN without any. */
  readonly loudness: number;
  readonly seconds: number;
  readonly bars: number;
}

/** Density, register, loudness and length of a piece. */
export function measurePiece(sequence: NoteSequence): PieceMeasures {
  const { notes, totalTicks, ticksPerQuarter } = sequence;
  const pitched = pitchedNotes(sequence);
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    density: pitched.length / Math.max(1, totalTicks / ticksPerQuarter),
    register: mean(pitched.map(({ pitch }) => pitch)),
    loudness: mean(notes.map(({ velocity }) => velocity)),
    seconds: ticksToSeconds(sequence, totalTicks),
    bars: barStarts(sequence).length,
  };
}

/**
 * Holds a piece against a request. The key is what a key finder hears, the
 * rest what the notes say; nothing is taken from how the piece was made.
 *
 * @param request What was asked, before anything was chosen for it.
 * @param sequence The finished piece.
 */
export function delivered(
  request: PieceSpec,
  sequence: NoteSequence,
): Delivered[] {
  const { density, register, loudness, seconds, bars } = measurePiece(sequence);
  const qpm = sequence.tempos[0]?.qpm ?? 120;
  const { Meter } = attributesOf(sequence);
  const row = (
    what: string,
    asked: string | undefined,
    delivered: string,
    met: boolean,
  ): Delivered => ({
    what,
    asked: asked ?? "",
    delivered,
    met: asked === undefined || met,
  });
  const banded = (
    what: string,
    asked: string | undefined,
    value: number,
    bands: readonly Band[],
    unit: string,
  ) => {
    const name = Number.isNaN(value) ? "none" : bandOf(bands, value);
    const number = Number.isNaN(value) ? "" : ` (${value.toFixed(1)} ${unit})`;
    return row(what, asked, name + number, name === asked);
  };
  return [
    keyRow(request, sequence, row),
    request.qpm === undefined
      ? banded("tempo", request.tempo, qpm, TEMPO_BANDS, "bpm")
      : row(
        "tempo",
        `${request.qpm} bpm`,
        `${Number(qpm.toFixed(1))} bpm`,
        Math.abs(qpm - request.qpm) < 0.01,
      ),
    row(
      "meter",
      request.meter,
      meterOf(sequence, Meter),
      meterOf(sequence, Meter) === request.meter,
    ),
    lengthRow(request, sequence, { seconds, bars }, row),
    instrumentRow(request, sequence, row),
    banded("density", request.density, density, DENSITY_BANDS, "notes a beat"),
    banded(
      "register",
      request.register,
      register,
      REGISTER_BANDS,
      "mean pitch",
    ),
    banded("loudness", request.loudness, loudness, LOUDNESS_BANDS, "velocity"),
  ];
}

type Row = (
  what: string,
  asked: string | undefined,
  delivered: string,
  met: boolean,
) => Delivered;

function keyRow({ key }: PieceSpec, sequence: NoteSequence, row: Row) {
  if (!hasPitch(sequence)) {
    return row("key", undefined, "none, drums alone", true);
  }
  const found = findKey(sequence);
  const mode = key?.mode && scalePitchClasses(0, key.mode).includes(3)
    ? "minor"
    : "major";
  const met = key !== undefined &&
    (key.tonic === undefined || key.tonic === found.tonic) &&
    (key.mode === undefined || mode === found.mode);
  const asked = key && [
    ...key.tonic === undefined ? [] : [PITCH_CLASS_NAMES[key.tonic]],
    ...key.mode === undefined
      ? []
      : [key.mode.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)],
  ].join(" ");
  return row("key", asked, keyName(found), met);
}

function lengthRow(
  { length, loop }: PieceSpec,
  { ticksPerQuarter, timeSignatures, totalTicks }: NoteSequence,
  { seconds, bars }: Pick<PieceMeasures, "seconds" | "bars">,
  row: Row,
) {
  const isWhole = totalTicks ===
    bars * ticksPerBar(timeSignatures[0] ?? FOUR_FOUR, ticksPerQuarter);
  const loops = loop ? ", loops" : "";
  const delivered = `${bars} bars, ${seconds.toFixed(1)} s${loops}`;
  const barSeconds = seconds / bars;
  if (length === undefined || "endless" in length) {
    // A file that is to be endless can only lead back to its beginning.
    const asked = length ? "endless" : loop ? "a loop" : undefined;
    return row("length", asked, delivered, isWhole);
  }
  return "bars" in length
    ? row(
      "length",
      `${length.bars} bars${loops}`,
      delivered,
      bars === length.bars && isWhole,
    )
    : row(
      "length",
      `${length.exact ? "exactly " : ""}${length.seconds} s${loops}`,
      delivered,
      (isWhole || !loop) && Math.abs(seconds - length.seconds) <=
          (length.exact && !loop ? 0.01 : barSeconds),
    );
}

function instrumentRow(
  { playing = [], silent = [] }: PieceSpec,
  sequence: NoteSequence,
  row: Row,
) {
  const { parts, notes } = sequence;
  const sounding = parts.filter((_, i) => notes.some(({ part }) => part === i));
  const plays = (name: typeof playing[number]) =>
    sounding.some(({ program, isDrum }) =>
      name === "drums"
        ? isDrum
        : !isDrum && INSTRUMENTS[name].programs.includes(program)
    );
  const isAsked = (part: typeof sounding[number]) =>
    playing.length === 0 ||
    playing.some((name) =>
      name === "drums"
        ? part.isDrum
        : !part.isDrum && INSTRUMENTS[name].programs.includes(part.program)
    );
  const asked = [
    ...playing,
    ...silent.map((name) => `no ${name}`),
  ].join(", ");
  // Keys carry the melody too, so it needs no instrument of its own.
  const met = playing.every((name) => name === "melody" || plays(name)) &&
    sounding.every(isAsked) &&
    !silent.some((name) => name !== "melody" && plays(name));
  return row(
    "instruments",
    asked || undefined,
    sounding.map(({ name }) => name).join(", "),
    met,
  );
}

function meterOf(
  { timeSignatures }: NoteSequence,
  otherwise: Attributes["Meter"],
): string {
  const first = timeSignatures[0];
  return first ? `${first.numerator}/${first.denominator}` : otherwise ?? "4/4";
}
