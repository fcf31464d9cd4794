/** Has a model hear a passage: its tokens, and what they make of a piece. */

import type { Checkpoint } from "../model/model.ts";
import {
  BarLines,
  hasPitch,
  type Key,
  meanPitch,
  type Meter,
  meterName,
  noteDensity,
  type NoteSequence,
  parseMeter,
  type PieceSpec,
  singleVoices,
  sliceSequence,
} from "../music/music.ts";
import { RemiAlphabet } from "../tokens/remi/remi.ts";
import { fitToModel, type HeardMusic } from "./fitting.ts";
import { type HeardMeter, heardMeter } from "./heard_meter.ts";
import { type LastBars, mainQpm } from "./passage.ts";
import { tellHearing } from "./told.ts";

/** A model reads the last bars of a passage, up to so many tokens. */
const MAX_TOKENS = 2048;
/** New notes of a program go so many semitones beyond those of the passage. */
const RANGE_MARGIN = 5;
/** New bars may be so many times as dense as the passage. */
const DENSITY_MARGIN = 1.4;
/** The mean pitch of new bars stays so near to that of the passage. */
const REGISTER_MARGIN = 5;
/** Last bars of a passage, whose character counts as much as that of the whole. */
const LAST_BARS = 8;

/** A user's music, which is written as it was, and how the model hears it. */
export interface Passage {
  /** The music. */
  readonly music: NoteSequence;
  /** The bar line at which it ends. */
  readonly endTicks: number;
  /** The meter of bars that follow. */
  readonly meter: Meter;
  /** The meter that the model hears. */
  readonly heardMeter: HeardMeter;
  /** What the model hears. */
  readonly heard: HeardMusic;
}

/** Music to go on from, or to vary. */
export interface Seed {
  /** Its tokens; of REMI, the attributes first. None where no note is heard. */
  readonly tokens: readonly string[];
  /** By token that the model does not know: the one in its place. */
  readonly replaced: ReadonlyMap<string, string>;
  /** Its length in bars; of chords 0. */
  readonly bars: number;
  /** Bars of the tokens, in the model's meter. */
  readonly heardBars: number;
  /**
   * Of REMI, what a piece is to take over: the key of the whole file, the exact
   * tempo, the model's meter; as `constraints` the programs and kits of the
   * tokens, and the programs' ranges; density and register as targets.
   */
  readonly spec?: PieceSpec;
  /** Sentences on what the model hears in place of what it does not know. */
  readonly notes: readonly string[];
  /** A file's own music, which stays as it is; of a training piece undefined. */
  readonly passage?: Passage;
}

/** How a seed is to be heard, in place of its own meter and tempo. */
export interface AskedHearing {
  /** Such as "3/4". @default its own */
  readonly meter?: string | undefined;
  /** Quarter notes per minute. @default its own */
  readonly qpm?: number | undefined;
}

/** Has a model hear a passage, to go on from it or to vary it. */
export function hear(
  checkpoint: Checkpoint,
  { music, endTicks, bars }: LastBars,
  { own, key, goesOn, meter, qpm: askedQpm }: AskedHearing & {
    readonly own: Meter;
    readonly key: Key | undefined;
    readonly goesOn: boolean;
  },
): Seed {
  const alphabet = RemiAlphabet.of(checkpoint.vocabulary);
  const wanted = meter === undefined ? own : parseMeter(meter);
  const inMeter = heardMeter(wanted, alphabet.valuesOf("TimeSignature"));
  const qpm = askedQpm ?? mainQpm(music, endTicks);
  const heard = fitToModel(checkpoint, music, {
    meter: inMeter.name,
    qpm,
    endTicks,
  });
  const replaced = new Map(heard.replaced);
  if (!alphabet.find("TimeSignature", meterName(wanted))) {
    replaced.set(
      `TimeSignature_${meterName(wanted)}`,
      `TimeSignature_${inMeter.name}`,
    );
  }
  const read = goesOn ? lastTokens(heard.bars) : heard.bars;
  return {
    tokens: read.length === 0 ? [] : [
      ...goesOn ? openEnded(heard.head) : heard.head,
      ...read.flat(),
      ...goesOn ? [] : ["End"],
    ],
    replaced,
    bars,
    heardBars: read.length,
    spec: {
      ...key && { key },
      qpm,
      meter: inMeter.name,
      constraints: constraintsOf(heard, goesOn),
      targets: targetsOf(heard.music),
    },
    notes: tellHearing(music, heard, { own: wanted, inMeter, qpm, goesOn }),
    passage: {
      music,
      endTicks,
      meter: inMeter.fits ? wanted : parseMeter(inMeter.name),
      heardMeter: inMeter,
      heard,
    },
  };
}

/** The last bars that the model reads, with their meter and tempo. */
function lastTokens(
  bars: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  let first = bars.length, tokens = 0;
  while (first > 0) {
    tokens += bars[first - 1]!.length;
    if (tokens > MAX_TOKENS && first < bars.length) break;
    first--;
  }
  const [opening, ...others] = bars.slice(first);
  if (first === 0 || opening === undefined) return bars;
  const header = bars[0]!.slice(1, 3);
  return [["Bar", ...header, ...opening.slice(1)], ...others];
}

/** Instruments of the music, and to go on the ranges of its programs. */
function constraintsOf({ music }: HeardMusic, goesOn: boolean) {
  const ranges: Record<number, [number, number]> = {};
  for (const { pitch, part } of goesOn ? music.notes : []) {
    const { program, isDrum } = music.parts[part]!;
    if (isDrum) continue;
    const range = ranges[program] ??= [127, 0];
    range[0] = Math.min(range[0], pitch - RANGE_MARGIN);
    range[1] = Math.max(range[1], pitch + RANGE_MARGIN);
  }
  return { ...instrumentsOf(music), ranges };
}

/** Density and register, between those of the whole and of its last bars; voices. */
function targetsOf(music: NoteSequence): PieceSpec["targets"] & object {
  if (!hasPitch(music)) return {};
  const lines = BarLines.of(music);
  const from = lines.startOf(Math.max(0, lines.count - LAST_BARS));
  const end = sliceSequence(music, from, music.totalTicks);
  const last = hasPitch(end) ? end : music;
  const density = Math.sqrt(noteDensity(music) * noteDensity(last));
  const register = (meanPitch(music) + meanPitch(last)) / 2;
  return {
    density: [density, DENSITY_MARGIN * density],
    register: [register - REGISTER_MARGIN, register + REGISTER_MARGIN],
    monophonic: singleVoices(music),
  };
}

/** Tokens of a piece whose length is open. */
export function openEnded(tokens: readonly string[]): string[] {
  return tokens.map((token) =>
    token.startsWith("LengthBars_") ? "LengthBars_any" : token
  );
}

/** The programs and kits that play. */
export function instrumentsOf(
  { parts, notes }: NoteSequence,
): { programs: number[]; kits: number[] } {
  const sounding = [...new Set(notes.map(({ part }) => part))]
    .map((part) => parts[part]!);
  const playing = (drums: boolean) =>
    [
      ...new Set(
        sounding.filter(({ isDrum }) => isDrum === drums)
          .map(({ program }) => program),
      ),
    ].sort((a, b) => a - b);
  return { programs: playing(false), kits: playing(true) };
}
