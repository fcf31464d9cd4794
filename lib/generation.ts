/**
 * New music from a trained model: a seed passage or a head of attributes is fed
 * to the network, then tokens are drawn one at a time from its carried state
 * and decoded to notes.
 */
import { type Attributes, attributeTokens } from "./attributes.ts";
import { type Checkpoint, networkOf } from "./checkpoint.ts";
import { type ChordStyle, tokensPerBar } from "./chord_style.ts";
import {
  ChordTokenizer,
  decodeChords,
  nearestToken,
} from "./chord_tokenizer.ts";
import { Network } from "./lstm/network.ts";
import type { Stream } from "./lstm/stream.ts";
import {
  barStarts,
  type NoteSequence,
  sliceSequence,
} from "./note_sequence.ts";
import { Random } from "./random.ts";
import type { RemiConstraints } from "./remi_constraints.ts";
import { RemiGrammar } from "./remi_grammar.ts";
import { RemiTokenizer } from "./remi_tokenizer.ts";
import { RepetitionGuard, Sampler, type SamplingOptions } from "./sampling.ts";

/** What a piece is to be. */
export interface GenerationOptions
  extends Pick<SamplingOptions, "temperature" | "topK" | "topP" | "minP"> {
  /** Decides every draw. @default 1 */
  readonly randomSeed?: number;
  /**
   * Tokens that the piece goes on from; those the model does not know are
   * replaced by the nearest it does. REMI's begin with their attributes.
   * @default none
   */
  readonly seed?: readonly string[];
  /** Whether the seed is part of the piece. @default true */
  readonly keepSeed?: boolean;
  /** Length in bars, the seed included; of chords, about so many. */
  readonly bars?: number;
  /** REMI: what is asked of the piece, where no seed tells. @default any */
  readonly attributes?: Attributes;
  /** REMI: what the piece is held to. @default nothing */
  readonly constraints?: RemiConstraints;
  /** Most tokens drawn. @default 200 of chords, 6000 of REMI */
  readonly maxTokens?: number;
  /** Told now and then how far generation is. */
  readonly onProgress?: (tokens: number, bars: number) => void;
}

/** What was made. */
export interface GeneratedPiece {
  readonly sequence: NoteSequence;
  readonly tokens: readonly string[];
  /** Tokens at the front that were the seed's or the head's. */
  readonly seedLength: number;
  /** Mean nats of the tokens drawn, by the model's own distribution. */
  readonly natsPerToken: number;
  /** Seed tokens unknown to the model, and what stood in for each. */
  readonly replaced: ReadonlyMap<string, string>;
  readonly tokensPerSecond: number;
}

/** Bars of a passage that a piece goes on from, unless told otherwise. */
const SEED_BARS = 4;

/**
 * A passage as tokens to go on from: the beginning of a piece.
 *
 * @throws {RangeError} When the piece has nothing the model's alphabet can say.
 */
export function seedTokens(
  { corpus, config }: Pick<Checkpoint, "corpus" | "config">,
  sequence: NoteSequence,
): string[] {
  if (corpus.tokenizer === "chord") {
    return new ChordTokenizer().encode(sequence).slice(
      0,
      config.sequenceLength,
    );
  }
  const starts = barStarts(sequence);
  const end = starts[SEED_BARS] ?? sequence.totalTicks;
  const passage = sliceSequence(sequence, 0, end);
  const tokens = new RemiTokenizer(corpus.tokenizerOptions).encode(passage);
  // The piece goes on: its length is open, and it has not ended.
  return tokens.slice(0, -1).map((token) =>
    token.startsWith("LengthBars_") ? "LengthBars_any" : token
  );
}

const MAX_TOKENS = { chord: 200, remi: 6000 } as const;

/**
 * A trained model, ready to make pieces.
 *
 * ```ts ignore
 * using generator = await Generator.open(await loadRun(folder, "best"));
 * const { sequence } = await generator.generate({ randomSeed: 7 });
 * ```
 */
export class Generator {
  readonly checkpoint: Checkpoint;
  readonly #network: Network;
  readonly #stream: Stream;

  private constructor(checkpoint: Checkpoint, network: Network) {
    this.checkpoint = checkpoint;
    this.#network = network;
    this.#stream = network.stream();
  }

  /** Lays out the network of a checkpoint for one sequence. */
  static async open(checkpoint: Checkpoint): Promise<Generator> {
    const { objective, sequenceLength } = checkpoint.config;
    const network = await Network.create(networkOf(checkpoint), {
      maxBatch: 1,
      maxSteps: objective === "last" ? sequenceLength : 1,
      workers: 1,
    });
    for (const [name, values] of checkpoint.weights) {
      network.setWeight(name, values);
    }
    return new Generator(checkpoint, network);
  }

