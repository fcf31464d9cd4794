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

/** Names every part by its role; a second one of a role is "Keys 2". */
export function nameParts(sequence: NoteSequence): NoteSequence {
  const counts = new Map<PartRole, number>();
  const parts = sequence.parts.map((part) => {
    const role = roleOf(part);
    const count = (counts.get(role) ?? 0) + 1;
    counts.set(role, count);
    return { ...part, name: count === 1 ? role : `${role} ${count}` };
  });
  return { ...sequence, parts };
}
