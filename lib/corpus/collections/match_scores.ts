/**
 * Songs of the Lakh MIDI data set that several files were matched to:
 * `…/<MSD id>/<md5>.mid`, with the confidence of each match in `match_scores.json`.
 */

import { ContentError } from "./table.ts";

/** The name of the list of confidences. */
export const MATCH_SCORES = /(?:^|\/)match_scores\.json$/i;

const MATCHED = /(?:^|\/)(TR[A-Z]{5}[0-9A-F]{11})\/([0-9a-f]{32})\.midi?$/;

/** Whether a path is that of a song's match. */
export function isMatched(path: string): boolean {
  return MATCHED.test(path);
}

/**
 * Files of songs that have a better match.
 *
 * @param bytes The list of confidences.
 * @param paths All files.
 * @returns The best match of their song, by their paths. Of equal matches, and of
 * those not in the list, the first by path is the best.
 * @throws {ContentError} If the list is none.
 */
export function betterMatches(
  bytes: Uint8Array,
  paths: readonly string[],
): Map<string, string> {
  const scores = readScores(bytes);
  const songs = new Map<string, { path: string; score: number }[]>();
  for (const path of paths) {
    const [, song = "", md5 = ""] = path.match(MATCHED) ?? [];
    if (song === "") continue;
    const match = { path, score: Number(scores[song]?.[md5] ?? 0) };
    const others = songs.get(song);
    if (others) others.push(match);
    else songs.set(song, [match]);
  }
  const better = new Map<string, string>();
  for (const matches of songs.values()) {
    const best = matches.reduce((a, b) => b.score > a.score ? b : a);
    for (const { path } of matches) {
      if (path !== best.path) better.set(path, best.path);
    }
  }
  return better;
}

function readScores(
  bytes: Uint8Array,
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  try {
    const scores = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof scores === "object" && scores !== null) return scores;
  } catch {
    // Told below.
  }
  throw new ContentError(
    "the list of matches cannot be read",
    "Cannot read match_scores.json: it must be a JSON object of songs. Was the download cut short?",
  );
}
