/** A note or chord that one part holds from the beginning to the end. */

import {
  BarLines,
  familyOfProgram,
  type HeldNotes,
  type Key,
  meanVelocity,
  type Note,
  type NoteSequence,
  pitchedNotes,
  playingOf,
} from "../music/music.ts";

/** Pitches near which the lowest of them lies, alone and of a chord. */
const NOTE_NEAR = 43, CHORD_NEAR = 50;
/** Bars that a note lasts before it is played again, of what rings on and what does not. */
const SUSTAINED_BARS = 4, STRUCK_BARS = 1;
/** Softer than the other notes, beneath which it lies. */
const SHARE_OF_VELOCITY = 0.85;
const SOFTEST = 30;

/** Whether the tone of a General MIDI program dies away by itself. */
function diesAway(program: number): boolean {
  return program < 16 || program >= 24 && program < 38 ||
    program === 45 || program === 46 ||
    program >= 104 && program !== 109 && program < 111;
}

/**
 * Has a part hold notes from the beginning to the end: in place of what it plays, or
 * on a part of its own beside it. A tone that dies away is played again in each bar.
 *
 * @param held Who holds what.
 * @param key Its tonic is held where no notes are named.
 */
export function holdNotes(
  sequence: NoteSequence,
  { program, pitchClasses, isBeside = false }: HeldNotes,
  key: Key,
): NoteSequence {
  const { parts, notes, totalTicks } = sequence;
  const family = familyOfProgram(program);
  const pitched = parts.filter(({ isDrum }) => !isDrum);
  const player = pitched.find((part) => part.program === program) ??
    pitched.find((part) => familyOfProgram(part.program) === family);
  const own = player && !isBeside ? parts.indexOf(player) : parts.length;
  const others = notes.filter(({ part }) => part !== own);
  const level = meanVelocity({
    ...sequence,
    notes: pitchedNotes({ ...sequence, notes: others }),
  });
  const velocity = Math.max(
    SOFTEST,
    Math.round((Number.isNaN(level) ? 64 : level) * SHARE_OF_VELOCITY),
  );
  const sounding = player?.program ?? program;
  const pitches = pitchesOf(pitchClasses ?? [key.tonic], sounding);
  const lines = BarLines.of(sequence);
  const step = diesAway(sounding) ? STRUCK_BARS : SUSTAINED_BARS;
  const added: Note[] = [];
  for (let bar = 0; lines.startOf(bar) < totalTicks; bar += step) {
    const startTicks = lines.startOf(bar);
    const endTicks = Math.min(lines.startOf(bar + step), totalTicks);
    for (const pitch of pitches) {
      added.push({ pitch, velocity, startTicks, endTicks, part: own });
    }
  }
  return {
    ...sequence,
    parts: own < parts.length
      ? parts
      : [...parts, { name: "", program: sounding, isDrum: false }],
    notes: [...others, ...added].sort((a, b) =>
      a.startTicks - b.startTicks || a.pitch - b.pitch
    ),
    controls: sequence.controls.filter(({ part }) => part !== own),
  };
}

/** Pitches of a note or a chord in close position, low where the instrument is. */
function pitchesOf(
  pitchClasses: readonly number[],
  program: number,
): number[] {
  const { range: [low, high] } = playingOf(program);
  const near = pitchClasses.length > 1 ? CHORD_NEAR : NOTE_NEAR;
  const [root = 0] = pitchClasses;
  const roots = Array.from({ length: 11 }, (_, octave) => 12 * octave + root)
    .filter((pitch) => pitch >= low && pitch <= high)
    .sort((a, b) => Math.abs(a - near) - Math.abs(b - near));
  const lowest = roots[0] ?? 48 + root;
  return pitchClasses.map((one) => lowest + (one - root + 12) % 12);
}
