/** Draws the notes of a piano roll as SVG paths. */
import type { Note, NoteSequence } from "../music/music.ts";
import { px } from "./figure.ts";

/** Where a note lies on the roll. Lengths are in pixels. */
export interface NotePlace {
  /** Counted from the bottom. */
  readonly row: number;
  readonly y: number;
  readonly start: number;
  readonly end: number;
}

/** Draws the notes; parts with longer notes lie behind those with shorter ones. */
export function drawNotes(
  { notes }: NoteSequence,
  partColours: readonly string[],
  rowHeight: number,
  placeOf: (note: Note) => NotePlace,
): string {
  // Small rolls come many to a figure: their coordinates are rounded more, which
  // saves bytes, and their thin lines are drawn stronger.
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
          partColours[part]!,
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

/** Path commands for notes, row by row, rounded to `step` pixels. */
function notePath(places: readonly NotePlace[], step: number): string[] {
  const snap = (pixels: number) => Math.round(pixels / step) * step;
  let row = NaN, penX = 0;
  return places.toSorted((a, b) => a.row - b.row || a.start - b.start)
    .map((place) => {
      const start = snap(place.start);
      const length = place.end - place.start;
      // A gap between repeated notes, and a visible dot for the shortest ones.
      const shown = snap(Math.max(1.5, length > 3 ? length - 0.7 : length));
      const move = place.row === row
        ? `m${start - penX},0`
        : `M${start},${px(place.y)}`;
      row = place.row;
      penX = start + shown;
      return `${move}h${shown}`;
    });
}

/** An SVG path of these commands; nothing where there are none. */
export function stroke(
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
