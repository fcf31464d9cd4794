/**
 * Our music beside that of the standard tools: a MidiTok tokenizer and a
 * transformer in PyTorch, trained on the same pieces in the same time on the same
 * cores, one after the other.
 */

import { join } from "@std/path";
import { type Corpus, loadCorpus, preprocess } from "../../corpus/corpus.ts";
import { FEWEST_TOLD_APART } from "../../evaluation/evaluation.ts";
import { type ApartFigures, comparePieces } from "./compare_pieces.ts";
import { heldOutNats } from "./held_out_nats.ts";
import { makeOurs, trainOurs } from "./ours.ts";
import { type MusicSource, musicSources } from "./sources.ts";
import { MusicPeer } from "./theirs.ts";

/** How {@linkcode benchMusic} measures. */
export interface MusicOptions {
  /** Minutes that each side trains on each corpus. @default 3 */
  readonly minutes?: number;
  /** Pieces that each side makes. @default 50 */
  readonly pieces?: number;
  /** A folder or archive of MIDI files. @default the corpora that are there */
  readonly midi?: string;
}

/** What is measured of a corpus, and how. */
interface Measurement {
  readonly corpus: Corpus;
  /** A temporary folder. */
  readonly folder: string;
  /** Seconds that each side trains. */
  readonly seconds: number;
  /** Pieces that each side makes. */
  readonly pieces: number;
  readonly progress: (text: string) => void;
}

/** Tokens of the validation pieces that both sides validate on, at most. */
const MAX_VALID_TOKENS = 30_000;

const PROTOCOL =
  "Both sides have the same pieces and splits: ours as REMI tokens, the peer as MIDI files written from these tokens, so that pitches, times (12 steps a quarter), lengths, 16 velocities, tempi and meters are the same. Each trains for the same wall time on all cores, one after the other, validations included, and keeps its best validation. nll_note: nats of all tokens of the test pieces divided by their notes, the end of the piece included. Our network is told the attributes, the number of bars and the instruments of a piece beforehand; ours includes what these cost by their frequencies in the training pieces. told_apart: area under the curve of a random forest that tells made from training pieces; ours are made with default settings, the peer's from the start of a piece, each as long as a training piece, at temperature 1 and top-p 0.95. Ratios: ours divided by the peer's; below 1 is better.";

/**
 * Measures both sides on each corpus.
 *
 * @param progress Shows the progress.
 * @returns Ratios by corpus, and the figures behind them.
 * @throws {RangeError} If the pieces are too few to tell them apart.
 * @throws {Error} If no corpus can be measured.
 */
export async function benchMusic(
  { minutes = 3, pieces = 50, midi }: MusicOptions,
  progress: (text: string) => void,
): Promise<Record<string, unknown>> {
  if (pieces < FEWEST_TOLD_APART) {
    throw new RangeError(
      `Cannot measure music: at least ${FEWEST_TOLD_APART} pieces are needed to tell them apart, current value is ${pieces}.`,
    );
  }
  const { sources, missing } = await musicSources(midi);
  const corpora: Record<string, CorpusFigures> = {};
  for (const source of sources) {
    try {
      corpora[source.name] = await measure(
        source,
        60 * minutes,
        pieces,
        (text) => progress(`${source.name}: ${text}`),
      );
    } catch (error) {
      // The other corpora may have taken hours.
      if (sources.length === 1 || !(error instanceof Error)) throw error;
      missing.push(`${source.name} is left out: ${error.message}`);
    }
  }
  if (Object.keys(corpora).length === 0) throw new Error(missing.join("\n"));
  const each = (figure: (figures: CorpusFigures) => number) =>
    Object.fromEntries(
      Object.entries(corpora).map(([name, figures]) => [name, figure(figures)]),
    );
  return {
    nll_note_ratio: each((figures) => figures.nll_note_ratio),
    told_apart_ratio: each((figures) => figures.told_apart_ratio),
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
  pieces: number,
  progress: (text: string) => void,
) {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    progress("reading the pieces");
    const corpus = await readCorpus(path, join(folder, "corpus"));
    const measurement = { corpus, folder, seconds, pieces, progress };
    const ours = await measureOurs(measurement);
    const theirs = await measureTheirs(measurement);
    progress("telling the pieces apart");
    const apart = await comparePieces(
      { ours: ours.pieces, theirs: theirs.pieces },
      corpus,
    );
    return {
      nll_note_ratio: ours.figures.nll_note / theirs.figures.nll_note,
      told_apart_ratio: apart.ours.toldApart / apart.theirs.toldApart,
      told_apart_floor: apart.floor,
      splits: corpus.manifest.splits,
      /** Test pieces of which the two sides count different notes. */
      pieces_with_other_notes: ours.notes
        .filter((count, i) => count !== theirs.notes[i]).length,
      ours: withApart(ours.figures, apart.ours),
      theirs: withApart(theirs.figures, apart.theirs),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Preprocesses a corpus, and leaves out what is too much to validate on.
 *
 * @throws {RangeError} If there is too little to learn from or to measure.
 */
async function readCorpus(path: string, folder: string): Promise<Corpus> {
  const { splits } = await preprocess({ midiFolder: path, outFolder: folder });
  const [train, test] = [splits.train.pieces, splits.test.pieces];
  if (train < FEWEST_TOLD_APART || test === 0) {
    throw new RangeError(
      `Cannot measure music: the files in ${path} must give at least ${FEWEST_TOLD_APART} training pieces and a test piece, current numbers are ${train} and ${test}.`,
    );
  }
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
  { corpus, folder, seconds, pieces, progress }: Measurement,
) {
  const { generator, training } = await trainOurs(
    corpus,
    join(folder, "runs"),
    seconds,
    progress,
  );
  using _ = generator;
  progress("predicting the test pieces");
  const { tokenNats, toldNats, tokens, notes } = await heldOutNats(
    corpus,
    (ids) => generator.surprises(ids),
  );
  return {
    pieces: await makeOurs(generator, pieces, progress),
    notes,
    figures: {
      nll_note: (tokenNats + toldNats) / sum(notes),
      nll_note_without_told: tokenNats / sum(notes),
      tokens,
      notes: sum(notes),
      vocabulary: corpus.vocabulary.size,
      training,
    },
  };
}

async function measureTheirs(
  { corpus, folder, seconds, pieces, progress }: Measurement,
) {
  await using peer = await MusicPeer.start(corpus, progress);
  const { notes, vocabulary } = await peer.load(join(folder, "midi"));
  progress(`${peer.version} train for ${Math.round(seconds)} s`);
  const training = await peer.train(seconds);
  progress(`${peer.version} predict the test pieces`);
  const { nats, tokens } = await peer.score();
  progress(`${peer.version} make ${pieces} pieces`);
  return {
    pieces: await peer.make(pieces, join(folder, "made")),
    notes,
    figures: {
      nll_note: nats / sum(notes),
      tokens,
      notes: sum(notes),
      vocabulary,
      training,
      version: peer.version,
    },
  };
}

/** A side's figures with those of its pieces. */
function withApart<T>(
  figures: T,
  { toldApart, ...others }: ApartFigures,
) {
  return { ...figures, told_apart: toldApart, ...others };
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
