/**
 * The records that training reports while it runs.
 */

import type { EpochResult } from "../model/model.ts";

/** Reported a few times a second while an epoch runs. */
export interface StepRecord {
  /** The kind of record. */
  readonly kind: "step";
  /** The epoch that runs, from 1 on. */
  readonly epoch: number;
  /** Epochs of the whole run, at most. */
  readonly epochs: number;
  /** Steps done in this epoch. */
  readonly step: number;
  /** Steps of the whole epoch. */
  readonly steps: number;
  /** Mean loss of the epoch so far, in nats per token. */
  readonly loss: number;
  /** Speed, recent steps weighing most. */
  readonly stepsPerSecond: number;
  /** Until the last epoch's end. */
  readonly etaSeconds: number;
}

/** Reported at the end of every epoch, once its checkpoint is saved. */
export interface EpochRecord extends EpochResult {
  /** The kind of record. */
  readonly kind: "epoch";
  /** Epochs of the whole run, at most. */
  readonly epochs: number;
  /** The epoch with the lowest loss so far. */
  readonly bestEpoch: number;
  /** Until the last epoch's end. */
  readonly etaSeconds: number;
  /** Folder of the checkpoint. */
  readonly checkpoint: string;
  /** Whether training ends here: none of the last `patience` epochs was better. */
  readonly stoppedEarly: boolean;
}

/** What training reports while it runs. */
export type TrainingRecord = StepRecord | EpochRecord;
