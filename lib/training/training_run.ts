/**
 * The training loop, as an async generator of records. Everything random in an
 * epoch follows from the seed and the epoch's number, so that a run resumed
 * from a checkpoint gives bit for bit what it would have given.
 */
import { relative, resolve } from "@std/path";
import { ChordAugmenter } from "../tokens/chord/chord.ts";
import {
  frameOf,
  profilesOf,
  RemiAugmenter,
  TonicFrame,
} from "../tokens/remi/remi.ts";
import {
  bestEpoch,
  type Checkpoint,
  type CorpusInfo,
  type EpochProgress,
  type EpochResult,
  initialWeights,
  listCheckpoints,
  loadLatest,
  ModelInput,
  networkOf,
  pruneCheckpoints,
  saveCheckpoint,
  type Weights,
} from "../model/model.ts";
import { type Config, PROJECT_FOLDER } from "../base/base.ts";
import {
  type Batch,
  batches,
  type Corpus,
  epochRandom,
  makeWindows,
  piecesIn,
  statefulBatches,
} from "../corpus/corpus.ts";
import { type Engine, Network } from "../lstm/lstm.ts";
import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";

/** Token ids to learn from and to be measured on. */
export interface TrainingData extends CorpusInfo {
  readonly vocabulary: Vocabulary;
  readonly train: readonly Int32Array[];
  readonly valid: readonly Int32Array[];
}

/**
 * What a corpus holds for training.
 *
 * @param folder Where it is, for evaluating later.
 */
export function trainingData(corpus: Corpus, folder?: string): TrainingData {
  const inProject = folder && relative(PROJECT_FOLDER, resolve(folder));
  return {
    // Elsewhere is somewhere else on another machine.
    folder: inProject?.startsWith("..") ? undefined : inProject,
    tokenizer: corpus.tokenizer,
    tokenizerOptions: corpus.manifest.tokenizerOptions,
    hash: corpus.hash,
    style: corpus.style,
    heads: corpus.tokenizer === "remi"
      ? profilesOf(
        piecesIn(corpus, "train"),
        corpus.vocabulary,
        corpus.manifest.tokenizerOptions,
      )
      : undefined,
    vocabulary: corpus.vocabulary,
    train: piecesIn(corpus, "train"),
    valid: piecesIn(corpus, "valid"),
  };
}

/** Told a few times a second while an epoch runs. */
export interface StepRecord {
  readonly kind: "step";
  /** The epoch that runs, from 1 on. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done in this epoch, of so many. */
  readonly step: number;
  readonly steps: number;
  /** Mean loss of the epoch so far, in nats per token. */
  readonly loss: number;
  readonly stepsPerSecond: number;
  /** Until the last epoch's end. */
  readonly etaSeconds: number;
}

/** Told at the end of every epoch, when its checkpoint is saved. */
export interface EpochRecord extends EpochResult {
  readonly kind: "epoch";
  readonly epochs: number;
  /** The epoch with the lowest loss so far. */
  readonly bestEpoch: number;
  readonly etaSeconds: number;
  /** Folder of the checkpoint. */
  readonly checkpoint: string;
  /** Whether training ends here because no epoch has been better for long. */
  readonly stoppedEarly: boolean;
}

/** What training tells while it runs. */
export type TrainingRecord = StepRecord | EpochRecord;

/** How a run begins. */
export interface TrainingOptions {
  /** Folder of the run's checkpoints. */
  readonly folder: string;
  readonly data: TrainingData;
  readonly config: Config;
  /**
   * Goes on from the run's latest checkpoint, where it has one, with the
   * configuration that it was begun with.
   * @default false
   */
  readonly resume?: boolean;
  /**
   * The knobs that were asked for. Those of a resumed run must be what they
   * were, but for `epochs`, which may change.
   * @default only the configuration's epochs
   */
  readonly asked?: Partial<Config>;
  /** Threads. @default those of the checkpoint, or the number of cores */
  readonly workers?: number;
  /**
   * From `chooseEngine`; it may change from one part of a run to the next.
   * @default "native" where it works, else "wasm"
   */
  readonly engine?: Engine["name"];
}

/** Milliseconds between two step records, and between two turns of others. */
const RECORD_MILLISECONDS = 250;

/** A training run: its network, its history, and how to go on. */
export class Training {
  readonly config: Config;
  readonly data: TrainingData;
  readonly folder: string;
  readonly network: Network;
  readonly #history: EpochResult[];
  readonly #augmenter?: RemiAugmenter | ChordAugmenter;
  readonly #frame?: TonicFrame;
  readonly #modelInput: ModelInput;
  #epoch: number;
  #step: number;
  #progress?: EpochProgress;
  #stop = false;
  /** Ends {@linkcode run} after so many steps, as {@linkcode stop} does. */
  stopAfterSteps = Infinity;

