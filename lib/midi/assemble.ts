/** The tracks of a file to one {@linkcode NoteSequence}. */

import {
  type ControlChange,
  DEFAULT_METER,
  DEFAULT_QPM,
  type NoteColumns,
  type NoteSequence,
  type Part,
  sequenceOf,
  sortColumns,
} from "../music/music.ts";
import { Channels, type Instrument } from "./channels.ts";
import type { MidiChunks } from "./chunks.ts";
import {
  MAX_DRUM_CHANNELS,
  MAX_PARTS,
  MAX_PITCHED_CHANNELS,
} from "./limits.ts";
import type { Tally } from "./tally.ts";
import type { Track } from "./track.ts";

/**
 * Makes music of the tracks of a file; their notes become its notes.
 *
 * @throws {MidiError} If there are more parts than any piece has.
 */
export function assemble(
  { header, tracks: read, notes }: MidiChunks,
  tally: Tally,
): NoteSequence {
  const tracks = header.format === 2 ? withDefaults(read) : read;
  const channels = new Channels(tracks, tally);
  const parts = new Parts(channels, notes, tally);
  for (const [t, track] of tracks.entries()) parts.addTrack(t, track);
  const markers = tracks.flatMap((track) => track.markers)
    .sort((a, b) => a.ticks - b.ticks);
  return sequenceOf({
    ticksPerQuarter: header.ticksPerQuarter,
    parts: parts.parts,
    tempos: header.smpteQpm === undefined
      ? lastAtEachTick(tracks.flatMap((track) => track.tempos))
      : [{ ticks: 0, qpm: header.smpteQpm }],
    timeSignatures: lastAtEachTick(tracks.flatMap((t) => t.timeSignatures)),
    keySignatures: lastAtEachTick(tracks.flatMap((t) => t.keySignatures)),
    controls: parts.controls(),
    ...markers.length > 0 && { markers },
    totalTicks: tracks.reduce((end, t) => Math.max(end, t.endTicks), 0),
  }, sortColumns(notes));
}

/** A channel that plays either drums or pitches; a part's channel is one. */
type Line = number;

/** Shares the notes out among parts, and numbers their channels. */
class Parts {
  readonly parts: Part[] = [];
  readonly #channels: Channels;
  readonly #notes: NoteColumns;
  readonly #tally: Tally;
  /** The number and the first part of each line, in the order of the parts. */
  readonly #lines = new Map<Line, { channel: number; part: number }>();
  /** How many lines are of pitches, and of drums. */
  readonly #lineCounts: number[] = [];

  constructor(channels: Channels, notes: NoteColumns, tally: Tally) {
    this.#channels = channels;
    this.#notes = notes;
    this.#tally = tally;
  }

  /**
   * Adds the parts of a track, by the first note of their line in it, then by
   * the start of their own, then by bank and program, and gives each note its
   * part.
   */
  addTrack(index: number, track: Track): void {
    const { instruments, starts } = this.#findInstruments(track);
    const partOf: number[] = [];
    const lines = Map.groupBy(
      instruments.keys(),
      (i) => lineOf(instruments[i]!),
    );
    for (const [line, ofLine] of lines) {
      ofLine.sort((a, b) =>
        starts[a]! - starts[b]! || idOf(instruments[a]!) - idOf(instruments[b]!)
      );
      const channel = this.#lines.get(line)?.channel ?? this.#addLine(line);
      for (const i of ofLine) {
        if (this.parts.length === MAX_PARTS) {
          this.#tally.refuse(
            `there are over ${MAX_PARTS} parts`,
            "no piece has so many",
          );
        }
        partOf[i] = this.parts.length;
        const { bank, program, isDrum } = instruments[i]!;
        this.parts.push({
          name: track.name,
          program,
          ...bank > 0 && { bank },
          isDrum,
          channel,
          track: index,
        });
      }
    }
    const { part } = this.#notes, { firstNote, endNote } = track;
    for (let i = firstNote; i < endNote; i++) part[i] = partOf[part[i]!]!;
    if (this.#channels.hasZones) untangle(this.#notes, track, this.parts);
  }

