/**
 * Which notes and chords music21 sees in a MIDI file, and in which order: the
 * reading under the original Immersic alphabet. It is what music21 10.5 does in
 * `converter.parse`, `instrument.partitionByInstrument` and the first part of
 * the result, learnt from it and written afresh.
 *
 * Track by track: notes that begin together and end together make one chord;
 * times go to the nearest sixteenth or triplet eighth; notes that overlap inside
 * a bar are dealt to voices; barlines cut what sounds across them, and each
 * piece counts again. Then the tracks of the first instrument's name are merged.
 *
 * Times from {@linkcode place} on are twelfths of a quarter note, since both
 * grids have all their places there.
 */

import {
  type Chord,
  cutAtBarlines,
  inOrder,
  type Meter,
} from "./chord_bars.ts";
import { namesInstrument, programInstrument } from "./chord_instruments.ts";

/** A key pressed, or let go where the velocity is 0. */
export interface NoteEvent {
  readonly ticks: number;
  /** 0–15; 9 is percussion. */
  readonly channel: number;
  readonly pitch: number;
  readonly velocity: number;
}

/** What a track or its instrument is called from some tick on. */
export type InstrumentEvent =
  | {
    readonly ticks: number;
    readonly channel: number;
    readonly program: number;
  }
  | { readonly ticks: number; readonly trackName: string }
  | { readonly ticks: number; readonly instrumentName: string };

/** A track of a MIDI file; events of each kind are in the order of the file. */
export interface TrackEvents {
  readonly notes: readonly NoteEvent[];
  readonly instruments: readonly InstrumentEvent[];
  readonly timeSignatures: readonly {
    readonly ticks: number;
    readonly numerator: number;
    readonly denominator: number;
  }[];
  readonly tempos: readonly { readonly ticks: number }[];
  readonly keySignatures: readonly { readonly ticks: number }[];
}

interface Instrument {
  /** Ticks, then twelfths. */
  readonly start: number;
  /** "" for an instrument that has no name. */
  readonly name: string;
}

interface Conductor {
  readonly meters: Meter[];
  /** Where its meters, tempos and keys stand. */
  readonly marks: number[];
}

interface ReadPart {
  readonly chords: readonly Chord[];
  readonly instruments: readonly Instrument[];
  readonly length: number;
}

const TWELFTHS = 12;
const DRUM_CHANNEL = 9;
/** Sixteenths, then triplet eighths. */
const DIVISORS = [4, 3] as const;

/**
 * The chords of the part that music21 puts first.
 *
 * @param tracks The tracks of a file in their order.
 * @param ticksPerQuarter Ticks in a quarter note.
 * @returns MIDI pitches of chord after chord; a single pitch is a note.
 * Percussion has no pitches and is left out.
 */
export function readChords(
  tracks: readonly TrackEvents[],
  ticksPerQuarter: number,
): number[][] {
  const parts: ReadPart[] = [];
  /** What the tracks without notes so far tell the others. */
  const conductor: Conductor = { meters: [], marks: [] };
  for (const track of tracks) {
    if (track.notes.some((note) => note.velocity > 0)) {
      parts.push(readPart(track, conductor, ticksPerQuarter));
    } else {
      conductor.meters.push(...metersOf(track, ticksPerQuarter));
      conductor.marks.push(
        ...marksOf(track).map((event) =>
          nearestPlace(event.ticks / ticksPerQuarter)
        ),
      );
    }
  }
  return firstPart(parts).filter((chord) => !chord.isDrum)
    .map((chord) => [...chord.pitches]);
}

