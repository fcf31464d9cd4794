/** Checks of how drums and basses keep the beat. */

import { belongs, isDrumSound } from "./families.ts";
import { type Heard, type HeardNote, onsetsOf } from "./heard.ts";
import { medianOf } from "./check_levels.ts";
import { type Check, rounded, verdict } from "./verdict.ts";

/** So far from its beat, in quarters, an onset is still on it. */
const ON_BEAT = 0.12;
/** Fewest off-beat eighths of a part whose swing can be told. */
const FEWEST_OFFBEATS = 12;

const drumsOf = ({ notes }: Heard) =>
  notes.filter(({ isDrum, isOnset }) => isDrum && isOnset);

/** Onsets in quarter notes from the beginning of the piece. */
function quartersOf(heard: Heard, notes: readonly HeardNote[]): number[] {
  return onsetsOf(notes).map((onset) => heard.quartersAt(onset));
}

/** Share of the whole quarters from the first to the last onset that have one. */
function shareOfBeats(
  onsets: readonly number[],
  first: number,
  last: number,
): number {
  const beats = new Set(
    onsets.filter((one) => Math.abs(one - Math.round(one)) <= ON_BEAT)
      .map(Math.round),
  );
  let with_ = 0, all = 0;
  for (let q = Math.ceil(first - ON_BEAT); q <= last + ON_BEAT; q++) {
    all++;
    if (beats.has(q)) with_++;
  }
  return all > 0 ? with_ / all : 0;
}

export const beat: Check<"beat"> = (heard, { value }) => {
  const drums = drumsOf(heard);
  if (drums.length === 0) return verdict(false, "no drums");
  if (value === "four-on-the-floor") {
    const all = quartersOf(heard, drums);
    const kicks = quartersOf(
      heard,
      drums.filter((note) => isDrumSound(note, "kick")),
    );
    const share = shareOfBeats(kicks, all[0]!, all.at(-1)!);
    return verdict(share >= 0.9, `kick on ${rounded(100 * share)} % of beats`);
  }
  const bars = heard.barsInside.filter(({ start, end }) =>
    drums.some((note) => note.start >= start - 0.03 && note.start < end - 0.03)
  );
  const snares = quartersOf(
    heard,
    drums.filter((note) =>
      isDrumSound(note, "snare") || isDrumSound(note, "clap")
    ),
  );
  const fitting = bars.filter(({ quarters }) => {
    const has = (at: number) =>
      snares.some((one) => Math.abs(one - quarters - at) <= ON_BEAT);
    return value === "backbeat"
      ? has(1) && has(3)
      : has(2) && !has(1) && !has(3);
  }).length;
  return verdict(
    bars.length > 0 && fitting >= 0.75 * bars.length,
    `${fitting} of ${bars.length} bars with drums`,
  );
};

export const fills: Check<"fills"> = (heard, { everyBars }) => {
  const drums = drumsOf(heard);
  const bars = heard.barsInside.map(({ start, end }) => {
    const inside = drums.filter((note) =>
      note.start >= start - 0.03 && note.start < end - 0.03
    );
    return {
      onsets: inside.length,
      sounds: new Set(inside.map(({ pitch }) => pitch)).size,
    };
  });
  let groups = 0, filled = 0;
  for (let i = 0; i + everyBars <= bars.length; i += everyBars) {
    const others = bars.slice(i, i + everyBars - 1);
    const last = bars[i + everyBars - 1]!;
    const mean = (of: "onsets" | "sounds") =>
      others.reduce((sum, one) => sum + one[of], 0) / others.length;
    groups++;
    if (
      last.onsets > 0 &&
      (last.onsets >= 1.5 * mean("onsets") ||
        last.sounds >= mean("sounds") + 2)
    ) filled++;
  }
  return verdict(
    groups > 0 && filled === groups,
    `${filled} of ${groups} groups`,
  );
};

/**
 * Where in their beats the off-beat eighths of each part lie, of those with enough
 * of them. Beats with sixteenths are left out.
 */
function offbeatsOf(heard: Heard): number[] {
  const medians: number[] = [];
  for (const part of Map.groupBy(heard.notes, byChannel).values()) {
    const beats = Map.groupBy(
      quartersOf(heard, part),
      (quarters) => Math.floor(quarters + ON_BEAT),
    );
    const places = [...beats].flatMap(([beat, onsets]) => {
      const inside = onsets.map((one) => one - beat)
        .filter((place) => place > ON_BEAT);
      return inside.length === 1 && inside[0]! > 0.4 && inside[0]! < 0.8
        ? inside
        : [];
    });
    if (places.length >= FEWEST_OFFBEATS) medians.push(medianOf(places));
  }
  return medians;
}

const byChannel = ({ channel }: HeardNote) => channel;

export const swing: Check<"swing"> = (heard, { play = true }) => {
  const medians = offbeatsOf(heard);
  const text = `off-beats at ${medians.map(rounded).join(", ") || "none"}`;
  if (!play) {
    return verdict(
      medians.length > 0 && medians.every((one) => one >= 0.47 && one <= 0.54),
      text,
      medians.some((one) => one > 0.58),
    );
  }
  const isCompound = heard.barsInside.every(({ meter }) =>
    meter === "6/8" || meter === "12/8"
  );
  return verdict(
    isCompound && heard.barsInside.length > 0 ||
      medians.some((one) => one >= 0.58 && one <= 0.72),
    text,
  );
};

export const walking: Check<"walking"> = (heard, { family }) => {
  const mine = heard.notes.filter((note) => belongs(note, family));
  const onsets = quartersOf(heard, mine);
  if (onsets.length < 2) return verdict(false, `${onsets.length} onsets`);
  const from = heard.quartersAt(heard.from);
  const to = heard.quartersAt(heard.to);
  // A last bar that holds its chord does not walk.
  const share = shareOfBeats(onsets, from, Math.max(from, to - 1 - 4));
  const moves =
    mine.slice(1).filter((note, i) => note.pitch !== mine[i]!.pitch).length;
  return verdict(
    share >= 0.8 && moves > mine.length / 2,
    `on ${rounded(100 * share)} % of beats, ${moves} moves of ${
      mine.length - 1
    }`,
  );
};
