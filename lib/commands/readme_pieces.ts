// deno-lint-ignore-file no-console -- a program
/**
 * `deno run -A lib/commands/readme_pieces.ts`: makes the three pieces that the README
 * shows anew, and measures them. The corpus must be there:
 * `deno task preprocess --midi data/starter --out data/processed/starter`.
 */

import { join } from "@std/path";
import { OUTPUTS_FOLDER, Random, runFolder } from "../base/base.ts";
import { compose, type Composition } from "../composition/composition.ts";
import { type Corpus, loadCorpus } from "../corpus/corpus.ts";
import {
  CopyIndex,
  likelyMade,
  promptLike,
  READINGS,
} from "../evaluation/evaluation.ts";
import { encodeMp3, writePiece } from "../files/files.ts";
import { corpusMusic, Generator } from "../generation/generation.ts";
import { loadBest } from "../model/model.ts";
import type { NoteSequence } from "../music/music.ts";
import { pianoRoll } from "../plot/plot.ts";
import { renderSound } from "../synthesis/synthesis.ts";

/** Where they are. */
export const PIECES_FOLDER: string = join(OUTPUTS_FOLDER, "readme");

/** A piece that the README shows. */
export interface ReadmePiece {
  /** Of its files. */
  readonly name: string;
  /** What was asked. */
  readonly prompt: string;
  /** Given again, it makes the same piece. */
  readonly randomSeed: number;
}

/** The pieces, in the README's order. */
export const README_PIECES: readonly ReadmePiece[] = [
  {
    name: "piano",
    prompt: "slow dreamy piano in D minor, 70 bpm, 40 seconds, no drums",
    randomSeed: 6,
  },
  {
    name: "beat",
    prompt:
      "lo-fi beat with electric piano chords, vibraphone melody, walking bass and soft drums in A minor, 84 bpm, 40 seconds",
    randomSeed: 2,
  },
  {
    name: "waltz",
    prompt:
      "warm waltz with flute melody, vibraphone arpeggios, soft pad and bass in G lydian, 72 bpm, 40 seconds",
    randomSeed: 11,
  },
];

/** Low, so that the files are small. */
const MP3_KILOBITS = 48;
/** Pieces of either kind that the forest learns from. */
const LEARNT_FROM = 130;

/** Writes the files of a piece: MIDI, MP3 and its roll. */
async function write(piece: ReadmePiece, made: Composition): Promise<void> {
  const { sequence } = made;
  const file = (ending: string) =>
    join(PIECES_FOLDER, `${piece.name}.${ending}`);
  await writePiece([file("mid")], { sequence });
  const sound = await renderSound(sequence);
  await Deno.writeFile(
    file("mp3"),
    ReadableStream.from(encodeMp3(sound, MP3_KILOBITS)),
  );
  const title = `${piece.name}, seed ${piece.randomSeed}`;
  const { svg } = pianoRoll(sequence, { title, width: 480, height: 180 });
  await Deno.writeTextFile(file("svg"), svg);
}

/** What the forest takes for made, and what is copied, a row for each piece. */
async function measure(
  generator: Generator,
  corpus: Corpus,
  pieces: readonly NoteSequence[],
): Promise<Record<string, string | number>[]> {
  const info = generator.checkpoint.corpus;
  const training = await corpusMusic(corpus, info);
  const heldOut = (await corpusMusic(corpus, info, "test"))
    .map(({ sequence }) => sequence);
  const random = new Random(1);
  const reference = random.shuffle(training.map(({ sequence }) => sequence))
    .slice(0, LEARNT_FROM);
  const made: NoteSequence[] = [];
  // Seeds that no piece shown has.
  for (let seed = 1001; made.length < LEARNT_FROM; seed++) {
    const prompt = promptLike(random.pick(reference), random);
    const { sequence } = await compose(generator, prompt, { randomSeed: seed });
    made.push(sequence);
  }
  const judged = await likelyMade([...pieces, ...heldOut], made, reference);
  const others = judged.slice(pieces.length);
  const index = await CopyIndex.of(training);
  return pieces.map((piece, i) => {
    const found = index.find(piece);
    const of = Object.fromEntries(READINGS.flatMap((reading) => {
      const { notes, copiedNotes, longest } = found[reading];
      return [
        [`${reading}, copied`, `${copiedNotes} of ${notes}`],
        [`${reading}, longest run`, longest?.notes ?? 0],
      ];
    }));
    return {
      ...of,
      "likely made": Number(judged[i]!.toFixed(2)),
      "held-out pieces likelier made": `${
        others.filter((other) => other > judged[i]!).length
      } of ${others.length}`,
    };
  });
}

if (import.meta.main) {
  using generator = await Generator.open(await loadBest(runFolder("starter")));
  const made: NoteSequence[] = [];
  for (const piece of README_PIECES) {
    const { prompt, randomSeed } = piece;
    const composition = await compose(generator, prompt, { randomSeed });
    await write(piece, composition);
    made.push(composition.sequence);
  }
  const { folder } = generator.checkpoint.corpus;
  const rows = await measure(generator, await loadCorpus(folder!), made);
  console.log(JSON.stringify(
    rows.map((row, i) => ({ piece: README_PIECES[i]!.name, ...row })),
    undefined,
    2,
  ));
}
