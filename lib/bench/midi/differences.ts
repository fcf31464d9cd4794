/** Why two readers of a file have different notes. */

/** A note: start tick, end tick, pitch, velocity, program, 1 for drums. */
export type NoteRow = readonly [
  start: number,
  end: number,
  pitch: number,
  velocity: number,
  program: number,
  drum: number,
];

/** What the bytes of a file say of why readers may differ. */
export interface FileFacts {
  /** Type of the file, 0, 1 or 2. */
  readonly format?: number;
  /** How many tracks there are. */
  readonly tracks?: number;
  /** Pitches with fewer note-offs than note-ons on a channel of a track. */
  readonly unreleased?: readonly number[];
  /** Whether system exclusive events, banks or RPN 6 may set up channels. */
  readonly setup?: boolean;
  /** Whether a track names a port beyond the first. */
  readonly ports?: boolean;
  /** Whether there is any program change. */
  readonly programs?: boolean;
  /** Whether running status goes on after a system exclusive event. */
  readonly interrupted?: boolean;
  /** Whether our reader put something right. */
  readonly repaired?: boolean;
  /** Whether the peer ends all notes of a pitch at once, as pretty_midi does. */
  readonly endsAll?: boolean;
}

/** The class of a difference that no rule explains. */
export const UNEXPLAINED = "unexplained";

/**
 * Counts the notes of which two readers differ, by the reason.
 *
 * @param ours What this project reads.
 * @param peer What the other library reads.
 * @param facts About the file.
 */
export function explain(
  ours: readonly NoteRow[],
  peer: readonly NoteRow[],
  facts: FileFacts,
): Map<string, number> {
  const reasons = new Map<string, number>();
  const count = (reason: string) =>
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  let left = unmatched(ours, peer, (row) => row.join());
  if (left.ours.length + left.peer.length === 0) return reasons;
  if (facts.format === 2 && (facts.tracks ?? 0) > 1) {
    count("patterns of a type 2 file follow one another");
    return reasons;
  }
  const overlapping = overlaps(ours).union(overlaps(peer));
  const unreleased = new Set(facts.unreleased);
  // The same note of another instrument.
  left = unmatched(left.ours, left.peer, (row) => row.slice(0, 4).join());
  for (const [mine, other] of left.pairs) {
    count(instrumentReason(mine, other, facts));
  }
  // The same note of another end.
  left = unmatched(
    left.ours,
    left.peer,
    ([start, , pitch, velocity]) => [start, pitch, velocity].join(),
  );
  for (const [[, , pitch]] of left.pairs) {
    if (unreleased.has(pitch)) count("a note is never released");
    else if (overlapping.has(pitch)) count("notes of one pitch overlap");
    else count(facts.repaired ? "the file needs a repair" : UNEXPLAINED);
  }
  for (
    const [side, rows] of [
      ["ours", left.ours],
      ["peer", left.peer],
    ] as const
  ) {
    for (const row of rows) {
      const reason = loneReason(row, facts, unreleased);
      // A note-off for a note already ended takes with it one that begins there.
      const isCut = side === "peer" || facts.endsAll;
      count(
        reason === UNEXPLAINED && isCut && overlapping.has(row[2])
          ? "notes of one pitch overlap"
          : reason,
      );
    }
  }
  return reasons;
}

/** Why the same note is of another instrument. */
function instrumentReason(
  mine: NoteRow,
  other: NoteRow,
  facts: FileFacts,
): string {
  if (mine[5] !== other[5]) {
    if (facts.setup) return "drums or pitches as GS, XG, GM2 or MPE set them";
    if (facts.ports) return "channels of another port";
    return facts.repaired ? "the file needs a repair" : UNEXPLAINED;
  }
  // A peer knows only the programs of the track itself, from 0 on.
  const many = (facts.tracks ?? 0) > 1;
  if (facts.programs && many && other[4] === 0) {
    return "the program of another track";
  }
  if (facts.programs) return "the program changes while the note sounds";
  return facts.repaired ? "the file needs a repair" : UNEXPLAINED;
}

/** Why only one reader has a note. */
function loneReason(
  [start, end, pitch]: NoteRow,
  facts: FileFacts,
  unreleased: ReadonlySet<number>,
): string {
  if (start === end) return "a note of no length";
  if (unreleased.has(pitch)) return "a note is never released";
  if (facts.interrupted) {
    return "running status goes on after a system exclusive event";
  }
  return facts.repaired ? "the file needs a repair" : UNEXPLAINED;
}

/** The rows of each side that have no partner of the same key, and the pairs. */
function unmatched(
  ours: readonly NoteRow[],
  peer: readonly NoteRow[],
  keyOf: (row: NoteRow) => string,
) {
  const waiting = Map.groupBy(peer, keyOf);
  const pairs: [NoteRow, NoteRow][] = [];
  const lone: NoteRow[] = [];
  for (const row of ours) {
    const partner = waiting.get(keyOf(row))?.pop();
    if (partner) pairs.push([row, partner]);
    else lone.push(row);
  }
  return { ours: lone, peer: [...waiting.values()].flat(), pairs };
}

/** The pitches of which notes overlap or touch, whatever their instruments. */
function overlaps(rows: readonly NoteRow[]): Set<number> {
  const pitches = new Set<number>();
  const byPitch = Map.groupBy(rows, ([, , pitch]) => pitch);
  for (const [pitch, notes] of byPitch) {
    const sorted = notes.toSorted(([a], [b]) => a - b);
    let last = -1;
    for (const [start, end] of sorted) {
      if (start <= last) pitches.add(pitch);
      last = Math.max(last, end);
    }
  }
  return pitches;
}