function readPart(
  track: TrackEvents,
  conductor: Conductor,
  ticksPerQuarter: number,
): ReadPart {
  const place = (event: { readonly ticks: number }) =>
    nearestPlace(event.ticks / ticksPerQuarter);
  const groups = groupNotes(pairNotes(track.notes), ticksPerQuarter);
  // A duration is stretched towards the next place where anything happens.
  const places = [
    ...groups.chords,
    ...track.instruments,
    ...marksOf(track),
  ].map(place).sort((a, b) => a - b);
  const chords = groups.chords.map((group): Chord => {
    const start = place(group);
    const gap = (places[upperBound(places, start)] ?? start) - start;
    return {
      pitches: group.pitches,
      isDrum: group.isDrum,
      isGrace: group.durationTicks === 0,
      start,
      duration: group.durationTicks === 0
        ? 0
        : nearestDuration(group.durationTicks / ticksPerQuarter, gap),
    };
  });

  const bars = cutAtBarlines(
    chords,
    conductor.meters.length > 0
      ? conductor.meters
      : metersOf(track, ticksPerQuarter),
    [
      ...conductor.marks,
      ...marksOf(track).map(place),
      ...track.instruments.map(place),
    ],
    groups.needVoices,
  );
  let length = 0;
  const barStarts = bars.map((bar) => (length += bar.extent) - bar.extent);
  return {
    chords: inOrder(bars.flatMap((bar, index) =>
      bar.chords.map((chord) => ({
        ...chord,
        start: barStarts[index] + chord.start,
      }))
    )),
    instruments: instrumentsOf(track.instruments).map((instrument) => {
      const start = nearestPlace(instrument.start / ticksPerQuarter);
      const index = bars.findLastIndex((bar) => bar.start <= start);
      return {
        name: instrument.name,
        start: barStarts[index] + start - bars[index].start,
      };
    }),
    length,
  };
}

