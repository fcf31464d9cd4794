/** Loudness that rises and falls again and again, as breath and waves do. */

import {
  BarLines,
  type ControlChange,
  type NoteSequence,
  type Swell,
  ticksToSeconds,
} from "../music/music.ts";
import { EXPRESSION, FULL } from "./controls.ts";
import type { SectionSpan } from "./levels.ts";
import { clampVelocity } from "./touch.ts";

/** Velocities at a trough and at a crest, as shares of what they were. */
const VELOCITY_SHARES = [0.75, 1.2] as const;
/** Expression at a trough, as a share of what there is; held notes move by it too. */
const LEAST_EXPRESSION = 0.5;
/** Expression changes so often. */
const STEPS_PER_QUARTER = 4;

/** Where a section begins and ends. */
type Span = Pick<SectionSpan, "startTicks" | "endTicks">;

/**
 * How far into a swell a time is.
 *
 * @returns By ticks of the piece: whole numbers are troughs.
 */
function phaseOf(
  piece: NoteSequence,
  { startTicks, endTicks }: Span,
  { period }: Swell,
): (ticks: number) => number {
  if ("seconds" in period) {
    const start = ticksToSeconds(piece, startTicks);
    return (ticks) => (ticksToSeconds(piece, ticks) - start) / period.seconds;
  }
  if ("share" in period) {
    const whole = period.share * (endTicks - startTicks);
    return (ticks) => (ticks - startTicks) / whole;
  }
  const lines = BarLines.of(piece);
  const barsAt = (ticks: number) => {
    const bar = lines.barAt(ticks);
    const from = lines.startOf(bar);
    return bar + (ticks - from) / (lines.startOf(bar + 1) - from);
  };
  return (ticks) => (barsAt(ticks) - barsAt(startTicks)) / period.bars;
}

/** How near a phase is to the crest: 0 at a trough, 1 at a crest. */
function heightAt(phase: number, { rise = 0.5 }: Swell): number {
  const share = phase - Math.floor(phase);
  const part = share < rise ? share / rise : (1 - share) / (1 - rise);
  return (1 - Math.cos(Math.PI * part)) / 2;
}

/** A piece of which a section swells: by velocities and by expression. */
export function swellSection(
  piece: NoteSequence,
  section: SectionSpan,
): NoteSequence {
  const { startTicks, endTicks, swell } = section;
  if (!swell) return piece;
  const phaseAt = phaseOf(piece, section, swell);
  const [least, most] = VELOCITY_SHARES;
  const notes = piece.notes.map((note) => {
    if (note.startTicks < startTicks || note.startTicks >= endTicks) {
      return note;
    }
    const height = heightAt(phaseAt(note.startTicks), swell);
    const share = least + (most - least) * height;
    return { ...note, velocity: clampVelocity(note.velocity * share) };
  });
  const step = piece.ticksPerQuarter / STEPS_PER_QUARTER;
  const lines: ControlChange[] = [];
  for (let at = startTicks; at < endTicks; at += step) {
    const ticks = Math.round(at);
    const height = heightAt(phaseAt(ticks), swell);
    const share = LEAST_EXPRESSION + (1 - LEAST_EXPRESSION) * height;
    for (const part of piece.parts.keys()) {
      const value = Math.round(FULL * share);
      lines.push({ ticks, part, controller: EXPRESSION, value });
    }
  }
  // What follows is at its own level again.
  for (const part of endTicks < piece.totalTicks ? piece.parts.keys() : []) {
    lines.push({ ticks: endTicks, part, controller: EXPRESSION, value: FULL });
  }
  const others = piece.controls.filter(({ controller, ticks }) =>
    controller !== EXPRESSION || ticks < startTicks || ticks > endTicks
  );
  return {
    ...piece,
    notes,
    controls: [...others, ...lines]
      .sort((a, b) => a.ticks - b.ticks || a.part - b.part),
  };
}

/**
 * In how many of the swells of a section the crest is louder than the trough before
 * it, of those in which both are heard.
 *
 * @returns A share, 0–1; NaN where no swell is heard.
 */
export function shareOfSwells(
  piece: NoteSequence,
  section: { readonly startTicks: number; readonly endTicks: number },
  swell: Swell,
): number {
  const phaseAt = phaseOf(piece, section, swell);
  const { rise = 0.5 } = swell;
  const levels = new Map<number, number>();
  const expression = piece.parts.map((_, part) =>
    piece.controls.filter((one) =>
      one.part === part && one.controller === EXPRESSION
    )
  );
  const levelAt = (ticks: number) => {
    const own = piece.notes.filter((note) =>
      note.startTicks <= ticks && note.endTicks > ticks
    );
    const sum = own.reduce((sum, { velocity, part }) => {
      const set = expression[part]!.findLast((one) => one.ticks <= ticks);
      return sum + velocity * (set?.value ?? FULL) / FULL;
    }, 0);
    return sum / own.length;
  };
  const step = piece.ticksPerQuarter / STEPS_PER_QUARTER;
  let before = 0;
  for (
    let ticks = section.startTicks;
    ticks < section.endTicks;
    ticks += step
  ) {
    const phase = phaseAt(ticks);
    // Even numbers are troughs, odd ones crests.
    const at = phase % 1 < rise
      ? 2 * Math.floor(phase)
      : 2 * Math.floor(phase) + 1;
    if (ticks === section.startTicks || at !== before) {
      levels.set(at, levelAt(Math.round(ticks)));
    }
    before = at;
  }
  let risen = 0, heard = 0;
  for (const [at, level] of levels) {
    const trough = levels.get(at - 1);
    if (at % 2 === 0 || trough === undefined || Number.isNaN(level + trough)) {
      continue;
    }
    heard++;
    if (level > trough) risen++;
  }
  return risen / heard;
}
