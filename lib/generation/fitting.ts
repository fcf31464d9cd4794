/** Fits music to the tokens that a model knows. */

import type { Checkpoint } from "../model/model.ts";
import { barStarts, firstQpm, type NoteSequence } from "../music/music.ts";
import {
  binTempo,
  parseToken,
  RemiAlphabet,
  RemiTokenizer,
} from "../tokens/remi/remi.ts";

/** Music in the tokens of a model. */
export interface FittedMusic {
  /** From the attributes to `End`. */
  readonly tokens: readonly string[];
  /** By token that the model does not know: the one in its place. */
  readonly replaced: ReadonlyMap<string, string>;
  /** The music with the replacements made, before quantizing. */
  readonly fitted: NoteSequence;
  /** By program of the tokens: the music's own, where there is only one. */
  readonly soundingPrograms: ReadonlyMap<number, number>;
}

/**
 * Encodes music in the tokens of a model, with the nearest in place of those it
 * does not know. Instruments, positions, pitches and the tempo are replaced before
 * encoding, because the order of tokens depends on them.
 *
 * @param sequence Of one meter; of its tempi only the first is kept.
 * @throws {RangeError} If nothing the model knows is near.
 */
export function fitToModel(
  { corpus, vocabulary }: Checkpoint,
  sequence: NoteSequence,
): FittedMusic {
  const alphabet = RemiAlphabet.of(vocabulary);
  const replaced = new Map<string, string>();
  const nearest = (token: string): string => {
    if (vocabulary.has(token)) return token;
    const chosen = replaced.get(token) ?? nearestRemiToken(token, alphabet);
    replaced.set(token, chosen);
    return chosen;
  };
  const number = (token: string) => Number(parseToken(nearest(token)).value);
  const tokenizer = new RemiTokenizer(corpus.tokenizerOptions);
  const step = sequence.ticksPerQuarter / tokenizer.options.stepsPerQuarter;
  const barLines = barStarts(sequence);
  const fitted: NoteSequence = {
    ...sequence,
    parts: sequence.parts.map((part) => ({
      ...part,
      program: number(`${part.isDrum ? "Kit" : "Program"}_${part.program}`),
    })),
    notes: sequence.notes.map((note) => {
      const type = sequence.parts[note.part]!.isDrum ? "Drum" : "Pitch";
      const bar = barLines.findLast((start) => start <= note.startTicks) ?? 0;
      const position = Math.round((note.startTicks - bar) / step);
      const later = step * (number(`Position_${position}`) - position);
      return {
        ...note,
        pitch: number(`${type}_${note.pitch}`),
        startTicks: Math.max(0, Math.round(note.startTicks + later)),
        endTicks: Math.max(0, Math.round(note.endTicks + later)),
      };
    }).sort((a, b) => a.startTicks - b.startTicks),
    tempos: [{
      ticks: 0,
      qpm: number(`Tempo_${binTempo(firstQpm(sequence))}`),
    }],
  };
  const tokens = tokenizer.encode(fitted).map(nearest);
  const played = Map.groupBy(
    sequence.parts.filter(({ isDrum }) => !isDrum),
    ({ program }) => number(`Program_${program}`),
  );
  const soundingPrograms = new Map<number, number>();
  for (const [program, parts] of played) {
    const [own, ...others] = new Set(parts.map((part) => part.program));
    if (own !== undefined && others.length === 0) {
      soundingPrograms.set(program, own);
    }
  }
  return { tokens, replaced, fitted, soundingPrograms };
}

/** The known token of the same type with the nearest number. */
function nearestRemiToken(token: string, alphabet: RemiAlphabet): string {
  const { type, value } = parseToken(token);
  const nearest = alphabet.nearest(type, value);
  if (nearest === undefined || type === "TimeSignature") {
    const known = alphabet.ids[type].map((id) => alphabet.vocabulary.token(id));
    throw new RangeError(
      `Cannot go on from the seed: it has a ${token}, and the model knows ${
        known.length === 0 ? `no ${type} at all` : `only ${known.join(", ")}`
      }. Choose another seed.`,
    );
  }
  return alphabet.vocabulary.token(nearest);
}
