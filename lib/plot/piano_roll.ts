/** Piano rolls: who plays which pitch, when and how loudly. */
import * as Plot from "@observablehq/plot";
import {
  barStarts,
  type Note,
  type NoteSequence,
  ticksToSeconds,
} from "../music/music.ts";
import {
  colours,
  drawCard,
  drawPlot,
  escapeXml,
  type Figure,
  formatSeconds,
  type LegendItem,
  plainAxis,
  px,
} from "./figure.ts";
import { colourParts, partRole, type Role, roleColours } from "./roles.ts";

/** How a {@linkcode pianoRoll} looks. */
export interface PianoRollOptions {
  /** @default {"Piano roll"} */
  title?: string;
  /** A line below the title. @default {bars, length and tempo of the piece} */
  subtitle?: string;
  /** What the horizontal axis counts. @default {"bars"} */
  axis?: "bars" | "seconds";
  /** In pixels. @default {760} */
  width?: number;
  /** Of the roll itself, in pixels. @default {260} */
  height?: number;
}

/**
 * Draws a piece: one colour a part, louder notes stronger, a line at each bar,
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
    subtitle = describePiece(sequence),
    axis = "bars",
    width = 760,
    height = 260,
  } = options;
  const partColours = colourParts(sequence);
  const legend = sequence.parts
    .map((part, i) => ({
      label: part.name || partRole(part),
      colour: partColours[i],
    }))
    .filter((_item, i) => sequence.notes.some((note) => note.part === i));
  const alt = `${title}. Piano roll, ${subtitle}. ${describeParts(sequence)}`;
  const body = drawRoll(sequence, {
    axis,
    axisLabelled: true,
    width,
    height,
    partColours,
    pitchRange: pitchRange([sequence]),
  });
  const bodyHeight = rollMargins.top + height + rollMargins.bottom +
    axisLabelHeight;
  return drawCard({ title, subtitle, legend, width, bodyHeight, body, alt });
}

/** How a {@linkcode pianoRollGrid} looks. */
export interface PianoRollGridOptions {
  /** @default {"Piano rolls"} */
  title?: string;
  subtitle?: string;
  /** Rolls side by side. @default {2} */
  columns?: number;
  /** Headings over the columns. @default {none} */
  columnTitles?: readonly string[];
  /** What the horizontal axes count. @default {"bars"} */
  axis?: "bars" | "seconds";
  /** In pixels. @default {860} */
  width?: number;
  /** Of each roll, in pixels. @default {110} */
  rollHeight?: number;
}

/**
 * Draws several pieces side by side, row by row, on one pitch scale.
 *
 * @param items The pieces with their titles.
 * @returns A figure that shows itself as a cell's value.
 * @throws {RangeError} When there is nothing to draw.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pianoRollGrid } from "immersic/plot/plot.ts";
 * const sequence = {
 *   ticksPerQuarter: 480,
 *   parts: [{ name: "Pad", program: 89, isDrum: false }],
 *   notes: [{ pitch: 60, velocity: 80, startTicks: 0, endTicks: 960, part: 0 }],
 *   tempos: [],
 *   timeSignatures: [],
 *   keySignatures: [],
 *   controls: [],
 *   totalTicks: 1920,
 * };
 * const grid = pianoRollGrid([
 *   { title: "Training piece", sequence },
 *   { title: "Generated", sequence },
 * ]);
 * assert(grid.alt.includes("Generated"));
 * ```
 */
