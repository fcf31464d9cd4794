/** Drums that keep a beat as asked, and drums that are asked for or not. */

import { addFills } from "./drum_fills.ts";
import {
  BarLines,
  type DrumWish,
  type Note,
  type NoteSequence,
  sortNotes,
} from "../music/music.ts";

/** General MIDI percussion. */
const KICKS = [35, 36], SNARES = [38, 40], CLAP = 39;
const KICK = 36, SNARE = 38;
/** Strokes so near to a beat, in quarters, are on it. */
const NEAR = 1 / 8;
/** Length of a stroke, in quarters. */
const STROKE = 1 / 8;
/** Velocity of drums that are added, by the mean of those that play. */
const ADDED = 0.9;

/**
 * Where drums that are added strike, in quarters after the bar line: on the beats
 * for most, on two and four for what answers, between the beats for what shuffles.
 */
const EVERY = [0, 1, 2, 3, 4, 5, 6], BACK = [1, 3, 5], DOWN = [0];
const OFF = [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5];
const PLACES: Readonly<Record<number, readonly number[]>> = {
  35: [0, 2, 4],
  36: [0, 2, 4],
  37: BACK,
  38: BACK,
  39: BACK,
  40: BACK,
  41: DOWN,
  43: DOWN,
  45: DOWN,
  47: DOWN,
  48: DOWN,
  49: DOWN,
  50: DOWN,
  52: DOWN,
  55: DOWN,
  57: DOWN,
  42: [...EVERY, ...OFF],
  46: OFF,
  51: EVERY,
  53: EVERY,
  54: BACK,
  56: EVERY,
  69: [...EVERY, ...OFF],
  70: [...EVERY, ...OFF],
  76: BACK,
  77: BACK,
};

/**
 * Gives a piece's drums the beat and the sounds that are asked: in each bar with
 * drums, strokes are added where one is missing, and left out where they would be in
 * the way. A piece without drums stays as it is.
 */
export function playDrums(piece: NoteSequence, wish: DrumWish): NoteSequence {
  const part = piece.parts.findIndex(({ isDrum }) => isDrum);
  const { without = [], sounds = [], beat, fillEvery, gridQuarters } = wish;
  const quarter = piece.ticksPerQuarter;
  const lines = BarLines.of(piece);
  const isOnGrid = ({ startTicks }: Note) => {
    if (gridQuarters === undefined) return true;
    const place = startTicks - lines.startOf(lines.barAt(startTicks));
    return place % (gridQuarters * quarter) === 0;
  };
  const kept = piece.notes.filter((note) =>
    !piece.parts[note.part]!.isDrum ||
    !without.includes(note.pitch) && isOnGrid(note)
  );
  const played = piece.notes.filter((note) => piece.parts[note.part]!.isDrum);
  if (played.length === 0) return piece;
  const drums = played.filter((note) =>
    !without.includes(note.pitch) && isOnGrid(note)
  );
  const velocity = Math.round(
    ADDED * played.reduce((sum, note) => sum + note.velocity, 0) /
      played.length,
  );
  const heard = new Set(drums.map(({ pitch }) => pitch));
  const added: Note[] = [];
  const isThere = (pitches: readonly number[], ticks: number) =>
    [...drums, ...added].some(({ pitch, startTicks }) =>
      pitches.includes(pitch) && Math.abs(startTicks - ticks) <= NEAR * quarter
    );
  const strike = (pitch: number, ticks: number, like = [pitch]) => {
    if (
      without.includes(pitch) || isThere(like, ticks) ||
      ticks >= piece.totalTicks
    ) return;
    added.push({
      pitch,
      velocity,
      startTicks: ticks,
      endTicks: ticks + Math.round(STROKE * quarter),
      part,
    });
  };
  const gone = new Set<Note>();
  const playing = new Set(
    played.map(({ startTicks }) => lines.barAt(startTicks)),
  );
  const backbeat = sounds.includes(CLAP) ? CLAP : SNARE;
  for (const bar of playing) {
    const start = lines.startOf(bar), end = lines.startOf(bar + 1);
    const at = (places: readonly number[]) =>
      places.map((place) => start + Math.round(place * quarter))
        .filter((ticks) => ticks < end);
    if (beat === "four-on-the-floor") {
      for (const ticks of at(EVERY)) strike(KICK, ticks, KICKS);
    } else if (beat === "backbeat") {
      for (const ticks of at(BACK)) strike(backbeat, ticks, [...SNARES, CLAP]);
    } else if (beat === "half-time") {
      for (const note of drums) {
        const isElsewhere = Math.abs(note.startTicks - start - 2 * quarter) >
          NEAR * quarter;
        const inBar = note.startTicks >= start && note.startTicks < end;
        if (inBar && isElsewhere && [...SNARES, CLAP].includes(note.pitch)) {
          gone.add(note);
        }
      }
      for (const ticks of at([2])) strike(backbeat, ticks, [...SNARES, CLAP]);
    }
    for (const sound of sounds) {
      if (heard.has(sound)) continue;
      for (const ticks of at(PLACES[sound] ?? OFF)) strike(sound, ticks);
    }
  }
  const made = {
    ...piece,
    notes: sortNotes([...kept.filter((note) => !gone.has(note)), ...added]),
  };
  return fillEvery === undefined
    ? made
    : addFills(made, { every: fillEvery, part, velocity, without });
}
