/** A {@linkcode NoteSequence} shared out among the tracks of a file. */

import {
  channelsOf,
  type ControlChange,
  type Note,
  type NoteSequence,
  type Part,
} from "../music/music.ts";
import { type Place, placesOf } from "./places.ts";

/** What one track has. */
export interface TrackPlan {
  /** Its name. */
  readonly name: string;
  /** Where its events go. */
  readonly place: Place;
  /** Whether bank selects go with its program changes. */
  readonly hasBanks: boolean;
  /** The part whose program it begins with. */
  readonly first: Part;
  /** In the order in which they begin. */
  readonly notes: readonly Note[];
  /** The parts whose program the channel changes to before a note. */
  readonly changes: ReadonlyMap<Note, Part>;
  /** In order. */
  readonly controls: readonly ControlChange[];
}

/** A plan that is being made. */
interface Draft extends TrackPlan {
  first: Part;
  readonly notes: Note[];
  readonly changes: Map<Note, Part>;
  readonly controls: ControlChange[];
}

/**
 * The tracks of a file: one for the parts that share a track and channel, one for
 * each other part.
 *
 * Notes of one pitch that begin together in a track are in the order of their
 * ends, since readers end the oldest note first.
 *
 * @throws {RangeError} If the parts have more channels than files can have.
 */
export function planTracks(
  sequence: NoteSequence,
): readonly TrackPlan[] {
  const { parts } = sequence;
  const { drafts, draftOf } = draftTracks(parts);
  const numbers = new Map(drafts.map((draft, i) => [draft, i]));
  const trackOf = draftOf.map((draft) => numbers.get(draft)!);
  const notes = sequence.notes.toSorted((a, b) =>
    a.startTicks - b.startTicks || trackOf[a.part]! - trackOf[b.part]! ||
    a.pitch - b.pitch || a.endTicks - b.endTicks || a.part - b.part
  );
  for (const note of notes) draftOf[note.part]!.notes.push(note);
  for (const draft of drafts) {
    const [note] = draft.notes;
    if (note) draft.first = parts[note.part]!;
  }
  placeChanges(parts, notes, { drafts, draftOf });
  const reached = reachedBy(parts, draftOf);
  for (
    const change of sequence.controls.toSorted((a, b) => a.ticks - b.ticks)
  ) {
    for (const draft of reached[change.part]!) draft.controls.push(change);
  }
  return drafts;
}

/**
 * Where a change of a controller is written, by part: in the part's own track, and
 * on a channel of drums and pitches in one of the others too.
 */
function reachedBy(
  parts: readonly Part[],
  draftOf: readonly Draft[],
): Draft[][] {
  const channels = channelsOf(parts);
  const firstOf = parts.map(() => new Map<boolean, Draft>());
  for (const [part, { isDrum }] of parts.entries()) {
    const ofChannel = firstOf[channels[part]!]!;
    if (!ofChannel.has(isDrum)) ofChannel.set(isDrum, draftOf[part]!);
  }
  return parts.map(({ isDrum }, part) => {
    const others = firstOf[channels[part]!]!.get(!isDrum);
    return [draftOf[part]!, ...others ? [others] : []];
  });
}

/** Drafts of the tracks, and that of each part. */
interface Drafts {
  readonly drafts: readonly Draft[];
  readonly draftOf: readonly Draft[];
}

function draftTracks(parts: readonly Part[]): Drafts {
  const places = placesOf(parts);
  // By MIDI channel, as players without ports have them.
  const withBanks = new Set(
    places.filter((_, part) => parts[part]!.bank).map(({ channel }) => channel),
  );
  const drafts = new Map<string | number, Draft>();
  const draftOf = parts.map((part, i) => {
    const { name, track, channel, isDrum } = part;
    const isAlone = track === undefined || channel === undefined;
    const key = isAlone ? i : `${track} ${channel} ${isDrum} ${name}`;
    const place = places[i]!;
    const draft = drafts.get(key) ?? {
      name,
      place,
      hasBanks: withBanks.has(place.channel),
      first: part,
      notes: [],
      changes: new Map(),
      controls: [],
    };
    drafts.set(key, draft);
    return draft;
  });
  return { drafts: [...drafts.values()], draftOf };
}

/**
 * Places program changes before the notes that need them: where the track or its
 * channel, which other tracks may change too, has another program by then. Ports
 * count as one, for players that know none.
 *
 * @param notes In the order in which players meet them.
 */
function placeChanges(
  parts: readonly Part[],
  notes: readonly Note[],
  { drafts, draftOf }: Drafts,
): void {
  const ofTrack = new Map<Draft, Part>();
  const ofChannel: Part[] = [];
  const select = (draft: Draft, part: Part) => {
    ofTrack.set(draft, part);
    ofChannel[draft.place.channel] = part;
  };
  let begun = 0;
  for (const note of notes) {
    const draft = draftOf[note.part]!, part = parts[note.part]!;
    // Each track begins with a program, at tick 0.
    while (
      begun < drafts.length && (note.startTicks > 0 || !ofTrack.has(draft))
    ) {
      const next = drafts[begun++]!;
      select(next, next.first);
    }
    const current = ofChannel[draft.place.channel]!;
    if (isSameSound(current, part) && isSameSound(ofTrack.get(draft)!, part)) {
      continue;
    }
    draft.changes.set(note, part);
    select(draft, part);
  }
}

function isSameSound(a: Part, b: Part): boolean {
  return a.program === b.program && (a.bank ?? 0) === (b.bank ?? 0);
}
