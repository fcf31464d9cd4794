/**
 * Plain prompts that between them ask for what a corpus has: each says in words some of
 * what a random piece of the corpus is.
 */

import type { Random } from "../base/base.ts";
import {
  attributesOf,
  BarLines,
  firstQpm,
  INSTRUMENTS,
  keyName,
  keyOfAttributes,
  type NoteSequence,
} from "../music/music.ts";

/** Probability that a prompt says a thing that it could say. */
const SAYS = 0.5;
/** Most instruments that a prompt names. */
const MOST_INSTRUMENTS = 4;

/**
 * A prompt for a piece like another: its key, tempo, density, loudness, length and
 * instruments, each said or left out at random, and at least one of them said.
 *
 * @param piece With at least one note.
 *
 * @example
 * ```ts
 * import { promptLike } from "immersic/evaluation/evaluation.ts";
 * import { Random } from "immersic/base/base.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const piece = {
 *   ...emptySequence(4),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [60, 64, 67].map((pitch) => ({
 *     pitch, velocity: 40, startTicks: 0, endTicks: 16, part: 0,
 *   })),
 *   totalTicks: 16,
 * };
 * console.assert(/piano|C major|bpm|sparse|soft|bars|fast/.test(
 *   promptLike(piece, new Random(1)),
 * ));
 * ```
 */
export function promptLike(piece: NoteSequence, random: Random): string {
  const phrases = phrasesOf(piece, random);
  const said = phrases.filter(() => random.next() < SAYS);
  return (said.length > 0 ? said : [random.pick(phrases)]).join(", ");
}

/** All that a prompt can say of a piece. */
function phrasesOf(piece: NoteSequence, random: Random): string[] {
  const { Mode, TempoClass, Density, Loudness, Key } = attributesOf(piece);
  const key = keyOfAttributes({ Key, Mode });
  const isCalm = TempoClass === "slow" && Loudness === "soft";
  const instruments = instrumentsOf(piece);
  return [
    ...key ? [`in ${keyName(key)}`] : [],
    ...isCalm && Mode === "minor" ? ["melancholic"] : [],
    ...isCalm && Mode === "major" && Density === "sparse" ? ["calm"] : [],
    random.next() < 0.5 && TempoClass
      ? TempoClass
      : `${Math.round(firstQpm(piece))} bpm`,
    ...key && Density
      ? [Density === "medium" ? "medium density" : Density]
      : [],
    ...Loudness ? [Loudness === "medium" ? "medium volume" : Loudness] : [],
    `${BarLines.of(piece).count} bars`,
    ...instruments.length > 0 ? [instruments.join(" and ")] : [],
  ];
}

/** Names of a piece's instruments, those that a prompt knows. */
function instrumentsOf({ notes, parts }: NoteSequence): string[] {
  const playing = [...new Set(notes.map(({ part }) => part))];
  const names = playing.flatMap((part) => {
    const { program, isDrum } = parts[part]!;
    return isDrum ? ["drums"] : nameOf(program);
  });
  return [...new Set(names)].slice(0, MOST_INSTRUMENTS);
}

/** The instrument that a program plays first of all, or else one that it can. */
function nameOf(program: number): string[] {
  const able = Object.entries(INSTRUMENTS).filter(([, { programs, isRole }]) =>
    !isRole && programs.includes(program)
  );
  const first = able.find(([, { programs }]) => programs[0] === program) ??
    able[0];
  return first ? [first[0]] : [];
}
