/**
 * Which notes and chords music21 finds in a MIDI file, and in which order: the
 * reading that the original Immersic's tokens come from. It is what music21
 * 10.5 does in `converter.parse`, `instrument.partitionByInstrument` and the
 * first part of the result, reimplemented from its behaviour.
 *
 * Track by track: notes that begin together and end together make a chord; times
 * are rounded to the nearest sixteenth or triplet eighth; notes that overlap
 * inside a bar are assigned to voices; barlines cut notes that sound across them,
 * and each part of a cut note counts again. Then the tracks that have the first
 * instrument's name are merged.
 *
 * Times and durations are twelfths of a quarter note, so whole numbers on both
 * grids.
 */

import { ticksPerBar } from "../../music/music.ts";
import { type BarLength, type Chord, cutAtBarlines, inOrder } from "./bars.ts";
import { namesInstrument, programInstrument } from "./instruments.ts";
import type {
  InstrumentEvent,
  KeyEvent,
  TrackEvents,
} from "../../midi/midi.ts";

/** Twelfths in a quarter note. */
export const TWELFTHS = 12;

/** A chord or note at the time that music21 gives it. */
export interface ReadChord extends Chord {
  /** Time from the start of its bar; `start` counts from the start of the part. */
  readonly position: number;
}

/** An instrument of a track, and when it begins. */
interface PartInstrument {
  /** "" if it has none. */
  readonly name: string;
  readonly start: number;
}

/** Meters and events of tracks without notes; they apply to the tracks after them. */
interface Conductor {
  meters: readonly BarLength[];
  /** Times of its events. */
  marks: readonly number[];
}

interface ReadPart {
  readonly chords: readonly ReadChord[];
  readonly instruments: readonly PartInstrument[];
}

/** Gives the time of an event in twelfths of a quarter. */
type Placing = (event: { readonly ticks: number }) => number;

const DRUM_CHANNEL = 9;
/** Grid steps in a quarter note: sixteenths, and triplet eighths. */
const DIVISORS = [4, 3] as const;

/**
 * The chords of the part that music21 puts first.
 *
 * @param tracks The tracks of a file in their order.
 * @param ticksPerQuarter Ticks in a quarter note.
 * @returns Chords and notes; percussion has no pitches and is left out.
 */
export function readChords(
  tracks: readonly TrackEvents[],
  ticksPerQuarter: number,
): ReadChord[] {
  const place: Placing = ({ ticks }) => nearestPlace(ticks / ticksPerQuarter);
  const conductor: Conductor = { meters: [], marks: [] };
  const parts: ReadPart[] = [];
  for (const track of tracks) {
    if (track.keys.some((key) => key.velocity > 0)) {
      parts.push(readPart(track, conductor, ticksPerQuarter));
    } else {
      conductor.meters = [...conductor.meters, ...metersOf(track, place)];
      conductor.marks = [...conductor.marks, ...changesOf(track).map(place)];
    }
  }
  return firstPart(parts).filter((chord) => !chord.isDrum);
}

function readPart(
  track: TrackEvents,
  conductor: Conductor,
  ticksPerQuarter: number,
): ReadPart {
  const place: Placing = ({ ticks }) => nearestPlace(ticks / ticksPerQuarter);
  const groups = groupNotes(pairKeys(track.keys), ticksPerQuarter);
  const instruments = instrumentsOf(track.instruments, place);
  const marks = [
    ...changesOf(track).map(place),
    ...instruments.map((instrument) => instrument.start),
  ];
  const ownMeters = metersOf(track, place);
  const bars = cutAtBarlines(
    quantize(groups.chords, marks, ticksPerQuarter),
    conductor.meters.length > 0 ? conductor.meters : ownMeters,
    [...conductor.marks, ...marks],
    groups.needVoices,
  );
  // A bar that is longer than its meter says delays all bars after it.
  let delay = 0;
  const delays = bars.map((bar) => (delay += bar.excess) - bar.excess);
  const chords = bars.flatMap((bar, index) =>
    bar.chords.map((chord) => ({
      ...chord,
      position: chord.start,
      start: bar.start + delays[index]! + chord.start,
    }))
  );
  return {
    chords: inOrder(chords),
    instruments: instruments.map(({ name, start }) => ({
      name,
      start: start +
        (delays[bars.findLastIndex((bar) => bar.start <= start)] ?? 0),
    })),
  };
}