  private constructor(
    options: TrainingOptions,
    config: Config,
    network: Network,
    from?: Checkpoint,
  ) {
    this.config = config;
    this.data = options.data;
    this.folder = options.folder;
    this.network = network;
    this.#history = [...from?.history ?? []];
    this.#epoch = from?.epoch ?? 0;
    this.#step = from?.step ?? 0;
    this.#progress = from?.progress;
    this.#frame = frameOf({ config, ...this.data });
    this.#modelInput = new ModelInput({ config, ...this.data });
    if (config.augment) {
      const { tokenizer, vocabulary, tokenizerOptions } = this.data;
      this.#augmenter = tokenizer === "remi"
        ? new RemiAugmenter(vocabulary, tokenizerOptions)
        : new ChordAugmenter(vocabulary);
    }
  }

  /**
   * Begins a run, or goes on with one.
   *
   * @throws {RangeError} When a fresh run would overwrite one that is there, or
   * a resumed one was begun with other data.
   */
  static async open(options: TrainingOptions): Promise<Training> {
    const { folder, data } = options;
    const places = await listCheckpoints(folder);
    const from = options.resume ? await loadLatest(places) : undefined;
    if (!options.resume && places.length > 0) {
      throw new RangeError(
        `Cannot begin the run in ${folder}: it has ${places.length} checkpoints already. Resume it (--resume), name another run, or remove the folder.`,
      );
    }
    if (from && from.corpus.hash !== data.hash) {
      throw new RangeError(
        `Cannot resume the run in ${folder}: it was begun with other data. Preprocess the same files in the same way, or begin a new run.`,
      );
    }
    if (from && !from.training) {
      throw new RangeError(
        `Cannot resume the run in ${folder}: its checkpoint was saved for generating only. Begin a new run.`,
      );
    }
    if (data.train.every((piece) => piece.length < 2)) {
      throw new RangeError(
        "Cannot train: no training piece has two tokens. Preprocess more music.",
      );
    }
    const { epochs, ...asked } = options.asked ?? options.config;
    const config = from
      ? { ...from.config, ...epochs !== undefined && { epochs } }
      : options.config;
    for (const [name, value] of Object.entries(options.asked ? asked : {})) {
      const was = config[name as keyof Config];
      if (value === undefined || value === was) continue;
      throw new RangeError(
        `Cannot resume the run in ${folder}: it was begun with ${name} ${was}, ${value} was asked for. Leave it out, or begin a new run.`,
      );
    }
    const spec = networkOf({ config, vocabulary: data.vocabulary });
    const network = await Network.create(spec, {
      maxBatch: config.batchSize,
      maxSteps: config.sequenceLength,
      workers: options.workers ?? from?.workers,
      native: options.engine !== "wasm",
    });
    if (from) {
      const { weights, slots, average, states } = from.training!;
      if (states) network.setStates(config.batchSize, states);
      for (const { name } of network.weights) {
        network.setWeight(name, weights.get(name)!);
        network.slot(name, 0).set(slots[0].get(name)!);
        network.slot(name, 1).set(slots[1].get(name)!);
        network.slot(name, 2).set(average.get(name)!);
      }
    } else {
      network.setWeights(initialWeights(spec, config.seed, config.initial));
      network.startAverage();
    }
    return new Training(options, config, network, from);
  }

  /** Results of the epochs so far. */
  get history(): readonly EpochResult[] {
    return this.#history;
  }

  /** The epoch with the lowest loss so far. */
  get bestEpoch(): number | undefined {
    return bestEpoch(this.#history);
  }

  /** Finished epochs. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Asks {@linkcode run} to end after the current step, with a checkpoint. */
  stop(): void {
    this.#stop = true;
  }

  /** Ends the network's threads. */
  [Symbol.dispose](): void {
    this.network.dispose();
  }

  /** Saves a checkpoint of this moment; returns its folder. */
  async save(): Promise<string> {
    const { network, config } = this;
    const all = (read: (name: string) => Float32Array): Weights =>
      new Map(network.weights.map(({ name }) => [name, read(name)]));
    const weights = all((name) => network.getWeight(name));
    const average = all((name) => network.slot(name, 2));
    const { tokenizer, tokenizerOptions, hash, style, heads } = this.data;
    const checkpoint: Checkpoint = {
      config,
      corpus: {
        tokenizer,
        tokenizerOptions,
        hash,
        folder: this.data.folder,
        style,
        heads,
      },
      vocabulary: this.data.vocabulary,
      epoch: this.#epoch,
      step: this.#step,
      progress: this.#progress,
      history: this.#history,
      workers: network.workers,
      weights: config.averageDecay > 0 ? average : weights,
      training: {
        weights,
        slots: [
          all((name) => network.slot(name, 0)),
          all((name) => network.slot(name, 1)),
        ],
        average,
        ...config.carry && this.#progress && {
          states: network.getStates(config.batchSize),
        },
      },
    };
    const folder = await saveCheckpoint(this.folder, checkpoint);
    await pruneCheckpoints(this.folder, checkpoint);
    return folder;
  }

