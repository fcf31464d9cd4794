/**
 * Makes new music with a trained model: the network reads a seed or the attributes
 * of a piece, then tokens are sampled one at a time and decoded to notes.
 */

import { Random, Turns } from "../base/base.ts";
import { NO_PLAN, planOf } from "../context/context.ts";
import {
  attributeTokens,
  type NoteSequence,
  type PieceSpec,
  withPedal,
} from "../music/music.ts";
import type { Checkpoint } from "../model/model.ts";
import { decodeChords } from "../tokens/chord/chord.ts";
import {
  RemiAlphabet,
  RemiDecoder,
  RemiTokenizer,
} from "../tokens/remi/remi.ts";
import { sampleChords } from "./chords.ts";
import {
  type GeneratedPiece,
  type GeneratedSections,
  type GenerationOptions,
  type InfillOptions,
  requirePositive,
  type SectionedOptions,
  type VariationOptions,
} from "./options.ts";
import { samplePiece } from "./piece_sampler.ts";
import { sampleSections } from "./sections.ts";
import { infillAround, type Infilling } from "./infill.ts";
import { Reader } from "./reader.ts";
import { surprise } from "./sampling.ts";
import { samplerOf } from "./progress.ts";
import { streamSections, streamStretches } from "./stream.ts";
import { planStretches, Span } from "./stretches.ts";
import { splitBars } from "./split_bars.ts";
import type { Surroundings } from "./surroundings.ts";
import { TokenWriter } from "./token_writer.ts";
import { copyProfile } from "./unprompted.ts";
import { mostUsual } from "./usual.ts";

/** Most tokens of a piece of no set length. */
const MAX_TOKENS = 6000;

/**
 * A trained model, ready to make pieces.
 *
 * ```ts ignore
 * using generator = await Generator.open(await loadBest(folder));
 * const { sequence } = await generator.generate({ randomSeed: 7 });
 * ```
 */
export class Generator {
  /** The model. */
  readonly checkpoint: Checkpoint;
  readonly #reader: Reader;
  readonly #span: Span;

  private constructor(checkpoint: Checkpoint, reader: Reader) {
    this.checkpoint = checkpoint;
    this.#span = new Span(checkpoint.corpus.profiles);
    this.#reader = reader;
  }

  /** Builds the network of a checkpoint. */
  static async open(checkpoint: Checkpoint): Promise<Generator> {
    return new Generator(checkpoint, await Reader.open(checkpoint));
  }

