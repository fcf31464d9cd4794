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
  /** Whether it has no length: music21 sorts it before others of the same time. */
  readonly isGrace: boolean;
  /** From the start of the bar for chords in bars, else from the start of the part. */
  readonly start: number;
  readonly duration: number;
}

/** The length of bars from `start` on. */
export interface BarLength {
  readonly start: number;
  readonly barLength: number;
}

/** A bar and the chords in it, cut at its barlines. Silent bars are left out. */
export interface Bar {
  /** Its start according to the meters. */
  readonly start: number;
  /** How much longer music21 makes it than its meter says. */
  readonly excess: number;
  /** In the order in which music21 visits them, not sorted. */
  readonly chords: readonly Chord[];
}

/** A voice of a bar, or the chords in no voice. */
interface Voice {
  chords: Chord[];
  /**
   * Whether music21 has cached where the voice ends. It then uses the cached end
   * even after the last chord has been cut.
   */
  isMeasured: boolean;
}

/** A bar while chords are still assigned and cut. */
interface OpenBar {
  readonly start: number;
  readonly length: number;
  extent: number;
  /** Empty unless chords overlap. */
  voices: Voice[];
  /** The chords in no voice. */
  loose: Voice;
}

const COMMON_TIME: BarLength = { start: 0, barLength: 48 };

/**
 * Chords sorted by time, at equal times those of no length first; the sort is
 * stable.
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

/** Whether any chord begins while an earlier one sounds; chords are sorted. */
function overlap(chords: readonly Chord[]): boolean {
  let end = 0;
  return chords.some((chord) => {
    const begins = chord.start < end;
    end = Math.max(end, chordEnd(chord));
    return begins;
  });
}

/**
 * Whether music21 takes the chords for sorted. It does not if a chord begins while
 * another sounds, nor if a chord begins where another ends and its start rounds
 * down in floating point.
 */
function staysSorted(chords: readonly Chord[]): boolean {
  return chords.every((chord, index) => {
    const before = index > 0 ? chordEnd(chords[index - 1]!) : 0;
    return before < chord.start ||
      before === chord.start && !roundsDown(chord.start);
  });
}

/** Whether floating point rounds a time down when it is given in quarters. */
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
  // To place an event on the last barline music21 finds the ends of all bars.
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
    // While it looks for a free voice, music21 caches the ends of those it tries.
    let voice = bar.voices.find((voice) => {
      voice.isMeasured = true;
      return chordEnd(voice.chords.at(-1)!) <= chord.start;
    });
    if (!voice) bar.voices.push(voice = { chords: [], isMeasured: false });
    voice.chords.push(chord);
    voice.isMeasured = false;
  }
  // It also caches the first voice's end as it adds the second voice, if nothing
  // else begins inside the bar. Sorting a voice clears its cache.
  if (!hasMark) bar.voices[0]!.isMeasured = true;
  for (const voice of bar.voices) {
    voice.isMeasured &&= staysSorted(voice.chords);
  }
  bar.loose = { chords: [], isMeasured: false };
}

/**
 * Cuts the chords of a bar at its end and moves their second parts to the start of
 * the next bar. If neither bar has voices, or both have, these go to its loose
 * chords (in a bar with voices, loose chords are not cut again). If only one bar
 * has voices, they go to the next bar's first voice; where it has none, one is
 * made of all its chords.
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
      // Cutting a note clears its voice's cached end, cutting a chord does not;
      // filling a gap with a rest does, too.
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
      // Adding a chord beside voices makes music21 cache their ends.
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

/** Whether sorted chords sound without a break from 0 on. */
function isGapless(chords: readonly Chord[]): boolean {
  let end = 0;
  return chords.every((chord) => {
    const joins = chord.start <= end;
    end = Math.max(end, chordEnd(chord));
    return joins;
  });
}
