/**
 * Attributes of a piece: key, tempo, density, register, loudness, length and
 * instruments, each one of a few classes. A token sequence begins with them, a
 * prompt asks for them, and a finished piece is measured by them; this module
 * alone defines where each class begins.
 */

import { familyOf, type InstrumentFamily } from "./families.ts";
import { densityOf, sumsOf } from "./measures.ts";
import { BarLines } from "./bar_lines.ts";
import { firstMeter, type Meter, meterName } from "./meter.ts";
import { noteCount } from "./note_columns.ts";
import type { NoteSums } from "./note_kernels.ts";
import type { NotelessPiece, NoteSequence, Part } from "./note_sequence.ts";
import { firstQpm } from "./tempo.ts";
import { findKey } from "./key_finding.ts";
import { type Key, PITCH_CLASS_NAMES } from "./theory.ts";

/** A class of values: all from `from` up to the next class's `from`. */
export interface Band {
  /** Name of the class, as in its token. */
  readonly name: string;
  /** Smallest value of the class, inclusive. */
  readonly from: number;
}

/** Tempo of the first bar, in quarter notes per minute. */
export const TEMPO_BANDS = [
  { name: "largo", from: 0 },
  { name: "slow", from: 60 },
  { name: "moderate", from: 76 },
  { name: "lively", from: 92 },
  { name: "fast", from: 112 },
] as const satisfies readonly Band[];

/** Pitched notes per quarter note, all parts together. */
export const DENSITY_BANDS = [
  { name: "sparse", from: 0 },
  { name: "medium", from: 1.5 },
  { name: "dense", from: 3 },
] as const satisfies readonly Band[];

/** Mean MIDI pitch of the pitched notes. */
export const REGISTER_BANDS = [
  { name: "low", from: 0 },
  { name: "middle", from: 54 },
  { name: "high", from: 66 },
] as const satisfies readonly Band[];

/** Mean MIDI velocity of all notes. */
export const LOUDNESS_BANDS = [
  { name: "soft", from: 0 },
  { name: "medium", from: 56 },
  { name: "loud", from: 80 },
] as const satisfies readonly Band[];

/** Length in bars; a class is named by its longest. */
export const LENGTH_BANDS = [
  { name: "4", from: 0 },
  { name: "8", from: 5 },
  { name: "12", from: 9 },
  { name: "16", from: 13 },
  { name: "24", from: 17 },
  { name: "32", from: 25 },
  { name: "48", from: 33 },
  { name: "64", from: 49 },
  { name: "more", from: 65 },
] as const satisfies readonly Band[];

const names = <B extends Band>(bands: readonly B[]): B["name"][] =>
  bands.map((band) => band.name);
const presence = ["0", "1"] as const;

/** The values of each attribute. */
export interface AttributeValues
  extends Readonly<Record<`Has${InstrumentFamily}`, readonly ["0", "1"]>> {
  /** Tonic. */
  readonly Key: typeof PITCH_CLASS_NAMES;
  /** Mode of the key. */
  readonly Mode: readonly ["major", "minor"];
  /** See {@linkcode TEMPO_BANDS}. */
  readonly TempoClass: readonly (typeof TEMPO_BANDS)[number]["name"][];
  /** The first meter. */
  // deno-fmt-ignore
  readonly Meter: readonly [
    "4/4", "3/4", "2/4", "6/8", "9/8", "12/8", "5/4", "7/8", "other",
  ];
  /** See {@linkcode DENSITY_BANDS}. */
  readonly Density: readonly (typeof DENSITY_BANDS)[number]["name"][];
  /** See {@linkcode REGISTER_BANDS}. */
  readonly Register: readonly (typeof REGISTER_BANDS)[number]["name"][];
  /** See {@linkcode LOUDNESS_BANDS}. */
  readonly Loudness: readonly (typeof LOUDNESS_BANDS)[number]["name"][];
  /** See {@linkcode LENGTH_BANDS}. */
  readonly LengthBars: readonly (typeof LENGTH_BANDS)[number]["name"][];
}

/**
 * Every attribute with its values, in the order in which they head a token
 * sequence. A token is `Name_value`, or `Name_any` where nothing is asked.
 */
export const ATTRIBUTES: AttributeValues = {
  Key: PITCH_CLASS_NAMES,
  Mode: ["major", "minor"],
  TempoClass: names(TEMPO_BANDS),
  Meter: ["4/4", "3/4", "2/4", "6/8", "9/8", "12/8", "5/4", "7/8", "other"],
  Density: names(DENSITY_BANDS),
  Register: names(REGISTER_BANDS),
  Loudness: names(LOUDNESS_BANDS),
  LengthBars: names(LENGTH_BANDS),
  HasPiano: presence,
  HasMallets: presence,
  HasOrgan: presence,
  HasGuitar: presence,
  HasBass: presence,
  HasStrings: presence,
  HasWinds: presence,
  HasLead: presence,
  HasPad: presence,
  HasDrums: presence,
};

/** Name of an attribute, the part of its token before the underscore. */
export type AttributeName = keyof typeof ATTRIBUTES;