export function pianoRollGrid(
  items: readonly { title: string; sequence: NoteSequence }[],
  options: PianoRollGridOptions = {},
): Figure {
  const {
    title = "Piano rolls",
    subtitle,
    columns = 2,
    columnTitles = [],
    axis = "bars",
    width = 860,
    rollHeight = 110,
  } = options;
  if (items.length === 0) {
    throw new RangeError(
      "Cannot draw piano rolls: there must be at least one piece, current value is an empty list.",
    );
  }
  if (!Number.isInteger(columns) || columns < 1) {
    throw new RangeError(
      `Cannot draw piano rolls: columns must be a positive integer, current value is ${columns}.`,
    );
  }
  const range = pitchRange(items.map((item) => item.sequence));
  const cellWidth = width / columns;
  const cellHeight = 16 + rollHeight + rollMargins.top + rollMargins.bottom;
  const top = columnTitles.length > 0 ? 22 : 0;
  const headings = columnTitles.slice(0, columns).map((heading, column) =>
    `<text x="${px(column * cellWidth + rollMargins.left)}" y="16" ` +
    `font-size="13" font-weight="600">${escapeXml(heading)}</text>`
  );
  const cells = items.map(({ title, sequence }, i) => {
    const x = (i % columns) * cellWidth;
    const y = top + Math.floor(i / columns) * cellHeight;
    const roll = drawRoll(sequence, {
      axis,
      axisLabelled: i >= items.length - columns,
      width: cellWidth,
      height: rollHeight,
      partColours: sequence.parts.map((part) => roleColours[partRole(part)]),
      pitchRange: range,
    });
    return `<g transform="translate(${px(x)},${px(y)})">` +
      `<text x="${rollMargins.left}" y="15" fill="${colours.softInk}">` +
      `${escapeXml(title)}</text>` +
      `<g transform="translate(0,16)">${roll}</g></g>`;
  });
  const played = new Set(
    items.flatMap(({ sequence }) =>
      sequence.notes.map((note) => partRole(sequence.parts[note.part]))
    ),
  );
  const legend: LegendItem[] = Object.entries(roleColours)
    .filter(([role]) => played.has(role as Role))
    .map(([label, colour]) => ({ label, colour }));
  return drawCard({
    title,
    subtitle,
    legend,
    width,
    bodyHeight: top + Math.ceil(items.length / columns) * cellHeight +
      axisLabelHeight,
    body: headings.join("") + cells.join(""),
    alt: `${title}. ${items.length} piano rolls: ${
      items.map((item) => `${item.title}, ${describePiece(item.sequence)}`)
        .join("; ")
    }.`,
  });
}

/** Around the roll, in pixels; an axis label takes more below. */
const rollMargins = { top: 6, right: 16, bottom: 22, left: 48 };
const axisLabelHeight = 12;

interface RollLayout {
  readonly axis: "bars" | "seconds";
  /** Whether the axis says what it counts. */
  readonly axisLabelled: boolean;
  readonly width: number;
  readonly height: number;
  readonly partColours: readonly string[];
  /** Lowest and highest pitch shown. */
  readonly pitchRange: readonly [number, number];
}

/** The roll itself, as SVG elements. */
function drawRoll(sequence: NoteSequence, layout: RollLayout): string {
  const { axis, width, height, partColours, pitchRange: [low, high] } = layout;
  const isDrum = (note: Note) => sequence.parts[note.part].isDrum;
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
  const { left, right, top } = rollMargins;
  const x = (ticks: number) =>
    left + place(ticks) / end * (width - left - right);
  const y = (row: number) => top + height - (row + 0.5) * rowHeight;

  const pitches = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  const blackKeys = pitches
    .filter((pitch) => [1, 3, 6, 8, 10].includes(pitch % 12))
    .map((pitch) => `M${left},${px(y(pitchRow(pitch)))}H${width - right}`);
  const bars = barStarts(sequence);
  const barLines = (every: number) =>
    bars.filter((_start, i) => i % every === 0)
      .map((start) => `M${px(x(start))},${top}v${height}`);
  const barPixels = (width - left - right) / Math.max(1, bars.length);

  const cPitches = pitches.filter((pitch) =>
    // Not over the lane's own label.
    pitch % 12 === 0 &&
    (drumRows === 0 || (pitchRow(pitch) - drumRows / 2) * rowHeight > 12)
  );
  const rowNames = new Map(
    cPitches.map((pitch) => [pitchRow(pitch) + 0.5, `C${pitch / 12 - 1}`]),
  );
  if (drumRows > 0) rowNames.set(drumRows / 2, "drums");
  return stroke(blackKeys, colours.shade, rowHeight) +
    (barPixels > 12 ? stroke(barLines(1), colours.grid, 1) : "") +
    stroke(barLines(4), colours.border, 1) +
    drawNotes(sequence, partColours, rowHeight, (note) => ({
      row: rowOf(note),
      y: y(rowOf(note)),
      start: x(note.startTicks),
      end: x(note.endTicks),
    })) +
    drawAxes(layout, bars, end, rowNames, rowCount);
}

