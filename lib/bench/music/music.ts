/**
 * Our music beside that of the standard tools: a MidiTok tokenizer and a
 * transformer in PyTorch, trained on the same pieces in the same time on the same
 * cores, one after the other.
 */

import { join } from "@std/path";
import {
  type Corpus,
  loadCorpus,
  preprocess,
  withMidiFolder,
} from "../../corpus/corpus.ts";
import { heldOutNats } from "./held_out_nats.ts";
import { trainOurs } from "./ours.ts";
import { type MusicSource, musicSources } from "./sources.ts";
import { MusicPeer } from "./theirs.ts";

/** How {@linkcode benchMusic} measures. */
export interface MusicOptions {
  /** Minutes that each side trains on each corpus. @default 3 */
  readonly minutes?: number;
  /** A folder or archive of MIDI files. @default the corpora that are there */
  readonly midi?: string;
}

/** Tokens of the validation pieces that both sides validate on, at most. */
const MAX_VALID_TOKENS = 30_000;

const PROTOCOL =
  "Both sides have the same pieces and splits: ours as REMI tokens, the peer as MIDI files written from these tokens, so that pitches, times (12 steps a quarter), lengths, 16 velocities, tempi and meters are the same. Each trains for the same wall time on all cores, one after the other, validations included, and keeps its best validation. nll_note: nats of all tokens of the test pieces divided by their notes, the end of the piece included. Ours includes the attributes before a piece, which its network is told and the peer has not, at what their frequencies in the training pieces make them cost. nll_note_ratio: ours divided by the peer's.";

/**
 * Measures both sides on each corpus.
 *
 * @param progress Shows the progress.
 * @returns Ratios by corpus, and the figures behind them.
 */
export async function benchMusic(
  { minutes = 3, midi }: MusicOptions,
  progress: (text: string) => void,
): Promise<Record<string, unknown>> {
  const { sources, missing } = await musicSources(midi);
  const corpora: Record<string, CorpusFigures> = {};
  for (const source of sources) {
    corpora[source.name] = await measure(
      source,
      60 * minutes,
      (text) => progress(`${source.name}: ${text}`),
    );
  }
  const each = (figure: (figures: CorpusFigures) => unknown) =>
    Object.fromEntries(
      Object.entries(corpora).map(([name, figures]) => [name, figure(figures)]),
    );
  return {
    nll_note_ratio: each((figures) => figures.nll_note_ratio),
    corpora,
    missing,
    minutes,
    cores: navigator.hardwareConcurrency,
    protocol: PROTOCOL,
  };
}

type CorpusFigures = Awaited<ReturnType<typeof measure>>;

/** Measures both sides on a corpus. */
async function measure(
  { path }: MusicSource,
  seconds: number,
  progress: (text: string) => void,
) {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    progress("reading the pieces");
    const corpus = await readCorpus(path, join(folder, "corpus"));
    const ours = await measureOurs(corpus, folder, seconds, progress);
    const theirs = await measureTheirs(corpus, folder, seconds, progress);
    return {
      nll_note_ratio: ours.nll_note / theirs.nll_note,
      splits: corpus.manifest.splits,
      // Test pieces of which the two sides count different notes.
      pieces_with_other_notes: ours.notes
        .filter((count, i) => count !== theirs.notes[i]).length,
      ours: { ...ours, notes: sum(ours.notes) },
      theirs: { ...theirs, notes: sum(theirs.notes) },
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Preprocesses a corpus, and leaves out what is too much to validate on. */
async function readCorpus(path: string, folder: string): Promise<Corpus> {
  await withMidiFolder(
    path,
    (midiFolder) => preprocess({ midiFolder, outFolder: folder }),
  );
  const corpus = await loadCorpus(folder);
  let tokens = 0;
  const pieces = corpus.pieces.filter((piece) => {
    if (piece.split !== "valid") return true;
    tokens += piece.tokens;
    return tokens <= MAX_VALID_TOKENS || tokens === piece.tokens;
  });
  return { ...corpus, pieces };
}

async function measureOurs(
  corpus: Corpus,
  folder: string,
  seconds: number,
  progress: (text: string) => void,
) {
  const { generator, training } = await trainOurs(
    corpus,
    join(folder, "runs"),
    seconds,
    progress,
  );
  using _ = generator;
  progress("predicting the test pieces");
  const { tokenNats, attributeNats, tokens, notes } = heldOutNats(
    corpus,
    (ids) => generator.surprises(ids),
  );
  return {
    nll_note: (tokenNats + attributeNats) / sum(notes),
    nll_note_told_attributes: tokenNats / sum(notes),
    tokens,
    notes,
    vocabulary: corpus.vocabulary.size,
    training,
  };
}

async function measureTheirs(
  corpus: Corpus,
  folder: string,
  seconds: number,
  progress: (text: string) => void,
) {
  await using peer = await MusicPeer.start(corpus, progress);
  const { notes, vocabulary } = await peer.load(join(folder, "midi"));
  progress(`${peer.version} train for ${Math.round(seconds)} s`);
  const training = await peer.train(seconds);
  progress(`${peer.version} predict the test pieces`);
  const { nats, tokens } = await peer.score();
  return {
    nll_note: nats / sum(notes),
    tokens,
    notes,
    vocabulary,
    training,
    version: peer.version,
  };
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
