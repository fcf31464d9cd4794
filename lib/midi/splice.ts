/**
 * A MIDI file with some notes, controllers, tempi, meters and keys changed, and all its
 * other bytes kept.
 */

import type { ControlChange, Note, NoteSequence } from "../music/music.ts";
import { isAt } from "./container.ts";
import { layOut } from "./lay_out.ts";
import { controllerBytes } from "./raw_events.ts";
import { parseMidi } from "./read.ts";
import { changeMeta, metaChanges, metaKey } from "./splice_meta.ts";
import { joined, type TrackEvent, trackEvents } from "./track_bytes.ts";

/**
 * Puts other notes, controllers, tempi, meters and keys into a file. The chunks of tracks in which nothing
 * changes stay byte for byte, and of the others every event that does not change:
 * also texts, system exclusive messages and all else that music has no place for.
 *
 * @param bytes A file of type 0 or 1.
 * @param music As {@linkcode parseMidi} reads the file, but for these.
 * @returns The new file; undefined where the music differs from the file in more, or
 * cannot be said by changes in its tracks, such as a note between two program
 * changes. Then `writeMidi` writes it as another file.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseMidi, spliceMidi, writeMidi } from "immersic/midi/midi.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const bytes = writeMidi({
 *   ...emptySequence(480),
 *   parts: [{ name: "Pad", program: 89, isDrum: false }],
 *   notes: [{ pitch: 60, velocity: 80, startTicks: 0, endTicks: 960, part: 0 }],
 *   totalTicks: 1920,
 * });
 * const music = parseMidi(bytes);
 * const higher = music.notes.map((note) => ({ ...note, pitch: 64 }));
 * const changed = spliceMidi(bytes, { ...music, notes: higher })!;
 * assert.equal(parseMidi(changed).notes[0]?.pitch, 64);
 * ```
 */
export function spliceMidi(
  bytes: Uint8Array,
  music: NoteSequence,
): Uint8Array | undefined {
  const chunks = chunksOf(bytes);
  if (!chunks) return undefined;
  const before = parseMidi(bytes);
  const notes = difference(before.notes, music.notes, noteKey);
  const controls = difference(before.controls, music.controls, controlKey);
  const tracks = chunks.flatMap(({ isTrack }, i) => isTrack ? [i] : []);
  const changed = new Map<number, TrackChange>();
  const changeOf = (part: number) => {
    const track = before.parts[part]?.track ?? -1;
    const change = changed.get(track) ?? newChange();
    changed.set(track, change);
    return change;
  };
  for (const note of notes.gone) changeOf(note.part).gone.push(note);
  for (const note of notes.fresh) changeOf(note.part).fresh.push(note);
  for (const one of controls.gone) changeOf(one.part).controlsGone.push(one);
  for (const one of controls.fresh) changeOf(one.part).controlsFresh.push(one);
  const meta = difference(metaChanges(before), metaChanges(music), metaKey);
  const stretches = chunks.map(({ start, end }) => bytes.subarray(start, end));
  const hasMeta = meta.gone.length + meta.fresh.length > 0;
  const read = tracks.map((chunk, track) =>
    hasMeta || changed.has(track) ? trackEvents(stretches[chunk]!) : []
  );
  if (tracks.length === 0 || read.includes(undefined)) return undefined;
  const events = read.filter((one) => one !== undefined);
  const ofMeta = changeMeta(events, meta);
  if (!ofMeta) return undefined;
  for (const track of new Set([...changed.keys(), ...ofMeta.keys()])) {
    const own = events[track];
    if (!own) return undefined;
    const { kept = own, added = [] } = ofMeta.get(track) ?? {};
    const change = changed.get(track) ?? newChange();
    const channels = midiChannels(own, before, track);
    const spliced = splice(kept, { ...change, meta: added }, channels);
    if (!spliced) return undefined;
    stretches[tracks[track]!] = layOut([], spliced);
  }
  const file = joined([bytes.subarray(0, HEADER_BYTES), ...stretches]);
  return isSame(parseMidi(file), music) ? file : undefined;
}

