/** A variation of a user's music: the same notes, some at other pitches. */

import { setLoudness } from "../arrangement/arrangement.ts";
import type { Passage } from "../generation/generation.ts";
import {
  channelsOf,
  INSTRUMENTS,
  nearestProgram,
  type Note,
  type NoteSequence,
  type Part,
  type PieceSpec,
  silencedPrograms,
  sortNotes,
} from "../music/music.ts";

const PITCHES = 128, OCTAVE = 12;

/**
 * Moves each note as far as the token that stands for it was moved. All else stays;
 * so does a note that would strike a pitch which its channel holds.
 *
 * @param tokens Of the variation, note by note as those of what was heard.
 */
export function varyPassage(
  { music, heard }: Passage,
  tokens: readonly string[],
): NoteSequence {
  const before = pitchesOf(heard.bars.flat()), after = pitchesOf(tokens);
  if (before.length !== after.length) {
    throw new Error(
      `Cannot vary a piece: the variation must have ${before.length} notes, current value is ${after.length}.`,
    );
  }
  const channels = channelsOf(music.parts);
  const held = new Held(music.notes, channels);
  const notes = music.notes.map((note, i): Note => {
    const heardAs = heard.pitchOf[i]!;
    const moved = heardAs < 0 ? 0 : after[heardAs]! - before[heardAs]!;
    if (moved === 0) return note;
    const pitch = inMidi(note.pitch + moved);
    const free = [pitch, pitch + OCTAVE, pitch - OCTAVE].find((one) =>
      one >= 0 && one < PITCHES && one !== note.pitch &&
      held.strike(channels[note.part]!, one, note)
    );
    return free === undefined ? note : { ...note, pitch: free };
  });
  return { ...music, notes: sortNotes(notes) };
}

/** Gives a variation the tempo, instruments and loudness that are asked. */
export function withAsked(
  sequence: NoteSequence,
  { qpm, tempo, playing = [], silent = [], loudness }: PieceSpec,
  plannedQpm: number | undefined,
): NoteSequence {
  const isTempoAsked = qpm !== undefined || tempo !== undefined;
  const timed = isTempoAsked && plannedQpm !== undefined
    ? { ...sequence, tempos: [{ ticks: 0, qpm: plannedQpm }] }
    : sequence;
  const gone = new Set(silent.flatMap(silencedPrograms));
  const able = playing.flatMap((name) => INSTRUMENTS[name].programs)
    .filter((program) => !gone.has(program));
  // Of each instrument asked, the likeliest.
  const likeliest = playing.flatMap((name) =>
    INSTRUMENTS[name].programs.filter((one) => able.includes(one)).slice(0, 1)
  );
  const isSilent = ({ program, isDrum }: Part) =>
    isDrum
      ? silent.includes("drums") ||
        playing.length > 0 && !playing.includes("drums")
      : gone.has(program);
  const cast: NoteSequence = playing.length + silent.length === 0 ? timed : {
    ...timed,
    parts: timed.parts.map((part) =>
      part.isDrum || able.length === 0 || able.includes(part.program) ? part : {
        ...part,
        program: nearestProgram(part.program, likeliest)!,
        bank: 0,
      }
    ),
    notes: timed.notes.filter(({ part }) => !isSilent(timed.parts[part]!)),
  };
  return setLoudness(cast, loudness);
}

/** The pitches of tokens, in order. */
function pitchesOf(tokens: readonly string[]): number[] {
  return tokens.filter((token) => token.startsWith("Pitch_"))
    .map((token) => Number(token.slice("Pitch_".length)));
}

/** A pitch moved by octaves to where MIDI has one. */
function inMidi(pitch: number): number {
  if (pitch < 0) return pitch + OCTAVE * Math.ceil(-pitch / OCTAVE);
  const over = pitch - (PITCHES - 1);
  return over > 0 ? pitch - OCTAVE * Math.ceil(over / OCTAVE) : pitch;
}

/** When each pitch of each channel sounds. */
class Held {
  /** By channel and pitch: the starts, rising, and the latest end so far. */
  readonly #given = new Map<number, { starts: number[]; ends: number[] }>();
  /** The end of the last moved note. */
  readonly #moved = new Map<number, number>();

  constructor(notes: readonly Note[], channels: readonly number[]) {
    for (const { pitch, startTicks, endTicks, part } of notes) {
      const key = channels[part]! * PITCHES + pitch;
      const own = this.#given.get(key) ?? { starts: [], ends: [] };
      own.starts.push(startTicks);
      own.ends.push(Math.max(own.ends.at(-1) ?? 0, endTicks));
      this.#given.set(key, own);
    }
  }

  /** Strikes a pitch for a note's time, unless it sounds in it; notes in order. */
  strike(
    channel: number,
    pitch: number,
    { startTicks, endTicks }: Note,
  ): boolean {
    const key = channel * PITCHES + pitch;
    if ((this.#moved.get(key) ?? -1) > startTicks) return false;
    const given = this.#given.get(key);
    if (given) {
      // The first start at the note's end or later.
      let low = 0, high = given.starts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (given.starts[middle]! < endTicks) low = middle + 1;
        else high = middle;
      }
      if (low > 0 && given.ends[low - 1]! > startTicks) return false;
    }
    this.#moved.set(key, endTicks);
    return true;
  }
}
