/**
 * Turns notes on a grid into a piece as it is played: names and mix of the parts,
 * human timing and touch, and where they are asked loudness, swing and an ending.
 * The notes stay what they were: rounded to the grid they are the same again.
 */

import {
  closeEnding,
  closeOnThird,
  closeOnTriad,
  cutOff,
  leadOn,
  ringToEnd,
} from "./ending.ts";
import { mix } from "./controls.ts";
import { putEvents, type TimedEvent } from "./events.ts";
import {
  type ArrangedSection,
  type Motion,
  type SectionSpan,
  setLevels,
  spansOf,
} from "./levels.ts";
import { holdNotes } from "./held.ts";
import { type Leader, leadOnTop } from "./on_top.ts";
import { dividePlayers } from "./players.ts";
import { playDrums } from "./drum_wish.ts";
import { addSoftDrums } from "./drums.ts";
import { drawContour } from "./contour.ts";
import { addMotion } from "./motion.ts";
import { swellSection } from "./swells.ts";
import { nameParts } from "./parts.ts";
import { humanize, swingTicks } from "./touch.ts";
import {
  type Attributes,
  DEFAULT_METER,
  DEFAULT_QPM,
  type DrumWish,
  type HeldNotes,
  type Key,
  keyFifths,
  type KeySignature,
  type NoteSequence,
  type PieceSpec,
  type Players,
  programName,
  rescaleSequence,
  sortNotes,
} from "../music/music.ts";
import { Random } from "../base/base.ts";

/** How to play a piece. */
export interface ArrangementOptions {
  /** Key of the piece, for the key signature and the ending. */
  readonly key: Key;
  /** Its sections, in place of `key` and `loudness`. @default it is one */
  readonly sections?: readonly ArrangedSection[] | undefined;
  /** By program: what its part is called. @default by its role */
  readonly partNames?: ReadonlyMap<number, string> | undefined;
  /** What happens in it at one time. @default nothing */
  readonly events?: readonly TimedEvent[] | undefined;
  /** Class of the mean velocity. @default that of the notes */
  readonly loudness?: Attributes["Loudness"] | undefined;
  /** How much is to move in it, where it is not in sections. @default as much as does */
  readonly motion?: Motion | undefined;
  /**
   * Where the off-beat eighth falls within its beat: 0.5 is straight, 0.67 a triplet.
   * @default 0.5
   */
  readonly swing?: number | undefined;
  /** Who lies above the others. @default nobody is moved */
  readonly leaders?: readonly Leader[] | undefined;
  /** Instruments of which several play. @default one of each */
  readonly players?: readonly Players[] | undefined;
  /** What one part holds throughout. @default nothing */
  readonly held?: HeldNotes | undefined;
  /** How its drums play. @default as they do */
  readonly drums?: DrumWish | undefined;
  /**
   * Whether to add soft drums by rule, for a model that generates none.
   * @default false
   */
  readonly addsDrums?: boolean;
  /**
   * Whether the last bar is to close on the tonic, where it does not by itself.
   * @default false
   */
  readonly closes?: boolean;
  /**
   * How it then closes.
   * @default on the tonic, in the key's own mode
   */
  readonly close?: PieceSpec["close"];
  /**
   * Whether its last chord is then to have the third of the key.
   * @default false
   */
  readonly closesOnThird?: boolean;
  /** Whether its last notes are short. @default false */
  readonly cutsOff?: boolean;
  /** Whether its end leads back into its beginning. @default false */
  readonly loops?: boolean;
  /** Seed of timing and touch. @default 1 */
  readonly randomSeed?: number;
}

/** Resolution of every arranged piece. */
export const TICKS_PER_QUARTER = 480;

/**
 * Arranges a piece.
 *
 * @param sequence Notes and pedals on the grid, in one meter and tempo.
 * @returns The piece at 480 ticks per quarter note, as long as before. No note lasts
 * beyond its end.
 * @throws {RangeError} If `swing` is not from 0.5 to 0.75.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { arrange } from "immersic/arrangement/arrangement.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const { parts, keySignatures } = arrange({
 *   ...emptySequence(12),
 *   parts: [{ name: "", program: 33, isDrum: false }],
 *   notes: [{ pitch: 38, velocity: 70, startTicks: 0, endTicks: 12, part: 0 }],
 *   totalTicks: 48,
 * }, { key: { tonic: 2, mode: "minor" } });
 * assert.equal(parts[0]?.name, "Bass");
 * assert.deepEqual(keySignatures, [{ ticks: 0, fifths: -1, mode: "minor" }]);
 * ```
 */
