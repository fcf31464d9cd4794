/** A user's passage, exactly as it was, and the new bars that follow it. */

import type { Passage } from "../generation/generation.ts";
import {
  channelsOf,
  DEFAULT_QPM,
  type Key,
  keyFifths,
  meterAt,
  meterName,
  type Note,
  type NoteSequence,
  rescaleSequence,
  sortNotes,
  ticksPerBar,
} from "../music/music.ts";
import type { NewBars } from "./new_bars.ts";
import { joinControls } from "./join_controls.ts";

/** Lowest resolution of a piece, in ticks per quarter. */
const LEAST_TICKS = 480;
/** A passage's last bars of drums repeat, up to so many. */
const DRUM_BARS = 4;

/**
 * Joins a passage and the new bars, arranged. The passage stays exactly as it was,
 * at its own resolution or a multiple.
 *
 * @param bars How many of the new bars there are, in the passage's meter.
 * @param key Of the new bars, where it is to be stated.
 * @param repeatsDrums Whether the passage's last bars of drums repeat.
 */
export function joinBars(
  passage: Passage,
  { music: arranged, goesOn }: NewBars,
  { bars, qpm, key, repeatsDrums }: {
    readonly bars: number;
    readonly qpm: number;
    readonly key: Key | undefined;
    readonly repeatsDrums: boolean;
  },
): NoteSequence {
  const factor = Math.ceil(LEAST_TICKS / passage.music.ticksPerQuarter);
  const ticksPerQuarter = factor * passage.music.ticksPerQuarter;
  const before = rescaleSequence(passage.music, ticksPerQuarter);
  const after = rescaleSequence(arranged, ticksPerQuarter);
  const join = factor * passage.endTicks;
  const end = join +
    Math.round(bars * ticksPerBar(passage.meter, ticksPerQuarter));

  const parts = [...before.parts];
  const partOf = after.parts.map((part, i) =>
    goesOn[i] ?? parts.push(part) - 1
  );
  const fresh = after.notes.map((note): Note => ({
    ...note,
    part: partOf[note.part]!,
    startTicks: join + note.startTicks,
    endTicks: Math.min(join + note.endTicks, end),
  })).filter(({ startTicks }) => startTicks < end);
  const drums = repeatsDrums ? drumsAfter(before, join, end) : [];
  const notes = [...before.notes, ...afterHeld(before, join, fresh), ...drums];
  const past = <T extends { readonly ticks: number }>(changes: readonly T[]) =>
    changes.filter(({ ticks }) => ticks < join);
  const tempos = past(before.tempos), meters = past(before.timeSignatures);
  const keys = past(before.keySignatures);
  const inForce = meterAt({ timeSignatures: meters }, join);
  return {
    ...before,
    parts,
    notes: sortNotes(notes),
    tempos: (tempos.at(-1)?.qpm ?? DEFAULT_QPM) === qpm
      ? tempos
      : [...tempos, { ticks: join, qpm }],
    timeSignatures: meterName(inForce) === meterName(passage.meter)
      ? meters
      : [...meters, { ticks: join, ...passage.meter }],
    keySignatures: key
      ? [...keys, { ticks: join, fifths: keyFifths(key), mode: key.mode }]
      : keys,
    controls: joinControls({
      before: { ...before, controls: past(before.controls) },
      after: after.controls.map((change) => ({
        ...change,
        ticks: join + change.ticks,
        part: partOf[change.part]!,
      })).filter(({ ticks }) => ticks <= end),
      parts,
      join,
    }),
    totalTicks: end,
  };
}

/** New notes that do not strike what the passage still holds at its end. */
function afterHeld(
  { notes, parts }: NoteSequence,
  join: number,
  fresh: readonly Note[],
): Note[] {
  const channels = channelsOf(parts);
  const keyOf = ({ part, pitch }: Note) =>
    128 * (channels[part] ?? parts.length + part) + pitch;
  const held = new Map<number, number>();
  for (const note of notes) {
    if (note.endTicks > join) {
      held.set(
        keyOf(note),
        Math.max(held.get(keyOf(note)) ?? 0, note.endTicks),
      );
    }
  }
  return fresh.map((note) => {
    const startTicks = Math.max(note.startTicks, held.get(keyOf(note)) ?? 0);
    return {
      ...note,
      startTicks,
      endTicks: Math.max(note.endTicks, startTicks),
    };
  });
}

/** The last bars of drums, again and again from the join to the end. */
function drumsAfter(
  { notes, parts, timeSignatures, ticksPerQuarter }: NoteSequence,
  join: number,
  end: number,
): Note[] {
  const meter = meterAt({ timeSignatures }, join - 1);
  const bar = ticksPerBar(meter, ticksPerQuarter);
  const bars = Math.max(1, Math.min(DRUM_BARS, Math.floor(join / bar)));
  const period = Math.min(join, Math.round(bars * bar));
  const played = notes.filter(({ part, startTicks }) =>
    parts[part]!.isDrum && startTicks >= join - period && startTicks < join
  );
  const repeated: Note[] = [];
  for (let shift = period; shift < end - join + period; shift += period) {
    for (const note of played) {
      const startTicks = note.startTicks + shift;
      if (startTicks >= end) break;
      const endTicks = Math.min(note.endTicks + shift, end);
      repeated.push({ ...note, startTicks, endTicks });
    }
  }
  return repeated;
}
