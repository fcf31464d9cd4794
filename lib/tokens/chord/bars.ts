/**
 * How music21 divides chords into bars: chords that overlap inside a bar are
 * assigned to voices, and a chord that sounds across a barline is cut there, so
 * that it counts once in each bar. See `reading.ts`.
 *
 * Times are twelfths of a quarter note.
 */

/** Notes struck together: a chord, or one note alone. */
export interface Chord {
  /** MIDI pitches, not sorted. */
  readonly pitches: readonly number[];
  /** MIDI velocity of its loudest note. */
  readonly velocity: number;
  readonly isDrum: boolean;
  /** Of no length: it stands before the others of its time. */
  readonly isGrace: boolean;
  /** In its part, or in its bar where it is in a bar. */
  readonly start: number;
  readonly duration: number;
}

/** A bar length that holds from `start` on. */
export interface BarLength {
  readonly start: number;
  readonly barLength: number;
}

/** A bar and the chords in it, cut at its barlines. Silent bars are left out. */
export interface Bar {
  /** Where the meter puts it. */
  readonly start: number;
  /** By how much music21 takes it to be longer than its meter says. */
  readonly excess: number;
  /** In the order in which music21 walks through them, not sorted. */
  readonly chords: readonly Chord[];
}

/** Chords in a line. */
interface Voice {
  chords: Chord[];
  /**
   * Whether music21 has noted when the voice ends, which it then believes even
   * when the chord at the end has been cut.
   */
  isMeasured: boolean;
}

/** A bar being made. */
interface OpenBar {
  readonly start: number;
  readonly length: number;
  extent: number;
  /** None unless chords overlap. */
  voices: Voice[];
  /** The chords in no voice. */
  loose: Voice;
}

const COMMON_TIME: BarLength = { start: 0, barLength: 48 };

/**
 * Chords sorted by time, those of no length first; others stay in order.
 *
 * @returns A new array.
 */
export function inOrder<T extends Chord>(chords: readonly T[]): T[] {
  return chords.toSorted((a, b) =>
    a.start - b.start || Number(b.isGrace) - Number(a.isGrace)
  );
}

/**
 * The bars of a track, its chords cut at the barlines.
 *
 * @param chords Chords of one track, starts in the track.
 * @param meters Bar lengths; 4/4 until the first.
 * @param marks Where the track has events that are not notes.
 * @param useVoices Whether chords that overlap go to voices.
 */
export function cutAtBarlines(
  chords: readonly Chord[],
  meters: readonly BarLength[],
  marks: readonly number[],
  useVoices: boolean,
): Bar[] {
  const bars = fillBars(inOrder(chords), meters, marks);
  if (useVoices) {
    for (const bar of bars) {
      assignVoices(
        bar,
        marks.some((at) => at > bar.start && at < bar.start + bar.length),
      );
    }
  }
  for (const [index, bar] of bars.entries()) {
    cutOff(bar, bars[index + 1]);
  }
  return bars.map((bar) => {
    const chords = [...bar.voices, bar.loose].flatMap((voice) => voice.chords);
    return {
      start: bar.start,
      excess: Math.max(bar.extent, end(chords)) - bar.length,
      chords,
    };
  });
}

const chordEnd = (chord: Chord) => chord.start + chord.duration;

const end = (chords: readonly Chord[]) =>
  chords.reduce((last, chord) => Math.max(last, chordEnd(chord)), 0);

/** Whether any of some chords in order begins while another sounds. */
function overlap(chords: readonly Chord[]): boolean {
  let end = 0;
  return chords.some((chord) => {
    const begins = chord.start < end;
    end = Math.max(end, chordEnd(chord));
    return begins;
  });
}

/**
 * Whether music21 takes chords for sorted as it adds them in order. One is out
 * of order if another sounds where it begins, and also where the other's end is
 * compared with its start after that was rounded down to floating point.
 */
function staysSorted(chords: readonly Chord[]): boolean {
  return chords.every((chord, index) => {
    const before = index > 0 ? chordEnd(chords[index - 1]!) : 0;
    return before < chord.start ||
      before === chord.start && !roundsDown(chord.start);
  });
}

/** Whether a place in quarters is less than it should be in floating point. */
function roundsDown(twelfths: number): boolean {
  const thirds = twelfths / 4;
  if (!Number.isInteger(thirds) || thirds % 3 === 0) return false;
  // The 53 bits of n/3 leave a remainder of 1, rounded down, or 2, rounded up:
  // n times a power of two, modulo 3, and that of the power alternates.
  const exponent = Math.floor(Math.log2(thirds / 3));
  return thirds * (exponent % 2 === 0 ? 1 : 2) % 3 === 1;
}

