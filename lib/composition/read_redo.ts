/** Reads "bars 5-8 keys, calmer": which bars and parts to make anew, and how. */

import type { NoteSequence, PartWish } from "../music/music.ts";
import {
  type ParsedPrompt,
  parsePrompt,
  PromptError,
  type Understood,
} from "../prompt/prompt.ts";
import type { RedoWish } from "./redo.ts";
import type { RedoWishes } from "./redo_aims.ts";
import { readBars } from "./redo_bars.ts";
import { partsOf, readNames } from "./redo_parts.ts";
import { RedoText, TO, wordForm } from "./redo_text.ts";
import { STEPS } from "./step_words.ts";

/** What a text asks to make anew. */
export interface RedoReading {
  /** Bars, parts and wishes. */
  readonly wish: RedoWish;
  /** Every phrase that was understood and its meaning. */
  readonly understood: readonly Understood[];
  /** Words that were not understood. */
  readonly ignored: readonly string[];
  /** Words that ask for nothing, such as "redo" and "please". */
  readonly passedOver: readonly string[];
  /** Sentences on what is asked and a redo does not do. */
  readonly notes: readonly string[];
}

/**
 * Reads which bars and parts of a piece to make anew, and what they are to be like.
 * Bars are counted from 1; without any, it is the whole piece. Parts go by their
 * names in the piece, or by what plays them; without any, it is all of them.
 *
 * @param text Such as "bars 5-8 keys, calmer" or "the last 4 bars without the
 * drums, in D minor, from C4 to C6".
 * @throws {PromptError} If it names bars or parts that the piece has not, or more
 * than one stretch.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readRedo } from "immersic/composition/composition.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const piece = {
 *   ...emptySequence(480),
 *   parts: [{ name: "Keys", program: 0, isDrum: false }],
 *   totalTicks: 8 * 1920,
 * };
 * const { wish } = readRedo("bars 5-8 keys, calmer", piece);
 * assert.deepEqual(wish, {
 *   bars: [5, 8],
 *   parts: [0],
 *   wishes: { than: { density: -1, loudness: -1 } },
 * });
 * ```
 */
export function readRedo(text: string, piece: NoteSequence): RedoReading {
  const reader = new RedoText(text);
  const bars = readBars(reader, piece);
  // A manner is of the part that is named beside it.
  const whole = parsePrompt(reader.rest);
  const named = readNames(reader, piece);
  const than = readSteps(reader);
  const range = readRange(reader);
  const partWishes = beside(range, whole.request.partWishes ?? []);
  const parsed = parsePrompt(reader.rest);
  const { request, understood, ignored } = parsed;
  // Small words before "walking" are not understood with it.
  const manners = whole.understood.filter(({ phrase }) =>
    ignored.some((one) => phrase.split(" ").includes(one.split(" ").at(-1)!))
  );
  const isSmall = (phrase: string) =>
    phrase.toLowerCase().split(" ").every((one) => SMALL.has(one));
  const parts = partsOf(piece, named, request);
  const {
    density,
    register,
    loudness,
    key,
    moods,
    temperature,
    chords,
    drums,
  } = request;
  // A mood's own mode would turn a part of a piece into another key.
  // Nor do chords, which are followed themselves.
  const isKeyAsked = key && !chords &&
    (key.tonic !== undefined || moods.length === 0);
  const wishes: RedoWishes = {
    ...density && than.density === undefined && { density },
    ...register && than.register === undefined && { register },
    ...loudness && than.loudness === undefined && { loudness },
    ...isKeyAsked && { key },
    ...temperature !== undefined && { temperature },
    ...chords && { chords },
    ...partWishes.length > 0 && { partWishes },
    ...drums && { drums },
    ...range && { range },
    ...Object.keys(than).length > 0 && { than },
  };
  return {
    wish: {
      ...bars && { bars },
      ...parts && { parts },
      ...Object.keys(wishes).length > 0 && { wishes },
    },
    understood: [...reader.understood, ...understood, ...manners],
    ignored: ignored.filter((one) =>
      !isSmall(one) && !manners.some(({ phrase }) => phrase.includes(one))
    ),
    passedOver: [...ignored.filter(isSmall), ...parsed.passedOver],
    notes: notesOn(parsed),
  };
}