  /**
   * Trains, from where the run stands to its last epoch.
   *
   * @throws {RangeError} When the loss is no number any more; the weights are
   * then those before the step that is named.
   */
  async *run(): AsyncGenerator<TrainingRecord, void, void> {
    const { config, network } = this;
    this.#stop = false;
    const clock = new Clock(config.epochs);
    while (this.#epoch < config.epochs && !this.#isPatienceOver()) {
      const epoch = this.#epoch + 1;
      const started = performance.now();
      const pieces = this.#piecesOf(epoch);
      const steps = this.#stepsOf(pieces);
      let { steps: done, lossSum, count, correct } = this.#progress ??
        { steps: 0, lossSum: 0, count: 0, correct: 0 };
      let told = performance.now(), toldDone = done, index = 0;
      for (const batch of this.#batchesOf(pieces, epoch)) {
        if (index++ < done) continue;
        const step = this.#step + 1;
        const result = network.trainStep(this.#modelInput.batch(batch), {
          optimizer: config.optimizer,
          learningRate: this.#learningRate(epoch, done / steps),
          step,
          dropoutKey: Math.imul(config.seed, 0x9e3779b1) ^
            Math.imul(step, 0x85ebca6b),
          clipNorm: config.clipNorm,
          weightDecay: config.weightDecay,
          labelSmoothing: config.labelSmoothing,
          averageDecay: averageDecayAt(config.averageDecay, step),
          carry: config.carry,
        });
        if (
          !Number.isFinite(result.loss) || !Number.isFinite(result.gradientNorm)
        ) {
          throw new RangeError(
            `Cannot go on training: at step ${step} of epoch ${epoch} the loss is ${result.loss} and the gradient's norm ${result.gradientNorm}. Resume from the last checkpoint with a lower learningRate (now ${config.learningRate}) or a clipNorm (now ${config.clipNorm}).`,
          );
        }
        this.#step = step;
        done++;
        lossSum += result.loss * result.count;
        count += result.count;
        correct += result.correct;
        this.#progress = { steps: done, lossSum, count, correct };
        const now = performance.now();
        if (now - told >= RECORD_MILLISECONDS) {
          clock.tell(done - toldDone, now - told);
          yield {
            kind: "step",
            epoch,
            epochs: config.epochs,
            step: done,
            steps,
            loss: lossSum / count,
            stepsPerSecond: clock.stepsPerSecond,
            etaSeconds: clock.eta(epoch, done, steps),
          };
          // Lets the notebook show it, and be interrupted.
          await new Promise((resolve) => setTimeout(resolve));
          told = performance.now();
          toldDone = done;
        }
        if (--this.stopAfterSteps <= 0) this.#stop = true;
        if (this.#stop && done < steps) {
          await this.save();
          return;
        }
      }
      const valid = await this.#validate();
      const result: EpochResult = {
        epoch,
        step: this.#step,
        trainLoss: lossSum / count,
        trainAccuracy: correct / count,
        ...valid && {
          validLoss: valid.loss,
          validAccuracy: valid.correct / valid.count,
        },
        seconds: (performance.now() - started) / 1000,
      };
      this.#history.push(result);
      this.#epoch = epoch;
      this.#progress = undefined;
      clock.endEpoch(result.seconds);
      yield {
        kind: "epoch",
        ...result,
        epochs: config.epochs,
        bestEpoch: bestEpoch(this.#history)!,
        etaSeconds: clock.eta(epoch, steps, steps),
        checkpoint: await this.save(),
        stoppedEarly: this.#isPatienceOver(),
      };
      await new Promise((resolve) => setTimeout(resolve));
      if (this.#stop) return;
    }
  }

  #isPatienceOver(): boolean {
    const { patience } = this.config;
    const best = bestEpoch(this.#history);
    return patience > 0 && best !== undefined &&
      this.#epoch - best >= patience;
  }

  /** The training pieces of an epoch: augmented, each epoch in its own way. */
  #piecesOf(epoch: number): readonly Int32Array[] {
    const random = epochRandom(this.config.seed ^ 0x5bd1e995, epoch);
    const augmenter = this.#augmenter, frame = this.#frame;
    const { relabel } = this.config;
    return this.data.train.map((ids) => {
      const varied = augmenter === undefined
        ? ids
        : augmenter instanceof ChordAugmenter
        ? augmenter.random(ids, random, relabel)
        // In C all keys are one.
        : augmenter.random(ids, random, {
          relabel,
          ...frame && { semitones: 0 },
        });
      return frame ? frame.inC(varied, ids[0]) : varied;
    });
  }

