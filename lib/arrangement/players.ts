/** Divides the part of an instrument among several players of it: two violins, a quartet. */

import {
  type Key,
  type Note,
  type NoteSequence,
  type Players,
  playingOf,
  scalePitchClasses,
  sortNotes,
} from "../music/music.ts";
import { partOf } from "./on_top.ts";

/** Semitones from a player's note down to the next player's. */
const NEAREST = 3, FARTHEST = 16;
/** Semitones of a third and a sixth. */
const SWEET = [3, 4, 8, 9];
/** Semitones that grate against another note, octaves aside. */
const HARSH = [1, 6, 11];
/** What a note costs beside its distance: in a worse interval, off the chord, harsh. */
const PLAIN = 3, OFF_CHORD = 4, GRATING = 12, DOUBLED = 6;
/** An added note is this much softer than the one that it goes with. */
const BESIDE = 0.88;
/** Shortest stretch for which a note is added, as a share of the one above. */
const LEAST_SHARE = 0.5;

/** A stretch of a piece in one key. */
interface Stretch {
  readonly startTicks: number;
  readonly key: Key;
}

/**
 * Gives each of several players of an instrument a part of its own. The highest of
 * the notes that sound together goes to the first, the lowest to the last. A player
 * who would have nothing to do beneath a note of the first plays along with it, in
 * the scale, a third or sixth below where that fits what else sounds.
 *
 * Instruments that play one note at a time and sections of voices have one line a
 * player; of others, such as guitars, each plays its share of a chord.
 *
 * @param sequence On the grid, with one part of the instrument.
 * @param keys Stretches in order of time, the first from 0.
 * @returns The sequence as it is where no part is of the instrument.
 */
export function dividePlayers(
  sequence: NoteSequence,
  { program, programs }: Players,
  keys: readonly Stretch[],
): NoteSequence {
  const { parts, notes } = sequence;
  const index = partOf(parts, program);
  const part = parts[index];
  if (!part || programs.length < 2) return sequence;
  const sounding = part.program;
  // An instrument that is played in another of its kinds is so by all.
  const own = programs.map((one) => one === program ? sounding : one);
  const isLines = own.some((one) =>
    playingOf(one).isMonophonic || isEnsemble(one)
  );
  const mine = notes.filter((note) => note.part === index);
  const shared = isLines
    ? linesOf(mine, own.length)
    : handsOf(mine, own.length);
  const others = notes.filter((note) =>
    note.part !== index && !parts[note.part]!.isDrum
  );
  const playable = shared.map((notes, i) => withinRange(notes, own[i]!));
  const players = filled(playable, { own, others, keys });
  const numberOf = (player: number) =>
    player === 0 ? index : parts.length + player - 1;
  return {
    ...sequence,
    parts: [
      ...parts.map((one, i) =>
        i === index ? { ...one, program: own[0]! } : one
      ),
      ...own.slice(1).map((one) => ({ ...part, program: one })),
    ],
    notes: sortNotes([
      ...notes.filter((note) => note.part !== index),
      ...players.flatMap((own, player) =>
        own.map((note) => ({ ...note, part: numberOf(player) }))
      ),
    ]),
    // What the one part had, such as its pedal, each of them has.
    controls: sequence.controls.flatMap((control) =>
      control.part === index
        ? own.map((_, player) => ({ ...control, part: numberOf(player) }))
        : [control]
    ),
  };
}

/** Notes moved by octaves to where an instrument has them. */
function withinRange(notes: readonly Note[], program: number): Note[] {
  const { range: [low, high] } = playingOf(program);
  return notes.map((note) => {
    let { pitch } = note;
    while (pitch < low) pitch += 12;
    while (pitch > high && pitch - 12 >= low) pitch -= 12;
    return { ...note, pitch };
  });
}

/** Whether a program is many bowed strings or voices at once. */
function isEnsemble(program: number): boolean {
  return program >= 48 && program <= 54;
}

/** Notes that are asked for by the time at which they sound. */
class Sounding {
  readonly #notes: readonly Note[];
  readonly #longest: number;

  constructor(notes: readonly Note[]) {
    this.#notes = notes.toSorted((a, b) => a.startTicks - b.startTicks);
    this.#longest = notes.reduce(
      (most, { startTicks, endTicks }) => Math.max(most, endTicks - startTicks),
      0,
    );
  }

  /** Those that sound at some time between two, the second left out. */
  between(from: number, to: number): Note[] {
    const found: Note[] = [];
    for (let i = this.#firstAfter(from - this.#longest);; i++) {
      const note = this.#notes[i];
      if (!note || note.startTicks >= to) return found;
      if (note.endTicks > from) found.push(note);
    }
  }

  at(ticks: number): Note[] {
    return this.between(ticks, ticks + 1);
  }

  /** Index of the first note that begins at a time or later. */
  #firstAfter(ticks: number): number {
    let low = 0, high = this.#notes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#notes[middle]!.startTicks < ticks) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Notes by player, one at a time; what nobody has a hand free for is left out. */
