/**
 * The training loop, as an async generator of records. Everything random in an
 * epoch depends only on the seed and the epoch's number, so that a run resumed from
 * a checkpoint gives bit for bit the result of an uninterrupted one.
 */

import {
  type Config,
  giveTurn,
  requireWritableFolder,
  Stopped,
  Turns,
} from "../base/base.ts";
import { type Batch, lengthsOf } from "../corpus/corpus.ts";
import { createNetwork } from "../engines/engines.ts";
import type { TrainableNetwork } from "../lstm/lstm.ts";
import {
  bestEpoch,
  type Checkpoint,
  type EpochProgress,
  type EpochResult,
  initialWeights,
  type LoadedCheckpoint,
  type ModelInput,
  modelInput,
  networkOf,
  pruneCheckpoints,
  saveCheckpoint,
} from "../model/model.ts";
import { Clock } from "./clock.ts";
import { type Epoch, EpochData } from "./epoch_data.ts";
import type { EpochRecord, StepRecord, TrainingRecord } from "./records.ts";
import {
  checkpointToResume,
  configOf,
  lastCheckpoint,
  lockRun,
  type TrainingOptions,
} from "./resume.ts";
import { averageDecayAt, dropoutKeyAt, learningRateAt } from "./schedule.ts";
import { corpusInfoOf, type TrainingData } from "./training_data.ts";
import { evaluatePieces, type Evaluation } from "./validation.ts";

/** Milliseconds between records of steps. */
const RECORD_MILLISECONDS = 250;

/** The progress at the start of an epoch. */
const NO_PROGRESS: EpochProgress = {
  steps: 0,
  lossSum: 0,
  count: 0,
  correct: 0,
};

/** A training run: its network and its history, which {@linkcode Training.run} extends. */
export class Training {
  /** The configuration that the run was begun with. */
  readonly config: Config;
  /** Folder of the run's checkpoints. */
  readonly folder: string;
  /** Sentences on damaged checkpoints that the run does not go on from. */
  readonly damaged: readonly string[];
  /** The network that is trained. */
  readonly network: TrainableNetwork;
  readonly #data: TrainingData;
  readonly #engine: string | undefined;
  readonly #epochData: EpochData;
  readonly #modelInput: ModelInput;
  readonly #history: EpochResult[];
  #epoch: number;
  #step: number;
  #progress: EpochProgress | undefined;
  #stop = false;
  /** When it was last saved, by `performance.now()`. */
  #saved = 0;
  /** The run's last checkpoint when it was opened or last saved here. */
  #last: string | undefined;
  #turns = new Turns();
  /** Steps after which {@linkcode run} ends, as by {@linkcode stop}. */
  stopAfterSteps: number = Infinity;
  /** Within an epoch, how long after a checkpoint the next is saved. */
  saveAfterMilliseconds = 300_000;

  private constructor(
    { data, folder, engine }: TrainingOptions,
    config: Config,
    network: TrainableNetwork,
    from?: LoadedCheckpoint,
  ) {
    this.config = config;
    this.damaged = from?.damaged ?? [];
    this.folder = folder;
    this.network = network;
    this.#data = data;
    this.#engine = engine ?? from?.engine;
    this.#epochData = new EpochData(config, data);
    this.#modelInput = modelInput({ config, ...data });
    this.#history = [...from?.history ?? []];
    this.#epoch = from?.epoch ?? 0;
    this.#step = from?.step ?? 0;
    this.#progress = from?.progress;
  }

