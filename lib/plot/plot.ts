/** Figures and tables as display objects. */

export { groupedBars, histogram } from "./bars.ts";
export {
  type DisplayObject,
  escapeXml,
  formatSeconds,
  jupyterDisplay,
  type MimeBundle,
} from "./figure.ts";
export { leastLoss, lossCurve, type LossPoint } from "./loss_curve.ts";
export { pianoRoll, pianoRollGrid } from "./piano_roll.ts";
export { table } from "./table.ts";
