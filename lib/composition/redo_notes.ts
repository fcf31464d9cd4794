/** Sampled notes as notes and pedals of the piece whose bars are made anew. */

import { humanize, playDrums } from "../arrangement/arrangement.ts";
import type { Random } from "../base/base.ts";
import type {
  InfilledNote,
  Redone,
  Surroundings,
} from "../generation/generation.ts";
import { swung } from "./heard_swing.ts";
import {
  channelsOf,
  type ControlChange,
  type DrumWish,
  emptySequence,
  meterAt,
  type Note,
  type NoteSequence,
  rescaleSequence,
  sortNotes,
  SUSTAIN_PEDAL,
  withPedal,
} from "../music/music.ts";

/** Resolution at which timing is made human. */
const HUMAN_TICKS = 480;
/** Notes so near to the grid, in steps, are on it. */
const ON_GRID_STEPS = 0.05;
/** A piece with a larger share of its notes on the grid was never played. */
const GRID_SHARE = 0.9;
/** A pedal is down from this value on. */
const DOWN = 64;

/**
 * Puts sampled notes into a piece in place of those that do not stay. All other
 * notes, and all controls but the pedals of parts made anew, are the same objects.
 *
 * @param random Decides how they are played, where the piece was played.
 */
export function placeNotes(
  piece: NoteSequence,
  sampled: readonly InfilledNote[],
  { redone, around, swing, drums, random }: {
    readonly redone: Redone;
    readonly around: Surroundings;
    /** Where off-beats fall in the beat. */
    readonly swing: number;
    /** How the drums among them play. @default as sampled */
    readonly drums?: DrumWish | undefined;
    readonly random: Random;
  },
): NoteSequence {
  const { from, to, parts } = redone;
  const kept = piece.notes.filter(({ part, startTicks }) =>
    !parts.has(part) || startTicks < from || startTicks >= to
  );
  const onGrid: NoteSequence = {
    ...emptySequence(piece.ticksPerQuarter),
    parts: piece.parts,
    notes: sortNotes(notesOf(piece, sampled, { redone, around })),
    totalTicks: Math.max(to, ...ringsOf(piece, redone).values()) - from,
  };
  const beaten = drums ? withDrums(onGrid, drums, piece, redone) : onGrid;
  const pedalled = pedalledParts(piece, redone);
  const late = (ticks: number) => swung(ticks, piece.ticksPerQuarter, swing);
  const { notes, controls } = played(
    onlyPedalled(withPedal(beaten), beaten, pedalled),
    piece,
    { around, random },
  );
  const fresh = notes.map((note): Note => ({
    ...note,
    startTicks: from + late(note.startTicks),
    endTicks: from + late(note.endTicks),
  }));
  return {
    ...piece,
    notes: sortNotes([...kept, ...between(fresh, kept, piece)]),
    controls: withPedals(
      piece.controls,
      controls.map((change) => ({
        ...change,
        ticks: from + late(change.ticks),
      })),
      { redone, pedalled },
    ),
  };
}

/** Notes at ticks from 0 on whose drums have the beat and the sounds asked. */
function withDrums(
  fresh: NoteSequence,
  drums: DrumWish,
  piece: NoteSequence,
  { from, to }: Redone,
): NoteSequence {
  // Fills are counted from the beginning of a piece.
  const { fillEvery: _, ...wish } = drums;
  const { notes } = playDrums({
    ...fresh,
    timeSignatures: [{ ticks: 0, ...meterAt(piece, from) }],
    totalTicks: to - from,
  }, wish);
  return { ...fresh, notes };
}

/** By part whose notes ring on after the stretch: until when. */
function ringsOf(
  { notes }: NoteSequence,
  { from, to, parts }: Redone,
): Map<number, number> {
  const rings = new Map<number, number>();
  for (const { part, startTicks, endTicks } of notes) {
    const isOld = parts.has(part) && startTicks >= from && startTicks < to;
    if (!isOld || endTicks <= to) continue;
    rings.set(part, Math.max(rings.get(part) ?? to, endTicks));
  }
  return rings;
}

/** The sampled notes at ticks from `from` on, each in a part it stands for. */
function notesOf(
  piece: NoteSequence,
  sampled: readonly InfilledNote[],
  { redone: { from, to, parts }, around }: {
    readonly redone: Redone;
    readonly around: Surroundings;
  },
): Note[] {
  const { ticksPerStep, instrumentOf, heard: { instruments } } = around;
  const length = to - from, rings = ringsOf(piece, { from, to, parts });
  return sampled.flatMap((note): Note[] => {
    const able = [...parts].filter((part) =>
      instrumentOf[part] === note.instrument
    );
    const apart = (part: number) =>
      Math.abs((instruments.meanPitches[part] || 60) - note.pitch);
    const part = able.reduce((a, b) => apart(b) < apart(a) ? b : a);
    const startTicks = Math.round(note.start * ticksPerStep);
    if (startTicks >= length) return [];
    const { isDrum } = piece.parts[part]!;
    return [{
      pitch: isDrum ? instruments.soundingDrum(note.pitch) : note.pitch,
      velocity: note.velocity,
      startTicks,
      endTicks: Math.max(
        startTicks + 1,
        Math.min(
          Math.round(note.end * ticksPerStep),
          (rings.get(part) ?? to) - from,
        ),
      ),
      part,
    }];
  });
}

