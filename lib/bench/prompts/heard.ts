/**
 * A finished file as another reader hears it: `@tonejs/midi`, and nothing of this
 * project's own code for music. The end of the longest track, which that one drops,
 * is from the parser below it, `midi-file`.
 */

import pkg from "@tonejs/midi";
import { parseMidi } from "midi-file";
import type { Interval, Window } from "./requirement.ts";

const { Midi } = pkg;

/** Notes on both sides of a border may cross it by so many seconds. */
const BORDER_SECONDS = 0.06;
/** Onsets within so many seconds of each other count once. */
const ONE_ONSET_SECONDS = 0.03;
const VOLUME = 7, EXPRESSION = 11, SUSTAIN = 64;

/** A note that sounds. */
export interface HeardNote {
  /** Seconds. */
  readonly start: number;
  /** Seconds; without the pedal. */
  readonly end: number;
  /** Seconds up to which the pedal holds it. */
  readonly release: number;
  /** Whether its start lies in the window. */
  readonly isOnset: boolean;
  readonly pitch: number;
  /** 1–127. */
  readonly velocity: number;
  readonly program: number;
  /** 0–15. */
  readonly channel: number;
  readonly isDrum: boolean;
}

/** A bar. */
export interface Bar {
  /** Seconds. */
  readonly start: number;
  /** Seconds. */
  readonly end: number;
  /** Such as "3/4". */
  readonly meter: string;
  /** Quarter notes before it. */
  readonly quarters: number;
}

/** What a controller of a channel is set to, in order of time. */
type Settings = readonly { readonly seconds: number; readonly value: number }[];

/** A piece, or the part of it in a window. */
export class Heard {
  /** Bars up to the one in which the last note of the whole piece starts. */
  readonly bars: readonly Bar[];

  /** @param notes In order of their starts, clipped to the window. */
  private constructor(
    readonly notes: readonly HeardNote[],
    /** Seconds at which the window begins. */
    readonly from: number,
    /** Seconds at which it ends, at the end of the last note if it is the whole. */
    readonly to: number,
    private readonly file: HeardFile,
  ) {
    this.bars = file.bars;
  }

  /** Reads a file. */
  static read(bytes: Uint8Array): Heard {
    const file = new HeardFile(bytes);
    return new Heard(file.notes, 0, file.seconds, file);
  }

  /** The whole piece. */
  get whole(): Heard {
    return new Heard(this.file.notes, 0, this.file.seconds, this.file);
  }

  /** Length of the window. */
  get seconds(): number {
    return this.to - this.from;
  }

  /** Seconds up to the end of the longest track. */
  get trackSeconds(): number {
    return this.file.trackSeconds;
  }

  /** Texts of the file's markers, in small letters. */
  get markers(): readonly string[] {
    return this.file.markers;
  }

  /** Notes but those of drums. */
  get pitched(): HeardNote[] {
    return this.notes.filter(({ isDrum }) => !isDrum);
  }

  /** Quarter notes up to a time in seconds. */
  quartersAt(seconds: number): number {
    return this.file.quartersAt(seconds);
  }

  /** Time in seconds of a quarter note. */
  secondsAt(quarters: number): number {
    return this.file.secondsAt(quarters);
  }

  /** Mean tempo over the window in quarter notes a minute, weighted by time. */
  get qpm(): number {
    const quarters = this.quartersAt(this.to) - this.quartersAt(this.from);
    return this.seconds > 0 ? 60 * quarters / this.seconds : NaN;
  }

  /** Times of the onsets in the window, those close together once. */
  get onsets(): number[] {
    return onsetsOf(this.notes);
  }

  /**
   * Mean of velocity × volume × expression, 0–127, weighted by duration; NaN
   * without notes.
   */
  get loudness(): number {
    let sum = 0, duration = 0;
    for (const note of this.notes) {
      const length = Math.max(note.end - note.start, 1e-3);
      sum += this.levelOf(note) * length;
      duration += length;
    }
    return sum / duration;
  }

  /** Velocity × volume × expression of a note over its length, 0–127. */
  levelOf({ velocity, channel, start, end }: HeardNote): number {
    return velocity * this.file.gain(channel, start, end);
  }

  /** The part of the piece between two times in seconds. */
  between(from: number, to: number): Heard {
    const notes = this.notes.filter(({ start, end }) =>
      start < to - BORDER_SECONDS &&
      (end > from + BORDER_SECONDS || start >= from)
    ).map((note) => ({
      ...note,
      start: Math.max(note.start, from),
      end: Math.min(note.end, to),
      release: Math.min(note.release, to),
      isOnset: note.isOnset && note.start >= from - BORDER_SECONDS,
    }));
    return new Heard(notes, from, to, this.file);
  }

  /** The part of the piece that a requirement speaks of. */
  within(window: Window | undefined): Heard {
    if (window === undefined) return this;
    const [from, to] = this.#edges(window);
    return this.between(from, Math.max(from, to));
  }

  #edges(window: Window): Interval {
    const { from, to, seconds } = this;
    if (window === "start") return [from, from + seconds / 4];
    if (window === "middle") return [from + seconds / 4, to - seconds / 4];
    if (window === "end") return [to - seconds / 4, to];
    if (!("bars" in window)) return window;
    const [first, last] = window.bars;
    return [this.barStart(first), this.barStart(last + 1)];
  }

  /** Time in seconds at which a bar begins, counted from 1. */
  barStart(bar: number): number {
    const { bars } = this;
    const last = bars.at(-1);
    if (!last) return 0;
    return bars[bar - 1]?.start ??
      last.end + (bar - 1 - bars.length) * (last.end - last.start);
  }

  /** Bars that begin in the window. */
  get barsInside(): Bar[] {
    return this.bars.filter(({ start }) =>
      start >= this.from - BORDER_SECONDS && start < this.to - BORDER_SECONDS
    );
  }
}

