/** The sustain pedal, put back where notes ring on as only a pedal lets them. */

import type { ControlChange, Note, NoteSequence } from "./note_sequence.ts";
import { sortNotes } from "./sort_notes.ts";
import { SUSTAIN_PEDAL } from "./sustain.ts";

/** Programs whose notes die away and are played with a pedal or left to ring. */
const RINGING_PROGRAMS = [0, 31] as const;
/** Notes that must ring over later ones before a part is taken to be pedalled. */
const LEAST_RINGING = 4;
/** Share of them that must end together with those later ones. */
const LEAST_TOGETHER = 0.9;

/**
 * Writes a piece as it is played with a pedal: where the notes of a piano, mallet
 * instrument or guitar begin one after the other and end together, the pedal goes
 * down with the first and lifts where they end, and each key is held until the
 * part's next onset. What is heard stays the same: `applySustain` undoes it.
 *
 * @param sequence Notes as heard, as tokens give them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { applySustain, emptySequence, withPedal } from "immersic/music/music.ts";
 * const heard = {
 *   ...emptySequence(12),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [48, 52, 55, 60, 64].map((pitch, i) => ({
 *     pitch, velocity: 64, startTicks: 12 * i, endTicks: 60, part: 0,
 *   })),
 *   totalTicks: 60,
 * };
 * const played = withPedal(heard);
 * assert.equal(played.notes[0]?.endTicks, 12);
 * assert.deepEqual(applySustain(played).notes, heard.notes);
 * ```
 */
export function withPedal(sequence: NoteSequence): NoteSequence {
  const byPart = Map.groupBy(sequence.notes, ({ part }) => part);
  const controls: ControlChange[] = [...sequence.controls];
  const notes: Note[] = [];
  for (const [part, own] of byPart) {
    const { isDrum, program } = sequence.parts[part]!;
    const [low, high] = RINGING_PROGRAMS;
    const spans = isDrum || program < low || program > high
      ? []
      : pedalSpans(own);
    notes.push(...spans.length === 0 ? own : release(own, spans));
    for (const { start, end } of spans) {
      const pedal = { part, controller: SUSTAIN_PEDAL };
      controls.push({ ...pedal, ticks: start, value: 127 });
      controls.push({ ...pedal, ticks: end, value: 0 });
    }
  }
  controls.sort((a, b) =>
    a.ticks - b.ticks || a.part - b.part || a.value - b.value
  );
  return { ...sequence, notes: sortNotes(notes), controls };
}

/** Where the pedal is down, in ticks. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** The spans in which a part is pedalled; none where it is not. */
function pedalSpans(notes: readonly Note[]): Span[] {
  const starts = new Set(
    notes.map(({ pitch, startTicks }) => `${pitch} ${startTicks}`),
  );
  const isRestruck = ({ pitch, endTicks }: Note) =>
    starts.has(`${pitch} ${endTicks}`);
  const spans = new Map<number, Span & { readonly isWhole: boolean }>();
  let ringing = 0, together = 0;
  for (const [i, note] of notes.entries()) {
    let last = -1, isEven = true;
    for (let j = i + 1; j < notes.length; j++) {
      const later = notes[j]!;
      if (later.startTicks >= note.endTicks) break;
      if (later.startTicks === note.startTicks) continue;
      last = Math.max(last, later.endTicks);
      isEven &&= later.endTicks === note.endTicks ||
        later.endTicks < note.endTicks && isRestruck(later);
    }
    if (last < 0) continue;
    ringing++;
    if (isRestruck(note) && last > note.endTicks) {
      together++;
      continue;
    }
    if (isEven) together++;
    const known = spans.get(note.endTicks);
    spans.set(note.endTicks, {
      start: Math.min(note.startTicks, known?.start ?? Infinity),
      end: note.endTicks,
      isWhole: isEven && (known?.isWhole ?? true),
    });
  }
  if (ringing < LEAST_RINGING || together < LEAST_TOGETHER * ringing) return [];
  const rising = [...spans.values()].filter(({ isWhole }) => isWhole)
    .sort((a, b) => a.start - b.start);
  // The pedal lifts before it goes down again.
  return rising.filter(({ start }, i) =>
    i === 0 || start >= rising[i - 1]!.end
  );
}

/** Lets keys go at the part's next onset, where the pedal holds what they played. */
function release(notes: readonly Note[], spans: readonly Span[]): Note[] {
  const onsets = [...new Set(notes.map(({ startTicks }) => startTicks))];
  let span = 0, onset = 0;
  return notes.map((note) => {
    while (span < spans.length && spans[span]!.end <= note.startTicks) span++;
    while (onset < onsets.length && onsets[onset]! <= note.startTicks) onset++;
    const held = spans[span], next = onsets[onset] ?? Infinity;
    return held && note.startTicks >= held.start && note.endTicks <= held.end
      ? { ...note, endTicks: Math.min(note.endTicks, next) }
      : note;
  });
}