  #batchesOf(pieces: readonly Int32Array[], epoch: number): Iterable<Batch> {
    const { sequenceLength, objective, stride, batchSize } = this.config;
    const random = epochRandom(this.config.seed, epoch);
    if (this.config.carry) {
      return statefulBatches(pieces, { sequenceLength, batchSize, random });
    }
    const windows = makeWindows(pieces, {
      sequenceLength,
      objective,
      stride,
    });
    return batches(windows, { batchSize, random });
  }

  #stepsOf(pieces: readonly Int32Array[]): number {
    const { sequenceLength, objective, stride, batchSize, carry } = this.config;
    if (carry) {
      let steps = 0;
      const inOrder = {
        sequenceLength,
        batchSize,
        random: epochRandom(this.config.seed, this.#epoch + 1),
      };
      for (const _ of statefulBatches(pieces, inOrder)) steps++;
      return steps;
    }
    const { count } = makeWindows(pieces, {
      sequenceLength,
      objective,
      stride,
    });
    return Math.ceil(count / batchSize);
  }

  #learningRate(epoch: number, share: number): number {
    const { learningRate, schedule, epochs } = this.config;
    if (schedule === "constant") return learningRate;
    const done = (epoch - 1 + share) / epochs;
    const least = learningRate / 100;
    return least + (learningRate - least) * (1 + Math.cos(Math.PI * done)) / 2;
  }

  /** Loss over the validation pieces, read from beginning to end. */
  async #validate(): Promise<
    { loss: number; count: number; correct: number } | undefined
  > {
    const frame = this.#frame;
    const valid = frame
      ? this.data.valid.map((ids) => frame.inC(ids))
      : this.data.valid;
    if (valid.every((piece) => piece.length < 2)) return undefined;
    if (this.config.averageDecay > 0) this.network.swapAverage();
    const result = await evaluatePieces(
      this.network,
      valid,
      this.config,
      this.#modelInput,
    );
    if (this.config.averageDecay > 0) this.network.swapAverage();
    return result;
  }
}

/**
 * Mean loss in nats per token over whole pieces: every token but a piece's first
 * is predicted from all those before it, or, by a model that predicts the token
 * after a window, from the window before it. The event loop turns a few times a
 * second.
 */
export async function evaluatePieces(
  network: Network,
  pieces: readonly Int32Array[],
  { objective, sequenceLength, batchSize }: Config,
  input: ModelInput,
): Promise<{ loss: number; count: number; correct: number }> {
  const carry = objective === "every";
  const source: Iterable<Batch> = carry
    ? statefulBatches(pieces, { sequenceLength, batchSize })
    : batches(makeWindows(pieces, { sequenceLength, objective }), {
      batchSize,
    });
  let loss = 0, count = 0, correct = 0;
  let turned = performance.now();
  network.resetStates();
  for (const batch of source) {
    const result = network.evaluate(input.batch(batch), { carry });
    loss += result.loss * result.count;
    count += result.count;
    correct += result.correct;
    if (performance.now() - turned < RECORD_MILLISECONDS) continue;
    await new Promise((resolve) => setTimeout(resolve));
    turned = performance.now();
  }
  network.resetStates();
  return { loss: loss / count, count, correct };
}

/** A young average follows the weights faster than an old one. */
function averageDecayAt(decay: number, step: number): number {
  return decay === 0 ? 0 : Math.min(decay, (1 + step) / (10 + step));
}

/** How fast training goes, and how long it still takes. */
class Clock {
  readonly #epochs: number;
  #steps = 0;
  #milliseconds = 0;
  #epochSeconds?: number;

  constructor(epochs: number) {
    this.#epochs = epochs;
  }

  tell(steps: number, milliseconds: number): void {
    // Older measurements fade, so that a machine that slows down shows.
    this.#steps = 0.9 * this.#steps + steps;
    this.#milliseconds = 0.9 * this.#milliseconds + milliseconds;
  }

  endEpoch(seconds: number): void {
    this.#epochSeconds = this.#epochSeconds === undefined
      ? seconds
      : 0.8 * this.#epochSeconds + 0.2 * seconds;
  }

  get stepsPerSecond(): number {
    return this.#milliseconds === 0
      ? 0
      : 1000 * this.#steps / this.#milliseconds;
  }

  eta(epoch: number, done: number, steps: number): number {
    const epochSeconds = this.#epochSeconds ?? steps / this.stepsPerSecond;
    return epochSeconds * (this.#epochs - epoch + (steps - done) / steps);
  }
}
