/** Draws one roll: rows of pitches, a drum lane, bar lines, notes and axes. */
import * as Plot from "@observablehq/plot";
import {
  BarLines,
  clockTime,
  type Note,
  type NoteSequence,
  ticksToSeconds,
} from "../music/music.ts";
import { drawPlot, plainAxis, px } from "./figure.ts";
import { colours } from "./theme.ts";
import { drawNotes, stroke } from "./note_paths.ts";

/** Margins around the roll, in pixels, without the axis label below. */
export const ROLL_MARGINS = { top: 6, right: 16, bottom: 22, left: 48 };
/** Height of an axis label, in pixels. */
export const AXIS_LABEL_HEIGHT = 12;

/** Size, colours and axes of one roll. */
export interface RollLayout {
  readonly axis: "bars" | "seconds";
  /** Whether the axis says what it counts. */
  readonly axisLabelled: boolean;
  readonly width: number;
  readonly height: number;
  readonly partColours: readonly string[];
  /** Lowest and highest pitch shown. */
  readonly pitchRange: readonly [number, number];
  /** First and last bar, from 1, of a stretch to be marked. @default none */
  readonly marked?: readonly [number, number] | undefined;
}

/** Draws one roll with its axes, as SVG elements. */
export function drawRoll(sequence: NoteSequence, layout: RollLayout): string {
  const { axis, width, height, partColours, pitchRange: [low, high] } = layout;
  const isDrum = (note: Note) => sequence.parts[note.part]!.isDrum;
  const drumPitches = [
    ...new Set(sequence.notes.filter(isDrum).map((note) => note.pitch)),
  ].sort((a, b) => a - b);
  // Rows from the bottom: the drums, two empty rows, then the pitches.
  const drumRows = drumPitches.length;
  const pitchRow = (pitch: number) =>
    pitch - low + (drumRows > 0 ? drumRows + 2 : 0);
  const rowOf = (note: Note) =>
    isDrum(note) ? drumPitches.indexOf(note.pitch) : pitchRow(note.pitch);
  const rowCount = pitchRow(high) + 1;
  const rowHeight = height / rowCount;

  const place = axis === "bars"
    ? (ticks: number) => ticks
    : (ticks: number) => ticksToSeconds(sequence, ticks);
  const end = place(Math.max(sequence.totalTicks, 1));
  const { left, right, top } = ROLL_MARGINS;
  const x = (ticks: number) =>
    left + place(ticks) / end * (width - left - right);
  const y = (row: number) => top + height - (row + 0.5) * rowHeight;

  const pitches = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  const blackKeys = pitches
    .filter((pitch) => [1, 3, 6, 8, 10].includes(pitch % 12))
    .map((pitch) => `M${left},${px(y(pitchRow(pitch)))}H${width - right}`);
  const bars = BarLines.of(sequence);
  const barLines = (every: number) =>
    everyBar(bars, every).map((start) => `M${px(x(start))},${top}v${height}`);
  const barPixels = (width - left - right) / Math.max(1, bars.count);

  const cPitches = pitches.filter((pitch) =>
    // C is not labelled where it would cover the label of the drum lane.
    pitch % 12 === 0 &&
    (drumRows === 0 || (pitchRow(pitch) - drumRows / 2) * rowHeight > 12)
  );
  const rowNames = new Map(
    cPitches.map((pitch) => [pitchRow(pitch) + 0.5, `C${pitch / 12 - 1}`]),
  );
  if (drumRows > 0) rowNames.set(drumRows / 2, "drums");
  return stroke(blackKeys, colours.shade, rowHeight) +
    (barPixels > 12 ? stroke(barLines(1), colours.grid, 1) : "") +
    // Of very many bars not even every fourth has a pixel.
    stroke(
      barLines(4 * Math.ceil(1 / (4 * barPixels))),
      colours.border,
      1,
    ) +
    drawNotes(sequence, partColours, rowHeight, (note) => ({
      row: rowOf(note),
      y: y(rowOf(note)),
      start: x(note.startTicks),
      end: x(note.endTicks),
    })) +
    (layout.marked ? mark(layout.marked) : "") +
    drawAxes(layout, { bars, end, rowNames, rowCount });

  /** A line above a stretch, and one at each end of it. */
  function mark([first, last]: readonly [number, number]): string {
    const [from, to] = [first - 1, last].map((bar) => px(x(bars.startOf(bar))));
    const ends = [from, to].map((at) => `M${at},${top - 2}v${height + 2}`);
    return stroke([`M${from},${top - 2}H${to}`], colours.ink, 3) +
      stroke(ends, colours.ink, 1);
  }
}

/** Where bars begin, in ticks: all of them, every second, third, … */
function everyBar(bars: BarLines, every: number): number[] {
  return Array.from(
    { length: Math.ceil(bars.count / every) },
    (_, i) => bars.startOf(i * every),
  );
}

/** What the axes of a roll count. */
interface RollAxes {
  readonly bars: BarLines;
  /** Where the horizontal axis ends, in ticks or seconds. */
  readonly end: number;
  /** Names by their place on the vertical axis, in rows from the bottom. */
  readonly rowNames: ReadonlyMap<number, string>;
  readonly rowCount: number;
}

function drawAxes(
  { axis, axisLabelled, width, height }: RollLayout,
  { bars, end, rowNames, rowCount }: RollAxes,
): string {
  const { left, right, top, bottom } = ROLL_MARGINS;
  const labelled = Math.max(1, Math.floor((width - left - right) / 38));
  const every = 2 ** Math.max(0, Math.ceil(Math.log2(bars.count / labelled)));
  return drawPlot({
    width,
    height: top + height + bottom + AXIS_LABEL_HEIGHT,
    marginTop: top,
    marginRight: right,
    marginBottom: bottom + AXIS_LABEL_HEIGHT,
    marginLeft: left,
    x: { domain: [0, end] },
    y: { domain: [0, rowCount] },
    marks: [
      axis === "bars"
        ? Plot.axisX(everyBar(bars, every), {
          ...plainAxis,
          tickPadding: 6,
          label: axisLabelled ? "bar" : null,
          tickFormat: (start: number) => String(bars.barAt(start) + 1),
        })
        : Plot.axisX({
          ...plainAxis,
          tickPadding: 6,
          label: axisLabelled ? "min:s" : null,
          tickFormat: clockTime,
        }),
      Plot.axisY([...rowNames.keys()], {
        tickSize: 0,
        label: null,
        tickFormat: (row: number) => rowNames.get(row)!,
      }),
    ],
  });
}

/**
 * Lowest and highest pitch to show: one row beyond the pitched notes on either
 * side, an octave and two rows at least.
 */
export function pitchRange(
  sequences: readonly NoteSequence[],
): [number, number] {
  let low = 127, high = 0;
  for (const { notes, parts } of sequences) {
    for (const { pitch, part } of notes) {
      if (parts[part]!.isDrum) continue;
      low = Math.min(low, pitch);
      high = Math.max(high, pitch);
    }
  }
  if (low > high) return [60, 72];
  const missing = Math.max(0, 12 - (high - low));
  return [
    Math.max(0, low - 1 - Math.floor(missing / 2)),
    Math.min(127, high + 1 + Math.ceil(missing / 2)),
  ];
}
