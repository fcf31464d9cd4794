/**
 * A training run in a notebook: its loss curve and progress line, and Stop.
 *
 * Outside a notebook nothing is shown and nothing fails, so the same code runs
 * under plain `deno run`.
 */
import { Turns } from "../base/base.ts";
import { listenForInterrupt } from "./bootstrap.ts";
import { display, inNotebook, LiveOutput, settle } from "./output.ts";
import type { LiveWindow } from "./live_window.ts";
import { progressLine, textLine } from "./progress.ts";
import { beginLine, endingOf, forgetLine } from "./unfinished.ts";
import {
  formatSeconds,
  jupyterDisplay,
  leastLoss,
  lossCurve,
  type LossPoint,
} from "../plot/plot.ts";
import type { TrainingRecord } from "../training/training.ts";

/** Options of {@linkcode trainingView}. */
export interface TrainingViewOptions {
  /** Epochs of a resumed run that were trained before. @default {none} */
  history?: readonly LossPoint[];
  /** A window to update, and to close at the end. @default {none} */
  liveWindow?: LiveWindow | undefined;
}

/** Shows a training run in a cell. Made by {@linkcode trainingView}. */
export class TrainingView {
  readonly #figure = new LiveOutput(250);
  readonly #line = new LiveOutput(250);
  readonly #history: LossPoint[];
  readonly #liveWindow: LiveWindow | undefined;
  readonly #startMs = performance.now();
  #last?: TrainingRecord;
  #lastMs = performance.now();
  #timer?: ReturnType<typeof setInterval>;