const changesOf = (track: TrackEvents) => [
  ...track.timeSignatures,
  ...track.tempos,
  ...track.keySignatures,
];

const metersOf = (track: TrackEvents, place: Placing): BarLength[] =>
  track.timeSignatures.map((meter) => ({
    start: place(meter),
    barLength: ticksPerBar(meter, TWELFTHS),
  }));

/** The nearest multiple of a grid's unit, and its distance from `quarters`. */
function nearestMultiple(quarters: number, unit: number): [number, number] {
  const low = unit * Math.floor(quarters / unit);
  const match = quarters <= low + unit / 2
    ? low
    : unit * (Math.floor(quarters / unit) + 1);
  // Rounded, so that errors that differ only by floating point count as equal.
  return [match, Number(Math.abs(quarters - match).toFixed(7))];
}

/** The nearest time on either grid; of two equally near, the sixteenth. */
function nearestPlace(quarters: number): number {
  const places = DIVISORS.map((d) => nearestMultiple(quarters, 1 / d));
  const fine = places[0]!, coarse = places[1]!;
  return Math.round(TWELFTHS * (fine[1] <= coarse[1] ? fine : coarse)[0]);
}

/**
 * The duration of a chord, at least one unit: on the grid that fills more of the
 * gap to the next event; if both fill as much, on the nearer one.
 *
 * @param gap Twelfths to the next event in the track, or 0.
 */
function nearestDuration(quarters: number, gap: number): number {
  const found = DIVISORS.map((divisor) => {
    const unit = 1 / divisor;
    let [match, error] = nearestMultiple(quarters, unit);
    if (match === 0) {
      match = unit;
      error = Number(Math.abs(quarters - unit).toFixed(7));
    }
    // In floating point, as music21 computes it: there a quarter is no multiple
    // of a third of a quarter.
    const left = gap / TWELFTHS % unit === 0
      ? 0
      : Math.max(gap / TWELFTHS - match, 0);
    return { match, error, left };
  });
  const fine = found[0]!, coarse = found[1]!;
  const best = coarse.left < fine.left ||
      coarse.left === fine.left && coarse.error < fine.error
    ? coarse
    : fine;
  return Math.round(TWELFTHS * best.match);
}

/** A pressed key and the time at which music21 ends its note. */
interface PairedKey extends KeyEvent {
  readonly endTicks: number;
}

/** Notes struck together, not yet rounded to the grid. */
interface Group extends Omit<Chord, "isGrace" | "start" | "duration"> {
  readonly ticks: number;
  readonly durationTicks: number;
}

/**
 * Pairs each pressed key with the key's next release, even if the same release
 * ends another note of the key. A key that is never released gives no note.
 */
function pairKeys(events: readonly KeyEvent[]): PairedKey[] {
  const releases = new Map<number, number>();
  const notes: PairedKey[] = [];
  for (const event of events.toReversed()) {
    const key = event.channel * 128 + event.pitch;
    const endTicks = releases.get(key);
    if (event.velocity === 0) releases.set(key, event.ticks);
    else if (endTicks !== undefined) notes.push({ ...event, endTicks });
  }
  return notes.reverse();
}

/**
 * Groups notes that begin less than a sixteenth after the first and end within a
 * sixteenth of it into a chord. The chord begins with its first note and has the
 * length of its last; a note may belong to several chords.
 *
 * @returns The chords, and whether voices are needed because notes begin together
 * but do not end together.
 */