  /** Frees the network. */
  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
  }

  /**
   * Makes a piece. Without a seed, attributes and constraints it copies the
   * profile of a training piece. If no length is asked either, a draft whose
   * density, pitch range or polyphony is outside of what is usual in the corpus is
   * sampled anew ({@linkcode mostUsual}).
   *
   * @throws {RangeError} If no token is left that may come next, or the options
   * make no sense.
   */
  async generate(options: GenerationOptions = {}): Promise<GeneratedPiece> {
    requirePositive("bars", options.bars);
    requirePositive("maxTokens", options.maxTokens);
    const { tokenizer, profiles } = this.checkpoint.corpus;
    if (options.seed?.length === 0) {
      throw new RangeError(
        `Cannot go on from the seed: it has no tokens. Choose a passage with ${
          tokenizer === "chord"
            ? "pitched notes: chord tokens say nothing of drums. Or take a run of REMI tokens."
            : "notes in it."
        }`,
      );
    }
    const random = new Random(options.randomSeed ?? 1);
    const { seed, attributes, constraints } = options;
    const isFree = !seed && !attributes && !constraints;
    if (!isFree || !profiles) return await this.#generate(options, random);
    const spec = { ...options, ...copyProfile(options, profiles, random) };
    const draft = () => this.#generate(spec, random);
    const isLimited = options.bars !== undefined ||
      options.maxTokens !== undefined;
    return await (isLimited ? draft() : mostUsual(draft, profiles));
  }

  async #generate(
    spec: GenerationOptions,
    random: Random,
  ): Promise<GeneratedPiece> {
    const started = performance.now();
    const made = this.checkpoint.corpus.tokenizer === "remi"
      ? await this.#sampleRemi(spec, random)
      : await sampleChords(this.checkpoint, this.#reader, spec, random);
    const seconds = (performance.now() - started) / 1000;
    return {
      sequence: this.#decode(made.tokens, random, !spec.chords),
      tokens: made.tokens,
      seedLength: made.seedLength,
      natsPerToken: made.natsPerToken,
      tokensPerSecond: made.sampled / seconds,
    };
  }

  /**
   * Makes a piece of several sections, each with its own key, tempo, meter,
   * instruments and targets, and each going on from the one before.
   *
   * @throws {RangeError} If no section is asked for, the vocabulary cannot meet the
   * constraints of one, or the model's tokens are not REMI.
   */
  async generateSections(
    options: SectionedOptions,
  ): Promise<GeneratedSections> {
    const { vocabulary, corpus } = this.checkpoint;
    const [first] = options.sections;
    if (corpus.tokenizer !== "remi" || !first) {
      throw new RangeError(
        first
          ? "Cannot make sections: the model's chord tokens know no bars. Train one on REMI tokens."
          : "Cannot make sections: none is asked for.",
      );
    }
    const started = performance.now();
    const random = new Random(options.randomSeed ?? 1);
    const headOf = (spec: PieceSpec) => this.#headOf(spec);
    const writer = this.#writer(headOf(first.drafts[0]!.spec), {}, random);
    const made = await sampleSections(
      options.sections,
      {
        writer,
        sampler: samplerOf(writer, options),
        span: this.#span,
        ending: options.ending,
        headOf,
        draftTokens: options.draftTokens ?? Infinity,
        missed: options.missed ?? (() => 0),
        decode: (ids, { chords }) => {
          const tokens = [...vocabulary.decode(ids), "End"];
          return { tokens, sequence: this.#decode(tokens, random, !chords) };
        },
      },
    );
    return {
      sections: made.sections,
      natsPerToken: made.nats / Math.max(1, made.sampled),
      tokensPerSecond: writer.sampled / (performance.now() - started) * 1000,
    };
  }

  /**
   * Makes music without end, in sections of eight bars. Every few sections the
   * network hears a few bars as if the music began with them, by turns the theme,
   * which are the first ones, and the last ones: A A′ B A″ C …. Nothing else is
   * remembered, so memory stays flat and the music does not drift.
   *
   * @param options As for a piece; its length, ending and seed are ignored. A
   * function is called before each section, and where it gives another value than
   * before, the section is made for that, going on from the last bars.
   * @returns Sections, each a piece of its own.
   * @throws {RangeError} If the model's tokens are not REMI.
   */
  async *stream(
    options: GenerationOptions | (() => GenerationOptions) = {},
  ): AsyncGenerator<NoteSequence, never> {
    const { vocabulary, corpus } = this.checkpoint;
    if (corpus.tokenizer !== "remi") {
      throw new RangeError(
        "Cannot stream: the model's chord tokens know no bars. Train one on REMI tokens.",
      );
    }
    const asked = typeof options === "function" ? options : () => options;
    const first = asked();
    const { theme } = this.#span;
    const bars = streamStretches(this.#span).outer + theme;
    const random = new Random(first.randomSeed ?? 1);
    const writer = this.#writer(this.#headOf(first), first, random, bars);
    const decoder = new RemiDecoder(vocabulary, corpus.tokenizerOptions);
    return yield* streamSections(asked, {
      writer,
      sampler: samplerOf(writer, first),
      span: this.#span,
      headOf: (spec) => this.#headOf(spec),
      decode: (ids) => decoder.decode(ids),
    });
  }

  /**
   * Makes a variation of a piece: a share of its notes is sampled anew, in the old
   * rhythm and near the old pitches.
   *
   * @param tokens Of the whole piece, see `readVariation`.
   * @param distance Share of the notes that are sampled anew, 0–1.
   * @param options As for a piece; its length, ending and seed are ignored.
   * @throws {RangeError} If the distance is not from 0 to 1, or the tokens are
   * not REMI.
   */
  async vary(
    tokens: readonly string[],
    distance: number,
    options: VariationOptions = {},
  ): Promise<GeneratedPiece> {
    if (!(distance >= 0 && distance <= 1)) {
      throw new RangeError(
        `Cannot vary a piece: the distance must be from 0 to 1, current value is ${distance}.`,
      );
    }
    const { vocabulary, corpus } = this.checkpoint;
    if (corpus.tokenizer !== "remi" || tokens.length === 0) {
      throw new RangeError(
        tokens.length === 0
          ? "Cannot vary a piece: it has no notes. Choose another one."
          : "Cannot vary a piece with chord tokens: they know no rhythm. Train a model on REMI tokens.",
      );
    }
    const started = performance.now();
    const random = new Random(options.randomSeed ?? 1);
    const [head, bars] = splitBars(vocabulary, tokens);
    const writer = this.#writer(head, options, random, bars.length);
    const { onProgress, mayRestrike } = options;
    const made = await samplerOf(writer, { onProgress }).section({
      mayRestrike,
      bars: bars.length,
      template: bars,
      distance,
    });
    const varied = this.#tokens(head, made.bars, true);
    return {
      sequence: this.#decode(varied, random),
      tokens: varied,
      seedLength: head.length,
      natsPerToken: made.nats / Math.max(1, writer.sampled),
      tokensPerSecond: writer.sampled / (performance.now() - started) * 1000,
    };
  }

  /**
   * Samples drafts of bars between others, of all instruments or of some among the
   * notes of the others.
   *
   * @param options As for a piece; its length, ending and seed are ignored. Targets
   * are those of the sampled notes, which the other options limit too.
   * @throws {RangeError} If no token is left that may come next.
   */
  async infill(
    around: Surroundings,
    options: InfillOptions,
  ): Promise<Infilling[]> {
    const random = new Random(options.randomSeed ?? 1);
    return await infillAround(
      around,
      options,
      this.checkpoint,
      ({ head, bars, spec }) => this.#writer(head, spec, random, bars),
    );
  }

  /**
   * Predicts each token of a piece from all before it, and tells how much each
   * surprises the model, in nats.
   *
   * @returns One for each id; 0 for the first, which nothing predicts.
   * @throws {Stopped} If it is asked to stop.
   */
  async surprises(ids: ArrayLike<number>): Promise<Float64Array> {
    const nats = new Float64Array(ids.length);
    if (ids.length === 0) return nats;
    const { vocabulary, corpus } = this.checkpoint;
    const plan = corpus.tokenizer === "remi"
      ? planOf(ids, RemiAlphabet.of(vocabulary))
      : NO_PLAN;
    this.#reader.reset(ids[0]!, 0, plan);
    const turns = new Turns();
    for (let i = 0; i < ids.length - 1; i++) {
      nats[i + 1] = surprise(this.#reader.read(ids[i]!), ids[i + 1]!);
      if (i % 16 === 0) await turns.give();
    }
    return nats;
  }

  /** Ids of the attributes of a spec. */
  #headOf({ attributes = {} }: PieceSpec): number[] {
    return [...this.checkpoint.vocabulary.encode(attributeTokens(attributes))];
  }

  #writer(
    head: readonly number[],
    { cache, ...spec }: GenerationOptions,
    random: Random,
    bars = Infinity,
  ): TokenWriter {
    return new TokenWriter({
      checkpoint: this.checkpoint,
      reader: this.#reader,
      head,
      spec,
      random,
      bars,
      ...cache !== undefined && { cache },
    });
  }

  async #sampleRemi(options: GenerationOptions, random: Random) {
    const { vocabulary } = this.checkpoint;
    const { bars = Infinity, ending } = options;
    const [head, given] = splitBars(
      vocabulary,
      options.seed ?? attributeTokens(options.attributes ?? {}),
    );
    const { maxTokens = bars === Infinity ? MAX_TOKENS : Infinity } = options;
    const stretches = bars <= given.length ? [] : planStretches(
      bars - given.length,
      this.#span,
      ending === "loop",
    );
    const [first] = stretches;
    const planned = given.length + (first ? first.bars + first.ahead : 0);
    const writer = this.#writer(head, options, random, planned);
    if (given.length > 0) {
      writer.give(given.flatMap((bar) => [vocabulary.id("Bar"), ...bar]));
    }
    const made = await samplePiece(
      samplerOf(writer, { ...options, maxTokens }),
      given,
      { stretches, ending, span: this.#span },
    );
    if (made.bars.length === 0) {
      throw new RangeError(
        `Cannot generate a piece: ${maxTokens} tokens are too few for its first bar. Raise maxTokens.`,
      );
    }
    return {
      tokens: this.#tokens(head, made.bars, made.whole),
      seedLength: options.seed?.length ?? head.length,
      sampled: writer.sampled,
      natsPerToken: made.nats / Math.max(1, made.sampled),
    };
  }

  #tokens(
    head: readonly number[],
    bars: readonly (readonly number[])[],
    whole: boolean,
  ): string[] {
    const { vocabulary } = this.checkpoint;
    return [
      ...vocabulary.decode(head),
      ...bars.flatMap((bar) => ["Bar", ...vocabulary.decode(bar)]),
      ...whole ? ["End"] : [],
    ];
  }

  /** Notes of tokens; without a pedal keys are held as long as notes are heard. */
  #decode(
    tokens: readonly string[],
    random: Random,
    hasPedal = true,
  ): NoteSequence {
    const { corpus } = this.checkpoint;
    if (corpus.tokenizer !== "remi") {
      return decodeChords(tokens, corpus.style, random);
    }
    const heard = new RemiTokenizer(corpus.tokenizerOptions).decode(tokens);
    return hasPedal ? withPedal(heard) : heard;
  }
}