/** What changes in a track. */
interface TrackChange {
  readonly gone: Note[];
  readonly fresh: Note[];
  readonly controlsGone: ControlChange[];
  readonly controlsFresh: ControlChange[];
  /** Tempi, meters and keys to add. */
  readonly meta: readonly TrackEvent[];
}

const newChange = (): TrackChange => ({
  gone: [],
  fresh: [],
  controlsGone: [],
  controlsFresh: [],
  meta: [],
});

/** Type and length of the header chunk, and its data. */
const HEADER_BYTES = 14;

/** The chunks after the header; undefined of bytes that are not plain. */
export function chunksOf(
  bytes: Uint8Array,
): { start: number; end: number; isTrack: boolean }[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isPlain = bytes.length >= HEADER_BYTES && isAt(bytes, 0, "MThd") &&
    view.getUint32(4) === 6 && view.getUint16(8) < 2;
  if (!isPlain) return undefined;
  const chunks = [];
  for (let start = HEADER_BYTES; start < bytes.length;) {
    const isChunk = start + 8 <= bytes.length;
    const end = isChunk ? start + 8 + view.getUint32(start + 4) : Infinity;
    if (end > bytes.length) return undefined;
    chunks.push({ start, end, isTrack: isAt(bytes, start, "MTrk") });
    start = end;
  }
  return chunks;
}

/** What of some values is not among others, each as often as it is. */
function difference<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (value: T) => string,
): { gone: T[]; fresh: T[] } {
  const left = new Map<string, T[]>();
  for (const value of before) {
    const own = left.get(keyOf(value));
    if (own) own.push(value);
    else left.set(keyOf(value), [value]);
  }
  const fresh = after.filter((value) =>
    left.get(keyOf(value))?.pop() === undefined
  );
  return { gone: [...left.values()].flat(), fresh };
}

function noteKey({ part, pitch, velocity, startTicks, endTicks }: Note) {
  return [part, pitch, velocity, startTicks, endTicks].join();
}

function controlKey({ part, ticks, controller, value }: ControlChange) {
  return [part, ticks, controller, value].join();
}

/** By part of a track: the MIDI channel on which its notes are. */
function midiChannels(
  events: readonly TrackEvent[],
  { notes, parts }: NoteSequence,
  track: number,
): Map<number, number> {
  const channels = new Map<string, number[]>();
  for (const { ticks, bytes: [status, pitch, velocity] } of events) {
    if (status! >> 4 !== 9 || velocity === 0) continue;
    const key = `${ticks} ${pitch} ${velocity}`;
    const known = channels.get(key) ?? [];
    channels.set(key, [...known, status! & 15]);
  }
  const counts = new Map<number, number[]>();
  for (const { part, pitch, velocity, startTicks } of notes) {
    if (parts[part]!.track !== track) continue;
    const own = counts.get(part) ?? new Array<number>(16).fill(0);
    counts.set(part, own);
    for (
      const channel of channels.get(`${startTicks} ${pitch} ${velocity}`) ?? []
    ) own[channel]!++;
  }
  return new Map(
    [...counts].map(([part, own]) => [part, own.indexOf(Math.max(...own))]),
  );
}

