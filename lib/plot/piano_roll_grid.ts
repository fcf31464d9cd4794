/** Piano rolls of several pieces, side by side. */
import type { NoteSequence } from "../music/music.ts";
import {
  drawCard,
  escapeXml,
  type Figure,
  type LegendItem,
  px,
} from "./figure.ts";
import { colours } from "./theme.ts";
import { shortenText } from "./text.ts";
import { summaryOf } from "./piano_roll.ts";
import { partRole, type Role, roleColours } from "./roles.ts";
import {
  AXIS_LABEL_HEIGHT,
  drawRoll,
  pitchRange,
  ROLL_MARGINS,
} from "./roll_drawing.ts";

/** How a {@linkcode pianoRollGrid} looks. */
export interface PianoRollGridOptions {
  /** The heading. @default {"Piano rolls"} */
  title?: string;
  /** A line below the title. @default {none} */
  subtitle?: string;
  /** Rolls side by side. @default {2} */
  columns?: number;
  /** Headings over the columns. @default {none} */
  columnTitles?: readonly string[];
  /** What the horizontal axes count. @default {"bars"} */
  axis?: "bars" | "seconds";
  /** First and last bar, from 1, to be marked in every roll. @default {none} */
  marked?: readonly [number, number] | undefined;
  /** In pixels. @default {860} */
  width?: number;
  /** Height of each roll, in pixels. @default {110} */
  rollHeight?: number;
}

/**
 * Draws several pieces side by side, row by row, on one pitch scale.
 *
 * @param items The pieces with their titles.
 * @returns A figure that shows itself as a cell's value.
 * @throws {RangeError} If there is no piece, or `columns` is not a positive
 *   integer.
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
    marked,
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
  const cellHeight = 16 + rollHeight + ROLL_MARGINS.top + ROLL_MARGINS.bottom;
  const top = columnTitles.length > 0 ? 22 : 0;
  const textSpace = cellWidth - ROLL_MARGINS.left - ROLL_MARGINS.right;
  const headings = columnTitles.slice(0, columns).map((heading, column) =>
    `<text x="${px(column * cellWidth + ROLL_MARGINS.left)}" y="16" ` +
    `font-size="13" font-weight="600">${
      escapeXml(shortenText(heading, textSpace, 14))
    }</text>`
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
      marked,
    });
    return `<g transform="translate(${px(x)},${px(y)})">` +
      `<text x="${ROLL_MARGINS.left}" y="15" fill="${colours.softInk}">` +
      `${escapeXml(shortenText(title, textSpace))}</text>` +
      `<g transform="translate(0,16)">${roll}</g></g>`;
  });
  const played = new Set(
    items.flatMap(({ sequence }) =>
      sequence.notes.map((note) => partRole(sequence.parts[note.part]!))
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
      AXIS_LABEL_HEIGHT,
    body: headings.join("") + cells.join(""),
    alt: `${title}. ${items.length} piano rolls: ${
      items.map((item) => `${item.title}, ${summaryOf(item.sequence)}`)
        .join("; ")
    }.`,
  });
}