  /** Frees the network. */
  [Symbol.dispose](): void {
    this.#network.dispose();
  }

  /**
   * Makes a piece.
   *
   * @throws {RangeError} When no token is left that may come next, or the
   * options make no sense.
   */
  async generate(options: GenerationOptions = {}): Promise<GeneratedPiece> {
    const { vocabulary, corpus } = this.checkpoint;
    const isRemi = corpus.tokenizer === "remi";
    const random = new Random(options.randomSeed ?? 1);
    const head = options.seed ??
      (isRemi
        ? attributeTokens(options.attributes ?? {})
        : [random.pick(vocabulary.toJSON())]);
    if (head.length === 0) {
      throw new RangeError(
        "Cannot go on from the seed: it has no tokens. Choose a passage with notes in it.",
      );
    }
    const replaced = new Map<string, string>();
    const known = head.map((token) => {
      if (vocabulary.has(token)) return token;
      const nearest = nearestToken(token, vocabulary.toJSON());
      replaced.set(token, nearest);
      return nearest;
    });
    const grammar = isRemi
      ? new RemiGrammar(
        vocabulary,
        corpus.tokenizerOptions,
        { ...options.constraints, bars: options.bars },
      )
      : undefined;
    const guard = new RepetitionGuard();
    const ids = [...vocabulary.encode(known)];
    for (const id of ids) {
      grammar?.push(id);
      guard.push(id);
    }
    const started = performance.now();
    const nats = await this.#draw(ids, grammar, guard, random, options);
    const seconds = (performance.now() - started) / 1000;
    const drawn = ids.length - known.length;
    const tokens = vocabulary.decode(
      options.keepSeed ?? true ? ids : ids.slice(known.length),
    );
    return {
      sequence: isRemi
        ? new RemiTokenizer(corpus.tokenizerOptions).decode(tokens)
        : decodeChords(tokens, corpus.style as ChordStyle, random),
      tokens,
      seedLength: tokens.length - drawn,
      natsPerToken: drawn === 0 ? 0 : nats / drawn,
      replaced,
      tokensPerSecond: drawn / seconds,
    };
  }

  /** Draws ids onto the end of `ids`; returns the sum of their nats. */
  async #draw(
    ids: number[],
    grammar: RemiGrammar | undefined,
    guard: RepetitionGuard,
    random: Random,
    options: GenerationOptions,
  ): Promise<number> {
    const { vocabulary, corpus } = this.checkpoint;
    const { bars, onProgress } = options;
    const style = corpus.style as ChordStyle;
    const {
      maxTokens = !grammar && bars
        ? Math.round(bars * tokensPerBar(style)) - ids.length
        : MAX_TOKENS[corpus.tokenizer],
    } = options;
    const sampler = new Sampler(vocabulary.size);
    const mask = new Uint8Array(vocabulary.size);
    let nats = 0, told = performance.now();
    let logits = this.#feedAll(ids);
    for (let drawn = 0; drawn < maxTokens && !grammar?.ended; drawn++) {
      if (grammar) grammar.mask(mask);
      else mask.fill(1);
      guard.restrict(mask);
      const id = sampler.sample(logits, random, { ...options, mask });
      nats += sampler.nats;
      ids.push(id);
      guard.push(id);
      grammar?.push(id);
      logits = this.#feed(ids);
      if (performance.now() - told > 200) {
        onProgress?.(drawn, grammar?.bar ?? 0);
        await new Promise((resolve) => setTimeout(resolve));
        told = performance.now();
      }
    }
    return nats;
  }

  #feedAll(ids: readonly number[]): Float32Array {
    if (this.checkpoint.config.objective === "last") return this.#feed(ids);
    this.#stream.reset();
    let logits!: Float32Array;
    for (const id of ids) logits = this.#stream.next(this.#input(id));
    return logits;
  }

  /** Logits of the next token, the last of `ids` being new. */
  #feed(ids: readonly number[]): Float32Array {
    const { objective, sequenceLength, input } = this.checkpoint.config;
    if (objective === "every") {
      return this.#stream.next(this.#input(ids[ids.length - 1]));
    }
    // Such a model has only ever seen windows from their beginning.
    const window = ids.slice(-sequenceLength);
    const inputs = window.map((id) => this.#input(id));
    return this.#network.predict({
      size: 1,
      steps: window.length,
      inputs: input === "onehot"
        ? Int32Array.from(inputs)
        : Float32Array.from(inputs),
    });
  }

  #input(id: number): number {
    const { config, vocabulary } = this.checkpoint;
    return config.input === "onehot" ? id : id / vocabulary.size;
  }
}
