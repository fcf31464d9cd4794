/** How notes and rests look: values, dots, triplets and ties. */

import type { Value } from "./score_rhythm.ts";
import type { ScoreChord } from "./score_voices.ts";
import { tag } from "./xml.ts";

/** The look of a note or rest. */
export function looks({ name, dots, isTriplet }: Value): string[] {
  return [
    tag("type", name),
    dots > 0 ? tag("dot") : "",
    isTriplet
      ? tag(
        "time-modification",
        tag("actual-notes", 3),
        tag("normal-notes", 2),
      )
      : "",
  ];
}

/** The ties of a note, and the groups of triplets that begin and end with it. */
export function notations(
  value: Value | undefined,
  ties: readonly ("start" | "stop")[],
): string {
  const marks = [
    ...ties.map((type) => tag(`tied type="${type}"`)),
    value?.beginsGroup ? tag('tuplet type="start"') : "",
    value?.endsGroup ? tag('tuplet type="stop"') : "",
  ].join("");
  return marks === "" ? "" : tag("notations", marks);
}

/** How a note value is tied to those of its chord before and after it. */
export function tiesOf(
  chord: ScoreChord,
  start: number,
  end: number,
): ("start" | "stop")[] {
  return [
    ...start > chord.start ? ["stop" as const] : [],
    ...end < chord.end ? ["start" as const] : [],
  ];
}
