/** What stands above the staves of a score: tempi and rehearsal marks. */

import { DEFAULT_QPM, type NoteSequence } from "../music/music.ts";
import { escapeXml } from "../plot/plot.ts";
import { DIVISIONS, type ScoreBar } from "./score_grid.ts";
import { tag } from "./xml.ts";

/** The tempi and rehearsal marks of a bar. */
export function directions(
  sequence: NoteSequence,
  { start, end }: ScoreBar,
): string[] {
  const { tempos, markers = [], ticksPerQuarter } = sequence;
  const stated = tempos[0]?.ticks === 0
    ? tempos
    : [{ ticks: 0, qpm: DEFAULT_QPM }, ...tempos];
  const direction = (ticks: number, type: string, sound: string) => {
    const offset = Math.round(ticks * DIVISIONS / ticksPerQuarter) - start;
    if (offset < 0 || offset >= end - start) return "";
    return tag(
      'direction placement="above"',
      tag("direction-type", type),
      offset > 0 ? tag("offset", offset) : "",
      sound,
    );
  };
  return [
    ...markers.map(({ ticks, text }) =>
      direction(ticks, tag("rehearsal", escapeXml(text)), "")
    ),
    ...stated.map(({ ticks, qpm }) => {
      const shown = Math.round(qpm * 10) / 10;
      const sounding = Math.round(qpm * 1000) / 1000;
      return direction(
        ticks,
        tag("metronome", tag("beat-unit", "quarter"), tag("per-minute", shown)),
        tag(`sound tempo="${sounding}"`),
      );
    }),
  ];
}
