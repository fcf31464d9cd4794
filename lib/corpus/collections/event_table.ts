/**
 * Tables of MIDI events, one piece each, as the Kaggle set "classical music MIDI as
 * CSV" has them: a row for each event of all tracks, in order of ticks. Columns
 * vary from file to file; the length of a quarter note is in none.
 */

import { type MidiEvent, writeMidi } from "midi-file";
import type { Repair } from "../../music/music.ts";
import { ticksPerQuarterOf } from "./beat_length.ts";
import { columnsOf, ContentError, type Row, rowsOf } from "./table.ts";

/** Events that notes have no need of. */
const PASSED_BY = new Set([
  ...["end_of_track", "midi_port", "channel_prefix", "sequencer_specific"],
  ...["text", "copyright", "lyrics", "marker", "cue_marker", "sysex"],
  ...["polytouch", "aftertouch", "pitchwheel", "smpte_offset"],
  ...["instrument_name", "device_name", "unknown_meta", "sequence_number"],
]);

/** Whether a table is one of MIDI events. */
export function isEventTable(bytes: Uint8Array): boolean {
  const columns = columnsOf(bytes);
  return ["tick", "type", "note"].every((name) => columns.includes(name));
}

/**
 * Reads a table.
 *
 * @returns A MIDI file, and what was put right or taken as likely.
 * @throws {ContentError} If it has no note.
 */
export function readEventTable(
  bytes: Uint8Array,
): { bytes: Uint8Array; repairs: readonly Repair[] } {
  const tracks = new Map<number, { ticks: number; event: MidiEvent }[]>();
  const onsets: number[] = [];
  let bad = 0, qpm = 0;
  for (const row of rowsOf(bytes)) {
    const type = (row["type"] ?? "").toLowerCase();
    if (PASSED_BY.has(type)) continue;
    const ticks = numberIn(row, "tick"), event = eventOf(type, row);
    if (ticks === undefined || event === undefined) {
      bad++;
      continue;
    }
    if (event.type === "noteOn" && event.velocity > 0) onsets.push(ticks);
    if (event.type === "setTempo") qpm ||= 6e7 / event.microsecondsPerBeat;
    const number = numberIn(row, "track") ?? numberIn(row, "channel") ?? 0;
    const track = tracks.get(number);
    if (track) track.push({ ticks, event });
    else tracks.set(number, [{ ticks, event }]);
  }
  if (onsets.length === 0) {
    throw new ContentError("no notes", "The table has no notes.");
  }
  const ticksPerBeat = ticksPerQuarterOf(onsets, qpm || 120);
  const repairs = [{
    reason: "a table without the length of a quarter note: taken as likely",
    count: 1,
  }];
  if (bad > 0) {
    const reason = "rows of the table say no event: left out";
    repairs.push({ reason, count: bad });
  }
  const file = writeMidi({
    header: { format: 1, numTracks: tracks.size, ticksPerBeat },
    tracks: [...tracks].sort(([a], [b]) => a - b).map(([, events]) =>
      inOrder(events)
    ),
  });
  return { bytes: Uint8Array.from(file), repairs };
}

/** Events of a track with the ticks from one to the next. */
function inOrder(
  events: { ticks: number; event: MidiEvent }[],
): MidiEvent[] {
  // The rows of a tick are in no order: notes come after what they depend on.
  const isNote = ({ type }: MidiEvent) => type === "noteOn" ? 1 : 0;
  events.sort((a, b) => a.ticks - b.ticks || isNote(a.event) - isNote(b.event));
  let last = 0;
  const timed = events.map(({ ticks, event }) => {
    const deltaTime = ticks - last;
    last = ticks;
    return { ...event, deltaTime };
  });
  return [...timed, { deltaTime: 0, meta: true, type: "endOfTrack" }];
}

/** The event of a row; undefined where it lacks something. */
function eventOf(type: string, row: Row): MidiEvent | undefined {
  const deltaTime = 0;
  const channel = numberIn(row, "channel", 15) ?? 0;
  const data = (name: string) => numberIn(row, name, 127);
  switch (type) {
    case "note_on":
    case "note_off": {
      const noteNumber = data("note"), velocity = data("velocity") ?? 0;
      if (noteNumber === undefined) return undefined;
      // A key pressed with velocity 0 is one released.
      const isOn = type === "note_on" && velocity > 0;
      return isOn
        ? { deltaTime, type: "noteOn", channel, noteNumber, velocity }
        : { deltaTime, type: "noteOff", channel, noteNumber, velocity: 0 };
    }
    case "program_change": {
      const programNumber = data("program");
      if (programNumber === undefined) return undefined;
      return { deltaTime, type: "programChange", channel, programNumber };
    }
    case "control_change": {
      const controllerType = data("control"), value = data("value");
      if (controllerType === undefined || value === undefined) return undefined;
      return { deltaTime, type: "controller", channel, controllerType, value };
    }
    default:
      return metaEventOf(type, row);
  }
}

/** The event of a row that is about the whole piece. */
function metaEventOf(type: string, row: Row): MidiEvent | undefined {
  const deltaTime = 0, meta = true;
  switch (type) {
    case "set_tempo": {
      const microsecondsPerBeat = numberIn(row, "tempo", 0xffffff);
      if (!microsecondsPerBeat) return undefined;
      return { deltaTime, meta, type: "setTempo", microsecondsPerBeat };
    }
    case "time_signature": {
      const numerator = numberIn(row, "numerator", 255);
      const denominator = numberIn(row, "denominator", 64);
      if (!numerator || !denominator) return undefined;
      const [metronome, thirtyseconds] = [24, 8];
      return {
        ...{ deltaTime, meta, type: "timeSignature" },
        ...{ numerator, denominator, metronome, thirtyseconds },
      };
    }
    case "key_signature": {
      const [, tonic = "", minor] = (row["key"] ?? "").match(
        /^([A-G][#b]?)(m?)$/,
      ) ?? [];
      const fifths = "FCGDAEB".indexOf(tonic[0] ?? "?") - 1 +
        (tonic[1] === "#" ? 7 : tonic[1] === "b" ? -7 : 0) - (minor ? 3 : 0);
      if (tonic === "" || Math.abs(fifths) > 7) return undefined;
      const scale = minor ? 1 : 0;
      return { deltaTime, meta, type: "keySignature", key: fifths, scale };
    }
    case "track_name":
      return { deltaTime, meta, type: "trackName", text: row["name"] ?? "" };
    default:
      return undefined;
  }
}

/** A whole number from 0 in a cell, also one written as "60.0". */
function numberIn(row: Row, name: string, most = 2 ** 28): number | undefined {
  const cell = row[name];
  if (cell === undefined || cell === "") return undefined;
  const number = Number(cell);
  return Number.isInteger(number) && number >= 0 && number <= most
    ? number
    : undefined;
}
