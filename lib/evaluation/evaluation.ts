/** How well a model predicts held-out pieces, and how good the pieces it makes are. */

export type { ApartReport } from "./apart_report.ts";
export type { NgramRow } from "./baselines.ts";
export type { CachedLoss } from "./cached_loss.ts";
export {
  CopyIndex,
  type Copying,
  type CopyOptions,
  type Reading,
  READINGS,
  type SharedPassage,
  type TrainingPiece,
} from "./copying.ts";
export type { Agreement } from "./distribution.ts";
export { BAR_FEATURES, type FeatureName, FEATURES } from "./features.ts";
export {
  evaluateGenerated,
  type EvaluationPieces,
  type EvaluationReport,
  type OfSets,
  type SetCopying,
  type SetRepetition,
} from "./generated.ts";
export type { Columns, ForestJob } from "./forest.ts";
export { Helpers } from "./helpers.ts";
export {
  type HeldOutReport,
  type LossRow,
  predictHeldOut,
} from "./held_out.ts";
export type { FeatureLikeness, Likeness } from "./likeness.ts";
export {
  judgeMade,
  type JudgeOptions,
  type MadeReport,
  type PromptedPiece,
} from "./made.ts";
export {
  type FigureName,
  FIGURES,
  type MusicalFigures,
  musicalFigures,
} from "./figures/figures.ts";
export type { MusicMetrics } from "./metrics.ts";
export { promptLike } from "./plain_prompts.ts";
export type { Smoothing } from "./ngram_model.ts";
export {
  type LikenessRow,
  likenessRows,
  type MusicRow,
  musicRows,
} from "./tables.ts";
export {
  FEWEST_TOLD_APART,
  type JudgeAll,
  likelyMade,
  type TellingFigure,
  type ToldApart,
  toldApart,
  toldApartFloor,
} from "./told_apart.ts";
