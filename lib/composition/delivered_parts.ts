/** Compares how single parts play with what was asked of them. */

import {
  BarLines,
  beatQuarters,
  familyOfProgram,
  firstStatedMeter,
  type HeldNotes,
  type Note,
  type NoteSequence,
  type PartWish,
  PITCH_CLASS_NAMES,
  pitchName,
  type Players,
  programName,
} from "../music/music.ts";
import { partOf, shareOnTop } from "../arrangement/arrangement.ts";
import type { Delivered } from "./delivered_row.ts";

/** How far a played note may be off its beat, in quarter notes. */
const OFF = 1 / 12;
/** How long two notes of a part that plays one at a time may overlap. */
const OVERLAP = 1 / 8;
/** Share of the beats on which a part walks, and of the notes that are as asked. */
const WALKS = 0.8, AS_ASKED = 0.9;
/** Share of its time in which who leads is on top. */
const ON_TOP = 0.5;
/** Semitones from note to note of a broken chord, and their share of its moves. */
const THIRD = 3, BROKEN = 0.5;

/** What is asked, the share of what is so, and the least that it should be. */
type Share = [asked: string, share: number, least: number];

/** Share of the time in which what is held is to sound. */
const HELD = 0.9;

/** The row of what was asked to sound throughout. */
export function heldRow(
  { pitchClasses }: HeldNotes,
  { notes, parts, totalTicks, keySignatures }: NoteSequence,
): Delivered {
  const { fifths = 0, mode = "major" } = keySignatures[0] ?? {};
  const tonic = (7 * fifths + (mode === "minor" ? 9 : 0) + 84) % 12;
  const shares = (pitchClasses ?? [tonic]).map((pitchClass) => {
    let sounding = 0, upTo = 0;
    for (const { pitch, startTicks, endTicks, part } of notes) {
      if (parts[part]!.isDrum || pitch % 12 !== pitchClass) continue;
      sounding += Math.max(0, endTicks - Math.max(startTicks, upTo));
      upTo = Math.max(upTo, endTicks);
    }
    return sounding / Math.max(1, totalTicks);
  });
  const least = Math.min(...shares);
  const names = (pitchClasses ?? [tonic]).map((one) => PITCH_CLASS_NAMES[one]);
  return {
    what: "what is held",
    asked: names.join(" "),
    delivered: `sounds ${Math.round(100 * least)} % of the time`,
    met: least >= HELD,
  };
}

/** The row of how many play an instrument. */
export function playersRow(
  { program, programs }: Players,
  { parts, notes }: NoteSequence,
): Delivered {
  const family = familyOfProgram(program);
  const found = parts.filter((part, i) =>
    !part.isDrum && notes.some((note) => note.part === i) &&
    (part.program === program || programs.includes(part.program) ||
      familyOfProgram(part.program) === family)
  );
  return {
    what: `how many play ${programName(program)}`,
    asked: `${programs.length}`,
    delivered: `${found.length}`,
    met: found.length >= programs.length,
  };
}

/** Rows of the parts that were asked to play in some way. */
export function partRows(wish: PartWish, sequence: NoteSequence): Delivered[] {
  if (wish.program !== undefined) return [partRow(wish, sequence)];
  const programs = sequence.parts.filter(({ isDrum }) => !isDrum)
    .map(({ program }) => program);
  return [...new Set(programs)].map((program) =>
    partRow({ ...wish, program }, sequence)
  );
}

/** A row for a part that was asked to play in some way. */
export function partRow(wish: PartWish, sequence: NoteSequence): Delivered {
  const { positions, isMonophonic } = wish;
  const walks = positions === "beats" && isMonophonic === true;
  const { notes, name, index } = notesOf(wish.program ?? 0, sequence);
  const quarter = sequence.ticksPerQuarter;
  const beat = quarter * beatQuarters(firstStatedMeter(sequence));
  const lines = BarLines.of(sequence);
  /** Ticks to the nearest beat. */
  const offBeat = ({ startTicks }: Note) => {
    const place = (startTicks - lines.startOf(lines.barAt(startTicks))) % beat;
    return Math.min(place, beat - place);
  };
  const onBeat = notes.filter((note) => offBeat(note) <= OFF * quarter);
  const shares: Share[] = [];
  if (walks) {
    const beats = new Set(
      onBeat.map(({ startTicks }) => Math.round(startTicks / beat)),
    );
    const share = beats.size * beat / sequence.totalTicks;
    shares.push(["a note on every beat", Math.min(1, share), WALKS]);
  } else if (positions) {
    const share = onBeat.length / notes.length;
    shares.push(
      positions === "beats"
        ? ["on the beats", share, AS_ASKED]
        : ["off the beats", 1 - share, AS_ASKED],
    );
  }
  shares.push(...timeShares(wish, notes, sequence));
  if (isMonophonic) {
    const alone = notes.filter(({ endTicks }, i) =>
      endTicks <= (notes[i + 1]?.startTicks ?? Infinity) + OVERLAP * quarter
    );
    shares.push([
      "one note at a time",
      alone.length / notes.length,
      AS_ASKED,
    ]);
  }
  if (wish.isOnTop) {
    const others = sequence.notes.filter(({ part }) =>
      part !== index && !sequence.parts[part]!.isDrum
    );
    shares.push(["on top", shareOnTop(notes, others), ON_TOP]);
  }
  shares.push(...pitchShares(wish, notes));
  return {
    what: `how ${name} plays`,
    asked: shares.map(([asked]) => asked).join(", "),
    delivered: notes.length === 0
      ? "not at all"
      : shares.map(([asked, share]) => `${asked} ${Math.round(100 * share)} %`)
        .join(", "),
    // Whether it plays at all is told among the instruments.
    met: notes.length === 0 ||
      shares.every(([, share, least]) => share >= least),
  };
}

