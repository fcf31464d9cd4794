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
 * grids. Time and memory grow in proportion to the events and the chords.
 */

import { ticksPerBar } from "../../music/music.ts";
import { type BarLength, cutAtBarlines } from "./bars.ts";
import { nearestDuration, nearestPlace, TWELFTHS } from "./grid.ts";
import { groupNotes } from "./grouping.ts";
import { instrumentsOf, type PartInstrument } from "./instruments.ts";
import { type Chord, sortChords } from "./timed_chords.ts";
import { WorkLimits } from "./work_limits.ts";
import type { TrackEvents } from "../../midi/midi.ts";

/** A chord or note at the time that music21 gives it. */
export type ReadChord = Readonly<Chord>;

/** The parts of a track that `readPart()` needs. */
interface PartSource {
  readonly track: TrackEvents;
  readonly instruments: readonly PartInstrument[];
}

const COMMON_TIME: BarLength = { start: 0, barLength: 48 };

/**
 * The chords of the part that music21 puts first: those of the first instrument,
 * from all tracks that have one of its name. Without instruments, the first track
 * that has notes.
 *
 * @param tracks The tracks of a file in their order.
 * @param ticksPerQuarter Ticks in a quarter note.
 * @returns Chords and notes; percussion has no pitches and is left out.
 * @throws {LimitError} If there are more bars, or notes sound across more
 * barlines, than any real piece has.
 */
export function readChords(
  tracks: readonly TrackEvents[],
  ticksPerQuarter: number,
): ReadChord[] {
  const sources = tracks.filter(hasNotes).map((track) => ({
    track,
    instruments: instrumentsOf(track.instruments, ticksPerQuarter),
  }));
  const first = sources.find(({ instruments }) => instruments.length > 0);
  const name = first?.instruments[0]?.name;
  const chosen = new Map(
    (name === undefined
      ? sources.slice(0, 1)
      : sources.filter((source) =>
        source.instruments.some((instrument) => instrument.name === name)
      )).map((source) => [source.track, source]),
  );
  const conductor = new Conductor(ticksPerQuarter);
  const limits = new WorkLimits();
  const parts: Chord[][] = [];
  for (const track of tracks) {
    const source = chosen.get(track);
    if (source !== undefined) {
      parts.push(readPart(source, name, conductor, limits));
    } else if (!hasNotes(track)) conductor.add(track);
  }
  return sortChords(parts.flat()).filter((chord) => !chord.isDrum);
}

const hasNotes = ({ keys }: TrackEvents) =>
  keys.some((key) => key.velocity > 0);

/** Meters and events of the tracks without notes; they apply to the tracks after them. */
class Conductor {
  readonly ticksPerQuarter: number;
  #meters: BarLength[] = [];
  #marks: number[] = [];
  #isSorted = true;

  constructor(ticksPerQuarter: number) {
    this.ticksPerQuarter = ticksPerQuarter;
  }

  /** Takes over what a track says. */
  add(track: TrackEvents): void {
    for (const meter of metersOf(track, this.ticksPerQuarter)) {
      this.#meters.push(meter);
    }
    for (const mark of changesOf(track, this.ticksPerQuarter)) {
      this.#marks.push(mark);
    }
    this.#isSorted = false;
  }

