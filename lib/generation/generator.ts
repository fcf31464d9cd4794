/**
 * New music from a trained model: a seed passage or a head of attributes is fed
 * to the network, then tokens are drawn one at a time from its carried state
 * and decoded to notes. What a piece is made of is in `generation/`: its seed,
 * its form, the drawing of a section, what leads it to what was asked.
 */
import {
  type Attributes,
  attributeTokens,
  type NoteSequence,
} from "../music/music.ts";
import type { Checkpoint } from "../model/model.ts";
import { type ChordStyle, decodeChords } from "../tokens/chord/chord.ts";
import { drawChords } from "./chords.ts";
import { Drawing, type DrawnSection } from "./drawing.ts";
import { type FormSection, formSection, planForm } from "./form.ts";
import { Reader } from "./reader.ts";
import { drawForm } from "./sections.ts";
import type { Targets } from "./steering.ts";
import { Random } from "../base/base.ts";
import {
  type RemiConstraints,
  RemiDecoder,
  RemiTokenizer,
} from "../tokens/remi/remi.ts";
import { type SamplingOptions, surprise } from "./sampling.ts";
import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";

/** What a piece is to be. */
export interface GenerationOptions
  extends Pick<SamplingOptions, "temperature" | "topK" | "topP" | "minP"> {
  /** Decides every draw. @default 1 */
  readonly randomSeed?: number;
  /**
   * Tokens that the piece goes on from, see {@linkcode seedFrom}; REMI's begin
   * with their attributes.
   * @default none
   */
  readonly seed?: readonly string[];
  /** Length in bars, the seed included; of chords, about so many. */
  readonly bars?: number;
  /** REMI: what is asked of the piece, where no seed tells. @default any */
  readonly attributes?: Attributes;
  /** REMI: what is held to whatever is drawn. @default nothing */
  readonly constraints?: RemiConstraints;
  /** REMI: what the piece as a whole is led towards. @default nothing */
  readonly targets?: Targets;
  /**
   * REMI: sections, `bars` long together; the first one has the seed in it.
   * @default one section; {@linkcode planForm}'s where nothing is asked
   */
  readonly form?: readonly FormSection[];
  /**
   * REMI: how the last bar ends: as it comes, closing on the tonic, or leading
   * back into the first.
   * @default "open"
   */
  readonly ending?: "open" | "closed" | "loop";
  /** REMI: of how many drafts of each section the best is taken. @default 1 */
  readonly attempts?: number;
  /**
   * Strength of a `PieceCache`, with which a piece takes up what it has played
   * before; less strength hears more in it. 0 for none.
   * @default 0
   */
  readonly cache?: number;
  /** Most tokens drawn. @default 200 of chords, 6000 of REMI of no set length */
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
  /** Mean nats of the tokens drawn and kept, by the model's own distribution. */
  readonly natsPerToken: number;
  readonly tokensPerSecond: number;
}

/** Tokens less likely than the rest of this are not drawn. */
const TOP_P = 0.9;
/** A piece may be so many times as dense as the training piece it is like. */
const DENSITY_MARGIN = 1.4;

/** Most tokens of a piece that may end when it likes. */
const MAX_TOKENS = 6000;
/** Bars of a section of a stream. */
const STREAM_SECTION_BARS = 8;

/**
 * A trained model, ready to make pieces.
 *
 * ```ts ignore
 * using generator = await Generator.open(await loadBest(folder));
 * const { sequence } = await generator.generate({ randomSeed: 7 });
 * ```
 */
export class Generator {
  readonly checkpoint: Checkpoint;
  readonly #reader: Reader;

  private constructor(checkpoint: Checkpoint, reader: Reader) {
    this.checkpoint = checkpoint;
    this.#reader = reader;
  }

  /** Lays out the network of a checkpoint for one sequence. */
  static async open(checkpoint: Checkpoint): Promise<Generator> {
    return new Generator(checkpoint, await Reader.open(checkpoint));
  }

