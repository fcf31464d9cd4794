/**
 * What heads a piece: its attributes, meter, tempo, length, instruments and
 * density. A piece of which nothing is asked takes over the head of a training
 * piece, for these belong together: drawn one by one they make pieces such as
 * nobody wrote.
 */

import {
  ATTRIBUTE_NAMES,
  type AttributeName,
  type Attributes,
  bandMeasures,
  corpusBands,
  hasPitch,
  type NoteSequence,
  outsideBands,
} from "../../music/music.ts";
import type { RemiConstraints } from "./constraints.ts";
import { RemiDecoder } from "./decoder.ts";
import { parseToken, type RemiOptions } from "./tokens.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";

/** What is asked of a piece like a training piece; plain JSON. */
export interface Head {
  readonly attributes: Attributes;
  /** Length, first tempo and meter, who plays, and from where to where. */
  readonly constraints: Required<Omit<RemiConstraints, "pitchClasses">>;
  /** Pitched notes per quarter note, 0 of drums alone. */
  readonly density: number;
}

/**
 * The heads of the usual ones of some pieces: those whose density, range and
 * polyphony are all within the pieces' own 5–95 % bands. Where none is so usual,
 * as it may be with a handful of pieces, the heads of all.
 *
 * @param pieces REMI ids, each from its attributes to its `End`.
 * @param options With which they were encoded.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { attributeTokens } from "immersic/music/music.ts";
 * import { headsOf } from "immersic/tokens/remi/remi.ts";
 * import { Vocabulary } from "immersic/tokens/vocabulary/vocabulary.ts";
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
 * assert.equal(head.density, 1 / 4);
 * ```
 */
export function headsOf(
  pieces: readonly ArrayLike<number>[],
  vocabulary: Vocabulary,
  options?: RemiOptions,
): Head[] {
  const decoder = new RemiDecoder(vocabulary, options);
  const all = pieces.map((ids) => ({
    tokens: vocabulary.decode(Array.from(ids)),
    music: decoder.decode(ids),
  }));
  const pitched = all.map(({ music }) => music).filter(hasPitch);
  if (pitched.length === 0) return all.map(headOf);
  const bands = corpusBands(pitched);
  const usual = all.filter(({ music }) =>
    hasPitch(music) && outsideBands(music, bands).length === 0
  );
  return (usual.length > 0 ? usual : all).map(headOf);
}

function headOf(
  { tokens, music }: { tokens: readonly string[]; music: NoteSequence },
): Head {
  const distinct = [...new Set(tokens)].map(parseToken);
  const values = (wanted: string) =>
    distinct.filter(({ type }) => type === wanted).map(({ value }) => value);
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
      bars: tokens.filter((token) => token === "Bar").length,
      qpm: Number(qpm),
      meter,
      programs: values("Program").map(Number),
      kits: values("Kit").map(Number),
      ranges: rangesOf(tokens),
    },
    density: hasPitch(music) ? bandMeasures(music).noteDensity : 0,
  };
}

/** Lowest and highest pitch of each program. */
function rangesOf(
  tokens: readonly string[],
): Record<number, [number, number]> {
  const ranges: Record<number, [number, number]> = {};
  let program = -1;
  for (const token of tokens) {
    const { type, value } = parseToken(token);
    if (type === "Program") program = Number(value);
    if (type !== "Pitch") continue;
    const pitch = Number(value);
    const [low, high] = ranges[program] ?? [pitch, pitch];
    ranges[program] = [Math.min(low, pitch), Math.max(high, pitch)];
  }
  return ranges;
}