export function arrange(
  sequence: NoteSequence,
  options: ArrangementOptions,
): NoteSequence {
  const { key, loudness, swing = 0.5, closes = false, close } = options;
  if (!(swing >= 0.5 && swing <= 0.75)) {
    throw new RangeError(
      `Cannot arrange a piece: swing must be from 0.5 to 0.75, current value is ${swing}.`,
    );
  }
  const random = new Random(options.randomSeed ?? 1);
  let piece = rescaleSequence(sequence, TICKS_PER_QUARTER);
  const sections = spansOf(
    options.sections ??
      [{ startTicks: 0, key, loudness, motion: options.motion }],
    TICKS_PER_QUARTER / sequence.ticksPerQuarter,
    piece.totalTicks,
  );
  const scale = TICKS_PER_QUARTER / sequence.ticksPerQuarter;
  for (const { program, span } of options.leaders ?? []) {
    piece = leadOnTop(piece, {
      program,
      ...span && { span: [span[0] * scale, span[1] * scale] },
    });
  }
  for (const section of sections) {
    const { contour, motion } = section;
    if (contour) piece = drawContour(piece, section, contour);
    if (motion) piece = addMotion(piece, section, motion);
  }
  const last = sections.at(-1)?.key ?? key;
  if (closes) {
    piece = close === "open"
      ? closeOnTriad(piece, (last.tonic + 7) % 12)
      : close === "major tonic"
      ? closeOnTriad(piece, last.tonic)
      : closeEnding(piece, last);
  }
  if (closes && !close && options.closesOnThird) {
    piece = closeOnThird(piece, last);
  }
  if (closes && !options.cutsOff) piece = ringToEnd(piece);
  if (options.held) piece = holdNotes(piece, options.held, key);
  if (options.cutsOff) piece = cutOff(piece);
  if (options.loops) piece = leadOn(piece);
  for (const players of options.players ?? []) {
    piece = dividePlayers(piece, players, sections);
  }
  if (options.addsDrums) piece = addSoftDrums(piece, random);
  if (options.drums) piece = playDrums(piece, options.drums);
  piece = setLevels(piece, sections);
  piece = swingTicks(piece, swing);
  piece = humanize(piece, random);
  piece = nameParts(piece, namesOf(options));
  const controls = [...mix(piece), ...piece.controls]
    .sort((a, b) => a.ticks - b.ticks || a.part - b.part);
  const markers = sections.flatMap(({ startTicks, name }) =>
    name === undefined ? [] : [{ ticks: startTicks, text: name }]
  );
  const played: NoteSequence = {
    ...piece,
    notes: sortNotes(piece.notes),
    tempos: piece.tempos.length > 0
      ? piece.tempos
      : [{ ticks: 0, qpm: DEFAULT_QPM }],
    timeSignatures: piece.timeSignatures.length > 0
      ? piece.timeSignatures
      : [{ ticks: 0, ...DEFAULT_METER }],
    keySignatures: keySignatures(sections),
    controls,
    ...markers.length > 0 && { markers },
  };
  const swelling = sections.reduce(swellSection, played);
  return putEvents(swelling, options.events ?? []);
}

/** What parts are called, those of the members of a group too. */
function namesOf(
  { partNames = new Map(), players = [] }: ArrangementOptions,
): ReadonlyMap<number, string> {
  const members = players.flatMap(({ programs }) => programs);
  return new Map([
    ...members.map((program) => [program, programName(program)] as const),
    ...partNames,
  ]);
}

/** The key signature of each section, where it differs from the one before. */
function keySignatures(sections: readonly SectionSpan[]): KeySignature[] {
  return sections.map(({ startTicks, key }) => ({
    ticks: startTicks,
    fifths: keyFifths(key),
    mode: key.mode,
  })).filter(({ fifths, mode }, i, all) =>
    fifths !== all[i - 1]?.fifths || mode !== all[i - 1]?.mode
  );
}
