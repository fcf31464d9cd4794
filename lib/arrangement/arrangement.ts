/** Notes on a grid to a piece as it is played. */

export { arrange, type ArrangementOptions } from "./arrange.ts";
