/** Checks of what happens at one time: entries, hits, silences, the end. */

import { lastChord } from "./check_chords.ts";
import { askedKeys, keyOf } from "./check_key.ts";
import { belongs } from "./families.ts";
import { type Heard, type HeardNote, onsetsOf } from "./heard.ts";
import { pitchClassOf } from "./pitches.ts";
import type { AskedTime } from "./requirement.ts";
import { type Check, type CheckContext, rounded, verdict } from "./verdict.ts";

/** So far may an entry be from its time, or a bar where that is longer. */
const ENTRY_SECONDS = 1.5;
/** So far may a hit be from its time. */
const HIT_SECONDS = 0.3;
/** A hit stands out among the onsets so many seconds around it. */
const HIT_ASIDE = 2;
/** So much softer than the piece is the end of a fade at least. */
const FADE_LEVELS = 8;
const SILENCE_SECONDS = 1.5;
/** So far may a silence begin from its time. */
const SILENCE_TOLERANCE = 0.5;

/** Whether a time is the one asked for. */
function isAt(heard: Heard, time: number, asked: AskedTime): boolean {
  const share = (time - heard.from) / heard.seconds;
  if (asked.at === "start") return time > 5 && share <= 1 / 3;
  if (asked.at === "middle") return share >= 0.35 && share <= 0.65;
  if (asked.at === "end") return share >= 0.75;
  const wanted = asked.atBar === undefined
    ? asked.atSeconds ?? 0
    : heard.barStart(asked.atBar);
  const bar = heard.bars.find(({ end }) => end > wanted) ?? heard.bars.at(-1);
  const most = Math.max(ENTRY_SECONDS, bar ? bar.end - bar.start : 0);
  return Math.abs(time - wanted) <= most;
}

export const enters: Check<"enters"> = (heard, asked) => {
  const first = heard.notes.find((note) => belongs(note, asked.family));
  if (!first) return verdict(false, "never sounds");
  return verdict(
    isAt(heard, first.start, asked),
    `first at ${rounded(first.start)} s`,
  );
};

export const leaves: Check<"leaves"> = (heard, asked) => {
  const mine = heard.notes.filter((note) => belongs(note, asked.family));
  if (mine.length === 0) return verdict(false, "never sounds");
  const last = Math.max(...mine.map(({ end }) => end));
  return verdict(isAt(heard, last, asked), `last at ${rounded(last)} s`);
};

export const hit: Check<"hit"> = (heard, { atSeconds, within }) => {
  const most = within ?? HIT_SECONDS;
  const isNear = (start: number, by: number) =>
    Math.abs(start - atSeconds) <= by;
  const around = heard.notes.filter(({ start }) => isNear(start, HIT_ASIDE));
  const groups = onsetsOf(around).map((onset) => {
    const notes = around.filter(({ start }) =>
      start >= onset - 0.001 && start <= onset + 0.05
    );
    return {
      onset,
      count: notes.length,
      level: Math.max(...notes.map((note) => heard.levelOf(note))),
    };
  });
  const others = groups.filter(({ onset }) =>
    !isNear(onset, Math.max(most, 0.05))
  );
  const firsts = new Map<number | "drums", HeardNote>();
  for (const note of heard.whole.notes) {
    const name = note.isDrum ? "drums" : note.program;
    if (!firsts.has(name)) firsts.set(name, note);
  }
  const entry = [...firsts.values()].find(({ start }) => isNear(start, most));
  const standing = groups.filter(({ onset }) => isNear(onset, most))
    .find((one) =>
      others.every(({ level }) => level < one.level) ||
      others.every(({ count }) => count < one.count)
    );
  const found = standing?.onset ?? entry?.start;
  return verdict(
    found !== undefined,
    found === undefined
      ? "nothing stands out"
      : `${rounded(Math.abs(found - atSeconds))} s away`,
  );
};

export const silence: Check<"silence"> = (
  heard,
  { atSeconds, forSeconds = SILENCE_SECONDS },
) => {
  let upTo = heard.from;
  const gaps: [number, number][] = [];
  for (const { start, release } of heard.notes) {
    if (start > upTo) gaps.push([upTo, start]);
    upTo = Math.max(upTo, release);
  }
  gaps.push([upTo, Infinity]);
  const met = gaps.some(([from, to]) => {
    const begin = Math.max(from, atSeconds - SILENCE_TOLERANCE);
    return begin <= atSeconds + SILENCE_TOLERANCE &&
      to - begin >= forSeconds - 0.05;
  });
  const longest = gaps.filter(([from, to]) =>
    to > atSeconds - 1 && from < atSeconds + forSeconds + 1
  ).map(([from, to]) => `${rounded(from)} to ${rounded(to)} s`);
  return verdict(met, longest.join(", ") || "none near", true);
};

