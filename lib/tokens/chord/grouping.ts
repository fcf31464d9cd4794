/** Which notes of a track music21 joins into chords. See `reading.ts`. */

import type { KeyEvent } from "../../midi/midi.ts";

/** Notes struck together, not yet rounded to the grid. */
export interface Group {
  /** When the first begins. */
  readonly ticks: number;
  /** How long the last sounds. */
  durationTicks: number;
  /** MIDI pitches in the order of the track. */
  readonly pitches: number[];
  /** MIDI velocity of the loudest. */
  velocity: number;
  /** Whether one is percussion. */
  isDrum: boolean;
}

/** A pressed key and the time at which music21 ends its note. */
interface PairedKey {
  readonly key: KeyEvent;
  readonly endTicks: number;
}

/** A group that may still take notes. */
interface OpenGroup {
  readonly group: Group;
  /** Of its first note. */
  readonly endTicks: number;
}

const DRUM_CHANNEL = 9;
/** A sixteenth, the finest grid, as a share of a quarter. */
const SIXTEENTH = 1 / 4;

/**
 * Groups notes that begin less than a sixteenth after the first and end within a
 * sixteenth of it into a chord. The chord begins with its first note and has the
 * length of its last; a note may belong to two chords.
 *
 * A note is compared only with the groups that end near it: those that begin in
 * one sixteenth end more than a sixteenth apart, so there is one for each.
 *
 * @param keys Keys of one track, ascending in time.
 * @returns The chords, and whether voices are needed because notes begin together
 * but do not end together.
 */
export function groupNotes(
  keys: readonly KeyEvent[],
  ticksPerQuarter: number,
): { readonly groups: readonly Group[]; readonly needVoices: boolean } {
  const tolerance = ticksPerQuarter * SIXTEENTH;
  const groups: Group[] = [];
  /** The latest group whose first note ends in each sixteenth. */
  const byEnd = new Map<number, OpenGroup>();
  /** The groups before it began too long ago to take notes. */
  let firstOpen = 0;
  let needVoices = false;
  for (const { key, endTicks } of pairKeys(keys)) {
    const { ticks, pitch, velocity } = key;
    const isDrum = key.channel === DRUM_CHANNEL;
    while (
      firstOpen < groups.length && ticks - groups[firstOpen]!.ticks >= tolerance
    ) firstOpen++;
    const sixteenth = Math.floor(endTicks / tolerance);
    let joined = 0;
    for (let near = sixteenth - 1; near <= sixteenth + 1; near++) {
      const open = byEnd.get(near);
      if (
        open === undefined || ticks - open.group.ticks >= tolerance ||
        Math.abs(endTicks - open.endTicks) > tolerance
      ) continue;
      const { group } = open;
      group.pitches.push(pitch);
      group.durationTicks = endTicks - ticks;
      group.velocity = Math.max(group.velocity, velocity);
      group.isDrum ||= isDrum;
      joined++;
    }
    if (groups.length - firstOpen > joined) needVoices = true;
    if (joined > 0) continue;
    const durationTicks = endTicks - ticks;
    const group = { ticks, durationTicks, pitches: [pitch], velocity, isDrum };
    groups.push(group);
    byEnd.set(sixteenth, { group, endTicks });
  }
  return { groups, needVoices };
}

/**
 * Pairs each pressed key with the key's next release, even if the same release
 * ends another note of the key. A key that is never released gives no note.
 */
function pairKeys(keys: readonly KeyEvent[]): PairedKey[] {
  const releases = new Map<number, number>();
  const notes: PairedKey[] = [];
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i]!;
    const line = key.channel * 128 + key.pitch;
    const endTicks = releases.get(line);
    if (key.velocity === 0) releases.set(line, key.ticks);
    else if (endTicks !== undefined) notes.push({ key, endTicks });
  }
  return notes.reverse();
}