function drawAxes(
  { axis, axisLabelled, width, height }: RollLayout,
  bars: readonly number[],
  end: number,
  rowNames: ReadonlyMap<number, string>,
  rowCount: number,
): string {
  const { left, right, top, bottom } = rollMargins;
  const labelled = Math.max(1, Math.floor((width - left - right) / 38));
  const every = 2 ** Math.max(0, Math.ceil(Math.log2(bars.length / labelled)));
  return drawPlot({
    width,
    height: top + height + bottom + axisLabelHeight,
    marginTop: top,
    marginRight: right,
    marginBottom: bottom + axisLabelHeight,
    marginLeft: left,
    x: { domain: [0, end] },
    y: { domain: [0, rowCount] },
    marks: [
      axis === "bars"
        ? Plot.axisX(bars.filter((_start, i) => i % every === 0), {
          ...plainAxis,
          tickPadding: 6,
          label: axisLabelled ? "bar" : null,
          tickFormat: (start: number) => String(bars.indexOf(start) + 1),
        })
        : Plot.axisX({
          ...plainAxis,
          tickPadding: 6,
          label: axisLabelled ? "min:s" : null,
          tickFormat: (seconds: number) =>
            `${Math.floor(seconds / 60)}:${
              String(Math.round(seconds % 60)).padStart(2, "0")
            }`,
        }),
      Plot.axisY([...rowNames.keys()], {
        tickSize: 0,
        label: null,
        tickFormat: (row: number) => rowNames.get(row)!,
      }),
    ],
  });
}

/** Where a note lies on the roll, in pixels but for the row. */
interface NotePlace {
  readonly row: number;
  readonly y: number;
  readonly start: number;
  readonly end: number;
}

/** The notes, the parts of the longest notes furthest back. */
function drawNotes(
  { notes }: NoteSequence,
  partColours: readonly string[],
  rowHeight: number,
  placeOf: (note: Note) => NotePlace,
): string {
  // A small roll is drawn less finely, as a figure may hold many of them, and
  // its thin lines stronger.
  const [step, levels, faintest] = rowHeight < 3 ? [1, 3, 0.7] : [0.5, 5, 0.4];
  const layers = [...Map.groupBy(notes, (note) => note.part)]
    .map(([part, group]) => ({ part, group, length: meanLength(group) }))
    .sort((a, b) => b.length - a.length);
  return layers.flatMap(({ part, group }) =>
    // Notes of one loudness share a path, which keeps a long piece small.
    [...Map.groupBy(
      group,
      ({ velocity }) => Math.floor(velocity / 128 * levels),
    )]
      .map(([loudness, notes]) =>
        stroke(
          notePath(notes.map(placeOf), step),
          partColours[part],
          Math.max(1.5, rowHeight * 0.86),
          faintest + (1 - faintest) * loudness / (levels - 1),
        )
      )
  ).join("");
}

function meanLength(notes: readonly Note[]): number {
  const ticks = notes.map((note) => note.endTicks - note.startTicks);
  return ticks.reduce((sum, length) => sum + length, 0) / notes.length;
}

/** Path commands for notes, row by row, lengths in multiples of `step` pixels. */
function notePath(places: readonly NotePlace[], step: number): string[] {
  const snap = (pixels: number) => Math.round(pixels / step) * step;
  let row = NaN, penX = 0;
  return places.toSorted((a, b) => a.row - b.row || a.start - b.start)
    .map((place) => {
      const start = snap(place.start);
      const length = place.end - place.start;
      // A hairline between repeated notes, and a dot for the shortest.
      const shown = snap(Math.max(1.5, length > 3 ? length - 0.7 : length));
      const move = place.row === row
        ? `m${start - penX},0`
        : `M${start},${px(place.y)}`;
      row = place.row;
      penX = start + shown;
      return `${move}h${shown}`;
    });
}

function stroke(
  path: readonly string[],
  colour: string,
  width: number,
  opacity = 1,
): string {
  if (path.length === 0) return "";
  return `<path fill="none" stroke="${colour}" stroke-width="${
    px(width)
  }" stroke-opacity="${Number(opacity.toFixed(2))}" d="${path.join("")}"/>`;
}

/** Lowest and highest pitch to show: the pitched notes and a row around them. */
function pitchRange(sequences: readonly NoteSequence[]): [number, number] {
  let low = 127, high = 0;
  for (const { notes, parts } of sequences) {
    for (const { pitch, part } of notes) {
      if (parts[part].isDrum) continue;
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

function describePiece(sequence: NoteSequence): string {
  const bars = barStarts(sequence).length;
  const seconds = ticksToSeconds(sequence, sequence.totalTicks);
  const qpm = Math.round(sequence.tempos[0]?.qpm ?? 120);
  return `${bars} bar${bars === 1 ? "" : "s"}, ${
    formatSeconds(seconds)
  }, ${qpm} quarters a minute`;
}

function describeParts({ notes, parts }: NoteSequence): string {
  const counts = parts.map((part, i) => {
    const count = notes.filter((note) => note.part === i).length;
    return `${part.name || partRole(part)} ${count} note${
      count === 1 ? "" : "s"
    }`;
  });
  return counts.length > 0 ? `${counts.join(", ")}.` : "No notes.";
}