function linesOf(notes: readonly Note[], count: number): Note[][] {
  const lines: Note[][] = Array.from({ length: count }, () => []);
  const onsets = Map.groupBy(notes, ({ startTicks }) => startTicks);
  const all = new Sounding(notes);
  for (const [ticks, group] of [...onsets].sort(([a], [b]) => a - b)) {
    const together = all.at(ticks).sort((a, b) => b.pitch - a.pitch);
    const isFree = (line: number) => {
      const last = lines[line]!.at(-1);
      return !last || last.endTicks <= ticks;
    };
    for (const note of group.toSorted((a, b) => b.pitch - a.pitch)) {
      const rank = together.indexOf(note);
      const isLowest = rank > 0 && rank === together.length - 1;
      const wanted = isLowest ? count - 1 : Math.min(rank, count - 1);
      const free = lines.keys().filter(isFree).toArray()
        .sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0];
      if (free !== undefined) lines[free]!.push(note);
      else if (rank === 0) {
        // The tune goes on, whatever it held.
        const top = lines[0]!, last = top.pop()!;
        if (last.startTicks < ticks) top.push({ ...last, endTicks: ticks });
        top.push(note);
      }
    }
  }
  return lines;
}

/** Notes by player, of each chord its share from the top. */
function handsOf(notes: readonly Note[], count: number): Note[][] {
  const hands: Note[][] = Array.from({ length: count }, () => []);
  const pitches = notes.map(({ pitch }) => pitch).sort((a, b) => a - b);
  const middle = pitches[pitches.length >> 1] ?? 60;
  const all = new Sounding(notes);
  for (const note of notes) {
    const together = all.at(note.startTicks).sort((a, b) => b.pitch - a.pitch);
    const share = together.length > 1
      ? together.indexOf(note) / together.length
      : note.pitch >= middle
      ? 0
      : 0.999;
    hands[Math.floor(share * count)]!.push(note);
  }
  return hands;
}

interface Setting {
  /** By player. */
  readonly own: readonly number[];
  /** Of other parts. */
  readonly others: readonly Note[];
  readonly keys: readonly Stretch[];
}

/** Players who have something to play beneath all notes of the first. */
function filled(
  players: readonly (readonly Note[])[],
  { own, others, keys }: Setting,
): Note[][] {
  const [first = []] = players;
  const together = new Sounding([...others, ...players.flat()]);
  const made: Note[][] = [[...first]], above = [new Sounding(first)];
  for (const [i, mine] of players.entries()) {
    if (i === 0) continue;
    const all = new Sounding(mine);
    const added = first.flatMap((lead) => {
      const { startTicks } = lead;
      const busy = all.between(startTicks, lead.endTicks);
      const next = Math.min(...busy.map((note) => note.startTicks));
      const endTicks = Math.min(lead.endTicks, next);
      const share = (endTicks - startTicks) / (lead.endTicks - startTicks);
      if (busy.length > 0 && share < LEAST_SHARE) return [];
      const higher = above.flatMap((one) => one.at(startTicks));
      const pitch = pitchBelow(higher, startTicks, {
        program: own[i]!,
        together: [...higher, ...together.at(startTicks)],
        keys,
      });
      if (pitch === undefined) return [];
      const velocity = Math.max(1, Math.round(lead.velocity * BESIDE));
      return [{ ...lead, pitch, velocity, endTicks }];
    });
    made.push(withoutRepeats([...mine, ...added]));
    above.push(new Sounding(made.at(-1)!));
  }
  return made;
}

/** Notes of which each ends where its pitch begins again. */
function withoutRepeats(notes: readonly Note[]): Note[] {
  const next = new Map<number, number>();
  return sortNotes(notes).toReversed().map((note) => {
    const again = next.get(note.pitch) ?? Infinity;
    next.set(note.pitch, note.startTicks);
    return { ...note, endTicks: Math.min(note.endTicks, again) };
  }).filter(({ startTicks, endTicks }) => endTicks > startTicks).toReversed();
}

/**
 * The pitch beneath what others play, or else above, that suits it best; undefined
 * without one.
 */
function pitchBelow(
  above: readonly Note[],
  ticks: number,
  { program, together, keys }: {
    readonly program: number;
    readonly together: readonly Note[];
    readonly keys: readonly Stretch[];
  },
): number | undefined {
  const { range: [low, high] } = playingOf(program);
  const lowest = Math.min(...above.map(({ pitch }) => pitch));
  // Where the instrument has nothing beneath, it plays above.
  const isAbove = lowest - NEAREST < low;
  const first = isAbove ? lowest + NEAREST : lowest - FARTHEST;
  const last = isAbove ? lowest + FARTHEST : lowest - NEAREST;
  const { key } = keys.findLast(({ startTicks }) => startTicks <= ticks) ??
    keys[0]!;
  const scale = scalePitchClasses(key.tonic, key.mode);
  const heard = together.map(({ pitch }) => pitch);
  let best: number | undefined, least = Infinity;
  for (
    let pitch = Math.min(high, last);
    pitch >= Math.max(low, first);
    pitch--
  ) {
    if (!scale.includes(pitch % 12)) continue;
    const apart = (other: number) => Math.abs(pitch - other) % 12;
    const cost = Math.abs(lowest - pitch) / 2 +
      (SWEET.includes(apart(lowest)) ? 0 : PLAIN) +
      (heard.some((one) => apart(one) === 0) ? 0 : OFF_CHORD) +
      (apart(lowest) === 0 ? DOUBLED : 0) +
      GRATING * heard.filter((one) => HARSH.includes(apart(one))).length;
    if (cost < least) [best, least] = [pitch, cost];
  }
  return best;
}