  /** A view that shows nothing before its first record. */
  constructor(options: TrainingViewOptions) {
    this.#history = [...options.history ?? []];
    this.#liveWindow = options.liveWindow;
    if (!inNotebook()) return;
    this.#timer = setInterval(() => this.#tick(), 1000);
    Deno.unrefTimer(this.#timer);
    beginLine(this);
  }

  /**
   * Shows a record: a step updates the progress line, an epoch redraws the curve.
   */
  update(record: TrainingRecord): void {
    const first = this.#last === undefined;
    this.#last = record;
    this.#lastMs = performance.now();
    if (record.kind === "epoch") {
      this.#history.push(record);
      this.#liveWindow?.update(this.#history);
    }
    if (first || record.kind === "epoch") this.#drawCurve(record.etaSeconds);
    if (record.kind === "step") this.#line.update(describeStep(record));
  }

  /** Ends the view with the run's result. Call it when training is over or stopped. */
  async done(): Promise<void> {
    clearInterval(this.#timer);
    forgetLine(this);
    if (this.#history.length > 0 || this.#last) this.#drawCurve();
    this.#line.update(textLine(this.#describeResult()));
    await this.#liveWindow?.close();
    await settle();
  }

  /** Ends the view where the run failed, or did not end by itself after Stop. */
  end(how: "failed" | "stopped"): void {
    clearInterval(this.#timer);
    forgetLine(this);
    const last = this.#last;
    const at = last ? `epoch ${last.epoch} of ${last.epochs}` : "its beginning";
    const next = how === "stopped"
      ? ". A checkpoint is saved when its step is done; run this cell again to go on"
      : "";
    this.#line.update(textLine(endingOf(how, "Training", at) + next));
  }

  /** Counts the time left down while no records come, as during validation. */
  #tick(): void {
    const silentSeconds = (performance.now() - this.#lastMs) / 1000;
    // A run whose cell went well may have been given up: no records come.
    if (silentSeconds > 60) return clearInterval(this.#timer);
    if (this.#last?.kind !== "step" || silentSeconds < 1) return;
    const etaSeconds = Math.max(0, this.#last.etaSeconds - silentSeconds);
    this.#line.update(describeStep({ ...this.#last, etaSeconds }));
  }

  #drawCurve(etaSeconds?: number): void {
    if (!inNotebook()) return;
    const epochs = this.#last?.epochs;
    this.#figure.update(lossCurve(this.#history, { epochs, etaSeconds }));
  }

  #describeResult(): string {
    const last = this.#last;
    const best = leastLoss(this.#history);
    const result = best
      ? `best epoch ${best.epoch} (${
        (best.validLoss ?? best.trainLoss).toFixed(3)
      })`
      : "no epoch finished";
    if (!last) {
      return `✓ Training: nothing left to do, ${this.#history.length} epochs were trained before, ${result}`;
    }
    const time = formatSeconds((performance.now() - this.#startMs) / 1000);
    const early = last.kind === "epoch" && last.stoppedEarly;
    if (early || last.kind === "epoch" && last.epoch === last.epochs) {
      return `✓ Training: ${last.epoch} of ${last.epochs} epochs in ${time}, ${result}${
        early ? "; it had stopped getting better" : ""
      }`;
    }
    return `■ Training stopped in epoch ${
      last.kind === "step" ? last.epoch : last.epoch + 1
    } of ${last.epochs}, ${time} after it began, ${result}. A checkpoint is saved; run this cell again to go on`;
  }
}

function describeStep(record: TrainingRecord & { kind: "step" }) {
  const { epoch, epochs, step, steps, loss, stepsPerSecond } = record;
  const share = (epoch - 1 + step / steps) / epochs;
  return progressLine(
    "Training",
    share,
    `Epoch ${epoch} of ${epochs} · step ${step} of ${steps} · loss ${
      loss.toFixed(3)
    } · ${stepsPerSecond.toFixed(1)} steps/s · ${
      formatSeconds(record.etaSeconds)
    } left`,
  );
}

/**
 * Shows a training run: its loss curve, redrawn every epoch, and below it the step,
 * the rate and the time left.
 *
 * @returns The view, to be given every record and ended with `done`.
 *
 * @example
 * ```ts
 * import { trainingView } from "immersic/notebook/training_view.ts";
 * const view = trainingView();
 * view.update({
 *   kind: "step",
 *   epoch: 1,
 *   epochs: 2,
 *   step: 5,
 *   steps: 10,
 *   loss: 3.2,
 *   stepsPerSecond: 9.5,
 *   etaSeconds: 2,
 * });
 * await view.done();
 * ```
 */
export function trainingView(options: TrainingViewOptions = {}): TrainingView {
  return new TrainingView(options);
}

/** What {@linkcode watchTraining} needs of a training run; `Training` is one. */
export interface WatchedTraining {
  /** The epochs trained so far. */
  readonly history: readonly LossPoint[];
  /** Sentences on damaged checkpoints that it does not go on from. @default none */
  readonly damaged?: readonly string[];
  /** Trains, and yields a record for each step and epoch. */
  run(): AsyncIterable<TrainingRecord>;
  /** Asks the run to end after its current step, with a checkpoint. */
  stop(): void;
  /** Frees threads and memory of the run. */
  [Symbol.dispose](): void;
}

/** The last run that was watched. */
let watched: WatchedTraining | undefined;

/**
 * Trains and shows the run. Stop ends it after the current step with a checkpoint, and
 * ends the cell. Called again with the same run, it continues that run.
 *
 * A kernel trains one run at a time: a call with another run disposes of the one
 * before, whose threads would otherwise stay.
 *
 * @param training An opened run.
 * @param liveWindow A window to update. Default: none.
 *
 * @example
 * ```ts
 * import { watchTraining } from "immersic/notebook/notebook.ts";
 * await watchTraining({
 *   history: [],
 *   async *run() {},
 *   stop() {},
 *   [Symbol.dispose]() {},
 * });
 * ```
 */
export async function watchTraining(
  training: WatchedTraining,
  liveWindow?: LiveWindow,
): Promise<void> {
  if (watched !== training) watched?.[Symbol.dispose]();
  watched = training;
  // The first picture of a kernel takes a second: not only after Stop.
  const turns = new Turns();
  if (inNotebook()) await lossCurve(training.history)[jupyterDisplay]();
  await turns.give();
  using interrupt = listenForInterrupt();
  interrupt.signal.addEventListener("abort", () => training.stop());
  if (liveWindow) await display(liveWindow);
  for (const sentence of training.damaged ?? []) {
    await display(textLine(sentence));
  }
  const view = trainingView({ history: training.history, liveWindow });
  for await (const record of training.run()) view.update(record);
  await view.done();
}