/**
 * Whether the level falls steadily to little through the last seconds. Of a long
 * fade, little may be left to fall in them.
 */
function fades(heard: Heard): boolean {
  return [3, 0.05 * heard.seconds].some((length) => {
    if (length > heard.seconds) return false;
    const slices = 4;
    const levels = Array.from({ length: slices }, (_, i) => {
      const from = heard.to - length * (slices - i) / slices;
      return heard.between(from, from + length / slices).loudness;
    }).filter((level) => !Number.isNaN(level));
    const last = levels.at(-1) ?? Infinity;
    return levels.length >= 3 && last <= 40 && last < levels[0]! &&
      last <= heard.loudness - FADE_LEVELS &&
      levels.every((level, i) => i === 0 || level <= levels[i - 1]! + 1);
  });
}

/** Whether the tempo falls in the last bars. */
function slows(heard: Heard): boolean {
  const length = Math.min(4, heard.seconds / 4);
  const before = heard.between(heard.from, heard.to - length).qpm;
  return heard.between(heard.to - length, heard.to).qpm < 0.96 * before;
}

/** The tonic that is asked, or else found. */
function tonicOf(heard: Heard, context: CheckContext): number {
  const [asked] = askedKeys(context.require);
  return asked?.tonic === undefined
    ? keyOf(heard, context).tonic
    : pitchClassOf(asked.tonic);
}

export const ends: Check<"ends"> = (heard, { how }, context) => {
  const end = heard.between(heard.to - heard.seconds / 10, heard.to);
  const levels = `${rounded(heard.loudness)} to ${rounded(end.loudness)} loud`;
  const chord = lastChord(heard);
  const longest = chord.reduce(
    (most, { start, end }) => Math.max(most, end - start),
    0,
  );
  const isFading = fades(heard);
  const text = `${levels}, the last notes ${rounded(longest)} s${
    isFading ? ", a fade" : ""
  }${slows(heard) ? ", slowing" : ""}`;
  switch (how) {
    case "soft":
      return verdict(
        end.loudness <= heard.loudness - 8 || end.loudness <= 50,
        text,
        end.loudness >= heard.loudness + 8,
      );
    case "fade":
      return verdict(isFading, text, end.loudness >= heard.loudness + 8);
    case "abrupt":
      return verdict(
        !isFading && !slows(heard) && longest < 2 &&
          end.loudness >= heard.loudness - 8,
        text,
        isFading,
      );
    case "clean":
      return verdict(!isFading && longest <= 3, text, isFading);
  }
  return endsOn(chord, tonicOf(heard, context), how);
};

function endsOn(
  chord: readonly HeardNote[],
  tonic: number,
  how: "tonic" | "major tonic" | "open",
) {
  const classes = chord.map(({ pitch }) => pitch % 12);
  const text = `ends on ${classes.join(", ")} in ${tonic}`;
  const isTonic = classes[0] === tonic;
  const has = (above: number) => classes.includes((tonic + above) % 12);
  if (how === "tonic") return verdict(isTonic, text);
  if (how === "major tonic") {
    return verdict(isTonic && has(4) && !has(3), text, isTonic && has(3));
  }
  return verdict(
    classes.length > 0 &&
      (!isTonic || classes.at(-1) !== tonic || !has(7) && !has(4) && !has(3)),
    text,
  );
}

export const loop: Check<"loop"> = (heard) => {
  if (heard.markers.some((text) => /loop/.test(text))) {
    return verdict(true, "loop markers");
  }
  const last = heard.bars.at(-1);
  if (!last) return verdict(false, "nothing");
  const isWhole = Math.abs(heard.trackSeconds - last.end) <= 0.02;
  const beat = heard.secondsAt(1);
  const rest = heard.trackSeconds - heard.to;
  const faults = [
    ...isWhole ? [] : ["no whole number of bars"],
    ...rest < -0.02 ? ["notes are held over the end"] : [],
    ...rest > beat + 0.02 ? [`a silence of ${rounded(rest)} s`] : [],
    ...fades(heard) ? ["a fade"] : [],
    ...slows(heard) ? ["slowing"] : [],
  ];
  return verdict(faults.length === 0, faults.join(", ") || "a loop");
};
