/** Compares a finished piece, measured on its notes, with what was asked. */

import {
  type Band,
  bandOf,
  BarLines,
  type ChordProgression,
  chordsHeard,
  DENSITY_BANDS,
  firstStatedMeter,
  firstStatedQpm,
  hasPitch,
  type InstrumentName,
  INSTRUMENTS,
  type Key,
  keyName,
  keysHeard,
  LOUDNESS_BANDS,
  majorOrMinor,
  meanPitch,
  meanVelocity,
  meterName,
  noteDensity,
  type NoteSequence,
  type Part,
  type PieceSpec,
  PITCH_CLASS_NAMES,
  REGISTER_BANDS,
  sliceSequence,
  TEMPO_BANDS,
  ticksToSeconds,
} from "../music/music.ts";
import { closeRow } from "./delivered_close.ts";
import { drumsRow } from "./delivered_drums.ts";
import { heldRow, partRows, playersRow } from "./delivered_parts.ts";
import type { Delivered } from "./delivered_row.ts";
import { modeName } from "../prompt/prompt.ts";

export type { Delivered } from "./delivered_row.ts";

/** Measures of a piece. */
export interface PieceMeasures {
  /** Pitched notes per quarter note. */
  readonly density: number;
  /** Mean MIDI pitch of the pitched notes, NaN without any. */
  readonly register: number;
  /** Mean velocity of all notes, NaN without any. */
  readonly loudness: number;
  /** Its length. */
  readonly seconds: number;
  /** Its length. */
  readonly bars: number;
}

/** Density, register, loudness and length of a piece. */
export function measurePiece(sequence: NoteSequence): PieceMeasures {
  return {
    density: noteDensity(sequence),
    register: meanPitch(sequence),
    loudness: meanVelocity(sequence),
    seconds: ticksToSeconds(sequence, sequence.totalTicks),
    bars: BarLines.of(sequence).count,
  };
}

/**
 * Compares a piece with a request. The key is what a key finder hears, the rest is
 * read from the notes; nothing is taken from how the piece was made.
 *
 * @param request What the user asked, and nothing that was chosen for it.
 * @param whole The finished piece.
 * @param fromTicks Where the new bars begin; all but the length is read from them.
 */
export function delivered(
  request: PieceSpec,
  whole: NoteSequence,
  fromTicks: number = 0,
): Delivered[] {
  const sequence = fromTicks === 0
    ? whole
    : sliceSequence(whole, fromTicks, whole.totalTicks);
  const { density, register, loudness } = measurePiece(sequence);
  const qpm = firstStatedQpm(sequence);
  const meter = meterName(firstStatedMeter(sequence));
  return [
    keyRow(request, sequence),
    request.qpm === undefined
      ? classRow("tempo", request.tempo, qpm, TEMPO)
      : row(
        "tempo",
        `${request.qpm} bpm`,
        `${Number(qpm.toFixed(1))} bpm`,
        Math.abs(qpm - request.qpm) < 0.01,
      ),
    row("meter", request.meter, meter, meter === request.meter),
    ...request.chords ? [chordsRow(request.chords, sequence)] : [],
    ...(request.partWishes ?? []).flatMap((wish) => partRows(wish, sequence)),
    ...(request.players ?? []).map((one) => playersRow(one, sequence)),
    ...request.held ? [heldRow(request.held, sequence)] : [],
    ...request.close ? [closeRow(request.close, sequence)] : [],
    ...request.drums ? [drumsRow(request.drums, sequence)] : [],
    lengthRow(request, whole),
    instrumentRow(request, sequence),
    classRow("density", request.density, density, DENSITY),
    classRow("register", request.register, register, REGISTER),
    classRow("loudness", request.loudness, loudness, LOUDNESS),
  ];
}

/** Names of the classes of a quantity, and its unit. */
interface Scale {
  readonly bands: readonly Band[];
  readonly unit: string;
}

