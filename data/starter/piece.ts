/**
 * Composes one piece of the starter corpus after its plan: chooses its material at
 * random, arranges it in sections, and rejects the draft if it misses the plan or
 * does not sound well.
 */

import type { NoteSequence } from "../../lib/music/music.ts";
import { Random } from "../../lib/base/base.ts";
import {
  pitchNear,
  playBass,
  playDrums,
  playKeys,
  playPad,
  untangled,
} from "./accompaniment.ts";
import { faultsOf } from "./critique.ts";
import {
  type Chord,
  chordsOf,
  clashesByPitch,
  mean,
  overDrone,
  plainly,
  voiceChord,
} from "./harmony.ts";
import { type MelodyBar, phrase, sing } from "./melody.ts";
import { perform, type Programs } from "./performance.ts";
import { formOf, type Plan, type Section, stepsPerBar } from "./plan.ts";
import { drawStyle, HAND_SPAN, raised, type Style, triadOf } from "./style.ts";
import type { Bar, ScoreNote, VoicedSpan } from "./score.ts";

/** Drafts of a committed piece, at most. */
const MOST_DRAFTS = 400;

/** No draft of a piece is good enough. */
export class DraftError extends Error {
  override readonly name = "DraftError";
}

/**
 * Composes a piece.
 *
 * @param mostDrafts After so many drafts it gives up.
 * @returns The first draft without faults; the same one every time.
 * @throws {DraftError} If no draft is good enough.
 */
export function composePiece(
  plan: Plan,
  mostDrafts: number = MOST_DRAFTS,
): NoteSequence {
  let faults: string[] = [];
  for (let number = 0; number < mostDrafts; number++) {
    const seed = 1000 * plan.number + number;
    const style = drawStyle(plan, new Random(seed));
    const draft = writeInRegister(plan, style, seed);
    faults = faultsOf(plan, draft.score, draft.spans);
    if (faults.length > 0) continue;
    const pedals = style.pedal
      ? draft.spans.map(({ start, steps }) => ({ start, end: start + steps }))
      : [];
    const random = new Random(seed);
    return perform(plan, draft.score, style.programs, pedals, random);
  }
  throw new DraftError(
    `Cannot compose piece ${plan.number}: none of ${mostDrafts} drafts is good enough, the last one has ${
      faults.join(", ")
    }. Does its plan ask for things that exclude each other?`,
  );
}

/** Writes a draft, and writes it again transposed if its mean pitch is off. */
function writeInRegister(plan: Plan, style: Style, seed: number): Draft {
  const draft = write(plan, style, new Random(seed));
  const upper = draft.score.filter(({ role }) =>
    role !== "drums" && role !== "bass"
  );
  const pitched = draft.score.filter(({ role }) => role !== "drums");
  const off = style.meanPitch - mean(pitched.map(({ pitch }) => pitch));
  const semitones = Math.round(
    off * pitched.length / Math.max(upper.length, 1),
  );
  if (semitones === 0) return draft;
  return write(plan, raised(style, semitones), new Random(seed));
}

/** The notes of a piece, and the chords under them. */
interface Draft {
  readonly score: ScoreNote[];
  readonly spans: VoicedSpan[];
}

function write(plan: Plan, style: Style, random: Random): Draft {
  const { programs } = style;
  const barSteps = stepsPerBar(plan.meter);
  // A piece too short for all its slow chords leaves out the middle slots.
  const isVamp = style.slotBars === 2 && plan.bars % 8 !== 0;
  const sectionBars = isVamp ? 4 : 4 * style.slotBars;
  const sections = formOf(plan.bars / sectionBars, random);
  const chords = harmonize(plan, style, sections, isVamp, random);
  const sectionSteps = sectionBars * barSteps;
  const spans = voiceSpans(
    chords.map((slots, i) => layOut(slots, i * sectionSteps, plan, style)),
    sections,
    style,
  );
  const bars = Array.from({ length: plan.bars }, (_, i): Bar => ({
    start: i * barSteps,
    steps: barSteps,
    spans: spans.filter((span) =>
      span.start < (i + 1) * barSteps && span.start + span.steps > i * barSteps
    ),
  }));
  const score = programs.pad === undefined
    ? []
    : playPad(spans, barSteps, style.padTies);
  sections.forEach((section, i) => {
    const last = (i + 1) * sectionBars - 1;
    for (let bar = last - sectionBars + 1; bar <= last; bar++) {
      const isFill = bar === last && sections[i + 1]?.place === "body";
      score.push(...playBar(bars, bar, section, style, isFill));
    }
  });
  if (style.melody) {
    score.push(
      ...playMelody(plan, style, sections, sectionBars, spans, random),
    );
  }
  return { score: untangled(score), spans };
}