/** How parts are to play, but for the range that is read for itself. */
function beside(
  range: RedoWishes["range"],
  wishes: readonly PartWish[],
): PartWish[] {
  if (!range) return [...wishes];
  return wishes.map(({ range: _, ...rest }) => rest)
    .filter(({ program: _, ...rest }) => Object.keys(rest).length > 0);
}

/** What a redo leaves as it is, and what could not be read. */
function notesOn({ request, problems }: ParsedPrompt): string[] {
  const { qpm, tempo, meter, length, sections, events, swing } = request;
  const isFelt = request.moods.length + request.styles.length > 0;
  const isMoving = (sections?.length ?? 0) + (events?.length ?? 0) > 0;
  const kept = [
    ...qpm ?? (isFelt ? undefined : tempo) ? ["tempo"] : [],
    ...meter ? ["meter"] : [],
    ...length ? ["length"] : [],
    ...swing && !isFelt ? ["swing"] : [],
  ];
  return [
    ...problems.map(({ phrase, reason, instead }) =>
      `"${phrase}": ${reason}; ${instead}.`
    ),
    ...kept.length === 0 ? [] : [
      `New notes keep the ${
        new Intl.ListFormat("en").format(kept)
      } of the piece; change it for the whole piece.`,
    ],
    ...isFelt
      ? ["Of moods and styles, new notes take density, register and loudness."]
      : [],
    ...isMoving
      ? [
        "A redo makes one stretch, which is alike throughout; what changes in time is left out.",
      ]
      : [],
  ];
}

/** Words of such a text that ask for nothing. */
const SMALL = new Set(
  "redo regenerate remake again anew new make only just all everything whole piece bar bars part parts track"
    .split(" "),
);

/** More or less of what the bars have now. */
function readSteps(reader: RedoText): NonNullable<RedoWishes["than"]> {
  const than: Record<string, -1 | 1> = {};
  for (const { words, than: steps, meaning } of STEPS) {
    if (
      reader.take(
        wordForm(`(?:a (?:bit|little|lot) |much )?${words}`),
        () => meaning,
      )
    ) Object.assign(than, steps);
  }
  return than;
}

const NOTE = "([a-g])([#♯b♭]?)(-?\\d)";
const LOWEST = 0, HIGHEST = 127;

/** "from C3 to C5", "above C4", "below G5": lowest and highest pitch. */
function readRange(reader: RedoText): RedoWishes["range"] {
  const pitchOf = ([letter, sign, octave]: readonly (string | undefined)[]) => {
    const step = { c: 0, d: 2, e: 4, f: 5, g: 7, a: 9, b: 11 }[
      letter!.toLowerCase()
    ]!;
    const by = sign === "" ? 0 : /[#♯]/.test(sign!) ? 1 : -1;
    return 12 * (Number(octave) + 1) + step + by;
  };
  const both = reader.take(
    wordForm(
      `(?:(?:in the )?range |from |between |within )?${NOTE}${TO}${NOTE}`,
    ),
    ([phrase]) => `pitches ${phrase.trim()}`,
  );
  if (both) {
    const low = pitchOf(both.slice(1, 4)), high = pitchOf(both.slice(4));
    if (low <= high) return [low, high];
    throw new PromptError(
      both[0],
      `"${
        both[0].trim()
      }" ends below where it begins. Name the lowest note first.`,
    );
  }
  const low = reader.take(
    wordForm(`(?:above|over|not below|from) ${NOTE}(?: up)?`),
    ([phrase]) => `pitches ${phrase}`,
  );
  const high = reader.take(
    wordForm(`(?:below|under|not above|up to) ${NOTE}`),
    ([phrase]) => `pitches ${phrase}`,
  );
  return low || high
    ? [
      low ? pitchOf(low.slice(1)) : LOWEST,
      high ? pitchOf(high.slice(1)) : HIGHEST,
    ]
    : undefined;
}
