/** Roles and names of the parts of a piece. */

import { familyOf, type NoteSequence, type Part } from "../music/music.ts";

/** The musical role of a part. */
export type PartRole = "Keys" | "Pad" | "Bass" | "Melody" | "Drums";

/** The usual role of a part's instrument. */
export function roleOf(part: Part): PartRole {
  switch (familyOf(part)) {
    case "Drums":
      return "Drums";
    case "Bass":
      return "Bass";
    case "Strings":
    case "Pad":
      return "Pad";
    case "Piano":
    case "Organ":
    case "Guitar":
      return "Keys";
    default:
      return "Melody";
  }
}

/**
 * Names every part by what it is called, or else by its role; a second one of a
 * name is "Keys 2".
 *
 * @param names By program: what the user calls it, such as "violin".
 */
export function nameParts(
  sequence: NoteSequence,
  names: ReadonlyMap<number, string> = new Map(),
): NoteSequence {
  const counts = new Map<string, number>();
  const parts = sequence.parts.map((part) => {
    const called = part.isDrum ? undefined : names.get(part.program);
    const name = called === undefined
      ? roleOf(part)
      : `${called[0]!.toUpperCase()}${called.slice(1)}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return { ...part, name: count === 1 ? name : `${name} ${count}` };
  });
  return { ...sequence, parts };
}
