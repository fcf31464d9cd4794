/**
 * The peer's side of the benchmark of music: MidiTok and a transformer in PyTorch,
 * in a process of its own, with the pieces of our corpus as MIDI files.
 */

import { fromFileUrl, join } from "@std/path";
import type { Corpus } from "../../corpus/corpus.ts";
import { readMidi, writeMidi } from "../../midi/midi.ts";
import type { NoteSequence } from "../../music/music.ts";
import { RemiDecoder, RemiTokenizer } from "../../tokens/remi/remi.ts";
import { Peer } from "../peer.ts";
import { benchPython } from "../python.ts";

/** What the peer has of a corpus. */
export interface PeerCorpus {
  /** Number of different tokens. */
  readonly vocabulary: number;
  /** Tokens in each split. */
  readonly tokens: Readonly<Record<string, number>>;
  /** Notes of each test piece, in our order. */
  readonly notes: readonly number[];
}

/** How the peer's network was trained. */
export interface PeerTraining {
  readonly weights: number;
  readonly seconds: number;
  /** Time that all cores worked, together. */
  readonly cpuSeconds: number;
  readonly epochs: number;
  readonly steps: number;
  /** The faster of float32 and bfloat16 on this machine. */
  readonly precision: string;
  /** The validation that was best, from 1 on. */
  readonly best: number;
  readonly history: readonly Readonly<Record<string, number>>[];
}

/** Nats of all tokens of the test pieces. */
export interface PeerScore {
  readonly nats: number;
  readonly tokens: number;
  readonly notes: number;
}

/** The peer's process, with a corpus. */
export class MusicPeer {
  readonly #peer: Peer;
  readonly #corpus: Corpus;

  private constructor(peer: Peer, corpus: Corpus) {
    this.#peer = peer;
    this.#corpus = corpus;
  }

  /** Starts the process; installs its libraries where missing. */
  static async start(
    corpus: Corpus,
    progress: (text: string) => void,
  ): Promise<MusicPeer> {
    const python = await benchPython(progress);
    const script = fromFileUrl(new URL("./peer.py", import.meta.url));
    const peer = await Peer.start("MidiTok and PyTorch", python, [script]);
    return new MusicPeer(peer, corpus);
  }

  /** Its libraries and their versions. */
  get version(): string {
    return this.#peer.version;
  }

  async #ask<T>(command: Record<string, unknown>): Promise<T> {
    const answer = await this.#peer.ask<T & { error?: string }>(command);
    if (answer.error === undefined) return answer;
    throw new Error(`Cannot measure ${this.#peer.name}: ${answer.error}.`);
  }

  /** Has it read the corpus, as MIDI files written into a folder. */
  async load(folder: string): Promise<PeerCorpus> {
    const meters = await writePieces(this.#corpus, folder);
    return await this.#ask({ do: "load", folder, meters });
  }

  /** Has it train for some time, validations included. */
  async train(seconds: number): Promise<PeerTraining> {
    return await this.#ask({ do: "train", seconds, seed: 1 });
  }

  /** Has it predict the test pieces. */
  async score(): Promise<PeerScore> {
    return await this.#ask({ do: "score" });
  }

  /**
   * Has it make pieces.
   *
   * @param folder For their files.
   * @returns The pieces on the grid of our tokens.
   */
  async make(count: number, folder: string): Promise<NoteSequence[]> {
    await Deno.mkdir(folder);
    await this.#ask({ do: "sample", count, seed: 1, folder });
    const tokenizer = new RemiTokenizer(
      this.#corpus.manifest.tokenizerOptions,
    );
    const pieces: NoteSequence[] = [];
    for (let i = 0; i < count; i++) {
      const file = join(folder, `${String(i).padStart(4, "0")}.mid`);
      const { sequence } = readMidi(await Deno.readFile(file), { file });
      pieces.push(tokenizer.quantize(sequence));
    }
    return pieces;
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#peer[Symbol.asyncDispose]();
  }
}

/**
 * Writes the pieces of a corpus as its tokens have them, so that both sides read
 * the same music on the same grid.
 *
 * @param folder Gets a folder for each split.
 * @returns The meters of all pieces.
 */
export async function writePieces(
  { vocabulary, manifest, pieces }: Corpus,
  folder: string,
): Promise<[numerator: number, denominator: number][]> {
  const decoder = new RemiDecoder(vocabulary, manifest.tokenizerOptions);
  const meters = new Map<string, [number, number]>([["4/4", [4, 4]]]);
  for (const split of ["train", "valid", "test"]) {
    await Deno.mkdir(join(folder, split), { recursive: true });
  }
  for (const [i, { split, ids }] of pieces.entries()) {
    const sequence = decoder.decode(ids);
    for (const { numerator, denominator } of sequence.timeSignatures) {
      meters.set(`${numerator}/${denominator}`, [numerator, denominator]);
    }
    const name = `${String(i).padStart(6, "0")}.mid`;
    await Deno.writeFile(join(folder, split, name), writeMidi(sequence));
  }
  return [...meters.values()];
}