  /** Numbers a line whose first part is added next. */
  #addLine(line: Line): number {
    const channel = this.#lines.size;
    const most = [MAX_PITCHED_CHANNELS, MAX_DRUM_CHANNELS];
    const count = (this.#lineCounts[line % 2] ?? 0) + 1;
    this.#lineCounts[line % 2] = count;
    if (count > most[line % 2]!) {
      this.#tally.refuse(
        `there are over ${most[line % 2]} channels`,
        line % 2 === 0 ? "of pitched parts" : "of drums",
      );
    }
    this.#lines.set(line, { channel, part: this.parts.length });
    return channel;
  }

  /**
   * The instruments of a track and the ticks of their first notes; each note's
   * `part` becomes an index into them.
   */
  #findInstruments(
    { firstNote, endNote, voices }: Track,
  ): { instruments: Instrument[]; starts: number[] } {
    const instruments: Instrument[] = [];
    const starts: number[] = [];
    const indexOf = new Map<number, number>();
    /** Index of the instrument of each voice that has but one. */
    const ofVoice: (number | undefined)[] = [];
    const { part, startTicks } = this.#notes;
    for (let note = firstNote; note < endNote; note++) {
      let index = ofVoice[part[note]!];
      if (index === undefined) {
        const voice = voices[part[note]!]!, start = startTicks[note]!;
        const instrument = this.#channels.instrumentOf(voice, start);
        const id = idOf(instrument);
        index = indexOf.get(id);
        if (index === undefined) {
          index = instruments.push(instrument) - 1;
          starts.push(start);
          indexOf.set(id, index);
        }
        if (this.#channels.isSteady(voice)) ofVoice[part[note]!] = index;
      }
      part[note] = index;
    }
    return { instruments, starts };
  }

  /** The controllers of the channels that have parts. */
  controls(): ControlChange[] {
    const controls: ControlChange[] = [];
    for (
      const { ticks, channel, controller, value } of this.#channels.controls
    ) {
      const { length } = controls;
      for (const isDrum of [false, true]) {
        const line = this.#lines.get(lineOf({ channel, isDrum }));
        if (line) {
          controls.push({ ticks, part: line.part, controller, value });
        }
      }
      if (controls.length === length) {
        this.#tally.drop("controllers of channels without notes");
      }
    }
    return controls.sort((a, b) => a.ticks - b.ticks || a.part - b.part);
  }
}

/**
 * Lets notes of one channel and pitch end in the order in which they begin. In an
 * MPE zone one may lie within another, as each had its own channel; on the one
 * channel of their parts that could not be told.
 *
 * @param notes Of all tracks.
 * @param track Whose notes are changed.
 */
function untangle(
  { part, pitch, endTicks }: NoteColumns,
  { firstNote, endNote }: Track,
  parts: readonly Part[],
): void {
  const groups = Map.groupBy(
    Array.from({ length: endNote - firstNote }, (_, i) => firstNote + i),
    (i) => parts[part[i]!]!.channel! * 128 + pitch[i]!,
  );
  for (const group of groups.values()) {
    const ends = group.map((i) => endTicks[i]!).sort((a, b) => a - b);
    for (const [place, i] of group.entries()) endTicks[i] = ends[place]!;
  }
}

function lineOf(
  { channel, isDrum }: Pick<Instrument, "channel" | "isDrum">,
): Line {
  return channel * 2 + (isDrum ? 1 : 0);
}

/** A number of its own for each instrument. */
function idOf(instrument: Instrument): number {
  const { bank, program } = instrument;
  return (lineOf(instrument) * 2 ** 14 + bank) * 128 + program;
}

/**
 * The patterns of a type 2 file, each with a tempo and a meter at its start:
 * what the pattern before it set must not run on. One that states none there
 * begins at 120 qpm and in 4/4.
 */
function withDefaults(tracks: readonly Track[]): Track[] {
  let endTicks: number | undefined;
  let hasTempo = false, hasMeter = false;
  return tracks.map((track) => {
    let { tempos, timeSignatures } = track;
    const ticks = endTicks;
    if (ticks !== undefined) {
      if (hasTempo && tempos[0]?.ticks !== ticks) {
        tempos = [{ ticks, qpm: DEFAULT_QPM }, ...tempos];
      }
      if (hasMeter && timeSignatures[0]?.ticks !== ticks) {
        timeSignatures = [{ ticks, ...DEFAULT_METER }, ...timeSignatures];
      }
    }
    endTicks = track.endTicks;
    hasTempo ||= tempos.length > 0;
    hasMeter ||= timeSignatures.length > 0;
    return { ...track, tempos, timeSignatures };
  });
}

function lastAtEachTick<T extends { readonly ticks: number }>(
  changes: readonly T[],
): T[] {
  const byTick = new Map(changes.map((change) => [change.ticks, change]));
  return [...byTick.values()].sort((a, b) => a.ticks - b.ticks);
}
