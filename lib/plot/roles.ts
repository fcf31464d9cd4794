/** The musical role of a part, and the colour that stands for it. */
import {
  familyOfProgram,
  type NoteSequence,
  type Part,
} from "../music/music.ts";

/** The musical role of a part; it decides the part's colour. */
export type Role = "Keys" | "Pad" | "Bass" | "Melody" | "Drums";

/** The colour of each role, the same in every figure. */
export const roleColours: Readonly<Record<Role, string>> = {
  Keys: "#3a57b0",
  Pad: "#35a898",
  Bass: "#a0323c",
  Melody: "#c98a2b",
  Drums: "#34313f",
};

/** Colours for further parts of a role that the roll already shows. */
export const spareColours: readonly string[] = [
  "#a487e0",
  "#6f8f2a",
  "#58a6d6",
  "#7d4a24",
  "#d77fa1",
];

/**
 * The role of a part: from its name if that names an instrument or a role, else
 * from its General MIDI family.
 *
 * @param part A part of a `NoteSequence`.
 * @returns The role whose colour it gets.
 */
export function partRole({ name, program, isDrum }: Part): Role {
  if (isDrum) return "Drums";
  const named = /(keys|piano|rhodes)|(pad|strings|choir)|(bass)|(melody|lead)/i
    .exec(name);
  if (named) {
    const roles = ["Keys", "Pad", "Bass", "Melody"] as const;
    return roles[named.slice(1).findIndex((group) => group !== undefined)]!;
  }
  switch (familyOfProgram(program)) {
    case "Piano":
    case "Mallets":
    case "Organ":
    case "Guitar":
      return "Keys";
    case "Bass":
      return "Bass";
    case "Strings":
    case "Pad":
      return "Pad";
    default:
      return "Melody";
  }
}

/** A colour for each part: its role's, or a spare one if that is taken. */
export function colourParts({ parts }: NoteSequence): string[] {
  const taken = new Set<Role>();
  let spare = 0;
  return parts.map((part) => {
    const role = partRole(part);
    if (taken.has(role)) return spareColours[spare++ % spareColours.length]!;
    taken.add(role);
    return roleColours[role];
  });
}
