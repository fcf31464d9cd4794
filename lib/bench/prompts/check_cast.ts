/** Checks of which instruments sound. */

import { belongs, isDrumSound, isLikeDrums, soundName } from "./families.ts";
import type { Heard, HeardNote } from "./heard.ts";
import { type Check, verdict } from "./verdict.ts";

/** Share of the time for which notes together count as lines. */
const LINES_SHARE = 0.25;

/** Names of what sounds. */
function castOf(notes: readonly HeardNote[]): string {
  return [...new Set(notes.map(soundName))].sort().join(", ") || "nothing";
}

export const plays: Check<"plays"> = ({ notes }, { any }) =>
  verdict(
    notes.some((note) => any.some((family) => belongs(note, family))),
    castOf(notes),
  );

export const silent: Check<"silent"> = ({ notes }, { family }) =>
  verdict(
    !notes.some((note) => belongs(note, family)),
    castOf(notes),
    true,
  );

export const only: Check<"only"> = ({ notes }, { families }) => {
  const others = notes.filter((note) =>
    !families.some((family) => belongs(note, family))
  );
  return verdict(
    notes.length > 0 && others.length === 0,
    castOf(notes),
    others.length > 0,
  );
};

export const program: Check<"program"> = ({ notes }, { any }) => {
  const programs = [
    ...new Set(
      notes.flatMap(({ isDrum, program }) => isDrum ? [] : [program]),
    ),
  ];
  return verdict(
    programs.some((one) => any.includes(one)),
    `programs ${programs.join(", ")}`,
  );
};

export const parts: Check<"parts"> = (heard, asked) => {
  const { count: [low, high], family } = asked;
  const notes = family === undefined
    ? heard.notes
    : heard.notes.filter((note) => belongs(note, family));
  const found = lineCount({ notes });
  return verdict(found >= low && found <= high, `${found} lines`);
};

/** Number of different lines: channels, or notes together on a single channel. */
export function lineCount({ notes }: Pick<Heard, "notes">): number {
  if (notes.length === 0) return 0;
  const channels = new Set(notes.map(({ channel }) => channel)).size;
  if (channels !== 1) return channels;
  const secondsBy = secondsByVoices(notes);
  const total = secondsBy.reduce((sum, seconds) => sum + seconds, 0);
  let lines = 1;
  let atLeast = total - (secondsBy[0] ?? 0);
  for (let n = 1; n < secondsBy.length; n++) {
    if (atLeast >= LINES_SHARE * total) lines = n;
    atLeast -= secondsBy[n] ?? 0;
  }
  return lines;
}

/** Seconds for which so many notes sound together, by their number. */
function secondsByVoices(notes: readonly HeardNote[]): number[] {
  const edges = notes.flatMap(({ start, end }) => [
    { at: start, by: 1 },
    { at: end, by: -1 },
  ]).sort((a, b) => a.at - b.at || a.by - b.by);
  const seconds: number[] = [];
  let voices = 0, at = edges[0]?.at ?? 0;
  for (const edge of edges) {
    seconds[voices] = (seconds[voices] ?? 0) + edge.at - at;
    voices += edge.by;
    at = edge.at;
  }
  return Array.from(seconds, (one) => one ?? 0);
}

export const drums: Check<"drums"> = ({ notes }, { play }) =>
  verdict(
    play ? notes.some(isLikeDrums) : !notes.some(({ isDrum }) => isDrum),
    castOf(notes),
    !play,
  );

export const drumSound: Check<"drum-sound"> = ({ notes }, { play, sound }) => {
  const isHeard = notes.some((note) =>
    isDrumSound(note, sound) ||
    // Without cymbals there is no hi-hat either.
    !play && sound === "cymbal" && isDrumSound(note, "hihat")
  );
  const keys = new Set(
    notes.flatMap(({ isDrum, pitch }) => isDrum ? [pitch] : []),
  );
  return verdict(
    isHeard === play,
    `drum keys ${[...keys].sort((a, b) => a - b).join(", ") || "none"}`,
    !play,
  );
};

export const leads: Check<"leads"> = ({ pitched }, { family }) => {
  const mine = pitched.filter((note) => belongs(note, family));
  if (mine.length === 0) return verdict(false, castOf(pitched));
  const share = topShare(pitched, (note) => belongs(note, family));
  const others = Map.groupBy(
    pitched.filter((note) => !belongs(note, family)),
    ({ channel }) => channel,
  );
  const isSingle = (notes: readonly HeardNote[]) => lineCount({ notes }) === 1;
  const isOnlyLine = isSingle(mine) && ![...others.values()].some(isSingle);
  return verdict(
    share >= 0.5 || isOnlyLine,
    `on top for ${Math.round(100 * share)} % of its time`,
  );
};

/** Share of the time in which some of the notes sound that one of them is the highest. */
function topShare(
  notes: readonly HeardNote[],
  isMine: (note: HeardNote) => boolean,
): number {
  const edges = notes.flatMap((note) => [
    { at: note.start, isStart: true, note },
    { at: note.end, isStart: false, note },
  ]).sort((a, b) => a.at - b.at || Number(a.isStart) - Number(b.isStart));
  const sounding = new Set<HeardNote>();
  let mine = 0, top = 0, at = 0;
  for (const edge of edges) {
    const length = edge.at - at;
    if (length > 0) {
      let highest = -1, myHighest = -1;
      for (const note of sounding) {
        highest = Math.max(highest, note.pitch);
        if (isMine(note)) myHighest = Math.max(myHighest, note.pitch);
      }
      if (myHighest >= 0) {
        mine += length;
        if (myHighest === highest) top += length;
      }
    }
    if (edge.isStart) sounding.add(edge.note);
    else sounding.delete(edge.note);
    at = edge.at;
  }
  return mine > 0 ? top / mine : 0;
}