/** What is asked of the lengths of a part's notes, and the share that has them. */
function timeShares(
  { leastQuarters, mostQuarters, apartQuarters }: PartWish,
  notes: readonly Note[],
  { ticksPerQuarter: quarter, totalTicks }: NoteSequence,
): Share[] {
  const shares: Share[] = [];
  if (leastQuarters !== undefined) {
    const long = notes.filter(({ startTicks, endTicks }) =>
      endTicks - startTicks >= (leastQuarters - OFF) * quarter ||
      // The end cuts the last ones.
      endTicks >= totalTicks - OFF * quarter
    );
    shares.push([
      `notes of ${leastQuarters} beats or more`,
      long.length / notes.length,
      AS_ASKED,
    ]);
  }
  if (mostQuarters !== undefined) {
    const short = notes.filter(({ startTicks, endTicks }) =>
      endTicks - startTicks <= (mostQuarters + OFF) * quarter
    );
    shares.push([
      `notes of ${mostQuarters} beats or less`,
      short.length / notes.length,
      AS_ASKED,
    ]);
  }
  if (apartQuarters !== undefined && apartQuarters !== leastQuarters) {
    const onsets = [...new Set(notes.map(({ startTicks }) => startTicks))];
    const apart = onsets.slice(1).filter((start, i) =>
      // Those of one chord are played a little apart.
      start - onsets[i]! >= (apartQuarters - OFF) * quarter ||
      start - onsets[i]! <= OFF * quarter
    );
    shares.push([
      `nothing within ${apartQuarters} beats`,
      apart.length / Math.max(1, onsets.length - 1),
      AS_ASKED,
    ]);
  }
  return shares;
}

/** What is asked of a part's pitches, and the share of its notes that do so. */
function pitchShares(
  { isBroken, range, span, mostLeap }: PartWish,
  notes: readonly Note[],
): Share[] {
  const shares: Share[] = [];
  if (isBroken) {
    const wide = notes.slice(1).filter(({ pitch }, i) =>
      Math.abs(pitch - notes[i]!.pitch) >= THIRD
    );
    shares.push([
      "broken chords",
      wide.length / Math.max(1, notes.length - 1),
      BROKEN,
    ]);
  }
  if (range) {
    const [low, high] = range;
    const inside = notes.filter(({ pitch }) => pitch >= low && pitch <= high);
    shares.push([
      low === 0
        ? `no note above ${pitchName(high)}`
        : high === 127
        ? `no note below ${pitchName(low)}`
        : `notes from ${pitchName(low)} to ${pitchName(high)}`,
      inside.length / notes.length,
      AS_ASKED,
    ]);
  }
  if (span !== undefined && notes.length > 0) {
    const pitches = notes.map(({ pitch }) => pitch).toSorted((a, b) => a - b);
    const width = (by: number) =>
      pitches.filter((pitch) => pitch - by >= 0 && pitch - by <= span).length;
    const widest = Math.max(...pitches.map(width));
    shares.push([
      `notes within ${span} semitones`,
      widest / notes.length,
      AS_ASKED,
    ]);
  }
  if (mostLeap !== undefined) {
    const near = notes.slice(1).filter(({ pitch }, i) =>
      Math.abs(pitch - notes[i]!.pitch) <= mostLeap
    );
    shares.push([
      `moves of ${mostLeap} semitones or less`,
      near.length / Math.max(1, notes.length - 1),
      AS_ASKED,
    ]);
  }
  return shares;
}

/** The notes of a program, or else of its family, in order of time. */
function notesOf(program: number, { parts, notes }: NoteSequence) {
  const index = partOf(parts, program);
  return {
    index,
    notes: notes.filter(({ part }) => part === index)
      .toSorted((a, b) => a.startTicks - b.startTicks),
    name: parts[index]?.name || familyOfProgram(program) ||
      `program ${program}`,
  };
}