/** Share of the chords that are to be heard. */
const CHORDS_HEARD = 0.9;
const TEMPO: Scale = { bands: TEMPO_BANDS, unit: "bpm" };
const DENSITY: Scale = { bands: DENSITY_BANDS, unit: "notes a beat" };
const REGISTER: Scale = { bands: REGISTER_BANDS, unit: "mean pitch" };
const LOUDNESS: Scale = { bands: LOUDNESS_BANDS, unit: "velocity" };

/** A row; `met` counts only where something was asked. */
function row(
  what: string,
  asked: string | undefined,
  delivered: string,
  met: boolean,
): Delivered {
  return {
    what,
    asked: asked ?? "",
    delivered,
    met: asked === undefined || met,
  };
}

/** The row of a quantity of which a class is asked; NaN is none. */
function classRow(
  what: string,
  asked: string | undefined,
  value: number,
  { bands, unit }: Scale,
): Delivered {
  const name = Number.isNaN(value) ? "none" : bandOf(bands, value);
  const number = Number.isNaN(value) ? "" : ` (${value.toFixed(1)} ${unit})`;
  return row(what, asked, name + number, name === asked);
}

function keyRow({ key, chords }: PieceSpec, sequence: NoteSequence): Delivered {
  if (!hasPitch(sequence)) {
    return row("key", undefined, "none, drums alone", true);
  }
  const heard = keysHeard(sequence);
  const isAsked = ({ tonic, mode }: Key) =>
    (key?.tonic === undefined || key.tonic === tonic) &&
    (key?.mode === undefined || majorOrMinor(key.mode) === mode);
  // The finders know the two modes of keys; of others one of them is to hear the
  // nearer.
  const isKey = key?.mode === undefined || key.mode === majorOrMinor(key.mode);
  // Chords that are asked for decide what the finders hear, who may then differ.
  const met = !isKey
    ? isAsked(heard[0]!)
    : chords
    ? heard.some(isAsked)
    : heard.every(isAsked);
  const asked = key && [
    ...key.tonic === undefined ? [] : [PITCH_CLASS_NAMES[key.tonic]],
    ...key.mode === undefined ? [] : [modeName(key.mode)],
  ].join(" ");
  const names = new Set(heard.map(keyName));
  return row("key", asked, [...names].join(" or "), met);
}

function chordsRow(
  progression: ChordProgression,
  sequence: NoteSequence,
): Delivered {
  const asked = progression.chords.map(({ symbol }) => symbol).join(" ");
  if (!hasPitch(sequence)) {
    return row("chords", asked, "none, drums alone", false);
  }
  const spans = chordsHeard(sequence, progression);
  const heard = spans.filter(({ isHeard }) => isHeard).length;
  const made = row(
    "chords",
    asked,
    `${heard} of ${spans.length} heard`,
    heard >= CHORDS_HEARD * spans.length,
  );
  return made.met ? made : { ...made, missing: 1 - heard / spans.length };
}

function lengthRow(
  { length, loop }: PieceSpec,
  sequence: NoteSequence,
): Delivered {
  const { seconds, bars } = measurePiece(sequence);
  const { totalTicks } = sequence;
  const isWhole = totalTicks === BarLines.of(sequence).startOf(bars);
  const loops = loop ? ", loops" : "";
  const delivered = `${bars} bars, ${seconds.toFixed(1)} s${loops}`;
  const barSeconds = seconds / bars;
  if (length === undefined || "endless" in length) {
    // No file is endless; one that was to be leads back to its beginning.
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
): Delivered {
  const { parts, notes } = sequence;
  const played = new Set(notes.map(({ part }) => part));
  const sounding = parts.filter((_, i) => played.has(i));
  const plays = (name: InstrumentName) =>
    sounding.some((part) => isPlayedBy(name, part));
  const isAsked = (part: Part) =>
    playing.length === 0 || playing.some((name) => isPlayedBy(name, part));
  const asked = [
    ...playing,
    ...silent.map((name) => `no ${name}`),
  ].join(", ");
  // Keys can carry the melody too, so it needs no instrument of its own.
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

/** Whether a part is an instrument, or one that can take a role. */
function isPlayedBy(name: InstrumentName, { program, isDrum }: Part): boolean {
  return name === "drums"
    ? isDrum
    : !isDrum && INSTRUMENTS[name].programs.includes(program);
}