/** The slots of each section. */
function harmonize(
  { tonic, mode }: Plan,
  { main, contrast, cadence, drone }: Style,
  sections: readonly Section[],
  isVamp: boolean,
  random: Random,
): Chord[][][] {
  const read = (progression: string, random?: Random) =>
    chordsOf(progression, tonic, mode, random).map((slot) =>
      drone ? slot.map((chord) => overDrone(chord, tonic)) : slot
    );
  const slots = { A: read(main, random), B: read(contrast, random) };
  const end = read(cadence);
  return sections.map(({ letter, isLast }) => {
    const four = slots[letter];
    if (isVamp) {
      return isLast ? end : [...four.slice(0, 1), ...four.slice(3, 4)];
    }
    return [...four.slice(0, 2), ...(isLast ? end : four.slice(2, 4))];
  });
}

/** The melody of all sections, and the keys' answers to it. */
function playMelody(
  plan: Plan,
  style: Style,
  sections: readonly Section[],
  sectionBars: number,
  spans: readonly VoicedSpan[],
  random: Random,
): ScoreNote[] {
  const barSteps = stepsPerBar(plan.meter);
  const ground = spans.map((span) => ({
    ...span,
    clashes: clashesByPitch(sounding(span, style.programs)),
  }));
  const phrases = new Map<string, MelodyBar[]>();
  return sections.flatMap((section, i) => {
    const { letter, variation, isLast, place } = section;
    if (place === "intro") return [];
    const key = `${letter}${variation % 3}${isLast}`;
    const lines = phrases.get(key) ??
      phrase(style.motifs, letter, variation, sectionBars, isLast, random);
    phrases.set(key, lines);
    const notes = sing(
      place === "coda" ? lines.map(thinned) : lines,
      i * sectionBars * barSteps,
      plan.meter,
      ground,
      style.registers.melody,
      isLast ? triadOf(plan) : [],
    );
    const peak = Math.max(...notes.map(({ pitch }) => pitch));
    return notes.map((note): ScoreNote => {
      const bar = Math.floor(note.start / barSteps) % 4;
      const isAnswer = style.answers && !isLast && bar % 2 === 1;
      const swell = levelOf(section) + (note.pitch === peak ? 1 : 0);
      return {
        ...note,
        pitch: isAnswer ? note.pitch - 12 : note.pitch,
        role: "melody" in style.programs && !isAnswer ? "melody" : "keys",
        level: (isAnswer ? 0 : 1) + swell,
      };
    });
  });
}

/** A coda recalls the melody: its first bar, then long notes. */
function thinned(bar: MelodyBar, i: number): MelodyBar {
  const { rhythm, contour } = bar.cell;
  if (i % 2 === 0) return bar;
  const first = rhythm.indexOf("x");
  const held = rhythm.slice(0, first + 1).padEnd(rhythm.length, ".");
  return { ...bar, cell: { rhythm: held, contour: contour.slice(0, 1) } };
}

function levelOf({ letter, place }: Section): number {
  return place === "body" ? (letter === "B" ? 1 : 0) : -1;
}

interface ChordSpan {
  readonly chord: Chord;
  readonly start: number;
  readonly steps: number;
}

/** Chords in sequence; where two share a slot, the second begins on a strong beat. */
function layOut(
  slots: readonly (readonly Chord[])[],
  start: number,
  { meter }: Plan,
  { slotBars }: Style,
): ChordSpan[] {
  const slotSteps = slotBars * stepsPerBar(meter);
  // Half of a bar of three beats lies on no beat.
  const split = meter === "3/4" && slotBars === 1
    ? slotSteps * 2 / 3
    : slotSteps / 2;
  return slots.flatMap((chords, i): ChordSpan[] => {
    const first = chords[0]!, second = chords[1];
    const at = start + i * slotSteps;
    return second === undefined
      ? [{ chord: first, start: at, steps: slotSteps }]
      : [
        { chord: first, start: at, steps: split },
        { chord: second, start: at + split, steps: slotSteps - split },
      ];
  });
}