/** Times of the onsets among some notes, those within 30 ms counted once. */
export function onsetsOf(notes: readonly HeardNote[]): number[] {
  const onsets: number[] = [];
  for (const { start, isOnset } of notes) {
    if (!isOnset) continue;
    const last = onsets.at(-1);
    if (last === undefined || start - last > ONE_ONSET_SECONDS) {
      onsets.push(start);
    }
  }
  return onsets;
}

/** What is read of a file once. */
class HeardFile {
  readonly notes: readonly HeardNote[];
  readonly seconds: number;
  readonly trackSeconds: number;
  readonly bars: readonly Bar[];
  readonly markers: readonly string[];
  readonly #midi: InstanceType<typeof Midi>;
  readonly #gains = new Map<number, readonly [Settings, Settings]>();

  constructor(bytes: Uint8Array) {
    const midi = new Midi(bytes);
    this.#midi = midi;
    const { header, tracks } = midi;
    const settings = (channel: number, controller: number) =>
      tracks.filter((track) => track.channel === channel)
        .flatMap(({ controlChanges }) => controlChanges[controller] ?? [])
        .map(({ time, value }) => ({ seconds: time, value }))
        .sort((a, b) => a.seconds - b.seconds);
    for (const { channel } of tracks) {
      if (this.#gains.has(channel)) continue;
      const volumes = settings(channel, VOLUME);
      // The default volume, never changed, counts as full.
      const isDefault = volumes.every(({ value }) =>
        Math.round(value * 127) === 100
      );
      this.#gains.set(channel, [
        isDefault ? [] : volumes,
        settings(channel, EXPRESSION),
      ]);
    }
    this.notes = tracks.flatMap(({ notes, channel, instrument }) => {
      const pedal = settings(channel, SUSTAIN);
      return notes.map((note): HeardNote => {
        const end = note.time + note.duration;
        return {
          start: note.time,
          end,
          release: releaseOf(end, pedal),
          isOnset: true,
          pitch: note.midi,
          velocity: Math.round(note.velocity * 127),
          program: instrument.number,
          channel,
          isDrum: channel === 9,
        };
      });
    }).filter(({ velocity }) => velocity >= 1).sort((a, b) =>
      a.start - b.start || a.pitch - b.pitch
    );
    this.seconds = this.notes.reduce((most, { end }) => Math.max(most, end), 0);
    this.trackSeconds = header.ticksToSeconds(endTicks(bytes));
    this.markers = header.meta.map(({ text }) => text.toLowerCase());
    this.bars = this.#barsUpTo(this.notes.at(-1)?.start ?? 0);
  }

  quartersAt(seconds: number): number {
    const { header } = this.#midi;
    return header.secondsToTicks(seconds) / header.ppq;
  }

  secondsAt(quarters: number): number {
    const { header } = this.#midi;
    return header.ticksToSeconds(quarters * header.ppq);
  }

  /** Mean volume × expression of a channel over a time, 0–1. */
  gain(channel: number, from: number, to: number): number {
    const [volumes, expressions] = this.#gains.get(channel) ?? [[], []];
    return meanOf(volumes, from, to) * meanOf(expressions, from, to);
  }

  #barsUpTo(lastStart: number): Bar[] {
    const { header } = this.#midi;
    const stated = header.timeSignatures.map(({ ticks, timeSignature }) => ({
      quarters: ticks / header.ppq,
      beats: timeSignature[0] ?? 4,
      unit: timeSignature[1] ?? 4,
    }));
    let meter = { quarters: 0, beats: 4, unit: 4 };
    const bars: Bar[] = [];
    for (let quarters = 0; bars.length < 1e5;) {
      meter = stated.findLast((one) => one.quarters <= quarters + 1e-6) ??
        meter;
      const next = stated.find((one) => one.quarters > quarters + 1e-6);
      const full = quarters + 4 * meter.beats / meter.unit;
      const end = Math.min(full, next?.quarters ?? Infinity);
      const start = this.secondsAt(quarters);
      if (start > lastStart + BORDER_SECONDS / 2 && bars.length > 0) break;
      bars.push({
        start,
        end: this.secondsAt(end),
        meter: `${meter.beats}/${meter.unit}`,
        quarters,
      });
      quarters = end;
    }
    return bars;
  }
}

/** Ticks up to the end of the longest track. */
function endTicks(bytes: Uint8Array): number {
  return Math.max(
    0,
    ...parseMidi(bytes).tracks.map((track) =>
      track.reduce((sum, { deltaTime }) => sum + deltaTime, 0)
    ),
  );
}

/** When a note that ends at a time falls silent under a pedal. */
function releaseOf(end: number, pedal: Settings): number {
  const before = pedal.findLast(({ seconds }) => seconds <= end);
  if (!before || before.value < 0.5) return end;
  return pedal.find(({ seconds, value }) => seconds > end && value < 0.5)
    ?.seconds ?? end;
}

/** Mean of a controller over a time; 1 where it is not set. */
function meanOf(settings: Settings, from: number, to: number): number {
  if (settings.length === 0) return 1;
  let at = from, sum = 0;
  let value = settings.findLast(({ seconds }) => seconds <= from)?.value ?? 1;
  if (to <= from) return value;
  for (const setting of settings) {
    if (setting.seconds <= from) continue;
    if (setting.seconds >= to) break;
    sum += value * (setting.seconds - at);
    at = setting.seconds;
    value = setting.value;
  }
  return (sum + value * (to - at)) / (to - from);
}
