/** Every kind of requirement, and the check of it. */

import { arpeggio, form, leaps, monophonic, steps } from "./check_lines.ts";
import { beat, fills, swing, walking } from "./check_beat.ts";
import {
  drums,
  drumSound,
  leads,
  only,
  parts,
  plays,
  program,
  silent,
} from "./check_cast.ts";
import { change, cycle, steady } from "./check_change.ts";
import { chords, harmony } from "./check_chords.ts";
import { ends, enters, hit, leaves, loop, silence } from "./check_events.ts";
import { drone, inScale, key, modeNot, starts } from "./check_key.ts";
import {
  density,
  loudness,
  notes,
  range,
  rate,
  register,
  shortest,
} from "./check_levels.ts";
import { bars, meter, seconds, tempo } from "./check_time.ts";
import type { Heard } from "./heard.ts";
import type { Kind, Requirement } from "./requirement.ts";
import type { Check, CheckContext, Verdict } from "./verdict.ts";

/** Checks of the notes; what is told in words is checked apart. */
const CHECKS: { readonly [K in Exclude<Kind, "told">]: Check<K> } = {
  tempo,
  key,
  "mode-not": modeNot,
  meter,
  seconds,
  bars,
  plays,
  silent,
  only,
  program,
  parts,
  drums,
  "drum-sound": drumSound,
  beat,
  fills,
  loudness,
  density,
  rate,
  register,
  range,
  chords,
  harmony,
  "in-scale": inScale,
  loop,
  change,
  steady,
  enters,
  leaves,
  hit,
  silence,
  cycle,
  ends,
  starts,
  swing,
  monophonic,
  leads,
  walking,
  arpeggio,
  drone,
  notes,
  shortest,
  leaps,
  steps,
  form,
};

/** Names of all kinds of requirements. */
export const KINDS: readonly string[] = [...Object.keys(CHECKS), "told"];

/**
 * Checks a requirement on the notes of a piece.
 *
 * @param heard The whole piece.
 * @param asked Of any kind but "told".
 */
export function checkNotes(
  heard: Heard,
  asked: Requirement,
  context: CheckContext,
): Verdict {
  const checks = CHECKS as unknown as Readonly<
    Record<string, Check<Kind> | undefined>
  >;
  const check = checks[asked.is];
  if (!check) throw new TypeError(`Cannot check "${asked.is}" on notes.`);
  return check(heard.within(asked.in), asked as never, context);
}
