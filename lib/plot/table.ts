/** Tables: HTML for notebooks, aligned text for everything else. */
import { largest } from "../music/music.ts";
import {
  type DisplayObject,
  escapeXml,
  jupyterDisplay,
  type MimeBundle,
} from "./figure.ts";

/** What a table cell may hold. */
export type Cell = string | number | boolean | null | undefined;

/** A column of a {@linkcode table}. */
export interface Column {
  /** Which property of each row to show. */
  readonly key: string;
  /** The heading. @default {the key, its words apart: "held out" for heldOut} */
  readonly label?: string;
  /** Digits after the decimal point. @default {as many as the number has} */
  readonly digits?: number;
}

/** How a {@linkcode table} looks. */
export interface TableOptions {
  /** A line above the table. @default {none} */
  caption?: string;
  /** Rows shown; a line below counts the others. @default {60} */
  maxRows?: number;
}

/** A table as a display object. */
export class Table implements DisplayObject {
  /**
   * A table in both of its forms.
   *
   * @param html An HTML `<table>` in the page's own colours.
   * @param text The same, aligned with spaces.
   */
  constructor(readonly html: string, readonly text: string) {}

  /** The table as HTML and as text. */
  [jupyterDisplay](): MimeBundle {
    return { "text/html": this.html, "text/plain": this.text };
  }
}

/**
 * Lays out records as a table; columns with numbers are aligned to the right.
 *
 * @param rows One record per row.
 * @param columns Keys or column descriptions. Default: the first row's keys.
 * @returns A table that shows itself as a cell's value.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { table } from "immersic/plot/plot.ts";
 * const rejected = table([{ reason: "no notes", files: 2 }]);
 * assert(rejected.text === "reason    files\nno notes      2");
 * ```
 */
export function table(
  rows: readonly Readonly<Record<string, Cell>>[],
  columns: readonly (string | Column)[] = Object.keys(rows[0] ?? {}),
  options: TableOptions = {},
): Table {
  const { caption, maxRows = 60 } = options;
  const described = columns.map((column): Column =>
    typeof column === "string" ? { key: column } : column
  );
  const shown = rows.slice(0, maxRows);
  const headings = described.map(({ key, label }) => label ?? wordsOf(key));
  const cells = shown.map((row) =>
    described.map(({ key, digits }) => formatCell(row[key], digits))
  );
  const rightAligned = described.map(({ key }) =>
    shown.some((row) => typeof row[key] === "number")
  );
  const hidden = rows.length - shown.length;
  const more = hidden > 0 ? `and ${hidden} more rows` : "";
  const layout = { headings, cells, rightAligned, caption, more };
  return new Table(toHtml(layout), toText(layout));
}

/** A property's name as words: "held out" for heldOut. */
function wordsOf(key: string): string {
  return key.replace(
    /(?<=[a-z])[A-Z]/g,
    (letter) => ` ${letter.toLowerCase()}`,
  );
}

function formatCell(cell: Cell, digits?: number): string {
  if (cell === null || cell === undefined) return "–";
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  if (typeof cell === "number" && digits !== undefined) {
    return cell.toFixed(digits);
  }
  return String(cell);
}

/** The texts of a table and how they are set. */
interface TableLayout {
  readonly headings: readonly string[];
  /** By row, then by column. */
  readonly cells: readonly (readonly string[])[];
  /** By column. */
  readonly rightAligned: readonly boolean[];
  readonly caption: string | undefined;
  /** A line below, about rows left out; empty if there are none. */
  readonly more: string;
}

function toHtml(layout: TableLayout): string {
  const { headings, cells, rightAligned, caption, more } = layout;
  // Both are needed: a style overrides the front end's style sheet, and align
  // still works where a front end removes styles.
  const align = (i: number) => {
    const side = rightAligned[i] ? "right" : "left";
    return `align="${side}" style="text-align:${side}"`;
  };
  const row = (tag: string, texts: readonly string[]) =>
    `<tr>${
      texts.map((text, i) =>
        `<${tag} ${align(i)}>${escapeXml(text)}</${tag.split(" ")[0]}>`
      ).join("")
    }</tr>`;
  return "<table>" +
    (caption
      ? `<caption style="text-align:left">${escapeXml(caption)}</caption>`
      : "") +
    `<thead>${row('th scope="col"', headings)}</thead>` +
    `<tbody>${
      cells.map((texts) => row("td", texts)).join("")
    }</tbody></table>` +
    (more ? `<p>… ${more}</p>` : "");
}

function toText(layout: TableLayout): string {
  const { headings, cells, rightAligned, caption, more } = layout;
  const widths = headings.map((heading, i) =>
    Math.max(heading.length, largest(cells.map((texts) => texts[i]!.length)))
  );
  const line = (texts: readonly string[]) =>
    texts.map((text, i) =>
      rightAligned[i] ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)
    ).join("  ").trimEnd();
  return [
    ...(caption ? [caption] : []),
    line(headings),
    ...cells.map(line),
    ...(more ? [`… ${more}`] : []),
  ].join("\n");
}