/** Index of the first of some sorted numbers that is above a limit. */
function upperBound(sorted: readonly number[], limit: number): number {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A multiple of a grid's unit, and how far it is from what was asked for. */
function nearestMultiple(quarters: number, unit: number): [number, number] {
  const low = unit * Math.floor(quarters / unit);
  const match = quarters <= low + unit / 2
    ? low
    : unit * (Math.floor(quarters / unit) + 1);
  // Errors that differ by rounding only are to count as alike.
  return [match, Number(Math.abs(quarters - match).toFixed(7))];
}

/** The nearest place of either grid, on a draw that of the sixteenths. */
function nearestPlace(quarters: number): number {
  const [fine, coarse] = DIVISORS.map((d) => nearestMultiple(quarters, 1 / d));
  return Math.round(TWELFTHS * (fine[1] <= coarse[1] ? fine : coarse)[0]);
}

/**
 * The duration of a chord: on the grid that leaves less of the gap open, then
 * on the nearer one; at least one unit.
 *
 * @param gap Twelfths to the next place where anything happens, or 0.
 */
function nearestDuration(quarters: number, gap: number): number {
  const found = DIVISORS.map((divisor) => {
    const unit = 1 / divisor;
    let [match, error] = nearestMultiple(quarters, unit);
    if (match === 0) {
      match = unit;
      error = Number(Math.abs(quarters - unit).toFixed(7));
    }
    // In floating point, as music21 has it: a whole quarter is then no
    // multiple of a third.
    const left = gap / TWELFTHS % unit === 0
      ? 0
      : Math.max(gap / TWELFTHS - match, 0);
    return { match, error, left };
  });
  const [fine, coarse] = found;
  const best = coarse.left < fine.left ||
      coarse.left === fine.left && coarse.error < fine.error
    ? coarse
    : fine;
  return Math.round(TWELFTHS * best.match);
}

interface PairedNote {
  readonly event: NoteEvent;
  readonly endTicks: number;
}

/**
 * Each key pressed ends at the next release of that key, also one that ended
 * another already. A key never released afterwards is no note.
 */
function pairNotes(events: readonly NoteEvent[]): PairedNote[] {
  const releases = new Map<number, number>();
  const notes: PairedNote[] = [];
  for (const event of events.toReversed()) {
    const key = event.channel * 128 + event.pitch;
    if (event.velocity === 0) releases.set(key, event.ticks);
    else if (releases.has(key)) {
      notes.push({ event, endTicks: releases.get(key)! });
    }
  }
  return notes.reverse();
}

/**
 * Notes that begin less than a sixteenth after the first and end within a
 * sixteenth of it make a chord. A note may go into several chords. The chord is
 * where its first note is and has the length of its last.
 *
 * @returns The chords and whether notes began together that did not end
 * together, so that voices are needed.
 */
function groupNotes(notes: readonly PairedNote[], ticksPerQuarter: number) {
  const tolerance = ticksPerQuarter / Math.max(...DIVISORS);
  const gathered = new Set<number>();
  const chords = [];
  let needVoices = false;
  for (const [index, first] of notes.entries()) {
    if (gathered.has(index)) continue;
    const group = [first];
    for (let other = index + 1; other < notes.length; other++) {
      const note = notes[other];
      if (note.event.ticks - first.event.ticks >= tolerance) break;
      if (Math.abs(note.endTicks - first.endTicks) > tolerance) {
        needVoices = true;
      } else {
        group.push(note);
        gathered.add(other);
      }
    }
    const last = group[group.length - 1];
    chords.push({
      ticks: first.event.ticks,
      durationTicks: last.endTicks - last.event.ticks,
      pitches: group.map((note) => note.event.pitch),
      isDrum: group.some((note) => note.event.channel === DRUM_CHANNEL),
    });
  }
  return { chords, needVoices };
}

const marksOf = (track: TrackEvents) => [
  ...track.timeSignatures,
  ...track.tempos,
  ...track.keySignatures,
];

function metersOf(track: TrackEvents, ticksPerQuarter: number): Meter[] {
  return track.timeSignatures.map(({ ticks, numerator, denominator }) => ({
    start: nearestPlace(ticks / ticksPerQuarter),
    barLength: 4 * TWELFTHS * numerator / denominator,
  }));
}

/** The instruments of a track, starts in ticks. */
function instrumentsOf(events: readonly InstrumentEvent[]): Instrument[] {
  const all = events.map((event) => {
    const start = event.ticks;
    if ("program" in event) {
      const isDrum = event.channel === DRUM_CHANNEL;
      return { start, name: programInstrument(event.program, isDrum) };
    }
    const isTrackName = "trackName" in event;
    const text = isTrackName ? event.trackName : event.instrumentName;
    const title = text.split("\0")[0].trim();
    const isPlain = /^(inst|instrument)?( \d+)?$/i.test(title);
    return {
      start,
      name: namesInstrument(title) || !isTrackName && !isPlain ? title : "",
      trackName: isTrackName && !isPlain ? title : "",
    };
  });
  const names = new Set(all.map(({ name }) => name).filter(Boolean));
  const trackNames = new Set(
    all.map(({ trackName }) => trackName).filter(Boolean),
  );
  if (names.size > 1 || trackNames.size > 1) return all;
  // Where a track does not contradict itself it has one instrument.
  const one = all.find(({ name }) => name) ?? all[0];
  return one ? [one] : [];
}

/**
 * The chords of the instrument that comes first, from all parts that have an
 * instrument of its name. An instrument lasts until the next one of its part;
 * what stands before the first is lost. Without any instruments it is the first
 * part as it is.
 */
function firstPart(parts: readonly ReadPart[]): Chord[] {
  const first = parts.find((part) => part.instruments.length > 0);
  if (!first) return [...parts[0]?.chords ?? []];
  const { name } = first.instruments[0];
  return inOrder(parts.flatMap(({ chords, instruments, length }) => {
    const taken = new Set<Chord>();
    for (const [index, { name: itsName, start }] of instruments.entries()) {
      if (itsName !== name) continue;
      const end = instruments[index + 1]?.start ?? length;
      for (const chord of chords) {
        const inside = start < end
          ? chord.start >= start && chord.start < end
          : chord.isGrace && chord.start === start;
        if (inside) taken.add(chord);
      }
    }
    return [...taken];
  }));
}
