/**
 * Profiles of training pieces: attributes, meter, tempo, length, instruments and
 * density. An unprompted piece copies one whole, because these properties belong
 * together: chosen one by one, they make combinations that nobody writes.
 */

import { Random } from "../../base/base.ts";
import {
  ATTRIBUTE_NAMES,
  type Attributes,
  hasPitch,
  measuresOutside,
  type NoteSequence,
  type RangeMeasures,
  rangeMeasures,
  singleVoices,
  usualRangesOf,
} from "../../music/music.ts";
import { RemiAlphabet } from "./alphabet.ts";
import type { RemiConstraints } from "./constraints.ts";
import { RemiDecoder } from "./decoder.ts";
import type { RemiOptions } from "./resolution.ts";
import type { RemiToken, RemiTokenType } from "./tokens.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";

/** Most profiles; a checkpoint holds them, some 600 bytes each. */
const MOST_PROFILES = 200;

/** What to ask for to get a piece like a training piece; plain JSON. */
export interface Profile {
  /** Attributes of the training piece; those that it leaves open are left out. */
  readonly attributes: Attributes;
  /** Length, first tempo and meter, instruments, and their pitch ranges. */
  readonly constraints: Required<Omit<RemiConstraints, "pitchClasses">>;
  /** Pitched notes per quarter note, 0 if only drums play. */
  readonly density: number;
  /**
   * Mean number of pitches sounding while any sounds, 0 if only drums play; older
   * checkpoints do not have it.
   */
  readonly polyphony?: number;
  /** Programs that play one note at a time; older checkpoints do not have it. */
  readonly monophonic?: readonly number[];
}

/**
 * Profiles of the typical ones of some pieces, a step for each piece: those whose density, range and
 * polyphony are all within the 5–95 % ranges of all pieces. If none is typical,
 * as may be among a handful of pieces, the profiles of all. Of more than 200, the
 * profiles of 200 random ones.
 *
 * @param pieces REMI ids, each from its attributes to its `End`.
 * @param options The options of the tokenizer that made the tokens.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { atOnce } from "immersic/base/base.ts";
 * import { attributeTokens } from "immersic/music/music.ts";
 * import { profileSteps } from "immersic/tokens/remi/remi.ts";
 * import { Vocabulary } from "immersic/tokens/vocabulary/vocabulary.ts";
 * const piece = [
 *   ...attributeTokens({ Key: "D" }), "Bar", "TimeSignature_4/4", "Tempo_70",
 *   "Position_0", "Program_4", "Pitch_60", "Velocity_68", "Duration_12", "End",
 * ];
 * const vocabulary = Vocabulary.fromTokens(piece);
 * const ids = [vocabulary.encode(piece)];
 * const [profile] = atOnce(profileSteps(ids, vocabulary));
 * assert.deepEqual(profile?.attributes, { Key: "D" });
 * assert.deepEqual(profile?.constraints, {
 *   bars: 1, qpm: 70, meter: "4/4", programs: [4], kits: [],
 *   ranges: { 4: [60, 60] },
 * });
 * assert.equal(profile?.density, 1 / 4);
 * ```
 */
export function* profileSteps(
  pieces: readonly ArrayLike<number>[],
  vocabulary: Vocabulary,
  options?: RemiOptions,
): Generator<void, Profile[]> {
  const decoder = new RemiDecoder(vocabulary, options);
  const alphabet = RemiAlphabet.of(vocabulary);
  /** Undefined for pieces of drums alone. */
  const measured: (RangeMeasures | undefined)[] = [];
  for (const ids of pieces) {
    const music = decoder.decode(ids);
    measured.push(hasPitch(music) ? rangeMeasures(music) : undefined);
    yield;
  }
  const pitched = measured.filter((one) => one !== undefined);
  const ranges = pitched.length > 0 ? usualRangesOf(pitched) : undefined;
  const usual = pieces.filter((_, i) =>
    ranges && measured[i] && measuresOutside(measured[i], ranges).length === 0
  );
  const profiles: Profile[] = [];
  for (const ids of someOf(usual.length > 0 ? usual : pieces)) {
    const tokens = Array.from(ids, (id) => alphabet.token(id));
    profiles.push(profileOf({ tokens, music: decoder.decode(ids) }));
    yield;
  }
  return profiles;
}

/** At most {@linkcode MOST_PROFILES} pieces, chosen at random, in their order. */
function someOf<T>(pieces: readonly T[]): T[] {
  const chosen = new Random(1).order(pieces.length).slice(0, MOST_PROFILES);
  return Array.from(chosen.sort(), (i) => pieces[i]!);
}

function profileOf(
  { tokens, music }: { tokens: readonly RemiToken[]; music: NoteSequence },
): Profile {
  // Of each id there is one token object.
  const distinct = [...new Set(tokens)];
  const values = (wanted: RemiTokenType) =>
    distinct.filter(({ type }) => type === wanted).map(({ value }) => value);
  const attributes = ATTRIBUTE_NAMES.flatMap((name) => {
    const [value = "any"] = values(name);
    return value === "any" ? [] : [[name, value]];
  });
  const [qpm] = values("Tempo"), [meter] = values("TimeSignature");
  const { noteDensity: density, polyphony } = hasPitch(music)
    ? rangeMeasures(music)
    : { noteDensity: 0, polyphony: 0 };
  return {
    attributes: Object.fromEntries(attributes) as Attributes,
    constraints: {
      bars: tokens.filter(({ type }) => type === "Bar").length,
      qpm: Number(qpm),
      // A whole piece has a meter.
      meter: meter!,
      programs: values("Program").map(Number),
      kits: values("Kit").map(Number),
      ranges: rangesOf(tokens),
    },
    density,
    polyphony,
    monophonic: singleVoices(music),
  };
}

/** Lowest and highest pitch of each program. */
function rangesOf(
  tokens: readonly RemiToken[],
): Record<number, [number, number]> {
  const ranges: Record<number, [number, number]> = {};
  let program = -1;
  for (const { type, value } of tokens) {
    if (type === "Program") program = Number(value);
    if (type !== "Pitch") continue;
    const pitch = Number(value);
    const [low, high] = ranges[program] ?? [pitch, pitch];
    ranges[program] = [Math.min(low, pitch), Math.max(high, pitch)];
  }
  return ranges;
}
