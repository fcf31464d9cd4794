/** Piano roll of one piece: who plays which pitch, when and how loudly. */
import {
  BarLines,
  firstStatedQpm,
  type NoteSequence,
  type Part,
  ticksToSeconds,
} from "../music/music.ts";
import { drawCard, type Figure, formatSeconds } from "./figure.ts";
import { colourParts, partRole } from "./roles.ts";
import {
  AXIS_LABEL_HEIGHT,
  drawRoll,
  pitchRange,
  ROLL_MARGINS,
} from "./roll_drawing.ts";

/** How a {@linkcode pianoRoll} looks. */
export interface PianoRollOptions {
  /** The heading. @default {"Piano roll"} */
  title?: string;
  /** A line below the title. @default {bars, length and tempo of the piece} */
  subtitle?: string;
  /** What the horizontal axis counts. @default {"bars"} */
  axis?: "bars" | "seconds";
  /** In pixels. @default {760} */
  width?: number;
  /** Height of the roll without its card, in pixels. @default {260} */
  height?: number;
}

/**
 * Draws a piece: one colour per part, louder notes stronger, a line at each bar,
 * drums in a lane of their own below.
 *
 * @param sequence The piece or passage.
 * @returns A figure that shows itself as a cell's value.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pianoRoll } from "immersic/plot/plot.ts";
 * const roll = pianoRoll({
 *   ticksPerQuarter: 480,
 *   parts: [{ name: "Keys", program: 4, isDrum: false }],
 *   notes: [{ pitch: 60, velocity: 80, startTicks: 0, endTicks: 960, part: 0 }],
 *   tempos: [],
 *   timeSignatures: [],
 *   keySignatures: [],
 *   controls: [],
 *   totalTicks: 1920,
 * }, { title: "One note" });
 * assert(roll.svg.includes("One note"));
 * ```
 */
export function pianoRoll(
  sequence: NoteSequence,
  options: PianoRollOptions = {},
): Figure {
  const {
    title = "Piano roll",
    subtitle = summaryOf(sequence),
    axis = "bars",
    width = 760,
    height = 260,
  } = options;
  const partColours = colourParts(sequence);
  const counts = notesOfParts(sequence);
  const legend = sequence.parts
    .map((part, i) => ({
      label: part.name || partRole(part),
      colour: partColours[i]!,
    }))
    .filter((_item, i) => counts[i]! > 0);
  const alt = `${title}. Piano roll, ${subtitle}. ${
    describeParts(sequence.parts, counts)
  }`;
  const body = drawRoll(sequence, {
    axis,
    axisLabelled: true,
    width,
    height,
    partColours,
    pitchRange: pitchRange([sequence]),
  });
  const bodyHeight = ROLL_MARGINS.top + height + ROLL_MARGINS.bottom +
    AXIS_LABEL_HEIGHT;
  return drawCard({ title, subtitle, legend, width, bodyHeight, body, alt });
}

/** Bars, length and tempo of a piece, in words. */
export function summaryOf(sequence: NoteSequence): string {
  const bars = BarLines.of(sequence).count;
  const seconds = ticksToSeconds(sequence, sequence.totalTicks);
  const qpm = Math.round(firstStatedQpm(sequence));
  return `${bars} bar${bars === 1 ? "" : "s"}, ${
    formatSeconds(seconds)
  }, ${qpm} quarters a minute`;
}

function notesOfParts({ notes, parts }: NoteSequence): Uint32Array {
  const counts = new Uint32Array(parts.length);
  for (const { part } of notes) counts[part]!++;
  return counts;
}

/** How many notes each part has, in words. */
function describeParts(
  parts: readonly Part[],
  notesOfParts: ArrayLike<number>,
): string {
  const counts = parts.map((part, i) => {
    const count = notesOfParts[i]!;
    return `${part.name || partRole(part)} ${count} note${
      count === 1 ? "" : "s"
    }`;
  });
  return counts.length > 0 ? `${counts.join(", ")}.` : "No notes.";
}
