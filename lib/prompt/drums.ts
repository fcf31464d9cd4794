/** How drums play, and which of them. */

import type { DrumWish, InstrumentName } from "../music/music.ts";
import { genreOf } from "./genres.ts";
import type { Report } from "./report.ts";
import type { Said } from "./said.ts";

/** The first and the last of General MIDI's percussion. */
const FIRST = 35, LAST = 81;

/**
 * "No hi-hat" means that the other drums play, unless it is said who plays. Adds them.
 */
export function bringDrums(
  { drums, named, without, genres, open }: Said,
): void {
  const isCast = named.size > 0 || without.has("drums") ||
    genres.some(({ name }) => genreOf(name).cast);
  const [first] = drums.unwanted;
  if (isCast || !first) return;
  named.set("drums", first.start);
  open.add("drums");
  drums.isWhole = true;
}

/** Tells that what a part of the piece says of drums holds for all of it. */
export function tellDrumsOfParts(
  clauses: readonly Said[],
  report: Report,
): void {
  for (const { phrase } of clauses.flatMap(({ drums }) => drums.unwanted)) {
    report.fault({
      phrase,
      reason: "which drums of the kit play cannot change within a piece",
      instead: "it holds for the whole piece",
    });
  }
}

/** Tells that there are no drums for the fills that are asked for. */
export function tellFills(
  said: readonly Said[],
  playing: readonly InstrumentName[],
  report: Report,
): void {
  const fills = said.flatMap(({ drums }) => drums.fills ?? []);
  if (playing.includes("drums")) return;
  for (const { phrase } of fills) {
    report.fault({
      phrase,
      reason: "no drums play that could fill",
      instead: "the music goes without fills",
    });
  }
}

/**
 * The wish for drums, if they play. Sounds that are named are the only ones of the kit
 * where nothing names the kit itself: "only toms and kick".
 *
 * @param isOnly Whether nothing plays but what is named.
 */
export function drumWishOf(
  said: readonly Said[],
  playing: readonly InstrumentName[],
  isOnly: boolean,
): DrumWish | undefined {
  if (!playing.includes("drums")) return undefined;
  const all = said.map(({ drums }) => drums);
  const wanted = all.flatMap((one) => one.wanted);
  const beat = wanted.find((one) => one.beat)?.beat;
  const sounds = wanted.flatMap((one) => one.sounds ?? []);
  const kept = wanted.flatMap((one) => one.all ?? []);
  const isOfGenre = said.some(({ genres }) =>
    genres.some(({ name }) => genreOf(name).cast?.includes("drums"))
  );
  const isPart = sounds.length > 0 && !all.some((one) => one.isWhole) &&
    (isOnly || !isOfGenre && beat === undefined);
  const unwanted = isPart
    ? Array.from({ length: LAST - FIRST + 1 }, (_, i) => FIRST + i)
    : all.flatMap((one) =>
      one.unwanted.flatMap(({ drums }) => drums.all ?? [])
    );
  // "No cymbals but a hi-hat" has the hi-hat.
  const without = unwanted.filter((key) => !kept.includes(key));
  const fillEvery = all.find((one) => one.fills)?.fills?.everyBars;
  const gridQuarters = said[0]?.limitsOfNotes
    .findLast(({ limit, isOfPart }) => !isOfPart && limit.leastQuarters)
    ?.limit.leastQuarters;
  const isPlain = beat === undefined && fillEvery === undefined &&
    gridQuarters === undefined;
  if (isPlain && sounds.length + without.length === 0) {
    return undefined;
  }
  return {
    ...fillEvery !== undefined && { fillEvery },
    ...gridQuarters !== undefined && { gridQuarters },
    ...beat && { beat },
    ...sounds.length > 0 && { sounds: [...new Set(sounds)] },
    ...without.length > 0 && { without: [...new Set(without)] },
  };
}