  /**
   * Begins a run, or resumes one.
   *
   * @throws {RangeError} When a fresh run would overwrite an existing one, or
   * the run cannot be resumed with these data or this configuration.
   * @throws {FileError} When checkpoints cannot be saved in the run's folder.
   */
  static async open(options: TrainingOptions): Promise<Training> {
    const { data, folder } = options;
    const last = await lastCheckpoint(folder);
    const from = await checkpointToResume(options);
    if (Array.from(lengthsOf(data.train)).every((length) => length < 2)) {
      throw new RangeError(
        "Cannot train: no training piece has two tokens. Preprocess more music.",
      );
    }
    const config = configOf(options, from);
    await requireWritableFolder(folder);
    const spec = networkOf({
      config,
      vocabulary: data.vocabulary,
      corpus: data,
    });
    const workers = options.workers ?? from?.workers;
    const network = await createNetwork(options.engine, spec, {
      maxBatch: config.batchSize,
      maxSteps: config.sequenceLength,
      ...workers !== undefined && { workers },
    });
    await giveTurn();
    if (from) {
      await network.writeState(from.training, config.batchSize);
    } else {
      const { seed, initial } = config;
      await network.setWeights(initialWeights(spec, seed, initial));
      await network.startAverage();
    }
    const training = new Training(options, config, network, from);
    training.#last = last;
    return training;
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

  /** Saves a checkpoint of the current state; returns its folder. */
  async save(): Promise<string> {
    const { network, config } = this;
    const progress = this.#progress, engine = this.#engine;
    // Within an epoch the next batch goes on from the states of the last.
    const training = await network.readState(
      config.carry && progress ? config.batchSize : undefined,
    );
    const { average, weights } = training;
    const checkpoint: Checkpoint = {
      config,
      corpus: corpusInfoOf(this.#data),
      vocabulary: this.#data.vocabulary,
      epoch: this.#epoch,
      step: this.#step,
      ...progress && { progress },
      history: this.#history,
      workers: network.workers,
      ...engine && { engine },
      weights: config.averageDecay > 0 ? average : weights,
      training,
    };
    const folder = await saveCheckpoint(this.folder, checkpoint);
    await pruneCheckpoints(this.folder, checkpoint);
    this.#last = await lastCheckpoint(this.folder);
    this.#saved = performance.now();
    return folder;
  }

  /**
   * Trains from the current step to the end of the last epoch, or until it is asked to
   * stop, by {@linkcode stop} or `askToStop`. Then it saves a checkpoint and ends. Saves
   * one after each epoch, too, and within a long one every five minutes. Holds the run's
   * folder meanwhile.
   *
   * @throws {LockError} When the run is trained elsewhere at this time.
   * @throws {RangeError} When the loss is not a finite number; the weights are
   * then those before the step that the message names. Also when the run was trained
   * elsewhere since it was opened or last trained here.
   */
  async *run(): AsyncGenerator<TrainingRecord, void, void> {
    const { epochs } = this.config;
    if (this.#epoch >= epochs || this.#isPatienceOver()) {
      return await this.#removeLeftovers();
    }
    using _lock = await lockRun({ folder: this.folder, last: this.#last });
    this.#stop = false;
    const clock = new Clock(epochs);
    this.#saved = performance.now();
    this.#turns = new Turns();
    while (this.#epoch < epochs && !this.#isPatienceOver()) {
      const epoch = this.#epoch + 1;
      const started = performance.now();
      const data = this.#epochData.epoch(epoch), { steps } = data;
      const isWhole = yield* this.#trainEpoch(data, epoch, clock);
      const result = isWhole && await this.#endEpoch(epoch, started);
      if (!result) {
        await this.save();
        return;
      }
      clock.addEpoch(result.seconds);
      const record: EpochRecord = {
        kind: "epoch",
        ...result,
        epochs,
        bestEpoch: bestEpoch(this.#history)!,
        etaSeconds: clock.etaSeconds(epoch, steps, steps),
        checkpoint: await this.save(),
        stoppedEarly: this.#isPatienceOver(),
      };
      yield record;
      await this.#turns.take();
      if (this.#isStopped) return;
    }
  }

  /**
   * Removes what a finished run need not keep, where the process that saved its last
   * checkpoint was killed before it had, or could not.
   */
  async #removeLeftovers(): Promise<void> {
    const place = { folder: this.folder, last: this.#last };
    // Nothing needs it: whoever else has the run now does so, too, and where the run
    // cannot be locked, as on a read-only disk, all stays.
    using lock = await lockRun(place).catch(() => undefined);
    if (!lock) return;
    await pruneCheckpoints(this.folder, {
      config: this.config,
      history: this.#history,
      epoch: this.#epoch,
      ...this.#progress && { progress: this.#progress },
    });
  }

  /**
   * Trains the remaining steps of an epoch.
   *
   * @returns Whether the epoch is finished; false if training was stopped.
   */
  async *#trainEpoch(
    { steps, batches }: Epoch,
    epoch: number,
    clock: Clock,
  ): AsyncGenerator<StepRecord, boolean, void> {
    let { steps: done, lossSum, count, correct } = this.#progress ??
      NO_PROGRESS;
    let reported = performance.now(), reportedSteps = done, index = 0;
    for (const batch of batches()) {
      if (index++ < done) continue;
      const share = Math.min(1, done / steps);
      const result = await this.#trainStep(batch, epoch, share);
      done++;
      lossSum += result.loss * result.count;
      count += result.count;
      correct += result.correct;
      this.#progress = { steps: done, lossSum, count, correct };
      const now = performance.now();
      if (now - reported >= RECORD_MILLISECONDS) {
        clock.addSteps(done - reportedSteps, now - reported);
        yield {
          kind: "step",
          epoch,
          epochs: this.config.epochs,
          step: done,
          steps,
          loss: lossSum / count,
          stepsPerSecond: clock.stepsPerSecond,
          etaSeconds: clock.etaSeconds(epoch, done, steps),
        };
        reported = performance.now();
        reportedSteps = done;
      }
      if (now - this.#saved >= this.saveAfterMilliseconds && done < steps) {
        await this.save();
      }
      if (this.#turns.areDue) await this.#turns.take();
      if (--this.stopAfterSteps <= 0) this.#stop = true;
      if (this.#isStopped && done < steps) return false;
    }
    return true;
  }

  /** @param share Share of the epoch that is done, from 0 to 1. */
  async #trainStep(
    batch: Batch,
    epoch: number,
    share: number,
  ): Promise<Evaluation> {
    const { config, network } = this;
    const step = this.#step + 1;
    const result = await network.trainStep(this.#modelInput.batch(batch), {
      optimizer: config.optimizer,
      learningRate: learningRateAt(config, epoch, share),
      step,
      dropoutKey: dropoutKeyAt(config.seed, step),
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
    return result;
  }

  /**
   * Validates, and adds an epoch's results to the history.
   *
   * @param started When the epoch began, by `performance.now()`.
   * @returns Undefined if validation was stopped; it is done anew when training goes on.
   */
  async #endEpoch(
    epoch: number,
    started: number,
  ): Promise<EpochResult | undefined> {
    const { lossSum, count, correct } = this.#progress ?? NO_PROGRESS;
    const valid = await this.#validate().catch((error) => {
      if (error instanceof Stopped) return error;
      throw error;
    });
    if (valid instanceof Stopped) return undefined;
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
    return result;
  }

  get #isStopped(): boolean {
    return this.#stop || this.#turns.areStopped;
  }

  #isPatienceOver(): boolean {
    const { patience } = this.config;
    const best = bestEpoch(this.#history);
    return patience > 0 && best !== undefined &&
      this.#epoch - best >= patience;
  }

  /** Validates with the averaged weights, if there are any. */
  async #validate(): Promise<Evaluation | undefined> {
    const { network, config } = this;
    const { valid } = this.#epochData;
    if (valid.every((piece) => piece.length < 2)) return undefined;
    if (config.averageDecay > 0) await network.swapAverage();
    try {
      return await evaluatePieces(network, valid, config, this.#modelInput);
    } finally {
      if (config.averageDecay > 0) await network.swapAverage();
    }
  }
}