function voiceSpans(
  sectionSpans: readonly (readonly ChordSpan[])[],
  sections: readonly Section[],
  style: Style,
): VoicedSpan[] {
  const { registers, programs, voices, padVoices } = style;
  const voiced = new Map<string, VoicedSpan[]>();
  return sectionSpans.flatMap((spans, i) => {
    // A section that returns has the same voicings.
    const { letter, isLast } = sections[i]!;
    const key = `${letter}${isLast}`;
    const known = voiced.get(key);
    if (known) {
      return known.map((span, j) => ({ ...span, start: spans[j]!.start }));
    }
    let previous: VoicedSpan | undefined;
    const result = spans.map((span): VoicedSpan => {
      const bass = pitchNear(
        span.chord.bass,
        previous?.bass ?? registers.bass + 7,
        registers.bass,
      );
      const keys = voiceChord(span.chord, {
        voices,
        low: registers.keys,
        high: registers.keys + HAND_SPAN,
        previous: previous?.keys,
        against: programs.bass === undefined ? [] : [bass],
      });
      const isSupport = programs.keys !== undefined;
      const pad = voiceChord(isSupport ? plainly(span.chord) : span.chord, {
        voices: padVoices,
        low: registers.pad,
        high: registers.pad + HAND_SPAN,
        previous: previous?.pad,
        against: isSupport ? [bass, ...keys] : [bass],
        needsBass: !isSupport && programs.bass === undefined,
      });
      const leftHand =
        programs.bass !== undefined || programs.keys === undefined
          ? keys[0]!
          : pitchNear(
            span.chord.bass,
            previous?.leftHand ?? registers.leftHand + 6,
            registers.leftHand,
          );
      return previous = { ...span, keys, pad, bass, leftHand };
    });
    voiced.set(key, result);
    return result;
  });
}

function sounding(span: VoicedSpan, programs: Programs): number[] {
  return [
    ...(programs.keys === undefined ? [] : [...span.keys, span.leftHand]),
    ...(programs.pad === undefined ? [] : span.pad),
    ...(programs.bass === undefined ? [] : [span.bass]),
  ];
}

/** Holds the first note of each chord for as long as the chord lasts. */
function heldOver(line: readonly ScoreNote[], bar: Bar): ScoreNote[] {
  return line.flatMap((note) => {
    const span = bar.spans.find(({ start }) => start === note.start);
    return span ? [{ ...note, length: span.steps }] : [];
  });
}

const LAST_CHORD = { figure: "L*", isRolled: true, isHeld: false, ring: 1 };

/**
 * Keys, bass and drums of one bar.
 *
 * @param isFill Whether the bar leads into a new section.
 */
function playBar(
  bars: readonly Bar[],
  index: number,
  section: Section,
  style: Style,
  isFill: boolean,
): ScoreNote[] {
  const { programs } = style;
  const bar = bars[index]!;
  const isEnd = index === bars.length - 1;
  const level = levelOf(section) - (isEnd ? 1 : 0);
  const notes: ScoreNote[] = [];
  if (programs.keys !== undefined) {
    const manner = isEnd ? LAST_CHORD : style.keys[section.letter];
    notes.push(...playKeys(bar, manner));
  }
  if (programs.bass !== undefined) {
    const figure = isEnd || section.place === "intro"
      ? "R......."
      : style.bass[section.letter];
    const next = bars[index + 1]?.spans[0];
    const line = playBass(bar, figure, next);
    notes.push(
      ...(style.bassHeld && !isEnd ? heldOver(line, bar) : line),
    );
  }
  if (programs.drums !== undefined && section.place === "body") {
    const drums = playDrums(bar, style.groove, style.kit, isFill);
    // The last chord rings over a single soft stroke.
    notes.push(...(isEnd ? drums.filter((n) => n.start === bar.start) : drums));
  }
  return notes.map((note) => ({ ...note, level: note.level + level }));
}
