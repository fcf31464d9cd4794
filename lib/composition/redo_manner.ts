/** Chords, and how parts and drums play, as aims of the notes made anew. */

import {
  chordPitchClasses,
  type ChordProgression,
  chordsHeard,
  type Note,
  type NoteSequence,
  sliceSequence,
} from "../music/music.ts";
import { drumsRow } from "./delivered_drums.ts";
import { partRow } from "./delivered_parts.ts";
import type { Delivered } from "./delivered_row.ts";
import type { Aim, RedoWishes, Stretch } from "./redo_aims.ts";

/** Share of the chords that are to be heard. */
const CHORDS_HEARD = 0.9;
/** Share of the time of the new notes of some parts that is to be in the chords. */
const IN_CHORDS = 2 / 3;

/**
 * The aims of how new notes are played.
 *
 * @param wishes Its chords begin with the stretch.
 */
export function mannerAims(
  piece: NoteSequence,
  stretch: Stretch,
  { chords, partWishes = [], drums }: RedoWishes,
): Aim[] {
  const { from, to, parts } = stretch;
  const heardWith = (notes: readonly Note[]) =>
    sliceSequence({ ...piece, notes }, from, to);
  const pitched = [...piece.parts.keys()]
    .filter((part) => !piece.parts[part]!.isDrum);
  const hasPitch = pitched.some((part) => parts.has(part));
  const areAll = piece.notes.every(({ part }) =>
    parts.has(part) || piece.parts[part]!.isDrum
  );
  const aims: Aim[] = [];
  if (chords && hasPitch) {
    const share = areAll ? shareHeard : shareInside;
    aims.push({
      what: "chords",
      asked: [...new Set(chords.chords.map(({ symbol }) => symbol))].join(" "),
      range: [areAll ? CHORDS_HEARD : IN_CHORDS, Infinity],
      measure: (notes) => share(heardWith(notes), chords),
      tell: (notes) => {
        const percent = Math.round(100 * share(heardWith(notes), chords));
        return areAll
          ? `heard in ${percent} % of bars`
          : `${percent} % of the time in them`;
      },
    });
  }
  const rowAim = (
    what: Aim["what"],
    rowOf: (sequence: NoteSequence) => Delivered,
  ) => {
    aims.push({
      what,
      asked: rowOf(heardWith([])).asked,
      range: [1, Infinity],
      measure: (notes) => rowOf(heardWith(notes)).met ? 1 : 0,
      tell: (notes) => rowOf(heardWith(notes)).delivered,
    });
  };
  const programs = pitched.filter((part) => parts.has(part))
    .map((part) => piece.parts[part]!.program);
  for (const wish of partWishes) {
    const own = wish.program === undefined ? programs : [wish.program];
    for (const program of new Set(own)) {
      rowAim("manner", (sequence) => partRow({ ...wish, program }, sequence));
    }
  }
  const drumParts = piece.parts.flatMap(({ isDrum }, part) =>
    isDrum && parts.has(part) ? [part] : []
  );
  if (drums && drumParts.length > 0) {
    rowAim("drums", (sequence) => drumsRow(drums, sequence));
  }
  return aims;
}

/** The share of chords that are heard. */
function shareHeard(
  sequence: NoteSequence,
  progression: ChordProgression,
): number {
  const spans = chordsHeard(sequence, progression);
  return spans.filter(({ isHeard }) => isHeard).length / spans.length;
}

/** The share of the sounding time that is in the chords. */
function shareInside(
  sequence: NoteSequence,
  progression: ChordProgression,
): number {
  let inside = 0, all = 0;
  const spans = chordsHeard(sequence, progression);
  for (const { chord, startTicks: from, endTicks: to } of spans) {
    const tones = chordPitchClasses(chord);
    for (const { part, pitch, startTicks, endTicks } of sequence.notes) {
      const ticks = Math.min(endTicks, to) - Math.max(startTicks, from);
      if (ticks <= 0 || sequence.parts[part]!.isDrum) continue;
      all += ticks;
      if (tones.includes(pitch % 12)) inside += ticks;
    }
  }
  return inside / all;
}
