/**
 * What heads a piece: its attributes, meter, tempo, length and instruments. A
 * piece of which nothing is asked takes over the head of a training piece, for
 * these belong together: drawn one by one they make pieces such as nobody wrote.
 */

import {
  ATTRIBUTE_NAMES,
  type AttributeName,
  type Attributes,
} from "./attributes.ts";
import type { RemiConstraints } from "./remi_constraints.ts";
import { parseToken } from "./remi_tokens.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What is asked of a piece like a training piece; plain JSON. */
export interface Head {
  readonly attributes: Attributes;
  /** Length, first tempo and meter, who plays, and from where to where. */
  readonly constraints: Required<Omit<RemiConstraints, "pitchClasses">>;
}

/**
 * The heads of some pieces.
 *
 * @param pieces REMI ids, each from its attributes to its `End`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { attributeTokens } from "immersic/attributes.ts";
 * import { headsOf } from "immersic/heads.ts";
 * import { Vocabulary } from "immersic/vocabulary.ts";
 * const piece = [
 *   ...attributeTokens({ Key: "D" }), "Bar", "TimeSignature_4/4", "Tempo_70",
 *   "Position_0", "Program_4", "Pitch_60", "Velocity_68", "Duration_12", "End",
 * ];
 * const vocabulary = Vocabulary.fromTokens(piece);
 * const [head] = headsOf([vocabulary.encode(piece)], vocabulary);
 * assert.deepEqual(head.attributes, { Key: "D" });
 * assert.deepEqual(head.constraints, {
 *   bars: 1, qpm: 70, meter: "4/4", programs: [4], kits: [],
 *   ranges: { 4: [60, 60] },
 * });
 * ```
 */
export function headsOf(
  pieces: readonly ArrayLike<number>[],
  vocabulary: Vocabulary,
): Head[] {
  return pieces.map((ids) => {
    const tokens = Array.from(
      new Set(Array.from(ids)),
      (id) => parseToken(vocabulary.token(id)),
    );
    const values = (wanted: string) =>
      tokens.filter(({ type }) => type === wanted).map(({ value }) => value);
    const bar = vocabulary.id("Bar");
    const attributes = ATTRIBUTE_NAMES.flatMap((name) => {
      const [value = "any"] = values(name);
      return value === "any" ? [] : [[name, value]];
    });
    const [qpm] = values("Tempo"), [meter] = values("TimeSignature");
    return {
      attributes: Object.fromEntries(attributes) as {
        [N in AttributeName]?: never;
      },
      constraints: {
        bars: Array.from(ids).filter((id) => id === bar).length,
        qpm: Number(qpm),
        meter,
        programs: values("Program").map(Number),
        kits: values("Kit").map(Number),
        ranges: rangesOf(ids, vocabulary),
      },
    };
  });
}

/** Lowest and highest pitch of each program. */
function rangesOf(
  ids: ArrayLike<number>,
  vocabulary: Vocabulary,
): Record<number, [number, number]> {
  const ranges: Record<number, [number, number]> = {};
  let program = -1;
  for (const id of Array.from(ids)) {
    const { type, value } = parseToken(vocabulary.token(id));
    if (type === "Program") program = Number(value);
    if (type !== "Pitch") continue;
    const pitch = Number(value);
    const [low, high] = ranges[program] ?? [pitch, pitch];
    ranges[program] = [Math.min(low, pitch), Math.max(high, pitch)];
  }
  return ranges;
}
