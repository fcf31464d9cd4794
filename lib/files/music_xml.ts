/** A finished piece → MusicXML, the score that notation programs read. */

import type { NoteSequence, PlacedChord } from "../music/music.ts";
import { escapeXml } from "../plot/plot.ts";
import { scoreBars } from "./score_grid.ts";
import { PartWriter } from "./score_part.ts";
import { tag } from "./xml.ts";

/** What a score has beside the music. */
export interface ScoreOptions {
  /** At its head. @default none */
  readonly title?: string | undefined;
  /** Chord symbols above the first part with pitches. @default none */
  readonly chords?: readonly PlacedChord[] | undefined;
}

/**
 * Writes a piece as MusicXML 3.1. Notes are written where notation can say: each
 * quarter note in the plainest grid of sixteenths, triplets or 32nds that fits it.
 * Keyboards and harps have two staves where both hands play.
 *
 * @param sequence The music; its markers become rehearsal marks.
 * @returns The text of the file.
 * @throws {LimitError} If the piece has more bars than any.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence } from "immersic/music/music.ts";
 * import { writeMusicXml } from "immersic/files/music_xml.ts";
 * const text = writeMusicXml({
 *   ...emptySequence(480),
 *   parts: [{ name: "Flute", program: 73, isDrum: false }],
 *   notes: [{ pitch: 61, velocity: 80, startTicks: 0, endTicks: 480, part: 0 }],
 *   totalTicks: 1920,
 * }, { title: "Rain" });
 * assert.match(text, /<work-title>Rain<\/work-title>/);
 * assert.match(text, /<step>C<\/step>\s*<alter>1<\/alter>/);
 * ```
 */
export function writeMusicXml(
  sequence: NoteSequence,
  { title, chords = [] }: ScoreOptions = {},
): string {
  const bars = scoreBars(sequence);
  const playing = new Set(sequence.notes.map(({ part }) => part));
  const shown = [...sequence.parts.keys()].filter((part) => playing.has(part));
  // A score has at least one part.
  const parts = shown.length > 0 ? shown : [0];
  const pitched = parts.findIndex((part) => !sequence.parts[part]?.isDrum);
  const writers = parts.map((part, index) =>
    new PartWriter(sequence, bars, {
      part,
      index,
      chords: index === pitched ? chords : [],
    })
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 3.1 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">',
    '<score-partwise version="3.1">',
    title ? tag("work", tag("work-title", escapeXml(title))) : "",
    tag("identification", tag("encoding", tag("software", "Immersic"))),
    tag("part-list", ...writers.map((writer) => writer.info())),
    ...writers.map((writer) => writer.part()),
    "</score-partwise>",
  ].filter((line) => line !== "").join("\n") + "\n";
}