  /** All meters and times of events so far, sorted. */
  soFar(limits: WorkLimits): {
    readonly meters: readonly BarLength[];
    readonly marks: readonly number[];
  } {
    if (!this.#isSorted) {
      limits.countBars(this.#meters.length + this.#marks.length);
      this.#meters.sort((a, b) => a.start - b.start);
      this.#marks.sort((a, b) => a - b);
      this.#isSorted = true;
    }
    return { meters: this.#meters, marks: this.#marks };
  }
}

/**
 * The chords of a track that belong to an instrument, sorted.
 *
 * @param name Of the instrument; all chords if left out.
 */
function readPart(
  { track, instruments }: PartSource,
  name: string | undefined,
  conductor: Conductor,
  limits: WorkLimits,
): Chord[] {
  const { ticksPerQuarter } = conductor;
  const { chords, needVoices } = groupNotes(track.keys, ticksPerQuarter);
  const marks = [
    ...changesOf(track, ticksPerQuarter),
    ...instruments.map((instrument) => instrument.start),
  ].sort((a, b) => a - b);
  const given = conductor.soFar(limits);
  const meters = given.meters.length > 0
    ? given.meters
    : metersOf(track, ticksPerQuarter).sort((a, b) => a.start - b.start);
  quantize(chords, marks, ticksPerQuarter);
  const bars = cutAtBarlines({
    chords: sortChords(chords),
    meters: [COMMON_TIME, ...meters],
    marks: [given.marks, marks],
    useVoices: needVoices,
  }, limits);
  const cut: Chord[] = [];
  const starts: number[] = [];
  // A bar that is longer than its meter says delays all bars after it.
  let delay = 0, lastDelay = 0;
  for (const bar of bars) {
    // An instrument begins with the last bar that begins by then.
    while (
      starts.length < instruments.length &&
      instruments[starts.length]!.start < bar.start
    ) starts.push(instruments[starts.length]!.start + lastDelay);
    for (const chord of sortChords(bar.chords)) {
      chord.position = chord.start;
      chord.start += bar.start + delay;
      cut.push(chord);
    }
    lastDelay = delay;
    delay += bar.excess;
  }
  for (const { start } of instruments.slice(starts.length)) {
    starts.push(start + lastDelay);
  }
  if (name === undefined) return cut;
  return chordsOf(
    name,
    cut,
    instruments.map((instrument, i) => (
      { name: instrument.name, start: starts[i]! }
    )),
  );
}

/** Times of the meters, tempi and keys of a track. */
const changesOf = (track: TrackEvents, ticksPerQuarter: number): number[] =>
  [track.timeSignatures, track.tempos, track.keySignatures]
    .flatMap((changes) =>
      changes.map(({ ticks }) => nearestPlace(ticks / ticksPerQuarter))
    );

const metersOf = (track: TrackEvents, ticksPerQuarter: number): BarLength[] =>
  track.timeSignatures.map((meter) => ({
    start: nearestPlace(meter.ticks / ticksPerQuarter),
    barLength: ticksPerBar(meter, TWELFTHS),
  }));

/**
 * Rounds chords from ticks to the grid.
 *
 * @param chords Ascending in time.
 * @param marks Times of the track's other events.
 */
function quantize(
  chords: readonly Chord[],
  marks: readonly number[],
  ticksPerQuarter: number,
): void {
  for (const chord of chords) {
    chord.start = nearestPlace(chord.start / ticksPerQuarter);
  }
  const places = [...chords.map(({ start }) => start), ...marks]
    .sort((a, b) => a - b);
  let next = 0;
  for (const chord of chords) {
    const { start, duration, isGrace } = chord;
    while ((places[next] ?? Infinity) <= start) next++;
    const gap = (places[next] ?? start) - start;
    chord.duration = isGrace
      ? 0
      : nearestDuration(duration / ticksPerQuarter, gap);
  }
}

/**
 * The chords that an instrument plays. An instrument lasts until the next one in
 * its part; chords before a part's first instrument are dropped. Of instruments
 * that begin together, those before the last play only notes of no length.
 *
 * @param chords Of one part, sorted.
 * @param instruments Of the part, in order of their starts.
 */
function chordsOf(
  name: string,
  chords: readonly Chord[],
  instruments: readonly PartInstrument[],
): Chord[] {
  let next = 0;
  let namedStart: number | undefined;
  return chords.filter((chord) => {
    for (; next < instruments.length; next++) {
      const instrument = instruments[next]!;
      if (instrument.start > chord.start) break;
      if (instrument.name === name) namedStart = instrument.start;
    }
    return instruments[next - 1]?.name === name ||
      chord.isGrace && chord.start === namedStart;
  });
}
