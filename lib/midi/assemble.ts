/** The tracks of a file to one {@linkcode NoteSequence}. */

import {
  type ControlChange,
  type ControlColumns,
  DEFAULT_METER,
  DEFAULT_QPM,
  NoteColumns,
  type NoteSequence,
  type Part,
  sequenceOf,
  sortColumns,
} from "../music/music.ts";
import { Channels, type Instrument } from "./channels.ts";
import type { MidiChunks, PlainNotes } from "./chunks.ts";
import {
  MAX_DRUM_CHANNELS,
  MAX_PARTS,
  MAX_PITCHED_CHANNELS,
} from "./limits.ts";
import { DROPPED, type Tally } from "./tally.ts";
import { CHANNELS, type Track, type Voice } from "./track.ts";

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
  const parts = new Parts(channels, tally);
  const inOrder = notes instanceof NoteColumns
    ? parts.giveNotes(tracks, notes)
    : parts.givePlainNotes(tracks, notes);
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
    controls: inOrder.controls,
    ...markers.length > 0 && { markers },
    totalTicks: tracks.reduce((end, t) => Math.max(end, t.endTicks), 0),
  }, inOrder.notes);
}

/** A channel that plays either drums or pitches; a part's channel is one. */
type Line = number;

/** What the voices of a track are played with. */
interface Playing {
  readonly instruments: readonly Instrument[];
  /** Ticks of the first note of each. */
  readonly starts: readonly number[];
  /** Index of the instrument of each voice that has but one. */
  readonly ofVoice: readonly (number | undefined)[];
}

/** Shares the notes out among parts, and numbers their channels. */
class Parts {
  readonly parts: Part[] = [];
  readonly #channels: Channels;
  readonly #tally: Tally;
  /** The number and the first part of each line, in the order of the parts. */
  readonly #lines = new Map<Line, { channel: number; part: number }>();
  /** How many lines are of pitches, and of drums. */
  readonly #lineCounts: number[] = [];

  constructor(channels: Channels, tally: Tally) {
    this.#channels = channels;
    this.#tally = tally;
  }

  /** Adds the parts of all tracks, and gives each note its part. */
  giveNotes(
    tracks: readonly Track[],
    notes: NoteColumns,
  ): { notes: NoteColumns; controls: ControlChange[] } {
    const { part } = notes;
    for (const [t, track] of tracks.entries()) {
      const playing = this.#findInstruments(track, notes);
      const partOf = this.#addTrack(t, track, playing);
      for (let i = track.firstNote; i < track.endNote; i++) {
        part[i] = partOf[part[i]!]!;
      }
      if (this.#channels.hasZones) untangle(notes, track, this.parts);
    }
    return { notes: sortColumns(notes), controls: this.#controls() };
  }

  /** The same of a plain file, each of whose voices has one instrument. */
  givePlainNotes(
    tracks: readonly Track[],
    notes: PlainNotes,
  ): { notes: NoteColumns; controls: ControlColumns } {
    const partOfVoice: number[] = [];
    for (const [t, track] of tracks.entries()) {
      const playing = this.#playingOf(track.voices);
      const partOf = this.#addTrack(t, track, playing);
      for (const own of playing.ofVoice) partOfVoice.push(partOf[own!]!);
    }
    const partOfChannel = new Int32Array(CHANNELS).fill(-1);
    for (const [line, { part }] of this.#lines) {
      partOfChannel[line >> 1] = part;
    }
    const { dropped, ...inOrder } = notes.inOrder(partOfVoice, partOfChannel);
    this.#tally.drop(WITHOUT_NOTES, dropped);
    return inOrder;
  }

  /**
   * Adds the parts of a track, by the first note of their line in it, then by
   * the start of their own, then by bank and program.
   *
   * @returns The part of each instrument.
   */
  #addTrack(
    index: number,
    track: Track,
    { instruments, starts }: Playing,
  ): number[] {
    const partOf: number[] = [];
    if (instruments.length === 0) return partOf;
    const lines = Map.groupBy(
      instruments.keys(),
      (i) => lineOf(instruments[i]!),
    );
    for (const [line, ofLine] of lines) {
      if (ofLine.length > 1) {
        ofLine.sort((a, b) =>
          starts[a]! - starts[b]! ||
          idOf(instruments[a]!) - idOf(instruments[b]!)
        );
      }
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
    return partOf;
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
   * The instruments of a track. Each note's `part`, a voice, becomes an index into
   * them.
   */
  #findInstruments(track: Track, { part, startTicks }: NoteColumns): Playing {
    const playing = this.#playingOf(track.voices), { ofVoice } = playing;
    if (!ofVoice.includes(undefined)) {
      for (let note = track.firstNote; note < track.endNote; note++) {
        part[note] = ofVoice[part[note]!]!;
      }
      return playing;
    }
    const found = new Instruments();
    for (let note = track.firstNote; note < track.endNote; note++) {
      const voice = track.voices[part[note]!]!, ticks = startTicks[note]!;
      const instrument = this.#channels.instrumentOf(voice, ticks);
      part[note] = found.add(instrument, ticks);
    }
    return { ...found, ofVoice };
  }

  /** The instruments of voices, as far as each has but one. */
  #playingOf(voices: readonly Voice[]): Playing {
    const found = new Instruments();
    const ofVoice = voices.map((voice) =>
      this.#channels.isSteady(voice)
        ? found.add(
          this.#channels.instrumentOf(voice, voice.ticks),
          voice.ticks,
        )
        : undefined
    );
    return { ...found, ofVoice };
  }

  /** The controllers of the channels that have parts. */
  #controls(): ControlChange[] {
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
        this.#tally.drop(WITHOUT_NOTES);
      }
    }
    return controls.sort((a, b) => a.ticks - b.ticks || a.part - b.part);
  }
}

const WITHOUT_NOTES = DROPPED[4];

/** Different instruments, and the ticks of the first note of each. */
class Instruments {
  readonly instruments: Instrument[] = [];
  readonly starts: number[] = [];
  readonly #indexOf = new Map<number, number>();

  /** Adds one where it is new. @returns Its index. */
  add(instrument: Instrument, ticks: number): number {
    const id = idOf(instrument);
    let index = this.#indexOf.get(id);
    if (index === undefined) {
      index = this.instruments.push(instrument) - 1;
      this.starts.push(ticks);
      this.#indexOf.set(id, index);
    }
    return index;
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
  if (changes.length < 2) return changes.slice();
  const byTick = new Map(changes.map((change) => [change.ticks, change]));
  return [...byTick.values()].sort((a, b) => a.ticks - b.ticks);
}