function groupNotes(notes: readonly PairedKey[], ticksPerQuarter: number) {
  const tolerance = ticksPerQuarter / Math.max(...DIVISORS);
  const gathered = new Set<PairedKey>();
  const chords: Group[] = [];
  let needVoices = false;
  for (const [index, first] of notes.entries()) {
    if (gathered.has(first)) continue;
    const group = [first];
    for (let other = index + 1; other < notes.length; other++) {
      const note = notes[other]!;
      if (note.ticks - first.ticks >= tolerance) break;
      if (Math.abs(note.endTicks - first.endTicks) > tolerance) {
        needVoices = true;
      } else {
        group.push(note);
        gathered.add(note);
      }
    }
    const last = group.at(-1)!;
    chords.push({
      ticks: first.ticks,
      durationTicks: last.endTicks - last.ticks,
      pitches: group.map((note) => note.pitch),
      velocity: Math.max(...group.map((note) => note.velocity)),
      isDrum: group.some((note) => note.channel === DRUM_CHANNEL),
    });
  }
  return { chords, needVoices };
}

/**
 * Rounds chords to the grid.
 *
 * @param marks Times of the track's other events.
 */
function quantize(
  groups: readonly Group[],
  marks: readonly number[],
  ticksPerQuarter: number,
): Chord[] {
  const starts = groups.map(({ ticks }) =>
    nearestPlace(ticks / ticksPerQuarter)
  );
  const places = [...starts, ...marks].sort((a, b) => a - b);
  let next = 0;
  return groups.map(({ ticks: _, durationTicks, ...chord }, index) => {
    const start = starts[index]!;
    while ((places[next] ?? Infinity) <= start) next++;
    const isGrace = durationTicks === 0;
    const gap = (places[next] ?? start) - start;
    const quarters = durationTicks / ticksPerQuarter;
    const duration = isGrace ? 0 : nearestDuration(quarters, gap);
    return { ...chord, isGrace, start, duration };
  });
}

/** The instruments of a track by their names in music21. */
function instrumentsOf(
  events: readonly InstrumentEvent[],
  place: Placing,
): PartInstrument[] {
  const all = events.map((event) => {
    const start = place(event);
    if ("program" in event) {
      const isDrum = event.channel === DRUM_CHANNEL;
      return { start, name: programInstrument(event.program, isDrum) };
    }
    const isTrackName = "trackName" in event;
    const text = isTrackName ? event.trackName : event.instrumentName;
    const title = text.split("\0")[0]!.trim();
    const saysNothing = /^(inst|instrument)?( ?\d+)?$/i.test(title);
    const isName = !isTrackName && !saysNothing || namesInstrument(title);
    return {
      start,
      name: isName ? title : "",
      trackName: isTrackName && !saysNothing ? title : "",
    };
  });
  const distinct = (names: (string | undefined)[]) =>
    new Set(names.filter(Boolean)).size;
  const contradicts = distinct(all.map((instrument) => instrument.name)) > 1 ||
    distinct(all.map((instrument) => instrument.trackName)) > 1;
  if (contradicts) return all;
  // All names agree: the track has one instrument.
  const one = all.find((instrument) => instrument.name) ?? all[0];
  return one ? [one] : [];
}

/**
 * The chords of the first instrument, from all parts that have an instrument of
 * its name. An instrument lasts until the next one in its part; chords before a
 * part's first instrument are dropped. Without instruments, the first part whole.
 */
function firstPart(parts: readonly ReadPart[]): readonly ReadChord[] {
  const first = parts.find((part) => part.instruments.length > 0);
  if (!first) return parts[0]?.chords ?? [];
  const { name } = first.instruments[0]!;
  return inOrder(parts.flatMap(({ chords, instruments }) => {
    const taken = new Set<ReadChord>();
    for (const [index, instrument] of instruments.entries()) {
      if (instrument.name !== name) continue;
      const { start } = instrument;
      const end = instruments[index + 1]?.start ?? Infinity;
      for (const chord of chords) {
        const isInside = start < end
          ? start <= chord.start && chord.start < end
          : start === chord.start && chord.isGrace;
        if (isInside) taken.add(chord);
      }
    }
    return [...taken];
  }));
}