/** Attribute values; one left out, or undefined, means "any". */
export type Attributes = {
  readonly [N in AttributeName]?: (typeof ATTRIBUTES)[N][number] | undefined;
};

/**
 * The key that attributes name.
 *
 * @returns Undefined where they leave tonic or mode open.
 */
export function keyOfAttributes(
  { Key: name, Mode: mode }: {
    readonly Key?: string | undefined;
    readonly Mode?: string | undefined;
  },
): Key | undefined {
  const tonic = PITCH_CLASS_NAMES.findIndex((one) => one === name);
  if (tonic < 0 || (mode !== "major" && mode !== "minor")) return undefined;
  return { tonic, mode };
}

/** Attribute names in token order. */
export const ATTRIBUTE_NAMES = Object.keys(ATTRIBUTES) as AttributeName[];

/**
 * The class of `bands` that holds `value`; the first one if it is below all.
 *
 * @example
 * ```ts
 * import { bandOf, TEMPO_BANDS } from "immersic/music/music.ts";
 * console.assert(bandOf(TEMPO_BANDS, 72) === "slow");
 * ```
 */
export function bandOf<B extends Band>(
  bands: readonly B[],
  value: number,
): B["name"] {
  return (bands.findLast((band) => band.from <= value) ?? bands[0]!).name;
}

/**
 * The attributes of a piece, by the thresholds in this module.
 *
 * @param sequence A piece; key and register are left out where it has no
 * pitched notes, loudness where it has no notes at all.
 *
 * @example
 * ```ts
 * import { attributesOf, emptySequence } from "immersic/music/music.ts";
 * const { Density, Meter, HasDrums } = attributesOf(emptySequence(480));
 * console.assert(Density === "sparse" && Meter === "4/4" && HasDrums === "0");
 * ```
 */
export function attributesOf(sequence: NoteSequence): Attributes {
  const sums = sumsOf(sequence), { notesOfPart } = sums;
  const parts = sequence.parts.filter((_, part) => notesOfPart[part]! > 0);
  return attributesOfSums(sequence, {
    ...sums,
    notes: noteCount(sequence),
    parts,
  });
}

/** What notes come to for attributes. */
export interface AttributedNotes extends Omit<NoteSums, "notesOfPart"> {
  /** How many there are. */
  readonly notes: number;
  /** Parts that have any. */
  readonly parts: readonly Part[];
}

/** As {@linkcode attributesOf}, of a piece whose notes are summed. */
export function attributesOfSums(
  piece: NotelessPiece,
  { pitchClassTicks, pitched, pitches, velocities, notes, parts }:
    AttributedNotes,
): Attributes {
  const sounding = new Set(parts.map(familyOf)), isPitched = pitched > 0;
  const key = isPitched ? findKey(pitchClassTicks) : undefined;
  const quarters = piece.totalTicks / piece.ticksPerQuarter;
  const has = (family: InstrumentFamily) => sounding.has(family) ? "1" : "0";
  return {
    Key: key && PITCH_CLASS_NAMES[key.tonic],
    Mode: key?.mode,
    TempoClass: bandOf(TEMPO_BANDS, firstQpm(piece)),
    Meter: meterClass(firstMeter(piece)),
    Density: bandOf(DENSITY_BANDS, densityOf(pitched, quarters)),
    Register: isPitched ? bandOf(REGISTER_BANDS, pitches / pitched) : undefined,
    Loudness: notes > 0
      ? bandOf(LOUDNESS_BANDS, velocities / notes)
      : undefined,
    LengthBars: bandOf(LENGTH_BANDS, BarLines.of(piece).count),
    HasPiano: has("Piano"),
    HasMallets: has("Mallets"),
    HasOrgan: has("Organ"),
    HasGuitar: has("Guitar"),
    HasBass: has("Bass"),
    HasStrings: has("Strings"),
    HasWinds: has("Winds"),
    HasLead: has("Lead"),
    HasPad: has("Pad"),
    HasDrums: has("Drums"),
  };
}

/**
 * Attributes as the tokens that head a token sequence: one for each attribute,
 * `Name_any` for those left out, always as many and in the same order.
 *
 * @throws {RangeError} If a value is not one of {@linkcode ATTRIBUTES}.
 *
 * @example
 * ```ts
 * import { attributeTokens } from "immersic/music/music.ts";
 * const tokens = attributeTokens({ Key: "D", Mode: "minor" });
 * console.assert(tokens.slice(0, 3).join(" ") === "Key_D Mode_minor TempoClass_any");
 * ```
 */
export function attributeTokens(attributes: Attributes): string[] {
  return ATTRIBUTE_NAMES.map((name) => {
    const value = attributes[name] ?? "any";
    const values: readonly string[] = ATTRIBUTES[name];
    if (value !== "any" && !values.includes(value)) {
      throw new RangeError(
        `Cannot write attribute ${name}: it must be one of ${
          values.join(", ")
        }, current value is ${value}.`,
      );
    }
    return `${name}_${value}`;
  });
}

function meterClass(meter: Meter): Attributes["Meter"] {
  const name = meterName(meter);
  return ATTRIBUTES.Meter.find((known) => known === name) ?? "other";
}
