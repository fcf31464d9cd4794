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
import { parseMidi } from "./midi.ts";
import type { Stream } from "./lstm/stream.ts";
import {
  barStarts,
  type NoteSequence,
  secondsToTicks,
  sliceSequence,
} from "./note_sequence.ts";
import { frameOf, type TonicFrame } from "./tonic.ts";
import type { GenerationPlan } from "./prompt.ts";
import { Random } from "./random.ts";
import type { RemiConstraints } from "./remi_constraints.ts";
import { RemiGrammar } from "./remi_grammar.ts";
import { RemiTokenizer } from "./remi_tokenizer.ts";
import { binTempo, parseToken, tokensOfTypes } from "./remi_tokens.ts";
import {
  RepetitionGuard,
  Sampler,
  type SamplingOptions,
  surprise,
} from "./sampling.ts";

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
  readonly tokensPerSecond: number;
}

/** Most bars of a passage that a piece goes on from. */
const SEED_BARS = 4;

/** Bars that a seed may have in a piece of so many. */
function seedBarsFor(bars: number): number {
  if (!(bars >= 2)) {
    throw new RangeError(
      `Cannot go on from a seed: the piece must have at least 2 bars, current value is ${bars}.`,
    );
  }
  return Math.min(SEED_BARS, bars - 1);
}

/** A passage to go on from. */
export interface Seed {
  readonly tokens: readonly string[];
  /** What the model does not know, and what stands in for it. */
  readonly replaced: ReadonlyMap<string, string>;
}

/**
 * The beginning of a piece as a seed that the model understands: what it does
 * not know is replaced by the nearest that it does.
 *
 * @param bytes Of a MIDI file.
 * @param file Its name, for errors.
 * @param bars Of the whole piece: the seed leaves room for what is new.
 * @throws {RangeError} When nothing the model knows is near, or the piece is too
 * short to go on.
 */