/** The bars in which chords begin or sound. */
function fillBars(
  chords: readonly Chord[],
  changes: readonly BarLength[],
  marks: readonly number[],
): OpenBar[] {
  const meters = [
    COMMON_TIME,
    ...changes.toSorted((a, b) => a.start - b.start),
  ];
  const bars: OpenBar[] = [];
  const lastEnd = marks.reduce(
    (last, mark) => Math.max(last, mark),
    end(chords),
  );
  let start = 0, meter = 0, next = 0, soundsUntil = 0;
  while (start < lastEnd || next < chords.length) {
    while ((meters[meter + 1]?.start ?? Infinity) <= start) meter++;
    const length = meters[meter]!.barLength;
    const idleUntil = Math.min(
      chords[next]?.start ?? lastEnd,
      meters[meter + 1]?.start ?? Infinity,
    );
    if (soundsUntil <= start && idleUntil >= start + length) {
      start += length * Math.floor((idleUntil - start) / length);
      continue;
    }
    const loose: Voice = { chords: [], isMeasured: false };
    for (; next < chords.length; next++) {
      const chord = chords[next]!;
      if (chord.start >= start + length) break;
      loose.chords.push({ ...chord, start: chord.start - start });
      soundsUntil = Math.max(soundsUntil, chordEnd(chord));
    }
    bars.push({ start, length, extent: length, voices: [], loose });
    start += length;
  }
  // To place an event on the last barline music21 measures all bars.
  if (start === lastEnd && marks.includes(lastEnd)) {
    for (const bar of bars) bar.loose.isMeasured = true;
  }
  return bars;
}

/**
 * If chords of a bar overlap, puts each in the first voice that is free.
 *
 * @param hasMark Whether anything but chords begins inside the bar.
 */
function assignVoices(bar: OpenBar, hasMark: boolean): void {
  if (!overlap(bar.loose.chords)) return;
  for (const chord of bar.loose.chords) {
    // Looking for a free voice measures those on the way.
    let voice = bar.voices.find((voice) => {
      voice.isMeasured = true;
      return chordEnd(voice.chords.at(-1)!) <= chord.start;
    });
    if (!voice) bar.voices.push(voice = { chords: [], isMeasured: false });
    voice.chords.push(chord);
    voice.isMeasured = false;
  }
  // So does putting the second voice into the bar the first, if the bar holds
  // nothing after its beginning. Sorting a voice forgets what was measured.
  if (!hasMark) bar.voices[0]!.isMeasured = true;
  for (const voice of bar.voices) {
    voice.isMeasured &&= staysSorted(voice.chords);
  }
  bar.loose = { chords: [], isMeasured: false };
}

/**
 * Cuts the chords of a bar at its end. What is left over goes to the beginning
 * of the next bar: to its loose chords if neither bar has voices; into its first
 * voice if one of them has, which takes in all chords of the next bar if that
 * one has none; and if both have, to the loose chords, which are not cut again.
 */
function cutOff(bar: OpenBar, following: OpenBar | undefined): void {
  const hasVoices = bar.voices.length > 0;
  const nextHasVoices = following !== undefined && following.voices.length > 0;
  for (const voice of hasVoices ? bar.voices : [bar.loose]) {
    voice.chords = inOrder(voice.chords);
    for (const [index, chord] of voice.chords.entries()) {
      const duration = bar.length - chord.start;
      if (chord.duration <= duration) continue;
      voice.chords[index] = { ...chord, duration };
      // Notes tell their voice that they were cut, chords do not. Neither does
      // it notice otherwise, unless a rest is put into a gap.
      if (
        voice.isMeasured && chord.pitches.length > 1 && !chord.isDrum &&
        isGapless(voice.chords)
      ) {
        bar.extent = Math.max(bar.extent, chordEnd(chord));
      }
      // No chord sounds beyond the last bar.
      const next = following!;
      if (hasVoices && !nextHasVoices) {
        const chords = [...next.voices, next.loose].flatMap((v) => v.chords);
        next.voices = [{ chords, isMeasured: false }];
        next.loose = { chords: [], isMeasured: false };
      }
      let target = next.loose;
      if (hasVoices !== nextHasVoices) target = next.voices[0]!;
      // Putting anything beside voices measures them.
      else next.voices.forEach((voice) => voice.isMeasured = true);
      target.isMeasured = false;
      target.chords.push({
        ...chord,
        start: 0,
        duration: chord.duration - duration,
      });
    }
  }
}

/** Whether chords in order sound without a break from 0 on. */
function isGapless(chords: readonly Chord[]): boolean {
  let end = 0;
  return chords.every((chord) => {
    const joins = chord.start <= end;
    end = Math.max(end, chordEnd(chord));
    return joins;
  });
}