  /** Frees the network. */
  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
  }

  /**
   * Makes a piece.
   *
   * @throws {RangeError} When no token is left that may come next, or the
   * options make no sense.
   */
  async generate(options: GenerationOptions = {}): Promise<GeneratedPiece> {
    requirePositive("bars", options.bars);
    requirePositive("maxTokens", options.maxTokens);
    if (options.seed?.length === 0) {
      throw new RangeError(
        "Cannot go on from the seed: it has no tokens. Choose a passage with notes in it.",
      );
    }
    const random = new Random(options.randomSeed ?? 1);
    options = this.#likeTraining(options, random);
    const started = performance.now();
    const made = this.checkpoint.corpus.tokenizer === "remi"
      ? await this.#drawRemi(options, random)
      : await drawChords(this.checkpoint, this.#reader, options, random);
    const seconds = (performance.now() - started) / 1000;
    return {
      sequence: this.#decode(made.tokens, random),
      tokens: made.tokens,
      seedLength: made.seedLength,
      natsPerToken: made.natsPerToken,
      tokensPerSecond: made.drawn / seconds,
    };
  }

  /**
   * Goes on for ever, section after section of eight bars: a rondo, A A′ B A C
   * A′ D A …, of which only A is remembered. Memory stays flat.
   *
   * @param options As of a piece; `constraints.qpm` and `.meter` are those of
   * the first bar throughout.
   * @returns Sections, each a piece of its own.
   * @throws {RangeError} If the model's tokens are not REMI.
   */
  async *stream(
    options: Omit<
      GenerationOptions,
      "bars" | "form" | "ending" | "seed" | "maxTokens"
    > = {},
  ): AsyncGenerator<NoteSequence, never> {
    const { vocabulary, corpus } = this.checkpoint;
    if (corpus.tokenizer !== "remi") {
      throw new RangeError(
        "Cannot stream: the model's chord tokens know no bars. Train one on REMI tokens.",
      );
    }
    const head = [
      ...vocabulary.encode(attributeTokens(options.attributes ?? {})),
    ];
    const barId = vocabulary.id("Bar"), endId = vocabulary.id("End");
    const random = new Random(options.randomSeed ?? 1);
    const drawing = this.#drawing(head, options, random, Infinity);
    const decoder = new RemiDecoder(vocabulary, corpus.tokenizerOptions);
    let first: DrawnSection["bars"] | undefined;
    // A generator keeps its locals while it waits; a function lets them go.
    const drawSection = async (index: number) => {
      const { repeats, bars, distance } = formSection(
        index,
        Infinity,
        STREAM_SECTION_BARS,
      );
      const template = repeats === undefined ? undefined : first;
      const section = await drawing.best(
        { bars, template, distance },
        template ? 1 : options.attempts ?? 1,
      );
      first ??= section.bars;
      const [opening, ...others] = section.bars;
      return decoder.decode(head.concat(
        barId,
        section.header,
        opening,
        ...others.flatMap((bar) => [barId, bar]),
        endId,
      ));
    };
    for (let i = 0;; i++) yield await drawSection(i);
  }

  /**
   * A piece with a share of its notes drawn anew, in the old rhythm and near the
   * old pitches.
   *
   * @param tokens Of the whole piece, see {@linkcode encodeFor}.
   * @param distance Share of the notes that are drawn anew, 0–1.
   * @throws {RangeError} If the distance is not from 0 to 1, or the tokens are
   * not REMI.
   */
  async vary(
    tokens: readonly string[],
    distance: number,
    options: Omit<GenerationOptions, "seed" | "bars" | "form" | "ending"> = {},
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
    const drawing = this.#drawing(head, options, random, Infinity);
    const made = await drawing.section({
      bars: bars.length,
      template: bars,
      distance,
    });
    const varied = this.#tokens(head, made.bars, true);
    return {
      sequence: this.#decode(varied, random),
      tokens: varied,
      seedLength: head.length,
      natsPerToken: made.nats / Math.max(1, drawing.drawn),
      tokensPerSecond: drawing.drawn / (performance.now() - started) * 1000,
    };
  }

  /**
   * How much each token of a piece surprises the model, in nats, predicted from
   * all before it.
   *
   * @returns As many as there are ids; the first, which nothing predicts, 0.
   */
  surprises(ids: ArrayLike<number>): Float64Array {
    const nats = new Float64Array(ids.length);
    this.#reader.reset(ids[0]);
    for (let i = 0; i < ids.length - 1; i++) {
      nats[i + 1] = surprise(this.#reader.read(ids[i]), ids[i + 1]);
    }
    return nats;
  }

  /**
   * The options, with a training piece's head where nothing is asked at all, and
   * led towards that piece's density and parts: left alone, the model drops both.
   */
  #likeTraining(options: GenerationOptions, random: Random): GenerationOptions {
    const { heads } = this.checkpoint.corpus;
    const { seed, attributes, constraints } = options;
    if (!heads || seed || attributes || constraints) return options;
    const head = random.pick(heads);
    const { bars: itsBars, ...rest } = head.constraints;
    const bars = options.bars ?? itsBars;
    return {
      ...options,
      topP: options.topP ?? TOP_P,
      attributes: head.attributes,
      constraints: rest,
      targets: options.targets ?? {
        programs: rest.programs,
        kits: rest.kits,
        ...head.density > 0 &&
          { density: [head.density, DENSITY_MARGIN * head.density] },
      },
      bars,
      form: options.form ?? planForm(bars),
    };
  }

  #drawing(
    head: readonly number[],
    options: GenerationOptions,
    random: Random,
    maxTokens: number,
  ): Drawing {
    const { onProgress } = options;
    let told = performance.now();
    return new Drawing(this.checkpoint, this.#reader, head, {
      ...options,
      random,
      maxTokens,
      onToken: (drawn, bar) => {
        // A clock is slow to read.
        if (drawn % 16 > 0 || performance.now() - told < 200) return;
        onProgress?.(drawn, bar);
        told = performance.now();
        return new Promise((resolve) => setTimeout(resolve));
      },
    });
  }

  async #drawRemi(options: GenerationOptions, random: Random) {
    const { vocabulary } = this.checkpoint;
    const { bars = Infinity, ending = "open", attempts = 1 } = options;
    const { form = [{ name: "A", bars }] } = options;
    const [head, given] = options.seed
      ? splitBars(vocabulary, options.seed)
      : splitBars(vocabulary, attributeTokens(options.attributes ?? {}));
    const { maxTokens = bars === Infinity ? MAX_TOKENS : Infinity } = options;
    const drawing = this.#drawing(head, options, random, maxTokens);
    if (given.length > 0) {
      drawing.give(given.flatMap((bar) => [vocabulary.id("Bar"), ...bar]));
    }
    const made = await drawForm(drawing, given, { form, ending, attempts });
    if (made.bars.length === 0) {
      throw new RangeError(
        `Cannot generate a piece: ${maxTokens} tokens are too few for its first bar. Raise maxTokens.`,
      );
    }
    return {
      tokens: this.#tokens(head, made.bars, made.whole),
      seedLength: options.seed?.length ?? head.length,
      drawn: drawing.drawn,
      natsPerToken: made.nats / Math.max(1, made.drawn),
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

  #decode(tokens: readonly string[], random: Random): NoteSequence {
    const { corpus } = this.checkpoint;
    return corpus.tokenizer === "remi"
      ? new RemiTokenizer(corpus.tokenizerOptions).decode(tokens)
      : decodeChords(tokens, corpus.style as ChordStyle, random);
  }
}

/** The ids before the first bar, and those of each bar, without `Bar` or `End`. */
function splitBars(
  vocabulary: Vocabulary,
  tokens: readonly string[],
): [number[], number[][]] {
  const bar = vocabulary.id("Bar"), end = vocabulary.id("End");
  const head: number[] = [], bars: number[][] = [];
  for (const id of vocabulary.encode(tokens)) {
    if (id === bar) bars.push([]);
    else if (id !== end) (bars.at(-1) ?? head).push(id);
  }
  return [head, bars];
}

function requirePositive(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value > 0)) return;
  throw new RangeError(
    `Cannot generate a piece: ${name} must be a positive integer, current value is ${value}.`,
  );
}
