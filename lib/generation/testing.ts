/** Music and untrained models for tests. */

import { type Checkpoint, initialWeights, networkOf } from "../model/model.ts";
import { DEFAULT_CHORD_STYLE } from "../tokens/chord/chord.ts";
import { type Config, configure } from "../base/base.ts";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { closedVocabulary, RemiTokenizer } from "../tokens/remi/remi.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import type { Seed } from "./hearing.ts";
import { readSeed } from "./seed.ts";

/** Eight bars of an arpeggio. */
export const music: NoteSequence = {
  ...emptySequence(480),
  parts: [{ name: "Keys", program: 4, isDrum: false }],
  notes: Array.from({ length: 64 }, (_, i) => ({
    pitch: [60, 63, 67, 70][i % 4]!,
    velocity: 60 + 4 * (i % 4),
    startTicks: 240 * i,
    endTicks: 240 * i + 230,
    part: 0,
  })),
  tempos: [{ ticks: 0, qpm: 72 }],
  totalTicks: 64 * 240,
};

/** An untrained model of some tokens. */
export function untrained(
  tokenizer: "chord" | "remi",
  tokens: readonly string[],
  knobs: Partial<Config> = {},
): Checkpoint {
  const config = configure({ lstmUnits: 8, denseUnits: 4, ...knobs });
  const vocabulary = Vocabulary.fromTokens(tokens);
  const corpus = {
    tokenizer,
    hash: "test",
    ...tokenizer === "chord" && { style: DEFAULT_CHORD_STYLE },
  };
  const weights = initialWeights(networkOf({ config, vocabulary }), 1, "wide");
  const history = { epoch: 1, step: 1, history: [], workers: 1 };
  return { config, corpus, vocabulary, weights, ...history };
}

/** An untrained model of a few chord tokens. */
export function untrainedChord(knobs?: Partial<Config>): Checkpoint {
  const tokens = ["C4", "E-4", "G4", "B-4", "0.3.7", "5.8.0", "2.5.8"];
  return untrained("chord", tokens, knobs);
}

/** An untrained model of the REMI tokens of {@linkcode music} and other pieces. */
export function untrainedRemi(...pieces: readonly NoteSequence[]): Checkpoint {
  const tokens = [music, ...pieces].flatMap((piece) =>
    new RemiTokenizer().encode(piece)
  );
  return untrained("remi", closedVocabulary(tokens));
}

/** A MIDI file as a seed of a piece of so many bars; see {@linkcode readSeed}. */
export function seedFrom(
  checkpoint: Checkpoint,
  bytes: Uint8Array,
  file?: string,
  bars?: number,
): Seed {
  return readSeed(checkpoint, bytes, file)(bars);
}