/** The events of a track after a change; undefined where they are not found. */
function splice(
  events: readonly TrackEvent[],
  { gone, fresh, controlsGone, controlsFresh, meta }: TrackChange,
  channels: ReadonlyMap<number, number>,
): TrackEvent[] | undefined {
  const channelOf = (part: number) => channels.get(part) ?? 0;
  const removed = new Set<TrackEvent>();
  const offs = offsOf(events);
  const byTicks = Map.groupBy(events, ({ ticks }) => ticks);
  const remove = (at: number, bytes: readonly number[]) => {
    const event = byTicks.get(at)?.find((one) =>
      !removed.has(one) && one.bytes.join() === bytes.join()
    );
    if (event) removed.add(event);
    return event;
  };
  for (const { part, pitch, velocity, startTicks } of gone) {
    const bytes = [0x90 | channelOf(part), pitch, velocity];
    const on = remove(startTicks, bytes);
    const off = on && offs.get(on);
    if (!off) return undefined;
    removed.add(off);
  }
  for (const { part, ticks, controller, value } of controlsGone) {
    const bytes = controllerBytes(channelOf(part), controller, value);
    if (!remove(ticks, bytes)) return undefined;
  }
  const added: { event: TrackEvent; rank: number }[] = [
    ...fresh.flatMap(({ part, pitch, velocity, startTicks, endTicks }) => {
      const channel = channelOf(part);
      const on = [0x90 | channel, pitch, velocity];
      const off = [0x80 | channel, pitch, 0x40];
      return [
        { event: { ticks: startTicks, bytes: on }, rank: NOTE_ON },
        { event: { ticks: endTicks, bytes: off }, rank: NOTE_OFF },
      ];
    }),
    ...controlsFresh.map(({ part, ticks, controller, value }) => ({
      event: {
        ticks,
        bytes: controllerBytes(channelOf(part), controller, value),
      },
      rank: CONTROL,
    })),
    ...meta.map((event) => ({ event, rank: CONTROL })),
  ];
  return merged(events.filter((event) => !removed.has(event)), added);
}

/** At one tick notes end, then comes what was there, controllers, and new notes. */
const NOTE_OFF = 0, OLD = 1, CONTROL = 2, NOTE_ON = 3, END = 4;

function merged(
  events: readonly TrackEvent[],
  added: readonly { event: TrackEvent; rank: number }[],
): TrackEvent[] {
  const all = [
    ...events.map((event) => ({ event, rank: isEnd(event) ? END : OLD })),
    ...added,
  ];
  const last = all.reduce(
    (ticks, { event }) => Math.max(ticks, event.ticks),
    0,
  );
  return all.map(({ event, rank }) => ({
    event: rank === END ? { ...event, ticks: last } : event,
    rank,
  })).sort((a, b) => a.event.ticks - b.event.ticks || a.rank - b.rank)
    .map(({ event }) => event);
}

function isEnd({ bytes }: TrackEvent): boolean {
  return bytes[0] === 0xff && bytes[1] === 0x2f;
}

/** By event that begins a note: the one that ends it, of the oldest of its pitch. */
function offsOf(
  events: readonly TrackEvent[],
): Map<TrackEvent, TrackEvent> {
  const open = new Map<number, TrackEvent[]>();
  const offs = new Map<TrackEvent, TrackEvent>();
  for (const event of events) {
    const [status, pitch, velocity] = event.bytes;
    const kind = status! >> 4;
    if (kind !== 8 && kind !== 9) continue;
    const key = 128 * (status! & 15) + pitch!;
    const own = open.get(key) ?? [];
    open.set(key, own);
    if (kind === 9 && velocity! > 0) own.push(event);
    else {
      const on = own.shift();
      if (on) offs.set(on, event);
    }
  }
  return offs;
}

/** Whether a file says the same music as is wanted, whatever its parts' order. */
function isSame(read: NoteSequence, wanted: NoteSequence): boolean {
  return JSON.stringify(comparable(read)) ===
    JSON.stringify(comparable(wanted));
}

function comparable(sequence: NoteSequence): unknown {
  const {
    parts,
    notes,
    controls,
    totalTicks: _,
    tempos: __,
    timeSignatures: ___,
    keySignatures: ____,
    ...others
  } = sequence;
  const partOf = (part: number) => {
    const { name, program, bank = 0, isDrum, track } = parts[part]!;
    return [name, program, bank, isDrum, track].join();
  };
  return {
    ...others,
    meta: metaChanges(sequence).map(metaKey),
    notes: notes.map((note) =>
      `${noteKey({ ...note, part: 0 })} ${partOf(note.part)}`
    ).sort(),
    controls: controls.map((change) =>
      `${controlKey({ ...change, part: 0 })} ${partOf(change.part)}`
    ).sort(),
  };
}
