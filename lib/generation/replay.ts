/** Repeats bars, with some of their notes sampled anew. */

import type { RemiAlphabet } from "../tokens/remi/remi.ts";
import type { Draft } from "./draft.ts";
import type { TokenWriter } from "./token_writer.ts";

/** A note sampled anew stays within so many semitones. */
const VARIED_SEMITONES = 7;

/**
 * Writes a bar again, a share of its notes sampled anew in the old rhythm and near
 * the old pitch.
 *
 * @param bar Ids without `Bar`.
 * @param distance Share of the notes sampled anew, 0–1.
 */
export function replayBar(
  writer: TokenWriter,
  bar: readonly number[],
  distance: number,
  draft: Draft,
): void {
  const { alphabet, random } = writer;
  const { types, numbers } = alphabet;
  let program = -1;
  for (let i = 0; i < bar.length; i++) {
    const id = bar[i]!, type = types[id]!, number = numbers[id]!;
    if (type === "TimeSignature" || type === "Tempo") {
      if (writer.allows(id)) writer.write(id, draft);
      continue;
    }
    if (type === "Position") {
      const next = endOfMoment(bar, i, alphabet);
      // A change to the tempo that already holds is none.
      const isEmpty = next === i + 2 && bar[i + 1] === writer.header[1];
      // Near the end of a shorter section no note fits any more.
      if (isEmpty || !writer.allows(id)) {
        i = next - 1;
        continue;
      }
    }
    if (type === "Program") program = number;
    if (type === "Pitch" && distance > 0) {
      // A pitch that a note sampled anew still holds has to be another, too.
      const held = draft.mayRestrike
        ? 0
        : draft.anew.get(128 * program + number) ?? 0;
      const isAnew = random.next() < distance || held > writer.step;
      if (isAnew && sampleNear({ writer, bar, i, program, draft })) continue;
    }
    if (writer.allows(id)) writer.write(id, draft);
    else if (type === "Duration" && !writer.complete) {
      writer.write(longestDuration(writer), draft);
    } else if (type === "Pitch" || type === "Drum") {
      // A note that no longer fits here is left out whole.
      i = endOfNote(bar, i, alphabet) - 1;
    }
  }
}

/** Samples another pitch near that of token `i` of a bar; false where none fits. */
function sampleNear({ writer, bar, i, program, draft }: {
  readonly writer: TokenWriter;
  readonly bar: readonly number[];
  readonly i: number;
  readonly program: number;
  readonly draft: Draft;
}): boolean {
  const { types, numbers } = writer.alphabet;
  const old = numbers[bar[i]!]!;
  const next = endOfNote(bar, i, writer.alphabet);
  let steps = 0;
  for (const id of bar.slice(i, next)) {
    if (types[id] === "Duration") steps += numbers[id]!;
  }
  const below = types[bar[next]!] === "Pitch" ? numbers[bar[next]!]! : Infinity;
  const mask = writer.mask(draft);
  for (let other = 0; other < mask.length; other++) {
    const apart = Math.abs(numbers[other]! - old);
    const isNear = types[other] === "Pitch" && numbers[other]! < below &&
      apart > 0 && apart <= VARIED_SEMITONES;
    if (!isNear) mask[other] = 0;
  }
  if (!mask.includes(1)) return false;
  const id = writer.sample();
  draft.anew.set(128 * program + numbers[id]!, writer.step + steps);
  writer.writeSampled(id, draft);
  return true;
}

/** The index after the velocity and durations of the note at token `i` of a bar. */
function endOfNote(
  bar: readonly number[],
  i: number,
  { types }: RemiAlphabet,
): number {
  let next = i + 1;
  while (types[bar[next]!] === "Velocity" || types[bar[next]!] === "Duration") {
    next++;
  }
  return next;
}

/** The index of the position after the one at token `i` of a bar. */
function endOfMoment(
  bar: readonly number[],
  i: number,
  { types }: RemiAlphabet,
): number {
  let next = i + 1;
  while (next < bar.length && types[bar[next]!] !== "Position") next++;
  return next;
}

/** The longest duration that fits before the section's end. */
function longestDuration(writer: TokenWriter): number {
  const { ids, numbers } = writer.alphabet;
  return ids.Duration.filter((id) => writer.allows(id))
    .reduce((best, id) => numbers[id]! > numbers[best]! ? id : best);
}