export function seedFrom(
  { corpus, config, vocabulary }: Checkpoint,
  bytes: Uint8Array,
  file?: string,
  bars = Infinity,
): Seed {
  const seedBars = seedBarsFor(bars);
  const replaced = new Map<string, string>();
  const known = vocabulary.toJSON();
  const stand = (token: string, nearest: () => string): string => {
    if (vocabulary.has(token)) return token;
    const chosen = replaced.get(token) ?? nearest();
    replaced.set(token, chosen);
    return chosen;
  };
  if (corpus.tokenizer === "chord") {
    const tokens = new ChordTokenizer().encodeFile(bytes, file)
      .slice(0, config.sequenceLength)
      .map((token) => stand(token, () => nearestToken(token, known)));
    return { tokens, replaced };
  }
  const nearest = (token: string) =>
    stand(token, () => nearestRemiToken(token, known));
  const number = (token: string) => Number(parseToken(nearest(token)).value);
  const sequence = parseMidi(bytes, file);
  const end = barStarts(sequence)[seedBars] ??
    sequence.totalTicks;
  const passage = sliceSequence(sequence, 0, end);
  // Instruments, places in the bar, pitches and tempi are replaced in the music,
  // for the order of tokens follows from them.
  const { stepsPerQuarter } =
    new RemiTokenizer(corpus.tokenizerOptions).options;
  const step = passage.ticksPerQuarter / stepsPerQuarter;
  const barLines = barStarts(passage);
  const adapted: NoteSequence = {
    ...passage,
    parts: passage.parts.map((part) =>
      part.isDrum
        ? part
        : { ...part, program: number(`Program_${part.program}`) }
    ),
    notes: passage.notes.map((note) => {
      const type = passage.parts[note.part].isDrum ? "Drum" : "Pitch";
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
    tempos: passage.tempos.map(({ ticks, qpm }) => ({
      ticks,
      qpm: number(`Tempo_${binTempo(qpm)}`),
    })),
  };
  const tokens = new RemiTokenizer(corpus.tokenizerOptions).encode(adapted)
    // The piece goes on: its length is open, and it has not ended.
    .slice(0, -1).map((token) =>
      nearest(token.startsWith("LengthBars_") ? "LengthBars_any" : token)
    );
  return { tokens, replaced };
}

/**
 * The beginning of a training piece as a seed.
 *
 * @param ids Of the whole piece.
 * @param bars Of the piece to be made, as in {@linkcode seedFrom}.
 */
export function seedFromPiece(
  { corpus, config, vocabulary }: Checkpoint,
  ids: ArrayLike<number>,
  bars = Infinity,
): Seed {
  const seedBars = seedBarsFor(bars);
  const tokens = vocabulary.decode(Array.from(ids));
  const replaced = new Map<string, string>();
  if (corpus.tokenizer === "chord") {
    return { tokens: tokens.slice(0, config.sequenceLength), replaced };
  }
  const barTokens = tokens.flatMap((token, i) => token === "Bar" ? [i] : []);
  const end = barTokens[seedBars] ?? tokens.length - 1;
  const open = tokens.slice(0, end).map((token) =>
    token.startsWith("LengthBars_") ? "LengthBars_any" : token
  );
  return { tokens: open, replaced };
}

/** The known REMI token of the same type with the nearest number. */
function nearestRemiToken(token: string, known: readonly string[]): string {
  const { type, value } = parseToken(token);
  const distance = (other: string) => {
    const apart = Math.abs(Number(parseToken(other).value) - Number(value));
    // Another octave of the same note is nearer than another note.
    const otherNote = type === "Pitch" && apart % 12 !== 0;
    return Number.isNaN(apart) ? Infinity : apart + (otherNote ? 128 : 0);
  };
  const same = known.filter((other) => parseToken(other).type === type);
  if (same.length === 0) {
    throw new RangeError(
      `Cannot go on from the seed: it has a ${token}, and the model knows no ${type} at all. Choose another seed.`,
    );
  }
  return same.reduce((best, other) =>
    distance(other) < distance(best) ? other : best
  );
}

/**
 * A piece as a prompt wants it where the model could only come near: its exact
 * tempo, its instruments, its exact length.
 */
export function finishPiece(
  sequence: NoteSequence,
  { qpm, programs, exactSeconds }: Pick<
    GenerationPlan,
    "qpm" | "programs" | "exactSeconds"
  >,
): NoteSequence {
  const played: NoteSequence = {
    ...sequence,
    tempos: qpm === undefined ? sequence.tempos : [{ ticks: 0, qpm }],
    parts: sequence.parts.map((part) =>
      part.isDrum
        ? part
        : { ...part, program: programs.get(part.program) ?? part.program }
    ),
  };
  if (exactSeconds === undefined) return played;
  const totalTicks = Math.round(secondsToTicks(played, exactSeconds));
  const notes = played.notes.filter(({ startTicks }) => startTicks < totalTicks)
    .map((note) => ({
      ...note,
      endTicks: Math.min(note.endTicks, totalTicks),
    }));
  return { ...played, notes, totalTicks };
}

/** REMI tokens that make a bar the same bar when heard again. */
const HEARD = ["Bar", "Position", "Program", "Kit", "Pitch", "Drum"] as const;

/** Tokens less likely than the rest of this are not drawn. */
const TOP_P = 0.95;

const MAX_TOKENS = { chord: 200, remi: 6000 } as const;

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
  readonly #network: Network;
  readonly #stream: Stream;
  readonly #frame?: TonicFrame;
  /** How ids go in, and logits come out, of a piece in this key. */
  #table?: Int32Array;

  private constructor(checkpoint: Checkpoint, network: Network) {
    this.checkpoint = checkpoint;
    this.#network = network;
    this.#stream = network.stream();
    this.#frame = frameOf({ ...checkpoint, ...checkpoint.corpus });
  }

  /** Lays out the network of a checkpoint for one sequence. */
  static async open(checkpoint: Checkpoint): Promise<Generator> {
    const { objective, sequenceLength } = checkpoint.config;
    const network = await Network.create(networkOf(checkpoint), {
      maxBatch: 1,
      maxSteps: objective === "last" ? sequenceLength : 1,
      workers: 1,
    });
    network.setWeights(checkpoint.weights);
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
    options = this.#likeTraining(options, random);
    const head = options.seed ??
      (isRemi
        ? attributeTokens(options.attributes ?? {})
        : [random.pick(vocabulary.toJSON())]);
    for (const name of ["bars", "maxTokens"] as const) {
      const value = options[name];
      if (value === undefined || (Number.isInteger(value) && value > 0)) {
        continue;
      }
      throw new RangeError(
        `Cannot generate a piece: ${name} must be a positive integer, current value is ${value}.`,
      );
    }
    if (head.length === 0) {
      throw new RangeError(
        "Cannot go on from the seed: it has no tokens. Choose a passage with notes in it.",
      );
    }
    const grammar = isRemi
      ? new RemiGrammar(
        vocabulary,
        corpus.tokenizerOptions,
        { ...options.constraints, bars: options.bars },
      )
      : undefined;
    // Loudness and length vary where music repeats; they do not count.
    const guard = new RepetitionGuard(
      isRemi ? { counted: tokensOfTypes(vocabulary, HEARD) } : {},
    );
    const ids = [...vocabulary.encode(head)];
    for (const id of ids) {
      grammar?.push(id);
      guard.push(id);
    }
    const started = performance.now();
    const nats = await this.#draw(ids, grammar, guard, random, options);
    const seconds = (performance.now() - started) / 1000;
    const drawn = ids.length - head.length;
    const tokens = vocabulary.decode(ids);
    return {
      sequence: isRemi
        ? new RemiTokenizer(corpus.tokenizerOptions).decode(tokens)
        : decodeChords(tokens, corpus.style as ChordStyle, random),
      tokens,
      seedLength: head.length,
      natsPerToken: drawn === 0 ? 0 : nats / drawn,
      tokensPerSecond: drawn / seconds,
    };
  }

  /** The options, with a training piece's head where nothing is asked at all. */
  #likeTraining(options: GenerationOptions, random: Random): GenerationOptions {
    const { heads } = this.checkpoint.corpus;
    const { seed, attributes, constraints } = options;
    if (!heads || seed || attributes || constraints) return options;
    const head = random.pick(heads);
    const { bars, ...rest } = head.constraints;
    return {
      topP: TOP_P,
      ...options,
      attributes: head.attributes,
      constraints: rest,
      bars: options.bars ?? bars,
    };
  }

  /**
   * How much a piece surprises the model: the sum of nats over its ids from
   * `skip` on, each predicted from all before it.
   */
  lossOf(ids: ArrayLike<number>, skip: number): number {
    const before: number[] = [];
    let nats = 0;
    this.#begin(ids);
    for (let i = 0; i < ids.length - 1; i++) {
      before.push(ids[i]);
      const logits = this.#feed(before);
      if (i + 1 >= skip) nats += surprise(logits, ids[i + 1]);
    }
    return nats;
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
    let nats = 0, told = performance.now(), whole = 0;
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
      if (grammar?.complete ?? true) whole = ids.length;
      logits = this.#feed(ids);
      if (performance.now() - told > 200) {
        onProgress?.(drawn, grammar?.bar ?? 0);
        await new Promise((resolve) => setTimeout(resolve));
        told = performance.now();
      }
    }
    // What was cut off by maxTokens is half a note.
    ids.length = grammar ? whole : ids.length;
    if (ids.length === 0) {
      throw new RangeError(
        `Cannot generate a piece: ${maxTokens} tokens are too few for its first bar. Raise maxTokens.`,
      );
    }
    return nats;
  }

  #feedAll(ids: readonly number[]): Float32Array {
    if (this.checkpoint.config.objective === "last") return this.#feed(ids);
    this.#begin(ids);
    let logits!: Float32Array;
    for (const id of ids) logits = this.#next(id);
    return logits;
  }

  #begin(ids: ArrayLike<number>): void {
    this.#stream.reset();
    this.#table = this.#frame?.tableOf(ids[0]);
  }

  #next(id: number): Float32Array {
    const table = this.#table;
    if (!table) return this.#stream.next(this.#input(id));
    const logits = this.#stream.next(table[id]);
    return logits.map((_, id) => logits[table[id]]);
  }

  /** Logits of the next token, the last of `ids` being new. */
  #feed(ids: readonly number[]): Float32Array {
    const { objective, sequenceLength, input } = this.checkpoint.config;
    if (objective === "every") {
      return this.#next(ids[ids.length - 1]);
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
