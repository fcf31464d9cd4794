/** Figures and tables as display objects. */

export {
  type BarOptions,
  type GroupedBar,
  groupedBars,
  histogram,
} from "./bars.ts";
export {
  type DisplayObject,
  escapeXml,
  type Figure,
  formatSeconds,
  jupyterDisplay,
  type MimeBundle,
  type ReadyDisplay,
} from "./figure.ts";
export {
  leastLoss,
  lossCurve,
  type LossCurveOptions,
  type LossPoint,
} from "./loss_curve.ts";
export { pianoRoll, type PianoRollOptions } from "./piano_roll.ts";
export { pianoRollGrid, type PianoRollGridOptions } from "./piano_roll_grid.ts";
export {
  type Cell,
  type Column,
  type Table,
  table,
  type TableOptions,
} from "./table.ts";