/** Played a little late and unevenly, where the piece was. */
function played(
  fresh: NoteSequence,
  piece: NoteSequence,
  { around: { ticksPerStep }, random }: {
    readonly around: Surroundings;
    readonly random: Random;
  },
): NoteSequence {
  const onGrid = piece.notes.filter(({ startTicks }) => {
    const steps = startTicks / ticksPerStep;
    return Math.abs(steps - Math.round(steps)) <= ON_GRID_STEPS;
  });
  if (onGrid.length >= GRID_SHARE * piece.notes.length) return fresh;
  const late = humanize(rescaleSequence(fresh, HUMAN_TICKS), random);
  return rescaleSequence(late, piece.ticksPerQuarter);
}

/** Parts made anew that have a pedal, and a channel of their own. */
function pedalledParts(
  { parts, controls }: NoteSequence,
  redone: Redone,
): Set<number> {
  const channels = channelsOf(parts);
  const withPedals = new Set(controls.filter(isPedal).map(({ part }) => part));
  const isAlone = (part: number) =>
    channels.filter((channel) => channel === channels[part]).length === 1;
  return new Set(
    [...redone.parts].filter((part) => withPedals.has(part) && isAlone(part)),
  );
}

function isPedal({ controller }: ControlChange): boolean {
  return controller === SUSTAIN_PEDAL;
}

/** Notes of parts without a pedal as they are heard, the others as played with it. */
function onlyPedalled(
  withPedals: NoteSequence,
  heard: NoteSequence,
  pedalled: ReadonlySet<number>,
): NoteSequence {
  return {
    ...withPedals,
    notes: sortNotes([
      ...withPedals.notes.filter(({ part }) => pedalled.has(part)),
      ...heard.notes.filter(({ part }) => !pedalled.has(part)),
    ]),
    controls: withPedals.controls.filter(({ part }) => pedalled.has(part)),
  };
}

/**
 * New notes that strike no pitch which their channel holds, and end before another
 * note strikes theirs. One that a held note covers for more than half is left out.
 */
function between(
  fresh: readonly Note[],
  kept: readonly Note[],
  { parts }: NoteSequence,
): Note[] {
  const channels = channelsOf(parts);
  const keyOf = ({ part, pitch }: Note) => 128 * channels[part]! + pitch;
  const held = Map.groupBy(kept, keyOf), own = Map.groupBy(fresh, keyOf);
  return fresh.flatMap((note): Note[] => {
    let { startTicks, endTicks } = note;
    const others = held.get(keyOf(note)) ?? [];
    for (const other of others) {
      const rings = other.startTicks <= note.startTicks;
      if (rings) startTicks = Math.max(startTicks, other.endTicks);
    }
    for (const other of [...others, ...own.get(keyOf(note))!]) {
      if (other.startTicks > note.startTicks) {
        endTicks = Math.min(endTicks, other.startTicks);
      }
    }
    const isCovered =
      2 * (startTicks - note.startTicks) > endTicks - note.startTicks;
    return isCovered || startTicks >= endTicks
      ? []
      : [{ ...note, startTicks, endTicks }];
  });
}

/**
 * The controls of a piece with other pedals in bars made anew. A pedal that is down
 * before them lifts in them by the time the new ones begin, and one that is down
 * after them goes down again at their end.
 */
function withPedals(
  controls: readonly ControlChange[],
  fresh: readonly ControlChange[],
  { redone: { from, to }, pedalled }: {
    readonly redone: Redone;
    readonly pedalled: ReadonlySet<number>;
  },
): readonly ControlChange[] {
  if (pedalled.size === 0) return controls;
  const isIn = ({ ticks }: ControlChange) => ticks >= from && ticks < to;
  const isReplaced = (change: ControlChange) =>
    isPedal(change) && pedalled.has(change.part) && isIn(change);
  const added = fresh.map((change) => ({
    ...change,
    ticks: Math.min(change.ticks, to - 1),
  }));
  for (const part of pedalled) {
    const pedal = { part, controller: SUSTAIN_PEDAL };
    const own = controls.filter((change) =>
      isPedal(change) && change.part === part
    );
    const isDownAt = (ticks: number) =>
      (own.findLast((change) => change.ticks < ticks)?.value ?? 0) >= DOWN;
    if (isDownAt(from)) {
      const lift = own.find((change) => isIn(change) && change.value < DOWN);
      const next = fresh.find((change) => change.part === part);
      const ticks = Math.min(lift?.ticks ?? from, next?.ticks ?? Infinity);
      added.push({ ...pedal, ticks, value: 0 });
    }
    if (isDownAt(to)) added.push({ ...pedal, ticks: to - 1, value: 127 });
  }
  added.sort((a, b) =>
    a.ticks - b.ticks || a.part - b.part || a.value - b.value
  );
  return [...controls.filter((change) => !isReplaced(change)), ...added]
    .sort((a, b) => a.ticks - b.ticks || a.part - b.part);
}
